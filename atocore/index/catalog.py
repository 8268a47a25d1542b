"""The catalog: what the index knows of each file, in SQLite. A cache of the vault; losing it costs time only.

Three realms: COMMITTED is the tree of one commit, DRAFT what is saved and not committed, LOCAL what git
ignores on purpose (captures). Each change is noted as pending for the text and vector indexes in the same
transaction, so that a kill between the catalog and an index loses nothing.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.index.catalog_rows import CatalogRows, Realm, shown_path, slot_key, stored_path
from atocore.records.codec import Reading, links, read
from atocore.records.problem import Problem
from atocore.records.record import Record
from atocore.records.slots import slot_of
from atocore.records.statement import statement_key

FORMAT = 3
"""Raised whenever what a row says changes: an older catalog is then built anew."""

_SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE files (
  realm INTEGER NOT NULL, path TEXT NOT NULL, oid TEXT NOT NULL, signature TEXT NOT NULL, raw BLOB,
  id TEXT NOT NULL, kind TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, project TEXT NOT NULL,
  slot TEXT NOT NULL, statement TEXT NOT NULL, problems TEXT NOT NULL,
  owner INTEGER NOT NULL DEFAULT 1, distrusted INTEGER NOT NULL DEFAULT 0, decided TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (realm, path)
);
CREATE INDEX files_id ON files (realm, id, path);
CREATE INDEX files_slot ON files (realm, slot, id) WHERE slot != '';
CREATE INDEX files_statement ON files (realm, statement, id) WHERE statement != '';
CREATE INDEX files_kind ON files (realm, kind, status, project);
CREATE INDEX files_flawed ON files (realm, path) WHERE problems != '[]' OR owner = 0 OR distrusted = 1;
CREATE TABLE refs (path TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (target, path)) WITHOUT ROWID;
CREATE INDEX refs_path ON refs (path);
CREATE TABLE odd (realm INTEGER NOT NULL, path TEXT NOT NULL, mode TEXT NOT NULL, PRIMARY KEY (realm, path));
CREATE TABLE pending (part TEXT NOT NULL, realm INTEGER NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (part, realm, path)) WITHOUT ROWID;
"""
PARTS = ("text", "vectors", "steps")
"""What takes catalogued changes in: the two indexes, and the search for steps and conflicts made by hand."""


@dataclass(frozen=True, slots=True)
class File:
    """One file's version as it is to be catalogued. `raw` None: deleted (a draft) or unreadable; `signature`
    tells cheaply whether a saved file is still the one that was read."""

    path: str
    oid: str
    raw: bytes | None
    signature: str = ""
    problem: Problem | None = None


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the catalog cannot be used, rather than that another process holds it."""
    return isinstance(error, sqlite3.DatabaseError) and "locked" not in str(error)


class Catalog(CatalogRows):
    """One vault's catalog, open for writing."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        self._path = path
        self._max_bytes = max_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._db = self._opened()

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    @property
    def is_there(self) -> bool:
        """Whether the file still stands where it was opened."""
        return self._path.exists()

    def set_aside(self) -> None:
        """Close a damaged catalog, and put its files where the next one is not hindered by them."""
        self._db.close()
        for suffix in ("", "-wal", "-shm"):
            damaged = self._path.with_name(self._path.name + suffix)
            if damaged.exists():
                damaged.replace(damaged.with_name(f"damaged-{damaged.name}"))

    def _opened(self) -> sqlite3.Connection:
        try:
            return self._prepared()
        except sqlite3.DatabaseError as error:
            if not is_damage(error):
                raise AtocoreError("vault-busy", "another process holds the catalog", "try again") from error
            self.set_aside()
            return self._prepared()

    def _prepared(self) -> sqlite3.Connection:
        """The database with this version's tables; another version's are dropped: they are a cache."""
        self._db = db = sqlite3.connect(self._path, isolation_level=None, timeout=10)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        wanted = f"{FORMAT}/{self._max_bytes}"
        if self._format() == wanted:
            return db
        with self.change():
            if self._format() != wanted:  # nobody else made them meanwhile
                for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
                    db.execute(f'DROP TABLE "{name}"')
                for statement in _SCHEMA.split(";"):
                    db.execute(statement)
                self.set_meta("token", secrets.token_hex(4))
                self.set_meta("format", wanted)
        return db

    def _format(self) -> str:
        tables = self._db.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0]
        return self.meta("format") if tables else ""

    def set_meta(self, name: str, value: str) -> None:
        """Remember a fact (inside a `change` where it must stand or fall with it)."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction: all of it or none; another process's is waited for."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    # -- writing ---------------------------------------------------------------------------------------

    def put(self, realm: Realm, file: File) -> Record | None:
        """Catalogue one version of a file, and note it as pending for every part; its record."""
        reading = self._read(file)
        record = reading.record
        problems = json.dumps([[p.line, p.code, p.message] for p in reading.problems])
        stored = stored_path(file.path)
        self._unlink(realm, stored)
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,1,0,'')",
            (
                realm,
                stored,
                file.oid,
                file.signature,
                None if file.raw is not None and len(file.raw) > self._max_bytes else file.raw,
                record.id if record else "",
                record.kind if record else "",
                record.type if record else "",
                record.status if record else "",
                record.project if record else "",
                slot_key(slot_of(record)) if record else "",
                statement_key(record) if record else "",
                problems,
            ),
        )
        if record and realm is Realm.COMMITTED:
            pairs = {(stored, target) for target in links(record)}
            self._db.executemany("INSERT OR IGNORE INTO refs VALUES (?, ?)", pairs)
        return record

    def _read(self, file: File) -> Reading:
        if file.problem is not None:
            return Reading(None, (file.problem,))
        if file.raw is None:
            return Reading(None)
        return read(file.path, file.raw, max_bytes=self._max_bytes)

    def remove(self, realm: Realm, path: str) -> None:
        """Forget a version of a file."""
        stored = stored_path(path)
        self._db.execute("DELETE FROM files WHERE realm = ? AND path = ?", (realm, stored))
        self._unlink(realm, stored)

    def _unlink(self, realm: Realm, stored: str) -> None:
        """Forget what the version at a path referred to, and note the path as pending for every part."""
        if realm is Realm.COMMITTED:
            self._db.execute("DELETE FROM refs WHERE path = ?", (stored,))
        self._db.executemany(
            "INSERT OR IGNORE INTO pending VALUES (?, ?, ?)", [(part, realm, stored) for part in PARTS]
        )

    def set_odd(self, realm: Realm, path: str, mode: str | None) -> None:
        """Note what stands at a path that is no regular file (a git mode); None: nothing odd there."""
        self._db.execute("DELETE FROM odd WHERE realm = ? AND path = ?", (realm, stored_path(path)))
        if mode is not None:
            self._db.execute("INSERT INTO odd VALUES (?, ?, ?)", (realm, stored_path(path), mode))

    def set_owner(self, path: str, owner: bool) -> None:
        """Say whether the file at a path keeps its id (another file has it too)."""
        self._mark(path, "owner", int(owner))
        if not owner:
            self.set_decided(path, "", False)

    def set_decided(self, path: str, by: str, distrusted: bool) -> None:
        """Say whose commit gave the record its present status."""
        self._mark(path, "decided", by)
        self._mark(path, "distrusted", int(distrusted))

    def _mark(self, path: str, column: str, value: int | str) -> None:
        stored = stored_path(path)
        where = f"WHERE realm = 0 AND path = ? AND {column} != ?"
        if self._db.execute(f"UPDATE files SET {column} = ? {where}", (value, stored, value)).rowcount:
            self._db.executemany(
                "INSERT OR IGNORE INTO pending VALUES (?, 0, ?)", [(part, stored) for part in PARTS]
            )

    def forget(self) -> None:
        """Empty every realm: the next catch-up reads the whole vault again."""
        with self.change():
            for name in ("files", "refs", "odd", "pending"):
                self._db.execute(f"DELETE FROM {name}")
            self.set_meta("commit", "")

    # -- what a part of the index still lacks ----------------------------------------------------------

    def pending(self, part: str, realm: Realm, limit: int = -1) -> list[str]:
        """The paths whose versions a part has not taken in yet."""
        rows = self._db.execute(
            "SELECT path FROM pending WHERE part = ? AND realm = ? ORDER BY path LIMIT ?",
            (part, realm, limit),
        )
        return [shown_path(row[0]) for row in rows]

    def waiting(self, part: str) -> int:
        """How many versions a part has not taken in yet."""
        return int(self._db.execute("SELECT count(*) FROM pending WHERE part = ?", (part,)).fetchone()[0])

    def done(self, part: str, realm: Realm, paths: Iterable[str]) -> None:
        """A part has taken these versions in."""
        rows = [(part, realm, stored_path(path)) for path in paths]
        self._db.executemany("DELETE FROM pending WHERE part = ? AND realm = ? AND path = ?", rows)

    def again(self, part: str, realm: Realm) -> None:
        """A part is built anew: it lacks everything."""
        self._db.execute(
            "INSERT OR IGNORE INTO pending SELECT ?, realm, path FROM files WHERE realm = ?", (part, realm)
        )
