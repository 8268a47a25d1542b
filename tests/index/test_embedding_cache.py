from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.index.embedding_cache import EmbeddingCache, cache_folder, new_database

ONE = np.array([0.6, 0.8], dtype=np.float32)
TWO = np.array([1.0, 0.0], dtype=np.float32)


@pytest.fixture
def cache(tmp_path: Path) -> EmbeddingCache:
    return EmbeddingCache(tmp_path, "model-a")


def test_gives_back_what_it_was_given_and_nothing_else(cache: EmbeddingCache) -> None:
    cache.put_many({"one": ONE, "two": TWO})
    known = cache.get_many(["two", "three", "one", "one"])
    assert sorted(known) == ["one", "two"]
    assert np.allclose(known["one"], ONE, atol=1e-3)
    assert known["two"].dtype == np.float32


def test_models_do_not_mix(tmp_path: Path, cache: EmbeddingCache) -> None:
    cache.put_many({"one": ONE})
    assert EmbeddingCache(tmp_path, "model-b").get_many(["one"]) == {}
    assert list(EmbeddingCache(tmp_path, "model-a").get_many(["one"])) == ["one"]


def test_a_vector_is_the_same_however_often_it_was_rounded(cache: EmbeddingCache) -> None:
    cache.put_many({"one": ONE})
    once = cache.get_many(["one"])["one"]
    cache.put_many({"one": once})
    assert np.array_equal(cache.get_many(["one"])["one"], once)
    assert cache.count() == 1


def test_thousands_at_a_time(cache: EmbeddingCache) -> None:
    cache.put_many({str(n): ONE for n in range(2500)})
    assert len(cache.get_many([str(n) for n in range(3000)])) == 2500


@given(st.text())
def test_any_text_is_a_key(text: str) -> None:
    cache = EmbeddingCache(Path(os.devnull) / "nowhere", "m")
    cache.put_many({text: ONE})
    assert list(cache.get_many([text])) == [text]


@pytest.mark.parametrize("damage", ["truncate", "overwrite", "another table", "empty"])
def test_a_damaged_file_is_put_aside_and_begun_anew(tmp_path: Path, damage: str) -> None:
    whole = EmbeddingCache(tmp_path, "m")
    whole.put_many({str(n): ONE for n in range(2000)})
    whole.close()
    file = tmp_path / "embeddings.sqlite"
    if damage == "truncate":
        file.write_bytes(file.read_bytes()[:5000])
    elif damage == "overwrite":
        file.write_bytes(b"no database " * 1000)
    elif damage == "empty":
        file.write_bytes(b"")
    else:
        file.unlink()
        with sqlite3.connect(file) as db:
            db.execute("CREATE TABLE embeddings (other TEXT)")
    cache = EmbeddingCache(tmp_path, "m")
    assert cache.get_many([str(n) for n in range(2000)]) == {}
    cache.put_many({"one": ONE})
    assert list(EmbeddingCache(tmp_path, "m").get_many(["one"])) == ["one"]
    if damage != "empty":
        assert "begun anew" in cache.notes[0]
        assert (tmp_path / "embeddings.damaged").exists()


def test_a_folder_that_cannot_be_made_costs_the_keeping_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    cache = EmbeddingCache(tmp_path / "file" / "cache", "m")
    cache.put_many({"one": ONE})
    assert list(cache.get_many(["one"])) == ["one"]
    assert "not kept" in cache.notes[0]


def test_a_lock_held_too_long_costs_the_keeping_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("atocore.index.embedding_cache._BUSY_SECONDS", 0.05)
    cache = EmbeddingCache(tmp_path, "m")
    other = sqlite3.connect(tmp_path / "embeddings.sqlite")
    other.execute("BEGIN IMMEDIATE")
    cache.put_many({"one": ONE})
    assert "locked" in cache.notes[0]
    other.rollback()
    other.close()
    cache.put_many({"one": ONE})
    assert cache.count() == 1


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib, numpy as np; from atocore.index.embedding_cache import EmbeddingCache;"
        "c = EmbeddingCache(pathlib.Path(sys.argv[1]), 'm');"
        "[c.put_many({f'{sys.argv[2]}-{n}': np.ones(4, np.float32)}) for n in range(200)];"
        "sys.exit(len(c.notes))"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    processes = [subprocess.Popen([*command, name]) for name in ("a", "b")]
    assert [process.wait() for process in processes] == [0, 0]
    assert EmbeddingCache(tmp_path, "m").count() == 400


def test_the_folder_is_the_users_and_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path))
    assert cache_folder() == tmp_path
    monkeypatch.delenv("ATOCORE_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    assert cache_folder().name == "atocore"


def test_a_part_of_the_cache_is_one_file_that_another_cache_takes_in(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path / "mine", "model-1")
    texts = {f"text {number}": np.full(4, number, dtype=np.float32) for number in range(1200)}
    cache.put_many(texts)
    file = tmp_path / "part.sqlite"
    with closing(new_database(file)) as into:
        assert cache.copy([*list(texts)[:700], "nobody's"], into) == {"nobody's"}
    cache.close()
    assert [path.name for path in tmp_path.glob("part*")] == ["part.sqlite"]
    file.chmod(0o400)
    other = EmbeddingCache(tmp_path / "theirs", "model-1")
    other.put_many({"text 3": np.full(4, 9, dtype=np.float32)})
    assert other.take_in(file) == 699
    assert other.take_in(file) == 0
    known = other.get_many(["text 3", "text 699", "text 700"])
    assert (known.keys(), known["text 3"][0]) == ({"text 3", "text 699"}, 9)
    other.close()


def test_rows_of_another_shape_are_passed_over_and_a_damaged_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "part.sqlite"
    with closing(new_database(file)) as into, into:
        odd = [(b"short", b"12"), ("t" * 20, b"12"), (b"k" * 20, "text"), (b"l" * 20, b"123")]
        into.executemany("INSERT INTO embeddings VALUES (?, ?)", [*odd, (b"m" * 20, b"12")])
    cache = EmbeddingCache(tmp_path / "mine", "model-1")
    assert cache.take_in(file) == 1
    file.write_bytes(b"no database at all, but long enough to be taken for one by its size" * 20)
    with pytest.raises(sqlite3.DatabaseError):
        cache.take_in(file)
    cache.close()
