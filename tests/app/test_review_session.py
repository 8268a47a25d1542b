"""A review session beside a vault that others change: nothing is decided on what nobody saw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, copied_desk
from helpers import whole
from reviewed import C1, C2, C3, C4, C5, KEPT, review_desk

from atocore.app.review_notes import ReviewNotes
from atocore.app.review_session import ReviewSession, Shown
from atocore.errors import AtocoreError
from atocore.knowledge.review.queue import Wanted


@pytest.fixture(scope="session")
def reviewed_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return review_desk(tmp_path_factory.mktemp("reviewed") / "vault").folder


@pytest.fixture
def desk(reviewed_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(reviewed_vault, tmp_path / "vault")
    yield made
    made.close()


def begun(desk: Desk, *, squash: bool = False, **wanted: object) -> ReviewSession:
    session = ReviewSession(desk.vault, Wanted(**wanted), squash=squash)  # type: ignore[arg-type]
    session.begin()
    return session


def card(session: ReviewSession) -> Shown:
    found = session.shown()
    assert found is not None
    return found


def test_what_somebody_else_decided_meanwhile_is_passed_over(desk: Desk) -> None:
    session = begun(desk)
    assert card(session).card.id == C1
    desk.edit("memories/scope/c1.md", "status: candidate", "status: rejected")
    desk.commit()
    now = card(session)
    assert (now.card.id, now.position, now.of) == (C2, 2, 5)


def test_a_new_rival_in_the_slot_is_shown_before_it_is_decided(desk: Desk) -> None:
    session = begun(desk)
    seen = card(session).card
    desk.commit(
        "-- memories/scope/rival.md --\nid: mem-rev\nproject: scope\nsubject: primary mirror\n"
        "attribute: mass\nvalue: 5 kg\n"
    )
    outcome = session.decide(seen, "promote", supersede=(KEPT,))
    assert not outcome.done
    assert "changed since it was shown" in outcome.told[0]
    again = card(session).card
    assert {side.value for side in again.would_conflict} == {"4.2 kg", "5 kg"}
    assert session.decide(again, "promote", supersede=(KEPT,)).done


def test_a_squashed_session_is_judged_anew_where_the_vault_moved(desk: Desk) -> None:
    start = desk.head()
    session = begun(desk, squash=True)
    assert session.decide(card(session).card, "promote", supersede=(KEPT,)).done
    assert session.decide(card(session).card, "reject", why="said before").done
    desk.edit("memories/scope/kept.md", "4.2 kg", "4.1 kg")
    moved = desk.commit()
    now = card(session)
    assert now.card.id == C1, "its rival is another one now"
    assert any("to be decided again" in told for told in session.news())
    assert session.drafted == 1
    assert session.decide(now.card, "promote", supersede=(KEPT,)).done
    assert session.finish().done
    (commit,) = desk.commits_since(moved)
    assert desk.statuses("mem-c1", "mem-kept", "mem-c2") == ["active", "superseded", "rejected"]
    assert desk.message(commit).startswith("review: reject 1, promote 1")
    assert start != moved


def test_what_changed_just_before_the_end_is_not_committed(desk: Desk) -> None:
    session = begun(desk, squash=True)
    assert session.decide(card(session).card, "promote", supersede=(KEPT,)).done
    desk.edit("memories/scope/c1.md", "4.3 kg", "4.4 kg")
    moved = desk.commit()
    outcome = session.finish()
    assert not outcome.done
    assert "to be decided again" in outcome.told[0]
    assert desk.commits_since(moved) == []
    assert desk.status("mem-c1") == "candidate"


def test_decisions_build_on_those_before_them(desk: Desk) -> None:
    session = begun(desk, squash=True)
    text = session.text_of(C1).decode().replace("4.3 kg", "4.25 kg")
    assert session.decide(card(session).card, "edit", text=text).done
    edited = card(session).card
    assert (edited.id, edited.value) == (C1, "4.25 kg")
    assert session.decide(edited, "promote").done
    third = next(iter([session.undo(), session.undo()]))
    assert third.done
    assert card(session).card.value == "4.3 kg"
    assert session.drafted == 0


def test_a_graduated_memorys_entity_comes_next_and_goes_with_its_undo(desk: Desk) -> None:
    for squash in (False, True):
        session = begun(desk, squash=squash, ids=(C3,))
        assert session.decide(card(session).card, "graduate", type="material").done
        born = card(session).card
        assert (born.kind, born.type, born.rejected_before) == ("entity", "material", None)
        assert session.undo().done
        assert card(session).card.id == C3
        assert session.left == 1


def test_undoing_says_why_where_it_cannot_be(desk: Desk) -> None:
    session = begun(desk)
    assert not session.undo().done
    assert session.decide(card(session).card, "promote", supersede=(KEPT,)).done
    desk.edit("memories/scope/c1.md", "with its cell", "with it")
    desk.commit()
    outcome = session.undo()
    assert not outcome.done
    assert "changed since" in outcome.told[0]
    assert desk.status("mem-c1") == "active"


def test_without_an_identity_a_review_ends_and_loses_nothing(desk: Desk) -> None:
    session = begun(desk, squash=True)
    session.decide(card(session).card, "reject", why="no")
    desk.git("config", "--unset", "user.name")
    desk.git("config", "--unset", "user.email")
    desk.close()
    again = ReviewSession(desk.vault, Wanted(), squash=True)
    again.begin()
    with pytest.raises(AtocoreError) as error:
        again.finish()
    assert error.value.code == "no-identity"
    assert again.waiting_decisions()


def test_a_secret_in_a_decision_stops_it_alone(desk: Desk) -> None:
    session = begun(desk)
    secret = "ghp_" + "Ab3dEf6hIj9lMn2pQr5tUv8xYz1aBc4dEf7h"
    outcome = session.decide(card(session).card, "reject", why=f"the token is {secret}")
    assert not outcome.done
    assert "secret" in outcome.told[0]
    assert secret not in "".join(outcome.told)
    assert card(session).card.id == C2


def test_python_sees_the_queue_as_the_command_line_does(desk: Desk) -> None:
    answer = desk.vault.review(rule="stated-quantity", order="source", limit=1)
    assert (answer.waiting, [one.id for one in answer.cards]) == (2, [C1])
    assert [one.id for one in desk.vault.review(C5).cards] == [C5]
    with pytest.raises(AtocoreError):
        desk.vault.review(limit=-1)


# -- what is noted in the clone


@pytest.mark.parametrize(
    "text", ["", "[", "{}", '[1, {"verb": "promote"}]', '[{"verb": "rm", "record": "x"}]', "null"]
)
def test_damaged_notes_are_no_notes(tmp_path: Path, text: str) -> None:
    for name in ("review-skipped.json", "review-decisions.json"):
        (tmp_path / name).write_text(text)
    notes = ReviewNotes(tmp_path)
    assert (notes.skipped(), notes.decisions()) == ([], [])


def test_losing_the_notes_costs_nothing(desk: Desk) -> None:
    session = begun(desk)
    session.skip(card(session).card)
    assert card(begun(desk)).card.id == C2
    for note in (desk.folder / ".atocore").glob("review-*"):
        note.unlink()
    assert card(begun(desk)).card.id == C1


def test_a_session_over_named_candidates_takes_those_that_are_put_off(desk: Desk) -> None:
    session = begun(desk, ids=(whole("mem-zater"), C4, C5))
    assert session.left == 3
