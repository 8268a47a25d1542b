"""A whole review at a real (pseudo-)terminal: keys in, commits out."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, copied_desk
from reviewed import C1, C2, C3, C4, C5, DOME, KEPT, review_desk
from terminal import Terminal

from atocore.records.record import Record


@pytest.fixture(scope="session")
def reviewed_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_desk(tmp_path_factory.mktemp("reviewed") / "vault").folder


@pytest.fixture
def desk(reviewed_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(reviewed_vault, tmp_path / "vault")
    yield made
    made.close()


def record(desk: Desk, record_id: str) -> Record:
    found = desk.vault.catch_up().get(record_id)
    assert found is not None
    return found


def editor(tmp_path: Path, script: str) -> dict[str, str]:
    """An editor that does one thing to the file it is given."""
    file = tmp_path / "editor.sh"
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)
    return {"EDITOR": str(file), "VISUAL": str(file)}


def test_a_session_from_the_first_card_to_the_last(desk: Desk) -> None:
    start = desk.head()
    with Terminal(desk.folder, "review") as person:
        card = person.asked()
        assert "1 of 5" in card
        assert "rejected before" in card
        assert "[4.3] kg" in card
        assert "[4.2] kg" in card
        assert "docs/budget.md:7 › Mass budget > Primary mirror" in card
        assert "rule stated-quantity: kept 0 of 2 (2 wait)" in card

        assert f"s supersede {KEPT}" in person.press("p")
        assert "promoted in" in person.press("s")

        assert f"1  {DOME} active: Dome speed" in person.press("m", "into which? a number, or an id: ")
        assert "merged in" in person.say("1")

        assert "3 component" in person.press("g", "as which type? ")
        assert "entity/material" in person.say("material"), "the entity that was born is next"
        assert "3  not worth remembering" in person.press("r", "why? ")
        assert "rejected in" in person.say("3")

        assert "put off" in person.press("o", _UNTIL)
        assert "put off in" in person.say("30")
        assert "again: not worth remembering" in person.press("r", "why? ")
        person._child.send("\r")
        assert person.ended() == 0
        assert "0 candidates still to decide" in person.shown

    assert len(desk.commits_since(start)) == 6
    assert desk.statuses("mem-c1", "mem-kept") == ["active", "superseded"]
    assert (record(desk, C2).status, record(desk, C2).superseded_by) == ("rejected", DOME)
    assert record(desk, C3).status == "rejected"
    assert record(desk, C4).review_after > record(desk, C4).ruling.at[:10]
    assert record(desk, C5).ruling.why == "not worth remembering"
    assert [p.code for p in desk.vault.check().problems if p.code != "stray-control"] == []


_UNTIL = "until? a date, or a number of days"


def test_the_last_decision_is_taken_back_and_shown_again(desk: Desk) -> None:
    before = desk.text("memories/scope/c1.md")
    with Terminal(desk.folder, "review") as person:
        person.asked()
        person.press("p")
        assert "conflict" in person.press("k")
        card = person.press("u")
        assert "taken back in" in card
        assert "1 of 5" in card
        assert C1 in card
        assert person.leave() == 0
    assert desk.text("memories/scope/c1.md") == before
    assert "undo: promote memory" in desk.message()


def test_what_was_skipped_comes_last_the_next_time(desk: Desk) -> None:
    with Terminal(desk.folder, "review") as person:
        person.asked()
        person.press("s")
        assert person.leave() == 0
    with Terminal(desk.folder, "review") as person:
        assert C2 in person.asked()
        person.leave()


def test_one_commit_for_a_session_and_a_kill_loses_no_decision(desk: Desk) -> None:
    start = desk.head()
    with Terminal(desk.folder, "review", "--squash") as person:
        person.asked()
        person.press("s")
        person.press("r", "why? ")
        assert "rejected (commits at the end)" in person.say("said by another team")
        os.kill(person.pid, signal.SIGKILL)
        person.ended()
    assert desk.commits_since(start) == []
    with Terminal(desk.folder, "review", "--squash") as person:
        assert "going on with 1 decision" in person.asked()
        person.press("p")
        assert person.leave() == 0
        assert "committed" in person.shown
    (commit,) = desk.commits_since(start)
    assert desk.message(commit).startswith("review: reject 1, promote 1")
    assert record(desk, C2).ruling.why == "said by another team"


def test_ctrl_c_leaves_and_at_a_question_leads_back(desk: Desk) -> None:
    before = desk.state()
    with Terminal(desk.folder, "review") as person:
        person.asked()
        person.press("r", "why? ")
        assert "back" in person.press("\x03")
        assert person.leave("\x03") == 0
        assert "nothing decided" in person.shown
    assert desk.state() == before


def test_ctrl_c_in_a_squashed_session_keeps_its_decisions(desk: Desk) -> None:
    start = desk.head()
    with Terminal(desk.folder, "review", "--squash") as person:
        person.asked()
        person.press("r", "why? ")
        person.say("1")
        assert person.leave("\x03") == 130
        assert "1 decision kept" in person.shown
    assert desk.commits_since(start) == []


def test_hostile_text_does_not_drive_the_terminal(desk: Desk) -> None:
    with Terminal(desk.folder, "review", C4, env={"TERM": "xterm-256color", "NO_COLOR": ""}) as person:
        card = person.asked()
        assert "\\x1b[2J" in card
        for obeyed in ("\x1b[2J", "\x1b]0;", "\x07", "\x9b", "\u202e"):
            assert obeyed not in person.raw
        person.leave()


@pytest.mark.parametrize("columns", [40, 60])
def test_no_line_is_wider_than_the_terminal(desk: Desk, columns: int) -> None:
    import wcwidth

    stale = {"COLUMNS": "200", "LINES": "60"}  # as a shell exported them before the window was made smaller
    with Terminal(desk.folder, "review", columns=columns, rows=20, env=stale) as person:
        shown = person.asked()
        for _ in range(3):
            shown += person.press("s")
        assert max(wcwidth.width(line) for line in shown.splitlines()) < columns
        person.leave()


def test_a_file_with_edits_is_named_and_the_next_one_follows(desk: Desk) -> None:
    desk.edit("memories/scope/c1.md", "status: candidate", "status: active")
    with Terminal(desk.folder, "review") as person:
        assert "saved by hand as active and not committed" in person.asked()
        person.press("p")
        card = person.press("k")
        assert "uncommitted edits in memories/scope/c1.md" in card
        assert C2 in card
        person.leave()
    assert "status: active" in desk.text("memories/scope/c1.md")


def test_what_changed_after_it_was_shown_is_shown_again(desk: Desk) -> None:
    with Terminal(desk.folder, "review", C5) as person:
        person.asked()
        desk.edit("memories/scope/c5.md", "its own foundation", "two foundations")
        desk.commit()
        card = person.press("p")
        assert "changed since it was shown" in card
        assert "two foundations" in card
        assert person.leave("p") == 0
    assert desk.status("mem-c5") == "active"


def test_editing_shows_the_card_again(desk: Desk, tmp_path: Path) -> None:
    env = editor(tmp_path, 'sed -i "s/its own/a new/" "$1"')
    with Terminal(desk.folder, "review", C5, env=env) as person:
        person.asked()
        card = person.press("e")
        assert "edited in" in card
        assert "The pier stands on a new foundation." in card
        person.leave()
    assert "a new foundation" in desk.text("memories/scope/c5.md")


def test_an_edit_that_cannot_be_understood_is_kept(desk: Desk, tmp_path: Path) -> None:
    env = editor(tmp_path, 'echo "no header" > "$1"')
    before = desk.text("memories/scope/c5.md")
    with Terminal(desk.folder, "review", C5, env=env) as person:
        person.asked()
        assert "your text is kept" in person.press("e")
        person.leave()
    assert desk.text("memories/scope/c5.md") == before


def test_an_editor_that_takes_the_file_away_is_told(desk: Desk, tmp_path: Path) -> None:
    before = desk.state()
    with Terminal(desk.folder, "review", C5, env=editor(tmp_path, 'rm "$1"')) as person:
        person.asked()
        assert "left no file" in person.press("e")
        assert person.leave() == 0
    assert desk.state() == before


def test_what_is_pasted_decides_nothing(desk: Desk) -> None:
    before = desk.state()
    with Terminal(desk.folder, "review") as person:
        person.asked()
        assert "1 of 5" in person.press("promote\r")
        assert person.leave() == 0
    assert desk.state() == before


def test_a_machine_cannot_review(desk: Desk) -> None:
    with Terminal(desk.folder, "review", env={"CLAUDECODE": "1"}) as machine:
        assert machine.ended() == 1
        assert "a person's step" in machine.shown


def test_help_and_an_unknown_key_decide_nothing(desk: Desk) -> None:
    before = desk.state()
    with Terminal(desk.folder, "review") as person:
        person.asked()
        assert "merge: it leaves in favour" in person.press("?")
        assert "1 of 5" in person.press("x")
        assert "1 of 5" in person.press("\x1b[A")
        person.leave()
    assert desk.state() == before


def test_a_bulk_step_shows_what_it_would_do_and_asks(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "ids.txt").write_text(f"{C5}\n")
    before = desk.state()
    args = ("promote", "--from-file", str(tmp_path / "ids.txt"))
    with Terminal(desk.folder, *args) as person:
        assert C5 in person.asked("promote 1 record?", listening=False)
        person.leave("n\r")
        assert "nothing was done" in person.shown
    assert desk.state() == before
    with Terminal(desk.folder, *args) as person:
        person.asked("promote 1 record?", listening=False)
        assert person.leave("y\r") == 0
    assert desk.status("mem-c5") == "active"


def test_a_list_with_a_mistake_is_opened_again_as_it_was_saved(desk: Desk, tmp_path: Path) -> None:
    mend, spoil = "s/^accept/promote/", f"s/^skip {C5}/accept {C5}/"
    script = f'grep -q "^accept" "$1" && sed -i "{mend}" "$1" || sed -i "{spoil}" "$1"'
    with Terminal(desk.folder, "review", "--edit", env=editor(tmp_path, script)) as person:
        assert "'accept' is no verb" in person.asked("edit again?", listening=False)
        assert person.leave("\r") == 0
        assert "committed" in person.shown
    assert desk.status("mem-c5") == "active"


def test_everything_about_a_candidate_can_be_read(desk: Desk) -> None:
    with Terminal(desk.folder, "review", rows=60, env={"PAGER": "cat"}) as person:
        person.asked()
        told = person.press("v")
        for part in (
            "src-bench0000000",
            "  11 The dome turns once in two minutes.",
            KEPT,
            "rule: stated-quantity",
        ):
            assert part in told
        assert "by A Reviewer" in told, "its history"
        person.leave()
