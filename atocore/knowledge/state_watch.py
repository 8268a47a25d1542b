"""What history proves of trusted state: who touched it, in every commit there is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from atocore.knowledge.recognition import Deed
from atocore.records.kinds import Kind


@dataclass(frozen=True, slots=True)
class MachineTouch:
    """A commit of a machine's that touched trusted state: what it did to which record."""

    commit: str
    machine: str
    step: str
    record: str


@dataclass(frozen=True, slots=True)
class TrustedState:
    """What the whole history says: active `records` now, `commits` looked at, those that `touched` state, and
    what machines did, mended since or not. `complete` is false in a shallow clone."""

    records: int
    commits: int
    touched: int
    by_machine: tuple[MachineTouch, ...]
    complete: bool = True

    @property
    def told(self) -> str:
        """The same in one line."""
        looked = f"{self.commits} commits looked at, {self.touched} touched it"
        machines = len(self.by_machine)
        by = "none by a machine" if not machines else f"{machines} times by a machine"
        return f"trusted state: {self.records} active, {looked}, {by}" + (
            "" if self.complete else " (what was before is not in this shallow clone)"
        )


class StateWatch:
    """Looks at every step, and counts who touched trusted state."""

    def __init__(self) -> None:
        self._commits = 0
        self._touched = 0
        self._by_machine: list[MachineTouch] = []

    def see(self, commit: str, machine: str, deeds: Iterable[Deed]) -> None:
        """Take in what one commit did."""
        self._commits += 1
        found = [deed for deed in deeds if deed.kind is Kind.STATE]
        self._touched += bool(found)
        if machine:
            self._by_machine += (MachineTouch(commit, machine, deed.step, deed.record) for deed in found)

    def told(self, records: int, complete: bool) -> TrustedState:
        """What was found, once every step was seen."""
        return TrustedState(records, self._commits, self._touched, tuple(self._by_machine), complete)
