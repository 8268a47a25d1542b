"""Queries about the past, of vaults with a real history."""

from __future__ import annotations

from pathlib import Path

import pytest
from desk import ASSISTANT, Desk, founded

from atocore.app import querying_past
from atocore.errors import AtocoreError
from atocore.views.queries.asking import QueryAnswer

DOCUMENT = "# Mirror\n\n## Requirements\n\n- The primary mirror mass must not exceed 4.5 kg.\n"


def told(answer: QueryAnswer, *cells: str) -> list[tuple[object, ...]]:
    return [tuple(row[cell] for cell in cells) for row in answer.rows or ()]


def ingested(desk: Desk) -> str:
    """A candidate from a document outside of the vault; its id."""
    (desk.folder.parent / "adr.md").write_text(DOCUMENT)
    desk.vault.ingest(str(desk.folder.parent / "adr.md"), project="p")
    (candidate,) = desk.vault.list(status="candidate", project="p").records
    return candidate.id


def test_evidence_tells_each_step_with_its_commit_and_person_down_to_the_passage(desk: Desk) -> None:
    born = desk.head()
    record = ingested(desk)
    ingest = desk.head()
    promoted = desk.vault.promote(record, reason="agreed in the design review").commit
    assert ingest != born
    assert told(desk.vault.query("evidence", record), "how", "commit", "who", "what")[:2] == [
        ("promote", promoted, "A Reviewer", "agreed in the design review"),
        ("extract", ingest, "machine atocore", ""),
    ]
    rows = desk.vault.query("evidence", record).rows or ()
    passage, source = rows[2], rows[3]
    assert (passage["how"], passage["quote"]) == (
        "› passage",
        "- The primary mirror mass must not exceed 4.5 kg.",
    )
    assert (source["how"], source["commit"]) == ("› ingest", ingest)


def test_evidence_reaches_the_capture_while_this_clone_has_it(desk: Desk) -> None:
    turn = desk.vault.capture("We decided to use Zerodur.", response="Noted.", client="codex")
    desk.commit("-- memories/a.md --\nid: mem-a\ntitle: A\nprovenance: {interaction: " + turn.id + "}\n")
    assert ("› captured", "codex") in told(desk.vault.query("evidence", "mem-a00000000000"), "how", "by")
    (desk.folder / turn.path).unlink()
    (prompt,) = [r for r in desk.vault.query("evidence", "A").rows or () if r["how"] == "› prompt"]
    assert "not here" in str(prompt["what"])


def test_evidence_follows_a_file_through_renames_and_names_machines(desk: Desk) -> None:
    first = desk.commit("-- memories/a.md --\nid: mem-a\ntitle: A\nstatus: candidate\n", "propose A")
    desk.git("mv", "memories/a.md", "memories/b.md")
    desk.commit("", "move it")
    text = (desk.folder / "memories/b.md").read_text().replace("title: A", "title: Better")
    (desk.folder / "memories/b.md").write_text(text)
    edit = desk.commit("", "say it better", f"--author={ASSISTANT}")
    found = told(desk.vault.query("evidence", "mem-a00000000000"), "how", "commit", "who", "what")
    assert found[0] == ("edit", edit, "machine Claude", "say it better")
    assert found[-1][:2] == ("add", first)


def test_evidence_asks_git_about_so_many_records_and_says_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.commit(
        "-- memories/a.md --\nid: mem-a\ntitle: A\nsupersedes: [mem-b, mem-c]\n"
        "-- memories/b.md --\nid: mem-b\nstatus: superseded\nsuperseded_by: mem-a\n"
        "-- memories/c.md --\nid: mem-c\nstatus: superseded\nsuperseded_by: mem-a\n"
    )
    monkeypatch.setattr(querying_past, "MOST_FOLLOWED", 2)
    answer = desk.vault.query("evidence", "A")
    assert "git was asked about the first 2 records: 1 tell their last step alone" in answer.notes


CLAIM = "-- memories/a.md --\nid: mem-a\ntitle: Mass\nproject: p\nvalue: {} kg\n"


def test_changes_since_a_commit_tell_the_net_effect(desk: Desk) -> None:
    base = desk.commit(CLAIM.format(4), "weigh it")
    desk.commit(CLAIM.format(5), "weigh it again")
    last = desk.commit(CLAIM.format(6), "weigh it well")
    cells = ("step", "title", "before", "after", "commit", "why", "who")
    expected = [("edit", "Mass", "4 kg", "6 kg", last, "weigh it well", "A Reviewer")]
    assert told(desk.vault.query("changed-since", base), *cells) == expected
    assert told(desk.vault.query("changed-since", "HEAD~2"), *cells) == expected
    assert desk.vault.query("changed-since", "HEAD").rows == ()


def test_changes_since_a_time_start_from_the_commit_before_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day, mass in ((1, 4), (2, 5), (3, 6)):
        monkeypatch.setenv("GIT_COMMITTER_DATE", f"2030-11-0{day}T12:00:00Z")
        desk.commit(CLAIM.format(mass))
    cells = ("before", "after")
    assert told(desk.vault.query("changed-since", "2030-11-02T12:00:00Z"), *cells) == [("4 kg", "6 kg")]
    assert told(desk.vault.query("changed-since", "2030-11-02T12:00:01Z"), *cells) == [("5 kg", "6 kg")]
    assert told(desk.vault.query("changed-since", "2030-11-03"), *cells) == [("5 kg", "6 kg")]
    assert desk.vault.query("changed-since", "2030-11-04").rows == ()


def test_without_a_commit_before_it_everything_came_since(desk: Desk) -> None:
    desk.commit(CLAIM.format(4))
    answer = desk.vault.query("changed-since", "1999-01-01", project="p")
    assert told(answer, "step", "after") == [("add", "4 kg")]


def test_how_long_ago_counts_from_the_newest_commit(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2030-11-01T12:00:00Z")
    desk.commit(CLAIM.format(4))
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2030-11-20T12:00:00Z")
    desk.commit(CLAIM.format(5))
    assert told(desk.vault.query("changed-since"), "before", "after") == [("4 kg", "5 kg")]
    assert told(desk.vault.query("changed-since", "30d"), "before", "after") == [("", "5 kg")]
    assert len(desk.vault.query("changed-since", "40000d", project="p").rows or ()) == 1, "before the epoch"


def test_what_is_no_time_and_no_commit_is_refused(desk: Desk) -> None:
    for text in ("last tuesday", "--all", "nothing-of-that-name"):
        with pytest.raises(AtocoreError) as refused:
            desk.vault.query("changed-since", text)
        assert refused.value.code == "bad-value"
        assert "a commit" in refused.value.hint


def test_links_folders_and_other_files_are_passed_over(desk: Desk) -> None:
    base = desk.commit("-- memories/a.md --\nid: mem-a\ntitle: A\n")
    (desk.folder / "memories" / "link.md").symlink_to("a.md")
    desk.put("picture.png", b"\x89PNG")
    desk.put("memories/broken.md", "---\nid: [\n---\n")
    desk.commit("-- memories/c.md --\nid: mem-c\ntitle: C\n")
    assert told(desk.vault.query("changed-since", base), "title") == [("C",)]


def test_too_many_commits_and_files_are_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    base = desk.commit(CLAIM.format(4))
    desk.commit(CLAIM.format(5) + "-- memories/b.md --\nid: mem-b\ntitle: B\n")
    desk.commit("-- memories/c.md --\nid: mem-c\ntitle: C\n")
    monkeypatch.setattr(querying_past, "MOST_COMMITS", 1)
    monkeypatch.setattr(querying_past, "MOST_FILES", 2)
    answer = desk.vault.query("changed-since", base)
    assert len(answer.rows or ()) == 2
    assert "3 files changed: the first 2 are compared" in answer.notes
    assert "the newest 1 commits tell who and why; older changes tell their own rulings" in answer.notes


def test_a_document_that_changed_makes_its_fact_stale(desk: Desk) -> None:
    record = ingested(desk)
    desk.vault.promote(record)
    assert desk.vault.query("stale").rows == ()
    (desk.folder.parent / "adr.md").write_text(DOCUMENT.replace("4.5 kg", "4.4 kg"))
    desk.vault.ingest(str(desk.folder.parent / "adr.md"), project="p")
    assert told(desk.vault.query("stale"), "id", "why") == [(record, "its passage changed in the source")]


def test_a_vault_without_knowledge_answers_too(tmp_path: Path) -> None:
    desk = founded(tmp_path / "vault")
    for name in ("changed-since", "stale", "decision-log", "open-questions"):
        answer = desk.vault.query(name)
        assert (answer.rows, len(answer.notes)) == ((), 1)
    desk.close()


def test_of_a_decision_that_tells_no_time_the_commit_that_brought_it_tells(desk: Desk) -> None:
    desk.commit(
        "-- entities/d.md --\nid: ent-d\ntype: decision\nproject: q\nquestion: Which day?\nvalue: Monday\n",
        "decide on the day",
    )
    desk.edit("entities/d.md", "value: Monday", "value: Tuesday")
    desk.commit("", "another day", f"--author={ASSISTANT}")
    (row,) = desk.vault.query("decision-log", project="q").rows or ()
    assert (row["choice"], row["why"], row["who"]) == ("Tuesday", "decide on the day", "A Reviewer")
    assert str(row["day"]).startswith("20")


def test_ground_is_out_of_date_by_the_newest_commit_where_no_record_tells_a_time(tmp_path: Path) -> None:
    desk = founded(tmp_path / "vault")
    desk.commit(
        "-- entities/a.md --\nid: ent-a\ntype: assumption\ntitle: Dry\nvalid_until: 2020-01-01\n"
        "-- entities/d.md --\nid: ent-d\ntype: decision\ntitle: Go\nrelations: "
        "[{type: based_on, target: ent-a}]\n"
    )
    assert told(desk.vault.query("shaky-decisions"), "title", "wrong") == [("Go", "valid until 2020-01-01")]
    desk.close()


def test_a_query_follows_what_is_committed_between_two(desk: Desk) -> None:
    for title in ("Pump", "Valve"):
        desk.vault.new("entity", "It is.", type="component", keys={"title": title, "scope": "p"})
        told = str(desk.vault.query("system-map"))
        assert title in told and "Pump" in told
