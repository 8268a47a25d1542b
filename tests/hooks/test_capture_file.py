"""What the hook writes: the file, its name, its text, and that a turn has one."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hook import Hook, assistant, ended_well, read_capture, start, stop, user, write_transcript

PACK = "<!-- atocore:context begin -->\nthe mirror weighs 4.2 kg\n<!-- atocore:context end -->"


def test_a_turn_becomes_one_private_file(hook: Hook, tmp_path: Path) -> None:
    keys = {"cwd": "/old", "version": "2.1.39", "gitBranch": "feat/#12: a"}
    path = write_transcript(
        tmp_path / "t.jsonl", user("How heavy?", **keys), assistant("4.2 kg", "and no more")
    )
    hook.run(stop(path, cwd='/wo "rk'))
    capture = hook.capture()
    number = int.from_bytes(hashlib.sha256(b"s1\0u1").digest()[:10], "big")
    digits = "".join(
        "0123456789abcdefghjkmnpqrstvwxyz"[number >> 5 * place & 31] for place in range(15, -1, -1)
    )
    assert capture.path == hook.vault / "captures/2026/11/22" / f"int-{digits}.md"
    assert {**capture.header, "created": str(capture.header["created"])} == {
        "id": f"int-{digits}",
        "kind": "interaction",
        "type": "claude-code",
        "created": "2026-11-22 07:46:00+00:00",
        "client": "claude-code/2.1.39",
        "session": "s1",
        "prompt_id": "u1",
        "cwd": '/wo "rk',
        "branch": "feat/#12: a",
    }
    assert (capture.prompt, capture.response) == ("How heavy?", "4.2 kg\n\nand no more")
    assert stat.S_IMODE(capture.path.stat().st_mode) == 0o600
    for folder in list(capture.path.parents)[:4]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [p.name for p in capture.path.parent.iterdir()] == [capture.path.name]


def test_ids_of_any_length_and_with_secrets_are_written_short_and_clean(hook: Hook, transcript: Path) -> None:
    token = "ghp_" + "a1B2c3D4" * 5
    hook.run(stop(transcript, session_id=f"{token} " + "s" * 100_000))
    header = hook.capture().header
    assert header["session"].startswith("[REDACTED:github-token]")
    assert len(header["session"]) <= 200
    hook.run(stop(transcript, session_id=f"{token} " + "s" * 100_001))
    assert hook.status()["captures"] == 2  # the id is of the whole


def test_the_hosts_word_on_the_answer_wins(hook: Hook, transcript: Path) -> None:
    hook.run(
        stop(transcript, last_assistant_message="Exactly 4.2 kg.", stop_hook_active=True, unknown={"a": [1]})
    )
    assert hook.capture().response == "Exactly 4.2 kg."
    assert hook.status()["captures"] == 1
    assert hook.status()["last_error"] == ""


def test_twice_is_once(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript))
    before = hook.capture().path.stat()
    hook.run(stop(transcript))
    assert hook.capture().path.stat() == before
    assert (hook.status()["captures"], hook.status()["last_outcome"]) == (1, "unchanged")


def test_a_later_answer_of_the_turn_replaces_the_earlier(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript, last_assistant_message="Tests run."))
    hook.run(stop(transcript, last_assistant_message="Tests pass."))
    assert hook.capture().response == "Tests pass."
    hook.run(stop(write_transcript(transcript, user("How heavy is it?"))))
    assert hook.capture().response == "Tests pass."


def test_a_slash_commands_answer_is_not_the_prompts(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript))
    command = user("<command-name>/review</command-name>", uuid="u2")
    more = [
        user("How heavy is it?"),
        assistant("It is 4.2 kg."),
        command,
        assistant("Reviewed.", message_id="m2"),
    ]
    hook.run(stop(write_transcript(transcript, *more), last_assistant_message="Reviewed."))
    assert hook.capture().response == "It is 4.2 kg."


def test_the_prompt_that_the_host_names(hook: Hook, tmp_path: Path) -> None:
    records = [user("first", promptId="p1"), assistant("one"), user("second", uuid="u2", promptId="p2")]
    path = write_transcript(tmp_path / "t.jsonl", *records)
    hook.run(stop(path, prompt_id="p1", last_assistant_message="one"))
    assert hook.capture().prompt == "first"
    hook.run(stop(path, prompt_id="p2", last_assistant_message="two"))
    hook.run(stop(path, prompt_id="p3", last_assistant_message="three"))  # not there yet
    assert {read_capture(p).response for p in hook.captures()} == {"one", "two"}


def test_without_an_answer_and_with_none_wanted(hook: Hook, transcript: Path) -> None:
    hook.run(stop(transcript), "--response", "no")
    assert hook.capture().response is None
    assert "4.2" not in hook.everything()


@pytest.mark.parametrize(
    ("stamp", "day"),
    [
        ("2026-11-22T23:30:00-02:00", "2026/11/23"),
        ("2024-02-29T00:00:00Z", "2024/02/29"),
        ("2026-02-30T00:00:00Z", "2001/09/09"),
        (1_763_800_000_000, "2025/11/22"),
        ("../../../etc", "2001/09/09"),
        (None, "2001/09/09"),
    ],
)
def test_the_day_is_the_prompts_in_utc_else_the_files(
    hook: Hook, tmp_path: Path, stamp: Any, day: str
) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user("x", timestamp=stamp))
    os.utime(path, (1_000_000_000, 1_000_000_000))
    hook.run(stop(path))
    assert hook.captures()[0].parent == hook.vault / "captures" / day


def test_the_day_of_a_prompt_without_time_is_that_of_the_next_record(hook: Hook, tmp_path: Path) -> None:
    later = assistant("yes", timestamp="2026-05-06T00:00:00Z")
    hook.run(stop(write_transcript(tmp_path / "t.jsonl", user("x", timestamp=None), later)))
    assert hook.captures()[0].parent == hook.vault / "captures/2026/05/06"


def test_options_and_environment(hook: Hook, transcript: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "atocore.yaml").touch()
    hook.environ["ATOCORE_VAULT"] = str(other)
    hook.run(stop(transcript), "--client=my agent!", "--unknown", "1", "--max-chars")
    assert hook.captures() == []
    assert Hook(other, hook.state).capture().header["client"] == "myagent"


NASTY = [
    "---\nid: mem-000000000000\n---\n## Response\n\nno\n\n  ## Response\n## Prompt",
    "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n||||||| base\n ======= \n======== a longer line\n<<<<<<<x",
    'a: "b" # \\ \t\' {}[]&*!|>%@`',
    "тест 中文 🎉 é\u2028\ufeff",
    "# heading\n\n\n\n   indented\n\ttab\n- list",
]


@pytest.mark.parametrize("text", NASTY)
def test_the_text_is_recovered_exactly(hook: Hook, tmp_path: Path, text: str, names: dict[str, Any]) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user(text, gitBranch=text))
    hook.run(stop(path, last_assistant_message=text, cwd=text, session_id=text))
    capture = hook.capture()
    assert (capture.prompt, capture.response) == (text.strip(), text.strip())
    raw = capture.path.read_text()
    marks = ("<<<<<<<", ">>>>>>>", "|||||||", "=======")
    assert not [
        line for line in raw.split("\n") if line[:7] in marks and line[7:8] in ("", " ") and line[8:9] != "a"
    ]
    assert names["unindent"](names["indented"](text)) == text
    assert set(capture.header) >= {"id", "kind", "type", "session", "prompt_id", "cwd", "branch"}


def test_what_no_file_should_hold_goes(hook: Hook, tmp_path: Path) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user("a\0b\x1b[1m\r\nc\rd \ud83c\udf89 \ud800 e\x85"))
    hook.run(stop(path))
    assert hook.capture().prompt == "ab[1m\nc\nd 🎉 \ufffd e"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"What now?\n{PACK}\nTell me.", "What now?\n\nTell me."),
        (f"{PACK} a {PACK} b", "a  b"),
        (f"kept\n{PACK.partition('<!-- atocore:context end')[0]}", "kept"),
        (
            f"kept <!-- atocore:context begin -->{PACK} inner <!-- atocore:context end --> after",
            "kept  after",
        ),
        ("kept <!--atocore:context begin--> x <!--atocore:context end--> after", "kept  after"),
        ("<!-- atocore:context end --> alone", "<!-- atocore:context end --> alone"),
    ],
)
def test_what_atocore_handed_out_is_not_captured(hook: Hook, tmp_path: Path, text: str, left: str) -> None:
    hook.run(stop(write_transcript(tmp_path / "t.jsonl", user(text)), last_assistant_message=text))
    capture = hook.capture()
    assert (capture.prompt, capture.response) == (left, left)


def test_a_prompt_that_is_all_pack_is_no_capture(hook: Hook, tmp_path: Path) -> None:
    hook.run(stop(write_transcript(tmp_path / "t.jsonl", user(PACK)), last_assistant_message="4.2 kg"))
    assert hook.captures() == []
    assert hook.status()["last_outcome"] == "skipped: nothing is left of the prompt"


def test_long_texts_are_cut_and_say_so(hook: Hook, tmp_path: Path) -> None:
    path = write_transcript(tmp_path / "t.jsonl", user("p" * 70_000))
    hook.run(stop(path, last_assistant_message="r" * 300))
    capture = hook.capture()
    assert capture.header["cut"] == ["prompt"]
    assert capture.prompt == "p" * 64_000 + "\n\n[cut by AtoCore: 64000 of 70000 characters kept]"
    assert capture.response == "r" * 300


def test_a_cut_leaves_no_half_of_a_secret(hook: Hook, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6" * 3
    for length in range(60, 110, 7):
        path = write_transcript(tmp_path / "t.jsonl", user("x " * (length // 2) + secret, uuid=str(length)))
        hook.run(stop(path), "--max-chars", "100")
    assert "ghp_" not in hook.everything()
    assert "a1B2" not in hook.everything()


def test_secrets_never_reach_the_disk(hook: Hook, tmp_path: Path) -> None:
    secret = "ghp_" + "a1B2c3D4e5F6" * 3
    record = user(f"use {secret} please", gitBranch=f"b-{secret}")
    path = write_transcript(tmp_path / "t.jsonl", record)
    hook.run(stop(path, last_assistant_message=f"I used {secret}.", cwd=f"/x/{secret}/y"))
    hook.run(stop(str(tmp_path / secret), session_id="s2"))
    assert "[REDACTED:github-token]" in hook.capture().path.read_text()
    assert "a1B2" not in hook.everything()


def test_twenty_at_once(hook: Hook, transcript: Path) -> None:
    """Ten sessions, each twice: no loss, no mix, one file a turn, nothing left over."""
    answers = [f"answer {number % 10}" for number in range(20)]
    given = [stop(transcript, session_id=answer, last_assistant_message=answer) for answer in answers]
    processes = [start(hook, each) for each in given]
    assert {ended_well(process) for process in processes} == {True}
    captures = [read_capture(path) for path in hook.captures()]
    assert sorted(capture.header["session"] for capture in captures) == sorted(set(answers))
    assert all(capture.header["session"] == capture.response for capture in captures)
    assert hook.status()["captures"] == 10
    assert len(list(captures[0].path.parent.iterdir())) == 10


def test_killed_at_any_moment_leaves_whole_files_only(hook: Hook, transcript: Path) -> None:
    for delay in range(12):
        process = start(hook, stop(transcript, session_id=f"k{delay}"))
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.005 * delay)
        process.kill()
        process.communicate()
    for path in hook.captures():
        assert read_capture(path).response == "It is 4.2 kg."
    hook.run(stop(transcript, session_id="after"))
    assert "after" in {read_capture(path).header["session"] for path in hook.captures()}


def test_every_run_is_counted_by_its_outcome(hook: Hook, tmp_path: Path, transcript: Path) -> None:
    hook.run(stop(transcript))
    hook.run(stop(transcript))
    hook.run(stop(transcript, last_assistant_message="It is 4.3 kg."))
    hook.run(stop(write_transcript(tmp_path / "none.jsonl")))
    hook.run("no json")
    counts = {
        name: hook.status()[name] for name in ("captures", "unchanged", "replaced", "skipped", "failed")
    }
    assert counts == dict.fromkeys(counts, 1)
