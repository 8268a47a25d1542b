"""A purge is killed at each of its steps: the old history stands, or `--continue` makes the new one."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, run_git
from purging import KEY, stored

from atocore.app import Vault
from atocore.app.purge.purging import carry_on
from atocore.errors import AtocoreError
from atocore.knowledge.leaks import fingerprint

BEFORE = ["locked", "decided", "rewritten", "proven", "taken-in"]
AFTER = [
    "journal-written",
    "references-moved",
    "files-written",
    "index-replaced",
    "logs-emptied",
    "stash-made",
    "garbage-thrown-away",
]
CAPTURE = "captures/2026/11/22/int-0000000000000000.md"

CRASH = """
import os, signal, sys
from pathlib import Path
from atocore.app import Vault
from atocore.app.purge.purging import carry_on
folder, point, mark = sys.argv[1:4]
def on_step(name):
    if name == point:
        os.kill(os.getpid(), signal.SIGKILL)
if mark:
    vault = Vault.open(folder)
    vault.repository.on_step = on_step
    vault.purge(mark)
else:
    carry_on(Path(folder), on_step=on_step)
"""


def crash(folder: Path, point: str, mark: str = fingerprint(KEY)) -> None:
    args = [sys.executable, "-c", CRASH, str(folder), point, mark]
    top = str(Path(__file__).parents[2])
    done = subprocess.run(args, env=os.environ | {"PYTHONPATH": top}, capture_output=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """A vault with the secret in history, a tag, a stash, a capture and a file; and work of a person's."""
    desk.commit(f"-- notes/a.md --\nkey {KEY}\n-- notes/b.md --\nb\n", f"with {KEY}")
    desk.git("tag", "-a", "v1", "-m", "one")
    desk.put("notes/b.md", f"stashed {KEY}\n")
    desk.git("stash", "-q")
    desk.put(CAPTURE, f"{KEY}\n")
    desk.put("notes/b.md", "an edit\n")
    desk.put("notes/staged.md", "staged\n")
    desk.git("add", "notes/staged.md")
    desk.close()
    return desk


def is_old(desk: Desk, refs: str) -> None:
    assert desk.git("for-each-ref") == refs
    assert KEY in desk.text("notes/a.md")
    assert KEY in desk.text(CAPTURE)


def is_new(desk: Desk) -> None:
    assert stored(desk.folder, KEY) == []
    assert desk.text("notes/a.md") == "key [REDACTED:aws-access-key]\n"
    assert KEY not in desk.text(CAPTURE)
    assert desk.git("status", "--porcelain") == " M notes/b.md\nA  notes/staged.md\n"
    assert desk.text("notes/b.md") == "an edit\n"
    assert len(desk.git("stash", "list").splitlines()) == 1
    assert desk.git("rev-parse", "v1^{commit}") == desk.git("rev-parse", "HEAD~1")
    desk.git("fsck", "--strict", "--no-dangling")
    assert [*desk.folder.glob(".git/**/*.lock"), *desk.folder.glob(".git/atocore*")] == []


@pytest.mark.parametrize("point", BEFORE)
def test_killed_before_it_happens_the_old_history_stands(busy: Desk, point: str) -> None:
    refs = busy.git("for-each-ref")
    crash(busy.folder, point)
    is_old(busy, refs)
    busy.vault.purge(fingerprint(KEY))
    is_new(busy)


@pytest.mark.parametrize("point", AFTER)
def test_killed_while_it_happens_it_is_carried_on(busy: Desk, point: str) -> None:
    crash(busy.folder, point)
    with pytest.raises(AtocoreError) as error:
        Vault.open(busy.folder)
    assert (error.value.code, error.value.hint) == (
        "purge-unfinished",
        "carry it on: atocore purge --continue",
    )
    crash(busy.folder, "files-written", "")  # killed again while it is carried on
    done = carry_on(busy.folder)
    assert (done.edited, done.moved, done.left) == ((), (), 0)
    is_new(busy)
    with pytest.raises(AtocoreError, match="no purge was cut short"):
        carry_on(busy.folder)


def test_half_of_the_references_moved_and_locks_left_behind(busy: Desk) -> None:
    """What a git leaves that is killed within its transaction."""
    busy.git("branch", "side")
    crash(busy.folder, "journal-written")
    for name in ("refs/heads/side.lock", "packed-refs.lock", "HEAD.lock"):
        (busy.folder / ".git" / name).write_text("")
    carry_on(busy.folder)
    assert busy.git("rev-parse", "side") == busy.git("rev-parse", "HEAD~1")
    is_new(busy)


def test_what_people_did_since_stays_and_is_told(busy: Desk) -> None:
    crash(busy.folder, "journal-written")
    busy.put("notes/a.md", "my own words\n")
    busy.git("branch", "-f", "other", "HEAD")
    run_git(busy.folder, "update-ref", "refs/tags/v1", busy.head())
    done = carry_on(busy.folder)
    assert done.edited == ("notes/a.md",)
    assert done.moved == ("refs/tags/v1",)
    assert busy.text("notes/a.md") == "my own words\n"
    busy.vault.purge(again=True)
    assert stored(busy.folder, KEY) == []


def test_a_reference_that_moves_meanwhile_stops_it_before_it_happens(busy: Desk) -> None:
    def meanwhile(step: str) -> None:
        if step == "proven":
            busy.git("update-ref", "refs/tags/v1", busy.head())

    busy.vault.repository.on_step = meanwhile
    head = busy.head()
    with pytest.raises(AtocoreError) as error:
        busy.vault.purge(fingerprint(KEY))
    assert error.value.code == "git-busy"
    assert busy.head() == head
    assert [*busy.folder.glob(".git/atocore*")] == []
