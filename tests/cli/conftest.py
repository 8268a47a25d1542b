"""A desk with a vault, and the real command line run on it in a process of its own."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from desk import Desk, copied_desk, founded

from atocore.cli import main

RECORDS = """
-- memories/scope/mass.md --
id: mem-mass
status: candidate
project: scope
subject: primary mirror
attribute: mass
value: 4.2 kg
--
The primary mirror weighs 4.2 kg with its cell.
-- memories/scope/gem.md --
id: mem-gem
project: scope
subject: primary mirror
attribute: glass
value: Zerodur
--
The primary mirror is made of Zerodur.
-- memories/scope/second.md --
id: mem-2nd
project: scope
--
The second surface is convex.
-- memories/scope/gone.md --
id: mem-gne
status: rejected
project: scope
--
The mirror is made of cheese.
-- memories/scope/past.md --
id: mem-past
status: retired
project: scope
--
The mirror was made of bronze.
-- state/scope/phase.md --
id: sta-phase
project: scope
attribute: phase
value: design
--
Design.
-- memories/scope/rev.md --
id: mem-rev
project: scope
subject: tube
attribute: length
value: 2 m
--
Two metres.
-- memories/scope/rev2.md --
id: mem-rev2
project: scope
subject: tube
attribute: length
value: 3 m
--
Three metres.
-- notes/visit.md --
They pour blanks on Mondays.
"""


@dataclass(frozen=True)
class Ran:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on stdout."""
        return json.loads(self.out)

    @property
    def error(self) -> dict[str, str]:
        """The refusal on stderr."""
        told = json.loads(self.err)
        assert told.keys() == {"error"}
        assert told["error"].keys() == {"code", "message", "hint"}
        return dict(told["error"])


Run = Callable[..., Ran]


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("template-vault") / "vault"
    desk = founded(folder)
    desk.commit(RECORDS, "Start")
    desk.vault.conflicts_sweep()
    desk.close()
    shutil.rmtree(folder / ".atocore")
    return folder


@pytest.fixture
def desk(template_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    made = copied_desk(template_vault, tmp_path / "vault")
    yield made
    made.close()


@pytest.fixture
def spawn(desk: Desk) -> Run:
    """Run `atocore ARGS` in a process of its own, in the vault's folder (or `cwd`); no traceback may show."""

    def running(*args: str | bytes, cwd: Path | None = None, stdin: str = "", **env: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "atocore", *args],
            cwd=cwd or desk.folder,
            input=stdin.encode(),
            capture_output=True,
            env=os.environ | env,
            check=False,
            timeout=60,
        )
        return _sound(Ran(done.returncode, done.stdout.decode(), done.stderr.decode()))

    return running


@pytest.fixture
def run(desk: Desk, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """The same within this process: `main` as the entry point calls it."""

    def running(*args: str, cwd: Path | None = None, stdin: str = "", **env: str) -> Ran:
        with monkeypatch.context() as patch:
            patch.chdir(cwd or desk.folder)
            patch.setattr(sys, "argv", ["atocore", *args])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            for name, value in env.items():
                patch.setenv(name, value)
            capfdbinary.readouterr()
            with pytest.raises(SystemExit) as end:
                main()
        out, err = capfdbinary.readouterr()
        return _sound(Ran(int(end.value.code or 0), out.decode(), err.decode()))

    return running


def _sound(ran: Ran) -> Ran:
    assert "Traceback" not in ran.out + ran.err, ran
    assert "internal error" not in ran.err, ran
    return ran
