"""One vault with one backup, made once; each night has a copy of both."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import TELESCOPE, founded
from fake_embedder import FakeEmbedder
from night import Night

from atocore.index.model import Model


def _settled(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Backups, embeddings and the home below a folder, and a model that needs no files."""
    patch.setattr(Model.__init__, "__defaults__", (FakeEmbedder,))
    patch.setenv("HOME", str(folder))
    patch.setenv("ATOCORE_CACHE_DIR", str(folder / "cache"))
    patch.setenv("ATOCORE_BACKUP_FOLDER", str(folder / "backups"))


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a vault, its backups and its embeddings. Copy it, never write to it."""
    folder = tmp_path_factory.mktemp("night")
    with pytest.MonkeyPatch.context() as patch:
        _settled(folder, patch)
        made = founded(folder / "team")
        made.commit(TELESCOPE, "Start")
        made.vault.index_sync()
        made.vault.backup_create()
        made.close()
    return folder


@pytest.fixture
def night(
    template: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Iterator[Night]:
    """A vault of one's own, with its backup where it was put."""
    _settled(tmp_path, monkeypatch)
    shutil.copytree(template, tmp_path, symlinks=True, dirs_exist_ok=True)
    jobs = tmp_path / "team/.atocore/operations.json"
    jobs.write_text(jobs.read_text().replace(str(template), str(tmp_path)))
    (backup,) = (tmp_path / "backups").iterdir()
    made = Night(tmp_path, backup.name, monkeypatch, capfdbinary)
    yield made
    made.desk.close()
