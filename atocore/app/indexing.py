"""The index's own verbs: sync, rebuild, verify."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from atocore.app import catchup
from atocore.app.session import Session
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.index.engine import Engine


@dataclass(frozen=True, slots=True)
class Indexed:
    """What the index holds after it was brought up to date."""

    commit: str
    files: int
    passages: int
    vectors: int
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """How the index differs from one made anew of the same vault; `differences` is empty where it does not.
    `notes` tell what was not compared."""

    commit: str
    files: int
    passages: int
    differences: tuple[str, ...]
    notes: tuple[str, ...]


class IndexingVerbs(Session):
    """index sync|rebuild|verify."""

    def index_sync(self) -> Indexed:
        """Bring catalog and both indexes fully up to date, embeddings included, however long that takes."""
        self.catch_up(drafts=True)
        self.engine.sync_text()
        notes = self.embed_all()
        self.generations().clear()
        return self._indexed(notes)

    def embed_all(self) -> list[str]:
        """Wait for every embedding, trying again what failed; why some are missing, where that is so."""
        return self.mended(lambda: self._embed_all(self.engine))

    def _embed_all(self, engine: Engine) -> list[str]:
        from atocore.index.embedding import EmbedderUnavailable, EmbeddingFailed

        try:
            self.model.get()
            left = engine.sync_vectors(None, self.progress)
        except EmbedderUnavailable as error:
            return [f"words only: {error.reason}"]
        except EmbeddingFailed as error:
            return [f"words only: the model fails: {error.reason}"]
        return [f"{left} files could not be embedded (atocore status)"] if left else []

    def _indexed(self, notes: list[str]) -> Indexed:
        passages, vectors = self.engine.counts()
        files = sum(self.catalog.count(realm) for realm in Realm)
        return Indexed(self.catalog.commit, files, passages, vectors, (*self.told(), *notes))

    def index_rebuild(self) -> Indexed:
        """Build the index anew from the vault, aside; searches go on with the former until it is swapped in.
        Computed embeddings are kept."""
        self._reopen_if_replaced()
        if self.generations().current is None:
            return self.index_sync()  # it makes the first one anew, and others can use it before the vectors
        with self._fresh() as (engine, notes):
            generations = self.generations()
            generations.publish(engine.catalog.path.parent)
            self.close()
        generations.clear()
        self.catch_up(drafts=True)
        return self._indexed(notes)

    def index_verify(self) -> Verified:
        """Compare the index with one that is made anew, aside: every file, field, passage and vector."""
        from atocore.index.verification import differences

        self.index_sync()
        with self._fresh() as (fresh, notes):
            self.index_sync()  # what was saved or committed meanwhile; the fresh one may lack it
            catchup.committed(self.repository, fresh.catalog, self.settings)
            catchup.saved(self.repository, fresh.catalog, self.settings)
            fresh.sync_text()
            notes += self._embed_all(fresh)
            unknown = {**self.catalog.unknown(), **fresh.catalog.unknown()}
            found = tuple(differences(self.engine, fresh, vectors=not notes, unknown=unknown))
            if unknown:
                notes.append(f"{len(unknown)} files cannot be looked at, and were not compared")
            passages, _ = fresh.counts()
        files = sum(self.catalog.count(realm) for realm in Realm)
        return Verified(self.catalog.commit, files, passages, found, tuple(dict.fromkeys(notes)))

    @contextmanager
    def _fresh(self) -> Iterator[tuple[Engine, list[str]]]:
        """A whole new generation, made aside, and what it lacks; gone afterwards unless it was published."""
        if self.follows:
            raise AtocoreError("vault-busy", "another session keeps the index", "ask that one")
        with self.generations().building(self.settings.number("limits.lock_seconds")) as place:
            catalog = self.build(place)
            try:
                catchup.saved(self.repository, catalog, self.settings)
                engine = self.engine_over(catalog)
                engine.sync_text()
                yield engine, self._embed_all(engine)
            finally:
                catalog.close()
