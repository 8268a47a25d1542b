"""`capture` for any client: what the hook does, from flags and standard input."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk, refusal

from atocore.errors import AtocoreError

KEY = "ghp_" + "a1B2c3D4e5F6" * 3
AT = "2026-11-22T07:46:00Z"


def text_of(desk: Desk, path: str) -> str:
    return (desk.folder / path).read_text()


def test_a_turn_is_one_private_file_without_secrets(desk: Desk) -> None:
    answer = desk.vault.capture(f"Use {KEY}?", response=f"No: {KEY}.", session="s", prompt_id="1", at=AT)
    assert (answer.new, answer.replaced) == (True, False)
    assert answer.path.startswith("captures/2026/11/22/int-")
    assert "a1B2" not in text_of(desk, answer.path)
    assert stat.S_IMODE((desk.folder / answer.path).stat().st_mode) == 0o600
    assert desk.git("status", "--porcelain") == ""


def test_the_same_turn_again_is_the_same_file_on_any_day(desk: Desk) -> None:
    keys = {"session": "s", "prompt_id": "1"}
    first = desk.vault.capture("Why?", response="So.", at=AT, **keys)
    again = desk.vault.capture("Why?", response="So.", at="2026-12-24T00:00:00Z", **keys)
    assert (again.path, again.new, again.replaced) == (first.path, False, False)
    before = text_of(desk, first.path)
    assert desk.vault.capture("Why?", **keys).path == first.path
    assert text_of(desk, first.path) == before  # without an answer, the one that is there stays
    other = desk.vault.capture("Why?", response="Because.", **keys)
    assert (other.path, other.new, other.replaced) == (first.path, False, True)
    assert "Because." in text_of(desk, first.path)
    assert f"created: {AT}" in text_of(desk, first.path)
    assert len(list(desk.folder.glob("captures/*/*/*/*"))) == 1


def test_settings_reach_it(desk: Desk) -> None:
    desk.put("atocore.yaml", "capture:\n  response: false\n  max_chars: 100\n")
    desk.commit()
    desk.close()
    text = text_of(desk, desk.vault.capture("x" * 500, response="a secret plan").path)
    assert "[cut by AtoCore: 100 of 500 characters kept]" in text
    assert "secret plan" not in text


@pytest.mark.parametrize(
    ("prompt", "keys"),
    [
        ("", {}),
        (" \n", {}),
        ("<!-- atocore:context begin -->x<!-- atocore:context end -->", {}),
        ("fine", {"at": "yesterday"}),
    ],
)
def test_what_is_refused(desk: Desk, prompt: str, keys: dict[str, str]) -> None:
    with pytest.raises(AtocoreError) as caught:
        desk.vault.capture(prompt, **keys)
    assert refusal(caught.value)[0] == "bad-value"
    assert not (desk.folder / "captures").exists()


def run(desk: Desk, stdin: bytes, *args: str) -> subprocess.CompletedProcess[bytes]:
    command = [str(Path(sys.executable).parent / "atocore"), "capture", "--vault", str(desk.folder), *args]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_a_turn_as_json_on_standard_input(desk: Desk) -> None:
    given = {"prompt": "Why?", "last_assistant_message": "So.", "session_id": "s7", "turn_id": "t1"}
    ran = run(desk, json.dumps(given).encode(), "--turn", "--client", "my-client", "--json")
    assert ran.returncode == 0, ran.stderr
    text = text_of(desk, json.loads(ran.stdout)["path"])
    for line in ("type: my-client", 'session: "s7"', "Why?", "So."):
        assert line in text
    assert run(desk, b"garbage", "--turn").returncode == 2
    assert run(desk, b"{}", "--turn").returncode == 2


def test_the_prompt_alone_on_standard_input(desk: Desk) -> None:
    ran = run(desk, b'{"prompt": "this is pasted text"}', "--json")
    assert '{"prompt": "this is pasted text"}' in text_of(desk, json.loads(ran.stdout)["path"])
