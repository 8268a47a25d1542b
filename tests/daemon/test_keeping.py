"""What a running daemon does by itself: rounds, commits, retries, settings; and what it does not do."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from helpers import whole
from numpy.typing import NDArray
from running import QUICK, Running

from atocore.daemon.asking import resident_bytes
from atocore.daemon.process import Daemon, once
from atocore.errors import AtocoreError
from atocore.index.embedding import EmbedderUnavailable, EmbeddingFailed
from atocore.index.model import Model

RIVAL = """
-- memories/scope/rival.md --
id: mem-rva
project: scope
subject: primary mirror
attribute: glass
value: steel
--
The primary mirror is made of steel.
"""


def quiet(running: Running) -> int:
    """The number of rounds once no more are due."""
    running.sync()
    last = -1
    while (rounds := running.ping()["rounds"]) != last:
        last = rounds
        running.daemon.stopping.wait(0.4)
    return rounds


def test_at_rest_it_does_nothing(desk: Desk, running) -> None:
    rounds = quiet(running)
    running.daemon.stopping.wait(1.0)
    running.found("mirror")
    assert running.ping()["rounds"] == rounds
    assert desk.git("status", "--porcelain") == ""


def test_a_checkout_of_a_thousand_files_is_few_rounds(desk: Desk, running) -> None:
    for number in range(1_000):
        desk.put(f"notes/many/page{number}.md", f"Page {number} of many.\n")
    many = desk.commit()
    desk.git("checkout", "-q", "-b", "few", "HEAD~1")
    before = quiet(running)
    desk.git("checkout", "-q", "main")
    running.sync()
    assert running.ask("search", query="many", words=True, limit=2000)["commit"] == many
    assert running.ping()["rounds"] - before <= 6


def test_ten_thousand_events_leave_nothing_behind(desk: Desk, running) -> None:
    def burst(count: int) -> None:
        for number in range(count):
            desk.put(f"notes/busy{number % 50}.md", f"Change {number}.\n")
            desk.put(f"notes/.busy{number % 50}.md.swp", "swap\n")
        running.sync()

    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    burst(500)
    quiet(running)
    before, held = descriptors(), resident_bytes()
    burst(1_700)  # six events each
    quiet(running)
    assert descriptors() <= before + 3  # what is open for a moment; a leak would be thousands
    assert resident_bytes() < 1.2 * held
    assert running.ping()["queue"] == 0


def test_a_conflict_made_by_hand_is_filed_by_a_machines_commit(desk: Desk, running) -> None:
    desk.commit(RIVAL)
    running.until(lambda: "conflicts/" in desk.git("ls-files"))
    assert desk.git("log", "-1", "--format=%an").strip() == "atocore"
    assert "Atocore-Actor: machine" in desk.message()
    head = desk.head()
    quiet(running)
    assert desk.head() == head


def test_a_persons_staged_and_saved_work_stays_as_it_is(desk: Desk, running) -> None:
    desk.put("notes/staged.md", "Staged.\n")
    desk.git("add", "notes/staged.md")
    desk.put("notes/visit.md", "Saved only.\n")
    desk.git("add", "-N", "notes/visit.md")
    status = desk.git("status", "--porcelain")
    quiet(running)
    assert desk.git("status", "--porcelain") == status


def test_on_another_branch_machine_made_files_wait(desk: Desk, start) -> None:
    desk.git("checkout", "-q", "-b", "feature")
    desk.commit(RIVAL)
    running = start(desk)
    head = desk.head()
    quiet(running)
    assert desk.head() == head
    desk.git("branch", "-f", "main", "feature")
    desk.git("checkout", "-q", "main")
    running.until(lambda: "conflicts/" in desk.git("ls-files"))


def test_captures_are_committed_where_the_settings_say_so(desk: Desk, running) -> None:
    desk.put("atocore.yaml", QUICK + "capture:\n  commit: true\n")
    ignore = desk.text(".gitignore").replace("captures/", "")
    desk.put(".gitignore", ignore)
    desk.git("commit", "-q", "-a", "-m", "Commit captures")
    turn = f"---\nid: {whole('int-trn')}\nkind: interaction\ntype: claude-code\n---\nWhy glass?\n"
    desk.put(f"captures/2026/11/22/{whole('int-trn')}.md", turn)
    running.until(lambda: "captures/" in desk.git("ls-files"))


def test_new_captures_are_extracted_where_the_mode_asks_for_it(desk: Desk, running) -> None:
    turn = (
        f"---\nid: {whole('int-trn')}\nkind: interaction\ntype: claude-code\n"
        "created: 2026-11-22T07:46:00Z\n---\n"
        "## Prompt\n\nWe decided to use a Serrurier truss for the tube.\n"
    )
    desk.put(f"captures/2026/11/22/{whole('int-trn')}.md", turn)
    running.sync()
    quiet(running)
    assert "extract" not in desk.git("log", "--format=%s")
    desk.put("atocore.yaml", QUICK + "capture:\n  mode: extract\n")
    desk.git("commit", "-q", "-a", "-m", "Extract")
    running.until(lambda: "extract 1 candidate" in desk.git("log", "--format=%s"))


def test_a_broken_repository_is_told_and_tried_again_ever_more_rarely(desk: Desk, running, caplog) -> None:
    assert running.found("Zerodur")
    quiet(running)
    head = desk.folder / ".git" / "HEAD"
    good = head.read_text()
    head.write_text("nonsense\n")
    running.until(lambda: running.ping()["errors"])
    running.daemon.stopping.wait(1.5)
    tries = [record for record in caplog.records if "next try in" in record.getMessage()]
    assert 1 <= len(tries) <= 6
    assert "git-failed" in running.ask("search", query="mirror", words=True)["notes"][0]
    head.write_text(good)
    running.until(lambda: not running.ping()["errors"])
    assert running.found("Zerodur") == ["memories/scope/gem.md"]


def test_broken_settings_leave_the_former_in_force(desk: Desk, running) -> None:
    desk.put("atocore.yaml", "format: 1\ndaemon: [\n")
    running.until(lambda: "bad-settings" in str(running.ping()["errors"]))
    desk.put("notes/after.md", "Penguins swim.\n")
    assert running.found("penguins") == ["notes/after.md"]
    desk.put("atocore.yaml", "format: 1\nlimits:\n  file_bytes: 20\n")
    running.until(lambda: not running.ping()["errors"])
    running.sync()
    desk.put("notes/large.md", "Kestrels hover, and this is more than twenty bytes.\n")
    assert running.found("kestrels") == []
    assert running.daemon.worker._loop.commit_seconds == 5.0


def test_a_vault_that_became_newer_is_neither_answered_from_nor_written(desk: Desk, running) -> None:
    assert running.found("Zerodur")
    text = desk.text("atocore.yaml")
    desk.put("atocore.yaml", text.replace("format: 1\n", "format: 99\n"))
    head = desk.commit("-- memories/scope/x.md --\nid: mem-x\nproject: scope\n--\nX.\n")
    running.until(lambda: "newer-format" in str(running.ping()["errors"]))
    answer = running.ask("search", query="Zerodur", words=True)
    assert answer["error"]["code"] == "newer-format"
    desk.put("atocore.yaml", text)
    running.until(lambda: not running.ping()["errors"])
    assert running.found("Zerodur")
    assert desk.head() == head


def test_without_a_model_words_are_found_and_nobody_waits(desk: Desk) -> None:
    def missing() -> FakeEmbedder:
        raise EmbedderUnavailable("there is none here")

    made = Running(Daemon(desk.folder, Model(missing)))
    made.start(sync=False)
    try:
        made.until(lambda: "EMBED" in made.ping()["errors"])
        desk.put("notes/after.md", "Penguins swim.\n")
        answer = made.ask("search", query="penguins")
        assert [hit["path"] for hit in answer["hits"]] == ["notes/after.md"]
        assert any("there is none here" in note for note in answer["notes"])
    finally:
        made.stop()


def test_the_model_is_let_go_when_nobody_uses_it(desk: Desk, start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atocore.daemon.embedding._HOUSEKEEPING_SECONDS", 0.1)
    running = start(desk)
    running.ask("search", query="mirror")
    assert running.ping()["model_loaded"]
    desk.put("atocore.yaml", QUICK + "  model_idle_seconds: 0\n")
    running.until(lambda: not running.ping()["model_loaded"])
    assert running.ask("search", query="mirror")["mode"] == "hybrid"


def test_new_text_does_not_wait_for_embeddings(desk: Desk) -> None:
    computing, go_on = threading.Event(), threading.Event()

    class Slow(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            computing.set()
            go_on.wait(20.0)
            return super().embed(texts)

    desk.put("notes/new.md", f"{desk.folder} is in no cache.\n")
    running = Running(Daemon(desk.folder, Model(Slow)))
    running.start(sync=False)
    try:
        assert computing.wait(20.0)
        desk.put("notes/after.md", "Penguins swim.\n")
        answer = running.ask("search", query="penguins", words=True)
        assert ([hit["path"] for hit in answer["hits"]], answer["notes"]) == (["notes/after.md"], [])
        go_on.set()
        running.sync()
        assert running.ping()["pending_embeddings"] == 0
    finally:
        go_on.set()
        running.stop()


def test_a_model_that_fails_is_told_and_tried_again(desk: Desk) -> None:
    class Failing(FakeEmbedder):
        fails = True

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if Failing.fails:
                raise EmbeddingFailed("out of memory")
            return super().embed(texts)

    desk.put("notes/new.md", f"{desk.folder} is in no cache.\n")
    running = Running(Daemon(desk.folder, Model(Failing)))
    running.start(sync=False)
    try:
        running.until(lambda: "out of memory" in running.ping()["errors"].get("EMBED", ""))
        assert running.found("Zerodur") == ["memories/scope/gem.md"]
        Failing.fails = False
        running.until(lambda: not running.ping()["errors"])
        assert running.ask("search", query="Zerodur")["mode"] == "hybrid"
    finally:
        running.stop()


def test_once_does_a_whole_round_with_its_commits(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.put("notes/draft.md", "Penguins swim.\n")
    done = once(desk.folder, Model(FakeEmbedder))
    assert (done.left, len(done.commits)) == (0, 1)
    assert "conflicts/" in desk.git("ls-files")
    assert desk.stale() == []
    assert not (desk.folder / ".atocore" / "daemon.json").exists()


def test_once_tells_that_it_could_not_commit(desk: Desk) -> None:
    desk.commit(RIVAL)
    (desk.folder / ".git" / "MERGE_HEAD").write_text(desk.head() + "\n")
    with pytest.raises(AtocoreError) as refused:
        once(desk.folder, Model(FakeEmbedder))
    assert refused.value.code == "git-busy"


def test_a_vault_that_cannot_be_written_gets_no_daemon(desk: Desk) -> None:
    shutil.rmtree(desk.folder / ".atocore", ignore_errors=True)
    desk.put(".atocore", "a file\n")
    with pytest.raises(AtocoreError) as refused:
        Daemon(desk.folder, Model(FakeEmbedder)).run(lambda _seconds: "never")
    assert refused.value.code == "read-only"


def test_a_folder_that_cannot_be_read_empties_nothing(desk: Desk, running) -> None:
    if os.getuid() == 0:
        pytest.skip("root reads everything")
    folder = desk.folder / "memories"
    folder.chmod(0)
    try:
        assert running.found("Zerodur") == ["memories/scope/gem.md"]
    finally:
        folder.chmod(0o755)


def test_a_worktree_has_a_daemon_of_its_own(desk: Desk, start, running) -> None:
    subprocess.run(["git", "worktree", "add", "-q", "-b", "side", "../side"], cwd=desk.folder, check=True)
    side = Desk(desk.folder.parent / "side")
    other = start(side)
    side.put("notes/side.md", "Penguins swim.\n")
    assert other.found("penguins") == ["notes/side.md"]
    assert running.found("penguins") == []
    side.commit()
    assert other.ask("search", query="penguins", words=True)["commit"] == side.head()
    side.close()
