"""Names: which spellings are one, whose aliases count where, and what a given or taken name changes."""

from __future__ import annotations

import pytest
from helpers import record, vault_of, whole_id

from atocore.records.naming import (
    Slot,
    ambiguous,
    canonical,
    conflicts_in,
    namings,
    project_called,
    renamed_slots,
    slot_in,
    spellings,
)
from atocore.records.snapshot import MemorySnapshot

MIRROR = """
-- entities/p/mirror.md --
id: ent-m
type: component
project: p
title: Primary mirror
aliases: [M1, The Primaries]
"""
TELESCOPE = """
-- projects/p04.md --
id: prj-p
name: p04-telescope
aliases: [P04, scope]
"""


def claim(name: str, subject: str, project: str = "p", more: str = "") -> str:
    return (
        f"-- memories/{name}.md --\nid: mem-{name}\nproject: {project}\nsubject: {subject}\nattribute: mass\n"
        f"value: {name}\n{more}"
    )


def meant(vault: MemorySnapshot, name: str) -> Slot | None:
    return slot_in(vault, record(vault, f"mem-{name}"))


MASS = ("claim", "p", "primary mirror", "mass")


@pytest.mark.parametrize("called", ["M1", "m1", "the M1", "primary-mirror", "Primary Mirrors", "PRIMARIES"])
def test_an_entitys_aliases_name_it_in_everyones_claims(called: str) -> None:
    vault = vault_of(MIRROR + claim("a", called))
    assert meant(vault, "a") == MASS
    assert [one.id for one in vault.in_slot(MASS)] == [whole_id("mem-a")]


def test_whichever_spelling_is_asked_for_the_whole_slot_is_found() -> None:
    vault = vault_of(MIRROR + claim("a", "M1") + claim("b", "primary mirror") + claim("c", "M2"))
    for asked in (MASS, ("claim", "p", "m1", "mass")):
        assert [one.id for one in vault.in_slot(asked)] == [whole_id("mem-a"), whole_id("mem-b")]
        assert spellings(vault, asked)[0] == MASS


def test_a_projects_aliases_name_the_project_and_reach_what_its_entities_name() -> None:
    entity = MIRROR.replace("project: p", "project: scope")
    vault = vault_of(
        TELESCOPE + entity + claim("a", "M1", "P04") + claim("b", "primary mirror", "p04_telescope")
    )
    assert meant(vault, "a") == meant(vault, "b") == ("claim", "p04 telescope", "primary mirror", "mass")
    assert project_called(vault, "scope") == "p04 telescope"


@pytest.mark.parametrize("project", ["q", ""])
def test_an_entity_of_a_project_names_nothing_elsewhere(project: str) -> None:
    vault = vault_of(MIRROR + claim("a", "M1", project))
    assert meant(vault, "a") == ("claim", project, "m1", "mass")


def test_an_entity_without_a_project_names_everywhere() -> None:
    vault = vault_of(MIRROR.replace("project: p\n", "") + claim("a", "M1") + claim("b", "M1", ""))
    assert meant(vault, "a") == MASS
    assert meant(vault, "b") == ("claim", "", "primary mirror", "mass")


@pytest.mark.parametrize("status", ["candidate", "superseded", "retired", "rejected"])
def test_what_is_no_knowledge_names_nothing(status: str) -> None:
    vault = vault_of(MIRROR + f"status: {status}\n" + claim("a", "M1"))
    assert meant(vault, "a") == ("claim", "p", "m1", "mass")


@pytest.mark.parametrize(
    "other",
    [
        "title: Metric bolt\naliases: [M1]",
        "title: M1",
        "subject: M1",
    ],
)
@pytest.mark.parametrize("project", ["p", ""])
def test_an_alias_that_means_something_else_too_means_nothing_but_itself(other: str, project: str) -> None:
    second = (
        f"-- entities/second.md --\nid: ent-s\ntype: component\nproject: {project}\n{other}\n--\nA bolt.\n"
    )
    vault = vault_of(MIRROR + second + claim("a", "M1") + claim("b", "primaries"))
    assert meant(vault, "a") == ("claim", "p", "m1", "mass")
    assert meant(vault, "b") == MASS
    ((alias, others),) = ambiguous(vault, record(vault, "ent-m"))
    assert alias == "M1"
    assert [one.owner for one in others] == [whole_id("ent-s")]


def test_two_records_of_one_thing_are_not_ambiguous() -> None:
    twin = MIRROR.replace("mirror.md", "twin.md").replace("ent-m", "ent-t")
    vault = vault_of(MIRROR + twin + claim("a", "M1"))
    assert meant(vault, "a") == MASS
    assert not list(ambiguous(vault, record(vault, "ent-m")))


def test_aliases_do_not_chain() -> None:
    optic = MIRROR.replace("mirror.md", "o.md").replace("ent-m", "ent-n").replace("Primary mirror", "Optic")
    optic = optic.replace("M1, The Primaries", "Primary mirror")
    vault = vault_of(MIRROR + optic + claim("a", "M1") + claim("b", "primary mirror"))
    assert meant(vault, "a") == meant(vault, "b") == MASS


def test_an_entity_is_called_by_its_title_and_without_one_by_its_subject() -> None:
    def own(keys: str) -> str:
        vault = vault_of(f"-- entities/a.md --\nid: ent-a\n{keys}\n--\n# The first line\n")
        return namings(record(vault, "ent-a"))[0].own

    assert own("title: Mirror mass\nsubject: mirror\nattribute: mass") == "mirror mass"
    assert own("subject: mirror\nattribute: mass") == "mirror"
    assert own("type: component") == "first line"


def test_an_aliased_requirement_is_not_what_it_is_about() -> None:
    required = (
        "-- entities/r.md --\nid: ent-r\ntype: requirement\nproject: p\ntitle: Mirror mass limit\n"
        "aliases: [REQ-12]\nsubject: mirror\nattribute: status\nvalue: open\n"
    )
    vault = vault_of(required + claim("a", "REQ-12"))
    assert meant(vault, "a") == ("claim", "p", "mirror mass limit", "mass")


def test_a_question_is_no_name_of_a_thing() -> None:
    asked = "-- entities/d.md --\nid: ent-d\ntype: decision\nproject: p\nquestion: M1\nvalue: 1\n"
    assert slot_in(vault_of(MIRROR + asked), record(vault_of(asked), "ent-d")) == ("decision", "p", "m1")


def test_material_is_of_a_component_by_whatever_name() -> None:
    glass = "-- entities/g.md --\nid: ent-g\ntype: material\nproject: p\ncomponent: M1\ntitle: Zerodur\n"
    vault = vault_of(MIRROR + glass)
    assert slot_in(vault, record(vault, "ent-g")) == ("material", "p", "primary mirror")


def test_canonical_slots_stay_as_they_are() -> None:
    vault = vault_of(TELESCOPE + MIRROR)
    for slot in (MASS, ("claim", "p04", "m1", "mass"), ("claim", "", "", "x"), ("odd",), ()):
        assert canonical(vault, canonical(vault, slot)) == canonical(vault, slot)


def test_a_conflicts_file_is_found_by_any_spelling_of_its_slot() -> None:
    conflict = "-- conflicts/c.md --\nid: con-c\nslot: [claim, p, M1, mass]\nmembers: []\n"
    vault = vault_of(MIRROR + conflict)
    assert [one.id for one in conflicts_in(vault, MASS)] == [whole_id("con-c")]
    assert vault.in_slot(MASS) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("aliases: [M1, The Primaries]", "aliases: [The Primaries]"),
        ("title: Primary mirror", "title: Main mirror"),
        ("project: p\n", "project: q\n"),
        ("status: active", "status: retired"),
        ("title: Primary mirror\naliases: [M1, The Primaries]", "title: M1\naliases: []"),
    ],
)
def test_a_name_that_is_given_or_taken_renames_the_slots_that_it_is_in(old: str, new: str) -> None:
    texts = MIRROR + "status: active\n" + claim("a", "M1") + claim("b", "primary mirror") + claim("c", "M2")
    before, after = vault_of(texts), vault_of(texts.replace(old, new, 1))
    touched = [record(before, "ent-m"), record(after, "ent-m")]
    assert renamed_slots(before, after, touched) == {("claim", "p", "m1", "mass")}
    assert renamed_slots(after, before, touched) == {("claim", "p", "m1", "mass")}


def test_a_projects_new_alias_renames_its_slots_and_those_of_what_is_named_in_it() -> None:
    texts = TELESCOPE + MIRROR.replace("project: p", "project: P04")
    texts += (
        claim("a", "M1", "p04-telescope") + claim("b", "lens", "scope") + claim("c", "lens", "p04-telescope")
    )
    before, after = vault_of(texts.replace("[P04, scope]", "[]")), vault_of(texts)
    assert meant(before, "a") == ("claim", "p04 telescope", "m1", "mass")
    assert renamed_slots(before, after, [record(after, "prj-p")]) == {
        ("claim", "p04 telescope", "m1", "mass"),
        ("claim", "scope", "lens", "mass"),
    }


def test_a_record_that_gives_no_other_name_renames_nothing() -> None:
    before = vault_of(MIRROR + claim("a", "M1"))
    after = vault_of(MIRROR + "description: of glass\n" + claim("a", "M1"))
    assert renamed_slots(before, after, [record(after, "ent-m")]) == set()
