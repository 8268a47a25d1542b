"""trace, unverified-requirements and unsupported-claims."""

from __future__ import annotations

import pytest
from queried import ask, ids, outline

MODEL = """
-- entities/mass.md --
id: ent-r1
type: requirement
title: Mass
-- entities/cell-mass.md --
id: ent-r2
type: requirement
title: Mass of the cell
relations: [{type: part_of, target: ent-r1}, {type: based_on, target: ent-rep}]
-- entities/tube.md --
id: ent-tbe
type: subsystem
title: Tube
-- entities/cell.md --
id: ent-ce1
type: component
title: Cell
relations: [{type: satisfies, target: ent-r2}, {type: part_of, target: ent-tbe}]
-- entities/claim.md --
id: ent-cm
type: validation_claim
title: The cell is light enough
relations: [{type: validates, target: ent-r2}, {type: analyzed_by, target: ent-fem}]
-- entities/fem.md --
id: ent-fem
type: analysis_model
title: Mass model
-- entities/report.md --
id: ent-rep
type: artifact
title: Customer's specification
"""
RESULT = """
-- entities/weighed.md --
id: ent-wgh
type: result
title: Weighed
value: 4.1 kg
relations: [{type: validates, target: TARGET}]
"""


def unverified(extra: str = "") -> list[str]:
    return ids(ask(MODEL + extra, "unverified-requirements"))


def test_a_model_without_a_result_verifies_nothing_nor_does_an_origin() -> None:
    answer = ask(MODEL, "unverified-requirements")
    assert ids(answer) == ["ent-r1", "ent-r2"]
    told = {row["title"]: row["why"] for row in answer.rows or ()}
    assert told["Mass of the cell"] == "the claim “The cell is light enough” has no result"
    claims = ask(MODEL, "unsupported-claims")
    assert [(r["title"], r["why"]) for r in claims.rows or ()] == [
        ("The cell is light enough", "only a model, and no result of it: Mass model")
    ]


@pytest.mark.parametrize("target", ["ent-r2", "ent-cm", "ent-ce1"])
def test_a_result_for_it_for_its_claim_or_for_what_satisfies_it_verifies_it_and_what_is_above(
    target: str,
) -> None:
    assert unverified(RESULT.replace("TARGET", target)) == []


def test_what_is_verified_only_through_its_parts_is_told() -> None:
    answer = ask(MODEL + RESULT.replace("TARGET", "ent-ce1"), "unverified-requirements")
    assert answer.notes[0].endswith("what is below it: Mass, Mass of the cell")
    assert answer.notes[1] == "each of 2 requirements is verified"


@pytest.mark.parametrize("status", ["candidate", "retired", "rejected"])
def test_a_result_that_is_no_knowledge_verifies_nothing_and_is_told(status: str) -> None:
    extra = RESULT.replace("TARGET", "ent-r2").replace("type: result", f"type: result\nstatus: {status}")
    answer = ask(MODEL + extra, "unverified-requirements")
    assert ids(answer) == ["ent-r1", "ent-r2"]
    assert f"ent-wgh000000000 is {status}" in str(answer.rows[1]["why"])  # type: ignore[index]


def test_claims_that_rest_on_each_other_prove_nothing() -> None:
    vault = """
-- entities/a.md --
id: ent-a
type: validation_claim
relations: [{type: evidenced_by, target: ent-b}]
-- entities/b.md --
id: ent-b
type: validation_claim
relations: [{type: evidenced_by, target: ent-a}]
"""
    assert ids(ask(vault, "unsupported-claims")) == ["ent-a", "ent-b"]
    assert ids(ask(vault + RESULT.replace("TARGET", "ent-a"), "unsupported-claims")) == []


def test_a_document_is_a_result_and_what_was_said_is_none() -> None:
    claim = "-- entities/a.md --\nid: ent-a\ntype: validation_claim\n"
    claim += "relations: [{type: evidenced_by, target: %s}]\n"
    source = "-- sources/p/report.md --\nid: src-rep\ntype: markdown\n"
    assert ids(ask(claim % "src-rep" + source, "unsupported-claims")) == []
    assert ids(ask(claim % "src-rep", "unsupported-claims")) == ["ent-a"]
    said = ask(claim % "mem-a" + "-- memories/a.md --\nid: mem-a\ntitle: Said so\n", "unsupported-claims")
    assert [row["why"] for row in said.rows or ()] == ["only a memory: Said so"]


def test_a_trace_leads_from_the_requirement_to_the_part_and_the_evidence() -> None:
    assert outline(ask(MODEL + RESULT.replace("TARGET", "ent-cm"), "trace")) == [
        "Mass",
        "  requirement below: Mass of the cell",
        "    satisfied by: Cell (part of Tube)",
        "    validated by: The cell is light enough",
        "      analyzed by: Mass model",
        "      validated by: Weighed",
    ]


def test_a_trace_says_what_is_missing_on_its_way() -> None:
    lines = outline(ask(MODEL, "trace"))
    assert lines[0] == "Mass (not verified)"
    assert "    validated by: The cell is light enough (no result behind it)" in lines


def test_a_trace_of_a_part_begins_with_what_it_is_there_for() -> None:
    assert outline(ask(MODEL, "trace", "Tube"))[0].startswith("Mass of the cell")
    answer = ask(MODEL, "trace", "Mass model")
    assert answer.notes == ("Mass model and its parts satisfy and validate no requirement",)
