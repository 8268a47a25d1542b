"""Names: which spellings active entities and projects make one name, and so which slots are one.

An entity's `aliases` name the entity in everyone's claims, a project's name the project. `slot_of` knows the
record alone; here its slot becomes the one that all spellings of it share, the canonical slot.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import product
from typing import NamedTuple, Protocol

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.slots import about, normal_name, normal_thing, slot_of

Slot = tuple[str, ...]

PROJECTS = "\n"
"""The scope in which projects are named: no project is called so."""
_EVERYWHERE = ""


class Naming(NamedTuple):
    """One spelling of one thing: within `scope` (a project, "" for everywhere, or `PROJECTS`) `name` means
    `own`, the thing's own name; all normalised. `owner` is the id of the record that says so."""

    scope: str
    name: str
    own: str
    owner: str

    @property
    def is_alias(self) -> bool:
        """Whether it says more than that a thing is called what it is called."""
        return self.name != self.own


class Names(Protocol):
    """What canonical slots are computed from; every `Snapshot` is one."""

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """The namings in these scopes (None: any) that are spelled `text` or whose own name it is ("": all),
        sorted."""

    def stating_slot(self, slot: Slot) -> tuple[Record, ...]:
        """Every record whose file states exactly this slot (`stated_slot`), conflicts too, by id."""


class Remembered:
    """Names that are asked for once: for many slots of one snapshot."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._known: dict[tuple[tuple[str, ...] | None, str], tuple[Naming, ...]] = {}

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """See `Names`."""
        asked = (None if scopes is None else tuple(scopes), text)
        if asked not in self._known:
            self._known[asked] = self._names.namings_in(scopes, text)
        return self._known[asked]

    def stating_slot(self, slot: Slot) -> tuple[Record, ...]:
        """See `Names`."""
        return self._names.stating_slot(slot)


class Stated(Names, Protocol):
    """Names, and what is claimed under them."""

    def get(self, record_id: str) -> Record | None:
        """The record with that id."""

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[Slot]:
        """The slots that files state with this project, and about this thing (normalised; "": any)."""


def namings(record: Record) -> tuple[Naming, ...]:
    """The names that a record gives: an active entity to itself, a project to itself.

    An entity is called by its `title`; where its file has none, by its `subject`."""
    if record.kind is Kind.PROJECT and record.status in ("active", "archived", ""):
        scope, own = PROJECTS, normal_name(record.project)
        spelled = {normal_name(alias) for alias in record.aliases}
    elif record.kind is Kind.ENTITY and record.status == "active":
        scope = normal_name(record.project)
        own = normal_thing(_own_name(record))
        spelled = {normal_thing(alias) for alias in record.aliases}
    else:
        return ()
    if not own:
        return ()
    return tuple(Naming(scope, name, own, record.id) for name in sorted({own, *spelled} - {""}))


def _own_name(record: Record) -> str:
    return record.title if record.header.get("title") else record.subject or record.title


def project_called(names: Names, name: str) -> str:
    """The project that a normalised name means: its own name; `name` where none, or several, have it."""
    return _meant(names, (PROJECTS,), name) if name else ""


def canonical(names: Names, slot: Slot) -> Slot:
    """The slot that every spelling of `slot` shares. Canonical slots stay as they are."""
    if len(slot) < 2:
        return slot
    family, project, *rest = slot
    project = project_called(names, project)
    if about(slot)[1]:
        rest[0] = _meant(names, _scopes(names, project), rest[0])
    return (family, project, *rest)


def slot_in(names: Names, record: Record) -> Slot | None:
    """The canonical slot of a record."""
    slot = slot_of(record)
    return canonical(names, slot) if slot else None


def spellings(names: Names, slot: Slot) -> tuple[Slot, ...]:
    """Every slot that a file may state and that is `slot` (any spelling of it), the canonical one first."""
    if len(slot) < 2:
        return (slot,)
    family, project, *rest = canonical(names, slot)
    _, thing = about(slot)
    projects = _spelled(names, (PROJECTS,), project)
    if not thing:
        return tuple((family, one, *rest) for one in projects)
    things = _spelled(names, _scopes(names, project), rest[0])
    return tuple((family, one, spelled, *rest[1:]) for one, spelled in product(projects, things))


def in_slot(names: Names, slot: Slot) -> tuple[Record, ...]:
    """Every record that claims the slot, however its names are spelled, by id."""
    return _stating(names, slot, (Kind.MEMORY, Kind.ENTITY, Kind.STATE))


def conflicts_in(names: Names, slot: Slot) -> tuple[Record, ...]:
    """The conflict files about the slot, however its names are spelled, by id."""
    return _stating(names, slot, (Kind.CONFLICT,))


def _stating(names: Names, slot: Slot, kinds: Collection[Kind]) -> tuple[Record, ...]:
    found = [one for spelled in spellings(names, slot) for one in names.stating_slot(spelled)]
    return tuple(sorted((one for one in found if one.kind in kinds), key=lambda record: record.id))


def _scopes(names: Names, project: str) -> tuple[str, ...]:
    """Where the names that count in a project (its own name) are given."""
    return (*_spelled(names, (PROJECTS,), project), _EVERYWHERE) if project else (_EVERYWHERE,)


def _meant(names: Names, scopes: Collection[str], name: str) -> str:
    owns = {one.own for one in names.namings_in(scopes, name) if one.name == name}
    return owns.pop() if len(owns) == 1 else name  # an ambiguous name means nothing but itself


def _spelled(names: Names, scopes: Collection[str], own: str) -> tuple[str, ...]:
    """The spellings of an own name, itself first."""
    aliases = (
        {one.name for one in names.namings_in(scopes, own) if one.own == own and one.is_alias} if own else ()
    )
    return (own, *sorted(name for name in aliases if _meant(names, scopes, name) == own))


def ambiguous(names: Names, record: Record) -> Iterator[tuple[str, tuple[Naming, ...]]]:
    """Each alias of a record that means something else too, as typed, with the namings that say so."""
    mine = {one.name: one for one in namings(record)}
    normal = normal_name if record.kind is Kind.PROJECT else normal_thing
    for alias in record.aliases:
        one = mine.get(normal(alias))
        if one is None or not one.is_alias:
            continue
        scopes = (PROJECTS,) if one.scope == PROJECTS else _scopes(names, project_called(names, one.scope))
        others = tuple(
            other
            for other in names.namings_in(scopes, one.name)
            if other.name == one.name and other.own != one.own
        )
        if others:
            yield alias, others


def renamed_slots(before: Stated, after: Stated, records: Iterable[Record]) -> set[Slot]:
    """The stated slots that a step on `records` (as they are before it, and after it) makes another slot: it
    gives or takes a name. Costs what is called so, however large the vault."""
    ids = {record.id for record in records}
    changed = _given(before, ids) ^ _given(after, ids)
    things = {one.name for one in changed if one.scope != PROJECTS}
    stated: set[Slot] = set()
    for name in {one.name for one in changed if one.scope == PROJECTS}:
        meant = {project_called(names, name) for names in (before, after)}
        if len(meant) > 1:
            stated |= _stated((before, after), project=name)
            scopes = {name, *meant}.union(
                *(_spelled(n, (PROJECTS,), m) for n in (before, after) for m in meant)
            )
            things |= {one.name for n in (before, after) for one in n.namings_in(scopes) if one.is_alias}
    for thing in things:
        if any(
            one.is_alias and one.name == thing for n in (before, after) for one in n.namings_in(None, thing)
        ):
            stated |= _stated((before, after), thing=thing)
    was, now = Remembered(before), Remembered(after)
    return {slot for slot in stated if canonical(was, slot) != canonical(now, slot)}


def _given(names: Stated, ids: Iterable[str]) -> set[Naming]:
    records = (names.get(record_id) for record_id in ids)
    return {one for record in records if record is not None for one in namings(record)}


def _stated(both: tuple[Stated, ...], project: str = "", thing: str = "") -> set[Slot]:
    return {slot for names in both for slot in names.stated_slots(project=project, thing=thing)}
