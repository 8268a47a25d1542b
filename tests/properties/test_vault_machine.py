"""Whatever people, verbs and crashes do to a vault, in any order: nothing a person wrote is lost, the indexes
hold what a fresh start would make, git's store is sound, and `check` finds no error."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from desk import REVIEWER, Desk, copied_desk, files_in, run_git
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from atocore.app import Vault
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.records.kinds import Kind

START = """
-- memories/p/a.md --
id: mem-a
project: p
subject: mirror
attribute: mass
value: 1 kg
--
The mirror weighs 1 kg.
-- memories/p/b.md --
id: mem-b
status: candidate
project: p
subject: mirror
attribute: mass
value: 2 kg
--
The mirror weighs 2 kg.
-- notes/n.md --
A note.
"""
PLAN = "# Plan\n\n## Requirements\n\n- The tube shall not deflect by more than {0} microns.\n"
VALUES = st.sampled_from(["1 kg", "2 kg", "3 kg"])
PICK = st.integers(min_value=0, max_value=30)
REFUSALS = frozenset(
    ["impossible-step", "dirty-file", "not-found", "cannot-undo", "ambiguous", "has-problems", "exists"]
)
EXAMPLES = int(os.environ.get("ATOCORE_MACHINE_EXAMPLES", "25"))
SHRINKS = "ATOCORE_MACHINE_SHRINK" in os.environ  # each try costs a second: a failure is told as it was found
_template: list[Path] = []


def template() -> Path:
    """A committed vault to copy, made once."""
    if not _template:
        folder = Path(tempfile.mkdtemp(prefix="atocore-machine-"))
        run_git(folder, "init", "-q", "-b", "main")
        run_git(folder, "config", "user.name", REVIEWER[0])
        run_git(folder, "config", "user.email", REVIEWER[1])
        run_git(folder, "config", "gc.auto", "0")
        init(folder)
        Desk(folder).commit(START, "Start")
        _template.append(folder)
    return _template[0]


class VaultMachine(RuleBasedStateMachine):
    """A person, an assistant and bad luck at one vault."""

    @initialize()
    def begin(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="atocore-machine-run-"))
        self.desk = copied_desk(template(), self.place / "vault")
        self.written: list[str] = []
        self.count = 0

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        try:
            self.all_is_well()
        finally:
            self.desk.close()
            shutil.rmtree(self.place, ignore_errors=True)

    # -- what is done -----------------------------------------------------------------------------------

    def unique(self) -> str:
        """A word that stands nowhere else."""
        self.count += 1
        return f"word{self.count:04d}x"

    def tried(self, verb: Callable[[Vault], object]) -> None:
        """Take a step; a refusal leaves HEAD, the index and every file as they were."""
        self.desk.vault.catch_up()  # a step that a kill left behind is finished or undone now
        before = self.desk.state()
        try:
            verb(self.desk.vault)
        except AtocoreError as error:
            assert error.code in REFUSALS, (error.code, error.message)
            assert self.desk.state() == before, error.message

    def some(self, pick: int, kinds: tuple[Kind, ...] = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)) -> str:
        ids = [record.id for record in self.desk.vault.catch_up().select(kinds)]
        return ids[pick % len(ids)] if ids else "mem-none00000000"

    @rule(value=VALUES, status=st.sampled_from(["active", "candidate"]))
    def new(self, value: str, status: str) -> None:
        keys = {"project": "p", "subject": "mirror", "attribute": "mass", "value": value}
        text = f"It weighs {value}, {self.unique()}."
        self.tried(lambda v: v.new("memory", text, type="knowledge", status=status, keys=keys))

    @rule(
        pick=PICK,
        verb=st.sampled_from(["promote", "demote", "confirm", "reopen", "retire", "restore_record"]),
    )
    def step(self, pick: int, verb: str) -> None:
        self.tried(lambda v: getattr(v, verb)(self.some(pick)))

    @rule(pick=PICK)
    def reject(self, pick: int) -> None:
        self.tried(lambda v: v.reject(self.some(pick), reason="no"))

    @rule(pick=PICK, by=PICK)
    def supersede(self, pick: int, by: int) -> None:
        self.tried(lambda v: v.supersede(self.some(pick), self.some(by)))

    @rule(pick=PICK, by=PICK)
    def promote_over(self, pick: int, by: int) -> None:
        self.tried(lambda v: v.promote(self.some(pick), supersede=[self.some(by)]))

    @rule(pick=PICK, back=st.booleans())
    def graduate(self, pick: int, back: bool) -> None:
        self.tried(lambda v: (v.ungraduate if back else v.graduate)(self.some(pick, (Kind.MEMORY,))))

    @rule(value=VALUES)
    def set_state(self, value: str) -> None:
        self.tried(lambda v: v.state_set("p", "mirror.mass", value))

    @rule()
    def unset_state(self) -> None:
        self.tried(lambda v: v.state_unset("p", "mirror.mass"))

    @rule(pick=PICK, how=st.sampled_from(["resolve", "dismiss", "reopen", "sweep"]))
    def decide(self, pick: int, how: str) -> None:
        found = self.desk.vault.conflicts_list(status="all").conflicts
        if how == "sweep":
            self.tried(lambda v: v.conflicts_sweep())
        elif found and how == "resolve":
            members = found[0].members
            winner = members[pick % len(members)].id
            self.tried(lambda v: v.conflicts_resolve(found[0].id, winner=winner))
        elif found and how == "dismiss":
            self.tried(lambda v: v.conflicts_dismiss(found[0].id, reason="both"))
        elif found:
            self.tried(lambda v: v.conflicts_reopen(found[0].id))

    @rule(number=st.integers(min_value=1, max_value=3))
    def ingest(self, number: int) -> None:
        file = self.place / "docs" / "plan.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(PLAN.format(number))
        self.tried(lambda v: v.ingest(file.parent, project="p"))

    @rule(back=st.integers(min_value=0, max_value=3))
    def undo(self, back: int) -> None:
        if back < self.commits() - 1:  # the vault's founding stays
            self.tried(lambda v: v.undo(f"HEAD~{back}"))

    def commits(self) -> int:
        return int(self.desk.git("rev-list", "--count", "--first-parent", "HEAD"))

    # -- what a person does by hand ---------------------------------------------------------------------

    def pages(self) -> list[str]:
        folders = ("memories", "notes", "entities", "state")
        return sorted(p for p in files_in(self.desk.folder) if p.endswith(".md") and p.startswith(folders))

    @rule(pick=PICK, committed=st.booleans())
    def write(self, pick: int, committed: bool) -> None:
        pages, word = self.pages(), self.unique()
        if not pages:
            return
        path = pages[pick % len(pages)]
        with (self.desk.folder / path).open("a") as file:
            file.write(f"By hand: {word}.\n")
        self.written.append(word)
        if committed:
            self.commit(path)

    @rule(
        pick=PICK,
        status=st.sampled_from([("candidate", "active"), ("active", "retired"), ("active", "candidate")]),
    )
    def change_status(self, pick: int, status: tuple[str, str]) -> None:
        pages = [p for p in self.pages() if not p.startswith("state/") or status[1] == "retired"]
        paths = [p for p in pages if f"\nstatus: {status[0]}\n" in self.desk.text(p)]
        if paths:
            path = paths[pick % len(paths)]
            self.desk.edit(path, f"\nstatus: {status[0]}\n", f"\nstatus: {status[1]}\n")
            self.commit(path)

    def commit(self, path: str) -> None:
        self.desk.git("add", path)
        self.desk.git("commit", "-q", "--allow-empty", "-m", "by hand", "--", path)

    @rule()
    def stage(self) -> None:
        word = self.unique()
        self.desk.put(f"{word}.txt", word)
        self.desk.git("add", f"{word}.txt")
        self.written.append(word)
        if self.count % 2:
            self.commit(f"{word}.txt")

    @rule(pick=PICK)
    def move(self, pick: int) -> None:
        pages = self.pages()
        if pages and not self.desk.git("status", "--porcelain"):
            path = pages[pick % len(pages)]
            self.desk.git("mv", path, f"{path.rpartition('/')[0]}/{self.unique()}.md")
            self.desk.git("commit", "-q", "-m", "move")

    @rule()
    def revert(self) -> None:
        if (
            self.desk.git("status", "--porcelain", "-uno")
            or self.desk.git("rev-list", "--count", "HEAD") < "3"
        ):
            return
        done = subprocess.run(
            ["git", "revert", "--no-edit", "HEAD"], cwd=self.desk.folder, capture_output=True, check=False
        )
        if done.returncode:
            self.desk.git("revert", "--abort")

    @precondition(lambda self: not self.desk.git("status", "--porcelain", "-uno"))
    @rule()
    def another_branch_and_back(self) -> None:
        name = self.unique()
        self.desk.git("switch", "-q", "-c", name, "HEAD~1")
        self.desk.vault.search("mirror", words=True)
        self.desk.vault.new("memory", f"On a branch {name}.", type="knowledge")
        self.desk.git("switch", "-q", "main")

    @rule()
    def look(self) -> None:
        self.desk.vault.search("mirror weighs", words=True)
        self.desk.vault.context("mirror weighs", project="p", words=True)
        self.desk.vault.list()

    @rule(gone=st.booleans())
    def start_anew(self, gone: bool) -> None:
        self.desk.close()
        if gone:
            shutil.rmtree(self.desk.folder / ".atocore", ignore_errors=True)

    @rule(pick=PICK, after=st.integers(min_value=0, max_value=60))
    def killed(self, pick: int, after: int) -> None:
        """A verb in a process of its own, killed at some moment; the next verb finds its way."""
        self.desk.close()
        args = [sys.executable, "-c", _KILLED, str(self.desk.folder), str(pick), str(after)]
        subprocess.run(args, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, timeout=60)
        self.desk.vault.status()  # the next command of AtoCore's, whichever, clears up

    # -- what must hold ---------------------------------------------------------------------------------

    def all_is_well(self) -> None:
        desk = self.desk
        errors = [problem for problem in desk.vault.check().problems if problem.severity == "error"]
        assert errors == []
        kept = desk.git("log", "--all", "-p", "--no-color") + "".join(
            raw.decode() for raw in files_in(desk.folder).values()
        )
        staged = desk.git("diff", "--cached", "--no-color")
        assert [word for word in self.written if word not in kept + staged] == []
        desk.git("fsck", "--strict", "--no-dangling")
        assert desk.stale() == []
        desk.close()
        assert desk.stale() == []


_KILLED = """
import os, signal, sys
from atocore.app import Vault

vault = Vault.open(sys.argv[1])
left = int(sys.argv[3])

def count(frame, event, arg):
    global left
    if event == "call" and frame.f_code.co_filename.find("atocore") > 0:
        name = frame.f_code.co_name
        if name in NAMES:
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)

NAMES = {
    "on_step", "_ignore_step", "put", "remove", "set_meta", "replace", "done", "save", "change", "apply",
    "run", "ask", "_write_all", "_commit", "_finish", "commit", "recover", "_sync_text", "sync_text",
    "set_owner",
}
ids = [record.id for record in vault.catch_up().select(())]
mine = ids[int(sys.argv[2]) % len(ids)] if ids else "none"
sys.setprofile(count)
for verb in (vault.promote, vault.retire, vault.restore_record):
    try:
        verb(mine)
    except Exception:
        pass
vault.search("mirror", words=True)
"""


def test_whatever_happens_in_whatever_order() -> None:
    run_state_machine_as_test(
        VaultMachine,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
            phases=[Phase.explicit, Phase.reuse, Phase.generate, *([Phase.shrink] * SHRINKS)],
        ),
    )
