"""Linking and unlinking: one entry more or less in one file, and nonsense refused with what fits."""

from __future__ import annotations

import pytest
from helpers import DEED, applied, changed_lines, record, text_at, vault_of, whole

from atocore.errors import AtocoreError
from atocore.knowledge.relating import born_related, incoming, link, relation_named, stating, unlink
from atocore.records.snapshot import MemorySnapshot

VAULT = """
-- entities/a.md --
id: ent-a
type: component
title: Primary mirror
-- entities/b.md --
id: ent-b
type: component
title: Mirror cell
-- entities/r.md --
id: ent-r
type: requirement
title: Mass budget
-- entities/w.md --
id: ent-w
type: subsystem
title: Telescope
-- memories/m.md --
id: mem-m
-- projects/p.md --
id: prj-p
name: p
"""


def linked(vault: MemorySnapshot, source: str, name: str, target: str) -> MemorySnapshot:
    plan = link(vault, record(vault, source), name, record(vault, target), DEED)
    return applied(vault, plan) if plan.changes else vault


def unlinked(vault: MemorySnapshot, source: str, name: str, target: str) -> MemorySnapshot:
    known = vault.get(whole(target))
    return applied(vault, unlink(vault, record(vault, source), name, known or target, DEED))


def refused(vault: MemorySnapshot, source: str, name: str, target: str) -> AtocoreError:
    with pytest.raises(AtocoreError) as caught:
        linked(vault, source, name, target)
    return caught.value


def with_relations(lines: str, newline: str = "\n") -> MemorySnapshot:
    text = (
        f"---\nid: ent-a\nkind: entity\ntype: component\nstatus: active\n{lines}# the end\n---\nIt is so.\n"
    )
    vault = vault_of(f"{VAULT}-- entities/x.md --\n{text.replace('ent-a', 'ent-x')}")
    raw = vault.files["entities/x.md"].replace(b"\n", newline.encode())
    return vault.changed({"entities/x.md": raw})


def test_a_link_is_one_entry_with_a_line_for_each_key() -> None:
    vault = vault_of(VAULT)
    now = linked(vault, "ent-a", "part_of", "ent-w")
    gone, come = changed_lines(vault.files["entities/a.md"], now.files["entities/a.md"])
    assert (gone, come) == ([], ["relations:", "  - type: part_of", whole("    target: ent-w")])
    assert {path for path in vault.files if vault.files[path] != now.files[path]} == {"entities/a.md"}
    plan = link(vault, record(vault, "ent-a"), "part_of", record(vault, "ent-w"), DEED)
    assert plan.message is not None
    assert plan.message.subject == "link Primary mirror part_of Telescope"
    assert plan.message.records == (whole("ent-a"), whole("ent-w"))


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize(
    "lines",
    [
        'relations:\n  # it\n  - type: part_of  # as drawn\n    target: "[[Telescope]]"\n    note: mine\n',
        "relations:\n- {type: part_of, target: [[Telescope]]}\n",
        "relations:\n  - type: part_of\n    target: ent-w\n  - likes: nobody understands this\n",
    ],
)
def test_what_is_there_stays_byte_for_byte_and_unlinking_gives_it_back(lines: str, newline: str) -> None:
    vault = with_relations(lines, newline)
    now = linked(vault, "ent-x", "satisfies", "ent-r")
    before, after = (one.files["entities/x.md"].decode().split(newline) for one in (vault, now))
    assert [line for line in after if line not in before] == [
        line for line in after if "satisfies" in line or whole("ent-r") in line
    ]
    assert all(line in after for line in before)
    assert unlinked(now, "ent-x", "satisfies", "ent-r").files == vault.files


@pytest.mark.parametrize(
    "lines",
    [
        "relations: [{type: part_of, target: [[Telescope]]}]\n",
        "relations:\n  type: part_of\n  target: [[Telescope]]\n",
    ],
)
def test_other_forms_keep_what_they_say(lines: str) -> None:
    now = linked(with_relations(lines), "ent-x", "satisfies", "ent-r")
    said = [(one.type, one.target) for one in record(now, "ent-x").relations]
    assert said == [("part_of", "[[Telescope]]"), ("satisfies", whole("ent-r"))]
    assert "# the end" in text_at(now, "entities/x.md")


def test_what_is_linked_already_by_id_or_by_name_is_not_linked_again() -> None:
    vault = with_relations("relations: [{type: part_of, target: [[telescope]]}]\n")
    assert link(vault, record(vault, "ent-x"), "part_of", record(vault, "ent-w"), DEED).changes == ()
    once = linked(vault, "ent-a", "interfaces_with", "ent-b")
    assert linked(once, "ent-a", "interfaces_with", "ent-b") is once
    assert linked(once, "ent-b", "interfaces_with", "ent-a") is once, "it holds both ways"
    other = stating(once, record(once, "ent-b"), "interfaces_with", record(once, "ent-a"))
    assert other is not None and other.id == whole("ent-a")
    assert linked(once, "ent-b", "depends_on", "ent-a") is not once


def test_a_link_both_ways_is_taken_away_from_either_side() -> None:
    vault = vault_of(VAULT)
    once = linked(vault, "ent-a", "interfaces_with", "ent-b")
    assert unlinked(once, "ent-b", "interfaces_with", "ent-a").files == vault.files


def test_unlinking_takes_every_entry_that_says_so_and_what_leads_nowhere_by_its_words() -> None:
    vault = with_relations(
        "relations:\n  - {type: part_of, target: [[Telescope]]}\n  - {type: part_of, target: ent-w}\n"
        "  - {type: depends_on, target: [[Gone for good|gone]]}\n  - {type: depends_on, target: ent-z}\n"
    )
    now = unlinked(vault, "ent-x", "part_of", "ent-w")
    now = unlinked(now, "ent-x", "depends_on", "[[gone for good]]")
    assert [one.target for one in record(now, "ent-x").relations] == [whole("ent-z")]
    now = unlinked(now, "ent-x", "depends_on", whole("ent-z"))
    assert "relations" not in text_at(now, "entities/x.md")


def test_what_is_not_linked_cannot_be_unlinked_and_what_there_is_is_told() -> None:
    vault = linked(vault_of(VAULT), "ent-a", "part_of", "ent-w")
    for name, target in (("satisfies", "ent-w"), ("part_of", "ent-b"), ("part_of", "[[Nobody]]")):
        with pytest.raises(AtocoreError) as caught:
            unlinked(vault, "ent-a", name, target)
        assert caught.value.code == "not-found"
        assert caught.value.hint == whole("it holds: part_of ent-w")


def test_nonsense_is_refused_with_what_fits() -> None:
    vault = vault_of(VAULT)
    turned = refused(vault, "ent-r", "satisfies", "ent-a")
    assert turned.code == "bad-value"
    assert whole("did you mean: atocore link ent-a satisfies ent-r") in turned.hint
    assert (
        "it leads to: interface, requirement, constraint"
        in refused(vault, "ent-a", "satisfies", "ent-w").hint
    )
    assert "itself" in refused(vault, "ent-a", "depends_on", "ent-a").message
    assert "a project holds no relations" in refused(vault, "prj-p", "part_of", "ent-a").message


def test_what_is_history_is_not_linked_and_its_successor_is_named() -> None:
    text = VAULT.replace(
        "title: Primary mirror", "title: Primary mirror\nstatus: superseded\nsuperseded_by: ent-b"
    )
    error = refused(vault_of(text), "ent-a", "part_of", "ent-w")
    assert (error.code, error.hint) == ("impossible-step", whole("link ent-b instead"))


def test_a_candidate_and_a_memory_may_be_linked() -> None:
    vault = vault_of(VAULT.replace("title: Primary mirror", "title: Primary mirror\nstatus: candidate"))
    for source, target in (("ent-a", "ent-w"), ("mem-m", "ent-a")):
        vault = linked(vault, source, "part_of", target)
    assert [(one.holder.id, one.type) for one in incoming(vault, record(vault, "ent-a"))] == [
        (whole("mem-m"), "part_of")
    ]


def test_what_leads_to_a_record_by_a_name_is_found_until_another_record_takes_the_name() -> None:
    vault = with_relations("relations: [{type: part_of, target: [[Telescope]]}]\n")
    telescope = record(vault, "ent-w")
    assert [one.holder.id for one in incoming(vault, telescope)] == [whole("ent-x")]
    renamed = vault.changed({"entities/w.md": telescope.raw.replace(b"title: Telescope", b"title: Scope")})
    assert incoming(renamed, record(renamed, "ent-w")) == ()
    other = vault_of("-- entities/t.md --\nid: ent-t\ntype: subsystem\ntitle: Telescope\n").files
    taken = renamed.changed(dict(other))
    assert [one.holder.id for one in incoming(taken, record(taken, "ent-t"))] == [whole("ent-x")]


@pytest.mark.parametrize("text", ["part_of", "part-of", " Part Of "])
def test_a_relation_may_be_named_with_other_separators(text: str) -> None:
    assert relation_named(text) == "part_of"


@pytest.mark.parametrize(
    "text, told",
    [
        ("parts_of", "did you mean: part_of"),
        ("likes", "one of: part_of, "),
        ("contains", "atocore link TARGET part_of SOURCE"),
        ("is satisfied by", "atocore link TARGET satisfies SOURCE"),
    ],
)
def test_what_is_no_relation_is_refused_with_what_is(text: str, told: str) -> None:
    with pytest.raises(AtocoreError) as caught:
        relation_named(text)
    assert (caught.value.code, told in caught.value.hint) == ("bad-value", True)


def test_a_record_is_born_with_relations_that_fit() -> None:
    vault = vault_of(VAULT)
    cell, budget = record(vault, "ent-b"), record(vault, "ent-r")
    entries = born_related("entity", "component", [("satisfies", budget), ("satisfies", budget)])
    assert entries == ({"type": "satisfies", "target": budget.id},)
    for kind, type_, related, told in (
        ("entity", "requirement", ("satisfies", cell), whole("atocore link ent-b satisfies ID")),
        ("entity", "decision", ("made_of", cell), "it leads to: nothing"),
        ("project", "", ("part_of", cell), "a memory, entity or state does"),
    ):
        with pytest.raises(AtocoreError) as caught:
            born_related(kind, type_, [related])
        assert told in caught.value.hint
