"""What no single file shows: references, circles, names, and what history proves."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from helpers import file_text, record, reversed_order, ruling, vault_of, whole_id

from atocore.knowledge.check import (
    alias_problems,
    history_problems,
    name_problems,
    reference_problems,
    supersession_problems,
)
from atocore.knowledge.recognition import Deed, recognise
from atocore.records.kinds import Kind
from atocore.records.problem import Problem
from atocore.records.snapshot import MemorySnapshot


def brief(problems: Iterable[Problem]) -> list[tuple[str, str, int]]:
    return sorted((problem.code, problem.path, problem.line) for problem in problems)


def references(vault: MemorySnapshot) -> list[tuple[str, str, int]]:
    return brief(reference_problems(vault, vault.select()))


def supersessions(blocks: str) -> list[tuple[str, str]]:
    vault = vault_of(blocks)
    found = [(code, path) for code, path, _ in brief(supersession_problems(vault.select()))]
    other = reversed_order(vault)
    assert found == [(code, path) for code, path, _ in brief(supersession_problems(other.select()))]
    return found


# -- references


@pytest.mark.parametrize(
    "line",
    [
        "supersedes: [mem-z]",
        "superseded_by: mem-z",
        "graduated_to: ent-z",
        "proposes: {retire: mem-z}",
    ],
)
def test_a_reference_to_nobody_is_told_of_at_its_line(line: str) -> None:
    vault = vault_of(f"-- memories/a.md --\nid: mem-a\n{line}\n")
    assert references(vault) == [("dangling-reference", "memories/a.md", 3)]


@pytest.mark.parametrize(
    "line",
    [
        "supersedes: [con-c]",
        "superseded_by: prj-p",
        "graduated_to: mem-b",
        "proposes: {retire: src-s}",
    ],
)
def test_a_reference_to_the_wrong_kind_is_told_of(line: str) -> None:
    vault = vault_of(f"""
-- memories/a.md --
id: mem-a
{line}
-- memories/b.md --
id: mem-b
-- conflicts/c.md --
id: con-c
-- projects/p.md --
id: prj-p
name: p
-- sources/s.md --
id: src-s
""")
    assert references(vault) == [("ill-typed-reference", "memories/a.md", 3)]


def test_a_conflicts_members_and_winner_are_references_too() -> None:
    vault = vault_of("-- conflicts/c.md --\nid: con-c\nmembers: [{id: mem-z}]\nwinner: con-c\n")
    assert references(vault) == [
        ("dangling-reference", "conflicts/c.md", 3),
        ("ill-typed-reference", "conflicts/c.md", 4),
    ]


def test_references_that_hold_are_no_problem_and_absent_captures_neither() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
supersedes: [mem-b, sta-a]
graduated_to: ent-a
relations: [{type: based_on, target: ent-a}]
provenance: {interaction: int-z, source: src-z, record: mem-z}
-- memories/b.md --
id: mem-b
superseded_by: mem-a
-- entities/a.md --
id: ent-a
-- state/a.md --
id: sta-a
""")
    assert references(vault) == []


# -- supersession


def test_a_chain_of_supersessions_is_sound() -> None:
    assert (
        supersessions("""
-- memories/a.md --
id: mem-a
status: superseded
superseded_by: mem-b
-- memories/b.md --
id: mem-b
status: superseded
supersedes: mem-a
superseded_by: mem-c
-- memories/c.md --
id: mem-c
supersedes: [mem-b]
""")
        == []
    )


@pytest.mark.parametrize(
    ("blocks", "paths"),
    [
        pytest.param("-- memories/a.md --\nid: mem-a\nsuperseded_by: mem-a\n", "a", id="itself"),
        pytest.param(
            "-- memories/a.md --\nid: mem-a\nsuperseded_by: mem-b\n"
            "-- memories/b.md --\nid: mem-b\nsuperseded_by: mem-a\n",
            "ab", id="two",
        ),
        pytest.param(
            "-- memories/a.md --\nid: mem-a\nstatus: superseded\nsupersedes: mem-b\n"
            "-- memories/b.md --\nid: mem-b\nstatus: superseded\nsupersedes: mem-a\n",
            "ab", id="told-by-supersedes-only",
        ),
        pytest.param(
            "-- memories/a.md --\nid: mem-a\nsuperseded_by: mem-b\n-- memories/b.md --\nid: mem-b\n"
            "superseded_by: mem-c\n-- memories/c.md --\nid: mem-c\nstatus: superseded\n"
            "-- memories/d.md --\nid: mem-d\nstatus: superseded\nsuperseded_by: mem-a\n"
            "-- memories/e.md --\nid: mem-e\nstatus: superseded\nsuperseded_by: mem-f\n"
            "-- memories/f.md --\nid: mem-f\nsuperseded_by: mem-e\n",
            "ef", id="beside-a-chain",
        ),
    ],
)  # fmt: skip
def test_a_circle_is_told_of_in_each_of_its_files_and_nowhere_else(blocks: str, paths: str) -> None:
    assert supersessions(blocks) == [("supersession-cycle", f"memories/{one}.md") for one in paths]


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_what_was_never_in_force_closes_no_circle(status: str) -> None:
    """It claims to supersede what, by way of others, took its own place: after a merge, say."""
    blocks = (
        f"-- memories/a.md --\nid: mem-a\nstatus: {status}\nsupersedes: [mem-c]\nsuperseded_by: mem-b\n"
        "-- memories/b.md --\nid: mem-b\nstatus: superseded\nsupersedes: [mem-a]\nsuperseded_by: mem-c\n"
        "-- memories/c.md --\nid: mem-c\nsupersedes: [mem-b]\n"
    )
    assert supersessions(blocks) == []
    assert len(supersessions(blocks.replace(f"status: {status}", "status: superseded"))) == 3


def test_a_long_chain_that_leads_into_a_circle_is_not_in_it() -> None:
    blocks = "".join(
        f"-- memories/{n:03}.md --\nid: mem-{n:03}\nsuperseded_by: mem-{max(n - 1, 0):03}\n"
        for n in range(300)
    )
    assert supersessions(blocks) == [("supersession-cycle", "memories/000.md")]


def test_two_that_claim_one_predecessor_are_told_of() -> None:
    two = """
-- memories/a.md --
id: mem-a
status: superseded
-- memories/b.md --
id: mem-b
supersedes: mem-a
-- memories/c.md --
id: mem-c
supersedes: [mem-a]
"""
    assert supersessions(two) == [("two-successors", "memories/b.md"), ("two-successors", "memories/c.md")]
    assert supersessions(two.replace("id: mem-c", "id: mem-c\nstatus: retired")) == []


def test_the_one_that_the_predecessor_names_is_a_successor_too() -> None:
    assert supersessions("""
-- memories/a.md --
id: mem-a
status: superseded
superseded_by: mem-b
-- memories/b.md --
id: mem-b
-- memories/c.md --
id: mem-c
supersedes: mem-a
""") == [("two-successors", "memories/b.md"), ("two-successors", "memories/c.md")]


# -- names


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("notes/A.md", "notes/a.md"),
        ("notes/caf\u00e9.md", "notes/cafe\u0301.md"),
        ("Notes/a.md", "notes/a.md"),
    ],
)
def test_names_that_are_one_elsewhere_clash(one: str, other: str) -> None:
    assert [problem.code for problem in name_problems([one, other])] == ["name-clash"]


@pytest.mark.parametrize(
    "path",
    ["notes/a:b.md", "notes/con.md", "notes /a.md", "a?.md", pytest.param("\udc80" * 260, id="too-long")],
)
def test_a_name_that_some_system_refuses_is_told_of(path: str) -> None:
    assert [(problem.path, problem.code) for problem in name_problems([path])] == [(path, "unportable-name")]


def test_ordinary_names_are_no_problem_and_a_path_given_twice_is_one() -> None:
    assert list(name_problems(["notes/a.md", "notes/b.md", "notes/a.md"])) == []


# -- history


def versions(*texts: str | None) -> list[tuple[Deed, ...]]:
    """The deeds that lead from one text of a memory to the next, oldest first."""
    raws = [
        file_text("memories/a.md", f"id: mem-a\n{one}\n").encode() if one is not None else None
        for one in texts
    ]
    pairs = zip([None, *raws], raws, strict=False)
    return [tuple(recognise("memories/a.md", old, "memories/a.md", new)) for old, new in pairs]


def judged(*history: tuple[str, str], allow: tuple[str, ...] = ()) -> list[str]:
    """The problems of a memory with that history, oldest first: (machine or "", what its file said)."""
    deeds = versions(*(text for _, text in history))
    steps = [(f"{n:040}", who, done) for n, ((who, _), done) in enumerate(zip(history, deeds, strict=True))]
    vault = vault_of(f"-- memories/a.md --\nid: mem-a\n{history[-1][1]}\n")
    present = {whole_id("mem-a"): record(vault, "mem-a")}
    return [problem.code for problem in history_problems(reversed(steps), present, allow)]


CANDIDATE, ACTIVE, REJECTED = "status: candidate", "status: active", "status: rejected"
RULED = f"status: active\n{ruling('promote')}"


@pytest.mark.parametrize(
    ("history", "found"),
    [
        ([("", CANDIDATE), ("", ACTIVE)], []),
        ([("", ACTIVE)], []),
        ([("atocore", "status: candidate\nprovenance: {rule: r}")], []),
        ([("Claude", CANDIDATE)], []),
        ([("Claude", "status: candidate\nprovenance: {by: x}")], []),
        ([("Claude", ACTIVE)], ["machine-step"]),
        ([("", CANDIDATE), ("Claude", ACTIVE)], ["machine-step"]),
        ([("", CANDIDATE), ("Claude", RULED)], ["machine-step"]),
        ([("", CANDIDATE), ("Claude", ACTIVE), ("", RULED)], []),
        ([("", CANDIDATE), ("Claude", ACTIVE), ("", "status: active\nvalue: 3")], ["machine-step"]),
        ([("", CANDIDATE), ("Claude", ACTIVE), ("", CANDIDATE)], []),
        ([("", CANDIDATE), ("Claude", ACTIVE), ("", REJECTED)], []),
        ([("", REJECTED), ("", ACTIVE)], ["impossible-step"]),
        ([("", REJECTED), ("", ACTIVE), ("", "status: active\nvalue: 3")], ["impossible-step"]),
        ([("", REJECTED), ("", ACTIVE), ("", "status: retired")], []),
        ([("", REJECTED), ("", ACTIVE), ("", REJECTED)], []),
        ([("Claude", ACTIVE), ("", "status: superseded"), ("", "status: rejected")], ["impossible-step"]),
        ([("Claude", REJECTED), ("", ACTIVE), ("", REJECTED)], ["machine-step"]),
    ],
)
def test_what_history_proves_wrong_stays_so_until_a_valid_step_follows(
    history: list[tuple[str, str]], found: list[str]
) -> None:
    assert judged(*history) == found


def test_a_step_that_the_settings_allow_to_machines_is_theirs() -> None:
    history = [("", CANDIDATE), ("Claude", ACTIVE)]
    assert judged(*history, allow=("promote",)) == []
    assert judged(*history, allow=("confirm",)) == ["machine-step"]


def test_a_machine_that_edits_what_people_accepted_is_told_of() -> None:
    def edited(path: str, short: str, kind: Kind, status: str = "active") -> list[str]:
        vault = vault_of(f"-- {path} --\nid: {short}\nstatus: {status}\n")
        deed = Deed("edit", whole_id(short), kind, path, status, status)
        present = {whole_id(short): record(vault, short)}
        return [problem.code for problem in history_problems([("c" * 40, "Claude", (deed,))], present, ())]

    assert edited("state/a.md", "sta-a", Kind.STATE) == ["machine-step"]
    assert edited("memories/a.md", "mem-a", Kind.MEMORY) == ["machine-step"]
    assert edited("memories/a.md", "mem-a", Kind.MEMORY, "candidate") == []


def test_an_ingested_source_is_no_persons_step() -> None:
    raw = file_text("sources/a.md", "id: src-a\n").encode()
    vault = vault_of("-- sources/a.md --\nid: src-a\n")
    deeds = tuple(recognise("sources/a.md", None, "sources/a.md", raw))
    present = {whole_id("src-a"): record(vault, "src-a")}
    assert list(history_problems([("c" * 40, "atocore", deeds)], present, ())) == []


def test_a_machine_that_decides_a_conflict_by_its_birth_is_told_of() -> None:
    text = f"id: con-a\nstatus: dismissed\n{ruling('dismiss')}"
    vault = vault_of(f"-- conflicts/a.md --\n{text}")
    deeds = tuple(
        recognise("conflicts/a.md", None, "conflicts/a.md", file_text("conflicts/a.md", text).encode())
    )
    present = {whole_id("con-a"): record(vault, "con-a")}
    found = [problem.code for problem in history_problems([("c" * 40, "Claude", deeds)], present, ())]
    assert found == ["machine-step"]


def test_what_is_gone_is_no_problem() -> None:
    deed = Deed("promote", whole_id("mem-a"), Kind.MEMORY, "memories/a.md", "candidate", "active")
    assert list(history_problems([("c" * 40, "Claude", (deed,))], {}, ())) == []


PLAIN = "-- entities/c.md --\nid: ent-c\ntype: component\nproject: q\ntitle: Bolt\naliases: [M1]\n"


def test_an_alias_that_names_two_things_is_told_at_each() -> None:
    entity = "-- entities/{0}.md --\nid: ent-{0}\ntype: component\nproject: p\ntitle: {1}\naliases: [{2}]\n"
    vault = vault_of(entity.format("a", "Mirror", "M1") + entity.format("b", "Bolt", "m1") + PLAIN)
    found = list(alias_problems(vault, vault.select()))
    assert [(problem.path, problem.code) for problem in found] == [
        ("entities/a.md", "ambiguous-alias"),
        ("entities/b.md", "ambiguous-alias"),
    ]
    assert f"'M1' is also a name of {whole_id('ent-b')}" in found[0].message
    assert found[0].line > 1
