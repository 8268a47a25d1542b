"""Scratch folders: what a killed process left goes, what a living one has or a person made stays."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from atocore.store.backups.scratch import clear_scratch, scratch_folder

HOLDS = """
import sys, time
from pathlib import Path
from atocore.store.backups.scratch import scratch_folder

with scratch_folder("validate") as folder:
    (folder / "git").mkdir(mode=0o500)
    print(folder, flush=True)
    time.sleep(600)
"""


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's folder for what is temporary."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@contextmanager
def holder() -> Iterator[tuple[Path, subprocess.Popen[str]]]:
    """A process that has a scratch folder."""
    with subprocess.Popen([sys.executable, "-c", HOLDS], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Path(process.stdout.readline().strip()), process
        finally:
            process.kill()


def test_what_a_killed_process_left_goes_and_what_a_living_one_has_stays(temporary: Path) -> None:
    with holder() as (folder, process):
        with scratch_folder("remote") as mine, scratch_folder("restore"):
            assert folder.parent == mine.parent == temporary
            clear_scratch()
            assert len(list(temporary.iterdir())) == 3
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert list(temporary.iterdir()) == [folder]
        with scratch_folder("drill") as mine:
            assert list(temporary.iterdir()) == [mine]
    assert list(temporary.iterdir()) == []


def test_a_persons_folders_files_and_links_stay(temporary: Path) -> None:
    elsewhere = temporary / "elsewhere"
    elsewhere.mkdir()
    for name in ("atocore-backup-2026", "atocore-scratch-drill", "atocore-scratch-validate-of-mine"):
        (temporary / name).mkdir()
    (temporary / "atocore-scratch-validate-abcdefgh").symlink_to(elsewhere)
    (temporary / "atocore-scratch-remote-abcdefgh").write_text("a file")
    before = sorted(temporary.rglob("*"))
    clear_scratch()
    assert sorted(temporary.rglob("*")) == before


def test_a_folder_that_another_process_took_for_left_behind_is_made_again(
    temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    make = tempfile.mkdtemp

    def overtaken(**options: str) -> str:
        made.append(make(**options))
        if len(made) == 1:
            clear_scratch()
        return made[-1]

    monkeypatch.setattr(tempfile, "mkdtemp", overtaken)
    with scratch_folder("validate") as folder:
        assert [os.fspath(folder)] == made[1:]
        assert folder.is_dir()
    assert list(temporary.iterdir()) == []
