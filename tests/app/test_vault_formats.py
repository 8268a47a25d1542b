"""Vaults of other formats on disk: migrated in one commit and back, refused where they would be misread."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from desk import Desk, last
from helpers import whole

from atocore.app import Vault
from atocore.config_format import FORMAT
from atocore.errors import AtocoreError
from atocore.knowledge.migrations import MIGRATIONS, Edit, Files, Migration

GEM, MASS = whole("mem-gem"), whole("mem-mass")


def stronger(files: Files) -> Iterable[Edit]:
    """A made-up row: memories say what they claim under another key."""
    for path, text in files.items():
        if path.startswith("memories/") and b"\nvalue:" in text:
            yield Edit(path, text.replace(b"\nvalue:", b"\nclaimed:"), "key value renamed to claimed")


def welcoming(files: Files) -> Iterable[Edit]:
    """Another, which sees what the first one made."""
    for path, text in files.items():
        if b"\nclaimed:" in text:
            yield Edit(path, text.replace(b"\nclaimed:", b"\nsays:"), "key claimed renamed to says")


def failing(files: Files) -> Iterable[Edit]:
    yield from welcoming(files)
    raise AtocoreError("bad-value", "memories/a.md: no number", "correct it")


TABLE = (*MIGRATIONS, Migration(2, "value is claimed", stronger), Migration(3, "claimed is says", welcoming))


@pytest.fixture
def unnamed(desk: Desk) -> Desk:
    """A vault whose settings, made by hand, name no format."""
    desk.put("atocore.yaml", "# ours\ncapture:\n  commit: false  # private\n")
    desk.commit(message="settings by hand")
    return desk


def test_a_vault_that_names_no_format_gets_it_written_down_in_one_commit(unnamed: Desk) -> None:
    before = unnamed.head()
    shown = unnamed.vault.migrate(dry_run=True)
    assert "+format: 1\n" in shown.diff
    assert unnamed.head() == before
    done = unnamed.vault.migrate(reason="as the new page says")
    assert unnamed.commits_since(before) == [done.commit]
    assert unnamed.text("atocore.yaml") == "# ours\nformat: 1\ncapture:\n  commit: false  # private\n"
    assert unnamed.touched() == {"atocore.yaml"}
    assert unnamed.message().splitlines() == [
        "migrate: vault format 0 to 1",
        "",
        "as the new page says",
        "",
        "0 to 1: the format is written down; nothing else differs",
        "",
        "the format written down: 1",
        "",
        "Atocore-Action: migrate",
        "Atocore-Actor: person",
    ]
    assert last(unnamed).action == "migrate"
    again = unnamed.vault.migrate()
    assert (again.commit, again.files, again.steps) == (None, 0, ())


def test_undo_brings_the_former_format_back_byte_for_byte(unnamed: Desk) -> None:
    before = unnamed.git("rev-parse", "HEAD^{tree}")
    unnamed.vault.migrate(table=TABLE)
    head = unnamed.head()
    unnamed.close()
    with Vault.open(unnamed.folder, any_format=True) as vault:  # this AtoCore knows none of format 3
        assert vault.undo(head).commit
    assert unnamed.git("rev-parse", "HEAD^{tree}") == before
    assert unnamed.vault.promote(MASS).commit


def test_rows_are_chained_in_one_commit_and_told_by_kind(unnamed: Desk) -> None:
    heard: list[tuple[str, int, int]] = []
    unnamed.vault.progress = lambda *told: heard.append(told)
    before = unnamed.head()
    done = unnamed.vault.migrate(table=TABLE)
    assert unnamed.commits_since(before) == [done.commit]
    assert done.counts == {
        "key claimed renamed to says": 2,
        "key value renamed to claimed": 2,
        "the format written down": 1,
    }
    assert "says: 4.2 kg" in unnamed.text("memories/scope/mass.md")
    assert [one for one in heard if one[0] == "migrating"] == [
        ("migrating", 1, 3),
        ("migrating", 2, 3),
        ("migrating", 3, 3),
    ]


def test_a_row_that_fails_leaves_everything_as_it_was(unnamed: Desk) -> None:
    before = unnamed.state()
    with pytest.raises(AtocoreError, match="no number"):
        unnamed.vault.migrate(table=(*TABLE[:2], Migration(3, "fails", failing)))
    assert unnamed.state() == before


def test_a_draft_of_a_file_that_would_change_is_in_the_way(unnamed: Desk) -> None:
    unnamed.edit("memories/scope/mass.md", "weighs", "really weighs")
    unnamed.put("notes/mine.md", "mine")
    assert unnamed.vault.migrate(table=TABLE, dry_run=True).drafts == ("memories/scope/mass.md",)
    before = unnamed.state()
    with pytest.raises(AtocoreError, match=r"memories/scope/mass\.md") as caught:
        unnamed.vault.migrate(table=TABLE)
    assert caught.value.code == "dirty-file"
    assert unnamed.state() == before


@pytest.mark.parametrize("point", ["worktree-partial", "blobs-added", "committed"])
def test_killed_half_way_it_is_the_old_vault_or_the_new_one(unnamed: Desk, point: str) -> None:
    unnamed.close()
    old = unnamed.state()
    script = f"""\
import os, signal
from test_vault_formats import TABLE
from atocore.app import Vault
vault = Vault.open({str(unnamed.folder)!r})
vault.repository.on_step = lambda name: os.kill(os.getpid(), signal.SIGKILL) if name == {point!r} else None
vault.migrate(table=TABLE)
"""
    tests = Path(__file__).parent
    paths = {"PYTHONPATH": os.pathsep.join([str(tests), str(tests.parent)])}
    done = subprocess.run([sys.executable, "-c", script], env=os.environ | paths, check=False)
    assert done.returncode == -signal.SIGKILL
    with Vault.open(unnamed.folder, any_format=True) as vault:
        vault.catch_up()
    if point == "committed":
        assert unnamed.text("atocore.yaml").startswith("# ours\nformat: 3\n")
        assert "says: 4.2 kg" in unnamed.text("memories/scope/mass.md")
    else:
        assert unnamed.state() == old
    assert unnamed.git("status", "--porcelain") == ""
    unnamed.git("fsck", "--strict")


# -- vaults of a newer AtoCore -----------------------------------------------------------------------------


@pytest.fixture
def newer(desk: Desk) -> Desk:
    for vault in (desk.vault, desk.machine):  # opened before the number comes
        vault.catch_up()
    desk.edit("atocore.yaml", f"format: {FORMAT}\n", f"format: {FORMAT + 1}\nshelving: nightly\n")
    desk.commit(message="migrated elsewhere")
    return desk


def test_a_newer_vault_is_refused_by_an_open_session_too(newer: Desk) -> None:
    before = newer.state()
    for vault in (newer.vault, newer.machine):
        with pytest.raises(AtocoreError) as caught:
            vault.propose("The dome turns.")
        assert caught.value.code == "newer-format"
    with pytest.raises(AtocoreError) as caught:
        newer.vault.mirror_build()
    assert caught.value.code == "newer-format"
    assert newer.state() == before
    newer.close()
    with pytest.raises(AtocoreError) as caught:
        Vault.open(newer.folder)
    assert caught.value.code == "newer-format"
    assert "upgrade AtoCore" in caught.value.hint


def test_what_tells_no_knowledge_works_in_a_newer_vault(newer: Desk) -> None:
    newer.close()
    with Vault.open(newer.folder, any_format=True) as vault:
        told = {(p.code, p.path, p.line) for p in vault.check().problems}
        assert {("newer-format", "atocore.yaml", 4), ("unknown-setting", "atocore.yaml", 5)} <= told
        assert not vault.check().has_errors
        assert vault.status().problems["warning"] == 2
        assert vault.log().entries
        for write in (lambda: vault.promote(MASS), lambda: vault.migrate(), lambda: vault.undo("HEAD~1")):
            with pytest.raises(AtocoreError):
                write()


def test_captures_are_taken_in_a_newer_vault(newer: Desk) -> None:
    assert (newer.folder / newer.vault.capture("They pour on Mondays.").path).exists()


def test_a_schedule_that_says_no_time_is_told_with_its_line(desk: Desk) -> None:
    desk.put("atocore.yaml", "backup:\n  local: true\nschedule:\n  drill: off\n  backup: daily\n")
    desk.close()
    (told,) = [one for one in desk.vault.check().problems if one.code == "bad-schedule"]
    assert (told.path, told.line) == ("atocore.yaml", 5)
    assert told.message.startswith("schedule.backup")
