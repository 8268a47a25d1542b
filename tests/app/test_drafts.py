"""What is committed counts, what is merely saved is a draft: found, marked, and without effect."""

from __future__ import annotations

from desk import Desk
from helpers import whole

MASS, GEM = whole("mem-mass"), whole("mem-gem")
NEW = """
-- memories/scope/cell.md --
id: mem-ce11
project: scope
subject: mirror cell
attribute: alloy
value: 6061
--
The mirror cell is machined from 6061.
"""
CELL = "mem-ce1100000000"


def hit(desk: Desk, query: str, record: str) -> object:
    hits = desk.vault.search(query, words=True, status="all").hits
    return next((one for one in hits if one.id == record), None)


def test_a_new_saved_record_is_found_as_a_draft_and_counts_nowhere(desk: Desk) -> None:
    desk.save(NEW)
    found = hit(desk, "machined", CELL)
    assert (found.draft, found.status, found.committed_status) == (True, "active", "")
    assert desk.in_context("machined") == []
    listed = {record.id: record.draft for record in desk.vault.list().records}
    assert listed[CELL] is True
    assert listed[GEM] is False
    shown = desk.vault.show(CELL)
    assert (shown.draft, shown.committed_status, shown.history) == (True, "", ())
    assert desk.vault.status().drafts == ("memories/scope/cell.md",)
    assert desk.stale() == []
    desk.commit()
    found = hit(desk, "machined", CELL)
    assert (found.draft, found.committed_status) == (False, "")
    assert desk.in_context("machined") == [CELL]
    assert desk.stale() == []


def test_a_saved_edit_is_found_and_the_committed_text_is_not(desk: Desk) -> None:
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall.")
    desk.edit("memories/scope/gem.md", "status: active", "status: retired")
    found = hit(desk, "Sitall", GEM)
    assert (found.draft, found.status, found.committed_status) == (True, "retired", "active")
    assert desk.found("made Zerodur", status="active") == []
    assert desk.in_context("mirror made of Zerodur") == [GEM]
    assert desk.status("mem-gem") == "active"
    assert [r.status for r in desk.vault.list(kind="memory").records if r.id == GEM] == ["retired"]
    shown = desk.vault.show(GEM)
    assert (shown.draft, shown.committed_status) == (True, "active")
    desk.git("checkout", "-q", "--", ".")
    found = hit(desk, "Zerodur", GEM)
    assert (found.draft, found.status) == (False, "active")
    assert desk.found("Sitall") == []
    assert desk.stale() == []


def test_a_staged_edit_is_a_draft_too(desk: Desk) -> None:
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall.")
    desk.git("add", "-A")
    found = hit(desk, "Sitall", GEM)
    assert found.draft is True
    assert desk.in_context("Sitall") == []


def test_an_uncommitted_deletion_hides_in_search_and_stays_in_context(desk: Desk) -> None:
    (desk.folder / "memories/scope/gem.md").unlink()
    assert desk.found("Zerodur") == []
    assert desk.in_context("mirror made of Zerodur") == [GEM]
    assert desk.status("mem-gem") == "active"
    assert desk.stale() == []
    desk.commit()
    assert desk.in_context("mirror made of Zerodur") == []
    assert desk.status("mem-gem") == "absent"
    assert desk.stale() == []


def test_a_saved_promotion_makes_no_conflict_and_no_state(desk: Desk) -> None:
    desk.commit(
        "-- memories/scope/rev.md --\nid: mem-rev\nproject: scope\nsubject: primary mirror\n"
        "attribute: mass\nvalue: 5 kg\n--\nIt is 5 kg.\n"
    )
    desk.edit("memories/scope/mass.md", "status: candidate", "status: active")
    assert desk.vault.conflicts_list().conflicts == ()
    assert desk.vault.show(GEM).disputed is None
    assert hit(desk, "weighs", MASS).disputed is None
    desk.commit()
    assert len(desk.vault.conflicts_list().conflicts) == 1


def test_search_may_look_at_drafts_alone(desk: Desk) -> None:
    desk.save(NEW)
    ids = [one.id for one in desk.vault.search("mirror", words=True, draft=True).hits]
    assert ids == [CELL]


def test_a_saved_note_is_found_and_a_saved_problem_is_told(desk: Desk) -> None:
    desk.save(
        "-- notes/new.md --\nAnamorphic lenses.\n-- memories/scope/bad.md --\n---\nid: [\n---\nGibberish\n"
    )
    assert len(desk.found("anamorphic")) == 1
    assert len(desk.found("gibberish")) == 1
    assert desk.codes("memories/scope/bad.md") == ["broken-yaml"]


def test_an_uncommitted_rename_keeps_its_id_and_is_no_duplicate(desk: Desk) -> None:
    (desk.folder / "memories/scope/gem.md").rename(desk.folder / "memories/scope/glass-of-the-mirror.md")
    assert desk.codes() == []
    assert desk.found("Zerodur") == [GEM]
    assert desk.vault.show(GEM).status == "active"
    assert [record.id for record in desk.vault.list(kind="memory").records].count(GEM) == 1
    assert desk.in_context("mirror made of Zerodur") == [GEM]


def test_a_git_ignored_file_is_not_in_the_vault_and_a_capture_is_no_draft(desk: Desk) -> None:
    desk.commit("-- .gitignore --\n/.atocore/\n/captures/\nprivate/\n")
    desk.save("-- private/diary.md --\nanamorphic\n")
    captured = desk.vault.capture(
        "We decided to use anamorphic lenses.", client="codex", session="s", prompt_id="1"
    )
    assert desk.found("anamorphic") == [captured.id]
    found = hit(desk, "anamorphic", captured.id)
    assert (found.draft, found.layer, found.type) == (False, "L0", "codex")
    assert desk.vault.status().drafts == ()
    assert desk.in_context("anamorphic") == []
    assert desk.stale() == []


def test_context_is_the_same_with_and_without_drafts(desk: Desk) -> None:
    desk.vault.promote(MASS)
    clean = desk.vault.context("primary mirror", project="scope", words=True)
    desk.save(NEW)
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall, the primary mirror.")
    desk.vault.search("mirror", words=True)
    assert desk.vault.context("primary mirror", project="scope", words=True) == clean


def test_a_draft_is_found_among_what_is_committed_by_how_well_it_fits(desk: Desk) -> None:
    """Few drafts make each of their words look common; that is no reason to put them last."""
    notes = [f"-- notes/n{n}.md --\nThe telescope dome number {n} turns on rails." for n in range(40)]
    desk.commit("\n".join(notes) + "\n-- notes/near.md --\nThe catadioptics folder is in the archive.\n")
    desk.found("dome")
    desk.put("notes/saved.md", "Catadioptric dome rails are greased in spring.\n")
    desk.put("notes/other.md", "Catadioptric lenses arrive in May.\n")
    hits = desk.vault.search("catadioptric dome rails greased in spring", words=True).hits
    assert hits[0].path == "notes/saved.md"
    by_one_word = [hit.path for hit in desk.vault.search("catadioptric", words=True).hits]
    assert set(by_one_word[:2]) == {"notes/saved.md", "notes/other.md"}
    assert "notes/near.md" not in by_one_word  # a word that a draft has is no slip of the pen
