"""Which backups stay and which go, and why each: decided from what is told of them, and nothing else.

Backups are ordered by the number that their place gave them, not by their time, which a wrong clock may have
set; days, weeks (ISO) and the like are those of UTC, as their stamps are. The newest of each period is kept,
and only periods that have one count. What was made before a restore has a rule of its own and stands in for
no other; neither does a damaged one, which goes when a newer one is valid.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, NamedTuple

SAFETY_LAST: Final = 3
"""So many of those that were made before a restore are kept."""


@dataclass(frozen=True, slots=True)
class Policy:
    """How many are kept: of the newest, and of the periods that have one."""

    last: int = 0
    daily: int = 0
    weekly: int = 0
    monthly: int = 0
    yearly: int = 0

    def __post_init__(self) -> None:
        numbers = [getattr(self, one.name) for one in fields(self)]
        if min(numbers) < 0:
            raise ValueError("a number of backups to keep is below 0")
        if not any(numbers):
            raise ValueError("no backup would be kept: all numbers are 0")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A backup that may go. `created` in UTC; `is_safety` where it was made before a restore, or holds the
    files of a vault that git could not read; `is_valid` as far as it was looked at."""

    stamp: str
    sequence: int
    created: datetime
    is_safety: bool = False
    is_valid: bool = True

    @property
    def age(self) -> tuple[int, str]:
        """What orders backups, the greater the newer."""
        return self.sequence, self.stamp


class Verdict(NamedTuple):
    """Whether a backup is kept, and why it is or is not."""

    stamp: str
    keep: bool
    reasons: tuple[str, ...]


_PERIODS: Final[dict[str, Callable[[datetime], str]]] = {
    "daily": lambda at: at.strftime("%Y-%m-%d"),
    "weekly": lambda at: "{}-W{:02}".format(*at.isocalendar()[:2]),
    "monthly": lambda at: at.strftime("%Y-%m"),
    "yearly": lambda at: at.strftime("%Y"),
}


def verdicts(backups: Sequence[Candidate], policy: Policy) -> tuple[Verdict, ...]:
    """What becomes of each backup, the newest first. The newest valid one is always kept."""
    ordered = sorted(backups, key=lambda one: one.age, reverse=True)
    sound = [one for one in ordered if one.is_valid and not one.is_safety]
    reasons: dict[str, list[str]] = {one.stamp: [] for one in ordered}
    for stamp, why in (*_by_rules(sound, policy), *_by_safety(ordered), *_by_damage(ordered, sound)):
        reasons[stamp].append(why)
    if len(sound) == 1:
        reasons[sound[0].stamp].append("the only valid one")
    return tuple(
        Verdict(one.stamp, bool(reasons[one.stamp]), tuple(reasons[one.stamp]) or (_why_it_goes(one),))
        for one in ordered
    )


def _by_rules(sound: Sequence[Candidate], policy: Policy) -> Iterator[tuple[str, str]]:
    for one in sound[: policy.last]:
        yield one.stamp, f"last {policy.last}"
    for rule, period_of in _PERIODS.items():
        newest: dict[str, str] = {}
        for one in sound:
            newest.setdefault(period_of(one.created), one.stamp)
        for period, stamp in list(newest.items())[: getattr(policy, rule)]:
            yield stamp, f"{rule} {period}"


def _by_safety(ordered: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    """Those made before a restore: some of the last valid ones."""
    made = [one for one in ordered if one.is_safety and one.is_valid]
    for one in made[:SAFETY_LAST]:
        yield one.stamp, f"before a restore, last {SAFETY_LAST}"


def _by_damage(ordered: Sequence[Candidate], sound: Sequence[Candidate]) -> Iterator[tuple[str, str]]:
    """A damaged one may be all there is of its time. One whose number cannot be read goes by its stamp."""
    for one in ordered:
        if one.is_valid:
            continue
        by_time = one.sequence < 0
        if not any(other.created > one.created if by_time else other.age > one.age for other in sound):
            yield one.stamp, "damaged, and none that is valid is newer"


def _why_it_goes(one: Candidate) -> str:
    if not one.is_valid:
        return "damaged, and a newer one is valid"
    return f"before a restore, and {SAFETY_LAST} newer" if one.is_safety else "no rule keeps it"
