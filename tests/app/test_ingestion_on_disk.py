"""Ingestion through the vault: idempotent, capped, redacted, and never twice the same proposal."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from desk import Desk, last

from atocore.records.plan import Plan

ADR = """# Use a Serrurier truss

## Status

Accepted

## Decision

We will use a Serrurier truss for the tube.
"""
PLAN = """# Plan

## Requirements

- The tube shall not deflect by more than 10 microns.
- The cell shall weigh less than 30 kg.
- The mount shall track at 15 arcseconds per second.
"""
SECRET = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"


@pytest.fixture
def docs(desk: Desk) -> Path:
    folder = desk.folder.parent / "docs"
    folder.mkdir()
    (folder / "adr.md").write_text(ADR)
    return folder


def test_a_wave_is_one_commit_and_again_it_does_nothing(desk: Desk, docs: Path) -> None:
    start = desk.head()
    first = desk.vault.ingest(docs, project="scope")
    assert desk.commits_since(start) == [first.commit]
    assert desk.git(
        "log", "-1", "--format=%an %(trailers:key=Atocore-Wave,valueonly,separator=)"
    ).split() == [
        "atocore",
        first.wave,
    ]
    assert (last(desk).action, last(desk).actor) == ("ingest", "machine")
    assert desk.codes() == []
    assert first.candidates == 1
    state = desk.state()
    again = desk.vault.ingest(docs, project="scope")
    assert (again.commit, again.read, again.unchanged, again.candidates, again.report) == (None, 1, 1, 0, "")
    assert again.records == ()
    assert desk.state() == state
    assert desk.stale() == []


def test_of_two_at_once_the_slower_one_decides_anew(
    desk: Desk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (docs / "plan.md").write_text(PLAN)
    apply, raced = desk.machine.repository.apply, []

    def outrun(plan: Plan) -> str:
        if not raced:
            raced.append(True)
            desk.vault.ingest(docs, project="scope")
        return apply(plan)

    monkeypatch.setattr(desk.machine.repository, "apply", outrun)
    answer = desk.machine.ingest(docs, project="scope")
    assert (answer.unchanged, answer.commit) == (2, None)
    assert desk.vault.check().problems == ()


def test_a_changed_document_replaces_its_source_and_proposes_what_is_new(desk: Desk, docs: Path) -> None:
    (docs / "adr.md").write_text(PLAN)
    desk.vault.ingest(docs, project="scope")
    sources = [record.id for record in desk.vault.list(kind="source").records]
    (docs / "adr.md").write_text(PLAN + "- The poles shall be made of carbon fibre.\n")
    second = desk.vault.ingest(docs, project="scope")
    assert [record.id for record in desk.vault.list(kind="source").records] == sources
    assert second.unchanged == 0
    made = [record for record in second.records if record.kind != "source"]
    assert len(made) == 1
    assert "carbon fibre" in desk.vault.show(made[0].id).text
    assert desk.found("carbon fibre", kind="source") == sources
    assert desk.codes() == []


def test_a_rejected_candidate_is_never_proposed_again(desk: Desk, docs: Path) -> None:
    first = desk.vault.ingest(docs, project="scope")
    (candidate,) = [record.id for record in first.records if record.status == "candidate"]
    desk.vault.reject(candidate, reason="a draft")
    assert desk.vault.ingest(docs, project="scope").candidates == 0
    (docs / "copy.md").write_text(f"{ADR}\n## Notes\n\nCopied.\n")
    copied = desk.vault.ingest(docs, project="scope")
    assert (copied.candidates, copied.already) == (0, 1)
    assert desk.vault.extract().candidates == 0
    assert desk.vault.show(candidate).status == "rejected"


def test_another_project_may_be_told_the_same(desk: Desk, docs: Path) -> None:
    desk.vault.ingest(docs, project="scope")
    assert desk.vault.ingest(docs, project="other").candidates == 1


def test_caps_defer_and_extract_takes_up_the_rest(desk: Desk, docs: Path) -> None:
    desk.commit("-- atocore.yaml --\nextraction:\n  max_per_pass: 2\n  max_open: 3\n")
    (docs / "plan.md").write_text(PLAN)
    desk.close()
    first = desk.vault.ingest(docs, project="scope")
    assert (first.candidates, first.deferred) == (2, 2)
    assert desk.vault.extract(project="scope").candidates == 0, "three wait already"
    for record in desk.vault.list(status="candidate").records:
        desk.vault.reject(record.id, reason="no")
    second = desk.vault.extract(project="scope")
    assert (second.candidates, second.deferred) == (2, 0)
    assert desk.vault.extract(project="scope").candidates == 0
    assert desk.codes() == []


def test_skipped_files_are_told_with_reasons(desk: Desk, docs: Path) -> None:
    (docs / "empty.md").write_text("  \n")
    (docs / "latin.md").write_bytes(b"caf\xe9")
    (docs / "nul.md").write_bytes(b"a\0b")
    (docs / "merge.md").write_text("<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n")
    (docs / "data.csv").write_text("a,b\n")
    (docs / "big.md").write_text("x" * (8 * 1024 * 1024 + 1))
    (docs / "dangling.md").symlink_to("nowhere.md")
    os.mkfifo(docs / "pipe.md")
    (docs / ".hidden.md").write_text("hidden")
    answer = desk.vault.ingest(docs, project="scope")
    reasons = {passed.path: passed.reason.split(":")[0] for passed in answer.skipped}
    assert reasons == {
        "big.md": "too-large",
        "dangling.md": "a symbolic link",
        "data.csv": "not one of ingest.include",
        "empty.md": "empty",
        "latin.md": "not-utf8",
        "merge.md": "conflict-markers",
        "nul.md": "nul-byte",
        "pipe.md": "not a regular file",
    }
    assert answer.read == 1
    assert desk.codes() == []


def test_secrets_never_reach_the_vault(desk: Desk, docs: Path) -> None:
    (docs / "keys.md").write_text(f"# Keys\n\n## Decision\n\nWe will use the token {SECRET} for deploys.\n")
    answer = desk.vault.ingest(docs, project="scope")
    captured = desk.vault.capture(f"the token is {SECRET}", response=f"noted {SECRET}")
    for path in (*desk.touched(), captured.path, answer.report):
        assert SECRET not in desk.text(path)
    assert "[REDACTED" in desk.text(captured.path)
    assert SECRET not in desk.git("log", "-p", "--all")


def test_a_vanished_document_is_told_and_its_source_stays(desk: Desk, docs: Path) -> None:
    (docs / "plan.md").write_text(PLAN)
    desk.vault.ingest(docs, project="scope")
    (docs / "plan.md").unlink()
    (docs / "adr.md").write_text(ADR + "\nMore.\n")
    answer = desk.vault.ingest(docs, project="scope")
    assert answer.vanished == ("plan.md",)
    assert len(desk.vault.list(kind="source").records) == 2


def test_the_same_documents_give_the_same_files_on_two_clones(desk: Desk, docs: Path) -> None:
    other = Desk(desk.folder.parent / "clone")
    desk.git("clone", "-q", str(desk.folder), str(other.folder))
    other.git("config", "user.name", "Another")
    other.git("config", "user.email", "another@example.org")
    desk.vault.ingest(docs, project="scope")
    other.vault.ingest(docs, project="scope")
    mine, theirs = desk.state()[2], other.state()[2]
    assert mine == theirs
    other.close()


def test_a_document_with_frontmatter_of_its_own_becomes_a_sound_source(desk: Desk, docs: Path) -> None:
    (docs / "own.md").write_text(
        "---\nid: 42\nkind: adr\nstatus: accepted\n---\n" + ADR.replace("truss", "frame")
    )
    answer = desk.vault.ingest(docs, project="scope")
    assert answer.candidates == 2
    assert desk.codes() == []


def test_one_file_is_ingested_by_its_path(desk: Desk, docs: Path) -> None:
    answer = desk.vault.ingest(docs / "adr.md", project="scope")
    assert (answer.read, answer.candidates) == (1, 1)
    assert desk.vault.ingest(docs, project="scope").unchanged == 1


def test_a_capture_is_extracted_into_candidates_of_its_folders_project(desk: Desk) -> None:
    desk.vault.capture(
        "Decision: we will use a Serrurier truss for the tube.", cwd="/home/me/work/telescope/cad"
    )
    answer = desk.vault.extract()
    assert answer.candidates == 1
    (made,) = [record for record in answer.records if record.status == "candidate"]
    assert made.project == "scope"
    assert made.provenance
    assert "interaction" in made.provenance
    assert desk.vault.extract().commit is None
    assert desk.codes() == [], "a capture that git ignores is no dangling reference"
