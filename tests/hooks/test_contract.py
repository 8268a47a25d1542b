"""Whatever happens, the hook is silent and ends with 0; a loss is visible in a log."""

from __future__ import annotations

import json
import os
import random
import resource
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hook import (
    Hook,
    as_root,
    assistant,
    ended_well,
    read_capture,
    script,
    stop,
    user,
    write_transcript,
)


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_the_kill_switch(hook: Hook, transcript: Path, value: str) -> None:
    hook.environ["ATOCORE_CAPTURE_DISABLED"] = value
    hook.run(stop(transcript))
    assert [p.name for p in hook.vault.iterdir()] == ["atocore.yaml"]
    assert not list(hook.state.iterdir())


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage",
        b"[]",
        b"42",
        b'{"session_id":',
        b"\xff\xfe\x00",
        b"[" * 200_000,
        b'{"a":' * 100_000,
        b"{}",
    ],
)
def test_what_is_no_hook_input(hook: Hook, data: bytes) -> None:
    hook.run(data)
    assert hook.captures() == []
    assert hook.status()["captures"] == 0
    assert data == b"{}" or "no JSON object" in hook.log()


def test_closed_stdin(hook: Hook) -> None:
    hook.preexec = lambda: os.close(0)
    assert ended_well(hook.process(None))
    assert "stdin is closed" in hook.log()


def test_closed_stdout_and_stderr(hook: Hook, transcript: Path) -> None:
    hook.preexec = lambda: os.closerange(1, 3)
    hook.run(stop(transcript))
    assert hook.capture().prompt == "How heavy is it?"


def test_a_pipe_that_the_host_keeps_open(hook: Hook, transcript: Path) -> None:
    process = hook.process(subprocess.PIPE)
    assert process.stdin
    process.stdin.write(json.dumps(stop(transcript)).encode())
    process.stdin.flush()
    assert ended_well(process)
    assert hook.capture().response == "It is 4.2 kg."


def test_a_pipe_that_never_says_anything(hook: Hook) -> None:
    assert ended_well(hook.process(subprocess.PIPE))
    assert "0 bytes" in hook.log()


def test_endless_stdin(hook: Hook) -> None:
    with Path("/dev/zero").open("rb") as zeros:
        assert ended_well(hook.process(zeros))
    assert hook.captures() == []
    assert hook.log()


def test_a_huge_answer(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript, last_assistant_message="word " * 4_000_000))
    assert hook.capture().header["cut"] == ["response"]
    assert hook.capture().path.stat().st_size < 70_000


def test_missing_transcript(hook: Hook, tmp_path: Path) -> None:
    hook.run(stop(tmp_path / "none.jsonl"))
    assert hook.captures() == []
    assert "cannot read the transcript" in hook.log()
    assert "No such file" in hook.status()["last_error"]


def test_transcripts_that_are_no_files(hook: Hook, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    for path in (tmp_path, tmp_path / "fifo", "/dev/zero", "a\0b", "x" * 5000):
        hook.run(stop(path))
    assert hook.captures() == []
    assert len(hook.log().splitlines()) == 5


@pytest.mark.skipif(as_root(), reason="root reads everything")
def test_unreadable_transcript(hook: Hook, transcript: Path) -> None:
    transcript.chmod(0)
    hook.run(stop(transcript))
    assert "Permission denied" in hook.log()


@pytest.mark.parametrize("text", ["", "\n\n\n", "{", '{"type":"user"', "\r\n\r\n", "null\n1\n[]\n"])
def test_a_transcript_without_prompt(hook: Hook, tmp_path: Path, text: str) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text(text)
    hook.run(stop(path, last_assistant_message="x"))
    assert hook.captures() == []
    assert hook.status()["last_outcome"] == "skipped: no person's prompt in the transcript"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n \n\n"])
@pytest.mark.parametrize("tail", ["", '{"type":"user","mess', "\x00\x00\x00", '{"type":"user","message":7}'])
def test_damaged_and_odd_lines(hook: Hook, tmp_path: Path, ending: str, tail: str) -> None:
    lines = ["broken", json.dumps(user("How?")), "{'no': json}", json.dumps(assistant("So.")), tail]
    (tmp_path / "t.jsonl").write_text(ending.join(lines), newline="")
    hook.run(stop(tmp_path / "t.jsonl"))
    assert (hook.capture().prompt, hook.capture().response) == ("How?", "So.")


def test_a_prompt_megabytes_from_the_end(hook: Hook, tmp_path: Path) -> None:
    result = user([{"type": "tool_result", "tool_use_id": "t", "content": "y" * 50_000}], uuid="t")
    path = write_transcript(tmp_path / "t.jsonl", user("far away"), *[result] * 200, assistant("near"))
    hook.run(stop(path))
    assert (hook.capture().prompt, hook.capture().response) == ("far away", "near")


def test_a_prompt_beyond_the_bound(hook: Hook, tmp_path: Path) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user("too far"))
    with path.open("ab") as file:
        file.truncate(70 << 20)
    hook.run(stop(path))
    assert hook.captures() == []


def test_lines_from_the_end_are_the_files_lines(tmp_path: Path) -> None:
    lines_from_end = script()["lines_from_end"]
    rng = random.Random(5)
    for _ in range(20):
        data = b"\n".join(
            b"x" * rng.choice([0, 1, 10, 65_535, 65_536, 300_000]) for _ in range(rng.randrange(12))
        )
        (tmp_path / "f").write_bytes(data)
        with (tmp_path / "f").open("rb") as file:
            assert list(lines_from_end(file.fileno(), len(data), 1 << 30)) == data.split(b"\n")[::-1]


def test_no_vault(hook: Hook, transcript: Path) -> None:
    (hook.vault / "atocore.yaml").unlink()
    hook.run(stop(transcript))
    assert list(hook.vault.iterdir()) == []
    assert "has no atocore.yaml" in hook.state_log()
    shutil.rmtree(hook.vault)
    hook.run(stop(transcript))
    assert not hook.vault.exists()


def test_captures_that_lead_out_of_the_vault(hook: Hook, transcript: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (hook.vault / "captures").symlink_to(outside)
    hook.run(stop(transcript))
    assert list(outside.iterdir()) == []
    assert "cannot use the folder captures" in hook.log()
    (hook.vault / "captures").unlink()
    (hook.vault / "captures").mkdir()
    (hook.vault / "captures/2026").symlink_to(outside)
    hook.run(stop(transcript))
    assert list(outside.iterdir()) == []


def test_a_capture_that_is_a_link_is_not_written_through(
    hook: Hook, transcript: Path, tmp_path: Path
) -> None:
    hook.run(stop(transcript))
    path = hook.capture().path
    path.unlink()
    (tmp_path / "precious").write_text("precious")
    path.symlink_to(tmp_path / "precious")
    hook.run(stop(transcript))
    assert (tmp_path / "precious").read_text() == "precious"
    assert "cannot write the capture" in hook.log()


def test_local_folder_that_leads_out_of_the_vault(hook: Hook, transcript: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (hook.vault / ".atocore").symlink_to(outside)
    hook.run(stop(transcript))
    assert list(outside.iterdir()) == []
    assert hook.capture().prompt == "How heavy is it?"
    assert "cannot be noted" in hook.state_log()


@pytest.mark.skipif(as_root(), reason="root writes everywhere")
def test_read_only_vault(hook: Hook, transcript: Path) -> None:
    hook.vault.chmod(0o500)
    hook.run(stop(transcript))
    hook.vault.chmod(0o700)
    assert hook.captures() == []
    assert "Permission denied" in hook.state_log()


def test_a_vault_whose_folders_are_files(hook: Hook, transcript: Path) -> None:
    (hook.vault / "captures").touch()
    (hook.vault / ".atocore").touch()
    hook.run(stop(transcript))
    assert "captures" in hook.state_log()


@pytest.mark.parametrize("option", ["ro", "size=8k"])
def test_a_file_system_that_is_read_only_or_full(hook: Hook, transcript: Path, option: str) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=8k", "none", str(hook.vault)]
    if not as_root() or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        (hook.vault / "atocore.yaml").touch()
        if option == "ro":
            subprocess.run(["mount", "-o", "remount,ro", str(hook.vault)], check=True)
        hook.run(stop(transcript, last_assistant_message="word " * 9_000))
        assert hook.captures() == []
        assert "captures" in hook.state_log() + hook.log() or "cannot write" in hook.state_log() + hook.log()
    finally:
        subprocess.run(["umount", str(hook.vault)], check=True)


def test_a_full_disk_loses_only_the_capture(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript))
    hook.preexec = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
    hook.run(stop(transcript, session_id="s2", last_assistant_message="word " * 9_000))
    assert hook.capture().header["session"] == "s1"
    assert "cannot write the capture" in hook.log()
    assert [p.name for p in hook.capture().path.parent.iterdir()] == [hook.capture().path.name]
    hook.run(stop(transcript, last_assistant_message="word " * 9_000))
    assert hook.capture().response == "It is 4.2 kg."  # the older file is whole


def test_the_log_stays_small_and_holds_no_secret(hook: Hook) -> None:
    for folder in (hook.vault / ".atocore",):
        folder.mkdir()
        (folder / "hook.log").write_text("x" * 70_000)
    hook.run(stop("/none/ghp_" + "a1B2c3D4e5F6" * 3 + "\nnew line"))
    assert not (hook.vault / ".atocore/hook.log").exists()
    assert (hook.vault / ".atocore/hook.log.1").stat().st_size < 71_000
    assert "a1B2" not in hook.everything()
    hook.run(b"garbage")
    assert len(hook.log().splitlines()) == 1


@pytest.mark.parametrize(
    "text", ["", "null", "{", '{"captures": "x", "last_error": 4}', '{"captures": 1e400}']
)
def test_a_damaged_status_heals(hook: Hook, transcript: Path, text: str) -> None:
    (hook.vault / ".atocore").mkdir()
    (hook.vault / ".atocore/hook-status.json").write_text(text)
    hook.run(stop(transcript))
    assert hook.capture().prompt == "How heavy is it?"


def test_subagents_are_not_captured(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript, agent_id="a1", agent_type="Explore"))
    hook.run(stop(transcript, hook_event_name="SubagentStop", agent_transcript_path=str(transcript)))
    assert hook.captures() == []
    assert hook.log() == ""


WRONG: list[Any] = [None, 7, [], {}, "", True, ["x"], {"a": 1}, 1e999, "\ud800", "\0"]


def test_values_of_the_wrong_type(hook: Hook, transcript: Path) -> None:
    for number, wrong in enumerate(WRONG):
        keys = ("cwd", "last_assistant_message", "hook_event_name", "prompt_id", "session_id", "turn_id")
        hook.run(stop(transcript, **dict.fromkeys(keys, wrong)))
        hook.run({**stop(None), "transcript_path": wrong})
        record = user(f"p{number}", uuid=wrong, timestamp=wrong, gitBranch=wrong, version=wrong, origin=wrong)
        path = write_transcript(
            transcript.with_name("w.jsonl"), record, user(wrong), assistant("x", uuid=wrong)
        )
        hook.run(stop(path))
    for path in hook.captures():
        read_capture(path)


def test_damaged_transcripts_never_break_the_contract(
    hook: Hook, tmp_path: Path, names: dict[str, Any]
) -> None:
    """Seeded flips, cuts and swaps: in-process for their number, some as a process."""
    lines = [
        json.dumps(r)
        for r in (user("How?"), assistant("So."), user("And?", uuid="u2"), assistant("Yes.", message_id="m2"))
    ]
    whole, rng = "\n".join(lines * 3).encode(), random.Random(11)
    path = tmp_path / "t.jsonl"
    for number in range(400):
        data = bytearray(whole)
        for _ in range(rng.choice([1, 3, 40])):
            data[rng.randrange(len(data))] = rng.choice([rng.randrange(256), 0x22, 0x0A, 0x7B, 0x5C])
        path.write_bytes(bytes(data[: rng.randrange(len(data))] if number % 2 else data))
        given = stop(path, session_id=str(number))
        if number % 40:
            try:
                names["capture"](str(hook.vault), given, {"response": "yes", "max-chars": "", "client": ""})
            except (names["Skip"], names["Failure"]):
                pass
        else:
            hook.run(given)
    for capture in hook.captures():
        read_capture(capture)
    assert len(hook.captures()) > 200
