"""Pointers: graduated memories, frozen, and where their facts live now.

Knows records, and what recognised steps say of their history; neither search nor git.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from atocore.knowledge.recognition import Deed, Said, said_by
from atocore.records.kinds import Kind
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot

GRADUATED = "graduated"


@dataclass(frozen=True, slots=True)
class Home:
    """Where the fact of a pointer lives now, and what was passed on the way there, the pointer first.
    `record` is None where the way is a dead end, and `dead_end` tells why."""

    record: Record | None
    via: tuple[str, ...]
    dead_end: str = ""


def home_of(snapshot: Snapshot, pointer: Record) -> Home:
    """Follow a pointer to its entity, and on to what superseded that."""
    via: list[str] = []
    here = pointer
    while True:
        if here.id in via:
            return Home(None, tuple(via), f"the way leads in a circle, back to {here.id}")
        key = {GRADUATED: "graduated_to", "superseded": "superseded_by"}.get(here.status)
        if key is None:
            return Home(here, tuple(via))
        via.append(here.id)
        target = str(getattr(here, key))
        found = snapshot.get(target) if target else None
        if found is None:
            told = f"{here.id} is {here.status}, and " + (
                f"no record {target}" if target else f"has no `{key}`"
            )
            return Home(None, tuple(via), told)
        here = found


def dead_pointer_problems(snapshot: Snapshot, records: Iterable[Record]) -> Iterator[Problem]:
    """Pointers whose fact lives nowhere: no entity is named, or the way from it ends."""
    for record in records:
        if record.kind is Kind.MEMORY and record.status == GRADUATED:
            home = home_of(snapshot, record)
            dangling = bool(record.graduated_to) and snapshot.get(record.graduated_to) is None
            if home.record is None and not dangling:
                line = record.header.line("graduated_to") or record.header.line("status")
                yield Problem(record.path, line, "dead-pointer", home.dead_end)


class PointerWatch:
    """Looks at every step, newest first, and tells which pointers are not what they were when they froze.

    What was changed and is as before again is no problem, nor is whitespace.
    """

    def __init__(self, present: Mapping[str, Record]) -> None:
        self._present = present
        self._frozen: dict[str, Said] = {}
        self._done: set[str] = set()
        self._deleted: dict[str, Problem] = {}

    def see(self, commit: str, _machine: str, deeds: Iterable[Deed]) -> None:
        """Take in what one commit did."""
        for deed in deeds:
            if deed.kind is not Kind.MEMORY or deed.record in self._done:
                continue
            record = self._present.get(deed.record)
            if record is None:
                self._done.add(deed.record)
                if deed.step == "delete" and deed.before == GRADUATED:
                    told = f"commit {commit[:10]} deleted the pointer {deed.record}"
                    self._deleted[deed.record] = Problem(deed.path, 0, "frozen-pointer", told)
            elif record.status == GRADUATED:
                self._follow(deed)

    def _follow(self, deed: Deed) -> None:
        """Back to the step that made the pointer: what it said before that is what it is to say."""
        said = deed.said_before or deed.said_after
        if said:
            self._frozen[deed.record] = said
        if deed.before not in (GRADUATED, "") and deed.after == GRADUATED:
            self._done.add(deed.record)

    def problems(self) -> Iterator[Problem]:
        """What was found, once every step was seen."""
        yield from self._deleted.values()
        for record_id, said in self._frozen.items():
            record = self._present[record_id]
            now = said_by(record)
            changed = [name for name in {**said, **now} if said.get(name) != now.get(name)]
            for name in changed:
                line = record.body_line if name == "body" else record.header.line(name)
                if name != "body" and not line:
                    line = record.header.line("status")
                told = "its text" if name == "body" else f"`{name}`"
                was = f", which was {said[name]!r}" if name in said and name != "body" else ""
                yield Problem(record.path, line, "frozen-pointer", f"{told} of a pointer was changed{was}")
