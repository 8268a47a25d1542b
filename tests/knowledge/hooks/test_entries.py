"""Our entries among a client's hooks: found, added, changed in place, taken away; texts in, texts out."""

from __future__ import annotations

import json
import shlex
from operator import eq
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.errors import AtocoreError
from atocore.knowledge.hooks.entries import HookCommand, added, entries, read_command, read_settings, removed

SCRIPT = "/home/ada/.local/share/atocore/hooks/capture_stop.py"
COMMAND = HookCommand(
    "/usr/bin/python3", ("-I", "-S"), SCRIPT, "/srv/team vault", "claude-code", "yes", "64000"
)
OTHER = HookCommand("/usr/bin/python3", ("-I", "-S"), SCRIPT, "/srv/other", "claude-code", "yes", "64000")

SETTINGS = """\
{
  "model": "opus",
  "hooks": {
    "PreToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "./check.sh"}]}],
    "Stop": [
      {
        "hooks": [
          {"type": "command", "command": "say done"}
        ]
      }
    ]
  },
  "permissions": {"deny": ["Read(./.env)"]}
}
"""


def install(text: str, command: HookCommand = COMMAND, *, beside: bool = False) -> str:
    edited = added(
        read_settings(text, "s"), "Stop", command, same=eq, lost=lambda _: False, beside=beside, name="s"
    )
    assert edited.text is not None
    return edited.text


def uninstall(text: str, vault: str = COMMAND.vault, made: tuple[str, ...] = ()) -> str | None:
    return removed(read_settings(text, "s"), "Stop", made, whose=lambda other: other == vault).text


def commands(text: str) -> list[HookCommand]:
    return [entry.command for entry in entries(read_settings(text, "s"), "Stop")]


def test_an_entry_is_added_behind_the_others() -> None:
    new = install(SETTINGS)
    stops = json.loads(new)["hooks"]["Stop"]
    assert stops[0] == {"hooks": [{"type": "command", "command": "say done"}]}
    assert stops[1] == {"hooks": [{"type": "command", "command": COMMAND.line, "timeout": 30}]}
    assert commands(new) == [COMMAND]
    assert uninstall(new) == SETTINGS


def test_twice_is_once() -> None:
    assert install(install(SETTINGS)) == install(SETTINGS)


def test_an_entry_is_changed_where_it_stands() -> None:
    old = HookCommand(
        "/venv/bin/python", ("-I",), "/checkout/hooks/capture_stop.py", COMMAND.vault, "claude-code"
    )
    text = install(SETTINGS, old).replace('"timeout": 30', '"timeout": 5')
    new = install(text)
    assert new == text.replace(old.line, COMMAND.line)
    assert commands(new) == [COMMAND]


def test_another_vault_takes_the_place_of_the_only_one() -> None:
    assert commands(install(install(SETTINGS, OTHER))) == [COMMAND]


def test_vaults_stand_side_by_side_where_that_is_asked_for() -> None:
    both = install(install(SETTINGS, OTHER), beside=True)
    assert commands(both) == [OTHER, COMMAND]
    assert install(both) == both
    third = HookCommand("/usr/bin/python3", ("-I", "-S"), SCRIPT, "/srv/third", "claude-code", "yes", "64000")
    with pytest.raises(AtocoreError) as error:
        install(both, third)
    assert error.value.code == "ambiguous"
    assert uninstall(both, OTHER.vault) == install(SETTINGS)


def test_of_several_vaults_the_one_that_is_gone_is_replaced() -> None:
    both = install(install(SETTINGS, OTHER), beside=True)
    moved = HookCommand("/usr/bin/python3", ("-I", "-S"), SCRIPT, "/srv/moved", "claude-code", "yes", "1")
    document = read_settings(both, "s")
    edited = added(
        document, "Stop", moved, same=eq, lost=lambda vault: vault == OTHER.vault, beside=False, name="s"
    )
    assert edited.text is not None
    assert commands(edited.text) == [moved, COMMAND]
    assert edited.vaults == (OTHER.vault,)


def test_an_entry_in_the_form_with_args_is_ours_too() -> None:
    handler = {"type": "command", "command": "/usr/bin/python3", "args": ["-I", SCRIPT, "--vault=/srv/v"]}
    text = json.dumps({"hooks": {"Stop": [{"hooks": [handler]}]}}, indent=2)
    assert commands(text) == [HookCommand("/usr/bin/python3", ("-I",), SCRIPT, "/srv/v")]
    new = install(text)
    assert json.loads(new)["hooks"]["Stop"] == [{"hooks": [{"type": "command", "command": COMMAND.line}]}]


@pytest.mark.parametrize(
    "handler",
    [
        None,
        "capture_stop.py",
        {"type": "command"},
        {"type": "command", "command": 7},
        {"type": "command", "command": "python 'unbalanced capture_stop.py"},
        {"type": "command", "command": "cat my_capture_stop.py"},
        {"type": "command", "command": "SCRIPT=/x/capture_stop.py"},
        {"type": "prompt", "command": SCRIPT},
        {"type": "http", "url": "http://localhost/capture_stop.py"},
    ],
)
def test_what_is_not_ours(handler: object) -> None:
    assert read_command(handler) is None
    text = json.dumps({"hooks": {"Stop": [{"hooks": [handler]}, handler], "SubagentStop": 1}})
    assert commands(text) == []
    assert uninstall(text) == text


@pytest.mark.parametrize(
    ("text", "made", "left"),
    [
        ("{}", ("hooks", "Stop"), "{}"),
        ('{"a": 1}', ("hooks", "Stop"), '{"a": 1}'),
        ('{\n  "hooks": {}\n}\n', ("Stop",), '{\n  "hooks": {}\n}\n'),
        ('{"hooks": {"Stop": []}}', (), '{"hooks": {"Stop": []}}'),
        ("", ("file", "hooks", "Stop"), None),
        ("\n", ("hooks", "Stop"), "\n{}\n"),
    ],
)
def test_what_was_made_goes_and_what_was_there_stays(
    text: str, made: tuple[str, ...], left: str | None
) -> None:
    edited = added(
        read_settings(text, "s"), "Stop", COMMAND, same=eq, lost=lambda _: False, beside=False, name="s"
    )
    assert {*edited.made, *(made[:1] if "file" in made else ())} == set(made)
    assert edited.text is not None
    assert uninstall(edited.text, made=made) == left


def test_what_a_person_added_since_keeps_a_file_that_we_made() -> None:
    text = install("").replace('{\n  "hooks"', '{\n  "model": "opus",\n  "hooks"', 1)
    assert uninstall(text, made=("file", "hooks", "Stop")) == '{\n  "model": "opus"\n}\n'


def test_a_group_with_more_than_ours_stays() -> None:
    text = json.dumps(
        {"hooks": {"Stop": [{"hooks": [{"type": "command", "command": COMMAND.line}, {"type": "x"}]}]}}
    )
    assert uninstall(text, made=("hooks", "Stop")) == '{"hooks": {"Stop": [{"hooks": [{"type": "x"}]}]}}'


@pytest.mark.parametrize("text", ["[]", "1", '"text"', '{"a" 1}'])
def test_settings_that_are_none(text: str) -> None:
    with pytest.raises(AtocoreError) as error:
        read_settings(text, "s.json")
    assert error.value.code == "bad-client-settings"
    assert error.value.message.startswith("s.json: ")


@pytest.mark.parametrize("hooks", [[], "x", None, {"Stop": {}}, {"Stop": "x"}])
def test_hooks_of_another_shape_are_left_alone(hooks: object) -> None:
    text = json.dumps({"hooks": hooks})
    with pytest.raises(AtocoreError) as error:
        install(text)
    assert error.value.code == "bad-client-settings"
    assert shlex.quote(COMMAND.vault) in error.value.hint
    assert uninstall(text) == text


scalars = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
handlers = st.dictionaries(st.sampled_from(["type", "command", "timeout", "x"]), scalars, max_size=3)
groups = st.fixed_dictionaries({}, optional={"matcher": scalars, "hooks": st.lists(handlers, max_size=2)})
events = st.dictionaries(st.sampled_from(["PreToolUse", "Stop"]), st.lists(groups, max_size=2), max_size=2)
whole_settings = st.fixed_dictionaries(
    {}, optional={"model": scalars, "hooks": events, "env": st.dictionaries(st.text(max_size=4), scalars)}
)


@given(value=whole_settings, indent=st.sampled_from([None, 2, "\t"]), end=st.sampled_from(["", "\n"]))
def test_any_settings_are_what_was_meant_and_come_back(
    value: dict[str, Any], indent: int | str | None, end: str
) -> None:
    text = json.dumps(value, indent=indent) + end
    edited = added(
        read_settings(text, "s"), "Stop", COMMAND, same=eq, lost=lambda _: False, beside=False, name="s"
    )
    assert edited.text is not None
    entry = {"type": "command", "command": COMMAND.line, "timeout": 30}
    stops = [*value.get("hooks", {}).get("Stop", []), {"hooks": [entry]}]
    assert json.loads(edited.text) == {**value, "hooks": {**value.get("hooks", {}), "Stop": stops}}
    assert uninstall(edited.text, made=edited.made) == text


@given(
    vault=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
    interpreter=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1),
)
def test_any_path_is_read_back_as_it_was(vault: str, interpreter: str) -> None:
    if interpreter.rpartition("/")[2] == "capture_stop.py":
        return
    interpreter = f"/{interpreter}"
    command = HookCommand(interpreter, ("-I", "-S"), SCRIPT, f"/{vault}", "codex", "no", "10")
    assert commands(install(SETTINGS, command)) == [command]


def test_a_command_that_names_its_vault_in_front() -> None:
    handler = {
        "type": "command",
        "command": f"A=1 ATOCORE_VAULT='/srv/my vault' python3 -S {SCRIPT} --vault /x",
    }
    assert read_command(handler) == HookCommand("python3", ("-S",), SCRIPT, "/srv/my vault")
    assert read_command({"type": "command", "command": f"A=1 {SCRIPT}"}) == HookCommand("", (), SCRIPT, "")
