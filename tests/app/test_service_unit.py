"""The text of a unit: what systemd reads in it is what was meant, whatever the vault is called."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from atocore.app.service.unit import Unit, is_light, is_untouched, is_writable_name, unit_name

UNIT = Unit(
    name="atocore-vault-12345678.service",
    vault="/home/ann/vault",
    shown="/home/ann/vault",
    interpreter=sys.executable,
    environment={"PATH": "/usr/bin:/bin"},
    writable=("/home/ann/vault", "/home/ann/.cache/atocore"),
    has_network=False,
    has_own_tmp=True,
)
ODD = [
    "/a/we ird",
    "/a/100%h",
    '/a/"mine"',
    "/a/it's",
    "/a/$HOME ${X}",
    "/a/back\\slash",
    "/a/; # x",
    "/a/日本",
]


def line(unit: Unit, key: str) -> str:
    return next(one for one in unit.text().splitlines() if one.startswith(f"{key}=")).partition("=")[2]


def test_it_is_shut_in() -> None:
    lines = UNIT.text().splitlines()
    for wanted in (
        "NoNewPrivileges=yes",
        "ProtectSystem=strict",
        "ProtectHome=read-only",
        "PrivateTmp=yes",
        "PrivateNetwork=yes",
        "RestrictAddressFamilies=AF_UNIX",
        "SystemCallFilter=@system-service",
        "Restart=on-failure",
        "ReadWritePaths=-/home/ann/vault",
        "RuntimeDirectory=atocore",
    ):
        assert wanted in lines


def test_what_reaches_other_machines_has_a_network() -> None:
    text = replace(UNIT, has_network=True).text()
    assert "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK\n" in text
    assert "PrivateNetwork=no\n" in text


def test_without_namespaces_nothing_is_left_that_needs_them() -> None:
    text = replace(UNIT, is_light=True).text()
    assert is_light(text)
    assert not is_light(UNIT.text())
    for word in ("Private", "Protect", "ReadWritePaths", "CapabilityBoundingSet"):
        assert word not in text
    assert "NoNewPrivileges=yes" in text


def test_an_edit_shows() -> None:
    text = UNIT.text()
    assert is_untouched(text)
    assert not is_untouched(text.replace("2G", "4G"))
    assert not is_untouched(text + "\n")
    assert not is_untouched("[Unit]\n")
    assert not is_untouched("")


@pytest.mark.parametrize("path", ODD)
def test_words_come_back_as_they_were(path: str) -> None:
    unit = replace(UNIT, vault=path, writable=(path,), environment={"X": path})
    # systemd quotes as the shell does, but for what is doubled: % everywhere, $ in commands
    for key, expected in (("ReadWritePaths", f"-{path}"), ("Environment", f"X={path}")):
        lines = [one for one in unit.text().splitlines() if one.startswith(f"{key}=")]
        assert shlex.split(lines[-1].partition("=")[2].replace("%%", "%")) == [expected]
    command = shlex.split(line(unit, "ExecStart").replace("%%", "%").replace("$$", "$"))
    assert command == [sys.executable, "-P", "-m", "atocore", "--vault", path, "daemon"]


def test_an_interpreter_with_quotes_is_started_by_a_shell() -> None:
    command = line(replace(UNIT, interpreter="/o'pt/py thon"), "ExecStart")
    assert shlex.split(command.replace("$$", "$"))[:5] == [
        "/bin/sh",
        "-c",
        'exec "$0" "$@"',
        "/o'pt/py thon",
        "-P",
    ]


def test_the_description_is_one_line() -> None:
    assert line(replace(UNIT, shown="/a/b\nExecStart=/bin/false\\"), "Description").endswith(
        "/a/b?ExecStart=/bin/false"
    )


def test_names_tell_vaults_apart(tmp_path: Path) -> None:
    names = {unit_name(tmp_path / one / "vault") for one in "ab"}
    assert len(names) == 2
    for odd in ['100% "mine"', "日本", "-", "x" * 200, os.fsdecode(b"\xff")]:
        name = unit_name(tmp_path / odd)
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:-_.")
        assert len(name) < 100
    (tmp_path / "link").symlink_to(tmp_path / "vault")
    assert unit_name(tmp_path / "link") == unit_name(tmp_path / "vault")


def test_which_paths_systemd_takes() -> None:
    assert all(map(is_writable_name, ODD))
    assert not is_writable_name(os.fsdecode(b"/a/\xff"))
    assert not is_writable_name("/a/b\nc")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not on this machine")
@pytest.mark.parametrize("light", [False, True])
def test_systemd_finds_nothing_wrong(light: bool, tmp_path: Path) -> None:
    for path in ODD:
        unit = replace(
            UNIT, vault=path, shown=path, writable=(path,), environment={"X": path}, is_light=light
        )
        (tmp_path / unit_name(Path(path))).write_text(unit.text())
    bad = replace(UNIT, is_light=light).text().replace("KillMode=mixed", "KillMode=sometimes")
    (tmp_path / "atocore-bad.service").write_text(bad)
    units = sorted(map(str, tmp_path.glob("*.service")))
    assert len(units) == len(ODD) + 1
    environ = os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", *units],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    told = [one for one in done.stderr.splitlines() if "atocore-" in one]
    if not told:
        pytest.skip(f"systemd-analyze does not run here: {done.stderr}")
    assert all("atocore-bad.service" in one for one in told), told
