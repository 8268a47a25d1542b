"""A template vault with one record of each standing, and a desk with a fresh copy of it for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk import Desk, copied_desk, founded

RECORDS = """
-- projects/scope.md --
---
id: prj-sc0pe0000000
kind: project
status: active
name: scope
aliases: [telescope]
---
The telescope.
-- memories/scope/mass.md --
id: mem-mass
status: candidate
project: scope
subject: primary mirror
attribute: mass
value: 4.2 kg
--
The primary mirror weighs 4.2 kg with its cell.
-- memories/scope/gem.md --
id: mem-gem
project: scope
subject: primary mirror
attribute: glass
value: Zerodur
--
The primary mirror is made of Zerodur.
-- entities/scope/frame.md --
id: ent-frame
type: component
project: scope
title: Frame
--
The truss frame carries the secondary.
-- notes/visit.md --
# Visit to the foundry

They pour blanks on Mondays.
"""


@pytest.fixture(scope="session")
def template_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed vault with its repository. Copy it, never write to it."""
    folder = tmp_path_factory.mktemp("template-vault") / "vault"
    made = founded(folder)
    made.commit(RECORDS, "Start")
    made.found("mirror")
    made.close()
    return folder


@pytest.fixture
def desk(template_vault: Path, tmp_path: Path) -> Iterator[Desk]:
    """A fresh copy of the template vault, with a person at it."""
    made = copied_desk(template_vault, tmp_path / "vault")
    yield made
    made.close()
