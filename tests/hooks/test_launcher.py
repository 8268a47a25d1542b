"""The launcher that `hook install` puts beside the script: the same hook, from its bytecode, as quiet."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from hook import SCRIPT, Hook, Record, stop

LAUNCHER = SCRIPT.with_name("launch.py")


@pytest.fixture
def installed(tmp_path: Path, hook: Hook) -> Hook:
    """The hook as it is installed, with its script in `script/`."""
    folder = tmp_path / "it's “installed”"
    (folder / "script").mkdir(parents=True)
    shutil.copy(LAUNCHER, folder / "capture_stop.py")
    shutil.copy(SCRIPT, folder / "script" / "capture_stop.py")
    hook.script = folder / "capture_stop.py"
    return hook


def compiled(hook: Hook) -> list[Path]:
    return list((hook.script.parent / "script" / "__pycache__").glob("capture_stop.*.pyc"))


def test_it_captures_and_keeps_the_bytecode(installed: Hook, transcript: Path) -> None:
    given: Record = stop(transcript)
    installed.run(given)
    assert installed.capture().prompt == "How heavy is it?"
    (bytecode,) = compiled(installed)
    before = bytecode.stat().st_mtime_ns
    installed.run(given)
    assert bytecode.stat().st_mtime_ns == before
    assert installed.status()["unchanged"] == 1


@pytest.mark.parametrize("damage", [b"", b"garbage", None])
def test_damaged_bytecode_costs_time_only(installed: Hook, transcript: Path, damage: bytes | None) -> None:
    installed.run(stop(transcript))
    (bytecode,) = compiled(installed)
    whole = bytecode.read_bytes()
    bytecode.write_bytes(whole[:16] + b"\xff" * 40 if damage is None else damage)
    shutil.rmtree(installed.vault / "captures")
    installed.run(stop(transcript))
    assert installed.capture().prompt == "How heavy is it?"


def test_a_folder_that_cannot_hold_bytecode(installed: Hook, transcript: Path) -> None:
    (installed.script.parent / "script" / "__pycache__").write_text("in the way")
    installed.run(stop(transcript))
    assert installed.capture().prompt == "How heavy is it?"


@pytest.mark.parametrize(
    "text", [None, "", "syntax error here", "raise SystemExit(3)", "raise KeyboardInterrupt"]
)
def test_a_script_that_is_gone_or_broken_disturbs_nobody(
    installed: Hook, transcript: Path, text: str | None
) -> None:
    script = installed.script.parent / "script" / "capture_stop.py"
    script.unlink()
    if text is not None:
        script.write_text(text)
    installed.run(stop(transcript))
    assert installed.captures() == []


def test_it_is_found_through_a_link(installed: Hook, transcript: Path, tmp_path: Path) -> None:
    link = tmp_path / "linked"
    link.symlink_to(installed.script.parent)
    installed.script = link / "capture_stop.py"
    installed.run(stop(transcript))
    assert len(installed.captures()) == 1
