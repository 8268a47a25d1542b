"""Reading the catalog: versions of files, and what stands beside each. Knows its tables, and writes none."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from atocore.records.codec import read
from atocore.records.kinds import Kind
from atocore.records.problem import Problem
from atocore.records.record import Record


class Realm(IntEnum):
    """Where a file's version stands."""

    COMMITTED = 0
    DRAFT = 1
    LOCAL = 2


@dataclass(frozen=True, slots=True)
class Row:
    """A catalogued version: its record (None where an error stands against it), and what stands beside it."""

    realm: Realm
    path: str
    oid: str
    record: Record | None
    problems: tuple[Problem, ...]
    deleted: bool = False


Contents = dict[str, dict[str, object]]
"""What a catalog holds, by table and key."""


class CatalogRows:
    """A catalog that is open for reading, by files."""

    _db: sqlite3.Connection
    _max_bytes: int
    _recent: dict[tuple[Realm, str], Record]

    def meta(self, name: str) -> str:
        """A remembered fact, "" where there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def state(self) -> tuple[int, int, int]:
        """What differs as soon as this or another process has written: for what is kept of a catalog."""
        return id(self), int(self._db.execute("PRAGMA data_version").fetchone()[0]), self._db.total_changes

    def rows(self, realm: Realm, paths: Sequence[str] | None = None) -> Iterator[Row]:
        """The catalogued versions of a realm, by path; only those at `paths` where given."""
        if paths is None:
            yield from self._rows("WHERE realm = ? ORDER BY path", (realm,))
            return
        for path in paths:
            yield from self._rows("WHERE realm = ? AND path = ?", (realm, stored_path(path)))

    def raw(self, realm: Realm, path: str) -> bytes | None:
        """The bytes of one version, None where there is none or they could not be read."""
        row = self._db.execute(
            "SELECT raw FROM files WHERE realm = ? AND path = ?", (realm, stored_path(path))
        ).fetchone()
        return row[0] if row else None

    def versions(self, realm: Realm) -> dict[str, tuple[str, str]]:
        """Path to (oid, signature) of every version in a realm."""
        rows = self._db.execute("SELECT path, oid, signature FROM files WHERE realm = ?", (realm,))
        return {shown_path(row[0]): (row[1], row[2]) for row in rows}

    def odd(self, realm: Realm) -> dict[str, str]:
        """Path to git mode of what is no regular file."""
        rows = self._db.execute("SELECT path, mode FROM odd WHERE realm = ? ORDER BY path", (realm,))
        return {shown_path(row[0]): row[1] for row in rows}

    def identities(self) -> Iterator[tuple[str, str, str, str, str]]:
        """Path, blob, id, kind and status of every committed file, by path; of a file that is no record the
        last three are ""."""
        rows = self._db.execute(
            "SELECT path, oid, id, kind, status FROM files WHERE realm = ? ORDER BY path", (Realm.COMMITTED,)
        )
        return ((shown_path(row[0]), row[1], row[2] or "", row[3] or "", row[4] or "") for row in rows)

    def versions_at(self, realm: Realm, paths: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Path to (oid, signature) of the versions that a realm holds at these paths."""
        query = "SELECT oid, signature FROM files WHERE realm = ? AND path = ?"
        found = ((path, self._db.execute(query, (realm, stored_path(path))).fetchone()) for path in paths)
        return {path: (row[0], row[1]) for path, row in found if row is not None}

    def contents(self) -> Contents:
        """All that the vault decides of a catalog, by table and key, for comparing two: not when a file was
        looked at, nor what is pending."""
        files = self._db.execute(
            "SELECT realm, path, oid, raw, id, kind, type, status, project, created, slot, statement, "
            "wording, problems, brief, owner, distrusted, decided FROM files"
        )
        refs = self._db.execute("SELECT path, target FROM refs")
        names = self._db.execute("SELECT path, name FROM link_names")
        made = self._db.execute("SELECT path, family, name, outcome FROM proposers")
        named = self._db.execute("SELECT path, name, scope, own FROM names")
        odd = self._db.execute("SELECT realm, path, mode FROM odd")
        return {
            "file": {f"{Realm(row[0]).name.lower()} {shown_path(row[1])}": row[2:] for row in files},
            "reference": {f"{shown_path(row[0])} to {row[1]}": True for row in refs},
            "name": {f"{shown_path(row[0])} as {row[1]}": True for row in names},
            "proposer": {f"{shown_path(row[0])} by {row[1]} {row[2]}": row[3] for row in made},
            "naming": {f"{shown_path(row[0])} names {row[1]}": row[2:] for row in named},
            "odd file": {f"{Realm(row[0]).name.lower()} {shown_path(row[1])}": row[2] for row in odd},
        }

    def born_since(self, day: str) -> frozenset[str]:
        """The paths of records that were made on or after a day, by their `created`."""
        rows = self._db.execute("SELECT path FROM files WHERE created != '' AND created >= ?", (day,))
        return frozenset(shown_path(row[0]) for row in rows)

    def unknown(self) -> dict[str, str]:
        """Path to reason of every file or folder that could not be looked at the last time."""
        rows = self._db.execute("SELECT path, reason FROM unknown ORDER BY path")
        return {shown_path(row[0]): row[1] for row in rows}

    def count(self, realm: Realm) -> int:
        """How many versions a realm holds."""
        return int(self._db.execute("SELECT count(*) FROM files WHERE realm = ?", (realm,)).fetchone()[0])

    def ids_at(self, paths: Iterable[str]) -> set[str]:
        """The ids of the committed files at these paths."""
        query = "SELECT id FROM files WHERE realm = 0 AND path = ? AND id != ''"
        return {row[0] for path in paths for row in self._db.execute(query, (stored_path(path),))}

    def paths_of(self, ids: Iterable[str]) -> dict[str, list[str]]:
        """Each id that a committed file has, and every committed path with it."""
        query = "SELECT path FROM files WHERE realm = 0 AND id = ? ORDER BY path"
        found = {record: [shown_path(row[0]) for row in self._db.execute(query, (record,))] for record in ids}
        return {record: paths for record, paths in found.items() if paths}

    def _rows(self, where: str, values: tuple[object, ...]) -> Iterator[Row]:
        query = f"SELECT realm, path, oid, raw, problems, owner, distrusted, decided, id FROM files {where}"
        try:
            found = self._db.execute(query, values)
        except UnicodeEncodeError:  # a name with undecodable bytes: no id, project or type holds any
            return
        for realm, stored, oid, raw, listed, owner, distrusted, decided, known in found:
            path = shown_path(stored)
            problems = [Problem(path, line, code, message) for line, code, message in json.loads(listed)]
            deleted = raw is None and not problems
            record = self._record(Realm(realm), path, raw) if raw is not None and known else None
            if record is not None and not owner:
                told = (
                    f"{record.id} is also the id of {self._owner_path(record.id)}, which was committed first"
                )
                problems.append(Problem(path, record.header.line("id"), "duplicate-id", told))
                record = None
            if record is not None and distrusted:
                told = f"{decided} set the status to {record.status}"
                problems.append(Problem(path, record.header.line("status"), "machine-step", told))
                record = replace(record, status=counts_as(record.kind), distrusted=True)
            yield Row(Realm(realm), path, oid, record, tuple(problems), deleted)

    def _record(self, realm: Realm, path: str, raw: bytes) -> Record | None:
        recent = self._recent.get((realm, path))
        if recent is not None and recent.raw == raw:
            return recent
        return read(path, raw, max_bytes=self._max_bytes).record

    def _owner_path(self, record_id: str) -> str:
        query = "SELECT path FROM files WHERE realm = 0 AND id = ? AND owner = 1"
        row = self._db.execute(query, (record_id,)).fetchone()
        return shown_path(row[0]) if row else "another file"

    def _records(self, where: str, values: tuple[object, ...]) -> Iterator[Record]:
        rows = self._rows(where, values)
        return (row.record for row in rows if row.record is not None)


def counts_as(kind: Kind) -> str:
    """The status that a machine's step is read as, until a person confirms it."""
    match kind:
        case Kind.STATE:
            return "candidate"  # no status of state's own: it counts nowhere
        case Kind.CONFLICT:
            return "open"
        case _:
            return "candidate"


def slot_key(slot: tuple[str, ...] | None) -> str:
    """A slot as the catalog stores it, "" for none."""
    return json.dumps(slot, ensure_ascii=False) if slot else ""


def stored_path(path: str) -> str:
    """A path as SQLite can hold it: undecodable bytes escaped, reversibly (`%` too, so nothing collides)."""
    if path.isascii() and "%" not in path:
        return path
    return "".join(f"%{ord(c) & 0xFF:02x}" if 0xDC80 <= ord(c) <= 0xDCFF or c == "%" else c for c in path)


def shown_path(stored: str) -> str:
    """The path behind what `stored_path` made."""
    if "%" not in stored:
        return stored
    head, *rest = stored.split("%")
    return head + "".join(_unescaped(int(part[:2], 16)) + part[2:] for part in rest)


def _unescaped(byte: int) -> str:
    return "%" if byte == 0x25 else chr(0xDC00 + byte)
