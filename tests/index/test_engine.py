"""Both halves of the search follow the catalog, and mend themselves when an index is lost or damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_embedder import FakeEmbedder

from atocore.index import fulltext
from atocore.index.catalog import Catalog, File
from atocore.index.catalog_rows import Realm
from atocore.index.engine import Engine, Shelf
from atocore.index.fulltext import Filters, FullText

HEAD = "---\nid: mem-{0:0<12}\nkind: memory\ntype: knowledge\nstatus: active\n---\n{1}\n"


def put(catalog: Catalog, name: str, text: str, realm: Realm = Realm.COMMITTED) -> str:
    path = f"memories/{name}.md"
    with catalog.change():
        catalog.put(realm, File(path, "", HEAD.format(name, text).encode()))
    return path


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    made = Catalog(tmp_path / "catalog.db", max_bytes=1_000_000)
    put(made, "a", "the primary mirror")
    put(made, "b", "a carbon truss")
    yield made
    made.close()


@pytest.fixture
def engine(catalog: Catalog, tmp_path: Path) -> Engine:
    return opened(catalog, tmp_path)


def opened(catalog: Catalog, folder: Path, fingerprint: str = "fake-1") -> Engine:
    engine = Engine(folder, catalog, wait_seconds=10.0)
    engine._embedder = FakeEmbedder(fingerprint)  # type: ignore[assignment]
    return engine


def asked(engine: Engine, query: str, *shelves: Shelf) -> tuple[list[str], list[str]]:
    """The best ids by words, and by meaning."""
    found = engine.find(query, Filters(), shelves or tuple(Shelf))
    assert found.vectors is not None
    near = [hit.passage.record for hit in found.vectors if hit.score > 0.3]
    return [hit.passage.record for hit in found.words], near


def short(name: str) -> str:
    return f"mem-{name:0<12}"


def test_both_halves_find_what_is_catalogued(engine: Engine) -> None:
    assert asked(engine, "carbon truss") == ([short("b")], [short("b")])
    assert engine.counts() == (2, 2)
    assert engine.differences() == []


def test_a_change_replaces_and_a_removal_removes(engine: Engine, catalog: Catalog) -> None:
    asked(engine, "truss")
    put(catalog, "b", "a steel frame")
    assert asked(engine, "carbon truss") == ([], [])
    assert asked(engine, "steel frame") == ([short("b")], [short("b")])
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/b.md")
    assert asked(engine, "steel frame") == ([], [])
    assert engine.counts() == (1, 1)
    assert engine.differences() == []


def test_a_shorter_text_leaves_no_passage_behind(engine: Engine, catalog: Catalog) -> None:
    put(catalog, "c", "\n\n".join(f"# Part {n}\n\n" + f"anamorphic{n} " * 200 for n in range(5)))
    asked(engine, "anamorphic1")
    assert engine.counts()[0] > 5
    put(catalog, "c", "brief")
    assert asked(engine, "anamorphic1")[0] == []
    assert engine.counts() == (3, 3)
    assert engine.differences() == []


def test_drafts_and_captures_have_a_shelf_of_their_own(engine: Engine, catalog: Catalog) -> None:
    put(catalog, "d", "a draft about optics", Realm.DRAFT)
    put(catalog, "e", "a capture about optics", Realm.LOCAL)
    assert set(asked(engine, "optics", Shelf.LOCAL)[0]) == {short("d"), short("e")}
    assert asked(engine, "optics", Shelf.COMMITTED) == ([], [])


@pytest.mark.parametrize("part", ["text-committed", "vectors-committed"])
@pytest.mark.parametrize("reopened", [False, True])
def test_a_lost_index_is_built_anew(
    engine: Engine, catalog: Catalog, tmp_path: Path, part: str, reopened: bool
) -> None:
    asked(engine, "truss")
    (folder,) = tmp_path.glob(f"index-*/{part}")
    shutil.rmtree(folder)
    if reopened:
        engine = opened(catalog, tmp_path)
    assert asked(engine, "carbon truss") == ([short("b")], [short("b")])
    assert engine.differences() == []


@pytest.mark.parametrize("part", ["text-committed", "vectors-committed"])
@pytest.mark.parametrize("damage", ["emptied", "garbled", "cut"])
def test_a_damaged_index_is_built_anew(
    engine: Engine, catalog: Catalog, tmp_path: Path, part: str, damage: str
) -> None:
    asked(engine, "truss")
    (folder,) = tmp_path.glob(f"index-*/{part}")
    for file in folder.rglob("*"):
        if file.is_file() and not file.name.endswith(".lock"):
            raw = file.read_bytes()
            new = {"emptied": b"", "garbled": b"\xff" * len(raw), "cut": raw[: len(raw) // 2]}[damage]
            file.write_bytes(new)
    again = opened(catalog, tmp_path)
    assert asked(again, "carbon truss") == ([short("b")], [short("b")])
    assert again.differences() == []


def test_another_model_means_other_vectors(engine: Engine, catalog: Catalog, tmp_path: Path) -> None:
    asked(engine, "truss")
    other = opened(catalog, tmp_path, "fake-2")
    assert asked(other, "carbon truss") == ([short("b")], [short("b")])
    assert other.differences() == []


def test_a_kept_embedding_is_not_computed_again(engine: Engine, catalog: Catalog, tmp_path: Path) -> None:
    asked(engine, "truss")
    other = opened(catalog, tmp_path)
    other.rebuild()
    asked(other, "query alone")
    assert isinstance(other._embedder, FakeEmbedder)
    assert other._embedder.seen == ["query alone"]


def test_another_catalogs_indexes_are_not_taken_for_this_ones(engine: Engine, tmp_path: Path) -> None:
    asked(engine, "truss")
    (tmp_path / "catalog.db").unlink()
    with_new = Catalog(tmp_path / "catalog.db", max_bytes=1_000_000)
    put(with_new, "z", "something else")
    other = opened(with_new, tmp_path)
    assert asked(other, "carbon truss")[0] == []
    assert asked(other, "something else")[0] == [short("z")]
    assert len(list(tmp_path.glob("index-*"))) == 1
    with_new.close()


def test_without_a_model_words_are_found_and_the_answer_says_so(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from atocore.index import embedding

    def unavailable() -> None:
        raise embedding.EmbedderUnavailable("no model here")

    monkeypatch.setattr(embedding, "load_embedder", unavailable)
    found = Engine(tmp_path, catalog).find("truss", Filters(), tuple(Shelf))
    assert [hit.passage.record for hit in found.words] == [short("b")]
    assert found.vectors is None
    assert found.notes == ("words only: no model here",)


def test_a_busy_index_answers_with_what_it_holds_and_a_note(
    engine: Engine, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(engine, "truss")
    monkeypatch.setattr(fulltext, "_LOCK_SECONDS", 0.1)
    (folder,) = tmp_path.glob("index-*/text-committed")
    held = FullText.open(folder)._writer(threads=1)
    put(catalog, "c", "a steel frame")
    found = engine.find("truss frame", Filters(), tuple(Shelf), meaning=False)
    assert [hit.passage.record for hit in found.words] == [short("b")]
    assert "the text index is behind" in found.notes[0]
    held.wait_merging_threads()
    assert set(asked(engine, "truss frame")[0]) == {short("b"), short("c")}


def test_verification_names_what_differs(engine: Engine, catalog: Catalog) -> None:
    asked(engine, "truss")
    put(catalog, "b", "a steel frame")
    with catalog.change():
        for part in ("text", "vectors"):
            catalog.done(part, Realm.COMMITTED, ["memories/b.md"])
    assert engine.differences() == ["committed text: memories/b.md#0 differs"]
