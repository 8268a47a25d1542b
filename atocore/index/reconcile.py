"""The comparison that every catching up rests on: what an index holds, against what the vault is. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Difference:
    """What brings an index in step. What is `unknown` (path to reason) stays as it was last seen."""

    adds: tuple[str, ...]
    changes: tuple[str, ...]
    removals: tuple[str, ...]
    unknown: Mapping[str, str]

    @property
    def fresh(self) -> tuple[str, ...]:
        """What is to be read: adds and changes."""
        return (*self.adds, *self.changes)

    def __bool__(self) -> bool:
        """Whether anything is to be done."""
        return bool(self.adds or self.changes or self.removals)


def compare(
    held: Mapping[str, str], there: Mapping[str, str], unseen: Mapping[str, str] | None = None
) -> Difference:
    """Compare versions by path: `held` in the index, `there` in the vault. A path that could not be looked
    at is `unseen`, with the reason: it is neither taken in nor removed, since only what was seen to be gone
    is gone."""
    unknown = dict(unseen or {})
    seen = sorted(path for path in there if path not in unknown)
    return Difference(
        adds=tuple(path for path in seen if path not in held),
        changes=tuple(path for path in seen if path in held and held[path] != there[path]),
        removals=tuple(sorted(path for path in held if path not in there and path not in unknown)),
        unknown=unknown,
    )
