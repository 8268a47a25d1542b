"""A template vault with one record of each standing, and a desk with a fresh copy of it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import TELESCOPE, Desk, copied_desk, founded


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed vault with its repository. Copy it, never write to it."""
    folder = tmp_path_factory.mktemp("template-vault") / "vault"
    made = founded(folder)
    made.commit(TELESCOPE, "Start")
    made.found("mirror")
    made.close()
    return folder


@pytest.fixture
def desk(template_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    """A fresh copy of the template vault, with a person at it."""
    made = copied_desk(template_vault, tmp_path / "vault")
    yield made
    made.close()
