"""Links: the keys that a target asks for and a record answers to, over records and over briefs alike."""

from __future__ import annotations

import pytest
from helpers import record, vault_of, whole_id

from atocore.records.linking import link_keys, link_references, links_over, name_keys
from atocore.records.record import Relation

VAULT = vault_of("""
-- entities/p/io-board--4d3f.md --
id: ent-a
type: component
title: I/O board
-- entities/p/b.md --
id: ent-b
type: component
relations:
  - {type: depends_on, target: "[[I/O board]]"}
  - {type: depends_on, target: "[[entities/p/io-board--4d3f|it]]"}
  - {type: depends_on, target: "[[I/O]]"}
  - {type: depends_on, target: ent-a}
""")


@pytest.mark.parametrize(
    "target, keys",
    [
        ("ent-4t6w8y0a2c5e", ()),
        ("[[The Primary-Mirror]]", ("primary mirror",)),
        ("[[Use C#|that]]", ("use c#", "use c")),
        ("[[notes/Visit.md#Foundry]]", ("notes/visit.md#foundry", "notes/visit", "visit")),
        ("[the visit](../notes/Visit%20one.md)", ("notes/visit one", "visit one")),
        ("[[]]", ()),
        ("ent-short", ("ent short",)),
    ],
)
def test_a_target_asks_for_its_name_then_for_what_it_may_be_short_for(
    target: str, keys: tuple[str, ...]
) -> None:
    assert link_keys(target) == keys


def test_a_record_answers_to_its_title_aliases_file_and_path() -> None:
    board = record(VAULT, "ent-a")
    assert name_keys(board) == {"i/o board", "io board 4d3f", "io board", "entities/p/io board 4d3f"}


@pytest.mark.parametrize("briefly", [False, True])
def test_a_slash_in_a_title_is_no_path_and_briefs_are_linked_as_records_are(briefly: bool) -> None:
    known = list(VAULT.briefs()) if briefly else list(VAULT.select())
    links = links_over(known)
    holder = next(one for one in known if one.id == whole_id("ent-b"))
    found = [links.target(holder, relation) for relation in holder.relations]
    assert [one.id if one else "" for one in found] == [
        whole_id("ent-a"),
        whole_id("ent-a"),
        "",
        whole_id("ent-a"),
    ]


def test_a_relation_refers_to_an_id_or_to_its_names() -> None:
    assert link_references(Relation("part_of", "ent-4t6w8y0a2c5e")) == ("ent-4t6w8y0a2c5e",)
    assert link_references(Relation("part_of", "[[M1#x]]")) == ("[[m1#x]]", "[[m1]]")
