"""The mirror of the project's own vault, as visitors find it: committed, and true."""

from __future__ import annotations

import shutil
from pathlib import Path

from desk import Desk, run_git
from views.mirror.site import dead_links, unreached

ROOT = Path(__file__).resolve().parents[2]


def test_the_mirror_of_the_projects_own_vault_is_true(tmp_path: Path) -> None:
    """Where it is not: commit the records, then `atocore --vault vault mirror build`."""
    shutil.copytree(ROOT / "vault", tmp_path / "vault", ignore=shutil.ignore_patterns(".atocore", ".git"))
    run_git(tmp_path / "vault", "init", "-q", "-b", "main")
    run_git(tmp_path / "vault", "add", "-A")
    person = ("-c", "user.name=Ann Lee", "-c", "user.email=ann@example.org")
    run_git(tmp_path / "vault", *person, "commit", "-q", "-m", "As it is")
    checked = Desk(tmp_path / "vault").vault.mirror_check()
    assert checked.of > 150
    assert (checked.missing, checked.outdated, checked.left_over) == ((), (), ())
    assert (checked.edited, checked.foreign) == ((), ())


def test_each_of_its_links_leads_somewhere_and_each_page_is_reached() -> None:
    vault = ROOT / "vault"
    files = [
        path.relative_to(vault).as_posix() for path in vault.rglob("*.md") if ".atocore" not in path.parts
    ]
    pages = {path: (vault / path).read_text("utf-8") for path in files if path.startswith("mirror/")}
    assert len(pages) > 150
    assert dead_links(pages, files) == []
    assert unreached(pages) == set()


def test_the_readme_leads_to_it() -> None:
    assert "(vault/mirror/index.md)" in (ROOT / "README.md").read_text("utf-8")
    assert (ROOT / "vault/mirror/index.md").is_file()
