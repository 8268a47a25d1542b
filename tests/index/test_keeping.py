"""Both halves follow the catalog, whoever else writes, whatever the model refuses, whoever is interrupted."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from fake_embedder import FakeEmbedder
from numpy.typing import NDArray

from atocore.index import catalog as catalogs
from atocore.index import embedding_work, engine, keeping, vectors
from atocore.index.catalog import Catalog
from atocore.index.catalog_rows import Realm
from atocore.index.embedding import EmbeddingFailed
from atocore.index.embedding_cache import cache_folder
from atocore.index.engine import Engine, Found
from atocore.index.entries import File
from atocore.index.fulltext import FullText, Passage
from atocore.index.locking import locked
from atocore.index.model import Model
from atocore.index.queries import Filters
from atocore.index.shelves import Shelf
from atocore.index.verification import differences

HEAD = "---\nid: mem-{0:0<12}\nkind: memory\ntype: knowledge\nstatus: active\nproject: {2}\n---\n{1}\n"


class Moody(FakeEmbedder):
    """An embedder that refuses texts with certain words, and can be interrupted."""

    def __init__(self, refused: Iterable[str] = (), patience: int = 1_000_000) -> None:
        super().__init__()
        self.refused = set(refused)
        self.patience = patience
        self.calls = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls > self.patience:
            raise KeyboardInterrupt
        if any(word in text for text in texts for word in self.refused):
            raise EmbeddingFailed("it will not")
        return super().embed(texts)


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    (tmp_path / "kept").mkdir()
    made = Catalog(tmp_path / "kept" / "catalog.db", max_bytes=1_000_000)
    yield made
    made.close()


def put(catalog: Catalog, name: str, text: str, project: str = "p", realm: Realm = Realm.COMMITTED) -> str:
    path = f"memories/{name}.md"
    with catalog.change():
        catalog.put(realm, File(path, "", HEAD.format(name, text, project).encode()))
    return path


def opened(catalog: Catalog, embedder: FakeEmbedder | None = None, *, follows: bool = False) -> Engine:
    model = Model(lambda: embedder or FakeEmbedder())
    model.get()
    return Engine(catalog, model, wait_seconds=10.0, follows=follows)


def in_step(kept: Engine) -> Engine:
    kept.sync_text()
    kept.sync_vectors()
    return kept


def stale(kept: Engine, tmp_path: Path) -> list[str]:
    """How an engine's indexes differ from those made anew of the same files."""
    place = tmp_path / "fresh"
    place.mkdir()
    catalog = Catalog(place / "catalog.db", max_bytes=1_000_000)
    with catalog.change():
        for realm in Realm:
            for row in kept.catalog.rows(realm):
                catalog.put(realm, File(row.path, row.oid, kept.catalog.raw(realm, row.path)))
    fresh = in_step(opened(catalog))
    found = list(differences(kept, fresh, vectors=True))
    catalog.close()
    shutil.rmtree(place)
    return found


def asked(kept: Engine, query: str, filters: Filters | None = None) -> Found:
    return kept.find(query, dict.fromkeys(Shelf, filters or Filters()))


def near(found: Found) -> list[str]:
    assert found.vectors is not None
    return [hit.passage.record.rstrip("0") for hit in found.vectors if hit.score > 0.3]


# -- several writers -----------------------------------------------------------------------------------------


def test_a_change_while_the_text_is_taken_in_is_not_lost(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Catalog(catalog.path, max_bytes=1_000_000)
    put(catalog, "a", "the first")
    replace = FullText.replace

    def meanwhile(text: FullText, paths: Iterable[str], passages: Iterable[Passage]) -> None:
        replace(text, paths, list(passages))
        monkeypatch.setattr(FullText, "replace", replace)
        put(other, "a", "the second")

    monkeypatch.setattr(FullText, "replace", meanwhile)
    kept = opened(catalog)
    kept.sync_text()
    other.close()
    assert [hit.passage.text for hit in asked(kept, "second").words] == ["the second"]
    assert stale(in_step(kept), tmp_path) == []


def test_a_change_while_vectors_are_made_is_not_lost(catalog: Catalog, tmp_path: Path) -> None:
    other = Catalog(catalog.path, max_bytes=1_000_000)
    put(catalog, "a", "the first")

    class Meanwhile(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            if texts == ["the first"]:
                put(other, "a", "the second")
            return super().embed(texts)

    kept = opened(catalog, Meanwhile())
    kept.sync_vectors()
    other.close()
    assert kept.catalog.waiting("vectors") == 1
    assert stale(in_step(kept), tmp_path) == []


def test_two_sessions_that_write_at_once_end_in_step(catalog: Catalog, tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def write(name: str) -> None:
        own = Catalog(catalog.path, max_bytes=1_000_000)
        try:
            mine = opened(own)
            for turn in range(8):
                put(own, f"{name}{turn % 3}", f"{name} says {turn}")
                put(own, "shared", f"{name} says {turn}")
                asked(mine, f"says {turn}")
        except BaseException as error:  # noqa: BLE001  the test's own thread tells it
            failures.append(error)
        finally:
            own.close()

    threads = [threading.Thread(target=write, args=(name,)) for name in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failures == []
    assert stale(in_step(opened(catalog)), tmp_path) == []


@pytest.mark.parametrize("part", ["text", "vectors"])
def test_an_answer_waits_a_while_for_who_writes_a_part_and_then_says_so(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    monkeypatch.setattr(keeping, "_TEXT_WAIT_SECONDS", 0.1)
    kept = in_step(opened(catalog))
    kept.wait_seconds = 0.1
    put(catalog, "a", "a carbon truss")
    with locked(catalog.path.parent, part, 0.0):
        found = asked(kept, "truss")
    assert len(found.words) == (part == "vectors")
    assert len(found.notes) == 1
    assert asked(kept, "truss").notes == ()


def test_an_answer_while_another_process_writes_the_catalog_is_of_what_is_held(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(catalog, "a", "a carbon truss")
    in_step(opened(catalog))
    put(catalog, "b", "a steel truss")
    monkeypatch.setattr(catalogs, "_BUSY_SECONDS", 0.05)
    mine = Catalog(catalog.path, max_bytes=1_000_000)
    with catalog.change():
        found = asked(opened(mine), "truss")
    assert any("being written by process" in note for note in found.notes)
    assert "mem-a00000000000" in [hit.passage.record for hit in found.words]
    assert len(asked(opened(mine), "truss").words) == 2
    mine.close()


def test_one_that_follows_writes_nothing_and_tells_what_is_behind(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "a", "a carbon truss")
    kept = in_step(opened(catalog))
    own = Catalog(catalog.path, max_bytes=1_000_000)
    reader = opened(own, follows=True)
    assert near(asked(reader, "carbon truss")) == ["mem-a"]
    put(catalog, "b", "a steel frame")
    assert "1 files are being taken in" in asked(reader, "steel frame").notes[0]
    in_step(kept)
    assert near(asked(reader, "steel frame")) == ["mem-b"]
    own.close()


def test_a_follower_that_comes_to_a_lost_index_does_not_make_an_empty_one(
    catalog: Catalog, tmp_path: Path
) -> None:
    put(catalog, "a", "a carbon truss")
    in_step(opened(catalog))
    shutil.rmtree(catalog.path.with_name("text-committed"))
    with pytest.raises(Exception, match="not there"):
        asked(opened(catalog, follows=True), "truss")
    assert len(asked(opened(catalog), "truss").words) == 1
    assert stale(opened(catalog), tmp_path) == []


def test_an_index_without_passages_is_made_once(catalog: Catalog) -> None:
    with catalog.change():
        catalog.put(Realm.DRAFT, File("memories/gone.md", "", None))
    asked(opened(catalog), "truss")
    other = Catalog(catalog.path, max_bytes=1_000_000)
    before = other._db.execute("PRAGMA data_version").fetchone()
    asked(opened(catalog), "truss")
    assert other._db.execute("PRAGMA data_version").fetchone() == before
    other.close()


def test_a_word_that_was_removed_is_as_unknown_as_one_that_never_stood_there(catalog: Catalog) -> None:
    put(catalog, "a", "a drift of the mirror")
    put(catalog, "b", "a draft of the mirror")
    kept = in_step(opened(catalog))
    assert [hit.passage.path for hit in asked(kept, "drift").words] == ["memories/a.md"]
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
    assert [hit.passage.path for hit in asked(kept, "drift").words] == ["memories/b.md"]


# -- a model that refuses ------------------------------------------------------------------------------------


def test_a_text_that_cannot_be_embedded_is_found_by_words_told_and_tried_again(
    catalog: Catalog, tmp_path: Path
) -> None:
    path = put(catalog, "a", "an unspeakable truss")
    put(catalog, "b", "a carbon truss")
    embedder = Moody(["unspeakable"])
    kept = opened(catalog, embedder)
    found = asked(kept, "truss")
    assert len(found.words) == 2
    assert near(found) == ["mem-b"]
    assert found.notes == ("1 files could not be embedded: found by words only (atocore status)",)
    assert catalog.failed() == {path: "it will not"}
    calls = embedder.calls
    asked(kept, "truss")
    assert embedder.calls == calls  # a search does not try again
    embedder.refused.clear()
    assert kept.sync_vectors() == 0
    assert catalog.failed() == {}
    assert stale(kept, tmp_path) == []


def test_a_failure_leaves_no_vector_of_the_former_text(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "a", "a carbon truss")
    embedder = Moody(["unspeakable"])
    kept = in_step(opened(catalog, embedder))
    put(catalog, "a", "an unspeakable frame")
    assert near(asked(kept, "carbon truss")) == []
    assert catalog.failures() == 1
    put(catalog, "a", "a steel frame")
    assert near(asked(kept, "steel frame")) == ["mem-a"]  # another text: tried at once
    with catalog.change():
        catalog.remove(Realm.COMMITTED, "memories/a.md")
    in_step(kept)
    assert (catalog.failures(), kept.counts()) == (0, (0, 0))
    assert stale(kept, tmp_path) == []


def test_a_model_that_embeds_nothing_leaves_words_and_says_so(catalog: Catalog, tmp_path: Path) -> None:
    for number in range(5):
        put(catalog, f"a{number}", f"a truss {number}")
    embedder = Moody(["truss"])
    kept = opened(catalog, embedder)
    found = asked(kept, "truss")
    assert len(found.words) == 5
    assert found.notes == ("words only: it will not",)
    embedder.refused.clear()
    assert asked(kept, "truss").notes == ()
    assert stale(kept, tmp_path) == []


def test_what_was_computed_before_an_interruption_is_not_computed_again(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedding_work, "_TEXTS_AT_ONCE", 2)
    for number in range(7):
        put(catalog, f"a{number}", f"a truss {number}")
    with pytest.raises(KeyboardInterrupt):
        in_step(opened(catalog, Moody(patience=2)))
    again = Moody()
    kept = in_step(opened(catalog, again))
    assert len(again.seen) == 3
    assert stale(kept, tmp_path) == []


def test_what_was_computed_before_the_model_failed_is_not_computed_again(catalog: Catalog) -> None:
    for number in range(9):
        put(catalog, f"a{number}", f"truss {number}" + " unspeakable" * (number > 4))
    embedder = Moody(["unspeakable"])
    kept = opened(catalog, embedder)
    with pytest.raises(EmbeddingFailed):
        kept.sync_vectors()
    embedder.refused.clear()
    embedder.seen.clear()
    assert kept.sync_vectors() == 0
    assert len(embedder.seen) == 4


def test_a_cache_that_is_deleted_in_the_middle_costs_time_only(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(embedding_work, "_TEXTS_AT_ONCE", 2)

    class Careless(FakeEmbedder):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            shutil.rmtree(cache_folder(), ignore_errors=True)
            return super().embed(texts)

    for number in range(7):
        put(catalog, f"a{number}", f"a truss {number}")
    kept = opened(catalog, Careless())
    assert kept.sync_vectors() == 0
    assert stale(in_step(kept), tmp_path) == []


# -- vectors -------------------------------------------------------------------------------------------------


def test_a_filter_that_keeps_few_of_ten_thousand_gives_the_ten_best_of_them(catalog: Catalog) -> None:
    with catalog.change():
        for number in range(10_000):
            name, project = f"{number:05}", "rare" if number % 1000 == 7 else "usual"
            said = f"truss {number}" if project == "rare" else "truss carbon"
            raw = HEAD.format(name, said, project).encode()
            catalog.put(Realm.COMMITTED, File(f"memories/{name}.md", "", raw))
    kept = opened(catalog)
    for project, wanted in (("rare", 10), ("none", 0)):
        found = asked(kept, "truss carbon", Filters(projects=frozenset({project})))
        assert found.vectors is not None
        assert len(found.vectors) == wanted
        assert {hit.passage.project for hit in found.vectors} <= {project}
        scores = [hit.score for hit in found.vectors]
        assert scores == sorted(scores, reverse=True)
    one = Filters(paths=frozenset({"memories/04321.md"}))
    found = asked(kept, "truss carbon", one)
    assert near(found) == ["mem-04321"]


def test_a_filter_that_keeps_too_many_to_list_starves_nothing(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "_RARE", 3)
    monkeypatch.setattr(engine, "_DEEP", 5)
    for number in range(60):
        put(
            catalog,
            f"{number:02}",
            "truss" if number < 50 else f"truss {number}",
            "q" if number < 50 else "p",
        )
    found = asked(opened(catalog), "truss", Filters(projects=frozenset({"p"})))
    assert found.vectors is not None
    assert len(found.vectors) == 10


def test_recall_does_not_decay_however_often_everything_is_replaced(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(vectors, "_JOURNAL_ROWS", 20)
    kept = opened(catalog)
    for turn in range(20):
        for number in range(12):
            put(catalog, f"{number:02}", f"truss{number} turn{turn} word{turn * number % 7}")
        in_step(kept)
    assert kept.counts() == (12, 12)
    assert [near(asked(kept, f"truss{n} turn19"))[0] for n in (3, 11)] == ["mem-03", "mem-11"]
    assert stale(kept, tmp_path) == []
    files = sorted(file.name for file in catalog.path.with_name("vectors-committed").iterdir())
    assert len(files) <= 4


def _cut(raw: bytes) -> bytes:
    return raw[: len(raw) // 2]


def _flipped(raw: bytes) -> bytes:
    at = len(raw) // 2
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


@pytest.mark.parametrize("kind", ["usearch", "keys", "journal", "json"])
@pytest.mark.parametrize("damage", [_cut, _flipped, Path.unlink])
def test_damage_to_any_file_of_the_vectors_is_noticed_and_mended(
    catalog: Catalog,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    kind: str,
    damage: Callable[[bytes], bytes],
) -> None:
    monkeypatch.setattr(vectors, "_JOURNAL_ROWS", 3)
    for number in range(5):
        put(catalog, f"{number}", f"truss {number}")
    in_step(opened(catalog))
    put(catalog, "5", "truss 5")
    in_step(opened(catalog))
    (file,) = catalog.path.with_name("vectors-committed").glob(f"*.{kind}")
    if damage is Path.unlink:
        file.unlink()
    else:
        file.write_bytes(damage(file.read_bytes()))
    kept = opened(catalog)
    assert "mem-5" in near(asked(kept, "truss 5"))
    assert stale(kept, tmp_path) == []


def test_models_that_take_turns_never_share_an_index(catalog: Catalog, tmp_path: Path) -> None:
    put(catalog, "a", "a carbon truss")
    put(catalog, "b", "a steel frame")

    class Another(FakeEmbedder):
        def _direction(self, word: str) -> NDArray[np.float32]:
            return super()._direction(f"another {word}")

    one, two = opened(catalog), opened(catalog, Another("fake-2"))
    for _ in range(2):
        for kept in (one, two):
            assert near(asked(kept, "carbon truss")) == ["mem-a"]
    assert stale(in_step(one), tmp_path) == []


def test_the_windows_of_a_long_text_are_replaced_and_removed_together(
    catalog: Catalog, tmp_path: Path
) -> None:
    def long(word: str, words: int) -> str:
        return " ".join(f"{word}{n}" for n in range(words)) + f" {word}end" * 60  # its window is all about it

    path = put(catalog, "a", long("first", 900))
    kept = in_step(opened(catalog))
    keys = kept.vectors(Shelf.COMMITTED).keys()
    assert any("~" in key for key in keys)
    assert set(near(asked(kept, "firstend"))) == {"mem-a"}  # what stands at the end is found, too
    put(catalog, "a", long("second", 300))
    in_step(kept)
    assert len(kept.vectors(Shelf.COMMITTED)) < len(keys)
    assert stale(kept, tmp_path) == []
    with catalog.change():
        catalog.remove(Realm.COMMITTED, path)
    in_step(kept)
    assert kept.vectors(Shelf.COMMITTED) == {}


def test_a_reader_follows_what_another_appends_and_merges(
    catalog: Catalog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_JOURNAL_ROWS", 4)
    put(catalog, "a", "truss a")
    writer = in_step(opened(catalog))
    own = Catalog(catalog.path, max_bytes=1_000_000)
    reader = opened(own, follows=True)
    for number in range(12):
        put(catalog, f"b{number}", f"truss b{number}")
        in_step(writer)
        assert f"mem-b{number}".rstrip("0") in near(asked(reader, f"truss b{number}"))
        assert len(reader.vectors(Shelf.COMMITTED)) == number + 2
    own.close()
