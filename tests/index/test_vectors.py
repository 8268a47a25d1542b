from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from usearch.index import Index

from atocore.index import vectors, vectors_held
from atocore.index.fulltext import IndexDamaged
from atocore.index.vectors import VectorIndex

DIMENSIONS = 32
Rows = NDArray[np.float32]


def drawn(count: int, seed: int = 0) -> Rows:
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSIONS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def named(count: int, seed: int = 0, prefix: str = "k") -> dict[str, Rows]:
    return {f"{prefix}{n}": row for n, row in enumerate(drawn(count, seed))}


def opened(folder: Path, fingerprint: str = "model") -> VectorIndex:
    return VectorIndex.open(folder, fingerprint, DIMENSIONS)


def brute(held: dict[str, Rows], query: Rows, k: int) -> list[str]:
    scores = {key: float(row.astype(np.float16).astype(np.float32) @ query) for key, row in held.items()}
    return sorted(scores, key=lambda key: (-round(scores[key], 6), key))[:k]


def keys_of(hits: list[tuple[str, float]]) -> list[str]:
    return [key for key, _ in hits]


@pytest.fixture
def small_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vectors, "_JOURNAL_ROWS", 20)


QUERY = drawn(1, seed=99)[0]


@pytest.mark.parametrize("count", [5, 900, 3000])
def test_search_is_exact_before_and_after_saving(tmp_path: Path, count: int) -> None:
    held = named(count)
    index = opened(tmp_path)
    index.replace([], held)
    assert keys_of(index.search(QUERY, 10)) == brute(held, QUERY, 10)
    index.save()
    assert keys_of(index.search(QUERY, 10)) == brute(held, QUERY, 10)
    again = opened(tmp_path)
    assert again.search(QUERY, 10) == index.search(QUERY, 10)
    assert (len(again), again.keys()) == (count, sorted(held))


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = opened(tmp_path / "none")
    index.save()
    assert (index.search(QUERY, 10), index.keys(), len(index)) == ([], [], 0)
    index.replace(["never there"], named(1))
    index.replace(["k0"], {})
    index.save()
    assert opened(tmp_path / "none").search(QUERY, 10) == []


@pytest.mark.parametrize("rare", [1, 10, 2500])
def test_a_filter_costs_no_hits(tmp_path: Path, rare: int) -> None:
    held = named(8000)
    index = opened(tmp_path)
    index.replace([], held)
    index.save()
    worst = brute(held, -QUERY, rare)  # all that is allowed is as far away as can be
    hits = index.search(QUERY, 10, allowed=frozenset(worst))
    assert keys_of(hits) == brute({key: held[key] for key in worst}, QUERY, 10)
    assert index.search(QUERY, 10, allowed=frozenset()) == []


def test_beyond_the_crossover_a_graph_is_searched_and_agrees(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors_held, "EXACT_UP_TO", 1000)
    held = named(4000)
    index = opened(tmp_path)
    index.replace([], held)
    index.save()
    queries = drawn(50, seed=7)
    same = sum(len(set(keys_of(index.search(q, 10))) & set(brute(held, q, 10))) for q in queries)
    assert same / 500 >= 0.99
    few = frozenset(brute(held, -QUERY, 30))
    assert keys_of(index.search(QUERY, 10, few)) == brute({key: held[key] for key in few}, QUERY, 10)


@pytest.mark.usefixtures("small_journal")
@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sets(st.integers(0, 60)), st.sets(st.integers(0, 60)), st.integers(0, 5), st.booleans()),
        max_size=12,
    )
)
def test_any_history_ends_as_if_built_at_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[set[int], set[int], int, bool]]
) -> None:
    folder = tmp_path_factory.mktemp("vectors") / "kept"
    index, held = opened(folder), dict[str, Rows]()
    for remove, add, seed, reopen in steps:
        pool = named(61, seed)
        new = {f"k{n}": pool[f"k{n}"] for n in add}
        index.replace([f"k{n}" for n in remove], new)
        for n in remove:
            held.pop(f"k{n}", None)
        held |= new
        if reopen:
            index.save()
            index = opened(folder)
    assert index.keys() == sorted(held)
    assert keys_of(index.search(QUERY, 10)) == brute(held, QUERY, 10)
    kept = index.vectors(held)
    assert all(
        np.array_equal(kept[key], row.astype(np.float16).astype(np.float32)) for key, row in held.items()
    )


@pytest.mark.usefixtures("small_journal")
def test_one_generation_is_kept_and_small_saves_only_append(tmp_path: Path) -> None:
    index = opened(tmp_path)
    for turn in range(5):
        index.replace([], named(200, seed=turn, prefix=f"{turn}-"))
        index.save()
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"vectors.json", "5.usearch", "5.keys"}
    before = (tmp_path / "5.usearch").stat()
    index.replace([], named(3, seed=9, prefix="late"))
    index.save()
    assert (tmp_path / "5.usearch").stat() == before
    assert (tmp_path / "5.journal").stat().st_size < 1000
    assert len(opened(tmp_path)) == 1003


def test_what_was_not_saved_is_not_there(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.replace([], named(3))
    index.save()
    index.replace(["k0"], named(2, prefix="new"))
    assert opened(tmp_path).keys() == ["k0", "k1", "k2"]


def test_bytes_after_the_journals_known_end_are_what_a_killed_writer_left(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.replace([], named(3))
    index.save()
    with (tmp_path / "0.journal").open("ab") as file:
        file.write(b"half an entry")
    index = opened(tmp_path)
    index.replace([], named(1, prefix="next"))
    index.save()
    assert opened(tmp_path).keys() == ["k0", "k1", "k2", "next0"]


def saved(folder: Path) -> None:
    index = opened(folder)
    index.replace([], named(1500))
    index.save()
    index.replace(["k3"], named(5, prefix="late"))
    index.save()


@pytest.mark.parametrize("name", ["1.usearch", "1.keys", "1.journal", "vectors.json"])
@pytest.mark.parametrize("damage", ["truncated", "flipped", "missing", "empty"])
def test_damage_is_seen_when_opening(tmp_path: Path, name: str, damage: str) -> None:
    saved(tmp_path)
    file = tmp_path / name
    good = file.read_bytes()
    middle = len(good) // 2
    if damage == "missing":
        file.unlink()
    else:
        flipped = good[:middle] + bytes([good[middle] ^ 0x80]) + good[middle + 1 :]
        file.write_bytes({"truncated": good[:-1], "flipped": flipped, "empty": b""}[damage])
    with pytest.raises(IndexDamaged):
        opened(tmp_path)


def test_two_models_never_share_an_index(tmp_path: Path) -> None:
    saved(tmp_path)
    with pytest.raises(IndexDamaged, match="another model"):
        opened(tmp_path, fingerprint="other")
    with pytest.raises(IndexDamaged, match="another model"):
        VectorIndex.open(tmp_path, "model", DIMENSIONS + 1)


def test_another_format_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    saved(tmp_path)
    monkeypatch.setattr(vectors, "_FORMAT", 2)
    with pytest.raises(IndexDamaged, match="format"):
        opened(tmp_path)


@pytest.mark.parametrize("bad", [np.ones(DIMENSIONS + 1), np.full(DIMENSIONS, np.nan)])
def test_what_is_no_vector_of_this_space_is_refused_whole(tmp_path: Path, bad: Rows) -> None:
    index = opened(tmp_path)
    with pytest.raises(ValueError, match="vector"):
        index.replace([], {**named(1), "bad": bad})
    assert index.keys() == []


@pytest.mark.usefixtures("small_journal")
def test_searches_go_on_while_another_thread_replaces_and_saves(tmp_path: Path) -> None:
    index = opened(tmp_path)
    index.replace([], named(500))
    index.save()
    failures: list[Exception] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                assert len(index.search(QUERY, 10)) == 10
                opened(tmp_path).search(QUERY, 10)
            except Exception as error:  # noqa: BLE001  whatever it is, the test fails
                failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(40):
        index.replace([f"k{turn}"], named(15, seed=turn, prefix=f"{turn}-"))
        index.save()
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_a_writer_that_is_faster_several_times_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(tmp_path)
    writer.replace([], named(20))
    writer._merge()
    load, beaten = VectorIndex._load, []

    def beaten_first(index: VectorIndex) -> object:
        if index is not writer and len(beaten) < 6:
            beaten.append(1)
            writer._merge()
        return load(index)

    monkeypatch.setattr(VectorIndex, "_load", beaten_first)
    assert len(opened(tmp_path)) == 20
    assert len(beaten) == 6
    (tmp_path / f"{writer._meta.generation}.usearch").unlink()
    with pytest.raises(IndexDamaged):
        opened(tmp_path)


def test_importing_the_module_imports_neither_numpy_nor_usearch() -> None:
    program = (
        "import sys, atocore.index.vectors, atocore.index.embedding, atocore.index.embedding_cache;"
        "print([m for m in ('numpy', 'usearch', 'torch', 'tokenizers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_file_that_goes_while_it_is_being_mapped_is_no_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = opened(tmp_path)
    writer.replace([], named(20))
    writer._merge()
    metadata, beaten = Index.metadata, []

    def beaten_after(path: str) -> object:
        told = metadata(path)
        if not beaten:
            beaten.append(1)
            writer._merge()
        return told

    monkeypatch.setattr(Index, "metadata", staticmethod(beaten_after))
    assert len(opened(tmp_path)) == 20
