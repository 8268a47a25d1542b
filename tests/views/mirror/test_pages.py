"""Pages of each kind with nothing, one thing and many things to show; their links; a whole small vault."""

from __future__ import annotations

from pathlib import Path

import pytest
from helpers import files_of, vault_of
from views.mirror.site import dead_links, site, site_of, unreached

from atocore.records.ids import ALPHABET
from atocore.records.snapshot import MemorySnapshot

GOLDEN = Path(__file__).parent / "golden"
RULED = """\
ruling:
  step: promote
  by: Ann Lee <ann@example.org>
  at: 2026-11-2{day}T09:00:00Z
  why: weighed
"""
SMALL = f"""
-- projects/scope.md --
---
id: prj-sc0pe0000000
kind: project
status: active
name: scope
title: Telescope
---
A 300 mm telescope for the roof.

Much more is to be said of it.
-- entities/scope/scope.md --
id: ent-t0p
type: subsystem
project: scope
title: Mirror assembly
-- entities/scope/cell.md --
id: ent-ce11
type: component
project: scope
title: Mirror cell
relations:
  - type: part_of
    target: ent-t0p
  - type: satisfies
    target: ent-req
-- entities/scope/req.md --
id: ent-req
type: requirement
project: scope
title: The mirror must not weigh more than 5 kg
subject: primary mirror
attribute: maximum mass
value: 5 kg
{RULED.format(day=1)}
-- entities/scope/mass.md --
id: ent-mass
type: parameter
project: scope
title: Mass on the bench
subject: primary mirror
attribute: mass
value: 4.2 kg
provenance:
  path: docs/bench.md
  quote: it weighs 4.2 kg
{RULED.format(day=2)}
-- memories/scope/mass.md --
id: mem-mass
project: scope
title: Mass by the drawing
subject: primary mirror
attribute: mass
value: 4.8 kg
-- memories/scope/maybe.md --
id: mem-maybe
status: candidate
project: scope
title: "Mass [x](http://evil.example) <b> | guess"
subject: primary mirror
attribute: mass
value: 6 kg
created: 2026-11-24T09:00:00Z
-- entities/scope/glass.md --
id: ent-g1ass
type: decision
project: scope
title: Use Zerodur
question: Which glass?
value: Zerodur
{RULED.format(day=3)}
-- entities/scope/cool.md --
id: ent-c001
type: decision
project: scope
title: "Cool it: with air"
question: How is it cooled?
value: air
{RULED.format(day=4)}
-- state/scope/phase.md --
id: sta-phase
project: scope
attribute: phase
value: built
title: "phase: built"
{RULED.format(day=3).replace("promote", "set")}
-- memories/broken.md --
---
id: nonsense
kind: memory
---
Broken.
"""


def ids(number: int) -> str:
    return f"{ALPHABET[number // 32 % 32]}{ALPHABET[number % 32]}"


def many(number: int, folder: str, keys: str) -> str:
    """So many records of one kind, about different things."""
    prefix = {"entities": "ent", "memories": "mem", "state": "sta"}[folder]
    return "".join(
        f"-- {folder}/p/{at:04}.md --\nid: {prefix}-n{ids(at)}\nproject: p\ntitle: Thing {at:04}\n"
        + keys.format(at=at, half=at // 2)
        + RULED.format(day=at % 9)
        for at in range(number)
    )


SHOWN_APART = ("decision", "requirement", "parameter", "material", "subsystem")
LISTED = {
    **{f"entities:{one}": ("entities", f"type: {one}\nquestion: Why {{at}}?\n") for one in SHOWN_APART},
    "memories": ("memories", "value: about {at}\n"),
    "candidates": ("memories", "status: candidate\nvalue: about {at}\n"),
    "state": ("state", "attribute: key {at}\nvalue: v{at}\n"),
    "conflicts": ("memories", "subject: thing {half}\nattribute: mass\nvalue: {at} kg\n"),
    "parts": ("entities", "type: component\nrelations:\n  - type: part_of\n    target: ent-n00\n"),
}


@pytest.mark.parametrize("number", [0, 1, 500])
@pytest.mark.parametrize("kind", LISTED)
def test_each_page_reads_with_nothing_one_thing_and_many(kind: str, number: int) -> None:
    folder, keys = LISTED[kind]
    files = files_of(many(number, folder, keys))
    pages = site_of(MemorySnapshot(files))
    assert {"mirror/index.md", "mirror/conflicts.md", "mirror/review.md", "mirror/problems.md"} <= set(pages)
    assert dead_links(pages, files) == []
    assert unreached(pages) == set()
    assert max(len(text.splitlines()) for text in pages.values()) < 700
    shown = "\n".join(pages.values())
    assert all(f"Thing {at:04}" in shown for at in range(number))
    for text in pages.values():  # a git host draws no more
        assert text.count("-->|") <= 500


def test_a_conflict_of_many_sides_is_no_wall() -> None:
    files = files_of(many(60, "memories", "subject: thing\nattribute: mass\nvalue: {at} kg\n"))
    pages = site_of(MemorySnapshot(files))
    (page,) = (text for path, text in pages.items() if path.startswith("mirror/p/conflicts/"))
    assert "30 more sides" in page
    assert max(len(line) for text in pages.values() for line in text.splitlines()) < 700


def test_a_vault_without_anything_says_what_to_do() -> None:
    pages = site("")
    assert "`atocore ingest DOCS` proposes" in pages["mirror/index.md"]
    assert "0 open conflicts" in pages["mirror/conflicts.md"]
    assert "0 candidates" in pages["mirror/review.md"]
    assert "No problems" in pages["mirror/problems.md"]


def test_links_lead_to_files_also_after_records_moved() -> None:
    files = files_of(SMALL)
    moved = {path.replace("/scope/", "/far away/ü #1/"): raw for path, raw in files.items()}
    for held in (files, moved):
        pages = site_of(MemorySnapshot(held))
        assert dead_links(pages, held) == []
        assert unreached(pages) == set()
    assert "far%20away/%C3%BC%20%231/phase.md" in pages["mirror/scope/state.md"]


def test_the_golden_pages() -> None:
    """To take over a change on purpose: delete the file, and run this twice."""
    pages = site_of(vault_of(SMALL))
    wanted = {path.relative_to(GOLDEN).as_posix(): path.read_text("utf-8") for path in GOLDEN.rglob("*.md")}
    for path in GOLDEN_PAGES:
        if path not in wanted:
            (GOLDEN / path).parent.mkdir(parents=True, exist_ok=True)
            (GOLDEN / path).write_text(pages[f"mirror/{path}"], "utf-8")
    assert wanted == {path: pages[f"mirror/{path}"] for path in GOLDEN_PAGES}


GOLDEN_PAGES = (
    "index.md",
    "conflicts.md",
    "review.md",
    "problems.md",
    "scope/index.md",
    "scope/decisions.md",
    "scope/requirements.md",
    "scope/system.md",
    "scope/state.md",
    "scope/timeline.md",
    "scope/records/mass-on-the-bench--mass00000000.md",
)
