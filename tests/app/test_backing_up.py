"""Backups of real repositories: what they hold."""

from __future__ import annotations

import tarfile
from pathlib import Path

import numpy as np
import pytest
from desk import Desk, run_git
from fake_embedder import FakeEmbedder

from atocore.errors import AtocoreError
from atocore.index.embedding_cache import EmbeddingCache, cache_folder
from atocore.index.model import Model
from atocore.store.backups.manifest import EMBEDDINGS, LOCAL_PART, MANIFEST, read_manifest


def test_a_backup_is_a_bundle_of_every_reference_and_tells_what_the_vault_held(
    desk: Desk, tmp_path: Path
) -> None:
    run_git(desk.folder, "branch", "side")
    run_git(desk.folder, "tag", "-a", "-m", "first", "v1")
    made = desk.vault.backup_create(to=str(tmp_path / "kept"))
    clone = tmp_path / "clone"
    run_git(tmp_path, "clone", "-q", f"{made.path}/vault.bundle", str(clone))
    assert run_git(clone, "rev-parse", "HEAD") == run_git(desk.folder, "rev-parse", "HEAD")
    told = read_manifest((Path(made.path) / MANIFEST).read_bytes(), "it")
    assert {"refs/heads/side", "refs/tags/v1", told.branch} <= told.refs.keys()
    assert told.recorded.counts["memory/active"] == 1
    assert [one.stamp for one in desk.vault.backup_list(source=str(tmp_path / "kept")).backups] == [
        made.stamp
    ]


def test_a_manifest_that_was_edited_is_found_out(desk: Desk, tmp_path: Path) -> None:
    made = desk.vault.backup_create(to=str(tmp_path))
    path = Path(made.path) / MANIFEST
    path.write_text(path.read_text().replace('"memory/active": 1', '"memory/active": 2'))
    assert "digest" in desk.vault.backup_list(source=str(tmp_path)).backups[0].fault
    with pytest.raises(AtocoreError, match="digest") as refused:
        read_manifest(path.read_bytes(), "it")
    assert refused.value.code == "backup-manifest"


def test_a_manifest_tells_what_sample_questions_were_answered(desk: Desk, tmp_path: Path) -> None:
    made = desk.vault.backup_create(to=str(tmp_path))
    told = desk.vault.recorded()
    assert {one.verb for one in told.samples} == {"search", "context"}
    assert all(one.ids for one in told.samples if one.verb == "search")
    assert read_manifest((Path(made.path) / MANIFEST).read_bytes(), "it").recorded == told


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))
    embedder = FakeEmbedder()
    return Model(lambda: embedder)


def test_a_backup_has_the_embeddings_that_this_vault_needs_and_what_this_machine_alone_holds(
    desk: Desk, model: Model, tmp_path: Path
) -> None:
    desk.put("notes/long.md", "\n\n".join(f"word{number} mirror" * 3 for number in range(300)))
    desk.commit()
    desk.put("notes/draft.md", "a draft\n")
    desk.vault.model = model
    indexed = desk.vault.index_sync()
    cache = EmbeddingCache(cache_folder(), "fake-1")
    cache.put_many({"another vault's": np.ones(64, dtype=np.float32)})
    made = Path(desk.vault.backup_create(to=str(tmp_path / "kept")).path)
    assert sorted(path.name for path in made.iterdir()) == [
        "embeddings.sqlite",
        "local.tar",
        "manifest.json",
        "vault.bundle",
    ]
    fresh = EmbeddingCache(tmp_path / "fresh", "fake-1")
    assert fresh.take_in(made / EMBEDDINGS) == indexed.vectors
    assert fresh.get_many(["another vault's"]) == {}
    with tarfile.open(made / LOCAL_PART) as tar:
        assert "drafts/notes/draft.md" in tar.getnames()
    bare = desk.vault.backup_create(to=str(tmp_path / "bare"), local=False, embeddings=False)
    assert bare.files == ("vault.bundle",)
    assert [one.partition(":")[0] for one in bare.left_out] == [
        "embeddings",
        "captures, drafts, stashes and machine settings",
    ]


def test_missing_embeddings_are_told_and_never_computed(desk: Desk, model: Model, tmp_path: Path) -> None:
    desk.vault.model = model
    made = desk.vault.backup_create(to=str(tmp_path))
    assert "embeddings: none are computed on this machine" in made.left_out[0]
    assert made.files == ("local.tar", "vault.bundle")
    desk.vault.index_sync()
    desk.commit("-- notes/new.md --\nnew\n")
    made = desk.vault.backup_create(to=str(tmp_path))
    assert "embeddings: 1 of" in made.left_out[0]
    (cache_folder() / "embeddings.sqlite").write_bytes(b"damaged" * 1000)
    made = desk.vault.backup_create(to=str(tmp_path))
    assert "embeddings.sqlite" not in made.files
    assert "the embedding cache was damaged" in made.left_out[0]
