"""Whether one generation of the index says what another says: a kept one is to be a fresh one's equal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from atocore.index.catalog_rows import Contents
from atocore.index.engine import Engine
from atocore.index.fulltext import IndexDamaged
from atocore.index.shelves import Shelf

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    _Vectors = Mapping[str, NDArray[np.float32]]

_SAME_COSINE = 0.999
"""Two vectors of one text agree that far, whichever way the model was run."""


def differences(
    kept: Engine, fresh: Engine, *, vectors: bool, unknown: Collection[str] = ()
) -> Iterator[str]:
    """How `kept` differs from `fresh`, which was made from the same vault: catalog, passages with all their
    fields, vectors (where asked), and files of the text index that are damaged. What is `unknown` (files and
    folders that cannot be looked at) is left out: the kept one may hold it as it was last seen."""
    compared = _Compared(tuple(unknown))
    yield from compared.catalogs(kept.catalog.contents(), fresh.catalog.contents())
    for shelf in Shelf:
        name = shelf.name.lower()
        try:
            yield from (f"{name} text: the file {file} is damaged" for file in kept.damaged_files(shelf))
            yield from compared.both(f"{name} text", kept.passages(shelf), fresh.passages(shelf))
            if vectors:
                yield from compared.vectors(f"{name} vectors", kept.vectors(shelf), fresh.vectors(shelf))
        except IndexDamaged as error:
            yield f"{name}: the index is damaged: {error}"


@dataclass(frozen=True, slots=True)
class _Compared:
    """Two indexes side by side, but for what is unknown."""

    unknown: tuple[str, ...]

    def catalogs(self, kept: Contents, fresh: Contents) -> Iterator[str]:
        for table in kept:
            yield from self.both(f"catalog {table}", kept[table], fresh[table])

    def both(self, where: str, kept: Mapping[str, object], fresh: Mapping[str, object]) -> Iterator[str]:
        yield from (f"{where}: {key} is missing" for key in self._known(fresh.keys() - kept.keys()))
        yield from (f"{where}: {key} should not be there" for key in self._known(kept.keys() - fresh.keys()))
        same = self._known(kept.keys() & fresh.keys())
        yield from (f"{where}: {key} differs" for key in same if kept[key] != fresh[key])

    def vectors(self, where: str, kept: _Vectors, fresh: _Vectors) -> Iterator[str]:
        yield from self.both(where, dict.fromkeys(kept), dict.fromkeys(fresh))
        for key in self._known(kept.keys() & fresh.keys()):
            if float(kept[key] @ fresh[key]) < _SAME_COSINE:
                yield f"{where}: {key} differs"

    def _known(self, keys: Iterable[str]) -> list[str]:
        """The keys that are not of what is unknown."""
        return sorted(key for key in keys if not any(_is_of(path, key) for path in self.unknown))


def _is_of(path: str, key: str) -> bool:
    """Whether a key (`committed a.md`, `a.md to mem-1`, `a.md#0`) is of this file, or of one below."""
    starts = (f"{path}#", f"{path}/", f"{path} to ")
    return any(name == path or name.startswith(starts) for name in (key, key.partition(" ")[2]))
