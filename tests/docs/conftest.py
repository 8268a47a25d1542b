"""The project's own vault as a snapshot, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.snapshot import MemorySnapshot

VAULT = Path(__file__).resolve().parents[2] / "vault"


@pytest.fixture(scope="session")
def snapshot() -> MemorySnapshot:
    paths = [path for path in VAULT.rglob("*") if path.is_file() and ".atocore" not in path.parts]
    return MemorySnapshot({path.relative_to(VAULT).as_posix(): path.read_bytes() for path in paths})


@pytest.fixture(scope="session")
def records(snapshot: MemorySnapshot) -> list[Record]:
    return [record for record in snapshot.select() if record.kind is not Kind.NOTE]
