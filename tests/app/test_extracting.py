"""Triggers: what follows a capture by the settings, what a request asks for; nothing is read twice."""

from __future__ import annotations

from typing import Any

import pytest
from desk import Desk

from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm
from atocore.knowledge.ingestion import passes as ingestion

SAID = "Decision: We will use Zerodur for the blank of mirror {n}, because it is cheap."


def mode(desk: Desk, value: str) -> None:
    text = desk.text("atocore.yaml")
    assert "mode: conservative" in text
    desk.put("atocore.yaml", text.replace("mode: conservative", f"mode: {value}"))
    desk.commit()
    desk.close()


def capture(desk: Desk, number: int = 1, **more: str) -> Any:
    return desk.machine.capture(SAID.format(n=number), session=f"s{number}", prompt_id="1", **more)


def candidates(desk: Desk) -> int:
    return desk.vault.status().candidates


def from_captures(desk: Desk) -> list[Any]:
    waiting = desk.vault.list(status="candidate").records
    return [one for one in waiting if one.provenance and "interaction" in one.provenance]


def forbid(monkeypatch: pytest.MonkeyPatch) -> None:
    def blow_up(*_args: object, **_more: object) -> None:
        raise AssertionError("extraction was asked to run")

    monkeypatch.setattr(ingestion, "extraction_pass", blow_up)


def seen(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many records each extraction pass is given from now on."""
    counts: list[int] = []
    real = ingestion.extraction_pass

    def counting(snapshot: Any, records: Any, *rest: Any) -> Any:
        listed = list(records)
        counts.append(len(listed))
        return real(snapshot, listed, *rest)

    monkeypatch.setattr(ingestion, "extraction_pass", counting)
    return counts


# -- conservative


def test_conservative_mode_does_nothing_after_a_capture(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    forbid(monkeypatch)
    head, before = desk.head(), candidates(desk)
    made = capture(desk)
    assert (made.new, made.candidates, made.commit, made.notes) == (True, 0, None, ())
    done = desk.vault.round(commit=True, embed=False)
    assert (done.commits, done.more, desk.head()) == ((), False, head)
    assert candidates(desk) == before
    assert desk.git("status", "--porcelain") == ""


# -- the mode extract


def test_a_capture_on_the_command_line_is_extracted_at_once(desk: Desk) -> None:
    mode(desk, "extract")
    made = capture(desk)
    assert made.candidates == 1 and made.commit == desk.head()
    (one,) = from_captures(desk)
    assert one.provenance is not None and one.provenance["interaction"] == made.id
    assert "Zerodur" in one.provenance["quote"]
    assert "Atocore-Actor: machine" in desk.message()
    again = capture(desk)
    assert (again.new, again.candidates, again.commit) == (False, 0, None)


def test_a_round_extracts_what_a_hook_wrote_and_never_reads_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    capture(desk)  # in conservative mode, as the hook leaves it
    mode(desk, "extract")
    counts = seen(monkeypatch)
    done = desk.vault.round(commit=True, embed=False)
    assert len(done.commits) == 1 and counts == [1]
    assert desk.vault.round(commit=True, embed=False).commits == ()
    assert counts == [1]
    desk.vault.index_rebuild()
    assert desk.vault.round(commit=True, embed=False).commits == ()
    assert counts == [1, 1]  # a rebuilt catalog costs a second look, and proposes nothing twice


def test_on_another_branch_everything_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mode(desk, "extract")
    desk.git("switch", "-qc", "topic")
    made = capture(desk)
    assert made.new and "waits" in made.notes[0] and made.commit is None
    assert desk.vault.round(commit=True, embed=False).commits == ()
    desk.git("switch", "-q", "-")
    assert len(desk.vault.round(commit=True, embed=False).commits) == 1


def test_what_a_cap_holds_back_stays_due_and_a_full_queue_reads_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        capture(desk, number)
    text = desk.text("atocore.yaml").replace("max_per_pass: 50", "max_per_pass: 2")
    desk.put("atocore.yaml", text)
    mode(desk, "extract")
    first = desk.vault.round(commit=True, embed=False)
    assert first.more
    second = desk.vault.round(commit=True, embed=False)
    assert not second.more and len(first.commits) == len(second.commits) == 1
    assert desk.vault.catalog.pending("extract", Realm.LOCAL) == {}
    desk.put("atocore.yaml", desk.text("atocore.yaml").replace("max_open: 200", "max_open: 1"))
    desk.commit()
    desk.close()
    counts = seen(monkeypatch)
    capture(desk, 9)
    assert not desk.vault.round(commit=True, embed=False).more and counts == []
    assert len(desk.vault.catalog.pending("extract", Realm.LOCAL)) == 1


def test_committed_captures_are_extracted_too(desk: Desk) -> None:
    desk.git("rm", "-q", ".gitignore")
    text = desk.text("atocore.yaml").replace("  commit: false", "  commit: true")
    desk.put("atocore.yaml", text)
    mode(desk, "extract")
    capture(desk)
    commits = desk.vault.round(commit=True, embed=False).commits
    assert [desk.git("log", "-1", "--format=%s", c).strip()[:7] for c in commits] == ["capture", "extract"]


def test_the_project_is_that_of_the_folder_the_work_was_done_in(desk: Desk) -> None:
    desk.commit("-- projects/scope.md --\nid: prj-sc\nname: scope\naliases: [telescope]\n")
    mode(desk, "extract")
    capture(desk, cwd="/home/a/work/telescope/firmware")
    found = from_captures(desk)
    assert [one.project for one in found] == ["scope"]


# -- on request


def test_a_request_names_sources_since_when_and_the_project(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = capture(desk, 1), capture(desk, 2)
    counts = seen(monkeypatch)
    desk.vault.extract(source=[one.id, one.path], dry_run=True)
    desk.vault.extract(source=(one.id, two.id), dry_run=True)
    desk.vault.extract(since="1h", dry_run=True)
    desk.vault.extract(since="9999-01-01", dry_run=True)
    desk.vault.extract(project="nowhere", dry_run=True)
    assert counts == [1, 2, 2, 0, 0]
    for wrong, code in (({"source": "int-none"}, "not-found"), ({"since": "soon"}, "bad-value")):
        with pytest.raises(AtocoreError) as refusal:
            desk.vault.extract(**wrong)
        assert refusal.value.code == code


def test_documents_without_a_date_are_told_when_they_are_left_out(desk: Desk) -> None:
    file = desk.folder.parent / "plan.md"
    file.write_text("# Plan\n\n## Decisions\n\n- We will use a truss.\n")
    desk.vault.ingest(file, project="scope")
    done = desk.vault.extract(since="7d")
    assert done.read == 0 and "1 without a date" in done.notes[0]
