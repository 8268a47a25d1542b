"""system-map, interfaces-of and bill-of-materials."""

from __future__ import annotations

from queried import ask, ids, outline

SCOPE = """
-- entities/scope.md --
id: ent-scp
type: project
project: scope
title: Telescope
-- entities/tube.md --
id: ent-tbe
type: subsystem
project: scope
title: Tube
relations: [{type: part_of, target: ent-scp}]
-- entities/cell.md --
id: ent-cej
type: component
project: scope
title: Mirror cell
aliases: [cell]
relations:
  - {type: part_of, target: ent-tbe}
  - {type: interfaces_with, target: ent-fjg}
  - {type: made_of, target: ent-tfe}
-- entities/mirror.md --
id: ent-mrr
type: component
project: scope
title: Mirror
relations:
  - {type: part_of, target: ent-tbe}
  - {type: interfaces_with, target: ent-fjg}
  - {type: depends_on, target: ent-cej}
-- entities/flange.md --
id: ent-fjg
type: interface
project: scope
title: Mirror mount
-- entities/steel.md --
id: ent-tfe
type: material
project: scope
title: Invar
relations: [{type: supplied_by, target: ent-vnd}]
-- entities/vendor.md --
id: ent-vnd
type: vendor
project: scope
title: Alloys Ltd
-- entities/glass.md --
id: ent-gss
type: material
project: scope
title: Zerodur
component: mirror
-- entities/maybe.md --
id: ent-mby
type: component
status: candidate
project: scope
title: Baffle
relations: [{type: part_of, target: ent-tbe}]
"""


def test_the_map_is_the_tree_of_parts_with_what_crosses_it() -> None:
    assert outline(ask(SCOPE, "system-map")) == [
        "Mirror mount (interfaces with Mirror, Mirror cell)",
        "Telescope",
        "  part: Tube",
        "    part: Mirror (interfaces with Mirror mount; depends on Mirror cell)",
        "    part: Mirror cell (interfaces with Mirror mount)",
    ]


def test_the_map_of_a_part_begins_with_it() -> None:
    assert outline(ask(SCOPE, "system-map", "tube"))[0] == "Tube"


def test_a_superseded_part_is_followed_to_its_successor() -> None:
    vault = """
-- entities/old.md --
id: ent-0jd
type: subsystem
status: superseded
superseded_by: ent-new
title: Old tube
-- entities/new.md --
id: ent-new
type: subsystem
title: New tube
-- entities/a.md --
id: ent-a
type: component
title: Cell
relations: [{type: part_of, target: ent-0jd}]
"""
    assert outline(ask(vault, "system-map")) == ["New tube", "  part: Cell"]
    answer = ask(vault, "system-map", "Old tube")
    assert outline(answer)[0] == "New tube"
    assert answer.notes == ("ent-0jd000000000 is superseded: asked about ent-new000000000, now in its place",)


def test_a_circle_of_parts_ends() -> None:
    vault = """
-- entities/a.md --
id: ent-a
type: component
title: A
relations: [{type: part_of, target: ent-b}]
-- entities/b.md --
id: ent-b
type: component
title: B
relations: [{type: part_of, target: ent-a}]
"""
    assert outline(ask(vault, "system-map")) == ["A", "  part: B", "    part: A (see above)"]


def test_interfaces_are_followed_both_ways_and_through_an_interface_entity() -> None:
    answer = ask(SCOPE, "interfaces-of", "cell")
    assert ids(answer) == ["ent-mrr"]
    assert answer.rows and answer.rows[0]["interface"].title == "Mirror mount"  # type: ignore[union-attr]
    assert ids(ask(SCOPE, "interfaces-of", "Mirror mount")) == ["ent-mrr", "ent-cej"]


def test_an_interface_between_two_parts_is_marked() -> None:
    answer = ask(SCOPE, "interfaces-of", "Tube")
    assert [(row["title"], row["where"]) for row in answer.rows or ()] == [("Mirror", "within")]


def test_the_bill_names_materials_and_who_supplies_them() -> None:
    assert outline(ask(SCOPE, "bill-of-materials")) == [
        "Telescope",
        "  part: Tube",
        "    part: Mirror",
        "      made of: Zerodur",
        "    part: Mirror cell",
        "      made of: Invar",
        "        supplied by: Alloys Ltd",
    ]


def test_an_empty_bill_says_what_to_write() -> None:
    answer = ask("-- entities/a.md --\nid: ent-a\ntype: component\ntitle: A\n", "bill-of-materials")
    assert not answer.tree
    assert answer.notes[0].startswith("nothing was found: give a component the relation made_of")


def test_an_interface_that_is_itself_a_part_is_told_once_with_what_lies_behind_it() -> None:
    inside = SCOPE + (
        "-- entities/plate.md --\nid: ent-p1ate\ntype: interface\nproject: scope\ntitle: Bolt plate\n"
        "relations:\n  - {type: part_of, target: ent-tbe}\n  - {type: interfaces_with, target: ent-cej}\n"
        "  - {type: interfaces_with, target: ent-crane}\n"
        "-- entities/crane.md --\nid: ent-crane\ntype: component\nproject: scope\ntitle: Crane\n"
    )
    rows = ask(inside, "interfaces-of", "Tube").rows or ()
    told = [(row["title"], getattr(row["interface"], "title", ""), row["where"]) for row in rows]
    assert told == [("Crane", "Bolt plate", "outside"), ("Mirror", "Mirror mount", "within")]
