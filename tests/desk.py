"""A desk with a vault on it: what a person does by hand beside AtoCore's verbs, and what must stay so."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from helpers import files_of, whole

from atocore.app import Vault, catchup
from atocore.app.answers import HistoryEntry, RecordAnswer, Written
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.index.verification import differences
from atocore.records.plan import Actor

REVIEWER = ("A Reviewer", "reviewer@example.org")
ASSISTANT = "Claude <noreply@anthropic.com>"

TELESCOPE = """
-- projects/scope.md --
---
id: prj-sc0pe0000000
kind: project
status: active
name: scope
aliases: [telescope]
---
The telescope.
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
-- entities/scope/frame.md --
id: ent-frame
type: component
project: scope
title: Frame
--
The truss frame carries the secondary.
-- notes/visit.md --
# Visit to the foundry

They pour blanks on Mondays.
"""
"""One record of each standing."""


def run_git(folder: Path, *args: str) -> str:
    """Git as a person runs it, in a folder; its output."""
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, f"git {args}: {os.fsdecode(done.stderr)}"
    return os.fsdecode(done.stdout)


@dataclass
class Desk:
    """One vault in `folder`, with git and an editor at hand."""

    folder: Path
    _open: dict[Actor, Vault] = field(default_factory=dict)

    # -- AtoCore ---------------------------------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """The vault, as a person opens it; the same one until `close`."""
        return self.as_(Actor.PERSON)

    @property
    def machine(self) -> Vault:
        """The vault, as an assistant's process opens it."""
        return self.as_(Actor.MACHINE)

    def as_(self, actor: Actor) -> Vault:
        if actor not in self._open:
            self._open[actor] = Vault.open(self.folder, actor=actor)
        return self._open[actor]

    def close(self) -> None:
        """Let go of the vault, as the end of a process does."""
        for vault in self._open.values():
            vault.close()
        self._open.clear()

    def status(self, short: str) -> str:
        """The committed status of a record."""
        return self.statuses(short)[0]

    def statuses(self, *shorts: str) -> list[str]:
        """The committed statuses of records, all of one look."""
        snapshot = self.vault.catch_up()
        records = [snapshot.get(whole(short)) for short in shorts]
        return [record.status if record is not None else "absent" for record in records]

    def found(self, query: str, **filters: str) -> list[str]:
        """The ids that a search by words finds."""
        return [hit.id for hit in self.vault.search(query, words=True, limit=50, **filters).hits]

    def in_context(self, query: str, project: str = "") -> list[str]:
        """The ids that a context pack cites."""
        pack = self.vault.context(query, project=project, words=True)
        return [item.id for section in pack.sections for item in section.items]

    def codes(self, path: str = "") -> list[str]:
        """The codes of the problems that `check` tells (of a path)."""
        return [p.code for p in self.vault.check().problems if not path or p.path == path]

    def stale(self) -> list[str]:
        """How what the indexes keep differs from what a fresh start would make of the same vault."""
        vault = self.vault
        vault.take_in()
        with TemporaryDirectory() as folder:
            catalog = vault.build(Path(folder))
            catchup.saved(vault.repository, catalog, vault.settings)
            fresh = vault.engine_over(catalog)
            fresh.sync_text()
            found = list(differences(vault.engine, fresh, vectors=False))
            catalog.close()
        return found

    # -- git and the editor ----------------------------------------------------------------------------

    def git(self, *args: str) -> str:
        return run_git(self.folder, *args)

    def head(self) -> str:
        return self.git("rev-parse", "HEAD").strip()

    def commits_since(self, commit: str) -> list[str]:
        return self.git("rev-list", f"{commit}..HEAD").split()

    def message(self, commit: str = "HEAD") -> str:
        return self.git("log", "-1", "--format=%B", commit).strip()

    def touched(self, commit: str = "HEAD") -> set[str]:
        return set(self.git("show", "--format=", "--name-only", commit).split("\n")) - {""}

    def save(self, blocks: str) -> None:
        """Save the files that the blocks describe, as an editor does."""
        for path, raw in files_of(blocks).items():
            (self.folder / path).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / path).write_bytes(raw)

    def put(self, path: str, content: str | bytes) -> Path:
        """Save one file as it is, whatever it is."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return file

    def commit(self, blocks: str = "", message: str = "by hand", *options: str) -> str:
        """Save, and commit everything by hand; the commit's id."""
        self.save(blocks)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message, *options)
        return self.head()

    def text(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace one passage of a file, as a person does in an editor."""
        text = self.text(path)
        assert whole(old) in text, text
        (self.folder / path).write_bytes(text.replace(whole(old), whole(new)).encode())

    def state(self) -> tuple[str, str, dict[str, bytes]]:
        """HEAD, the index, and every file of the work tree but what is local to AtoCore."""
        head = self.git("rev-parse", "--verify", "-q", "HEAD")
        return head, self.git("ls-files", "-s", "-v"), files_in(self.folder)


def files_in(folder: Path) -> dict[str, bytes]:
    """Path to bytes of the regular files in a folder; git's own and AtoCore's local ones left out."""
    found = {}
    for here, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in (".git", ".atocore")]
        for name in files:
            path = Path(here, name)
            if path.is_file() and not path.is_symlink():
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def founded(folder: Path) -> Desk:
    """A desk with a new vault, in a repository that knows its user."""
    folder.mkdir(exist_ok=True)
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    init(folder)
    return Desk(folder)


def copied_desk(template: Path, folder: Path) -> Desk:
    return Desk(shutil.copytree(template, folder, symlinks=True))


def only(written: Written) -> RecordAnswer:
    """The one record that a verb wrote."""
    assert len(written.records) == 1, written.records
    return written.records[0]


def last(desk: Desk) -> HistoryEntry:
    """The newest entry of the log."""
    return desk.vault.log(limit=1).entries[0]


def refusal(error: BaseException) -> tuple[str, str]:
    """Code and text of a refusal."""
    assert isinstance(error, AtocoreError)
    return error.code, f"{error.message} -> {error.hint}"
