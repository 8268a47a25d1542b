"""`atocore hook` as a person calls it, with a home of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

Hook = Callable[..., Any]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    return home


@pytest.fixture
def hook(run: Callable[..., Any], home: Path) -> Hook:
    """Run `atocore hook ARGS` in the vault, without a terminal."""

    def running(*args: str, **options: object) -> Any:
        environ = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data")}
        return run("hook", *args, **{**environ, **options})

    return running


def settings(home: Path) -> Path:
    return home / ".claude" / "settings.json"


def test_installing_shows_the_change_and_needs_a_yes(hook: Hook, home: Path, desk: Desk) -> None:
    ran = hook("install")
    assert ran.code == 2
    assert "capture_stop.py" in ran.out
    assert "--yes" in ran.err
    assert not home.joinpath(".claude").exists()
    assert not home.joinpath("data").exists()
    ran = hook("install", "--yes")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "done")
    assert str(desk.folder) in settings(home).read_text()
    again = hook("install")
    assert (again.code, again.out) == (0, f"{settings(home)}: nothing to change\n")


def test_a_dry_run_writes_nothing(hook: Hook, home: Path) -> None:
    answer = hook("install", "--dry-run", "--json").json
    assert (answer["changed"], answer["dry_run"], answer["script_state"]) == (True, True, "new")
    assert answer["diff"].startswith("--- /dev/null\n+++ ")
    assert list(home.iterdir()) == []
    hook("install", "--yes")
    before = settings(home).read_bytes()
    assert hook("uninstall", "--dry-run", "--json").json["changed"]
    assert settings(home).read_bytes() == before


def test_uninstalling_from_anywhere(hook: Hook, home: Path, desk: Desk, tmp_path: Path) -> None:
    hook("install", "--yes")
    assert hook("uninstall", cwd=tmp_path).code == 2
    assert hook("uninstall", "--yes", cwd=tmp_path).code == 0
    assert not settings(home).exists()
    assert hook("uninstall", "--yes", cwd=tmp_path).code == 0


def test_installing_needs_a_vault(hook: Hook, tmp_path: Path) -> None:
    assert hook("install", "--yes", "--json", cwd=tmp_path).error["code"] == "not-a-vault"


def test_malformed_settings_are_told_with_line_and_column(hook: Hook, home: Path) -> None:
    settings(home).parent.mkdir()
    settings(home).write_text('{\n  "a": 1,\n  b\n}\n')
    error = hook("install", "--yes", "--json").error
    assert error["code"] == "bad-client-settings"
    assert "line 3, column 3" in error["message"]
    assert settings(home).read_text() == '{\n  "a": 1,\n  b\n}\n'


def test_codex_says_what_else_is_to_be_done(hook: Hook, home: Path) -> None:
    ran = hook("install", "--client", "codex", "--yes")
    assert "trusted" in ran.err
    (group,) = json.loads((home / ".codex/hooks.json").read_text())["hooks"]["Stop"]
    assert isinstance(group["hooks"][0]["command"], str)
    assert hook("install", "--client", "codex", "--scope", "local").code == 2


def test_status_and_test_tell_by_their_exit_code(hook: Hook, home: Path, desk: Desk) -> None:
    assert hook("status").code == 0
    assert hook("test").code == 1
    hook("install", "--yes")
    assert hook("status", SHELL="/bin/sh").code == 0
    ran = hook("test", "--json")
    assert (ran.code, ran.json["ok"]) == (0, True)
    assert "capture written, secret taken out" in hook("test").out
    (home / "data/atocore/hooks/capture_stop.py").write_text("raise SystemExit(2)")
    assert "exit code 2" in hook("test").out
    assert hook("test").code == 1
    (home / "data/atocore/hooks/capture_stop.py").unlink()
    ran = hook("status")
    assert ran.code == 1
    assert "the script is gone" in ran.out
    assert hook("status", "--json").json["broken"] is True


def test_failures_show_in_status(run: Callable[..., Any], desk: Desk) -> None:
    assert "hook       never ran" in run("status").out
    (desk.folder / ".atocore").mkdir(exist_ok=True)
    (desk.folder / ".atocore/hook-status.json").write_text(
        json.dumps(
            {
                "last_run": "2026-11-22T07:46:00Z",
                "last_outcome": "failed",
                "last_error": "the disk is full",
                "last_error_at": "2026-11-22T07:46:00Z",
                "captures": 4,
                "failed": 2,
            }
        )
    )
    (row,) = [line for line in run("status").out.splitlines() if line.startswith("hook ")]
    assert "4 captures, 2 failed, last at 2026-11-22T07:46:00Z: the disk is full" in row
    told = run("status", "--json").json["hook"]
    assert (told["last_outcome"], told["failed"]) == ("failed", 2)
