"""Whatever happens to a vault, seen or missed, in whatever order: the kept index is a fresh one's equal.

One life of a vault with real git and the real model, drawn from a seed that is told. Every so often the index
is verified, and both the kept index and a fresh one (that of a copy without `.atocore/`) answer the same
questions. ATOCORE_EQUALITY_STEPS and ATOCORE_EQUALITY_SEED choose another length and another life.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from desk import ASSISTANT, REVIEWER, Desk, files_in, run_git

from atocore.app import Vault
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.index.catalog import Catalog, is_damage
from atocore.index.embedding import Embedder, load_embedder
from atocore.index.embedding_cache import EmbeddingCache
from atocore.index.fulltext import FullText
from atocore.index.generations import Generations
from atocore.index.model import Model
from atocore.index.vectors import VectorIndex
from atocore.records.plan import Actor

STEPS = int(os.environ.get("ATOCORE_EQUALITY_STEPS", "300"))
SEED = int(os.environ.get("ATOCORE_EQUALITY_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)
A_CHECK_EVERY = 20
SAID = """
    mirror truss frame carbon steel glass weighs cools bends polished coating sensor cable motor
    bearing grease torque shim thermal drift budget vendor Zerodur build_sha M3x12 Spiegel 鏡 مرآة
"""
WORDS = SAID.split()
RECORD = """---
id: {id}
kind: {kind}
type: {type}
status: {status}
subject: {subject}
attribute: mass
value: {value} kg
tags: [{tag}]
---
{text}
"""
FOLDERS = {"memory": "memories", "entity": "entities", "note": "notes"}
CRASHES: tuple[tuple[type, str], ...] = (
    (Catalog, "put"),
    (Catalog, "remove"),
    (Catalog, "done"),
    (Catalog, "set_unknown"),
    (Catalog, "_settle"),
    (FullText, "replace"),
    (VectorIndex, "replace"),
    (VectorIndex, "save"),
    (EmbeddingCache, "put_many"),
    (Generations, "publish"),
)


class Crash(BaseException):
    """The process ends here."""


class Life:
    """A vault, what happens to it, and the session that keeps its index."""

    def __init__(self, folder: Path, seed: int, embedder: Embedder) -> None:
        self.folder = folder
        self.place = folder.parent
        self.desk = Desk(folder)
        self.draw = random.Random(seed)
        self.model = Model(lambda: embedder)
        self.touched: set[str] = set()
        self.done: list[str] = []
        self.count = 0
        self.kept: Vault | None = None
        self.deeds: list[tuple[int, Callable[[], None]]] = [
            (6, self.edit),
            (6, self.create),
            (3, self.delete),
            (3, self.rename),
            (2, self.rename_case),
            (2, self.move_folder),
            (2, self.save_and_revert),
            (12, self.commit),
            (2, self.commit_one),
            (2, self.break_yaml),
            (2, self.copy_file),
            (2, self.link),
            (5, self.switch),
            (3, self.merge),
            (2, self.rebase),
            (2, self.amend),
            (2, self.reset),
            (2, self.revert),
            (3, self.stash),
            (1, self.collect_garbage),
            (2, self.ignore),
            (4, self.capture),
            (2, self.remove_capture),
            (2, self.flip_captures),
            (1, self.trust_other_authors),
            (4, self.change_status),
            (3, self.take_a_step),
            (5, self.hint),
            (3, self.look),
            (6, self.crash),
            (1, self.be_killed),
            (2, self.damage),
            (2, self.reopen),
        ]

    # -- the session --------------------------------------------------------------------------------------

    @property
    def vault(self) -> Vault:
        """The session that keeps the index."""
        if self.kept is None:
            self.kept = self.opened(self.folder)
        return self.kept

    def opened(self, folder: Path) -> Vault:
        vault = Vault.open(folder, actor=Actor.PERSON)
        vault.model = self.model
        return vault

    def close(self) -> None:
        if self.kept is not None:
            self.kept.close()
            self.kept = None

    def asked(self, ask: Callable[[Vault], object]) -> None:
        """Use the session as a command does: what is damaged is told, and the next command builds it anew."""
        try:
            ask(self.vault)
        except AtocoreError:
            pass
        except Exception as error:
            if not is_damage(error):
                raise
            self.vault.abandon_index()

    # -- what is drawn ------------------------------------------------------------------------------------

    def run(self, steps: int) -> None:
        weights = [weight for weight, _ in self.deeds]
        for number in range(1, steps + 1):
            (_, deed) = self.draw.choices(self.deeds, weights)[0]
            self.done.append(deed.__name__)
            deed()
            if number % A_CHECK_EVERY == 0 or number == steps:
                self.check()

    def text(self) -> str:
        self.count += 1
        chosen = self.draw.choices(WORDS, k=self.draw.randrange(3, 9))
        return f"The {' '.join(chosen)}, n{self.count}."

    def record(self) -> tuple[str, str]:
        """A folder and a text for a new file."""
        kind = self.draw.choice(["memory", "memory", "entity", "note"])
        text = self.text()
        if kind == "note":
            return "notes", text
        raw = RECORD.format(
            id=f"{kind[:3]}-{self.count:0>12}",
            kind=kind,
            type="knowledge" if kind == "memory" else "parameter",
            status=self.draw.choice(["active", "active", "candidate"]),
            subject=self.draw.choice(WORDS[:4]),
            value=self.draw.randrange(1, 4),
            tag=self.draw.choice(["optics", "cost"]),
            text=text,
        )
        return FOLDERS[kind] + self.draw.choice(["", "/p", "/p/q", "/s"]), raw

    def pages(self) -> list[str]:
        return sorted(
            path
            for path in files_in(self.folder)
            if path.endswith((".md", ".MD")) and path.startswith(("memories", "entities", "notes"))
        )

    def page(self) -> str | None:
        pages = self.pages()
        return self.draw.choice(pages) if pages else None

    def write(self, path: str, text: str) -> None:
        self.touched.add(path)
        with suppress(FileExistsError, NotADirectoryError, IsADirectoryError):
            self.desk.put(path, text)

    # -- a person and an editor ---------------------------------------------------------------------------

    def edit(self) -> None:
        if path := self.page():
            raw = (self.folder / path).read_text()
            how = self.draw.randrange(3)
            new = f"{raw}{self.text()}\n" if how else raw.replace("The ", "A ", 1)
            self.write(path, new)

    def create(self) -> None:
        folder, raw = self.record()
        self.write(f"{folder}/f{self.count}.md", raw)

    def delete(self) -> None:
        if path := self.page():
            self.touched.add(path)
            (self.folder / path).unlink()

    def rename(self) -> None:
        if path := self.page():
            self.count += 1
            new = f"{path.rpartition('/')[0]}/r{self.count}.md"
            self.touched |= {path, new}
            (self.folder / path).rename(self.folder / new)

    def rename_case(self) -> None:
        if path := self.page():
            new = f"{path.rpartition('/')[0]}/{path.rpartition('/')[2].swapcase()}"
            self.touched |= {path, new}
            (self.folder / path).rename(self.folder / new)

    def move_folder(self) -> None:
        folders = [f for f in self.folder.glob("*/*") if f.is_dir() and f.parent.name in FOLDERS.values()]
        if folders:
            self.count += 1
            folder = self.draw.choice(sorted(folders))
            folder.rename(folder.with_name(f"m{self.count}"))

    def save_and_revert(self) -> None:
        self.edit()
        if self.draw.random() < 0.5:
            self.asked(lambda v: v.round())
        self.git("checkout", "-q", "--", ".")

    def break_yaml(self) -> None:
        if path := self.page():
            self.write(path, "---\nid: [unclosed\n" + (self.folder / path).read_text())

    def copy_file(self) -> None:
        if path := self.page():
            self.write(f"{path.rpartition('/')[0]}/a{self.count}.md", (self.folder / path).read_text())

    def link(self) -> None:
        self.count += 1
        target = self.draw.choice([self.page() or "nowhere.md", "nowhere.md", "../outside.md"])
        path = f"notes/l{self.count}.md"
        (self.folder / "notes").mkdir(exist_ok=True)
        self.touched.add(path)
        with suppress(FileExistsError):
            (self.folder / path).symlink_to(f"../{target}")

    def change_status(self) -> None:
        """A step made by hand, by a person or by an assistant."""
        if path := self.page():
            raw = (self.folder / path).read_text()
            old, new = self.draw.choice(
                [("candidate", "active"), ("active", "retired"), ("retired", "active")]
            )
            self.write(path, raw.replace(f"\nstatus: {old}\n", f"\nstatus: {new}\n"))
            self.commit()

    def ignore(self) -> None:
        file = self.folder / ".gitignore"
        lines = file.read_text().splitlines()
        line = self.draw.choice(["/memories/s/", "/captures/", "*.log", "f1*.md"])
        lines = [one for one in lines if one != line] if line in lines else [*lines, line]
        file.write_text("\n".join(lines) + "\n")

    def capture(self) -> None:
        self.count += 1
        name = f"int-{self.count:0>12}"
        raw = f"---\nid: {name}\nkind: interaction\ntype: claude-code\n---\n{self.text()}\n"
        self.write(f"captures/2026/11/{self.draw.randrange(1, 4):02}/{name}.md", raw)

    def remove_capture(self) -> None:
        captures = sorted(self.folder.glob("captures/**/*.md"))
        if captures:
            chosen = self.draw.choice(captures)
            self.touched.add(chosen.relative_to(self.folder).as_posix())
            if self.draw.random() < 0.3:
                shutil.rmtree(chosen.parent)
            else:
                chosen.unlink()

    def flip_captures(self) -> None:
        self.settings("capture: {commit: true}")

    def trust_other_authors(self) -> None:
        self.settings("machines: {authors: ['*claude*', '*reviewer*']}")

    def settings(self, line: str) -> None:
        file = self.folder / "atocore.yaml"
        lines = file.read_text().splitlines()
        lines = [one for one in lines if one != line] if line in lines else [*lines, line]
        file.write_text("\n".join(lines) + "\n")
        self.close()  # settings are read when a vault is opened

    # -- git ----------------------------------------------------------------------------------------------

    def git(self, *args: str) -> bool:
        """Git as a person runs it; what it leaves half done is looked at, then ended."""
        done = subprocess.run(["git", *args], cwd=self.folder, capture_output=True, check=False)
        if done.returncode == 0:
            return True
        if self.draw.random() < 0.3:
            self.asked(lambda v: v.round())
        for operation in ("merge", "rebase", "cherry-pick", "revert"):
            subprocess.run(["git", operation, "--abort"], cwd=self.folder, capture_output=True, check=False)
        if self.desk.git("diff", "--name-only", "--diff-filter=U"):
            self.desk.git("reset", "-q", "--hard")
        return False

    def author(self) -> list[str]:
        return [f"--author={ASSISTANT}"] if self.draw.random() < 0.3 else []

    def commit(self) -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"c{len(self.done)}", *self.author())

    def commit_one(self) -> None:
        if path := self.page():
            self.git("add", "--", path)
            self.git("commit", "-q", "-m", "one", *self.author(), "--", path)

    def branches(self) -> list[str]:
        return self.desk.git("for-each-ref", "--format=%(refname:short)", "refs/heads").split()

    def switch(self) -> None:
        if self.draw.random() < 0.4:
            self.git("switch", "-q", "-c", f"b{len(self.done)}", self.draw.choice(["HEAD", "HEAD~1"]))
        else:
            self.git("switch", "-q", self.draw.choice(self.branches()))

    def merge(self) -> None:
        self.git("merge", "-q", "--no-edit", self.draw.choice(self.branches()))

    def rebase(self) -> None:
        self.git("rebase", "-q", self.draw.choice(self.branches()))

    def amend(self) -> None:
        if self.parents():
            who = self.draw.choice([[], [f"--author={ASSISTANT}"], ["--reset-author"]])
            self.git("commit", "-q", "--amend", "--no-edit", *who, *self.draw.choice([[], ["-a"]]))

    def parents(self) -> bool:
        return int(self.desk.git("rev-list", "--count", "HEAD")) > 2

    def reset(self) -> None:
        if self.parents():
            self.git("reset", "-q", self.draw.choice(["--hard", "--soft", "--mixed"]), "HEAD~1")

    def revert(self) -> None:
        if self.parents():
            self.git("revert", "--no-edit", self.draw.choice(["HEAD", "HEAD~1"]))

    def stash(self) -> None:
        stashed = self.desk.git("stash", "list")
        if stashed and self.draw.random() < 0.6:
            self.git("stash", "pop", "-q")
        else:
            self.git("stash", "push", "-q", *self.draw.choice([[], ["-u"]]))

    def collect_garbage(self) -> None:
        self.git("reflog", "expire", "--expire=now", "--all")
        self.git("gc", "-q", "--prune=now")

    # -- AtoCore ------------------------------------------------------------------------------------------

    def take_a_step(self) -> None:
        def step(vault: Vault) -> None:
            if self.draw.random() < 0.5:
                vault.new("memory", self.text(), type="knowledge")
            else:
                ids = sorted(record.id for record in vault.catch_up().select())
                verb = self.draw.choice([vault.promote, vault.retire, vault.confirm])
                verb(self.draw.choice(ids))

        self.asked(step)

    def hint(self) -> None:
        """Some of the events arrived; the others are missed for good."""
        paths = [path for path in sorted(self.touched) if self.draw.random() < 0.6]
        self.touched.clear()
        self.asked(lambda v: v.round(paths, commit=self.draw.random() < 0.2, embed=self.draw.random() < 0.7))

    def look(self) -> None:
        query = " ".join(self.draw.choices(WORDS, k=2))
        self.asked(lambda v: v.search(query, words=self.draw.random() < 0.5))

    def reopen(self) -> None:
        self.close()

    def crash(self) -> None:
        """A process that ends at some moment of a round."""
        where, name = self.draw.choice(CRASHES)
        left, after = self.draw.randrange(0, 5), self.draw.random() < 0.5
        with crashing(where, name, left, after), suppress(Crash):
            self.asked(lambda v: v.index_rebuild() if self.draw.random() < 0.2 else v.round())
        self.close()  # as the system does

    def be_killed(self) -> None:
        self.close()
        what = self.draw.choice(["round", "index_rebuild"])
        args = [sys.executable, "-c", KILLED, str(self.folder), what, str(self.draw.randrange(0, 200))]
        done = subprocess.run(args, capture_output=True, check=False, timeout=60)
        assert done.returncode in (0, -signal.SIGKILL), done.stderr.decode()

    def damage(self) -> None:
        """Somebody, or a disk, does away with a part of the index."""
        self.close()
        index = self.folder / ".atocore" / "index"
        files = sorted(f for f in index.glob("**/*") if f.is_file() and not f.name.endswith(("-wal", "-shm")))
        parts = sorted(f for f in index.glob("generation-*/*") if f.is_dir())
        how = self.draw.choice(["gone", "part", "file", "empty", "cut", "garbage"])
        if how == "gone" or not files:
            shutil.rmtree(index, ignore_errors=True)
        elif how == "part" and parts:
            shutil.rmtree(self.draw.choice(parts))
        else:
            file = self.draw.choice(files)
            if file.name == "catalog.db":
                for rest in file.parent.glob("catalog.db-*"):
                    rest.unlink()
            raw = file.read_bytes()
            if how == "file":
                file.unlink()
            else:
                file.write_bytes({"empty": b"", "cut": raw[: len(raw) // 2]}.get(how, b"\xff" * len(raw)))

    # -- what must hold -----------------------------------------------------------------------------------

    def check(self) -> None:
        """The kept index is a fresh one's equal, and so are their answers."""
        self.close()  # git may have brought other settings
        self.asked(lambda v: v.round())
        self.touched.clear()
        verified = self.vault.index_verify()
        assert (verified.differences, verified.notes) == ((), ()), self.told()
        copy = self.place / "copy"
        shutil.copytree(self.folder, copy, symlinks=True, ignore=shutil.ignore_patterns(".atocore"))
        fresh = self.opened(copy)
        try:
            for query in (*self.draw.choices(WORDS, k=2), " ".join(self.draw.choices(WORDS, k=3))):
                for filters in ({}, {"kind": "memory", "status": "all"}, {"tag": "cost"}, {"draft": True}):
                    assert answers(self.vault, query, filters) == answers(fresh, query, filters), self.told()
            assert problems(self.vault) == problems(fresh), self.told()
        finally:
            fresh.close()
            shutil.rmtree(copy)

    def told(self) -> str:
        return f"seed {SEED}, after {len(self.done)} steps: {' '.join(self.done[-A_CHECK_EVERY:])}"


def answers(vault: Vault, query: str, filters: dict[str, object]) -> tuple[object, ...]:
    """What a search says that no merging of segments may change: by words the records (which file of two with
    one id is shown depends on the scores), by meaning their order and all that is told of them."""
    by_words = vault.search(query, words=True, limit=100, **filters)
    by_meaning = vault.search(query, vectors=True, limit=100, **filters)
    return (
        by_words.commit,
        sorted({one for hit in by_words.hits for one in (hit.id, *hit.also)}),
        [
            (hit.id, hit.status, hit.path, hit.draft, hit.committed_status, hit.disputed)
            for hit in by_meaning.hits
        ],
        by_meaning.notes,
    )


def problems(vault: Vault) -> list[tuple[str, int, str]]:
    return sorted((one.path, one.line, one.code) for one in vault.check().problems)


@contextmanager
def crashing(where: type, name: str, left: int, after: bool) -> Iterator[None]:
    """A method that ends the process when it was called so many times, before or after its work."""
    original = getattr(where, name)
    calls = 0

    def call(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls > left and not after:
            raise Crash
        result = original(*args, **kwargs)
        if calls > left:
            raise Crash
        return result

    setattr(where, name, call)
    try:
        yield
    finally:
        setattr(where, name, original)


KILLED = """
import os, signal, sys
from atocore.app import Vault

left = int(sys.argv[3])

def count(frame, event, arg):
    global left
    if event == "call" and "atocore" in frame.f_code.co_filename:
        left -= 1 + left // 40
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

vault = Vault.open(sys.argv[1])
sys.setprofile(count)
getattr(vault, sys.argv[2])()
"""


@pytest.fixture
def founded(tmp_path: Path) -> Path:
    """A vault with a first commit."""
    folder = tmp_path / "vault"
    folder.mkdir()
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    run_git(folder, "config", "gc.auto", "0")
    init(folder)
    (folder / "atocore.yaml").write_text("format: 1\n")
    return folder


@pytest.mark.model
def test_the_kept_index_is_what_a_fresh_one_would_be(
    founded: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with capsys.disabled():
        print(f"\nATOCORE_EQUALITY_SEED={SEED} ATOCORE_EQUALITY_STEPS={STEPS}")
    life = Life(founded, SEED, load_embedder())
    for _ in range(6):
        life.create()
    life.commit()
    try:
        life.run(STEPS)
    finally:
        life.close()
