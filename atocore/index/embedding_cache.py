"""The embeddings already computed, by content: one SQLite file in the user's cache, shared by their vaults.

Knows SQLite and half-precision vectors; knows nothing of models or vaults. Losing the file costs only time,
so a damaged one is put aside and begun anew. Any number of processes may read and write.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_T = TypeVar("_T")
_Row = tuple[bytes, bytes]

_FILE: Final = "embeddings.sqlite"
_KEYS_A_QUERY: Final = 500  # old builds of SQLite take no more than 999 parameters
_ROWS_A_COMMIT: Final = 1000  # what an interruption can lose
_BUSY_SECONDS: Final = 10.0
_ADDING: Final = "INSERT OR IGNORE INTO embeddings VALUES (?, ?)"
_SOUND: Final = (
    "typeof(key) = 'blob' AND length(key) = 20 "
    "AND typeof(vector) = 'blob' AND length(vector) > 0 AND length(vector) % 2 = 0"
)
_TABLE: Final = "CREATE TABLE IF NOT EXISTS embeddings (key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL)"


def cache_folder() -> Path:
    """The user's cache folder for AtoCore: `ATOCORE_CACHE_DIR` if set, else where the system puts caches."""
    if chosen := os.environ.get("ATOCORE_CACHE_DIR"):
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_cache_dir("atocore"))


def is_begun(folder: Path) -> bool:
    """Whether a cache was ever kept in a folder."""
    return (folder / _FILE).exists()


def new_database(path: Path) -> sqlite3.Connection:
    """A database for a part of a cache, in one file that is whole without others beside it."""
    db = sqlite3.connect(path)
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute(_TABLE)
    return db


class EmbeddingCache:
    """Vectors by what they were computed from: the embedder's fingerprint and the text.

    Never refuses: where it can neither read nor write, it knows nothing and says so in `notes`.
    """

    def __init__(self, folder: Path, fingerprint: str) -> None:
        self.notes: list[str] = []
        self._path = folder / _FILE
        self._fingerprint = fingerprint.encode()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._db = self._opened()
        except (OSError, sqlite3.OperationalError) as error:
            self.notes.append(f"embeddings are not kept: {self._path}: {error}")
            self._db = sqlite3.connect(":memory:", check_same_thread=False)
            self._db.execute(_TABLE)

    def get_many(self, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """The vectors that are known for these texts, as they were stored: in half precision."""
        import numpy as np

        by_key = {self._key(text): text for text in texts}
        none: Sequence[_Row] = ()
        known: dict[str, NDArray[np.float32]] = {}
        for keys in _slices(list(by_key), _KEYS_A_QUERY):
            found = self._attempt(partial(self._select, keys), otherwise=none)
            if found:
                stored = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f2")
                rows = stored.astype(np.float32).reshape(len(found), -1)
                known.update(zip((by_key[key] for key, _ in found), rows, strict=True))
        return known

    def put_many(self, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Keep these vectors, some at a time, so that what is done when the process dies stays done."""
        for some in _slices(list(vectors.items()), _ROWS_A_COMMIT):
            rows = [(self._key(text), vector.astype("<f2").tobytes()) for text, vector in some]
            self._attempt(partial(self._insert, rows), otherwise=None)

    def copy(self, texts: Sequence[str], into: sqlite3.Connection) -> set[str]:
        """Copy the rows of these texts to another database (see `new_database`); the texts that have none."""
        by_key = {self._key(text): text for text in texts}
        none: Sequence[_Row] = ()
        for keys in _slices(list(by_key), _KEYS_A_QUERY):
            found = self._attempt(partial(self._select, keys), otherwise=none)
            with into:
                into.executemany(_ADDING, found)
            for key, _ in found:
                by_key.pop(key)
        return set(by_key.values())

    def take_in(self, file: Path) -> int:
        """Add the rows of a file that `new_database` began and that are not known yet; how many there were.

        Rows of another shape are passed over. Raises `sqlite3.DatabaseError` where the file is damaged.
        """
        before = self.count()
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as source:
            rows = source.execute(f"SELECT key, vector FROM embeddings WHERE {_SOUND}")
            while some := rows.fetchmany(_ROWS_A_COMMIT):
                self._attempt(partial(self._add, some), otherwise=None)
        return self.count() - before

    def forget(self, texts: Sequence[str]) -> None:
        """Remove what was computed from these texts, and leave no trace of it in the file."""
        for some in _slices([self._key(text) for text in texts], _KEYS_A_QUERY):
            self._attempt(partial(self._delete, some), otherwise=None)
        self._attempt(self._empty_log, otherwise=None)

    def count(self) -> int:
        """How many vectors are kept, of all models."""
        return self._attempt(self._count, otherwise=0)

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def _select(self, keys: Sequence[bytes]) -> Sequence[_Row]:
        marks = ",".join("?" * len(keys))
        query = f"SELECT key, vector FROM embeddings WHERE key IN ({marks})"
        return self._db.execute(query, keys).fetchall()

    def _insert(self, rows: Sequence[_Row]) -> None:
        with self._db:
            self._db.executemany("INSERT OR REPLACE INTO embeddings VALUES (?, ?)", rows)

    def _add(self, rows: Sequence[_Row]) -> None:
        with self._db:
            self._db.executemany(_ADDING, rows)

    def _delete(self, keys: Sequence[bytes]) -> None:
        self._db.execute("PRAGMA secure_delete=ON")
        with self._db:
            marks = ",".join("?" * len(keys))
            self._db.execute(f"DELETE FROM embeddings WHERE key IN ({marks})", keys)

    def _empty_log(self) -> None:
        self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def _count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM embeddings").fetchone()[0])

    def _key(self, text: str) -> bytes:
        content = self._fingerprint + b"\0" + text.encode("utf-8", "surrogatepass")
        return hashlib.blake2b(content, digest_size=20).digest()

    def _attempt(self, action: Callable[[], _T], otherwise: _T) -> _T:
        """What `action` gives; with a new, empty file where this one is damaged; else `otherwise`."""
        try:
            return action()
        except sqlite3.OperationalError as error:  # busy, full, read-only: the file is not at fault
            self.notes.append(f"embeddings are not kept: {self._path}: {error}")
            return otherwise
        except sqlite3.DatabaseError:
            self._db.close()
            self._put_aside()
            self._db = self._opened()
            return action()

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._connect()
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError:
            self._put_aside()
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, check_same_thread=False)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=NORMAL")
            db.execute(_TABLE)
            if [row[1] for row in db.execute("PRAGMA table_info(embeddings)")] != ["key", "vector"]:
                raise sqlite3.DatabaseError("another program's table")
        except sqlite3.DatabaseError:
            db.close()
            raise
        return db

    def _put_aside(self) -> None:
        for suffix in ("-wal", "-shm"):
            Path(f"{self._path}{suffix}").unlink(missing_ok=True)
        aside = self._path.with_suffix(".damaged")
        self._path.replace(aside)
        self.notes.append(f"the embedding cache was damaged and is begun anew; the old one is {aside}")


def _slices(items: Sequence[_T], size: int) -> list[Sequence[_T]]:
    return [items[start : start + size] for start in range(0, len(items), size)]
