"""Real transcripts damaged in every way, odd branches of a session, and many hooks at once."""

from __future__ import annotations

import json
import random
import resource
from pathlib import Path
from typing import Any

import pytest
from hook import (
    Hook,
    assistant,
    ended_well,
    needs_data,
    read_capture,
    real_transcripts,
    start,
    stop,
    user,
    write_transcript,
)


def damaged(data: bytes, how: int, rng: random.Random) -> bytes:
    """A transcript after one kind of accident."""
    lines = data.split(b"\n")
    match how:
        case 0:  # cut
            return data[: rng.randrange(len(data))]
        case 1:  # bytes flipped
            spoilt = bytearray(data)
            for _ in range(50):
                spoilt[rng.randrange(len(spoilt))] = rng.randrange(256)
            return bytes(spoilt)
        case 2:  # lines lost
            return b"\n".join(line for line in lines if rng.random() > 0.3)
        case 3:  # lines out of order
            return b"\n".join(rng.sample(lines, len(lines)))
        case 4:  # a huge line
            huge = b'{"type":"user","message":{"role":"user","content":"' + b"x" * 2_000_000 + b'"}}'
            return b"\n".join([*lines[: len(lines) // 2], huge, *lines[len(lines) // 2 :]])
        case 5:  # another system's line ends
            return data.replace(b"\n", b"\r\n")
        case 6:  # lines cut off
            return b"\n".join(line[: rng.randrange(len(line) + 1)] for line in lines)
    return data[rng.randrange(len(data)) :] + data[: rng.randrange(len(data))]  # halves swapped


@needs_data
def test_real_transcripts_after_every_accident(hook: Hook, tmp_path: Path, names: dict[str, Any]) -> None:
    """In this process for their number, some as a process: no exception, no output, no half a file."""
    rng, path, seen = random.Random(4), tmp_path / "t.jsonl", 0
    for number, (_, data) in enumerate(real_transcripts()):
        for how in range(8) if data else ():
            path.write_bytes(damaged(data, how, rng))
            given = stop(
                path, session_id=f"s{number}-{how}", last_assistant_message=rng.choice([None, "So."])
            )
            seen += 1
            if seen % 40 == 0:
                hook.run(given)
                continue
            try:
                names["capture"](str(hook.vault), given, {"response": "yes", "max-chars": "", "client": ""})
            except (names["Skip"], names["Failure"]):
                pass
    for capture in hook.captures():
        read_capture(capture)
    assert len(hook.captures()) > 50


def test_after_a_rewind_the_last_branch_counts(hook: Hook, tmp_path: Path) -> None:
    records = [
        user("first", uuid="u1", parentUuid=None),
        assistant("one", message_id="m1"),
        user("abandoned", uuid="u2", parentUuid="m1"),
        assistant("two", message_id="m2"),
        user("taken instead", uuid="u3", parentUuid="m1"),
        assistant("three", message_id="m3"),
    ]
    hook.run(stop(write_transcript(tmp_path / "t.jsonl", *records)))
    assert (hook.capture().prompt, hook.capture().response) == ("taken instead", "three")


def test_after_a_resume_records_stand_twice(hook: Hook, tmp_path: Path) -> None:
    turn = [user("once", uuid="u1"), assistant("yes", message_id="m1")]
    path = tmp_path / "t.jsonl"
    hook.run(stop(write_transcript(path, *turn)))
    hook.run(stop(write_transcript(path, *turn, {"type": "summary", "leafUuid": "u1"}, *turn)))
    assert (hook.capture().prompt, hook.capture().response) == ("once", "yes")
    hook.run(
        stop(write_transcript(path, *turn, *turn, user("next", uuid="u2"), assistant("ok", message_id="m2")))
    )
    assert {read_capture(each).prompt for each in hook.captures()} == {"once", "next"}


def test_queued_prompts_attachments_and_compaction_are_passed_over(hook: Hook, tmp_path: Path) -> None:
    summary = "This session is being continued from a previous conversation that ran out of context."
    records = [
        user("mine"),
        {"type": "queue-operation", "operation": "enqueue", "content": "later"},
        {"type": "attachment", "attachment": {"type": "skill_listing", "content": "x"}},
        {"type": "system", "subtype": "compact_boundary", "compactMetadata": {"trigger": "auto"}},
        user(summary, uuid="u2", isCompactSummary=True, isVisibleInTranscriptOnly=True),
        user(summary, uuid="u3"),
        assistant("yes"),
        {"type": "file-history-snapshot", "snapshot": {}},
    ]
    hook.run(stop(write_transcript(tmp_path / "t.jsonl", *records)))
    assert (hook.capture().prompt, hook.capture().response) == ("mine", "yes")


BEGIN, END = "<!-- atocore:context begin -->", "<!-- atocore:context end -->"


@pytest.mark.parametrize(
    "pack",
    [
        f"> {BEGIN}\n> the mirror weighs 4.2 kg\n> {END}",
        f"    {BEGIN}\n    the mirror weighs 4.2 kg\n    {END}",
        f"```\n{BEGIN}\nthe mirror weighs 4.2 kg\n{END}\n```",
        f"{BEGIN}\n{BEGIN}\nthe mirror weighs 4.2 kg\n{END}\nand 4.2 kg again\n{END}",
        f"{BEGIN}\nthe mirror weighs 4.2 kg".replace("<", "&lt;").replace(">", "&gt;"),
        json.dumps(f"{BEGIN}\nthe mirror weighs 4.2 kg\n{END}"),
        f"{BEGIN}\r\nthe mirror weighs 4.2 kg\r\n{END}",
    ],
)
def test_a_pack_in_any_dress_is_not_captured(hook: Hook, tmp_path: Path, pack: str) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user(f"Look:\n{pack}"))
    hook.run(stop(path, last_assistant_message=f"I read:\n{pack}"))
    text = hook.capture().path.read_text()
    assert "4.2 kg" not in text
    assert "Look:" in text
    assert "I read:" in text


def test_twenty_at_once_on_one_turn(hook: Hook, transcript: Path) -> None:
    processes = [start(hook, stop(transcript, last_assistant_message=f"answer {n}")) for n in range(20)]
    assert {ended_well(process) for process in processes} == {True}
    assert (hook.capture().response or "").startswith("answer ")
    assert [each.name for each in hook.capture().path.parent.iterdir()] == [hook.capture().path.name]
    assert hook.status()["captures"] == 1


@pytest.mark.parametrize(
    "name", ["with blank", 'it\'s "quoted"', "line\nend", "ünï", "-dash", "$HOME", "a\\b"]
)
def test_a_vault_of_any_name(hook: Hook, transcript: Path, name: str) -> None:
    other = Hook(hook.vault.parent / name, hook.state)
    hook.vault.rename(other.vault)
    other.run(stop(transcript))
    assert other.capture().prompt == "How heavy is it?"


@pytest.mark.parametrize("limit", ["RLIMIT_NOFILE", "RLIMIT_AS"])
def test_with_few_files_and_little_memory(hook: Hook, transcript: Path, limit: str) -> None:
    """Whatever fails then, it fails in silence, and leaves whole files only."""
    value = {"RLIMIT_NOFILE": 5, "RLIMIT_AS": 60 << 20}[limit]
    hook.preexec = lambda: resource.setrlimit(getattr(resource, limit), (value, value))
    hook.run(stop(transcript, last_assistant_message="word " * 100_000))
    for capture in hook.captures():
        read_capture(capture)
    assert hook.captures() or hook.log() or hook.state_log()
