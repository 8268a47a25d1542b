"""orphan-requirements."""

from __future__ import annotations

from queried import ask, ids

REQUIRED = """
-- entities/r.md --
id: ent-r
type: requirement
title: R
-- entities/r1.md --
id: ent-r1
type: requirement
title: R1
relations: [{type: part_of, target: ent-r}]
-- entities/r2.md --
id: ent-r2
type: requirement
title: R2
relations: [{type: satisfies, target: ent-r}]
-- entities/a.md --
id: ent-a
type: component
title: A
relations: [{type: satisfies, target: ent-r1}]
"""
SECOND = """
-- entities/b.md --
id: ent-b
type: component
title: B
relations: [{type: satisfies, target: ent-r2}]
"""


def test_a_requirement_is_met_where_all_below_it_are() -> None:
    answer = ask(REQUIRED, "orphan-requirements")
    assert [(row["title"], row["why"]) for row in answer.rows or ()] == [
        ("R", "nothing satisfies it, nor 1 of the 2 requirements below it"),
        ("R2", "nothing satisfies it"),
    ]
    met = ask(REQUIRED + SECOND, "orphan-requirements")
    assert (met.rows, met.notes) == ((), ("each of 3 requirements is satisfied",))


def test_what_counts_no_more_or_not_yet_satisfies_nothing_and_is_told() -> None:
    for status in ("candidate", "retired", "rejected"):
        answer = ask(
            REQUIRED + SECOND.replace("type: comp", f"status: {status}\ntype: comp"), "orphan-requirements"
        )
        assert ids(answer) == ["ent-r", "ent-r2"]
        assert (
            answer.rows and answer.rows[1]["why"] == f"nothing satisfies it but ent-b00000000000 ({status})"
        )


def test_requirements_in_a_circle_meet_each_other_not() -> None:
    vault = """
-- entities/a.md --
id: ent-a
type: requirement
relations: [{type: part_of, target: ent-b}]
-- entities/b.md --
id: ent-b
type: requirement
relations: [{type: part_of, target: ent-a}]
"""
    assert ids(ask(vault, "orphan-requirements")) == ["ent-a", "ent-b"]


def test_a_vault_without_requirements_says_so() -> None:
    answer = ask("-- entities/a.md --\nid: ent-a\n", "orphan-requirements")
    assert "no requirement is active" in answer.notes[0]
