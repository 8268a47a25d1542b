"""Relations that lead nowhere, do not fit, say twice, go round, or lead to what is gone."""

from __future__ import annotations

import pytest
from helpers import reversed_order, vault_of, whole

from atocore.knowledge.relation_problems import around, circle_problems, relation_problems
from atocore.records.linking import Links, links_over
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

PARTS = """
-- entities/p/telescope.md --
id: ent-t
type: subsystem
project: p
title: Telescope
aliases: [scope]
-- entities/p/primary-mirror--4d3f.md --
id: ent-m
type: component
project: p
title: Primary mirror
-- entities/p/mass.md --
id: ent-r
type: requirement
project: p
title: "Mass: total"
"""


def found(vault: MemorySnapshot) -> list[tuple[str, int, str]]:
    """(code, line, path) of all problems: the same in any order, and with names looked up one by one."""
    told = _found(links_over(vault.select()), vault)
    assert told == _found(Links(vault.get, vault.named), vault)
    other = reversed_order(vault)
    assert told == _found(links_over(other.select()), other)
    return told


def _found(links: Links[Record], vault: MemorySnapshot) -> list[tuple[str, int, str]]:
    problems = [*relation_problems(links, vault.select()), *circle_problems(links, vault.select())]
    return sorted((one.code, one.line, one.path) for one in problems)


def messages(vault: MemorySnapshot) -> str:
    names = [name for record in vault.select() for name in (record.title, *record.aliases)]
    links = links_over(vault.select())
    problems = [*relation_problems(links, vault.select(), names), *circle_problems(links, vault.select())]
    return "\n".join(one.message for one in problems)


def holding(lines: str, type_: str = "component") -> MemorySnapshot:
    """A record whose relations begin in its fifth line."""
    return vault_of(f"{PARTS}-- entities/p/a.md --\nid: ent-a\ntype: {type_}\nproject: p\n{lines}")


@pytest.mark.parametrize(
    "target",
    [
        "ent-t",
        "[[Telescope]]",
        '"[[Telescope]]"',
        '"[[telescope|the instrument]]"',
        '"[[SCOPE]]"',
        '"[[Telescope#Optics]]"',
        '"[[entities/p/telescope]]"',
        '"[[elsewhere/telescope.md]]"',
        '"[the telescope](../p/telescope.md)"',
        "Telescope",
    ],
)
def test_ids_and_links_by_title_alias_file_or_path_lead_to_the_record(target: str) -> None:
    vault = holding(f"relations:\n  - type: part_of\n    target: {target}\n")
    assert found(vault) == []
    holder = next(record for record in vault.select() if record.path.endswith("/a.md"))
    reached = links_over(vault.select()).target(holder, holder.relations[0])
    assert reached is not None and reached.title == "Telescope"


@pytest.mark.parametrize(
    "target",
    ["[[Primary mirror]]", "[[primary-mirror--4d3f]]", "[[primary-mirror]]", '"[[The Primary Mirror]]"'],
)
def test_a_file_is_found_with_and_without_the_end_of_its_id(target: str) -> None:
    assert found(holding(f"relations: [{{type: part_of, target: {target}}}]\n")) == []


def test_a_title_with_a_colon_is_found_quoted_or_not() -> None:
    lines = "relations:\n  - {type: satisfies, target: [[Mass: total]]}\n"
    assert found(holding(lines)) == []
    assert found(holding(lines.replace("[[Mass: total]]", '"[[Mass: total]]"'))) == []


def test_one_relation_needs_no_list() -> None:
    vault = holding("relations:\n  type: part_of\n  target: [[Nowhere]]\n")
    assert found(vault) == [("dangling-reference", 6, "entities/p/a.md")]


def test_what_leads_nowhere_is_told_at_its_own_line_with_names_like_it() -> None:
    vault = holding(
        "relations:\n  # the whole\n  - type: part_of\n    target: ent-t\n  - type: depends_on\n"
        "    target: [[Primary miror]]\n  - {type: depends_on, target: ent-z}\n"
    )
    assert found(vault) == [
        ("dangling-reference", 9, "entities/p/a.md"),
        ("dangling-reference", 11, "entities/p/a.md"),
    ]
    assert "no record: [[Primary miror]]; like it: Primary mirror" in messages(vault)


def test_a_capture_that_is_not_here_is_no_problem_and_a_missing_source_is() -> None:
    lines = "relations:\n  - {type: evidenced_by, target: int-z}\n  - {type: evidenced_by, target: src-z}\n"
    assert found(holding(lines)) == [("dangling-reference", 7, "entities/p/a.md")]


def test_a_name_that_several_records_have_is_ambiguous_unless_one_alone_is_meant() -> None:
    twin = "-- entities/q/twin.md --\nid: ent-w\ntype: {}\nproject: {}\nstatus: {}\ntitle: telescope\n"
    asked = holding("relations: [{type: part_of, target: [[Telescope]]}]\n")

    def beside(type_: str, project: str, status: str) -> list[tuple[str, int, str]]:
        extra = vault_of(twin.format(type_, project, status)).files
        return found(MemorySnapshot({**asked.files, **extra}))

    assert beside("subsystem", "p", "active") == [("ambiguous-link", 5, "entities/p/a.md")]
    assert beside("subsystem", "q", "active") == [], "of its own project"
    assert beside("subsystem", "p", "superseded") == [], "in force"
    assert beside("parameter", "p", "active") == [], "what it may be part of"


@pytest.mark.parametrize(
    "type_, lines, told",
    [
        ("requirement", "{type: satisfies, target: ent-m}", "did you mean: ent-m satisfies ent-a"),
        ("subsystem", "{type: made_of, target: ent-m}", "did you mean: ent-m part_of ent-a"),
        (
            "decision",
            "{type: made_of, target: ent-m}",
            "`made_of` does not lead from a decision to a component",
        ),
        ("component", "{type: interfaces_with, target: ent-r}", "from a component it leads to: project, "),
    ],
)
def test_what_does_not_fit_is_told_with_what_was_meant(type_: str, lines: str, told: str) -> None:
    vault = holding(f"relations:\n  - {lines}\n", type_)
    assert [code for code, _, _ in found(vault)] == ["ill-typed-relation"]
    assert whole(told) in messages(vault)


def test_a_pointer_stands_for_the_entity_that_the_memory_became() -> None:
    vault = vault_of(f"""{PARTS}
-- memories/p/m.md --
id: mem-m
status: graduated
graduated_to: ent-r
-- memories/p/n.md --
id: mem-n
-- entities/p/a.md --
id: ent-a
type: component
relations: [{{type: satisfies, target: mem-m}}, {{type: satisfies, target: mem-n}}]
""")
    assert [code for code, _, _ in found(vault)] == ["ill-typed-relation"]


def test_what_stands_twice_is_told_of_once_by_whatever_name() -> None:
    lines = "relations:\n  - {type: part_of, target: ent-t}\n  - {type: part_of, target: [[Scope]]}\n"
    vault = holding(f"{lines}  - {{type: depends_on, target: ent-t}}\n")
    assert found(vault) == [("duplicate-relation", 7, "entities/p/a.md")]
    assert "stands in line 6 already" in messages(vault)


def test_both_sides_of_an_interface_may_say_so() -> None:
    vault = vault_of("""
-- entities/a.md --
id: ent-a
type: component
relations: [{type: interfaces_with, target: ent-b}]
-- entities/b.md --
id: ent-b
type: component
relations: [{type: interfaces_with, target: ent-a}]
""")
    assert found(vault) == []


CIRCLE = """
-- entities/a.md --
id: ent-a
type: component
title: A
relations: [{type: part_of, target: ent-b}]
-- entities/b.md --
id: ent-b
type: component
title: B
relations:
  - {type: depends_on, target: ent-a}
  - {type: part_of, target: [[C]]}
-- entities/c.md --
id: ent-c
type: component
title: C
relations: [{type: part_of, target: ent-a}, {type: part_of, target: ent-d}]
-- entities/d.md --
id: ent-d
type: component
"""


def test_parts_that_lead_back_to_themselves_are_told_of_where_they_lead_on() -> None:
    vault = vault_of(CIRCLE)
    assert found(vault) == [
        ("relation-cycle", 5, "entities/a.md"),
        ("relation-cycle", 5, "entities/c.md"),
        ("relation-cycle", 7, "entities/b.md"),
    ]
    assert whole("part_of leads back to its beginning: ent-a -> ent-b -> ent-c -> ent-a") in messages(vault)


def test_what_is_around_a_record_shows_the_circles_through_it() -> None:
    vault = vault_of(CIRCLE)
    links = Links(vault.get, vault.named)
    for record in vault.select():
        near = around(links, record)
        told = {one.path for one in circle_problems(links, near)}
        assert (record.path in told) is (record.path != "entities/d.md")


def test_things_may_depend_on_each_other_and_nothing_on_itself() -> None:
    assert found(vault_of(CIRCLE.replace("part_of", "depends_on"))) == []
    alone = vault_of("-- entities/a.md --\nid: ent-a\nrelations: [{type: depends_on, target: ent-a}]\n")
    assert found(alone) == [("relation-cycle", 3, "entities/a.md")]


@pytest.mark.parametrize("status", ["superseded", "retired", "rejected"])
def test_a_relation_to_what_is_gone_is_told_with_its_successor(status: str) -> None:
    vault = vault_of(f"""
-- entities/a.md --
id: ent-a
type: component
relations: [{{type: decided_by, target: ent-d}}]
-- entities/d.md --
id: ent-d
type: decision
status: {status}
superseded_by: ent-e
-- entities/e.md --
id: ent-e
type: decision
""")
    assert found(vault) == [("stale-relation", 4, "entities/a.md")]
    assert f"which is {status} by ent-e" in messages(vault)


def test_a_candidate_and_another_project_may_be_linked_to() -> None:
    target = "-- entities/q/d.md --\nid: ent-d\ntype: decision\nproject: q\nstatus: candidate\n"
    one = "-- entities/p/a.md --\nid: ent-a\nproject: p\nrelations: [{type: decided_by, target: ent-d}]\n"
    assert found(vault_of(target + one)) == []


@pytest.mark.parametrize("status", ["superseded", "retired", "rejected"])
def test_what_is_history_is_left_alone(status: str) -> None:
    lines = f"status: {status}\nrelations: [{{type: part_of, target: ent-z}}]\n"
    assert found(vault_of(f"-- entities/a.md --\nid: ent-a\n{lines}")) == []


def test_a_gone_target_names_the_end_of_its_chain_of_successors() -> None:
    def gone(name: str, by: str) -> str:
        ties = f"status: superseded\nsuperseded_by: ent-{by}\n"
        return f"-- entities/{name}.md --\nid: ent-{name}\ntype: component\n{ties}"

    holder = (
        "-- entities/a.md --\nid: ent-a\ntype: component\nrelations: [{type: depends_on, target: ent-b}]\n"
    )
    present = "-- entities/d.md --\nid: ent-d\ntype: component\n"
    for chain, end in (("cd", "ent-d"), ("cb", "ent-c")):  # one that goes round is left where it does
        vault = vault_of(holder + gone("b", chain[0]) + gone("c", chain[1]) + present)
        told = [p.message for p in relation_problems(links_over(vault.select()), vault.select())]
        assert told[0].endswith(f"superseded by {whole(end)}")
