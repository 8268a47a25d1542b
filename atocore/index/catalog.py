"""The catalog: what the index knows of each file, in SQLite. A cache of the vault; losing it costs time only.

Three realms: COMMITTED is the tree of one commit, DRAFT what is saved and not committed, LOCAL what git
ignores on purpose (captures). Each change is noted as pending for the text and vector indexes in the same
transaction, so that a kill between the catalog and an index loses nothing. A catalog is the heart of one
generation of the index (`generations`): one that is damaged, or of another format, is replaced, not mended.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from atocore.errors import AtocoreError
from atocore.index.catalog_pending import CatalogPending
from atocore.index.catalog_rows import Realm, stored_path
from atocore.index.catalog_schema import FORMAT, INDEXES, SCHEMA, WHERE_PARTS_CAN_BE
from atocore.index.catalog_snapshot import CatalogSnapshot
from atocore.index.entries import Entry, File, entry_of
from atocore.index.locking import by_process
from atocore.records.naming import PROJECTS, Naming
from atocore.records.record import Record

_NOTE = "INSERT OR REPLACE INTO pending VALUES (?, ?, ?, random())"  # a mark that no other change has
_NOTE_CONFLICTS_OF = (
    "INSERT OR REPLACE INTO pending SELECT 'conflicts', 0, c.path, random() FROM files f "
    "JOIN refs r ON r.target = f.id JOIN files c ON c.realm = 0 AND c.path = r.path AND c.kind = 'conflict' "
    "WHERE f.realm = 0 AND f.path = ? AND f.id != ''"
)
"""A member may leave a conflict by naming another slot, or by going: its file then says so no more."""
_BUSY_SECONDS = 10.0
_RECENT = 20_000  # records just read that are kept for the parts
PARTS = ("text", "vectors", "steps", "conflicts")
"""What takes catalogued changes in: both indexes, the search for hand-made steps, and that for conflicts."""
CAPTURE_PARTS = ("extract", "reinforce")
"""What takes captures in, where the settings ask for it."""


class CatalogUnusable(Exception):  # noqa: N818  a state of affairs, not a fault of the caller's
    """A catalog is damaged, or another version's; the message says which. Build another generation."""


_SOUND = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN)
"""Codes of SQLite's that say nothing against the file: it is held, or the system refuses."""


def is_damage(error: BaseException) -> bool:
    """Whether an error says that the index cannot be used (it is damaged, or was removed), rather than that
    another process holds it or the disk is full."""
    if not isinstance(error, sqlite3.DatabaseError):
        from atocore.index.fulltext import IndexDamaged

        return isinstance(error, IndexDamaged)
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    if code & 0xFF in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR):
        return code in (sqlite3.SQLITE_READONLY_DBMOVED, sqlite3.SQLITE_IOERR_SHORT_READ)
    return code & 0xFF not in _SOUND


def _is_busy(error: sqlite3.DatabaseError) -> bool:
    return isinstance(error, sqlite3.OperationalError) and "locked" in str(error)


class Catalog(CatalogPending, CatalogSnapshot):
    """One vault's catalog, open for writing."""

    def __init__(self, path: Path, *, max_bytes: int) -> None:
        """Open the catalog at `path`, or begin one where none is. Raises `CatalogUnusable`."""
        self.path = path
        self._max_bytes = max_bytes
        self._depth = 0
        self._recent: dict[tuple[Realm, str], Record] = {}
        self._writer = path.with_name("writer.pid")
        wanted = f"{FORMAT}/{max_bytes}"
        is_new = not path.exists()
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=_BUSY_SECONDS)
            self._db.execute("PRAGMA journal_mode=WAL")
            self._db.execute("PRAGMA synchronous=FULL")
            if is_new:
                self._found(wanted)
            elif self.meta("format") != wanted:
                raise CatalogUnusable("another version's")
        except sqlite3.DatabaseError as error:
            if is_damage(error):
                raise CatalogUnusable("damaged") from error
            raise self._refused(error) from error

    def _found(self, wanted: str) -> None:
        with self.change():
            for statement in SCHEMA.split(";"):
                self._db.execute(statement)
            self._index()
            self.set_meta("format", wanted)

    def _index(self) -> None:
        for name, columns in INDEXES.items():
            self._db.execute(f"CREATE INDEX {name} ON {columns}")

    @contextmanager
    def loading(self) -> Iterator[None]:
        """`load` an empty catalog: it is indexed afterwards, which costs less than row by row."""
        for name in INDEXES:
            self._db.execute(f"DROP INDEX {name}")
        yield
        with self.change():
            self._index()
            for part, where in WHERE_PARTS_CAN_BE.items():
                self._db.execute(
                    "INSERT OR REPLACE INTO pending SELECT ?, realm, path, random() FROM files "
                    f"WHERE realm = 0 AND ({where})",
                    (part,),
                )

    def be_patient(self, seconds: float = _BUSY_SECONDS) -> None:
        """Wait so long for another process that writes, from now on."""
        self._db.execute(f"PRAGMA busy_timeout = {int(seconds * 1000)}")

    def close(self) -> None:
        """Let go of the file."""
        self._db.close()

    def set_meta(self, name: str, value: str) -> None:
        """Remember a fact (inside a `change` where it must stand or fall with it)."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    @contextmanager
    def change(self) -> Iterator[None]:
        """One transaction: all of it or none; another process's is waited for, then `vault-busy`. A change
        inside a change is part of it."""
        if self._depth == 0:
            self._settle("BEGIN IMMEDIATE")
            with suppress(OSError):
                self._writer.write_text(str(os.getpid()))
        self._depth += 1
        try:
            yield
        except BaseException as error:
            self._depth -= 1
            if self._depth == 0:
                self._undo()
                if isinstance(error, sqlite3.DatabaseError) and not is_damage(error):
                    raise self._refused(error) from error
            raise
        self._depth -= 1
        if self._depth == 0:
            self._settle("COMMIT")

    def _settle(self, statement: str) -> None:
        """Begin or end a transaction; one that cannot be ended is undone."""
        try:
            self._db.execute(statement)
        except sqlite3.DatabaseError as error:
            self._undo()
            if is_damage(error):
                raise
            raise self._refused(error) from error

    def _undo(self) -> None:
        if self._db.in_transaction:  # some errors have undone it already
            self._db.execute("ROLLBACK")
        self._recent.clear()

    def _refused(self, error: sqlite3.DatabaseError) -> AtocoreError:
        """Why a sound catalog could not be read or written, in AtoCore's words."""
        if _is_busy(error):
            told = f"the index is being written{by_process(self._writer)}"
            return AtocoreError("vault-busy", told, "try again in a moment")
        return AtocoreError("read-only", f"cannot use {self.path}: {error}", "is the disk full?")

    # -- writing ---------------------------------------------------------------------------------------

    def put(self, realm: Realm, file: File) -> Record | None:
        """Catalogue one version of a file, and note it as pending for every part; its record."""
        entry, record = entry_of(file, self._max_bytes)
        stored = stored_path(file.path)
        self._unlink(realm, stored, entry.namings)
        self._write([(realm, stored, file, entry)])
        self._remember(realm, file.path, record)
        return record

    def load(self, read: Iterable[tuple[File, Entry]]) -> None:
        """Catalogue committed versions that were read already, while `loading`: pending for the vectors, but
        not for the text index, which is filled beside (`Engine.filling`)."""
        written = [(Realm.COMMITTED, stored_path(file.path), file, entry) for file, entry in read]
        self._db.executemany(_NOTE, [("vectors", 0, stored) for _, stored, _, _ in written])
        self._write(written)

    def _write(self, versions: Sequence[tuple[Realm, str, File, Entry]]) -> None:
        """The rows of versions: what each says, and of committed ones what they refer to, and the names by
        which they are found."""
        self._db.executemany(
            "INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,1,0,'')",
            [
                (realm, stored, file.oid, file.signature, self._kept(file.raw), *entry.columns)
                for realm, stored, file, entry in versions
            ],
        )
        said = [(stored, entry) for realm, stored, _, entry in versions if realm is Realm.COMMITTED]
        rows: dict[str, list[tuple[str, ...]]] = {
            "refs VALUES (?, ?)": [(at, target) for at, entry in said for target in entry.refs],
            "link_names VALUES (?, ?)": [(at, name) for at, entry in said for name in entry.link_names],
            "proposers VALUES (?, ?, ?, ?)": [
                (at, *proposer, entry.outcome) for at, entry in said for proposer in entry.proposers
            ],
            "names VALUES (?, ?, ?, ?)": [
                (at, one.scope, one.name, one.own) for at, entry in said for one in entry.namings
            ],
        }
        for table, values in rows.items():
            if values:
                self._db.executemany(f"INSERT OR REPLACE INTO {table}", values)

    def _kept(self, raw: bytes | None) -> bytes | None:
        return None if raw is not None and len(raw) > self._max_bytes else raw

    def _remember(self, realm: Realm, path: str, record: Record | None) -> None:
        """Keep what was just read for the parts that take it in next: reading is most of the work."""
        self._recent.pop((realm, path), None)
        if record is not None:
            if len(self._recent) >= _RECENT:
                self._recent.clear()
            self._recent[realm, path] = record

    def forget_recent(self) -> None:
        """Every part has taken in what was read: let go of it, in a process that lives on."""
        self._recent.clear()

    def set_signature(self, realm: Realm, path: str, signature: str) -> None:
        """A saved file was looked at again, and says what it said."""
        where = "WHERE realm = ? AND path = ?"
        self._db.execute(f"UPDATE files SET signature = ? {where}", (signature, realm, stored_path(path)))

    def remove(self, realm: Realm, path: str) -> None:
        """Forget a version of a file."""
        stored = stored_path(path)
        self._unlink(realm, stored)
        self._db.execute("DELETE FROM files WHERE realm = ? AND path = ?", (realm, stored))

    def _unlink(self, realm: Realm, stored: str, new: Sequence[Naming] = ()) -> None:
        """Forget what the version at a path referred to (what stands there from now on gives the names
        `new`), and note the path as pending for every part."""
        if realm is Realm.COMMITTED:
            self._rename(stored, new)
            self._db.execute(_NOTE_CONFLICTS_OF, (stored,))
            self._db.execute("DELETE FROM refs WHERE path = ?", (stored,))
            self._db.execute("DELETE FROM link_names WHERE path = ?", (stored,))
            self._db.execute("DELETE FROM proposers WHERE path = ?", (stored,))
        self._note(realm, stored)

    def _rename(self, stored: str, new: Iterable[Naming]) -> None:
        """Forget the names that a path gave. Where `new` ones differ, what is claimed under either is another
        slot's from now on: it is pending for the search for conflicts."""
        rows = self._db.execute("SELECT scope, name, own FROM names WHERE path = ?", (stored,)).fetchall()
        differing = set(rows) ^ {(one.scope, one.name, one.own) for one in new}
        self._note_named(differing)
        self._db.execute("DELETE FROM names WHERE path = ?", (stored,))

    def _note_named(self, rows: Iterable[tuple[str, str, str]]) -> None:
        """The claims about what these (scope, name, own) name are to be looked at, where aliases are among
        them: those of a thing; of a project, those that its alias names, and of the things named in it."""
        for scope, name, own in sorted(rows):
            is_project = scope == PROJECTS
            if name == own and not self._is_alias(name):
                continue
            part = "scope" if is_project else "thing"
            for called in {name, *(() if is_project else self._owns(name, own))}:
                self._note_where(f"{part} = ? AND {part} != ''", called)
            if is_project:
                for one in {name, own}:
                    self._note_where(
                        "thing != '' AND thing IN (SELECT name FROM names WHERE scope = ? AND name != own)",
                        one,
                    )
                    self._note_where(
                        "thing != '' AND thing IN (SELECT own FROM names WHERE scope = ? AND name != own)",
                        one,
                    )
                self._note_where("kind = 'conflict' AND scope = ? AND scope != ''", own)

    def _is_alias(self, name: str) -> bool:
        row = self._db.execute(
            "SELECT 1 FROM names WHERE name = ? AND own != name LIMIT 1", (name,)
        ).fetchone()
        return row is not None

    def _owns(self, name: str, own: str) -> set[str]:
        """What a name means, or meant."""
        return {own, *(row[0] for row in self._db.execute("SELECT own FROM names WHERE name = ?", (name,)))}

    def _note_where(self, where: str, value: str) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO pending SELECT 'conflicts', realm, path, random() FROM files "
            f"WHERE realm = 0 AND {where}",
            (value,),
        )

    def _note(self, realm: Realm, stored: str) -> None:
        """Every part is to take in what stands at a path now; what failed before is another version."""
        parts = PARTS + CAPTURE_PARTS if stored.startswith("captures/") else PARTS
        self._db.executemany(_NOTE, [(part, realm, stored) for part in parts])
        self._db.execute("DELETE FROM failed WHERE realm = ? AND path = ?", (realm, stored))

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
            self._note(Realm.COMMITTED, stored)
            if column != "decided":  # whether the names that it gives count is another now
                rows = self._db.execute("SELECT scope, name, own FROM names WHERE path = ?", (stored,))
                self._note_named(rows.fetchall())

    def set_unknown(self, realm: Realm, unknown: Mapping[str, str], asked: Iterable[str] | None) -> None:
        """Note what could not be looked at just now (path to reason), of the paths that were `asked` about
        (None: of the whole realm)."""
        if asked is None:
            self._db.execute("DELETE FROM unknown WHERE realm = ?", (realm,))
        else:
            rows = [(realm, stored_path(path)) for path in asked]
            self._db.executemany("DELETE FROM unknown WHERE realm = ? AND path = ?", rows)
        rows_new = [(realm, stored_path(path), reason) for path, reason in unknown.items()]
        self._db.executemany("INSERT OR REPLACE INTO unknown VALUES (?, ?, ?)", rows_new)
