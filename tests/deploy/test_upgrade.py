"""docs/deploy/upgrade.sh on an environment of shell scripts: it upgrades, or all is as it was."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "docs" / "deploy" / "upgrade.sh"

ATOCORE = """\
#!/bin/sh
here=$(dirname "$(dirname "$0")")
shift 2  # --vault DIR
echo "atocore $*" >> {told}
case "$1" in
    --version) [ ! -e "$here/broken" ] || exit 1; echo "atocore $(cat "$here/version")" ;;
    service) [ ! -e {folder}/unit ] || printf '{{\\n  "unit": "%s",\\n}}\\n' "$(cat {folder}/unit)" ;;
    daemon) [ -e {folder}/by-hand ] || exit 1; [ "$2" != --stop ] || rm {folder}/by-hand ;;
    backup) exit "$(cat {folder}/backup 2>/dev/null || echo 0)" ;;
    *) exit "$(cat "$here/$1" 2>/dev/null || echo 0)" ;;
esac
"""
PYTHON = """\
#!/bin/sh
# pip: what a `package` holds is put in place, anything in it called `first` is run before
here=$(dirname "$(dirname "$0")")
echo "python $*" >> {told}
for what; do :; done
[ ! -e "$what/first" ] || . "$what/first"
[ -e "$what/version" ] || exit 1
rm "$here/version"
cp "$what"/* "$here/"
"""
SYSTEMCTL = """\
#!/bin/sh
echo "systemctl $*" >> {told}
[ ! -e "{folder}/fails-$2" ] || exit 1
"""


@dataclass
class Place:
    """An environment with version 1, a package of version 2, and what was called."""

    folder: Path
    venv: Path
    script: Path
    package: Path

    def command(self, *what: str) -> list[str]:
        options = ["--venv", str(self.venv), "--vault", str(self.folder)]
        return ["sh", str(self.script), *options, *(what or (str(self.package),))]

    def environ(self) -> dict[str, str]:
        mine = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "TMPDIR": str(self.folder / "tmp")}
        return {**os.environ, **mine, "ATOCORE_UPGRADE_PAUSE": "0"}

    def upgrade(self, *what: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            self.command(*what), env=self.environ(), capture_output=True, text=True, check=False, timeout=60
        )
        assert list((self.folder / "tmp").iterdir()) == []
        return done

    @property
    def version(self) -> str:
        return (self.venv / "version").read_text().strip()

    def told(self) -> list[str]:
        file = self.folder / "told"
        return file.read_text().splitlines() if file.exists() else []

    def is_tidy(self) -> bool:
        return [path.name for path in self.venv.parent.iterdir()] == [self.venv.name]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    made = Place(tmp_path, tmp_path / "opt" / "an env", tmp_path / "upgrade.sh", tmp_path / "package")
    for folder in (made.venv / "bin", tmp_path / "bin", tmp_path / "tmp", made.package):
        folder.mkdir(parents=True)
    shutil.copy(SCRIPT, made.script)
    words = {"told": tmp_path / "told", "folder": tmp_path}
    for path, text in (
        (made.venv / "bin" / "atocore", ATOCORE),
        (made.venv / "bin" / "python", PYTHON),
        (tmp_path / "bin" / "systemctl", SYSTEMCTL),
    ):
        path.write_text(text.format(**words))
        path.chmod(0o755)
    (made.venv / "version").write_text("1\n")
    (made.package / "version").write_text("2\n")
    (tmp_path / "unit").write_text("atocore-v.service\n")
    return made


def test_an_upgrade(place: Place) -> None:
    done = place.upgrade()
    assert done.returncode == 0, done.stderr
    assert "atocore 1 -> atocore 2" in done.stderr
    assert place.version == "2"
    assert place.is_tidy()
    steps = [one for one in place.told() if "status" not in one and "is-active" not in one]
    assert steps == [
        "atocore --version",
        "atocore health",
        "atocore check",
        "atocore backup create",
        "systemctl --user stop atocore-v.service",
        f"python -m pip --disable-pip-version-check install --upgrade {place.package}",
        "atocore --version",
        "atocore check",
        "systemctl --user start atocore-v.service",
        "atocore health",
    ]


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("broken", "", "the new version does not run"),
        ("check", "1", "atocore check finds what it did not find before"),
        ("health", "1", "atocore health is worse than before"),
        ("first", "exit 3", "pip failed"),
    ],
)
def test_what_does_not_work_is_taken_back(place: Place, file: str, text: str, told: str) -> None:
    (place.package / file).write_text(text)
    before = sorted(path.name for path in place.venv.rglob("*"))
    done = place.upgrade()
    assert (done.returncode, told in done.stderr) == (1, True), done.stderr
    assert place.version == "1"
    assert sorted(path.name for path in place.venv.rglob("*")) == before
    assert place.is_tidy()
    assert place.told()[-2:] == [
        "systemctl --user stop atocore-v.service",
        "systemctl --user start atocore-v.service",
    ]


def test_a_daemon_that_does_not_start_takes_it_back(place: Place) -> None:
    (place.folder / "fails-start").touch()
    done = place.upgrade()
    assert (done.returncode, place.version) == (1, "1")
    assert "the daemon does not start: atocore service status" in done.stderr


def test_without_a_backup_nothing_begins(place: Place) -> None:
    (place.folder / "backup").write_text("12")
    done = place.upgrade()
    assert (done.returncode, place.version) == (1, "1")
    assert "nothing was changed" in done.stderr
    assert not any("pip" in one or "stop" in one for one in place.told())
    assert place.is_tidy()


def test_what_was_bad_before_may_be_bad_after(place: Place) -> None:
    (place.venv / "health").write_text("1")
    done = place.upgrade()
    assert (done.returncode, place.version) == (0, "2")
    assert "atocore health has exit code 1, as before" in done.stderr
    assert "atocore check" not in done.stderr
    (place.venv / "check").write_text("1")
    assert "atocore check has exit code 1, as before" in place.upgrade().stderr


def test_a_daemon_run_by_hand_is_ended_and_told(place: Place) -> None:
    (place.folder / "unit").unlink()
    (place.folder / "by-hand").touch()
    done = place.upgrade()
    assert done.returncode == 0
    assert "start it again yourself" in done.stderr
    assert not any(one.startswith("systemctl") for one in place.told())


def _rewriting(place: Place, script: str) -> str:
    """A step of pip that fills a file, which stays the same one, with other commands."""
    return f"yes 'touch {place.folder}/hijacked; exit 9' | head -n 2000 > \"{script}\"\n"


def test_a_script_that_is_rewritten_while_it_runs_goes_on_as_it_was(place: Place) -> None:
    (place.package / "first").write_text(_rewriting(place, str(place.script)))
    done = place.upgrade()
    assert "hijacked" in place.script.read_text()
    assert (done.returncode, place.version) == (0, "2"), done.stderr
    assert "atocore 1 -> atocore 2" in done.stderr
    assert not (place.folder / "hijacked").exists()
    assert place.is_tidy()


def test_the_copy_itself_may_be_rewritten(place: Place) -> None:
    (place.package / "first").write_text(_rewriting(place, f"$(echo {place.folder}/tmp/*/upgrade.sh)"))
    done = place.upgrade()
    assert (done.returncode, place.version) == (0, "2"), done.stderr
    assert not (place.folder / "hijacked").exists()


def _waiting(place: Place) -> Callable[[], bool]:
    (place.package / "first").write_text(
        f"touch {place.folder}/waits; while [ ! -e {place.folder}/go ]; do sleep 0.02; done\n"
    )
    return (place.folder / "waits").exists


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + 30.0
    while not holds():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def test_two_do_not_run_at_once(place: Place) -> None:
    waits = _waiting(place)
    first = subprocess.Popen(place.command(), env=place.environ(), stderr=subprocess.PIPE, text=True)
    _until(waits)
    second = subprocess.run(
        place.command(), env=place.environ(), capture_output=True, text=True, check=False, timeout=60
    )
    assert (second.returncode, f"another upgrade runs: process {first.pid}" in second.stderr) == (1, True)
    (place.folder / "go").touch()
    assert "atocore 1 -> atocore 2" in first.communicate(timeout=60)[1]
    assert place.is_tidy()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_takes_it_back(place: Place, number: signal.Signals) -> None:
    waits = _waiting(place)
    run = subprocess.Popen(place.command(), env=place.environ(), stderr=subprocess.PIPE, text=True)
    _until(waits)
    run.send_signal(number)
    (place.folder / "go").touch()
    told = run.communicate(timeout=60)[1]
    assert (run.returncode, "going back" in told, place.version) == (1, True, "1")
    assert place.is_tidy()


def test_one_that_was_killed_is_taken_back_by_the_next(place: Place) -> None:
    waits = _waiting(place)
    run = subprocess.Popen(place.command(), env=place.environ(), stderr=subprocess.DEVNULL, process_group=0)
    _until(waits)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    (place.venv / "half").touch()
    shutil.rmtree(place.folder / "tmp")
    (place.folder / "tmp").mkdir()
    (place.folder / "go").touch()
    done = place.upgrade()
    assert (done.returncode, place.version) == (0, "2"), done.stderr
    assert "an upgrade was cut short" in done.stderr
    assert not (place.venv / "half").exists()
    assert place.is_tidy()


def test_one_that_was_killed_between_two_names_is_finished(place: Place) -> None:
    place.venv.rename(f"{place.venv}.former")
    done = place.upgrade()
    assert (done.returncode, place.version) == (0, "2"), done.stderr
    assert place.is_tidy()


@pytest.mark.parametrize("args", [[], ["--venv"], ["--help"]])
def test_how_it_is_called(place: Place, args: list[str]) -> None:
    done = subprocess.run(
        ["sh", str(place.script), "--venv", str(place.venv), *args],
        cwd=place.folder,
        env=place.environ(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "upgrade.sh [--vault DIR] [--venv DIR] WHAT..." in done.stderr) == (2, True)
    assert place.told() == []


def test_no_environment_is_told(place: Place) -> None:
    done = subprocess.run(
        ["sh", str(place.script), "--venv", "/nowhere", "x"],
        env=place.environ(),
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"no virtual environment: /nowhere" in done.stderr) == (1, True)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not on this machine")
def test_shellcheck_finds_nothing() -> None:
    done = subprocess.run(["shellcheck", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
