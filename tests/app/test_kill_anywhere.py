"""A process that is killed at any moment leaves an index that the next one finishes, and holds nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import Desk
from fake_embedder import FakeEmbedder

from atocore.errors import AtocoreError
from atocore.index import catalog as catalogs
from atocore.index.model import Model

HERE = """
import os, signal, sys
from atocore.app import Vault
from atocore.index.model import Model
from fake_embedder import FakeEmbedder

embedder = FakeEmbedder()
vault = Vault.open(sys.argv[1])
vault.model = Model(lambda: embedder)
"""
KILLED = (
    HERE
    + """
name, left = sys.argv[3], int(sys.argv[4])

def count(frame, event, arg):
    global left
    code = frame.f_code
    if event == "call" and code.co_name == name and "atocore" in code.co_filename:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)

sys.setprofile(count)
getattr(vault, sys.argv[2])()
"""
)
SLOW = (
    HERE
    + """
embed = embedder.embed

def slowly(texts):
    print("embedding", flush=True)
    sys.stdin.readline()
    return embed(texts)

embedder.embed = slowly
vault.index_rebuild()
print("done", flush=True)
"""
)
HOLDING = (
    HERE
    + """
with vault.catalog.change():
    print("changing", flush=True)
    sys.stdin.readline()
print("done", flush=True)
"""
)


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))
    embedder = FakeEmbedder()
    return Model(lambda: embedder)


def command(desk: Desk, script: str, *args: str) -> tuple[list[str], dict[str, str]]:
    found = os.pathsep.join((str(Path(__file__).parents[1] / "index"), os.environ.get("PYTHONPATH", "")))
    return [sys.executable, "-c", script, str(desk.folder), *args], os.environ | {"PYTHONPATH": found}


@contextmanager
def waiting(desk: Desk, script: str, said: str) -> Iterator[subprocess.Popen[str]]:
    """A process that has come to a certain point and waits there; afterwards it goes on to its end."""
    args, env = command(desk, script)
    pipe = subprocess.PIPE
    with subprocess.Popen(args, env=env, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdin
        assert process.stdout
        try:
            assert process.stdout.readline().strip() == said
            yield process
        finally:
            process.stdin.write("\n" * 100)
            process.stdin.close()
            assert process.stdout.read().splitlines()[-1:] == ["done"]


MOMENTS = [
    ("round", "put", 1),
    ("round", "replace", 0),  # of the text index
    ("round", "_done", 0),  # the text is taken in, and not marked so
    ("round", "save", 0),
    ("round", "_write_meta", 0),
    ("index_rebuild", "save", 0),
    ("index_rebuild", "publish", 0),
    ("index_rebuild", "_reopen_if_replaced", 1),
]


def test_whatever_moment_a_process_is_killed_at_the_next_one_is_right(desk: Desk, model: Model) -> None:
    desk.vault.take_in()
    desk.close()
    for number, (verb, name, calls) in enumerate(MOMENTS):
        desk.put(f"notes/n{number}.md", f"anamorphic{number} mirror\n")
        desk.commit()
        desk.put("notes/draft.md", f"catadioptric{number} mirror\n")
        if number:
            (desk.folder / f"notes/n{number - 1}.md").unlink()
        args, env = command(desk, KILLED, verb, name, str(calls))
        done = subprocess.run(args, env=env, capture_output=True, check=False, timeout=60)
        assert done.returncode == -signal.SIGKILL, (verb, name, done.stderr.decode())
        desk.vault.model = model
        answer = desk.vault.search(f"anamorphic{number} catadioptric{number}", limit=50)
        assert {f"notes/n{number}.md", "notes/draft.md"} <= {hit.path for hit in answer.hits}, (verb, name)
        assert f"notes/n{number - 1}.md" not in {hit.path for hit in answer.hits}
        assert answer.mode == "hybrid"
        assert answer.notes == (), (verb, name)
        desk.close()
    desk.vault.model = model
    verified = desk.vault.index_verify()
    assert (verified.differences, verified.notes) == ((), ())
    index = desk.folder / ".atocore" / "index"
    for place in index.glob("generation-*"):
        os.utime(place, (1_000_000_000, 1_000_000_000))
    desk.vault.round()
    assert list(index.glob("generation-*")) == [desk.vault.catalog.path.parent]
    assert list(index.rglob("*.pid")) in ([], [desk.vault.catalog.path.with_name("writer.pid")])


def test_searches_go_on_while_another_process_builds_the_index_anew(desk: Desk, model: Model) -> None:
    desk.put("atocore.yaml", "format: 1\nlimits: {lock_seconds: 0.2}\n")
    desk.commit()
    desk.vault.model = model
    desk.found("mirror")
    former = desk.vault.catalog.path
    with waiting(desk, SLOW, "embedding") as builder:
        desk.put("notes/new.md", "anamorphic\n")
        assert len(desk.found("anamorphic")) == 1
        assert desk.vault.catalog.path == former
        with pytest.raises(AtocoreError) as caught:
            desk.vault.index_rebuild()
        assert caught.value.code == "vault-busy"
        assert f"by process {builder.pid}" in caught.value.message
        desk.put("notes/late.md", "catadioptric\n")
    assert len(desk.found("catadioptric anamorphic")) == 2
    assert desk.vault.catalog.path != former
    assert desk.vault.index_verify().differences == ()


def test_searches_go_on_while_another_process_catches_up(
    desk: Desk, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.vault.model = model
    desk.found("mirror")
    desk.close()
    desk.commit("-- notes/new.md --\nanamorphic mirror\n")
    with waiting(desk, HOLDING, "changing") as holder:
        monkeypatch.setattr(catalogs, "_BUSY_SECONDS", 0.05)
        desk.vault.model = model
        answer = desk.vault.search("mirror anamorphic", words=True)
        assert f"the index is behind: the index is being written by process {holder.pid}" in answer.notes
        assert answer.hits
        assert "notes/new.md" not in {hit.path for hit in answer.hits}
    assert len(desk.found("anamorphic")) == 1
