"""A restore is really killed at each of its steps: then the vault is the old one, or the command that
finishes is told by every other; and finishing gives what an undisturbed restore gives."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, copied_desk, files_in, founded, run_git
from fake_embedder import FakeEmbedder

from atocore.app import Vault
from atocore.app.backups.restored_answer import Options
from atocore.app.backups.restoring import restore
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.index.model import Model

BEFORE = (
    *("validated", "safety-made", "unpacked", "checked-out", "local-part-written", "settings-written"),
    "records-counted",
)
AFTER = (
    *("journal-written", "moving-out", "moved-out", "moving-in", "moved-in", "cleared", "carried"),
    *("captures-kept", "settled", "checked", "former-removed"),
)
KILLER = """
import json, os, signal, sys
from atocore.app.backups import restoring
from atocore.index.model import Model
from fake_embedder import FakeEmbedder

for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        def on_step(name):
            if name == asked["point"]:
                os.kill(os.getpid(), signal.SIGKILL)
        restoring.restore(
            asked["stamp"], asked["folder"], source=asked["place"], on_step=on_step, model=Model(FakeEmbedder)
        )
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
Kill = Callable[[str, Desk], int]


class Stage:
    """A vault with work under way, a backup of a former state of it, and what restoring that gives."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.folder, self.place = folder, str(folder / "kept")
        desk = copied_desk(template, folder / "vault")
        desk.put("notes/draft.md", "then a draft")
        desk.put("captures/2026/11/20/int-01.md", "then a capture")
        self.stamp = desk.vault.backup_create(to=self.place).stamp
        desk.commit("-- notes/marker.md --\nnow\n")
        desk.put("notes/draft.md", "now a draft")
        desk.put("captures/2026/11/21/int-02.md", "now a capture")
        desk.put("build/.gitignore", "*\n")
        desk.put("build/own.bin", "this machine's")
        desk.close()
        self.vault = desk.folder
        self.now = state_of(desk.folder)
        undisturbed = copied_desk(desk.folder, folder / "undisturbed")
        done = restore(self.stamp, undisturbed.folder, source=self.place, model=Model(FakeEmbedder))
        assert done.restored_integrity_ok, done.findings
        self.then = state_of(undisturbed.folder)


def state_of(folder: Path) -> tuple[object, ...]:
    refs = run_git(folder, "for-each-ref", "--format=%(refname) %(objectname)")
    return (
        files_in(folder),
        refs,
        run_git(folder, "status", "--porcelain", "-uall"),
        run_git(folder, "ls-files", "-s"),
    )


@pytest.fixture(scope="module")
def stage(template_vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("stage")
        patch.setenv("ATOCORE_CACHE_DIR", str(folder / "cache"))
        yield Stage(template_vault, folder)


@pytest.fixture(scope="module")
def kill(stage: Stage) -> Iterator[Kill]:
    """Restore in a process of its own that is killed at a point; its exit code."""
    places = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "index")]
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {places}\n{KILLER}"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin and process.stdout

        def killing(point: str, desk: Desk) -> int:
            asked = {"point": point, "folder": str(desk.folder), "stamp": stage.stamp, "place": stage.place}
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            return int(process.stdout.readline())

        yield killing
        process.stdin.close()


@pytest.fixture
def victim(stage: Stage, tmp_path: Path) -> Desk:
    return copied_desk(stage.vault, tmp_path / "vault")


@pytest.mark.parametrize("point", BEFORE)
def test_killed_before_the_exchange_the_old_vault_works(
    stage: Stage, kill: Kill, victim: Desk, point: str
) -> None:
    assert kill(point, victim) == -9
    assert state_of(victim.folder) == stage.now
    assert victim.found("Zerodur")
    victim.close()
    done = restore(
        stage.stamp, victim.folder, source=stage.place, options=Options(pre_snapshot=False, index=False)
    )
    assert done.restored_integrity_ok, done.findings
    assert state_of(victim.folder) == stage.then
    assert not (victim.folder / ".atocore/restore").exists()


@pytest.mark.parametrize("point", AFTER)
def test_killed_in_the_exchange_every_command_tells_how_to_finish(
    stage: Stage, kill: Kill, victim: Desk, point: str
) -> None:
    assert kill(point, victim) == -9

    for refused in (
        lambda: Vault.open(victim.folder),
        lambda: init(victim.folder),
        lambda: restore("20010101T000000Z", victim.folder, source=stage.place),
        lambda: restore(stage.stamp, victim.folder, source=stage.place, dry_run=True),
    ):
        with pytest.raises(AtocoreError) as told:
            refused()
        assert told.value.code == "restore-unfinished"
    words = shlex.split(told.value.hint.partition(": ")[2])
    assert words[:4] == ["atocore", "backup", "restore", stage.stamp]
    assert words[words.index("--target") + 1] == str(victim.folder)
    assert words[-1] == "--confirm-service-stopped"

    done = restore(stage.stamp, victim.folder, source=stage.place, model=Model(FakeEmbedder))
    assert done.restored_integrity_ok, done.findings
    assert done.safety is not None
    assert state_of(victim.folder) == stage.then
    assert victim.stale() == []
    victim.close()
    assert not (victim.folder / ".atocore/restore").exists()


def test_killed_when_all_is_done_nothing_is_left_to_do(stage: Stage, kill: Kill, victim: Desk) -> None:
    assert kill("journal-removed", victim) == -9
    assert state_of(victim.folder) == stage.then
    assert victim.found("Zerodur")
    victim.close()


def test_while_the_settings_are_away_the_command_is_told_all_the_same(
    stage: Stage, kill: Kill, tmp_path: Path
) -> None:
    founded(tmp_path / "outer")
    new = Desk(tmp_path / "outer" / "new")
    assert kill("journal-written", new) == -9
    assert not (new.folder / "atocore.yaml").exists()
    (tmp_path / "outer/atocore.yaml").unlink()
    with pytest.raises(AtocoreError) as told:
        Vault.open(new.folder)
    assert told.value.code == "restore-unfinished"
    restore("latest", new.folder, source=stage.place, options=Options(index=False))
    assert (new.folder / "atocore.yaml").exists()


def test_a_restore_can_be_finished_when_its_backups_are_gone(stage: Stage, kill: Kill, victim: Desk) -> None:
    assert kill("moved-out", victim) == -9
    done = restore(
        stage.stamp, victim.folder, source=str(stage.folder / "nowhere"), model=Model(FakeEmbedder)
    )
    assert done.restored_integrity_ok
    assert state_of(victim.folder) == stage.then


def test_finishing_may_be_killed_too(stage: Stage, kill: Kill, victim: Desk) -> None:
    for point in ("moving-out", "moving-in", "captures-kept", "former-removed"):
        assert kill(point, victim) == -9
    assert kill("none", victim) == 0
    assert state_of(victim.folder) == stage.then
