"""Installing the hook into real settings files: links, permissions, line ends, and what goes wrong."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

from atocore.app import hook_script, hooking
from atocore.app.hook_places import client_folder, client_named, data_folder
from atocore.config import DEFAULTS, read_settings
from atocore.errors import AtocoreError


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home of this test's own."""
    home = tmp_path / "home"
    (home / ".claude").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_DATA_HOME", str(home / "data"))
    monkeypatch.setattr(hook_script, "interpreter", lambda wanted="": wanted or sys.executable)
    return home


@pytest.fixture
def vault(tmp_path: Path) -> Path:
    folder = tmp_path / "the team's “vault”"
    folder.mkdir()
    (folder / "atocore.yaml").write_text("format: 1\n")
    return folder


def install(vault: Path, settings: Any = DEFAULTS, **where: Any) -> hooking.HookChange:
    change = hooking.plan_install(vault, settings, os.environ, **where)
    hooking.carry_out(change)
    return change


def uninstall(vault: Path | str, **where: Any) -> hooking.HookChange:
    change = hooking.plan_uninstall(str(vault), os.environ, **where)
    hooking.carry_out(change)
    return change


def test_the_first_hook_of_a_home_and_back(home: Path, vault: Path) -> None:
    change = install(vault)
    assert change.place.path == home / ".claude/settings.json"
    (group,) = json.loads(change.place.path.read_text())["hooks"]["Stop"]
    words = subprocess.run(
        ["/bin/sh", "-c", f'for w in {group["hooks"][0]["command"]}; do echo "$w"; done'],
        capture_output=True,
        check=True,
    )
    assert words.stdout.decode().splitlines() == [
        *[sys.executable, "-I", "-S", str(home / "data/atocore/hooks/capture_stop.py")],
        *["--vault", str(vault), "--client", "claude-code", "--response", "yes", "--max-chars", "64000"],
    ]
    assert hook_script.script_copy().read_bytes() == hook_script.shipped_script()
    assert not hooking.plan_install(vault, DEFAULTS, os.environ).changes
    uninstall(vault)
    assert not change.place.path.exists()
    assert not hooking.plan_uninstall(str(vault), os.environ).changes


@pytest.mark.parametrize(
    "text",
    [
        b'{"model": "opus"}',
        b'\xef\xbb\xbf{\r\n\t"model": "opus",\r\n\t"model": "sonnet"\r\n}\r\n',
        b'{\n    // why\n    "env": {"A": "1",},\n    "hooks": {"Stop": []}\n}',
    ],
)
def test_everything_else_stays_byte_for_byte(home: Path, vault: Path, text: bytes) -> None:
    file = home / ".claude/settings.json"
    file.write_bytes(text)
    file.chmod(0o640)
    install(vault)
    assert file.read_bytes() != text
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    uninstall(vault)
    assert file.read_bytes() == text
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


def test_a_link_is_written_through(home: Path, vault: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles" / "claude.json"
    real.parent.mkdir()
    real.write_text("{}\n")
    link = home / ".claude/settings.json"
    link.symlink_to(os.path.relpath(real, link.parent))
    install(vault)
    assert link.is_symlink()
    assert "capture_stop.py" in real.read_text()
    uninstall(vault)
    assert real.read_text() == "{}\n"


def test_flags_follow_the_settings_of_the_vault(home: Path, vault: Path) -> None:
    install(vault)
    settings = read_settings("capture:\n  response: false\n  max_chars: 900\n")
    change = install(vault, settings)
    assert change.command.endswith("--response no --max-chars 900")
    assert (
        json.loads(change.place.path.read_text())["hooks"]["Stop"][0]["hooks"][0]["command"] == change.command
    )


def test_an_outdated_script_is_brought_up_to_date(home: Path, vault: Path) -> None:
    install(vault)
    hook_script.script_copy().write_text("old\n")
    change = install(vault)
    assert (change.changes_settings, change.script) == (False, "updated")
    assert hook_script.script_copy().read_bytes() == hook_script.shipped_script()


def test_a_vault_that_is_gone_is_uninstalled(home: Path, vault: Path) -> None:
    install(vault)
    (vault / "atocore.yaml").unlink()
    vault.rmdir()
    hook_script.script_copy().unlink()
    assert uninstall(vault).after is None


def test_the_vault_is_known_by_any_path_that_leads_to_it(home: Path, vault: Path, tmp_path: Path) -> None:
    install(vault)
    other = tmp_path / "link"
    other.symlink_to(vault)
    assert uninstall(other).changes


def test_the_only_hook_is_meant_where_no_vault_is_named(home: Path, vault: Path, tmp_path: Path) -> None:
    install(vault)
    second = tmp_path / "second"
    second.mkdir()
    install(second, beside=True)
    with pytest.raises(AtocoreError, match="several vaults"):
        uninstall("")
    assert len(uninstall(second).notes) == 1
    assert uninstall("").after is None


def test_the_folders_that_clients_are_told_of(
    home: Path, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "claude"))
    monkeypatch.setenv("CODEX_HOME", str(tmp_path / "codex"))
    assert install(vault).place.path == tmp_path / "claude/settings.json"
    assert install(vault, client="codex").place.path == tmp_path / "codex/hooks.json"
    assert client_folder(client_named("codex"), {}) == home / ".codex"


@pytest.mark.parametrize(
    ("client", "scope", "name"),
    [
        ("claude-code", "project", ".claude/settings.json"),
        ("claude-code", "local", ".claude/settings.local.json"),
        ("codex", "project", ".codex/hooks.json"),
    ],
)
def test_the_settings_of_a_project(
    home: Path, vault: Path, tmp_path: Path, client: str, scope: str, name: str
) -> None:
    inner = tmp_path / "repo" / "src"
    inner.mkdir(parents=True)
    (tmp_path / "repo" / ".git").mkdir()
    change = install(vault, client=client, scope=scope, folder=inner)
    assert change.place.path == tmp_path / "repo" / name
    assert any("this machine's" in told for told in change.notes) == (scope == "project")


def refused(code: str, vault: Path, **where: Any) -> AtocoreError:
    with pytest.raises(AtocoreError) as error:
        install(vault, **where)
    assert error.value.code == code
    return error.value


def test_what_is_refused_changes_nothing(home: Path, vault: Path) -> None:
    refused("usage", vault, client="codex", scope="local")
    refused("usage", vault, client="emacs")
    file = home / ".claude/settings.json"
    for text, told in [
        (b'{\n  "a": 1\n  "b": 2\n}', "line 3, column 3"),
        (b'{\n "a": "\xff"}', "line 2 is not UTF-8"),
        (b"[]", "no JSON object"),
    ]:
        file.write_bytes(text)
        assert told in refused("bad-client-settings", vault).message
        assert file.read_bytes() == text
    file.unlink()
    file.mkdir()
    refused("unreadable", vault)
    assert not data_folder().exists()


def test_settings_that_changed_meanwhile_are_not_overwritten(home: Path, vault: Path) -> None:
    change = hooking.plan_install(vault, DEFAULTS, os.environ)
    change.place.path.write_text('{"model": "opus"}')
    with pytest.raises(AtocoreError) as error:
        hooking.carry_out(change)
    assert error.value.code == "changed-meanwhile"
    assert change.place.path.read_text() == '{"model": "opus"}'


def test_a_name_that_json_cannot_hold(home: Path, tmp_path: Path) -> None:
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff"))
    refused("bad-path", folder)


def test_a_damaged_note_of_what_was_made_only_leaves_more_behind(home: Path, vault: Path) -> None:
    file = home / ".claude/settings.json"
    install(vault)
    (data_folder() / "made.json").write_text("{")
    uninstall(vault)
    assert json.loads(file.read_text()) == {"hooks": {"Stop": []}}


def test_the_interpreter_is_not_a_virtual_environments() -> None:
    found = hook_script.interpreter()
    assert Path(found).is_absolute()
    assert not (Path(found).parent.parent / "pyvenv.cfg").exists()
    with pytest.raises(AtocoreError, match="does not run"):
        hook_script.interpreter("/bin/true-not-python")


def test_an_outdated_script_is_told_in_status(home: Path, desk: Desk) -> None:
    assert not any("hook" in told for told in desk.vault.status().notes)
    install(desk.folder)
    assert not any("hook" in told for told in desk.vault.status().notes)
    hook_script.script_copy().write_text("old")
    assert any("atocore hook install" in told for told in desk.vault.status().notes)


def test_a_projects_folder_that_was_made_goes_again(home: Path, vault: Path, tmp_path: Path) -> None:
    install(vault, scope="local", folder=tmp_path)
    assert (tmp_path / ".claude").is_dir()
    uninstall(vault, scope="local", folder=tmp_path)
    assert not (tmp_path / ".claude").exists()


def test_a_script_that_cannot_be_placed(home: Path, vault: Path, desk: Desk) -> None:
    hook_script.script_copy().mkdir(parents=True)
    assert desk.vault.status().notes == ()
    refused("read-only", vault)
    assert not (home / ".claude/settings.json").exists()


def test_another_name_of_the_settings_is_told(home: Path, vault: Path, tmp_path: Path) -> None:
    (home / ".claude/settings.json").write_text("{}")
    (tmp_path / "other.json").hardlink_to(home / ".claude/settings.json")
    assert any("hard links" in told for told in install(vault).notes)
    assert (tmp_path / "other.json").read_text() == "{}"


@pytest.mark.parametrize("scope", ["project", "local"])
def test_a_folder_that_is_not_there_is_refused_and_not_made(home: Path, vault: Path, scope: str) -> None:
    with pytest.raises(AtocoreError) as caught:
        install(vault, scope=scope, folder=home / "misspelt")
    assert caught.value.code == "not-found"
    assert not (home / "misspelt").exists()
