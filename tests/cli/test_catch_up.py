"""`atocore capture --catch-up` as a person calls it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

Run = Callable[..., Any]


@pytest.fixture
def kept(tmp_path: Path, desk: Desk) -> Path:
    """A folder with one transcript of one turn, done in the vault's repository."""
    folder = tmp_path / "kept"
    folder.mkdir()
    record = {
        "type": "user",
        "uuid": "00000000-0000-4000-8000-000000000001",
        "sessionId": "s1",
        "timestamp": "2026-11-22T07:46:00.123Z",
        "cwd": str(desk.folder),
        "message": {"role": "user", "content": "How heavy is it?"},
    }
    (folder / "s1.jsonl").write_text(json.dumps(record) + "\n")
    return folder


def captured(desk: Desk) -> list[Path]:
    return list((desk.folder / "captures").rglob("*.md"))


def test_it_shows_and_asks_first(run: Run, desk: Desk, kept: Path) -> None:
    args = ("capture", "--catch-up", "--transcripts", str(kept))
    ran = run(*args)
    assert (ran.code, captured(desk)) == (2, [])
    assert "1 to capture" in ran.out
    assert str(desk.folder) in ran.out
    assert "--yes" in ran.err
    assert run(*args, "--dry-run").code == 0
    assert captured(desk) == []
    ran = run(*args, "--yes")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "captured 1")
    assert len(captured(desk)) == 1
    again = run(*args)
    assert again.code == 0
    assert "0 to capture, 1 captured before" in again.out


def test_as_json(run: Run, desk: Desk, kept: Path) -> None:
    args = ("capture", "--catch-up", "--transcripts", str(kept), "--json")
    planned = run(*args, "--dry-run").json
    assert (planned["missed"], planned["captured"], planned["dry_run"]) == (1, 0, True)
    assert run(*args).error["code"] == "usage"
    done = run(*args, "--yes").json
    assert (done["captured"], done["dry_run"], done["folders"][0]["folder"]) == (1, False, str(desk.folder))


@pytest.mark.parametrize(
    ("args", "code"),
    [
        (["--catch-up", "--prompt", "x"], "usage"),
        (["--prompt", "x", "--yes"], "usage"),
        (["--catch-up", "--client", "emacs"], "usage"),
        (["--catch-up", "--since", "whenever"], "bad-value"),
        (["--catch-up", "--transcripts", "/gone/away"], "not-found"),
    ],
)
def test_what_makes_no_sense(run: Run, args: list[str], code: str) -> None:
    ran = run("capture", *args, "--json")
    assert (ran.code, ran.error["code"]) == (1 if code == "not-found" else 2, code)


def test_transcripts_elsewhere_are_counted_and_left(run: Run, desk: Desk, kept: Path) -> None:
    text = (kept / "s1.jsonl").read_text().replace(str(desk.folder), "/home/ada/diary")
    (kept / "s1.jsonl").write_text(text)
    ran = run("capture", "--catch-up", "--transcripts", str(kept), "--yes")
    assert (ran.code, captured(desk)) == (0, [])
    assert "1 turn in 1 folder of no project" in ran.err
    assert "diary" not in ran.out + ran.err
    assert run("capture", "--catch-up", "--transcripts", str(kept), "--all", "--yes").code == 0
    assert len(captured(desk)) == 1
