"""The hook between a fresh vault and a fresh home."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from hook import Hook, assistant, script, user, write_transcript


@pytest.fixture
def hook(tmp_path: Path) -> Hook:
    vault, state = tmp_path / "vault", tmp_path / "state"
    vault.mkdir()
    state.mkdir()
    (vault / "atocore.yaml").write_text("format: 1\n")
    return Hook(vault, state)


@pytest.fixture
def transcript(tmp_path: Path) -> Path:
    """One turn: a prompt and its answer."""
    return write_transcript(tmp_path / "t.jsonl", user("How heavy is it?"), assistant("It is 4.2 kg."))


@pytest.fixture(scope="session")
def names() -> dict[str, Any]:
    return script()
