"""A night: a vault of its own with a backup, something that goes wrong, and the commands of a person who
reads the operator's page. Each command is run, and written down as the page would show it."""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import fake_embedder
import pytest
from desk import Desk

from atocore.app.operations import Operations
from atocore.cli import main
from atocore.store.backups.folder_place import FolderPlace, part_of
from atocore.store.backups.manifest import MANIFEST, Manifest, read_manifest

STUB = """\
#!{python}
import sys
sys.path.insert(0, {here!r})
from fake_embedder import FakeEmbedder
from atocore.cli import main
from atocore.index.model import Model
Model.__init__.__defaults__ = (FakeEmbedder,)
main()
"""
GO = "--confirm-service-stopped"


@dataclass(frozen=True)
class Told:
    """What a command printed on both streams, and its exit code."""

    code: int
    text: str


@dataclass
class Night:
    """One vault of one test, with the folder that its backups are in. `stamp` is its one backup's."""

    folder: Path
    stamp: str
    monkeypatch: pytest.MonkeyPatch
    captured: pytest.CaptureFixture[bytes]
    ran: list[str] = field(default_factory=list)
    desk: Desk = field(init=False)

    def __post_init__(self) -> None:
        self.desk = Desk(self.vault)

    @property
    def vault(self) -> Path:
        """The vault's folder."""
        return self.folder / "team"

    @property
    def place(self) -> Path:
        """The folder of its backups."""
        return self.folder / "backups"

    @property
    def backup(self) -> Path:
        """Its one backup."""
        return self.place / self.stamp

    @property
    def operations(self) -> Operations:
        """What is written down of jobs."""
        return Operations(self.vault / ".atocore")

    # -- commands ---------------------------------------------------------------------------------------

    def __call__(self, command: str, cwd: Path | None = None, *, code: int | None = None) -> Told:
        """Run a command as a person types it, in the vault's folder; `code`: it has to end so."""
        self.ran.append(command)
        words = [os.path.expanduser(word) for word in shlex.split(command)]  # noqa: PTH111  as a shell does
        here = cwd or self.vault
        is_plain = words[0] == "atocore" and "&&" not in words
        told = self._atocore(words[1:], here) if is_plain else self._shell(command, here)
        assert "Traceback" not in told.text, told.text
        if code is not None:
            assert told.code == code, (command, told)
        return told

    def _atocore(self, words: list[str], here: Path) -> Told:
        self.desk.close()
        with self.monkeypatch.context() as patch:
            patch.chdir(here)
            patch.setattr(sys, "argv", ["atocore", *words])
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
            self.captured.readouterr()
            with pytest.raises(SystemExit) as end:
                main()
        out, err = self.captured.readouterr()
        return Told(int(end.value.code or 0), (out + err).decode())

    def _shell(self, command: str, here: Path) -> Told:
        self.desk.close()
        self._give_the_shell_atocore()
        done = subprocess.run(["sh", "-c", command], cwd=here, capture_output=True, check=False, timeout=60)
        return Told(done.returncode, (done.stdout + done.stderr).decode())

    def _give_the_shell_atocore(self) -> None:
        """An `atocore` on the path, with a model that needs no files."""
        stub = self.folder / "bin/atocore"
        if not stub.exists():
            stub.parent.mkdir()
            stub.write_text(STUB.format(python=sys.executable, here=str(Path(fake_embedder.__file__).parent)))
            stub.chmod(0o755)
            self.monkeypatch.setenv("PATH", f"{stub.parent}{os.pathsep}{os.environ['PATH']}")

    def fine(self, command: str, cwd: Path | None = None) -> str:
        """Run a command that has to end well; what it printed."""
        return self(command, cwd, code=0).text

    def health(self) -> set[str]:
        """Run `atocore health`: the codes that it degrades for."""
        return set(re.findall(r"^ {11}([a-z-]+): ", self("atocore health").text, re.MULTILINE))

    # -- what goes wrong --------------------------------------------------------------------------------

    def settings(self, text: str) -> None:
        """Commit other settings."""
        self.desk.put("atocore.yaml", f"format: 1\n{text}\n")
        self.desk.git("commit", "-q", "-a", "-m", "Set")

    def retell(self, change: Callable[[Manifest], Manifest]) -> None:
        """Give the backup another manifest, well signed."""
        path = self.backup / MANIFEST
        path.write_text(change(read_manifest(path.read_bytes(), MANIFEST)).to_json())

    def sign(self, name: str) -> None:
        """Have the manifest tell of a file as it is now."""
        part = part_of(self.backup / name)
        self.retell(lambda one: replace(one, files={**one.files, name: part}))

    def other(self, name: str) -> Path:
        """Another copy of the vault, by its name."""
        return Path(shutil.copytree(self.vault, self.folder / name, symlinks=True))

    def stamps(self) -> list[str]:
        """The backups, the newest first."""
        return [kept.stamp for kept in FolderPlace(self.place).backups()]


@contextmanager
def mounted(*args: str, on: Path) -> Iterator[None]:
    """A mount for the time of a block; the test is skipped where this machine allows none."""
    on.mkdir(exist_ok=True, parents=True)
    done = subprocess.run(["mount", *args, str(on)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no mount is allowed here: {done.stderr.decode().strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(on)], capture_output=True, check=False)
