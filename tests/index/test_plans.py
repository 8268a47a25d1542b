"""Every statement of a write is answered by an index: none walks a table, however large the vault."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.entries import File
from atocore.knowledge.conflicts.files import with_conflicts
from atocore.knowledge.halfsteps import missing_conflict_files, rest_of_steps
from atocore.knowledge.review import steps
from atocore.knowledge.review.deed import Deed

DEED = Deed(by="Ada <ada@example.org>", at="2026-11-29T09:12:00Z")
PAGES = {
    "projects/p.md": "id: prj-000000000001\nkind: project\nstatus: active\nproject: p\naliases:\n  - q\n",
    "entities/p/pump.md": (
        "id: ent-000000000001\nkind: entity\ntype: component\nstatus: active\nproject: p\ntitle: Pump\n"
        "aliases:\n  - feed pump\nsubject: pump\nattribute: mass\nvalue: 5 kg\nrelations:\n"
        "  - type: part_of\n    target: ent-000000000002\n"
    ),
    "memories/p/one.md": (
        "id: mem-000000000001\nkind: memory\ntype: knowledge\nstatus: candidate\nproject: q\n"
        "subject: feed pump\nattribute: mass\nvalue: 6 kg\n"
    ),
    "memories/p/two.md": (
        "id: mem-000000000002\nkind: memory\ntype: knowledge\nstatus: active\nproject: p\n"
        "subject: pump\nattribute: mass\nvalue: 5 kg\n"
    ),
}


class Watched:
    """A connection that notes what it is asked."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self.asked: dict[str, tuple[Any, ...]] = {}

    def execute(self, query: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        self.asked.setdefault(query, tuple(values))
        return self.db.execute(query, values)

    def executemany(self, query: str, rows: Iterable[tuple[Any, ...]]) -> sqlite3.Cursor:
        rows = list(rows)
        if rows:
            self.asked.setdefault(query, tuple(rows[0]))
        return self.db.executemany(query, rows)

    def __getattr__(self, name: str) -> object:
        return getattr(self.db, name)


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    made = Catalog(tmp_path / "catalog.db", max_bytes=1_000_000)
    with made.change():
        for path, head in PAGES.items():
            made.put(Realm.COMMITTED, File(path, "", f"---\n{head}---\nThe pump weighs it.\n".encode()))
    with made.change():
        for part in ("text", "vectors", "steps", "conflicts"):
            made.done(part, Realm.COMMITTED, made.pending(part, Realm.COMMITTED))
    return made


def scans(watched: Watched) -> dict[str, list[str]]:
    """The statements that walk a table, with what SQLite tells of them."""
    found = {}
    for query, values in watched.asked.items():
        if re.match(r"\s*(SELECT|INSERT|UPDATE|DELETE)", query):
            plan = [row[3] for row in watched.db.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            walked = [step for step in plan if _walks(step)]
            if walked:
                found[query] = walked
    return found


def _walks(step: str) -> bool:
    """Whether a step of a plan goes through the files, or through all of a realm."""
    goes_through = re.match(r"SCAN (?!CONSTANT|\d+ CONSTANT|pending)", step)
    return bool(goes_through or re.search(r"\(realm=\?\)$", step))


def test_a_step_walks_no_table(catalog: Catalog) -> None:
    watched = Watched(catalog._db)
    catalog._db = watched  # type: ignore[assignment]
    candidate = catalog.get("mem-000000000001")
    assert candidate is not None
    plan, clashes = with_conflicts(catalog, steps.promote(catalog, [candidate], DEED))
    assert clashes, "the step must make a conflict, or half of what it asks is not asked"
    with catalog.change():
        for change in plan.changes:
            catalog.put(Realm.COMMITTED, File(change.path, "", change.new))
    pending = list(catalog.pending("conflicts", Realm.COMMITTED))
    rest_of_steps(catalog, pending, DEED)
    missing_conflict_files(catalog, pending)
    assert len(watched.asked) > 20
    assert scans(watched) == {}


def test_an_alias_walks_no_table(catalog: Catalog) -> None:
    watched = Watched(catalog._db)
    catalog._db = watched  # type: ignore[assignment]
    for path in ("projects/p.md", "entities/p/pump.md"):
        raw = f"---\n{PAGES[path]}---\nx\n".replace("  - q\n", "").replace("feed pump", "main pump").encode()
        with catalog.change():
            catalog.put(Realm.COMMITTED, File(path, "", raw))
    assert scans(watched) == {}


def test_removing_a_file_walks_no_table(catalog: Catalog) -> None:
    watched = Watched(catalog._db)
    catalog._db = watched  # type: ignore[assignment]
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/p/two.md")
    missing_conflict_files(catalog, ["memories/p/two.md"])
    assert scans(watched) == {}
