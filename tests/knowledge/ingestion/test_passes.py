"""Waves: documents in, sources, candidates and a report out; the same documents give the same files."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from helpers import DEED, record, same_files, statuses, vault_of

from atocore.knowledge.ingestion.passes import extraction_pass, ingest, source_identity
from atocore.knowledge.ingestion.wave import Incoming, Limits, Passed, Wave
from atocore.knowledge.review import steps as review
from atocore.records.kinds import Kind
from atocore.records.plan import Actor
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

EMPTY = MemorySnapshot({})
WIDE = Limits(50, 200, 0)
SPEC = """\
---
title: Mirror specification
date: 2026-03-01
---
# Mirror

## Requirements

- The primary mirror must not weigh more than 4.5 kg.
- The primary mirror must survive -20 °C.

## Decisions

- We decided to use Zerodur for the primary mirror.
"""


def document(text: str = SPEC, origin: str = "spec.md", base: str = "docs") -> Incoming:
    return Incoming(origin, base, text)


def wave(
    vault: MemorySnapshot,
    *documents: Incoming,
    limits: Limits = WIDE,
    passed: Sequence[Passed] = (),
    project: str = "p",
) -> Wave:
    found = ingest(vault, documents, passed, project, limits)
    if found.plan.changes:
        paths = [change.path for change in found.plan.changes]
        assert len(paths) == len(set(paths))
        vault.after(found.plan)
    return found


def candidates(vault: MemorySnapshot) -> list[Record]:
    return list(vault.select((Kind.MEMORY, Kind.ENTITY), ("candidate",)))


def source(vault: MemorySnapshot) -> Record:
    (one,) = vault.select((Kind.SOURCE,))
    return one


def extracted(vault: MemorySnapshot, limits: Limits = WIDE) -> Wave:
    return extraction_pass(vault, list(vault.select((Kind.SOURCE,))), {}, limits)


def report(found: Wave) -> str:
    (change,) = [change for change in found.plan.changes if change.path == found.report]
    assert change.new is not None
    return change.new.decode()


# -- one wave


def test_a_document_becomes_a_source_with_its_text_and_candidates_that_cite_it() -> None:
    found = wave(EMPTY, document())
    vault = EMPTY.after(found.plan)
    kept = source(vault)
    assert kept.body == SPEC
    assert (kept.title, kept.created, kept.project) == ("Mirror specification", "2026-03-01", "p")
    assert kept.header.get("origin") == "spec.md"
    assert (found.read, found.unchanged, found.candidates, found.deferred) == (
        1,
        0,
        len(candidates(vault)),
        0,
    )
    assert found.candidates >= 3

    one = next(r for r in candidates(vault) if "Zerodur" in r.body)
    assert (one.kind, one.type, one.status, one.project) == (Kind.ENTITY, "decision", "candidate", "p")
    assert (one.provenance.source, one.provenance.path, one.provenance.wave) == (kept.id, "spec.md", found.id)
    assert "We decided to use Zerodur" in one.provenance.quote
    first, _, last = one.provenance.lines.partition("-")
    assert "Zerodur" in "\n".join(SPEC.splitlines()[int(first) - 1 : int(last)]), (
        "lines count in the document"
    )
    assert one.provenance.rule
    assert one.provenance.extractor
    assert one.created == "2026-03-01", "its time is the document's"
    assert one.ruling.step == ""


def test_the_same_documents_give_the_same_bytes_on_any_clone() -> None:
    documents = [document(), document("We decided to use beryllium.\n", "other.md")]
    one, two = (EMPTY.after(wave(EMPTY, *order).plan) for order in (documents, documents))
    assert same_files(one, two)


def test_a_wave_is_a_machines_commit_that_names_itself_once() -> None:
    found = wave(EMPTY, document())
    assert found.plan.message is not None
    assert found.plan.message.subject == f"ingest 1 document, {found.candidates} candidates"
    assert (found.plan.message.actor, found.plan.message.wave) == (Actor.MACHINE, found.id)
    assert found.plan.message.records == ()


def test_a_document_that_is_there_already_is_left_alone() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    again = wave(vault, document())
    assert (again.plan.changes, again.unchanged, again.candidates, again.report) == ((), 1, 0, "")


def test_nothing_to_read_is_nothing_to_write() -> None:
    assert wave(EMPTY).plan.changes == ()


def test_a_document_without_date_or_title_takes_its_first_line_and_no_time() -> None:
    kept = source(EMPTY.after(wave(EMPTY, document("# The cell\n\ntext\n")).plan))
    assert (kept.title, kept.created) == ("The cell", "")


def test_where_the_document_lies_makes_its_identity() -> None:
    ids = {
        source_identity("p", document()),
        source_identity("q", document()),
        source_identity("p", document(origin="sub/spec.md")),
        source_identity("p", document(base="papers")),
    }
    assert len(ids) == 4
    assert source_identity("p", document("another text")) in ids


def test_an_endless_first_line_is_no_endless_title() -> None:
    kept = source(EMPTY.after(wave(EMPTY, document("word " * 100_000)).plan))
    assert len(kept.title) <= 200
    assert kept.title.endswith("…")
    assert len(kept.body) > 400_000


# -- again


def test_a_changed_document_replaces_the_source_in_place_and_proposes_only_what_is_new() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    before = {r.id for r in candidates(vault)}
    changed = SPEC + "- We decided to use a six-point cell.\n"
    found = wave(vault, document(changed))
    now = vault.after(found.plan)
    assert source(now).body == changed
    assert source(now).path == source(vault).path
    assert {r.body for r in candidates(now) if r.id not in before} == {
        "We decided to use a six-point cell.\n"
    }
    assert (found.candidates, found.unchanged) == (1, 0)
    assert found.already >= 3


def test_what_a_person_added_to_a_source_stays_when_the_document_changes() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    kept = source(vault)
    mine = MemorySnapshot(
        {**vault.files, kept.path: kept.raw.replace(b"kind: source\n", b"kind: source # mine\nown: x\n")}
    )
    now = mine.after(wave(mine, document(SPEC + "\nMore.\n")).plan)
    assert b"kind: source # mine\nown: x\n" in source(now).raw
    assert source(now).body == SPEC + "\nMore.\n"


def test_a_source_without_a_body_takes_the_new_one_behind_its_fence() -> None:
    vault = EMPTY.after(wave(EMPTY, document("x\n")).plan)
    kept = source(vault)
    bare = MemorySnapshot({kept.path: kept.raw[: -len("\nx\n")]})
    assert bare.files[kept.path].endswith(b"---")
    assert source(bare.after(wave(bare, document("New.\n")).plan)).body == "New.\n"


def test_a_document_that_changes_and_changes_back_comes_in_three_waves() -> None:
    """Each writes a report of its own: none may stand where another stands already."""
    vault, ids = EMPTY, []
    for text in (SPEC, SPEC + "More.\n", SPEC, SPEC + "More.\n"):
        found = wave(vault, document(text))
        vault = vault.after(found.plan)
        ids.append(found.report)
    assert len(set(ids)) == 4


def test_what_was_rejected_is_never_proposed_again() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    for one in candidates(vault):
        vault = vault.after(review.reject(vault, (one,), DEED))
    assert extracted(vault).candidates == 0
    elsewhere = wave(vault, document(SPEC + "\n## Notes\n\nMore.\n", "copy.md"))
    assert elsewhere.candidates == 0
    assert elsewhere.already >= 3


def test_the_same_words_in_another_project_are_another_claim() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    assert wave(vault, document(), project="q").candidates >= 3


def test_the_same_statement_twice_in_a_wave_is_one_candidate() -> None:
    text = "# Decisions\n\n- Zerodur is used for the primary mirror.\n"
    found = wave(EMPTY, document(text, "a.md"), document(text, "b.md"))
    assert (found.candidates, found.already) == (1, 1)


# -- caps


def test_beyond_the_cap_candidates_are_deferred_and_the_next_passes_find_them() -> None:
    everything = {r.body for r in candidates(EMPTY.after(wave(EMPTY, document()).plan))}
    found = wave(EMPTY, document(), limits=Limits(2, 200, 0))
    assert (found.candidates, found.deferred) == (2, len(everything) - 2)
    assert f"| {found.deferred} |" in report(found)

    vault, reports = EMPTY.after(found.plan), {found.report}
    for _ in range(len(everything)):
        more = extracted(vault, Limits(1, 200, 0))
        vault = vault.after(more.plan)
        reports.add(more.report)
    assert {r.body for r in candidates(vault)} == everything
    assert extracted(vault).plan.changes == ()
    assert len(reports - {""}) == 1 + len(everything) - 2, "each pass has a report of its own"


def test_freshness_is_by_the_documents_own_dates() -> None:
    vault = MemorySnapshot({})
    text = "# {}\n\nDate: {}\n\n## Decision\n\nWe decided to use {} for the frame of the gate.\n"
    new = document(text.format("New", "2031-04-05", "steel"), "new.md")
    old = document(text.format("Old", "2030-04-05", "oak"), "former.md")
    older = document(text.format("Older", "2001-04-05", "ash"), "earliest.md")
    vault = vault.after(wave(vault, old, older, new).plan)
    sure = {record.created: record.confidence for record in candidates(vault)}
    assert sure == {"2031-04-05": 0.8, "2030-04-05": 0.78, "2001-04-05": 0.75}


def test_the_best_come_first() -> None:
    found = EMPTY.after(wave(EMPTY, document()).plan)
    best = max(float(r.confidence or 0) for r in candidates(found))
    (one,) = candidates(EMPTY.after(wave(EMPTY, document(), limits=Limits(1, 200, 0)).plan))
    assert one.confidence == best


@pytest.mark.parametrize(
    ("limits", "room"),
    [
        (Limits(50, 200, 0), 50),
        (Limits(50, 200, 180), 20),
        (Limits(50, 200, 200), 0),
        (Limits(50, 200, 230), 0),
    ],
)
def test_the_queue_has_a_cap_too(limits: Limits, room: int) -> None:
    assert limits.room == room


def test_a_full_queue_still_takes_the_source_in() -> None:
    found = wave(EMPTY, document(), limits=Limits(50, 200, 200))
    assert found.candidates == 0
    assert found.deferred >= 3
    assert source(EMPTY.after(found.plan)).body == SPEC


def test_a_pass_over_several_projects_keeps_one_cap() -> None:
    vault = EMPTY.after(wave(EMPTY, document(), limits=Limits(0, 200, 0)).plan)
    vault = vault.after(wave(vault, document(), limits=Limits(0, 200, 0), project="q").plan)
    found = extracted(vault, Limits(4, 200, 0))
    assert found.candidates == 4
    assert found.deferred >= 2


# -- what is in the way


def test_two_documents_of_one_name_are_not_mixed_up() -> None:
    """`a/docs/spec.md` and `b/docs/spec.md`: the second is told of, and not lost in silence."""
    other = document("We decided to use beryllium.\n")
    found = wave(EMPTY, document(), other, document())
    vault = EMPTY.after(found.plan)
    assert source(vault).body == SPEC
    assert [passed.path for passed in found.skipped] == ["spec.md", "spec.md"]
    assert "has its folder and name" in report(found)


def test_a_document_that_cannot_be_kept_is_told_of_and_the_rest_comes_in() -> None:
    broken = document("a\n<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n", "broken.md")
    found = wave(EMPTY, broken, document())
    assert [(passed.path, passed.reason.partition(":")[0]) for passed in found.skipped] == [
        ("broken.md", "cannot be kept as a source")
    ]
    assert source(EMPTY.after(found.plan)).title == "Mirror specification"


def test_control_characters_of_a_text_file_bar_nothing() -> None:
    text = "Part\x0cone\n\n# Decisions\n\n- We decided to use\x0c Zerodur\x1b[0m for the mirror.\n"
    vault = EMPTY.after(wave(EMPTY, document(text, "a.txt")).plan)
    assert source(vault).body == text
    (one,) = candidates(vault)
    assert "\x0c" not in one.provenance.quote


@pytest.mark.parametrize(
    "header",
    [
        "title: [",
        "- a\n- b",
        "a: " + "[" * 3000,
        "date: 2026-02-30",
        "? [a]\n: b",
        "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [" + ", ".join(["*c"] * 50) + "]",
        "title: {{title}}",
        "date: tomorrow",
        'title: "a\\x07b"',
    ],
)
def test_a_documents_own_frontmatter_may_be_anything(header: str) -> None:
    text = f"---\n{header}\n---\n# Decisions\n\n- We decided to use Zerodur for the mirror.\n"
    vault = EMPTY.after(wave(EMPTY, document(text)).plan)
    assert source(vault).body == text
    assert [one.type for one in candidates(vault)] == ["decision"]


def test_an_endless_alias_in_a_documents_frontmatter_is_not_written_out() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    text = "---\n" + "\n".join(lines) + "\n---\nWe decided to use Zerodur.\n"
    assert source(EMPTY.after(wave(EMPTY, document(text)).plan)).body == text


# -- the report


def test_the_report_says_what_was_read_found_deferred_and_passed_over() -> None:
    passed = (
        Passed("big|file.md", "too-large: 9,000,000 bytes"),
        Passed("<b>.pdf", "not one of ingest.include"),
    )
    text = report(wave(EMPTY, document(), passed=passed))
    found = wave(EMPTY, document(), passed=passed)
    assert text.startswith(f"# Wave {found.id}\n")
    assert f"| 1 | 0 | {found.chunks} | {found.candidates} | 0 | 0 |" in text
    assert "| big\\|file.md | too-large: 9,000,000 bytes |" in text
    assert "&lt;b>.pdf" in text
    for one in candidates(EMPTY.after(found.plan)):
        assert f"| {one.provenance.rule} |" in text


def test_a_document_that_is_gone_is_told_of_once_and_its_source_stays() -> None:
    vault = EMPTY.after(wave(EMPTY, document(), document("x\n", "other.md")).plan)
    gone = [one.id for one in vault.select((Kind.SOURCE,)) if one.header.get("origin") == "other.md"]
    found = ingest(vault, [document(SPEC + "More.\n")], (), "p", WIDE, gone)
    assert found.vanished == ("other.md",)
    assert "other.md" in report(found)
    now = vault.after(found.plan)
    assert record(now, gone[0]).header.get("vanished") == found.id
    again = ingest(now, [document(SPEC + "More.\n")], (), "p", WIDE, gone)
    assert (again.vanished, again.plan.changes) == ((), ())


def test_a_document_that_comes_back_is_marked_no_more() -> None:
    vault = EMPTY.after(wave(EMPTY, document("x\n")).plan)
    one = source(vault)
    waves = [one.header.get("wave")]
    for _ in range(2):
        away = ingest(vault, [], (), "p", WIDE, [one.id])
        back = wave(vault.after(away.plan), document("x\n"))
        vault = vault.after(away.plan).after(back.plan)
        waves += [away.id, back.id]
        assert "vanished" not in vault.files[one.path].decode()
        assert back.unchanged == 1
    assert len(set(waves)) == 5, "each has a report of its own"
    assert source(vault).body == one.body


def test_a_document_that_moved_keeps_its_source() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    one = source(vault)
    found = ingest(vault, [document(origin="sub/new.md")], (), "p", WIDE, [one.id])
    now = vault.after(found.plan)
    assert (found.moved, found.vanished, found.unchanged) == (("spec.md -> sub/new.md",), (), 0)
    assert (source(now).id, source(now).path, source(now).body) == (one.id, one.path, SPEC)
    assert source(now).header.get("origin") == "sub/new.md"
    assert "spec.md -> sub/new.md" in report(found).replace("&lt;", "<")
    assert wave(now, document(origin="sub/new.md")).plan.changes == ()
    changed = now.after(wave(now, document(SPEC + "More.\n", "sub/new.md")).plan)
    assert source(changed).id == one.id, "it is the same source there from now on"
    another = changed.after(wave(changed, document("Another.\n")).plan)
    assert len(list(another.select((Kind.SOURCE,)))) == 2, "its old place is free for another document"


def test_what_a_document_said_is_kept_where_a_copy_of_it_lies_now() -> None:
    """`spec.md` was copied to `old.md` before it was edited: both texts are documents, and the source of
    `spec.md` is the one that changed."""
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    one = source(vault)
    found = wave(vault, document("Another.\n"), document(origin="old.md"))
    now = vault.after(found.plan)
    assert (found.moved, found.unchanged, found.candidates) == ((), 0, 0)
    held = {str(r.header.get("origin")): (r.id, r.body) for r in now.select((Kind.SOURCE,))}
    assert held["spec.md"] == (one.id, "Another.\n")
    assert held["old.md"][1] == SPEC
    assert wave(now, document("Another.\n"), document(origin="old.md")).plan.changes == ()
    swapped = now.after(wave(now, document(), document("Another.\n", "old.md")).plan)
    assert {r.body for r in swapped.select((Kind.SOURCE,))} == {SPEC, "Another.\n"}


def test_a_copy_is_no_second_source_while_the_first_is_there() -> None:
    vault = EMPTY.after(wave(EMPTY, document()).plan)
    copied = wave(vault, document(), document(origin="copy.md"))
    assert (copied.plan.changes, copied.unchanged) == ((), 2)


def test_a_converted_document_is_known_by_its_file() -> None:
    def converted(text: str, digest: str) -> Incoming:
        return Incoming("a.pdf", "docs", text, 0, "repo/docs/a.pdf", "pdf", digest, "pdfminer.six 1")

    vault = EMPTY.after(wave(EMPTY, converted(SPEC, "one")).plan)
    kept = source(vault)
    assert (kept.type, kept.header.get("sha256"), kept.header.get("converter")) == (
        "pdf",
        "one",
        "pdfminer.six 1",
    )
    assert kept.header.get("place") == "repo/docs/a.pdf"
    assert wave(vault, converted("", "one")).plan.changes == (), "it comes without its text, unread"
    assert wave(vault, converted(SPEC + "More.\n", "two")).chunks > 0


# -- captures


def test_a_capture_is_extracted_for_the_project_of_the_folder_it_ran_in() -> None:
    raw = b"""\
---
id: int-222222222222
kind: interaction
type: claude-code
created: 2026-11-22T07:46:00Z
---
## Decisions

- Zerodur is used for the primary mirror.
"""
    vault = MemorySnapshot({"captures/2026/11/22/int-222222222222.md": raw})
    capture = record(vault, "int-222222222222")
    found = extraction_pass(vault, [capture], {capture.id: "p04"}, WIDE)
    now = vault.after(found.plan)
    (one,) = candidates(now)
    assert (one.project, one.created, one.provenance.interaction) == ("p04", capture.created, capture.id)
    assert one.provenance.source == ""
    assert found.plan.message is not None
    assert found.plan.message.subject == "extract 1 candidate"
    assert extraction_pass(now, [capture], {capture.id: "p04"}, WIDE).plan.changes == ()
    assert statuses(now)[f"{one.id}"] == "candidate"


def test_a_proposal_that_no_record_can_hold_is_told_and_stops_nothing() -> None:
    text = """
-- sources/p/{0}.md --
id: src-{0}
origin: {0}.md
project: {1}
--
# Decisions

- We decided to use {0} for the frame.
"""
    vault = vault_of(text.format("twa", '"two\\nlines"') + text.format("rest", "p"))
    found = extracted(vault)
    assert [(one.path, one.reason) for one in found.skipped] == [
        ("twa.md:3", "cannot be kept as a candidate: project 'two\\nlines' holds a line break")
    ]
    assert found.candidates == 1 and "twa.md:3" in report(found)
