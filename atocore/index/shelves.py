"""The search indexes of one generation: a text and a vector index on each of two shelves.

COMMITTED holds what the commit holds, LOCAL what is saved over it (drafts) and captures. A context pack reads
the first alone, so that nothing of this clone's own reaches it.
"""

from __future__ import annotations

import shutil
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from atocore.index.catalog_rows import Realm
from atocore.index.fulltext import FullText, IndexDamaged
from atocore.index.model import Model

if TYPE_CHECKING:
    from atocore.index.vectors import VectorIndex

Part = Literal["text", "vectors"]


class Shelf(Enum):
    """A pair of indexes, and the realms of the catalog that it holds, the one that hides the other first."""

    COMMITTED = (Realm.COMMITTED,)
    LOCAL = (Realm.DRAFT, Realm.LOCAL)


class Shelves:
    """The indexes in a generation's folder, opened when first needed. Not for two threads at once; other
    threads and processes may have opened the same."""

    def __init__(self, folder: Path, model: Model, language: str) -> None:
        self.model = model
        self._folder = folder
        self._language = language
        self._texts: dict[Shelf, FullText] = {}
        self._meanings: dict[Shelf, VectorIndex] = {}

    def text(self, shelf: Shelf) -> FullText:
        """The text index of a shelf; raises `IndexDamaged`, also where it was never begun or is lost."""
        if shelf not in self._texts:
            place = self._place("text", shelf)
            if not place.exists():
                raise IndexDamaged(f"{place}: not there")
            self._texts[shelf] = FullText.open(place, self._language)
        return self._texts[shelf]

    def begin_text(self, shelf: Shelf) -> None:
        """An empty text index, made aside: another process may open it the moment it is there."""
        place = self._place("text", shelf)
        draft = place.with_name(f"{place.name}.draft")
        shutil.rmtree(draft, ignore_errors=True)
        FullText.open(draft, self._language)
        draft.rename(place)

    def reopen(self, part: Part, shelf: Shelf) -> None:
        """Forget what is open: what is on disk may be another index by now."""
        (self._texts if part == "text" else self._meanings).pop(shelf, None)

    def vectors(self, shelf: Shelf) -> VectorIndex:
        """The vector index of a shelf as it is on disk now; raises `IndexDamaged`, `EmbedderUnavailable`."""
        from atocore.index.vectors import VectorIndex

        held = self._meanings.get(shelf)
        if held is not None and held.follow():
            return held
        embedder = self.model.get()
        place = self._place("vectors", shelf)
        self._meanings[shelf] = VectorIndex.open(place, embedder.fingerprint, embedder.dimensions)
        return self._meanings[shelf]

    def is_useful(self, part: Part, shelf: Shelf) -> bool:
        """Whether an index is there that can be opened: neither damaged, nor of another language or model."""
        try:
            if not self.is_there(part, shelf):
                return False
            _ = self.text(shelf) if part == "text" else self.vectors(shelf)
            return True
        except IndexDamaged:
            return False

    def has_vectors(self, shelf: Shelf) -> bool:
        """Whether there is a vector that can be used; damaged ones are made anew by whoever writes."""
        return self.is_useful("vectors", shelf) and len(self.vectors(shelf)) > 0

    def is_there(self, part: Part, shelf: Shelf) -> bool:
        """Whether an index was begun, and is not lost."""
        place = self._place(part, shelf)
        if part == "text":
            return place.exists()
        from atocore.index.vectors import is_begun

        return is_begun(place)

    def discard(self, part: Part, shelf: Shelf) -> None:
        """Remove a damaged index."""
        self.reopen(part, shelf)
        shutil.rmtree(self._place(part, shelf), ignore_errors=True)

    def _place(self, part: Part, shelf: Shelf) -> Path:
        if not self._folder.is_dir():  # never begin an index in a generation that was removed
            raise IndexDamaged(f"{self._folder}: gone")
        return self._folder / f"{part}-{shelf.name.lower()}"
