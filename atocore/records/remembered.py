"""A snapshot that remembers what it was asked: for a look at much of the vault, which asks the same again.

Holds what it was asked for as long as it lives: for one step or sweep, never for a process.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping

from atocore.records.brief import Brief
from atocore.records.kinds import Kind
from atocore.records.naming import Naming, in_slot
from atocore.records.problem import Problem
from atocore.records.proposer import Proposer
from atocore.records.record import Record
from atocore.records.snapshot import Snapshot


def remembered(snapshot: Snapshot) -> RememberedSnapshot:
    """A snapshot that is asked each thing once; itself where it is one already."""
    return snapshot if isinstance(snapshot, RememberedSnapshot) else RememberedSnapshot(snapshot)


class RememberedSnapshot:
    """Another snapshot, asked each thing once."""

    def __init__(self, base: Snapshot) -> None:
        self._base = base
        self._records: dict[str, Record | None] = {}
        self._found: dict[Hashable, tuple[Record, ...]] = {}
        self._namings: dict[Hashable, tuple[Naming, ...]] = {}

    @property
    def commit(self) -> str:
        """See `Snapshot`."""
        return self._base.commit

    def get(self, record_id: str) -> Record | None:
        """See `Snapshot`."""
        if record_id not in self._records:
            self._records[record_id] = self._base.get(record_id)
        return self._records[record_id]

    def raw_at(self, path: str) -> bytes | None:
        """See `Snapshot`."""
        return self._base.raw_at(path)

    def select(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Record]:
        """See `Snapshot`."""
        return self._base.select(kinds, statuses, project, type_)

    def briefs(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Brief]:
        """See `Snapshot`."""
        return self._base.briefs(kinds, statuses, project, type_)

    def in_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return in_slot(self, slot)

    def stating_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._kept(("slot", slot), lambda: self._base.stating_slot(slot))

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[tuple[str, ...]]:
        """See `Snapshot`."""
        return self._base.stated_slots(project=project, thing=thing)

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """See `Snapshot`."""
        asked = (scopes if scopes is None else tuple(scopes), text)
        if asked not in self._namings:
            self._namings[asked] = self._base.namings_in(scopes, text)
        return self._namings[asked]

    def stating(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._kept(("says", key), lambda: self._base.stating(key))

    def worded(self, key: str, most: int) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._kept(("worded", key, most), lambda: self._base.worded(key, most))

    def referring(self, record_id: str, kind: Kind | None = None) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._kept(("to", record_id, kind), lambda: self._base.referring(record_id, kind))

    def named(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return self._base.named(key)

    def proposed(self) -> Mapping[tuple[Proposer, str], int]:
        """See `Snapshot`."""
        return self._base.proposed()

    def problems(self) -> tuple[Problem, ...]:
        """See `Snapshot`."""
        return self._base.problems()

    def _kept(self, asked: Hashable, ask: Callable[[], tuple[Record, ...]]) -> tuple[Record, ...]:
        if asked not in self._found:
            found = ask()
            self._found[asked] = found
            self._records.update((record.id, record) for record in found)
        return self._found[asked]
