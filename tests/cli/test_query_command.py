"""`atocore query` as it is called: the list, a table, a tree, JSON, a picture, refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import wcwidth
from desk import Desk

from atocore.cli.paper import Paper
from atocore.cli.query_paper import table_lines, tree_lines
from atocore.views.queries.table import QUERIES

Run = Callable[..., Any]
LONG = "A requirement whose title is far longer than any terminal is wide, so that it must be broken 鏡の質量"
MODEL = f"""
-- entities/p04/{"long-name-" * 12}.md --
id: ent-r
type: requirement
project: p04
title: {LONG}
value: "<= 5 kg, and then some more of it that takes a lot of room in a narrow table"
-- entities/p05/other.md --
id: ent-r2
type: requirement
project: p05
title: Other
subject: mirror
attribute: mass
value: 4 kg
-- entities/p05/third.md --
id: ent-r3
type: requirement
project: p05
title: Third
subject: mirror
attribute: mass
value: 5 kg
-- entities/p04/tube.md --
id: ent-tbe
type: subsystem
project: p04
title: Tube
-- entities/p04/cell.md --
id: ent-ce1
type: component
project: p04
title: {LONG}
relations: [{{type: part_of, target: "[[Tube]]"}}]
-- entities/p04/draft.md --
id: ent-cd
type: component
status: candidate
project: p04
title: Proposed
"""


@pytest.fixture
def model(desk: Desk) -> Iterator[Desk]:
    desk.commit(MODEL)
    desk.save("-- entities/p04/saved.md --\nid: ent-svd\ntype: component\nproject: p04\ntitle: Only saved\n")
    yield desk


def test_without_a_name_every_query_is_listed_with_its_question(model: Desk, run: Run) -> None:
    told = run("query")
    assert told.code == 0
    assert all(query.name in told.out and query.question in told.out for query in QUERIES.values())
    listed = run("query", "--json").json["queries"]
    assert [one["name"] for one in listed] == list(QUERIES)


def test_a_table_names_each_record_and_marks_what_is_disputed(model: Desk, run: Run) -> None:
    told = run("query", "orphan-requirements")
    assert told.code == 0
    assert "── p04 ─" in told.out
    assert "ent-r20000000000  entities/p05/other.md" in told.out
    assert "⚠ disputed: 5 kg (ent-r30000000000, L2)" in told.out
    assert max(map(wcwidth.width, told.out.splitlines())) <= 80


def test_a_tree_shows_what_is_committed_and_active_alone(model: Desk, run: Run) -> None:
    told = run("query", "system-map", "-p", "p04")
    assert told.out.splitlines()[0] == "Tube  (subsystem ent-tbe000000000)"
    assert "(component ent-ce1000000000)" in told.out
    assert "Proposed" not in told.out
    assert "Only saved" not in told.out
    assert max(map(wcwidth.width, told.out.splitlines())) <= 80


def test_json_holds_rows_or_a_tree(model: Desk, run: Run) -> None:
    rows = run("query", "orphan-requirements", "--json").json
    assert rows["query"] == "orphan-requirements"
    assert rows["commit"] == model.head()
    assert rows["tree"] is None
    assert [row["disputed"][0]["value"] for row in rows["rows"] if row["disputed"]] == ["5 kg", "4 kg"]
    tree = run("query", "impact", "Tube", "--json").json
    assert (tree["rows"], tree["argument"]["title"], tree["notes"]) == (
        None,
        "Tube",
        ["nothing depends on Tube: no record is related to it so"],
    )
    nested = run("query", "system-map", "--json").json["tree"][0]
    assert [branch["via"] for branch in nested["branches"]] == ["part"]


def test_python_gives_what_json_prints(model: Desk, run: Run) -> None:
    answer = model.vault.query("orphan-requirements", project="p05", limit=1)
    told = run("query", "orphan-requirements", "-p", "p05", "--limit", "1", "--json").json
    assert answer.rows is not None
    assert [row["id"] for row in answer.rows] == [row["id"] for row in told["rows"]]
    assert list(answer.notes) == told["notes"] == ["the first 1 of 2 are shown"]


def test_a_picture_goes_to_stdout_and_the_talk_to_stderr(model: Desk, run: Run) -> None:
    told = run("query", "system-map", "--mermaid")
    assert told.out.startswith("flowchart LR\n")
    assert 'subgraph ent_tbe000000000_box["Tube"]' in told.out
    refused = run("query", "bill-of-materials", "--mermaid", "--json")
    assert (refused.code, refused.error["code"]) == (2, "usage")


def test_an_empty_answer_is_an_answer(model: Desk, run: Run) -> None:
    told = run("query", "bill-of-materials")
    assert (told.code, told.out) == (0, "")
    assert "give a component the relation made_of" in told.err


def test_unknown_names_are_refused_with_what_is_near(model: Desk, run: Run) -> None:
    assert run("query", "system-mup", "--json").error["hint"].startswith("like it: system-map")
    assert "Tube (ent-tbe000000000)" in run("query", "impact", "Tubes", "--json").error["hint"]
    assert run("query", "impact", LONG[:20], "--json").error["code"] == "ambiguous"
    assert run("query", "impact", "Proposed", "--json").error["hint"] == "atocore promote ent-cd0000000000"


def test_the_shell_completes_names(model: Desk, spawn: Run) -> None:
    told = spawn(
        _ATOCORE_COMPLETE="bash_complete", COMP_WORDS="atocore query sys", COMP_CWORD="2", ATOCORE_VAULT=""
    )
    assert "system-map" in told.out


@pytest.mark.parametrize("columns", [24, 40, 80, 200])
def test_every_width_is_kept(model: Desk, columns: int) -> None:
    paper = Paper(columns, 24, colours=False)
    table = model.vault.query("orphan-requirements")
    tree = model.vault.query("system-map")
    for line in (*table_lines(table, paper), *tree_lines(tree, paper)):
        assert wcwidth.width(line) <= columns, line
    assert "ent-ce1000000000" in "".join(tree_lines(tree, Paper(80, 24, colours=False)))
