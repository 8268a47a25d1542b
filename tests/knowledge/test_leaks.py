"""What a step would bring into git that is secret; what finds secrets is a stand-in here."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from helpers import file_text

from atocore.errors import AtocoreError
from atocore.knowledge import leaks
from atocore.records.plan import Actor, Change, Message, Plan

OLD = "SECRET-aaaaaaaaaaaaaaaaaaaa"
NEW = "SECRET-bbbbbbbbbbbbbbbbbbbb"


def find(text: str) -> list[tuple[int, int, str]]:
    spans = [(m.start(), m.end(), "api-key") for m in re.finditer(r"SECRET-\w+", text)]
    spans += [(m.start(1), m.end(1), "password") for m in re.finditer(r"password: (\w+)", text)]
    return spans


def plan(*changes: Change, action: str = "edit", reason: str = "") -> Plan:
    return Plan(changes, Message("a step", action, Actor.PERSON, reason=reason))


def change(new: str, old: str | None = None, path: str = "notes/a.md") -> Change:
    return Change(path, old.encode() if old is not None else None, new.encode())


def test_a_leak_tells_where_and_never_what() -> None:
    (leak,) = leaks.leaks_in("notes/a.md", f"one\ntwo\nkey {NEW}\n", find)
    assert (leak.path, leak.line, leak.label) == ("notes/a.md", 3, "api-key")
    assert leak.hint == "SECR… 27 characters"
    assert leak.fingerprint == leaks.fingerprint(NEW)
    assert NEW not in repr(leak)


def test_of_a_short_secret_nothing_is_shown() -> None:
    (leak,) = leaks.leaks_in("a", "password: hunter2", find)
    assert leak.hint == "7 characters"


def test_what_is_allowed_is_no_leak() -> None:
    allowed = [leaks.fingerprint(NEW)]
    assert list(leaks.leaks_in("a", NEW, find, allowed)) == []
    assert leaks.redacted(f"{NEW} and {OLD}", find, allowed) == f"{NEW} and [REDACTED:api-key]"


def test_a_fingerprint_is_a_text_in_every_yaml() -> None:
    assert re.fullmatch(r"s-[0-9a-f]{12}", leaks.fingerprint("\ud800"))


def test_an_edit_answers_for_what_it_adds() -> None:
    edit = change(f"{OLD}\n{NEW}\n", f"{OLD}\n")
    assert [leak.line for leak in leaks.leaks_of_step(plan(edit), find)] == [2]
    assert leaks.leaks_of_step(plan(change("clean", OLD)), find) == []


def test_what_moves_within_a_step_is_in_git_already() -> None:
    moved = plan(Change("a.md", OLD.encode(), None), change(OLD, path="b.md"))
    assert leaks.leaks_of_step(moved, find) == []


@pytest.mark.parametrize("action", ["promote", "add"])
def test_what_becomes_knowledge_answers_for_all_of_it(action: str) -> None:
    step = plan(change(f"status: active\n{OLD}", f"status: candidate\n{OLD}"), action=action)
    assert [leak.line for leak in leaks.leaks_of_step(step, find)] == [2]


def test_undo_brings_back_what_git_holds() -> None:
    assert leaks.leaks_of_step(plan(change(OLD), action="undo"), find) == []


def test_a_reason_is_looked_at_too() -> None:
    (leak,) = leaks.leaks_of_step(plan(reason=f"see {NEW}"), find)
    assert (leak.path, leak.line) == ("the reason", 1)


def test_a_claim_shows_what_its_value_alone_does_not() -> None:
    raw = file_text("state/p/a.md", "id: sta-a\nattribute: password\nvalue: hunter2\n--\nSet.").encode()
    (leak,) = leaks.leaks_of_file("state/p/a.md", raw, find)
    assert (leak.line, leak.label) == (4, "password")


def test_keys_are_redacted_however_deep() -> None:
    keys = {
        "title": f"a {NEW}",
        "attribute": "password",
        "value": "hunter2",
        "provenance": {"quote": NEW},
        "tags": ("x", NEW),
    }
    assert leaks.redacted_keys(keys, lambda text: leaks.redacted(text, find)) == {
        "title": "a [REDACTED:api-key]",
        "attribute": "password",
        "value": "[REDACTED:password]",
        "provenance": {"quote": "[REDACTED:api-key]"},
        "tags": ("x", "[REDACTED:api-key]"),
    }


def test_a_refusal_names_lines_and_the_way_out() -> None:
    leaks.refuse([], plan())
    (leak,) = leaks.leaks_in("notes/a.md", NEW, find)
    with pytest.raises(AtocoreError) as caught:
        leaks.refuse([replace(leak, line=number) for number in range(1, 9)], plan())
    assert caught.value.code == "secret"
    assert "notes/a.md:1: api-key (SECR… 27 characters)" in caught.value.message
    assert "and 3 more" in caught.value.message
    assert f"add {leak.fingerprint} to secrets.false_alarms" in caught.value.hint


def test_a_refusal_does_not_repeat_the_words_of_a_new_file_s_name() -> None:
    """They are the title's, and the secret may be among them."""
    step = plan(change(f"the key is {NEW}", path="memories/p/the-key-is-it--abc123.md"))
    with pytest.raises(AtocoreError) as refused:
        leaks.refuse(leaks.leaks_of_step(step, find), step)
    assert "memories/p/…--abc123.md:1" in refused.value.message
    assert "the-key" not in refused.value.message
