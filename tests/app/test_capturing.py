"""Catching up on what hooks missed: every turn of the transcripts, once, and as the hook would have it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from atocore.app.capturing import Missed
from atocore.app.transcripts import find_transcripts, read_transcript, transcripts_in
from atocore.errors import AtocoreError
from atocore.knowledge.hooks.clients import CLIENTS

SCRIPT = Path(__file__).parents[2] / "hooks" / "capture_stop.py"
DATA = Path(__file__).parents[3] / "shared" / "data" / "claude_transcripts"
WORK = "/work/telescope/src"
SECRET = "ghp_" + "9rT4kXw2LmQ8vZb6NcY1sJd7HfP3gEa5uKoB"

Record = dict[str, Any]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    return home


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012}"


def user(number: int, text: str = "", **keys: Any) -> Record:
    day = f"2026-11-{number % 28 + 1:02}T10:00:00.000Z"
    message = {"role": "user", "content": text or f"Question {number}?"}
    base = {"type": "user", "uuid": uuid(number), "sessionId": "s1", "timestamp": day, "cwd": WORK}
    return {**base, "message": message, **keys}


def assistant(number: int, text: str = "", **keys: Any) -> Record:
    content = [{"type": "text", "text": text or f"Answer {number}."}]
    message = {"id": f"m{number}", "role": "assistant", "content": content}
    return {"type": "assistant", "uuid": f"a{number}", "message": message, **keys}


def turns(*numbers: int, **keys: Any) -> list[Record]:
    return [record for n in numbers for record in (user(n, **keys), assistant(n))]


def session(home: Path, *records: Record | str, name: str = "s1", folder: str = "-work-telescope") -> Path:
    path = home / ".claude" / "projects" / folder / f"{name}.jsonl"
    return written(path, *records)


def written(path: Path, *records: Record | str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
    path.write_text("".join(line + "\n" for line in lines))
    return path


def codex(kind: str, **payload: Any) -> Record:
    return {"timestamp": "2026-11-22T07:46:00.123Z", "type": kind, "payload": payload}


def codex_message(role: str, text: str) -> Record:
    block = {"type": "output_text" if role == "assistant" else "input_text", "text": text}
    return codex("response_item", type="message", role=role, content=[block])


def run_hook(desk: Desk, given: Record) -> None:
    command = [sys.executable, "-I", "-S", str(SCRIPT), "--vault", str(desk.folder)]
    done = subprocess.run(command, input=json.dumps(given).encode(), capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


def caught_up(desk: Desk, **options: Any) -> Missed:
    return desk.vault.capture_missed(desk.vault.find_missed(**options))


def captures(desk: Desk) -> dict[str, str]:
    paths = (desk.folder / "captures").rglob("*.md")
    return {path.name: path.read_text() for path in sorted(paths)}


def counts(missed: Missed) -> tuple[int, int, int, int]:
    return missed.turns, missed.already, missed.elsewhere, missed.missed


# --- turns -------------------------------------------------------------------------------------------------


def test_every_turn_becomes_a_capture(desk: Desk, home: Path) -> None:
    session(home, *turns(1, 2), user(3, f"Use {SECRET}?"))
    found = desk.vault.find_missed()
    assert captures(desk) == {}
    assert counts(found) == (3, 0, 0, 3)
    (row,) = found.folders
    assert (row.folder, row.project, row.turns, row.first[:10]) == (WORK, "scope", 3, "2026-11-02")
    done = desk.vault.capture_missed(found)
    assert (done.captured, done.skipped, done.dry_run) == (3, (), False)
    texts = "".join(captures(desk).values())
    assert "Question 1?" in texts
    assert "Answer 2." in texts
    assert SECRET not in texts
    assert counts(desk.vault.find_missed()) == (3, 3, 0, 0)


def test_a_turn_that_the_hook_captured_is_one_file(desk: Desk, home: Path) -> None:
    path = session(home, *turns(1, 2))
    run_hook(desk, {"session_id": "s1", "transcript_path": str(path), "cwd": WORK, "hook_event_name": "Stop"})
    by_hook = captures(desk)
    assert len(by_hook) == 1
    done = caught_up(desk)
    assert (done.already, done.captured) == (1, 1)
    assert by_hook.items() < captures(desk).items()


def test_the_hook_after_catching_up_writes_the_same_bytes(desk: Desk, home: Path) -> None:
    path = session(home, *turns(1))
    caught_up(desk)
    before = captures(desk)
    run_hook(desk, {"session_id": "s1", "transcript_path": str(path), "cwd": WORK, "hook_event_name": "Stop"})
    assert captures(desk) == before


def test_a_turn_of_codex_is_one_file_too(desk: Desk, home: Path) -> None:
    rollout = written(
        home / ".codex/sessions/2026/11/22/rollout-1.jsonl",
        codex("session_meta", id="c1", cwd=WORK, cli_version="0.150.0"),
        codex("event_msg", type="task_started", turn_id=uuid(7)),
        codex("turn_context", turn_id=uuid(7), cwd=WORK),
        codex_message("user", "<environment_context>x</environment_context>"),
        codex_message("user", "First, in the turn."),
        codex_message("user", "How heavy?"),
        codex("event_msg", type="user_message", message="How heavy?"),
        codex_message("assistant", "4.2 kg."),
        codex("turn_context", turn_id=uuid(8), cwd=WORK),
        codex_message("user", "Which glass?"),
        codex_message("assistant", "Zerodur."),
    )
    given = {"session_id": "c1", "transcript_path": str(rollout), "cwd": WORK, "hook_event_name": "Stop"}
    run_hook(desk, {**given, "turn_id": uuid(8)})
    by_hook = captures(desk)
    done = caught_up(desk)
    assert (done.turns, done.already, done.captured) == (3, 1, 2)
    assert by_hook.items() < captures(desk).items()
    heavy = next(text for text in captures(desk).values() if "How heavy?" in text)
    assert f"prompt_id: {uuid(7)}" in heavy
    assert 'type: "codex"' in heavy
    assert "4.2 kg." in heavy


def test_a_rollout_that_holds_events_alone(desk: Desk, home: Path) -> None:
    written(
        home / ".codex/sessions/2026/11/22/rollout-1.jsonl",
        codex("session_meta", id="c1", cwd=WORK),
        codex("event_msg", type="user_message", message="How heavy?"),
        codex_message("assistant", "4.2 kg."),
        codex("event_msg", type="user_message", message="Which glass?"),
    )
    assert caught_up(desk).captured == 2


@pytest.mark.parametrize(
    "said", [{"source": {"subagent": {"other": "guardian"}}}, {"thread_source": "subagent"}]
)
def test_what_an_agent_of_codex_asks_another(desk: Desk, home: Path, said: Record) -> None:
    written(
        home / ".codex/sessions/2026/11/22/rollout-1.jsonl",
        codex("session_meta", id="c1", cwd=WORK, **said),
        codex_message("user", "Look into the mirror's mass."),
    )
    assert desk.vault.find_missed().turns == 0


def test_numbers_for_turns_are_not_mixed_up_between_sessions(desk: Desk, home: Path) -> None:
    for name in ("c1", "c2"):
        written(
            home / f".codex/sessions/2026/11/22/rollout-{name}.jsonl",
            codex("session_meta", id=name, cwd=WORK),
            codex("turn_context", turn_id="1", cwd=WORK),
            codex_message("user", f"How heavy is {name}?"),
        )
    assert caught_up(desk).captured == 2


def test_a_resumed_session_repeats_nothing(desk: Desk, home: Path) -> None:
    session(home, *turns(1, 2))
    session(home, *turns(1, 2, 3, sessionId="s2"), name="s2")
    assert caught_up(desk).captured == 3
    session(home, *turns(1, 2, 3, sessionId="s3"), name="s3")
    assert counts(desk.vault.find_missed()) == (3, 3, 0, 0)


def test_an_answer_that_was_missing_is_completed_once(desk: Desk, home: Path) -> None:
    session(home, user(1))
    caught_up(desk)
    session(home, *turns(1))
    done = caught_up(desk)
    assert (done.captured, done.completed) == (0, 1)
    (text,) = captures(desk).values()
    assert "Answer 1." in text
    session(home, user(1), assistant(1, "Another answer."))
    assert desk.vault.find_missed().missed == 0


def test_what_is_no_persons_turn(desk: Desk, home: Path) -> None:
    session(
        home,
        user(1),
        assistant(2, "aside", isSidechain=True),
        user(3, "aside", isSidechain=True),
        user(4, "<command-name>/model</command-name>"),
        assistant(4, "to the command"),
        user(5, "meta", isMeta=True),
    )
    written(home / ".claude/projects/-work-telescope/s1/subagents/agent-a.jsonl", *turns(6))
    written(home / ".claude/projects/-work-telescope/agent-b.jsonl", *turns(7))
    assert caught_up(desk).captured == 1
    (text,) = captures(desk).values()
    assert "## Response" not in text


# --- which of them -----------------------------------------------------------------------------------------


def test_only_work_that_the_vault_knows_of(desk: Desk, home: Path, tmp_path: Path) -> None:
    diary = tmp_path / "diary"
    session(home, *turns(1))
    session(home, *turns(2, cwd=str(desk.folder / "notes")), name="s2")
    session(home, *turns(3, cwd=str(diary)), name="s3")
    session(home, *turns(4, cwd=str(tmp_path / "diary2")), name="s4")
    session(home, *turns(5, cwd=""), name="s5")
    assert counts(desk.vault.find_missed()) == (5, 0, 3, 2)
    assert counts(desk.vault.find_missed(folders=[str(diary)])) == (5, 0, 4, 1)
    assert counts(desk.vault.find_missed(every=True)) == (5, 0, 0, 5)
    assert caught_up(desk).captured == 2


@pytest.mark.parametrize(
    "cwd", ["/work\0telescope", "\ud800", "relative/telescope", "C:\\work\\telescope", "/" * 9000]
)
def test_folders_that_no_machine_has(desk: Desk, home: Path, cwd: str) -> None:
    session(home, *turns(1, cwd=cwd))
    assert desk.vault.find_missed(folders=[str(home)]).missed == 0
    assert caught_up(desk, every=True).captured == 1


def test_only_since_a_date(desk: Desk, home: Path) -> None:
    session(home, *turns(1, 2, 3))
    found = desk.vault.find_missed(since="2026-11-03")
    assert (found.earlier, found.missed) == (1, 2)
    assert desk.vault.find_missed(since="2026-11-03T12:00:00+02:00").missed == 2
    with pytest.raises(AtocoreError):
        desk.vault.find_missed(since="whenever")


def test_transcripts_from_before_the_date_are_not_read(desk: Desk, home: Path) -> None:
    os.utime(session(home, *turns(1, 2)), (1_700_000_000, 1_700_000_000))
    found = desk.vault.find_missed(since="2026-11-03")
    assert (found.transcripts, found.turns) == (0, 0)
    assert desk.vault.find_missed(since="2023-01-01").missed == 2


def test_only_one_client(desk: Desk, home: Path) -> None:
    session(home, *turns(1))
    written(
        home / ".codex/sessions/2026/11/22/rollout-1.jsonl",
        codex("session_meta", id="c1", cwd=WORK),
        codex_message("user", "How heavy?"),
    )
    assert desk.vault.find_missed(clients=["codex"]).missed == 1
    assert desk.vault.find_missed(clients=["claude-code"]).missed == 1
    assert desk.vault.find_missed().missed == 2


def test_transcripts_that_are_named(desk: Desk, tmp_path: Path) -> None:
    path = written(tmp_path / "kept/deep/one.jsonl", *turns(1))
    written(tmp_path / "kept/subagents/two.jsonl", *turns(2))
    assert transcripts_in([str(tmp_path / "kept")]) == [path]
    assert desk.vault.find_missed(transcripts=[str(path)]).missed == 1
    with pytest.raises(AtocoreError):
        transcripts_in([str(tmp_path / "gone")])


def test_the_clients_own_folders(home: Path, tmp_path: Path) -> None:
    other = written(tmp_path / "claude/projects/-x/s.jsonl", *turns(1))
    environ = {"CLAUDE_CONFIG_DIR": str(tmp_path / "claude"), "CODEX_HOME": str(tmp_path / "none")}
    assert find_transcripts(CLIENTS.values(), environ) == [other]


def test_the_settings_are_kept_to(desk: Desk, home: Path) -> None:
    desk.close()
    desk.put("atocore.yaml", "format: 1\ncapture:\n  response: false\n  max_chars: 10\n")
    session(home, user(1, "A question that is too long."), assistant(1))
    caught_up(desk)
    (text,) = captures(desk).values()
    assert "Answer" not in text
    assert "A question\n\n[cut by AtoCore: 10 of 28 characters kept]" in text
    assert desk.vault.find_missed().missed == 0


# --- bad files ---------------------------------------------------------------------------------------------


def test_bad_files_are_rows_and_stop_nothing(desk: Desk, home: Path) -> None:
    session(home, *turns(1), '{"type":"user","message":', "[]", "\0\xff", '"user text"')
    session(home, name="empty")
    folder = session(home, name="folder")
    folder.unlink()
    folder.mkdir()
    os.mkfifo(home / ".claude/projects/-work-telescope/fifo.jsonl")
    (home / ".claude/projects/-work-telescope/dangling.jsonl").symlink_to("nowhere")
    found = desk.vault.find_missed()
    assert found.missed == 1
    reasons = {Path(one.path).stem: one.reason for one in found.skipped}
    assert reasons.keys() == {"s1", "folder", "fifo", "dangling"}
    assert reasons["s1"] == "1 line could not be understood"
    assert caught_up(desk).captured == 1


def test_a_capture_that_cannot_be_written_is_a_row(desk: Desk, home: Path) -> None:
    session(home, *turns(1, 2))
    (desk.folder / "captures").mkdir()
    (desk.folder / "captures/2026").write_text("in the way")
    done = caught_up(desk)
    assert done.captured == 0
    assert [one.reason.startswith("int-") for one in done.skipped] == [True, True]


def test_a_turn_that_holds_a_pack_alone_is_empty(desk: Desk, home: Path) -> None:
    session(home, user(1, "<!-- atocore:context begin -->\nx\n<!-- atocore:context end -->"))
    done = caught_up(desk)
    assert (done.captured, done.empty) == (0, 1)


@pytest.mark.skipif(not DATA.is_dir(), reason="the development data is not here")
def test_every_prompt_of_real_transcripts_is_found(tmp_path: Path) -> None:
    different = []
    for line in (DATA / "manifest.jsonl").read_text().splitlines():
        entry = json.loads(line)
        path = tmp_path / "session.jsonl"
        path.write_bytes(gzip.decompress((DATA / entry["file"]).read_bytes()))
        found = read_transcript(path).turns
        if (len(found), len({turn.id for turn in found})) != (entry["human_prompts"],) * 2:
            different.append((entry["file"], len(found), entry["human_prompts"]))
    assert different == []


def test_what_the_mode_asks_for_follows(desk: Desk, home: Path) -> None:
    desk.close()
    desk.put("atocore.yaml", "format: 1\ncapture:\n  mode: extract\n")
    desk.commit(message="extract from captures")
    session(home, user(1, "Decision: We will use a Serrurier truss."))
    done = caught_up(desk)
    assert done.captured == 1
    assert (done.candidates > 0) == (done.commit is not None)
    assert done.candidates == 1, done.notes
