"""decisions-on and shaky-decisions."""

from __future__ import annotations

import pytest
from queried import ask, ids

MODEL = """
-- entities/tube.md --
id: ent-tbe
type: subsystem
project: p
title: Tube
relations: [{type: decided_by, target: ent-d1}]
-- entities/cell.md --
id: ent-ce1
type: component
project: p
title: Cell
relations: [{type: part_of, target: ent-tbe}]
-- entities/d1.md --
id: ent-d1
type: decision
project: p
title: Carbon tube
question: Of what is the tube?
-- entities/d2.md --
id: ent-d2
type: decision
project: p
title: Glued cell
relations: [{type: constrains, target: ent-ce1}]
-- entities/d3.md --
id: ent-d3
type: decision
project: p
title: Black paint
subject: the tube
-- entities/d4.md --
id: ent-d4
type: decision
project: q
title: Of another project
subject: tube
-- state/p/d5.md --
id: sta-d5
type: decision
project: p
attribute: tube length
value: 2 m
relations: [{type: based_on, target: ent-tbe}]
"""


def test_decisions_touch_in_either_direction_by_subject_and_through_parts() -> None:
    answer = ask(MODEL, "decisions-on", "Tube")
    told = {str(row["id"])[:6]: row["how"] for row in answer.rows or ()}
    assert told == {
        "ent-d1": ("decides it",),
        "sta-d5": ("based on it",),
        "ent-d3": ("is about it",),
        "ent-d2": ("constrains its part “Cell”",),
    }


def test_nothing_that_touches_says_how_to_relate() -> None:
    answer = ask("-- entities/a.md --\nid: ent-a\ntitle: A\n", "decisions-on", "A")
    assert answer.notes == ("no decision touches A: relate them (decided_by, constrains, based_on)",)


GROUND = """
-- entities/d.md --
id: ent-d
type: decision
title: Thin mirror
relations: [{type: based_on, target: ent-a}]
-- entities/a.md --
id: ent-a
type: assumption
title: Loads are low
relations: [{type: based_on, target: ent-b}]
-- entities/b.md --
id: ent-b
type: assumption
title: No wind
"""


def shaky(vault: str) -> list[tuple[object, ...]]:
    answer = ask(vault, "shaky-decisions")
    return [(row["rests_on"], row["wrong"], row["way"]) for row in answer.rows or ()]


def test_a_decision_on_ground_that_stands_is_not_shaky() -> None:
    answer = ask(GROUND, "shaky-decisions")
    assert ids(answer) == []
    assert answer.notes == ("1 of 1 decisions name their ground, and all of it stands",)


@pytest.mark.parametrize("status", ["retired", "rejected", "candidate"])
def test_ground_that_is_no_knowledge_is_told_at_any_depth(status: str) -> None:
    vault = GROUND.replace("title: No wind", f"title: No wind\nstatus: {status}")
    assert shaky(vault) == [("No wind", status, "Loads are low › No wind")]


def test_superseded_missing_and_expired_ground_is_told() -> None:
    superseded = GROUND.replace("title: No wind", "title: No wind\nstatus: superseded\nsuperseded_by: ent-c")
    superseded += "-- entities/c.md --\nid: ent-c\ntype: assumption\ntitle: Wind\n"
    assert [wrong for _, wrong, _ in shaky(superseded)] == ["superseded by ent-c00000000000"]
    missing = GROUND.partition("-- entities/b.md --")[0]
    assert [wrong for _, wrong, _ in shaky(missing)] == ["missing"]
    expired = GROUND.replace("title: No wind", "title: No wind\nvalid_until: 2026-01-01")
    assert shaky(expired) == []  # nothing in the vault is of a later day
    expired += "-- entities/c.md --\nid: ent-c\ncreated: 2026-03-01T00:00:00Z\n"
    assert [wrong for _, wrong, _ in shaky(expired)] == ["valid until 2026-01-01"]


def test_disputed_ground_is_told_with_both_values() -> None:
    claim = "subject: site\nattribute: wind\nvalue: {}\n"
    vault = GROUND.replace("title: No wind\n", "title: No wind\n" + claim.format("0 m/s"))
    vault += "-- entities/c.md --\nid: ent-c\ntype: assumption\n" + claim.format("9 m/s")
    assert [wrong for _, wrong, _ in shaky(vault)] == ["disputed: 0 m/s against 9 m/s"]


def test_a_circle_of_grounds_ends() -> None:
    vault = GROUND + "relations: [{type: based_on, target: ent-a}]\nstatus: active\n"
    assert shaky(vault) == []


def test_what_a_decision_needs_in_order_to_work_is_no_ground() -> None:
    vault = """
-- entities/d.md --
id: ent-d
type: decision
relations: [{type: depends_on, target: ent-c}]
-- entities/c.md --
id: ent-c
type: component
status: retired
"""
    assert shaky(vault) == []
    assert [wrong for _, wrong, _ in shaky(vault.replace("component", "assumption"))] == ["retired"]


def test_the_picture_joins_what_a_decision_touches_to_what_was_asked_about() -> None:
    shown = ask(MODEL, "decisions-on", "Tube", mermaid=True).mermaid
    assert "  ent_d20000000000 -->|constrains| ent_ce1000000000\n" in shown
    assert "  ent_ce1000000000 -->|part of| ent_tbe000000000\n" in shown
