"""The vectors that an index holds at one moment, and the search among them. Knows usearch, and no file."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Rows = NDArray[np.float32]
    Halves = Mapping[str, NDArray[np.float16]]

EXACT_UP_TO: Final = 150_000  # vectors: some 10 ms on two cores; beyond, a graph is searched
_SPARE: Final = 16  # more hits than asked for, since usearch ranks in half precision and we in single
_GATHERED: Final = 2000  # allowed vectors up to which each is compared, rather than the others skipped
_MOST_FETCHED: Final = 10_000


@dataclass(frozen=True)
class Held:
    """What an index holds at one moment: never changed, so that a search sees one state throughout."""

    dimensions: int
    base: Any = None  # the generation's usearch index, mapped from its file
    keys: tuple[str, ...] = ()  # of the generation, by place
    hidden: frozenset[str] = frozenset()  # of these, the ones replaced or removed since
    fresh: Halves = field(default_factory=dict)  # learnt since

    def __len__(self) -> int:
        return len(self.keys) - len(self.hidden) + len(self.fresh)

    def changed(self) -> int:
        """How many vectors were replaced or learnt since the generation was written."""
        return len(self.hidden) + len(self.fresh)

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each key in the generation."""
        return {key: place for place, key in enumerate(self.keys)}

    @cached_property
    def matrix(self) -> Rows:
        """What was learnt since, a row each, in single precision."""
        import numpy as np

        return np.stack([*self.fresh.values()]).astype(np.float32)

    def windows_of(self, passages: Iterable[str]) -> Iterator[str]:
        """See `VectorIndex`."""
        for key in passages:
            number = 0
            while (window := f"{key}~{number}" if number else key) in self:
                yield window
                number += 1

    def __contains__(self, key: str) -> bool:
        return key in self.fresh or (key in self.places and key not in self.hidden)

    def living(self) -> list[str]:
        """Every key that was not removed, sorted."""
        return sorted((*(key for key in self.keys if key not in self.hidden), *self.fresh))

    def replaced(self, gone: Iterable[str], new: Halves) -> Held:
        """The state after this one: without the keys of `gone`, with the vectors of `new`."""
        gone = frozenset(gone)
        hidden = self.hidden | (gone & self.places.keys())
        kept = {key: vector for key, vector in self.fresh.items() if key not in gone}
        after = replace(self, hidden=hidden, fresh=kept | dict(new))
        after.__dict__["places"] = self.places  # the generation is the same
        return after

    def vectors(self, keys: Iterable[str]) -> dict[str, Rows]:
        """The vectors of those of these keys that there are."""
        asked = dict.fromkeys(keys)
        old = [key for key in asked if key in self.places and key not in self.hidden]
        found = dict(zip(old, self._gather([self.places[key] for key in old]), strict=True))
        return found | {key: self.fresh[key].astype("float32") for key in asked if key in self.fresh}

    def search(self, vector: Rows, k: int, allowed: Collection[str] | None) -> list[tuple[str, float]]:
        """See `VectorIndex`."""
        hits = dict(self._nearest(vector, k, allowed)) if self.keys and k > 0 else {}
        if self.fresh:
            cosines = (self.matrix @ vector).tolist()
            near = zip(self.fresh, cosines, strict=True)
            hits.update((key, cosine) for key, cosine in near if allowed is None or key in allowed)
        rounded = ((key, round(cosine, 6)) for key, cosine in hits.items())
        return sorted(rounded, key=lambda hit: (-hit[1], hit[0]))[: max(k, 0)]

    def _nearest(self, vector: Rows, k: int, allowed: Collection[str] | None) -> Iterator[tuple[str, float]]:
        """The nearest of the generation, ranked in single precision."""
        if allowed is None:
            places = self._skipping(vector, k, None, len(self.keys) - len(self.hidden))
        else:
            fitting = [self.places[key] for key in allowed if key in self.places and key not in self.hidden]
            few = len(fitting) <= _GATHERED
            places = fitting if few else self._skipping(vector, k, allowed, len(fitting))
        cosines = self._gather(places) @ vector
        yield from zip((self.keys[place] for place in places), cosines.tolist(), strict=True)

    def _skipping(self, vector: Rows, k: int, allowed: Collection[str] | None, fitting: int) -> list[int]:
        """More and more of the nearest, until enough of them live and are allowed; else all that do."""
        import numpy as np

        total, query = len(self.keys), np.asarray(vector, dtype=np.float16)
        enough = min(k + _SPARE, fitting)
        fetched = enough * 2 * total // max(1, fitting) if allowed is not None else enough + len(self.hidden)
        while (fetched := min(fetched, total)) <= _MOST_FETCHED:
            found = self.base.search(query, fetched, exact=total <= EXACT_UP_TO).keys.tolist()
            places = [place for place in found if self._fits(self.keys[place], allowed)]
            if len(places) >= enough or fetched == total:
                return places[:enough]
            fetched = 4 * fetched + 1
        return [place for place, key in enumerate(self.keys) if self._fits(key, allowed)]

    def _fits(self, key: str, allowed: Collection[str] | None) -> bool:
        return key not in self.hidden and (allowed is None or key in allowed)

    def _gather(self, places: list[int]) -> Rows:
        import numpy as np

        if not places:
            return np.empty((0, self.dimensions), dtype=np.float32)
        return np.stack(self.base.get(np.asarray(places, dtype=np.uint64))).astype(np.float32)
