"""Whether one generation of the index says what another says: a kept one is to be a fresh one's equal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from atocore.index.catalog_rows import Contents
from atocore.index.engine import Engine
from atocore.index.fulltext import IndexDamaged
from atocore.index.shelves import Shelf

_SAME_COSINE = 0.999
"""Two vectors of one text agree that far, whichever way the model was run."""


def differences(kept: Engine, fresh: Engine, *, vectors: bool) -> Iterator[str]:
    """How `kept` differs from `fresh`, which was made from the same vault: catalog, passages with all their
    fields, vectors (where asked), and files of the text index that are damaged."""
    yield from _of_catalogs(kept.catalog.contents(), fresh.catalog.contents())
    for shelf in Shelf:
        name = shelf.name.lower()
        yield from (f"{name} text: the file {file} is damaged" for file in kept.damaged_files(shelf))
        try:
            yield from _of(f"{name} text", kept.passages(shelf), fresh.passages(shelf))
            if vectors:
                yield from _of_vectors(kept, fresh, shelf)
        except IndexDamaged as error:
            yield f"{name}: the index is damaged: {error}"


def _of_catalogs(kept: Contents, fresh: Contents) -> Iterator[str]:
    for table in kept:
        yield from _of(f"catalog {table}", kept[table], fresh[table])


def _of(where: str, kept: Mapping[str, object], fresh: Mapping[str, object]) -> Iterator[str]:
    yield from (f"{where}: {key} is missing" for key in sorted(fresh.keys() - kept.keys()))
    yield from (f"{where}: {key} should not be there" for key in sorted(kept.keys() - fresh.keys()))
    both = sorted(kept.keys() & fresh.keys())
    yield from (f"{where}: {key} differs" for key in both if kept[key] != fresh[key])


def _of_vectors(kept: Engine, fresh: Engine, shelf: Shelf) -> Iterator[str]:
    where = f"{shelf.name.lower()} vectors"
    held, made = kept.vectors(shelf), fresh.vectors(shelf)
    yield from _of(where, dict.fromkeys(held), dict.fromkeys(made))
    for key in sorted(held.keys() & made.keys()):
        if float(held[key] @ made[key]) < _SAME_COSINE:
            yield f"{where}: {key} differs"
