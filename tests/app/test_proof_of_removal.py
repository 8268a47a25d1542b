"""Only what was seen to be gone is gone: what cannot be looked at stays as it was last seen, and is told."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from desk import REVIEWER, Desk, run_git
from helpers import whole

from atocore.app import catchup
from atocore.app.founding import init
from atocore.errors import AtocoreError
from atocore.index.catalog_rows import Realm

MASS, GEM = whole("mem-mass"), whole("mem-gem")
CAPTURE = "captures/2026/11/22/int-c00000000000.md"
SAID = "---\nid: int-c00000000000\nkind: interaction\ntype: claude-code\n---\nA mirror, as it was said.\n"

# A root that is bound by the rights of files, as everybody is.
BOUND = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"]
ASK = """
import json, sys
from atocore.app import Vault
from atocore.errors import AtocoreError

def tell(**told):
    print(json.dumps(told))
    sys.exit()

try:
    with Vault.open(sys.argv[1]) as vault:
        answer = vault.search("mirror", words=True, limit=50, status="all")
        status = vault.status()
        tell(
            found=sorted(hit.id for hit in answer.hits),
            notes=answer.notes,
            unknown=[one.path for one in status.unknown],
            reasons=[one.reason for one in status.unknown],
            problems=sorted(one.path for one in vault.check().problems if one.code == "unreadable"),
        )
except AtocoreError as error:
    tell(error=error.code)
"""


def needs_bounds() -> list[str]:
    """What a child's command begins with, so that rights mean something to it."""
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may read everything here")
    return BOUND


def asked(desk: Desk) -> dict[str, list[str]]:
    """What a command says to somebody who is bound by the rights of files."""
    desk.close()
    args = [*needs_bounds(), sys.executable, "-c", ASK, str(desk.folder)]
    done = subprocess.run(args, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    told: dict[str, list[str]] = json.loads(done.stdout)
    return told


@contextmanager
def closed(*paths: Path, mode: int = 0) -> Iterator[None]:
    """Files or folders without the rights to look into them."""
    former = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(mode)
    try:
        yield
    finally:
        for path in reversed(paths):
            path.chmod(former[path])


def held(desk: Desk) -> dict[str, set[str]]:
    """What the catalog holds, without catching up."""
    catalog = desk.vault.catalog
    return {realm.name: set(catalog.versions(realm)) for realm in Realm}


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A vault with a draft and a capture, all of it in the index."""
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall.")
    desk.put("notes/new.md", "A mirror, drafted.\n")
    desk.put(CAPTURE, SAID)
    desk.vault.take_in()
    assert held(desk)["LOCAL"] == {CAPTURE}
    assert held(desk)["DRAFT"] == {"memories/scope/gem.md", "notes/new.md"}
    return desk


def in_step(desk: Desk) -> None:
    assert desk.stale() == []
    assert desk.vault.status().unknown == ()
    assert desk.codes() == []


CLOSED = {
    "a committed file": ("memories/scope/mass.md", 0, "memories/scope/mass.md"),
    "a draft": ("memories/scope/gem.md", 0, "memories/scope/gem.md"),
    "a folder of drafts": ("notes", 0, "notes/new.md"),
    "a folder whose names alone can be read": ("memories/scope", 0o400, "memories/scope/gem.md"),
    "a folder above": ("memories", 0, "memories/scope/gem.md"),
    "a capture": (CAPTURE, 0, CAPTURE),
    "a day of captures": ("captures/2026/11/22", 0, CAPTURE),
}


@pytest.mark.parametrize("what", CLOSED)
def test_what_cannot_be_read_stays_as_it_was_seen_and_is_told(full: Desk, what: str) -> None:
    place, mode, unknown = CLOSED[what]
    before = held(full)
    found = sorted(hit.id for hit in full.vault.search("mirror", words=True, limit=50, status="all").hits)
    with closed(full.folder / place, mode=mode):
        told = asked(full)
        assert told["found"] == found
        assert unknown in told["unknown"]
        assert any("cannot be" in reason for reason in told["reasons"])
        assert any("cannot be looked at" in note for note in told["notes"])
        assert unknown in told["problems"]
    assert held(full) == before
    in_step(full)
    assert held(full) == before


def test_what_was_removed_while_it_could_not_be_seen_goes_once_it_can(full: Desk) -> None:
    with closed(full.folder / "captures"):
        assert CAPTURE in asked(full)["unknown"]
    shutil.rmtree(full.folder / "captures")
    in_step(full)
    assert held(full)["LOCAL"] == set()


@pytest.mark.parametrize("place", ["", ".git", ".git/HEAD", ".git/refs/heads/main", ".git/objects"])
def test_a_vault_or_a_repository_that_is_closed_is_refused_and_nothing_concluded(
    full: Desk, place: str
) -> None:
    before = held(full)
    with closed(full.folder / place):
        assert asked(full).keys() == {"error"}
    assert held(full) == before
    in_step(full)


# -- git that is damaged -------------------------------------------------------------------------------------


def refused(desk: Desk) -> str:
    with pytest.raises(AtocoreError) as caught:
        desk.vault.round(embed=False)
    return caught.value.code


def _garbage(folder: Path) -> None:
    (folder / ".git/HEAD").write_text("garbage\n")


def _emptied(folder: Path) -> None:
    (folder / ".git/HEAD").write_text("")


def _truncated(folder: Path) -> None:
    ref = folder / ".git/refs/heads/main"
    ref.write_text(ref.read_text()[:10])


def _no_object(folder: Path) -> None:
    (folder / ".git/refs/heads/main").write_text("1" * 40 + "\n")


def _no_git(folder: Path) -> None:
    (folder / ".git").rename(folder.parent / "taken-away")


@pytest.mark.parametrize(
    ("damage", "inside"),
    [
        (_garbage, False),
        (_garbage, True),
        (_emptied, True),
        (_truncated, True),
        (_no_object, True),
        (_no_git, True),
    ],
)
def test_a_damaged_repository_empties_nothing_even_inside_another_one(
    full: Desk, damage: Callable[[Path], None], inside: bool
) -> None:
    if inside:  # git looks further up for a repository: that one is not the vault's
        run_git(full.folder.parent, "init", "-q", "-b", "main")
        run_git(full.folder.parent, *_identity(), "commit", "-q", "--allow-empty", "-m", "Another one")
    before = held(full)
    spare = full.folder.parent / "spare"
    shutil.copytree(full.folder / ".git", spare)
    damage(full.folder)
    assert refused(full) == "git-failed"
    assert held(full) == before
    shutil.rmtree(full.folder / ".git", ignore_errors=True)
    spare.rename(full.folder / ".git")
    in_step(full)
    assert held(full) == before


def _identity() -> list[str]:
    return ["-c", f"user.name={REVIEWER[0]}", "-c", f"user.email={REVIEWER[1]}"]


# -- a vault that goes away ----------------------------------------------------------------------------------


def test_an_emptied_folder_is_no_vault(full: Desk) -> None:
    before = held(full)
    away = full.folder.parent / "away"
    away.mkdir()
    for entry in list(full.folder.iterdir()):
        if entry.name != ".atocore":
            entry.rename(away / entry.name)
    assert refused(full) == "not-a-vault"
    assert held(full) == before
    for entry in away.iterdir():
        entry.rename(full.folder / entry.name)
    in_step(full)
    assert held(full) == before


@contextmanager
def mounted(place: Path) -> Iterator[None]:
    """A file system of its own at `place`, in the middle of another."""
    place.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "none", str(place)], capture_output=True, check=False)
    if done.returncode:
        pytest.skip("nothing can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False, capture_output=True)


@pytest.mark.skipif(shutil.which("mount") is None or os.geteuid() != 0, reason="only root may mount")
def test_a_vault_that_is_unmounted_empties_nothing(tmp_path: Path) -> None:
    """The work tree is on a disk of its own, and git's folder is not."""
    folder, git = tmp_path / "vault", tmp_path / "git"
    with mounted(folder):
        run_git(folder, "init", "-q", "-b", "main", "--separate-git-dir", str(git))
        run_git(git, "config", "user.name", REVIEWER[0])
        run_git(git, "config", "user.email", REVIEWER[1])
        init(folder)
        desk = Desk(folder)
        desk.commit("-- notes/n.md --\nanamorphic\n")
        desk.put(CAPTURE, SAID)
        (tmp_path / "index").mkdir()
        desk.close()
        shutil.rmtree(folder / ".atocore", ignore_errors=True)
        (folder / ".atocore").symlink_to(tmp_path / "index")
        desk.vault.take_in()
        before = held(desk)
        assert before["LOCAL"] == {CAPTURE}
        subprocess.run(["umount", "-l", str(folder)], check=True)
        (folder / ".atocore").symlink_to(tmp_path / "index")
        (folder / ".git").write_text(f"gitdir: {git}\n")
        assert refused(desk) == "not-a-vault"
        assert held(desk) == before
        desk.close()


def test_a_vault_that_goes_away_while_it_is_compared_empties_nothing(
    full: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(full)
    away = full.folder.parent / "away"
    listing = catchup.listing

    def unmounted(vault: Path, folder: str) -> object:
        full.folder.rename(away)
        full.folder.mkdir()
        (away / ".atocore").rename(full.folder / ".atocore")
        return listing(vault, folder)

    monkeypatch.setattr(catchup, "listing", unmounted)
    assert refused(full) == "not-a-vault"
    monkeypatch.undo()
    (full.folder / ".atocore").rename(away / ".atocore")
    full.folder.rmdir()
    away.rename(full.folder)
    assert held(full) == before
    in_step(full)


@pytest.mark.parametrize(
    ("call", "code"), [("scandir", errno.EMFILE), ("stat", errno.ESTALE), ("open", errno.EIO)]
)
def test_an_error_of_the_disk_is_no_removal(
    full: Desk, monkeypatch: pytest.MonkeyPatch, call: str, code: int
) -> None:
    before = held(full)
    original = getattr(os, call)

    def failing(path: object, *rest: object, **named: object) -> object:
        if "/captures" in str(path) or str(path).endswith("notes/new.md"):
            raise OSError(code, os.strerror(code))
        return original(path, *rest, **named)

    (full.folder / "notes/new.md").write_text("Changed meanwhile.\n")
    (full.folder / CAPTURE).write_text(SAID.replace("said", "told"))
    with monkeypatch.context() as patched:
        patched.setattr(os, call, failing)
        done = full.vault.round(embed=False)
        assert done.unknown >= 1
        assert held(full) == before
    in_step(full)
    assert held(full) == before
