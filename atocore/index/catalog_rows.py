"""Reading the catalog: rows and the snapshot of what is committed. Knows its tables, and writes none."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from atocore.records.brief import Brief, restored_briefs
from atocore.records.codec import read
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import Naming, Remembered, canonical, in_slot
from atocore.records.problem import Problem
from atocore.records.proposer import Proposer
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
    """A catalog that is open for reading; also the `Snapshot` of what is committed."""

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
                record = replace(record, status=_counts_as(record.kind), distrusted=True)
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

    @property
    def commit(self) -> str:
        """See `Snapshot`."""
        return self.meta("commit")

    def get(self, record_id: str) -> Record | None:
        """See `Snapshot`."""
        return next(self._records("WHERE realm = 0 AND id = ? AND owner = 1", (record_id,)), None)

    def local(self, record_id: str) -> Record | None:
        """The record with that id among what git ignores on purpose (captures)."""
        return next(self._records("WHERE realm = 2 AND id = ? ORDER BY path", (record_id,)), None)

    def matching(self, part: str) -> list[Record]:
        """The committed records at the path `part`, or whose id ends or starts with it (4 characters up)."""
        at_path = list(self._records("WHERE realm = 0 AND path = ?", (stored_path(part),)))
        if at_path or len(part) < 4:
            return at_path
        safe = part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        where = (
            "WHERE realm = 0 AND owner = 1 AND (id LIKE ? ESCAPE '\\' OR id LIKE ? ESCAPE '\\') ORDER BY id"
        )
        return list(self._records(where, (f"{safe}%", f"%{safe}")))

    def raw_at(self, path: str) -> bytes | None:
        """See `Snapshot`."""
        return self.raw(Realm.COMMITTED, path)

    def select(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Record]:
        """See `Snapshot`."""
        kinds, statuses = tuple(kinds), tuple(statuses)
        where, values = _fitting(kinds, statuses, project, type_)
        # `+path` is sorted afterwards; `path` would make SQLite walk every file in that order
        order = "+path" if kinds else "path"
        for record in self._records(f"{where} ORDER BY {order}", values):
            if not statuses or record.status in statuses:
                yield record

    def briefs(
        self, kinds: Iterable[Kind] = (), statuses: Iterable[str] = (), project: str = "", type_: str = ""
    ) -> Iterator[Brief]:
        """See `Snapshot`."""
        kinds, statuses = tuple(kinds), tuple(statuses)
        where, values = _fitting(kinds, statuses, project, type_)
        try:
            rows = self._db.execute(
                "SELECT id, kind, type, CASE WHEN distrusted THEN '' ELSE status END, project, path, brief "
                f"FROM files INDEXED BY files_brief {where} AND owner = 1",
                values,
            ).fetchall()
        except UnicodeEncodeError:
            return
        rows.sort()  # by id: SQLite would carry every brief through its own sorting
        for brief in restored_briefs(rows):
            status = brief.status
            if not status and brief.kind in KINDS and KINDS[brief.kind].statuses:
                status = _counts_as(brief.kind)
                brief = brief._replace(status=status)
            if "%" in brief.path:
                brief = brief._replace(path=shown_path(brief.path))
            if not statuses or status in statuses:
                yield brief

    def in_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        return in_slot(self, slot)

    def stating_slot(self, slot: tuple[str, ...]) -> tuple[Record, ...]:
        """See `Snapshot`."""
        where = "WHERE realm = 0 AND slot = ? AND slot != '' ORDER BY id"
        return tuple(self._records(where, (slot_key(slot),)))

    def stated_slots(self, *, project: str = "", thing: str = "") -> frozenset[tuple[str, ...]]:
        """See `Snapshot`."""
        asked = {"scope": project, "thing": thing}
        # `!= ''` lets SQLite use the index, which holds no empty names
        where = "".join(f" AND {column} = ? AND {column} != ''" for column, name in asked.items() if name)
        values = tuple(name for name in asked.values() if name)
        query = f"SELECT DISTINCT slot FROM files WHERE realm = 0 AND slot != ''{where}"
        return frozenset(tuple(json.loads(row[0])) for row in self._db.execute(query, values))

    def namings_in(self, scopes: Collection[str] | None, text: str = "") -> tuple[Naming, ...]:
        """See `Snapshot`."""
        where, values = ["f.owner = 1", "f.distrusted = 0"], list[str]()
        if text:
            where.append("(n.name = ? OR n.own = ?)")
            values += [text, text]
        if scopes is not None:
            where.append(f"n.scope IN ({','.join('?' * len(scopes))})")
            values += scopes
        rows = self._db.execute(
            # CROSS: by name first; SQLite would go through every file
            "SELECT n.scope, n.name, n.own, f.id FROM names n CROSS JOIN files f "
            f"ON f.realm = 0 AND f.path = n.path WHERE {' AND '.join(where)} ORDER BY 1, 2, 3, 4",
            values,
        )
        return tuple(map(Naming._make, rows))

    def slots(self, *statuses: str, more_than: int = 1) -> list[tuple[str, ...]]:
        """The slots that more than so many committed records of some statuses (none named: active) claim,
        however their names are spelled: where conflicts can be."""
        wanted = statuses or ("active",)
        claimed = f"FROM files WHERE realm = 0 AND slot != '' AND status IN ({', '.join('?' * len(wanted))})"
        alias = "(SELECT name FROM names WHERE name != own AND scope {} char(10))"
        several = self._db.execute(
            f"SELECT slot {claimed} GROUP BY slot HAVING count(*) > ?", (*wanted, more_than)
        )
        by_alias = f"thing IN {alias.format('!=')} OR scope IN {alias.format('=')}"
        renamed = self._db.execute(f"SELECT slot, count(*) {claimed} AND ({by_alias}) GROUP BY slot", wanted)
        names = Remembered(self)
        found = {canonical(names, tuple(json.loads(row[0]))) for row in several}
        numbers = Counter[tuple[str, ...]]()
        for stored, number in renamed:
            slot = tuple(json.loads(stored))
            meant = canonical(names, slot)
            numbers[meant] += number if meant != slot else 0
        one = f"SELECT count(*) {claimed} AND slot = ?"
        for slot, number in numbers.items():
            if number + int(self._db.execute(one, (*wanted, slot_key(slot))).fetchone()[0]) > more_than:
                found.add(slot)
        return sorted(found)

    def alike(self) -> list[str]:
        """The ids of committed active records whose wording another one has."""
        worded = "realm = 0 AND owner = 1 AND distrusted = 0 AND wording != ''"
        rows = self._db.execute(
            f"SELECT id FROM files WHERE {worded} AND wording IN "
            f"(SELECT wording FROM files WHERE {worded} GROUP BY 1 HAVING count(*) > 1) ORDER BY +id"
        )
        return [row[0] for row in rows]

    def stating(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        where = "WHERE realm = 0 AND statement = ? AND statement != '' ORDER BY id"
        return tuple(self._records(where, (key,))) if key else ()

    def worded(self, key: str, most: int) -> tuple[Record, ...]:
        """See `Snapshot`."""
        where = "WHERE realm = 0 AND wording = ? AND wording != '' AND owner = 1 AND distrusted = 0"
        return tuple(self._records(f"{where} ORDER BY id LIMIT ?", (key, most))) if key else ()

    def referring(self, record_id: str, kind: Kind | None = None) -> tuple[Record, ...]:
        """See `Snapshot`."""
        # `+`: by reference first; SQLite would go through every record, for the kind's or the order's sake
        where = "WHERE realm = 0 AND path IN (SELECT path FROM refs WHERE target = ?)"
        if kind is None:
            return tuple(self._records(f"{where} ORDER BY +id", (record_id,)))
        return tuple(self._records(f"{where} AND +kind = ? ORDER BY +id", (record_id, kind)))

    def named(self, key: str) -> tuple[Record, ...]:
        """See `Snapshot`."""
        where = "WHERE realm = 0 AND path IN (SELECT path FROM link_names WHERE name = ?) ORDER BY +id"
        return tuple(self._records(where, (key,)))

    def problems(self) -> tuple[Problem, ...]:
        """See `Snapshot`."""
        where = "WHERE realm = 0 AND (problems != '[]' OR owner = 0 OR distrusted = 1) ORDER BY path"
        return tuple(problem for row in self._rows(where, ()) for problem in row.problems)

    def proposed(self) -> dict[tuple[Proposer, str], int]:
        """See `Snapshot`."""
        rows = self._db.execute(
            "SELECT p.family, p.name, CASE WHEN f.distrusted THEN 'waiting' ELSE p.outcome END, count(*) "
            "FROM proposers p JOIN files f ON f.realm = 0 AND f.path = p.path AND f.owner = 1 "
            "GROUP BY 1, 2, 3"
        )
        return {(Proposer(family, name), outcome): number for family, name, outcome, number in rows}

    def counts(self) -> dict[tuple[str, str], int]:
        """How many committed records of each (kind, status)."""
        rows = self._db.execute(
            "SELECT kind, CASE WHEN distrusted THEN 'candidate' ELSE status END, count(*) FROM files "
            "WHERE realm = 0 AND id != '' AND owner = 1 GROUP BY 1, 2 ORDER BY 1, 2"
        )
        return {(kind, status): number for kind, status, number in rows}

    def shared_ids(self) -> set[str]:
        """The ids that more than one committed file has."""
        rows = self._db.execute(
            "SELECT id FROM files WHERE realm = 0 AND id != '' GROUP BY id HAVING count(*) > 1"
        )
        return {row[0] for row in rows}

    def in_status(self, statuses: Iterable[str], paths: Iterable[str] | None = None) -> list[Record]:
        """The committed records whose file states one of `statuses` (at `paths`, where given), as their files
        say it, whoever made the step."""
        allowed = tuple(statuses)
        query = (
            "SELECT path, raw FROM files WHERE realm = 0 AND owner = 1 AND id != '' AND raw IS NOT NULL "
            f"AND status IN ({','.join('?' * len(allowed))})"
        )
        if paths is None:
            rows = self._db.execute(f"{query} ORDER BY path", allowed).fetchall()
        else:
            one = f"{query} AND path = ?"
            rows = [row for p in paths for row in self._db.execute(one, (*allowed, stored_path(p)))]
        read_again = (self._record(Realm.COMMITTED, shown_path(path), raw) for path, raw in rows)
        return [record for record in read_again if record is not None]

    def _records(self, where: str, values: tuple[object, ...]) -> Iterator[Record]:
        rows = self._rows(where, values)
        return (row.record for row in rows if row.record is not None)


def _fitting(
    kinds: tuple[Kind, ...], statuses: tuple[str, ...], project: str, type_: str
) -> tuple[str, tuple[object, ...]]:
    """The WHERE clause for what a snapshot selects, and its values. What a machine decided fits any status:
    it counts as another one than its file says."""
    where, values = ["realm = 0", "id != ''"], list[object]()
    for column, allowed in (("kind", kinds), ("project", (project,) * bool(project))):
        if allowed:
            where.append(f"{column} IN ({','.join('?' * len(allowed))})")
            values += allowed
    if statuses:
        where.append(f"(distrusted = 1 OR status IN ({','.join('?' * len(statuses))}))")
        values += statuses
    if type_:
        where.append("type = ?")
        values.append(type_)
    return f"WHERE {' AND '.join(where)}", tuple(values)


def _counts_as(kind: Kind) -> str:
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
