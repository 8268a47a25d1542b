"""Which passages answer best: words and meaning fused, weighed by trust, project, freshness and place.

Pure: gets two ranked lists and what is to be known of each passage, gives hits with a score and its reasons.

Fusion adds the two scores, each stretched between the best of its list (1) and the last of a full list, below
which nobody looked (0). Adding scores keeps what a list of ranks throws away: by how much the first beats the
second. Over five public collections (decision texts, aeronautics, medicine, documentation, long chats) it is
at least as good as the better half on each, where the usual fusion of ranks falls below words alone on chats.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

DEPTH: Final = 100  # how many of each half the fusion wants to see
_MEANING_WEIGHT: Final = 0.45  # flat between 0.4 and 0.5 on every collection; words get the rest

_TRUST: Final[Mapping[int, tuple[float, str]]] = {
    3: (0.15, "trusted state"),
    2: (0.10, "entity"),
    1: (0.05, "memory"),
    0: (0.0, "source or capture"),
}
_STATUS: Final[Mapping[str, float]] = {
    "candidate": -0.10,
    "superseded": -0.25,
    "retired": -0.25,
    "graduated": -0.25,
    "rejected": -0.35,
}
_PROJECT_BONUS: Final = 0.10
_FRESH_BONUS: Final = 0.05
_FRESH_DAYS: Final = 90.0  # after which half of the bonus is left
_LOW_PLACE: Final = -0.20
_LOW_PLACES: Final = frozenset(
    ("archive", "archived", "archives", "attic", "deprecated", "legacy", "obsolete", "old", "tmp", "trash")
)

# Calibrated on questions asked of their own collection (95 to 99 % pass) and of others (some 1 % pass).
_EVIDENT_COSINE: Final = 0.38
_EVIDENT_COVERAGE: Final = 0.60  # rare words and identifiers that the model does not know
_EVIDENT_TOGETHER: Final = (0.30, 0.20)  # cosine and coverage: neither enough alone
_EVIDENT_COVERAGE_ALONE: Final = 0.20  # without a model: 77 % and 8 %

_ALIKE: Final = 0.85  # the share of their words in common from which two texts say the same
_WORD: Final = re.compile(r"\w+(?:[.,]\d+)*")
_NEGATIONS: Final = frozenset(("no", "not", "never", "none", "without", "cannot", "nor"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """What ranking needs to know of a passage."""

    key: str
    record: str  # the id, or the path of a file that has none: one hit each
    path: str
    layer: int | None
    status: str
    project: str
    age_days: float | None  # against the newest time in the vault, not the clock
    text: str


@dataclass(frozen=True, slots=True)
class Ranked:
    """A hit: a record by its best passage, why it is where it is, and the records it stands for as well."""

    candidate: Candidate
    score: float
    why: str
    also: tuple[str, ...] = ()


Scored = tuple[str, float]  # a passage's key and its score in one half, best first


def rank(
    words: Sequence[Scored],
    meaning: Sequence[Scored],
    candidates: Mapping[str, Candidate],
    *,
    project: str = "",
    limit: int = 10,
) -> list[Ranked]:
    """The best `limit` records, best first. Passages that `candidates` does not know are left out."""
    halves = [_Half("words", words, candidates), _Half("meaning", meaning, candidates)]
    weights = (1 - _MEANING_WEIGHT, _MEANING_WEIGHT)
    by_record: dict[str, list[Candidate]] = {}
    for key in dict.fromkeys(key for half in halves for key in half.passages):
        by_record.setdefault(candidates[key].record, []).append(candidates[key])
    scored: list[tuple[float, str, Candidate]] = []
    for record, passages in by_record.items():
        best = min(
            passages,
            key=lambda p: (
                -sum(w * h.passages.get(p.key, 0.0) for w, h in zip(weights, halves, strict=True)),
                p.key,
            ),
        )
        fused = sum(w * half.records.get(record, 0.0) for w, half in zip(weights, halves, strict=True))
        scored.append((round(fused * _weight(best, project), 4), record, best))
    scored.sort(key=lambda one: (-one[0], one[1], one[2].key))
    return [
        Ranked(best, score, ", ".join((*_found(halves, best.record), *_reasons(best, project))), tuple(also))
        for best, score, also in _thinned(((best, score) for score, _, best in scored), limit)
    ]


def _found(halves: Sequence[_Half], record: str) -> list[str]:
    """Which halves found a record, and where in their lists."""
    return [half.reason(record) for half in halves if record in half.records]


def has_evidence(cosine: float | None, coverage: float) -> bool:
    """Whether a passage speaks to a question at all.

    `cosine` is of the passage's and the question's vectors, None without a model; `coverage` the share of the
    question's content words, weighed by rarity, that the passage has. A question is off topic if none of its
    best five hits has evidence.
    """
    if cosine is None:
        return coverage >= _EVIDENT_COVERAGE_ALONE
    together = cosine >= _EVIDENT_TOGETHER[0] and coverage >= _EVIDENT_TOGETHER[1]
    return together or cosine >= _EVIDENT_COSINE or coverage >= _EVIDENT_COVERAGE


class _Half:
    """One ranked list, its scores stretched to 0..1, by passage and by record."""

    def __init__(self, name: str, scored: Sequence[Scored], candidates: Mapping[str, Candidate]) -> None:
        self.name = name
        self.passages: dict[str, float] = {}
        self.records: dict[str, float] = {}
        top = scored[0][1] if scored else 0.0
        floor = scored[-1][1] if len(scored) >= DEPTH else min(0.0, top)
        for key, score in scored:
            if key in candidates:
                stretched = (score - floor) / (top - floor) if top > floor else float(top > 0)
                self.passages.setdefault(key, max(0.0, stretched))
                self.records.setdefault(candidates[key].record, max(0.0, stretched))
        self._places = {record: place for place, record in enumerate(self.records, 1)}

    def reason(self, record: str) -> str:
        return f"{self.name} {_ordinal(self._places[record])}"


def _weight(candidate: Candidate, project: str) -> float:
    """What a passage's score is multiplied by."""
    weight = 1.0
    if candidate.status in _STATUS:
        weight += _STATUS[candidate.status]
    elif candidate.layer is not None:
        weight += _TRUST[candidate.layer][0]
    if project and candidate.project == project:
        weight += _PROJECT_BONUS
    if candidate.age_days is not None:
        weight += _FRESH_BONUS * 0.5 ** (max(0.0, candidate.age_days) / _FRESH_DAYS)
    return weight + _LOW_PLACE if _low_place(candidate) else weight


def _reasons(candidate: Candidate, project: str) -> list[str]:
    """The same in words."""
    reasons = []
    if candidate.status in _STATUS:
        reasons.append(candidate.status)
    elif candidate.layer is not None:
        reasons.append(_TRUST[candidate.layer][1])
    if project and candidate.project == project:
        reasons.append(f"project {project}")
    if candidate.age_days is not None and candidate.age_days < _FRESH_DAYS:
        reasons.append("fresh")
    if low := _low_place(candidate):
        reasons.append(f"in {low}/")
    return reasons


def _low_place(candidate: Candidate) -> str:
    """The folder above a passage in which what nobody needs any more is put, "" where there is none."""
    return next((f for f in candidate.path.lower().split("/")[:-1] if f in _LOW_PLACES), "")


def _thinned(
    ranked: Iterable[tuple[Candidate, float]], limit: int
) -> list[tuple[Candidate, float, list[str]]]:
    """The first `limit` that say something new; what says the same again is named by the first."""
    kept: list[tuple[Candidate, float, list[str]]] = []
    said: list[frozenset[str]] = []
    for candidate, score in ranked:
        words = _words(candidate.text)
        double = next(
            (
                also
                for (other, _, also), theirs in zip(kept, said, strict=True)
                if _says_the_same(candidate, words, other, theirs)
            ),
            None,
        )
        if double is not None:
            double.append(candidate.record)
        elif len(kept) < limit:
            kept.append((candidate, score, []))
            said.append(words)
        else:
            break
    return kept


def _says_the_same(one: Candidate, words: frozenset[str], other: Candidate, theirs: frozenset[str]) -> bool:
    """Nearly the same words, and no number or negation that only one of them has: that may be a conflict."""
    shorter, longer = sorted((len(words), len(theirs)))
    if one.project != other.project or not shorter or shorter < _ALIKE * longer:
        return False
    if len(words & theirs) < _ALIKE * len(words | theirs):
        return False
    return not any(word in _NEGATIONS or not word.isalpha() for word in words ^ theirs)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _ordinal(place: int) -> str:
    ending = "th" if place % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"
