"""How a question is put: names, limits, projects, empty answers; and what holds of every query."""

from __future__ import annotations

import pytest
from helpers import reversed_order, vault_of, whole
from hypothesis import given, settings
from hypothesis import strategies as st
from queried import ask, ids, outline

from atocore.errors import AtocoreError
from atocore.records.kinds import ENTITY_TYPES
from atocore.records.relation_table import RELATION_TYPES
from atocore.views.queries.answer import DEEPEST
from atocore.views.queries.asked import Takes
from atocore.views.queries.asking import QueryAnswer
from atocore.views.queries.table import QUERIES
from atocore.views.queries.table_past import PAST_QUERIES

NAMED = """
-- entities/scope/mirror-cell--a00000.md --
id: ent-a
type: component
project: scope
title: Mirror cell
aliases: [M1 cell]
-- entities/other/mirror-cell.md --
id: ent-b
type: component
project: other
title: Mirror cell
-- entities/scope/tube.md --
id: ent-tbe
type: component
project: scope
title: Main tube
-- entities/scope/gone.md --
id: ent-gne
type: component
status: retired
project: scope
title: Old truss
-- entities/scope/maybe.md --
id: ent-mby
type: component
status: candidate
project: scope
title: Baffle
"""


@pytest.mark.parametrize(
    "name",
    [
        "ent-tbe000000000",
        "ent-tbe",
        "Main tube",
        "main-TUBE",
        "the main tube",
        "[[Main tube]]",
        "main t",
        "tube.md",
        "entities/scope/tube.md",
    ],
)
def test_a_record_is_asked_about_by_any_of_its_names(name: str) -> None:
    assert outline(ask(NAMED, "system-map", name)) == ["Main tube"]


def refused(name: str, argument: str, **options: object) -> AtocoreError:
    with pytest.raises(AtocoreError) as error:
        ask(NAMED, name, argument, **options)
    return error.value


def test_names_that_fit_none_or_several_are_refused_with_what_is_near() -> None:
    several = refused("impact", "mirror cell")
    assert several.code == "ambiguous"
    assert "ent-a00000000000" in several.message
    assert "ent-b00000000000" in several.message
    assert ask(NAMED, "impact", "mirror cell", project="other").argument.id == whole("ent-b")  # type: ignore[union-attr]
    assert ask(NAMED, "impact", "M1 cell").argument.id == whole("ent-a")  # type: ignore[union-attr]
    missing = refused("impact", "mian tube")
    assert (missing.code, "Main tube" in missing.hint) == ("not-found", True)
    assert refused("impact", "zzzz").code == "not-found"


def test_what_is_no_knowledge_is_not_asked_about() -> None:
    assert "is retired" in refused("impact", "Old truss").message
    assert refused("impact", "Baffle").hint == "atocore promote ent-mby000000000"


def test_arguments_are_checked() -> None:
    assert refused("impact", "").code == "usage"
    assert refused("orphan-requirements", "tube").code == "usage"
    assert refused("bill-of-materials", "", mermaid=True).code == "usage"
    assert "like it: system-map" in refused("sytem-map", "").hint


def test_a_project_limits_the_answer_and_an_unknown_one_is_told() -> None:
    assert outline(ask(NAMED, "system-map", project="other")) == ["Mirror cell"]
    answer = ask(NAMED, "system-map", project="nothing")
    assert answer.notes == ("no active record is of project 'nothing'; there is: other, scope",)


def test_an_empty_vault_says_how_to_begin() -> None:
    answer = ask("-- notes/a.md --\nNothing yet.\n", "system-map")
    assert answer.notes == (
        "no knowledge is active yet: promote candidates (atocore review), or write it (atocore new)",
    )


def test_a_limit_cuts_and_says_so() -> None:
    answer = ask(NAMED, "system-map", limit=2)
    assert len(outline(answer)) == 2
    assert answer.notes == ("the first 2 of 3 are shown",)


def test_a_tree_that_is_too_deep_ends_with_a_note() -> None:
    vault = "".join(
        f"-- entities/{n}.md --\nid: ent-{n:012}\ntype: component\ntitle: Part {n}\n"
        f"relations: [{{type: part_of, target: ent-{n - 1:012}}}]\n"
        for n in range(1, 2000)
    )
    lines = outline(ask(vault, "system-map"))
    assert len(lines) == DEEPEST
    assert f"more than {DEEPEST} levels" in lines[-1]


_GRAPH_QUERIES = [query for query in QUERIES.values() if query not in PAST_QUERIES]
"""Those about what holds now; the others tell of what held before, too."""


@st.composite
def vaults(draw: st.DrawFn) -> str:
    """A vault of a few records, with relations of every sort among them: circles, gaps and all statuses."""
    number = draw(st.integers(1, 8))
    names = [f"ent-{n}" for n in range(number + 1)]  # the last one is missing
    pages = []
    for n in range(number):
        relations = draw(
            st.lists(st.tuples(st.sampled_from(RELATION_TYPES), st.sampled_from(names)), max_size=4)
        )
        status = draw(st.sampled_from(("active", "active", "active", "candidate", "retired", "superseded")))
        page = f"-- entities/{n}.md --\nid: {names[n]}\ntype: {draw(st.sampled_from(ENTITY_TYPES))}\n"
        page += f"status: {status}\ntitle: Record {n % 3}\nsubject: Record {draw(st.integers(0, 3))}\n"
        if status == "superseded":
            page += f"superseded_by: {draw(st.sampled_from(names))}\n"
        lines = "".join(f"  - {{type: {type_}, target: {to}}}\n" for type_, to in relations)
        pages.append(page + (f"relations:\n{lines}" if lines else ""))
    return "".join(pages)


def answers(vault: str, *, turned: bool = False) -> list[QueryAnswer]:
    snapshot = vault_of(vault)
    if turned:
        snapshot = reversed_order(snapshot)
    active = [b.id for b in snapshot.briefs() if b.status == "active"]
    found = []
    for query in _GRAPH_QUERIES:
        takes = query.argument is not None and query.argument.takes is Takes.RECORD
        for argument in [*active[:3]] if takes and query.argument and query.argument.needed else [""]:
            found.append(ask(snapshot, query.name, argument, mermaid=query.picture))
    return found


@settings(max_examples=60, deadline=None)
@given(vaults())
def test_every_row_is_of_an_active_record_whatever_the_order_of_files(vault: str) -> None:
    active = {b.id for b in vault_of(vault).briefs() if b.status == "active"}
    told = answers(vault)
    for answer in told:
        assert {str(row["id"]) for row in answer.rows or ()} <= active
        due = list(answer.tree or ())
        for branch in due:
            assert branch.id in active
            due += branch.branches
        assert answer.rows or answer.tree or answer.notes, "an empty answer says why"
    assert answers(vault, turned=True) == told


def test_rows_name_their_record_and_where_it_lies() -> None:
    vault = "-- entities/r.md --\nid: ent-r\ntype: requirement\ntitle: R\n"
    answer = ask(vault, "orphan-requirements")
    assert ids(answer) == ["ent-r"]
    assert answer.rows and answer.rows[0]["path"] == "entities/r.md"


def test_the_table_is_whole() -> None:
    for query in QUERIES.values():
        assert query.question.endswith("?")
        assert query.example.startswith(query.name)
        assert query.rules and query.empty


def test_a_record_is_also_found_by_its_file_s_name_as_links_find_it() -> None:
    vault = "-- entities/scope/ota--a00000.md --\nid: ent-a\ntype: subsystem\ntitle: Optical tube\n"
    for name in ("ota", "OTA", "ota--a00000", "[[ota]]"):
        answer = ask(vault, "impact", name)
        assert getattr(answer.argument, "id", "") == whole("ent-a"), name


def test_an_id_that_is_no_knowledge_is_told_as_one_and_not_as_a_name() -> None:
    with pytest.raises(AtocoreError) as caught:
        ask("-- entities/a.md --\nid: ent-a\ntype: component\n", "evidence", whole("int-a"))
    assert "is no knowledge" in caught.value.message
    assert f"atocore show {whole('int-a')}" in caught.value.hint
