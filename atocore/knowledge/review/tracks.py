"""Track records: how much of what a rule, an assistant or a tool proposed people kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from atocore.records.proposer import KEPT, MERGED, REJECTED, WAITING, Proposer, proposers
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Track:
    """One proposer: `proposed` is everything it ever proposed; of that, `kept` was accepted at any time,
    `rejected` refused, `merged` known already, and `waiting` is still to be decided."""

    family: str
    name: str
    proposed: int
    kept: int
    rejected: int
    merged: int
    waiting: int


def tracks(snapshot: Snapshot) -> tuple[Track, ...]:
    """The track record of everybody who proposed something, by family, whoever proposed most first."""
    counted: dict[Proposer, dict[str, int]] = {}
    for (proposer, outcome), number in snapshot.proposed().items():
        counted.setdefault(proposer, {})[outcome] = number
    found = (_track(proposer, outcomes) for proposer, outcomes in counted.items())
    return tuple(sorted(found, key=lambda track: (track.family, -track.proposed, track.name)))


def tracks_of(record: Record, known: Iterable[Track]) -> tuple[Track, ...]:
    """The track records of those who proposed the record."""
    by_name = {(track.family, track.name): track for track in known}
    return tuple(by_name[who] for who in proposers(record) if tuple(who) in by_name)


def _track(proposer: Proposer, outcomes: dict[str, int]) -> Track:
    numbers = (outcomes.get(name, 0) for name in (KEPT, REJECTED, MERGED, WAITING))
    return Track(proposer.family, proposer.name, sum(outcomes.values()), *numbers)
