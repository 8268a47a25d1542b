"""The `Snapshot` of what is committed, answered from the catalog's tables."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from atocore.index.catalog_rows import CatalogRows, Realm, counts_as, shown_path, slot_key, stored_path
from atocore.records.brief import Brief, restored_briefs
from atocore.records.kinds import KINDS, Kind
from atocore.records.naming import Naming, Remembered, canonical, in_slot
from atocore.records.problem import Problem
from atocore.records.proposer import Proposer
from atocore.records.record import Record


class CatalogSnapshot(CatalogRows):
    """A catalog that is open for reading, by records."""

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
                status = counts_as(brief.kind)
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
