"""Which step a committed change was: the text before, the text after, and the step's name."""

from __future__ import annotations

import pytest
from helpers import file_text, ruling, whole_id

from atocore.knowledge.recognition import IMPOSSIBLE, Deed, recognise
from atocore.records.kinds import Kind

SHORT = {
    "memories": "mem-a", "entities": "ent-a", "state": "sta-a", "conflicts": "con-a", "projects": "prj-a",
    "sources": "src-a", "captures": "int-a",
}  # fmt: skip


def text(folder: str, more: str, body: str = "It is so.\n") -> bytes:
    return file_text(f"{folder}/a.md", f"id: {SHORT[folder]}\n{more}\n--\n{body}").encode()


def steps(folder: str, before: str | None, after: str | None) -> list[str]:
    path = f"{folder}/a.md"
    old = text(folder, before) if before is not None else None
    new = text(folder, after) if after is not None else None
    return [deed.step for deed in recognise(path, old, path, new)]


@pytest.mark.parametrize(
    ("folder", "before", "after", "step"),
    [
        ("memories", "candidate", "active", "promote"),
        ("memories", "active", "candidate", "demote"),
        ("entities", "candidate", "rejected", "reject"),
        ("entities", "rejected", "candidate", "reopen"),
        ("memories", "active", "superseded", "supersede"),
        ("memories", "active", "retired", "retire"),
        ("memories", "superseded", "active", "restore"),
        ("memories", "retired", "active", "restore"),
        ("memories", "active", "graduated", "graduate"),
        ("memories", "graduated", "active", "ungraduate"),
        ("state", "active", "superseded", "supersede"),
        ("state", "retired", "active", "restore"),
        ("conflicts", "open", "resolved", "resolve"),
        ("conflicts", "open", "dismissed", "dismiss"),
        ("conflicts", "resolved", "open", "reopen"),
        ("conflicts", "dismissed", "open", "reopen"),
        ("projects", "active", "archived", "archive"),
        ("projects", "archived", "active", "unarchive"),
        ("memories", "candidate", "superseded", IMPOSSIBLE),
        ("memories", "rejected", "active", IMPOSSIBLE),
        ("entities", "superseded", "retired", IMPOSSIBLE),
        ("conflicts", "resolved", "dismissed", IMPOSSIBLE),
    ],
)
def test_a_status_changed_by_hand_is_the_step_of_the_table(
    folder: str, before: str, after: str, step: str
) -> None:
    assert steps(folder, f"status: {before}", f"status: {after}") == [step]


@pytest.mark.parametrize(
    ("folder", "more", "step"),
    [
        ("memories", "status: candidate", "add"),
        ("memories", "status: active", "add"),
        ("memories", "status: rejected", "add"),
        ("memories", "status: candidate\nprovenance: {rule: r, by: x}", "extract"),
        ("entities", "status: candidate\nprovenance: {by: claude-code/2.1}", "propose"),
        ("memories", "status: active\nprovenance: {by: claude-code/2.1}", "add"),
        ("memories", f"status: active\n{ruling('add')}", "add"),
        ("memories", f"status: active\n{ruling('promote')}", "add"),
        ("state", "status: active", "set"),
        ("state", f"status: active\n{ruling('add')}", "add"),
        ("state", "status: retired", "add"),
        ("conflicts", "status: open", "flag"),
        ("conflicts", f"status: resolved\n{ruling('resolve')}", "resolve"),
        ("conflicts", f"status: dismissed\n{ruling('dismiss')}", "dismiss"),
        ("conflicts", "status: dismissed", "add"),
        ("conflicts", f"status: dismissed\n{ruling('resolve')}", "add"),
        ("projects", "name: p", "add"),
        ("sources", "origin: a.md", "ingest"),
        ("captures", "client: x", "capture"),
    ],
)
def test_how_a_record_was_born(folder: str, more: str, step: str) -> None:
    assert steps(folder, None, more) == [step]


@pytest.mark.parametrize("folder", sorted(SHORT))
def test_a_record_that_goes_is_deleted(folder: str) -> None:
    assert steps(folder, "title: x", None) == ["delete"]


# -- with a ruling


def test_a_new_ruling_whose_step_fits_names_the_step() -> None:
    assert steps("state", "status: active", f"status: retired\n{ruling('unset')}") == ["unset"]
    assert steps("memories", "status: active", f"status: active\n{ruling('confirm')}") == ["confirm"]


def test_a_stale_ruling_names_nothing() -> None:
    """It stood there before: the person changed the status alone."""
    stale = ruling("unset")
    assert steps("state", f"status: active\n{stale}", f"status: retired\n{stale}") == ["retire"]
    assert steps(
        "memories", f"status: active\n{ruling('promote')}", f"status: retired\n{ruling('promote')}"
    ) == ["retire"]


def test_a_ruling_copied_from_elsewhere_that_does_not_fit_names_nothing() -> None:
    assert steps("memories", "status: active", f"status: retired\n{ruling('promote')}") == ["retire"]
    assert steps("memories", "status: candidate", f"status: active\n{ruling('restore')}") == ["promote"]


def test_a_copied_ruling_does_not_make_an_impossible_step_possible() -> None:
    assert steps("memories", "status: rejected", f"status: active\n{ruling('promote')}") == [IMPOSSIBLE]


def test_a_ruling_put_over_a_status_that_stood_there_confirms_it() -> None:
    """A person takes over what a machine's commit did."""
    assert steps("memories", "status: active", f"status: active\n{ruling('promote')}") == ["confirm"]
    assert steps("conflicts", "status: resolved", f"status: resolved\n{ruling('resolve')}") == ["confirm"]


def test_a_ruling_that_explains_nothing_is_an_edit() -> None:
    assert steps("memories", "status: active", f"status: active\n{ruling('reject')}") == ["edit"]
    assert steps("memories", "status: candidate", f"status: candidate\n{ruling('promote')}") == ["edit"]
    assert steps("memories", f"status: active\n{ruling('promote')}", "status: active") == ["edit"]


def test_settling_is_told_from_resolving_by_its_mark() -> None:
    assert steps("conflicts", "status: open", "status: resolved\nhow: settled") == ["settle"]
    assert steps("conflicts", "status: open", "status: resolved\nwinner: mem-a") == ["resolve"]


# -- around the step


def test_another_text_is_an_edit_and_the_same_bytes_are_nothing() -> None:
    assert steps("memories", "value: 1", "value: 2") == ["edit"]
    assert steps("memories", "value: 1", "value: 1") == []


def test_a_step_and_another_edit_in_one_commit_are_the_step() -> None:
    old, new = text("memories", "status: candidate", "One.\n"), text("memories", "status: active", "Two.\n")
    assert [deed.step for deed in recognise("memories/a.md", old, "memories/a.md", new)] == ["promote"]


def test_a_deed_tells_record_kind_path_and_both_statuses() -> None:
    old, new = text("memories", "status: candidate"), text("memories", "status: active")
    assert list(recognise("memories/a.md", old, "attic/b.md", new)) == [
        Deed("promote", whole_id("mem-a"), Kind.MEMORY, "attic/b.md", "candidate", "active")
    ]


def test_a_file_that_is_moved_only_took_no_step() -> None:
    raw = text("memories", "status: active")
    assert list(recognise("memories/a.md", raw, "attic/b.md", raw)) == []


def test_a_file_that_becomes_another_record_is_one_deleted_and_one_born() -> None:
    old, new = text("memories", "status: active"), text("entities", "status: candidate")
    deeds = list(recognise("memories/a.md", old, "memories/a.md", new))
    assert [(deed.step, deed.record) for deed in deeds] == [
        ("delete", whole_id("mem-a")),
        ("add", whole_id("ent-a")),
    ]


def test_what_could_not_be_read_before_is_born_when_it_is_mended() -> None:
    deeds = list(
        recognise(
            "memories/a.md", b"---\nkind: [\n---\n", "memories/a.md", text("memories", "status: active")
        )
    )
    assert [deed.step for deed in deeds] == ["add"]


def test_notes_take_no_steps() -> None:
    assert list(recognise("notes/a.md", b"one\n", "notes/a.md", b"two\n")) == []
    assert list(recognise("notes/a.md", None, "notes/a.md", None)) == []


def test_an_adopted_note_is_added() -> None:
    adopted = file_text("memories/a.md", "id: mem-a\n").encode()
    assert [deed.step for deed in recognise("notes/a.md", b"It is so.\n", "notes/a.md", adopted)] == ["add"]
