"""`atocore service` as a person calls it, with a home of its own and a systemctl that only writes down."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, copied_desk

SYSTEMCTL = """\
#!/bin/sh
# writes down what it is told; answers `show` from a file; fails where a file of the verb's name is
shift 2  # --user --no-pager
case "$1" in
    is-system-running) cat "{folder}/state"; exit 0 ;;
    show) cat "{folder}/show"; exit 0 ;;
esac
echo "$@" >> "{folder}/told"
[ ! -e "{folder}/fails-$1" ] || {{ echo "Job failed." >&2; exit 1; }}
"""
RUNS = (
    "LoadState=loaded\nUnitFileState=enabled\nActiveState=active\nSubState=running\nMainPID=7\nNRestarts=0\n"
)
ENDED = "LoadState=loaded\nUnitFileState=enabled\nActiveState=failed\nSubState=failed\nResult=exit-code\n"


@dataclass
class Service:
    """The command, and what systemd was told."""

    run: Callable[..., Any]
    home: Path
    manager: Path

    def __call__(self, *args: str, **options: Any) -> Any:
        home = {f"XDG_{name}_HOME": str(self.home / name.lower()) for name in ("CONFIG", "DATA", "CACHE")}
        environ = {"HOME": str(self.home), "PATH": f"{self.manager}:/usr/bin:/bin", **home}
        return self.run("service", *args, **(environ | options))

    def told(self) -> list[str]:
        """What it was told since it was asked last."""
        file = self.manager / "told"
        told = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return told

    def answers(self, show: str) -> None:
        (self.manager / "show").write_text(show)

    @property
    def units(self) -> list[Path]:
        return sorted(self.home.glob("config/systemd/user/*"))


@pytest.fixture
def service(run: Callable[..., Any], tmp_path: Path) -> Service:
    made = Service(run, tmp_path / "home", tmp_path / "manager")
    made.home.mkdir()
    made.manager.mkdir()
    systemctl = made.manager / "systemctl"
    systemctl.write_text(SYSTEMCTL.format(folder=made.manager))
    systemctl.chmod(0o755)
    (made.manager / "state").write_text("running\n")
    made.answers(RUNS)
    return made


def test_its_life(service: Service, desk: Desk) -> None:
    refused = service("install")
    assert (refused.code, service.units, service.told()) == (2, [], [])
    assert "--yes" in refused.err
    done = service("install", "--yes")
    assert done.code == 0, done.err
    (unit,) = service.units
    assert "and it runs" in done.out
    assert service.told() == ["daemon-reload", f"enable {unit.name}", f"restart {unit.name}"]
    text = unit.read_text()
    assert f"--vault {desk.folder} daemon" in text
    assert f"ReadWritePaths=-{desk.folder}\n" in text
    assert (service.home / "cache" / "atocore").is_dir()
    assert f"ReadWritePaths=-{service.home}/cache/atocore\n" in text
    assert f"ReadWritePaths=-{service.home}/data/atocore/backups/" in text
    told = service("status")
    assert (told.code, "active (running), process 7" in told.out) == (0, True)
    assert "loginctl enable-linger" in told.err
    assert service("status", "--json").json["outdated"] == ""
    assert service("install", "--yes").out.startswith(f"{unit}: the unit is as it should be")
    service.told()
    assert service("uninstall").code == 2
    assert service("uninstall", "--yes").code == 0
    assert service.units == []
    assert service.told() == [f"disable --now {unit.name}", "daemon-reload"]
    assert service("uninstall", "--yes", "--json").error["code"] == "not-found"
    assert "not installed" in service("status").out


def test_a_dry_run_writes_nothing(service: Service) -> None:
    ran = service("install", "--dry-run")
    assert ran.code == 0
    assert ran.out.startswith("# Digest: ")
    answer = service("install", "--dry-run", "--json").json
    assert (answer["dry_run"], answer["changed"], answer["text"]) == (True, True, ran.out)
    assert list(service.home.iterdir()) == []
    service("install", "--yes", "--no-start")
    (unit,) = service.units
    assert service("uninstall", "--dry-run").code == 0
    assert service.units == [unit]
    assert service.told() == ["daemon-reload"]  # neither started nor to start by itself


def test_an_edited_unit_is_kept(service: Service) -> None:
    service("install", "--yes")
    (unit,) = service.units
    unit.write_text(unit.read_text().replace("MemoryMax=2G", "MemoryMax=9G"))
    told = service("status")
    assert "systemctl --user edit" in told.err
    assert "+MemoryMax=2G" in told.out
    refused = service("install")
    assert (refused.code, "somebody edited" in refused.err) == (2, True)
    assert "9G" in unit.read_text()
    assert service("install", "--yes").code == 0
    assert [one.name for one in service.units] == [unit.name, f"{unit.name}.bak"]
    assert "9G" in service.units[1].read_text()
    unit.write_text("mine")
    assert service("uninstall", "--yes").code == 0
    assert [one.name for one in service.units] == [f"{unit.name}.bak", f"{unit.name}.bak2"]
    assert service.units[1].read_text() == "mine"


def test_it_is_a_persons_step(service: Service) -> None:
    refused = service("install", "--yes", "--json", CLAUDECODE="1")
    assert refused.error["code"] == "machine-refused"
    assert service("install", "--dry-run", CLAUDECODE="1").code == 0
    assert service.units == []
    service("install", "--yes")
    assert service("uninstall", "--yes", "--json", CLAUDECODE="1").error["code"] == "machine-refused"
    assert len(service.units) == 1


def test_settings_that_matter_make_it_out_of_date(service: Service, desk: Desk, tmp_path: Path) -> None:
    service("install", "--yes")
    settings = desk.folder / "atocore.yaml"
    settings.write_text(f"{settings.read_text()}\nbackup:\n  off_site: [{tmp_path}/usb, git@host:b.git]\n")
    told = service("status", "--json")
    assert told.code == 0
    assert f"+ReadWritePaths=-{tmp_path}/usb" in told.json["outdated"]
    assert "+PrivateNetwork=no" in told.json["outdated"]
    assert "renews it" in " ".join(told.json["notes"])
    assert service("install", "--yes").code == 0
    assert service("status", "--json").json["outdated"] == ""
    assert not (tmp_path / "usb").exists()  # a drive may be mounted there


def test_one_that_does_not_run_is_told(service: Service) -> None:
    service("install", "--yes")
    service.answers(ENDED + "ExecMainStatus=1\n")
    told = service("status")
    assert (told.code, "journalctl --user -u" in told.out) == (1, True)
    service.answers(ENDED + "ExecMainStatus=226\n")
    assert "--no-namespaces" in service("status").out
    (service.manager / "fails-restart").touch()
    assert "--no-namespaces" in service("install", "--yes", "--json").error["message"]
    service.answers(ENDED + "ExecMainStatus=1\n")
    error = service("install", "--yes", "--json").error
    assert (error["code"], "Job failed" in error["message"]) == ("service-failed", True)
    assert "journalctl" in error["hint"]


def test_without_namespaces_it_stays_so(service: Service) -> None:
    service("install", "--yes", "--no-namespaces")
    assert "ProtectHome" not in service.units[0].read_text()
    assert service("status", "--json").json["outdated"] == ""


def test_where_nobody_listens_the_commands_are_told(service: Service) -> None:
    (service.manager / "state").write_text("offline\n")
    done = service("install", "--yes")
    assert done.code == 0
    (unit,) = service.units
    assert f"systemctl --user enable --now {unit.name}" in done.err
    assert "and it runs" not in done.out
    told = service("status")
    assert (told.code, "does not run for this user here" in told.err) == (0, True)
    wants = unit.parent / "default.target.wants"
    wants.mkdir()
    (wants / unit.name).symlink_to(unit)
    assert service("uninstall", "--yes").code == 0
    assert list(wants.iterdir()) == []
    assert service.told() == []


def test_without_systemd_nothing_is_written(service: Service, tmp_path: Path) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "git").symlink_to(str(shutil.which("git")))
    error = service("install", "--yes", "--json", PATH=str(bare)).error
    assert (error["code"], "atocore daemon --once" in error["hint"]) == ("no-systemd", True)
    assert service.units == []
    assert service("install", "--dry-run", PATH=str(bare)).code == 0
    assert "has no systemd" in service("status", "--json", PATH=str(bare)).json["trouble"]


def test_vaults_side_by_side(service: Service, desk: Desk, template_vault: Path, tmp_path: Path) -> None:
    other = copied_desk(template_vault, tmp_path / "more" / "vault")
    other.close()
    service("install", "--yes")
    service("install", "--yes", cwd=other.folder)
    assert len(service.units) == 2
    shutil.rmtree(other.folder)
    assert service("uninstall", "--yes", "--vault", str(other.folder)).code == 0  # the vault may be gone
    (left,) = service.units
    assert str(desk.folder) in left.read_text()


def test_an_interpreter_that_lacks_atocore_is_refused(
    service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.symlink_to("/bin/false")
    monkeypatch.setattr(sys, "executable", str(python))
    error = service("install", "--yes", "--json").error
    assert (error["code"], str(python) in error["message"]) == ("bad-value", True)
    assert service.units == []
