"""Both halves of the search follow the catalog, and mend themselves when an index is lost or damaged."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_embedder import FakeEmbedder

from atocore.index import fulltext
from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.engine import Engine, rarity_scale
from atocore.index.entries import File
from atocore.index.fulltext import FullText
from atocore.index.model import Model
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.index.verification import differences

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
    return opened(catalog)


def opened(catalog: Catalog, fingerprint: str = "fake-1") -> Engine:
    embedder = FakeEmbedder(fingerprint)
    model = Model(lambda: embedder)
    model.get()
    return Engine(catalog, model, wait_seconds=10.0)


def asked(engine: Engine, query: str, *shelves: Shelf) -> tuple[list[str], list[str]]:
    """The best ids by words, and by meaning."""
    found = engine.find(query, dict.fromkeys(shelves or tuple(Shelf), Filters()))
    assert found.vectors is not None
    near = [hit.passage.record for hit in found.vectors if hit.score > 0.3]
    return [hit.passage.record for hit in found.words], near


def stale(engine: Engine, folder: Path) -> list[str]:
    """How an engine's indexes differ from those made anew of the same files."""
    place = folder / "fresh"
    place.mkdir()
    catalog = Catalog(place / "catalog.db", max_bytes=1_000_000)
    with catalog.change():
        for realm in Realm:
            for row in engine.catalog.rows(realm):
                catalog.put(realm, File(row.path, row.oid, engine.catalog.raw(realm, row.path)))
    fresh = opened(catalog)
    fresh.sync_text()
    fresh.sync_vectors()
    found = list(differences(engine, fresh, vectors=True))
    catalog.close()
    shutil.rmtree(place)
    return found


def short(name: str) -> str:
    return f"mem-{name:0<12}"


def test_both_halves_find_what_is_catalogued(engine: Engine, tmp_path: Path) -> None:
    assert asked(engine, "carbon truss") == ([short("b")], [short("b")])
    assert engine.counts() == (2, 2)
    assert stale(engine, tmp_path) == []


def test_a_change_replaces_and_a_removal_removes(engine: Engine, catalog: Catalog, tmp_path: Path) -> None:
    asked(engine, "truss")
    put(catalog, "b", "a steel frame")
    assert asked(engine, "carbon truss") == ([], [])
    assert asked(engine, "steel frame") == ([short("b")], [short("b")])
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/b.md")
    assert asked(engine, "steel frame") == ([], [])
    assert engine.counts() == (1, 1)
    assert stale(engine, tmp_path) == []


def test_a_shorter_text_leaves_no_passage_behind(engine: Engine, catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "c", "\n\n".join(f"# Part {n}\n\n" + f"anamorphic{n} " * 200 for n in range(5)))
    asked(engine, "anamorphic1")
    assert engine.counts()[0] > 5
    put(catalog, "c", "brief")
    assert asked(engine, "anamorphic1")[0] == []
    assert engine.counts() == (3, 3)
    assert stale(engine, tmp_path) == []


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
    (folder,) = tmp_path.glob(part)
    shutil.rmtree(folder)
    if reopened:
        engine = opened(catalog)
    assert asked(engine, "carbon truss") == ([short("b")], [short("b")])
    assert stale(engine, tmp_path) == []


@pytest.mark.parametrize("part", ["text-committed", "vectors-committed"])
@pytest.mark.parametrize("damage", ["emptied", "garbled", "cut"])
def test_a_damaged_index_is_built_anew(
    engine: Engine, catalog: Catalog, tmp_path: Path, part: str, damage: str
) -> None:
    asked(engine, "truss")
    (folder,) = tmp_path.glob(part)
    for file in folder.rglob("*"):
        if file.is_file() and not file.name.endswith(".lock"):
            raw = file.read_bytes()
            new = {"emptied": b"", "garbled": b"\xff" * len(raw), "cut": raw[: len(raw) // 2]}[damage]
            file.write_bytes(new)
    again = opened(catalog)
    assert asked(again, "carbon truss") == ([short("b")], [short("b")])
    assert stale(again, tmp_path) == []


def test_another_model_means_other_vectors(engine: Engine, catalog: Catalog, tmp_path: Path) -> None:
    asked(engine, "truss")
    other = opened(catalog, "fake-2")
    assert asked(other, "carbon truss") == ([short("b")], [short("b")])
    assert stale(other, tmp_path) == []


def test_a_kept_embedding_is_not_computed_again(engine: Engine, tmp_path: Path) -> None:
    asked(engine, "truss")
    shutil.rmtree(tmp_path / "vectors-committed")
    embedder = FakeEmbedder()
    other = Engine(engine.catalog, Model(lambda: embedder))
    asked(other, "query alone")
    assert embedder.seen == ["query alone"]


def test_without_a_model_words_are_found_and_the_answer_says_so(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    from atocore.index import embedding

    def unavailable() -> None:
        raise embedding.EmbedderUnavailable("no model here")

    monkeypatch.setattr(embedding, "load_embedder", unavailable)
    found = Engine(catalog, Model()).find("truss", dict.fromkeys(Shelf, Filters()))
    assert [hit.passage.record for hit in found.words] == [short("b")]
    assert found.vectors is None
    assert found.notes == ("words only: no model here",)


def test_a_busy_index_answers_with_what_it_holds_and_a_note(
    engine: Engine, catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(engine, "truss")
    monkeypatch.setattr(fulltext, "_LOCK_SECONDS", 0.1)
    held = FullText.open(tmp_path / "text-committed")._writer(threads=1)
    put(catalog, "c", "a steel frame")
    found = engine.find("truss frame", dict.fromkeys(Shelf, Filters()), meaning=False)
    assert [hit.passage.record for hit in found.words] == [short("b")]
    assert "the text index is behind" in found.notes[0]
    held.wait_merging_threads()
    assert set(asked(engine, "truss frame")[0]) == {short("b"), short("c")}


def test_what_is_not_taken_in_is_found_by_verification(
    engine: Engine, catalog: Catalog, tmp_path: Path
) -> None:
    asked(engine, "truss")
    put(catalog, "b", "a steel frame")
    with catalog.change():
        for part in ("text", "vectors"):
            catalog.done(part, Realm.COMMITTED, catalog.pending(part, Realm.COMMITTED))
    assert stale(engine, tmp_path) == [
        "committed text: memories/b.md#0 differs",
        "committed vectors: memories/b.md#0 differs",
    ]


def test_scores_of_two_indexes_are_told_on_one_scale() -> None:
    large = (10_000, {"mirror": 500, "greased": 0})
    small = (2, {"mirror": 1, "greased": 2})
    assert rarity_scale(large, [large]) == 1.0
    assert rarity_scale(large, [large, small]) == pytest.approx(1.0, abs=0.01)
    assert rarity_scale(small, [large, small]) > 5
    assert rarity_scale((0, {"mirror": 0}), [large]) == 1.0
