"""A candidate's card: everything that a decision needs, from the snapshot alone."""

from __future__ import annotations

import pytest
from helpers import record, vault_of, whole_id
from reviewed import C1, C2, C3, C4, DOME, KEPT, PAST, RECORDS

from atocore.knowledge.fingerprint import view_hash
from atocore.knowledge.review.card import Card, card
from atocore.knowledge.review.tracks import Track, tracks
from atocore.records.snapshot import MemorySnapshot

SOURCE_ID = whole_id("src-bench")


def shown(record_id: str, vault: MemorySnapshot | None = None, **more: object) -> Card:
    vault = vault or vault_of(RECORDS)
    origin = vault.get(SOURCE_ID)
    return card(vault, record(vault, record_id), origin=origin, known=tracks(vault), **more)  # type: ignore[arg-type]


def test_what_it_would_contradict_stands_beside_it_with_the_difference() -> None:
    (side,) = shown(C1).would_conflict
    assert (side.id, side.layer, side.status, side.value) == (KEPT, "L1", "active", "4.2 kg")
    assert side.differs is not None
    assert (side.differs.here, side.differs.there) == ("4.3", "4.2")


def test_what_an_open_conflict_sets_against_it_stands_beside_it_too() -> None:
    conflict = "-- conflicts/a.md --\nid: con-a\ntype: claimed\nmembers: [mem-c2, mem-dme]\n"
    (side,) = shown(C2, vault_of(RECORDS + conflict)).would_conflict
    assert side.id == DOME


def test_a_rejection_of_the_same_is_told_with_its_reason_and_not_again_as_a_likeness() -> None:
    told = shown(C1)
    assert told.rejected_before is not None
    assert (told.rejected_before.id, told.rejected_before.why) == (PAST, "weighed without it")
    assert told.resembles == ()


def test_the_passage_is_shown_with_the_lines_around_it() -> None:
    passage = shown(C1).passage
    assert passage is not None
    assert (passage.origin, passage.heading) == ("docs/budget.md", "Mass budget > Primary mirror")
    assert (passage.first, passage.said_first, passage.said_last, passage.is_here) == (5, 7, 7, True)
    assert passage.lines[2] == "The primary mirror weighs 4.3 kg with its cell."


def test_where_the_document_is_not_here_the_quote_stands_for_it() -> None:
    passage = shown(C3).passage
    assert passage is not None
    assert (passage.lines, passage.is_here) == (("主鏡は低膨張ガラスで作る。",), False)


def test_where_the_document_says_something_else_by_now_both_are_shown() -> None:
    vault = vault_of(RECORDS.replace("in two minutes", "in one minute", 1))
    told = shown(C2, vault)
    assert told.source_changed is not None
    assert told.source_changed.text == "The dome turns once in one minute."
    assert told.passage is not None
    assert not told.passage.is_here
    assert told.passage.lines == ("The dome turns once in two minutes.",)


def test_what_it_proposes_names_the_other_record() -> None:
    (one,) = shown(C4).proposes
    assert (one.what, one.id, one.title, one.status) == ("retire", DOME, "Dome speed", "active")


def test_what_a_search_found_is_a_likeness() -> None:
    vault = vault_of(RECORDS)
    (side,) = shown(C2, vault, found=[record(vault, DOME), record(vault, KEPT)]).resembles
    assert (side.id, side.why) == (DOME, "words")


def test_the_track_records_of_all_who_proposed_it() -> None:
    assert [(t.family, t.name, t.proposed, t.waiting) for t in shown(C1).tracks] == [
        ("rule", "stated-quantity", 2, 2),
        ("assistant", "claude-code", 1, 1),
    ]


def test_the_hash_is_that_to_which_a_step_is_bound() -> None:
    vault = vault_of(RECORDS)
    assert shown(C1, vault).hash == view_hash(vault, record(vault, C1))


@pytest.mark.parametrize("lines", ["", "0-0", "9-8", "x", "7-900", "-1"])
def test_lines_that_name_nothing_leave_the_quote(lines: str) -> None:
    vault = vault_of(RECORDS.replace("lines: 7-7", f"lines: '{lines}'"))
    passage = shown(C1, vault).passage
    assert passage is not None
    assert not passage.is_here
    assert passage.lines == ("The primary mirror weighs 4.3 kg with its cell.",)


def test_a_record_that_came_from_nowhere_has_a_card_too() -> None:
    vault = vault_of("-- memories/a.md --\nid: mem-a\nstatus: candidate\n")
    told = card(vault, record(vault, "mem-a"))
    assert (told.passage, told.tracks, told.provenance, told.confidence) == (None, (), {}, None)


# -- track records


def counted(blocks: str) -> list[Track]:
    return list(tracks(vault_of(blocks)))


ONE = """
-- memories/{n}.md --
id: mem-a{n}
status: {status}
provenance: {{rule: r}}
{more}
--
Number {n}.
"""


def test_kept_is_what_was_accepted_at_any_time() -> None:
    cases = [
        ("active", ""),
        ("superseded", ""),
        ("retired", ""),
        ("graduated", "graduated_to: ent-a"),
        ("rejected", "graduated_to: ent-a"),
        ("rejected", ""),
        ("rejected", "ruling: {step: merge, by: A, at: 2026-01-01T00:00:00Z}"),
        ("candidate", ""),
    ]
    text = "".join(ONE.format(n=n, status=status, more=more) for n, (status, more) in enumerate(cases))
    assert counted(text) == [Track("rule", "r", 8, 5, 1, 1, 1)]


def test_what_a_person_made_or_a_record_bore_is_nobodys() -> None:
    assert (
        counted(
            "-- memories/a.md --\nid: mem-a\nprovenance: {by: A <a@example.org>}\n"
            "-- entities/b.md --\nid: ent-b\nprovenance: {rule: r, record: mem-a}\n"
            "-- memories/c.md --\nid: mem-c\n"
        )
        == []
    )


def test_tools_and_extractors_are_counted_by_name() -> None:
    text = (
        "-- memories/a.md --\nid: mem-a\nprovenance: {tool: freecad}\n"
        "-- memories/b.md --\nid: mem-b\nprovenance: {extractor: llm/2, rule: r}\n"
    )
    assert [(t.family, t.name) for t in counted(text)] == [
        ("extractor", "llm"),
        ("rule", "r"),
        ("tool", "freecad"),
    ]
