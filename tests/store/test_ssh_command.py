"""How ssh is started: a stand-in for it writes down what it is told."""

from __future__ import annotations

import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from atocore.errors import AtocoreError
from atocore.store.backups import ssh_command as module
from atocore.store.backups.places import place_named
from atocore.store.backups.ssh_command import ssh_command

ASKS_NOBODY = "-oBatchMode=yes"


@pytest.fixture
def stand_in(tmp_path: Path) -> Path:
    """An ssh that writes down its arguments and reaches nothing."""
    program = tmp_path / "bin/ssh"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$@" >>{tmp_path}/told\nexit 255\n')
    program.chmod(0o755)
    return program


def told(tmp_path: Path) -> list[str]:
    with pytest.raises(AtocoreError):
        place_named("ssh://h/x.git").backups()
    return (tmp_path / "told").read_text("utf-8").split()


def test_nobody_is_asked_and_no_connection_is_shared() -> None:
    assert ssh_command("") == ssh_command("  ssh ") == ssh_command("ssh")
    command = ssh_command("/usr/bin/ssh -i 'my key'")
    assert command is not None
    assert command.startswith("/usr/bin/ssh -i 'my key' -oBatchMode=yes ")
    assert "-oControlMaster=no" in command.split()
    assert (ssh_command("ssh\t-i key") or "").startswith("ssh -i key -oBatchMode=yes ")
    assert ssh_command("plink -batch") is None


def test_a_user_without_a_name_is_no_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "20-systemd.conf").touch()
    monkeypatch.setattr(module, "SYSTEM_FOLDER", tmp_path)
    monkeypatch.setattr(module, "_owner", lambda _path: 65534)
    monkeypatch.setattr(os, "getuid", lambda: 54321)
    assert (ssh_command("") or "").startswith("ssh -oBatchMode=yes ")


def test_a_person_s_own_command_is_used_where_there_is_no_vault(
    tmp_path: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").write_text(f"[core]\n\tsshCommand = {stand_in} -i key\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "mine"))
    words = told(tmp_path)
    assert words[:2] == ["-i", "key"]
    assert ASKS_NOBODY in words


def test_a_program_of_another_name_is_left_as_it_is(
    tmp_path: Path, stand_in: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH", str(stand_in))
    assert ASKS_NOBODY not in told(tmp_path)


@pytest.mark.skipif(os.geteuid() != 0, reason="gives a file away, as root alone may")
def test_where_root_s_files_seem_to_be_nobody_s_the_system_s_settings_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "20-systemd.conf").touch()
    monkeypatch.setattr(module, "SYSTEM_FOLDER", tmp_path)
    assert "-F" not in (ssh_command("ssh -i key") or "").split()
    os.chown(tmp_path / "20-systemd.conf", 65534, 65534)
    user = SimpleNamespace(pw_dir=str(tmp_path))
    monkeypatch.setattr(pwd, "getpwuid", lambda _number: user)
    assert (ssh_command("ssh -i key") or "").startswith("ssh -F none -i key -o")
    (tmp_path / ".ssh").mkdir()
    (tmp_path / ".ssh/config").touch()
    assert (ssh_command("ssh -F mine") or "").startswith(f"ssh -F {tmp_path}/.ssh/config -F mine -o")
