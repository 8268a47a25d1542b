"""The verbs that tell the life of a claim: `slot`, and `state history`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from atocore.app import history
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.knowledge.asked import Asked, key_text, near
from atocore.knowledge.conflicts.clash import clash_in
from atocore.knowledge.conflicts.disputes import disputes
from atocore.knowledge.life import Event, Reign, Version, lives, reigns
from atocore.knowledge.state import StateKey, answering
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import Slot, canonical, spellings
from atocore.records.record import OtherSide, Record
from atocore.records.slots import about, claimed_value, normal_thing, slot_text, stated_slot
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Standing:
    """A value that stands in a slot now, the most trusted first."""

    id: str
    value: str
    layer: str
    path: str
    disputed: tuple[OtherSide, ...]


@dataclass(frozen=True, slots=True)
class ClaimLife:
    """One slot: its key, every spelling of it in use, what stands, its open conflict, and all its events by
    time."""

    slot: str
    key: str
    project: str
    spellings: tuple[str, ...]
    present: tuple[Standing, ...]
    conflict: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class AttributeAnswer:
    """What is claimed about a thing, and the values that stand."""

    key: str
    project: str
    present: tuple[Standing, ...]


@dataclass(frozen=True, slots=True)
class SlotAnswer:
    """The claims that a key names with their lives; or, where it names a thing, its attributes."""

    query: str
    project: str
    slots: tuple[ClaimLife, ...]
    attributes: tuple[AttributeAnswer, ...]


@dataclass(frozen=True, slots=True)
class StateHistory:
    """The values that stood at a key of trusted state, the oldest first."""

    project: str
    key: str
    values: tuple[Reign, ...]


class SlotVerbs(Session):
    """slot; state history."""

    def slot(self, key: str, *, project: str = "") -> SlotAnswer:
        """The life of the claim that a key, a record or a conflict names; of a thing, what is claimed."""
        snapshot = self.catch_up()
        named = self._slot_of(key)
        if named is not None:
            return SlotAnswer(key, project, (self._life(snapshot, named),), ())
        asked = Asked.of(snapshot, key, project)
        stated = self._stated(snapshot, asked)
        found = {slot for slot in stated if asked.fits(snapshot, slot)}
        if not found:
            things = sorted(slot for slot in stated if asked.is_about(snapshot, slot))
            if things:
                return SlotAnswer(key, project, (), tuple(_attribute(snapshot, one) for one in things))
        told = lives(snapshot, self._versions(snapshot, asked))
        found |= {slot for slot in told if asked.fits(snapshot, slot)}
        if not found:
            raise self._unknown(snapshot, asked)
        answers = (_claim_life(snapshot, slot, told.get(slot, ())) for slot in sorted(found))
        return SlotAnswer(key, project, tuple(answers), ())

    def _slot_of(self, name: str) -> Slot | None:
        """The slot of the record or conflict with that id; None where the name is no id."""
        prefix = name.partition("-")[0]
        if " " in name or "." in name or prefix not in {spec.prefix.rstrip("-") for spec in KINDS.values()}:
            return None
        for clash in (clash_in(self.catalog, slot) for slot in self.catalog.slots()):
            if clash is not None and clash.id == name:  # its file may not be written yet
                return clash.slot
        slot = stated_slot(self.lookup(name))
        if slot is None:
            told = f"{name} is in no slot: it states no whole claim"
            raise AtocoreError("not-found", told, f"atocore show {name}")
        return canonical(self.catalog, slot)

    def _stated(self, snapshot: Snapshot, asked: Asked) -> set[Slot]:
        """The canonical slots that files state today and that a key may mean."""
        names = {thing for thing in (asked.thing, normal_thing(asked.whole)) if thing}
        known = [one for name in names for one in snapshot.namings_in(None, name)]
        owns = {name for one in known for name in (one.name, one.own)} | names
        spelled = owns | {one.name for own in owns for one in snapshot.namings_in(None, own)}
        stated = {slot for thing in spelled for slot in snapshot.stated_slots(thing=thing)}
        if not any(asked.fits(snapshot, canonical(snapshot, slot)) for slot in stated):
            stated |= {slot for slot in snapshot.stated_slots() if not about(slot)[1]}
        return {canonical(snapshot, slot) for slot in stated if len(slot) > 2}  # a hand may state less

    def _life(self, snapshot: Snapshot, slot: Slot) -> ClaimLife:
        asked = Asked.of(snapshot, key_text(slot), slot[1])
        return _claim_life(snapshot, slot, lives(snapshot, self._versions(snapshot, asked)).get(slot, ()))

    def _versions(self, snapshot: Snapshot, asked: Asked) -> Iterable[Version]:
        return history.versions(self.repository, self.settings, lambda raw: asked.may_be_in(snapshot, raw))

    def _unknown(self, snapshot: Snapshot, asked: Asked) -> AtocoreError:
        slots = {canonical(snapshot, slot) for slot in snapshot.stated_slots()}
        alike = near(asked, slots)
        where = "" if asked.project is None else f" in {asked.project}"
        hint = f"known: {', '.join(alike)}" if alike else "atocore list, or atocore search"
        return AtocoreError("not-found", f"nothing is or was claimed about {asked.whole!r}{where}", hint)

    def state_history(self, project: str, key: str) -> StateHistory:
        """The values that stood at a key of trusted state: since and until when, who set them, from what."""
        snapshot = self.catch_up()
        named = StateKey.of(project, key)
        events = list(self._life(snapshot, canonical(snapshot, named.slot)).events)
        answers: dict[Slot, set[str]] = {}
        for one in answering(snapshot, named):
            answers.setdefault(canonical(snapshot, stated_slot(one) or ()), set()).add(one.id)
        for slot, ids in answers.items():
            events += (event for event in self._life(snapshot, slot).events if event.record in ids)
        values = reigns(sorted(events, key=lambda event: event.date))
        if not values:
            told = f"no state {named.name} stands or stood in {project}"
            raise AtocoreError("not-found", told, f"atocore state list {project}")
        return StateHistory(named.project, named.name, values)


def _claim_life(snapshot: Snapshot, slot: Slot, events: tuple[Event, ...]) -> ClaimLife:
    clash = clash_in(snapshot, slot)
    used = [one for one in spellings(snapshot, slot) if one == slot or snapshot.stating_slot(one)]
    return ClaimLife(
        slot_text(slot),
        key_text(slot),
        slot[1],
        tuple(slot_text(one) for one in used),
        _present(snapshot, slot),
        clash.id if clash is not None and clash.status == "open" else "",
        events,
    )


def _attribute(snapshot: Snapshot, slot: Slot) -> AttributeAnswer:
    return AttributeAnswer(key_text(slot), slot[1], _present(snapshot, slot))


def _present(snapshot: Snapshot, slot: Slot) -> tuple[Standing, ...]:
    def by_trust(record: Record) -> tuple[str, str]:
        return (f"{9 - int(record.layer[1:])}", record.id)

    active = (
        one for one in snapshot.in_slot(slot) if one.status == "active" and one.kind is not Kind.CONFLICT
    )
    return tuple(
        Standing(one.id, claimed_value(one), one.layer, one.path, disputes(snapshot, one))
        for one in sorted(active, key=by_trust)
    )
