"""What was purged leaves the user's cache of embeddings, and no backup brings it back there."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from desk import Desk
from fake_embedder import FakeEmbedder
from purging import KEY
from restoring_kit import backed_up

from atocore.app.backups.rehearsing import drill
from atocore.app.backups.restoring import restore
from atocore.index.embedding_cache import EmbeddingCache
from atocore.index.model import Model
from atocore.knowledge.leaks import fingerprint
from atocore.store.backups.folder_place import FolderPlace

MARK = fingerprint(KEY)
TEXT = f"key {KEY}"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingCache]:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))
    with closing(EmbeddingCache(tmp_path / "cache", "fake-1")) as found:
        yield found


def embed(desk: Desk) -> None:
    """Bring the index of a desk's vault in step, with vectors that need no model."""
    desk.vault.model = Model(FakeEmbedder)
    desk.vault.index_sync()


def held(cache: EmbeddingCache, *texts: str) -> list[str]:
    return sorted(cache.get_many(texts))


def test_a_purge_forgets_what_was_computed_of_it_and_nothing_else(
    desk: Desk, cache: EmbeddingCache, tmp_path: Path
) -> None:
    desk.commit(f"-- notes/a.md --\n{TEXT}\n-- notes/b.md --\nother\n-- notes/keys.md --\nin a file\n")
    embed(desk)
    cache.put_many({"of another vault": FakeEmbedder().embed(["of another vault"])[0]})
    before = cache.count()
    desk.vault.purge(MARK)
    assert held(cache, TEXT, "other", "in a file") == ["in a file", "other"]
    assert cache.count() == before - 1
    desk.vault.purge(paths=["notes/keys.md"])
    assert held(cache, "in a file", "other", "of another vault") == ["of another vault", "other"]
    assert cache.count() == before - 2
    raw = b"".join(path.read_bytes() for path in (tmp_path / "cache").glob("embeddings.sqlite*"))
    assert FakeEmbedder().embed([TEXT])[0].astype("<f2").tobytes() not in raw


def test_a_purge_forgets_earlier_versions_windows_and_captures(desk: Desk, cache: EmbeddingCache) -> None:
    embedder, words = FakeEmbedder(), " ".join(f"ab{number}" for number in range(170))
    desk.vault.model = Model(lambda: embedder)
    desk.commit(f"-- notes/a.md --\n{TEXT}\n")
    desk.vault.index_sync()
    desk.commit(f"-- notes/a.md --\n# {KEY} {words}\n\n{words}\n")
    desk.put("captures/one.md", f"said {KEY}\n")
    desk.vault.index_sync()
    secret = sorted({text for text in embedder.seen if KEY in text})
    assert held(cache, *secret) == secret
    assert len(secret) >= 4  # the first version, two windows of the second, the capture
    desk.vault.purge(MARK)
    assert held(cache, *secret) == []


def test_an_index_that_is_gone_hides_no_model(desk: Desk, cache: EmbeddingCache) -> None:
    desk.commit(f"-- notes/a.md --\n{TEXT}\n")
    embed(desk)
    desk.vault.close()
    shutil.rmtree(desk.folder / ".atocore/index")
    desk.vault.purge(MARK)
    assert held(cache, TEXT) == []


def test_an_older_backup_brings_no_embeddings_of_what_was_purged(
    desk: Desk, cache: EmbeddingCache, tmp_path: Path
) -> None:
    desk.commit(f"-- notes/a.md --\n{TEXT}\n-- notes/b.md --\nother\n")
    embed(desk)
    place = str(tmp_path / "kept")
    stamp = backed_up(desk, place)
    embed(desk)
    desk.vault.purge(MARK)
    desk.close()
    done = restore(stamp, desk.folder, source=place, model=Model(FakeEmbedder))
    assert done.restored_integrity_ok, done.findings
    assert done.embeddings == 0
    assert "the backup's embeddings are left alone: some may be of what was purged" in done.notes
    assert held(cache, TEXT, "other") == ["other"]
    assert desk.vault.index_verify().differences == ()


def test_a_drill_of_an_older_backup_leaves_no_embeddings_of_what_was_purged(
    desk: Desk, cache: EmbeddingCache, tmp_path: Path
) -> None:
    desk.commit(f"-- notes/a.md --\n{TEXT}\n-- notes/b.md --\nother\n")
    embed(desk)
    place = FolderPlace(tmp_path / "kept")
    backed_up(desk, str(place))
    desk.vault.model = Model(FakeEmbedder)
    desk.vault.purge(MARK)
    desk.close()
    done = drill(place, vault=desk.folder, scratch=str(tmp_path), model=Model(FakeEmbedder))
    assert done.passed, done
    assert held(cache, TEXT, "other") == ["other"]


def test_a_drill_leaves_no_embeddings_of_a_capture_that_was_purged(
    desk: Desk, cache: EmbeddingCache, tmp_path: Path
) -> None:
    said = f"said {KEY}"
    desk.put("captures/one.md", f"{said}\n")
    desk.put("captures/two.md", "said nothing\n")
    embed(desk)
    place = FolderPlace(tmp_path / "kept")
    backed_up(desk, str(place))
    desk.vault.model = Model(FakeEmbedder)
    desk.vault.purge(MARK)
    desk.close()
    done = drill(place, vault=desk.folder, scratch=str(tmp_path), model=Model(FakeEmbedder))
    assert done.passed, done
    assert held(cache, said, "said nothing") == ["said nothing"]
