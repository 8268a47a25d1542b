"""The project of a piece of work, by the folder it was done in."""

from __future__ import annotations

import pytest
from helpers import vault_of

from atocore.knowledge.projects import project_of_folder

VAULT = vault_of("""
-- projects/p04.md --
id: prj-a
name: p04-telescope
aliases: [Telescope, P04]
-- projects/mount.md --
id: prj-b
name: mount
-- projects/odd.md --
id: prj-c
name: "-"
-- memories/a.md --
id: mem-a
project: elsewhere
""")


@pytest.mark.parametrize(
    ("folder", "project"),
    [
        ("/home/ann/p04-telescope", "p04-telescope"),
        ("/home/ann/P04_Telescope/src", "p04-telescope"),
        ("/home/ann/telescope/cell", "p04-telescope"),
        ("C:\\work\\p04\\cell", "p04-telescope"),
        ("/home/ann/telescope/mount", "mount"),
        ("/home/ann/mount/telescope", "p04-telescope"),
        ("/home/ann/telescopes", ""),
        ("/home/ann/elsewhere", ""),
        ("/", ""),
        ("", ""),
    ],
)
def test_the_innermost_folder_that_names_a_project_counts(folder: str, project: str) -> None:
    assert project_of_folder(VAULT, folder) == project
