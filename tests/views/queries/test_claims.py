"""constraints-on and parameters."""

from __future__ import annotations

from queried import ask

MODEL = """
-- entities/tube.md --
id: ent-tbe
type: subsystem
title: Tube
-- entities/cell.md --
id: ent-ce1
type: component
title: Cell
aliases: [mirror cell]
relations: [{type: part_of, target: ent-tbe}, {type: interfaces_with, target: ent-f}]
-- entities/flange.md --
id: ent-f
type: interface
title: Flange
-- entities/c1.md --
id: ent-c1
type: constraint
title: Fits the van
relations: [{type: constrains, target: ent-tbe}]
-- entities/c2.md --
id: ent-c2
type: constraint
title: Mass limit
subject: Mirror-Cell
value: <= 5 kg
relations: [{type: constrains, target: ent-p}]
-- entities/c3.md --
id: ent-c3
type: constraint
title: Flange norm
relations: [{type: constrains, target: ent-f}]
-- entities/p.md --
id: ent-p
type: parameter
title: Cell mass
subject: mirror cell
attribute: mass
value: 4 kg
-- entities/q.md --
id: ent-q
type: parameter
title: Tube length
value: 2 m
relations: [{type: part_of, target: ent-tbe}]
"""


def test_limits_come_from_the_thing_its_whole_its_interface_and_its_parts() -> None:
    answer = ask(MODEL, "constraints-on", "cell")
    assert {row["title"]: row["how"] for row in answer.rows or ()} == {
        "Mass limit": ("by its subject",),
        "Fits the van": ("through what it is part of: Tube",),
        "Flange norm": ("through its interface Flange",),
    }
    above = {row["title"]: row["how"] for row in ask(MODEL, "constraints-on", "Tube").rows or ()}
    assert above == {"Fits the van": ("constrains it",), "Mass limit": ("on its part Cell",)}


def test_parameters_tell_what_they_are_of_and_what_limits_them() -> None:
    answer = ask(MODEL, "parameters")
    told = [(r["of"], r["parameter"], r["value"], [x.title for x in r["limits"]]) for r in answer.rows or ()]  # type: ignore[union-attr]
    assert told == [("mirror cell", "mass", "4 kg", ["Mass limit"]), ("Tube", "Tube length", "2 m", [])]
    assert len(ask(MODEL, "parameters", "cell").rows or ()) == 1
    assert len(ask(MODEL, "parameters", "Tube").rows or ()) == 2


def test_a_part_without_parameters_says_so() -> None:
    assert ask(MODEL, "parameters", "Flange").notes == ("no parameter is of Flange or its parts",)


def test_the_picture_joins_the_limits_to_what_was_asked_about() -> None:
    shown = ask(MODEL, "constraints-on", "cell", mermaid=True).mermaid
    assert "  ent_c10000000000 -->|constrains| ent_tbe000000000\n" in shown
    assert "  ent_ce1000000000 -->|part of| ent_tbe000000000\n" in shown
    assert "  ent_ce1000000000 -->|interfaces with| ent_f00000000000\n" in shown
