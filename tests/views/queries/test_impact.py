"""impact: the way of a change."""

from __future__ import annotations

import pytest
from queried import ask, outline

from atocore.records.relation_table import RELATIONS

PAIR = """
-- entities/a.md --
id: ent-a
type: {holder}
title: A
relations: [{{type: {relation}, target: ent-b}}]
-- entities/b.md --
id: ent-b
type: {target}
title: B
"""


@pytest.mark.parametrize("relation", RELATIONS)
def test_a_change_reaches_the_sides_that_the_table_names(relation: str) -> None:
    rule = RELATIONS[relation]
    pairing = next(p for p in rule.pairings if not p.targets[0].startswith("kind:"))
    vault = PAIR.format(holder=pairing.holders[0], relation=relation, target=pairing.targets[0])
    for side, other, title in (("target", "A", "B"), ("holder", "B", "A")):
        reached = any(
            line.endswith((title, f"{title} (at stake)")) for line in outline(ask(vault, "impact", other))[1:]
        )
        expected = rule.symmetric or any(one in (side, "both") for one in (rule.dependent, rule.at_stake))
        assert reached is expected, (relation, side)


MODEL = """
-- entities/lock.md --
id: ent-1ck
type: component
title: Lock
relations:
  - {type: part_of, target: ent-st}
  - {type: satisfies, target: ent-r}
  - {type: interfaces_with, target: ent-f}
-- entities/store.md --
id: ent-st
type: subsystem
title: Store
-- entities/app.md --
id: ent-app
type: subsystem
title: App
relations: [{type: depends_on, target: ent-st}]
-- entities/r.md --
id: ent-r
type: requirement
title: Alone
-- entities/r2.md --
id: ent-r2
type: requirement
title: Other requirement
-- entities/claim.md --
id: ent-cm
type: validation_claim
title: Shown
relations: [{type: validates, target: ent-r}, {type: validates, target: ent-r2}]
-- entities/other.md --
id: ent-th
type: component
title: Other satisfier
relations: [{type: satisfies, target: ent-r}]
-- entities/f.md --
id: ent-f
type: interface
title: Socket
-- entities/far.md --
id: ent-far
type: component
title: Far side
relations: [{type: interfaces_with, target: ent-f}]
-- entities/behind.md --
id: ent-bhd
type: component
title: Behind
relations: [{type: depends_on, target: ent-far}]
-- memories/m.md --
id: mem-m
title: A memory of the lock
subject: lock
"""


def test_a_change_goes_on_from_dependents_and_stops_where_something_is_only_at_stake() -> None:
    answer = ask(MODEL, "impact", "Lock")
    assert outline(answer) == [
        "Lock",
        "  is about it: A memory of the lock (at stake)",
        "  is satisfied by it: Alone (at stake)",
        "    validates it: Shown (at stake)",
        "  interfaces with it: Socket (at stake)",
        "    interfaces with it: Far side (at stake)",
        "  contains it: Store",
        "    depends on it: App",
    ]
    assert answer.notes == ("2 depend on it, 5 more are at stake",)


def test_an_interface_that_changes_lets_the_change_through() -> None:
    lines = outline(ask(MODEL, "impact", "Socket"))
    assert "  interfaces with it: Far side" in lines
    assert "    depends on it: Behind" in lines


def test_a_requirement_that_changes_reaches_every_satisfier() -> None:
    lines = outline(ask(MODEL, "impact", "Alone"))
    assert {"  satisfies it: Lock", "  satisfies it: Other satisfier"} <= set(lines)


def test_what_is_reached_in_full_by_a_longer_way_passes_the_change_on() -> None:
    more = "-- entities/x.md --\nid: ent-x\ntype: component\ntitle: X\nrelations:\n"
    more += "  - {type: depends_on, target: ent-app}\n  - {type: interfaces_with, target: ent-1ck}\n"
    more += "-- entities/y.md --\nid: ent-y\ntype: component\ntitle: Y\n"
    more += "relations: [{type: depends_on, target: ent-x}]\n"
    lines = outline(ask(MODEL + more, "impact", "Lock"))
    assert "  interfaces with it: X" in lines
    assert "    depends on it: Y" in lines


def test_nothing_that_depends_says_so() -> None:
    answer = ask("-- entities/a.md --\nid: ent-a\ntitle: A\n", "impact", "A")
    assert answer.notes == ("nothing depends on A: no record is related to it so",)
