"""A plain clone is a restore: every way of cloning gives a vault in which every kind of verb works."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from desk import Desk, run_git
from helpers import whole

from atocore.app import Vault
from atocore.app.session import find_vault
from atocore.errors import AtocoreError
from atocore.records.plan import Actor

MASS, GEM = whole("mem-mass"), whole("mem-gem")
Clone = Callable[..., Desk]


@pytest.fixture(scope="module")
def origin(template_vault: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault with mirror pages, a capture that git ignores, a side branch, a vault in a subfolder beside it,
    and a bundle. Clone it, never write to it."""
    top = tmp_path_factory.mktemp("origins")
    desk = Desk(shutil.copytree(template_vault, top / "origin", symlinks=True))
    desk.vault.capture("They pour on Mondays.")
    desk.vault.mirror_build()
    desk.close()
    desk.git("branch", "side")
    desk.git("config", "uploadpack.allowFilter", "true")
    desk.git("bundle", "create", "-q", str(top / "vault.bundle"), "HEAD", "main")
    big = top / "big"
    big.mkdir()
    run_git(big, "init", "-q", "-b", "main")
    shutil.copytree(desk.folder, big / "docs/vault", ignore=shutil.ignore_patterns(".git", ".atocore"))
    run_git(big, "add", "-A")
    run_git(big, "-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-q", "-m", "Start")
    return desk.folder


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Iterator[Clone]:
    """Clones with options, gives the clone an identity, and opens it."""
    desks: list[Desk] = []

    def cloning(*options: str, source: str = "", name: str = "clone", below: str = "") -> Desk:
        run_git(tmp_path, "clone", "-q", *options, source or f"file://{origin}", name)
        folder = tmp_path / name
        if (folder / ".git").exists():
            run_git(folder, "config", "user.name", "A Reviewer")
            run_git(folder, "config", "user.email", "reviewer@example.org")
        desks.append(Desk(folder / below))
        return desks[-1]

    yield cloning
    for desk in desks:
        desk.close()


def full(clone: Clone, _origin: Path) -> Desk:
    return clone()


def shallow(clone: Clone, _origin: Path) -> Desk:
    return clone("--depth", "1")


def clone_of_a_clone(clone: Clone, origin: Path) -> Desk:
    first = clone(name="first")
    return clone(source=str(first.folder))


def subfolder(clone: Clone, origin: Path) -> Desk:
    return clone(source=str(origin.parent / "big"), below="docs/vault")


def bundle(clone: Clone, origin: Path) -> Desk:
    return clone(source=str(origin.parent / "vault.bundle"))


def checked_out_later(clone: Clone, _origin: Path) -> Desk:
    desk = clone("--no-checkout")
    desk.git("checkout", "-q")
    return desk


def other_branch(clone: Clone, _origin: Path) -> Desk:
    return clone("-b", "side")


def worktree(clone: Clone, _origin: Path) -> Desk:
    desk = clone(name="first")
    desk.git("worktree", "add", "-q", "-b", "wt", "../linked")
    return Desk(desk.folder.parent / "linked")


def sparse(clone: Clone, _origin: Path) -> Desk:
    desk = clone("--sparse")
    desk.git("sparse-checkout", "set", "memories", "mirror")
    return desk


def partial(clone: Clone, _origin: Path) -> Desk:
    return clone("--filter=blob:none")


def crlf(clone: Clone, _origin: Path) -> Desk:
    return clone("-c", "core.autocrlf=true")


def other_remote(clone: Clone, _origin: Path) -> Desk:
    return clone("-o", "upstream")


WAYS = [
    *(full, shallow, clone_of_a_clone, subfolder, bundle, checked_out_later, other_branch, worktree, sparse),
    *(partial, crlf, other_remote),
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_every_verb_works_in_a_clone(way: Callable[[Clone, Path], Desk], clone: Clone, origin: Path) -> None:
    desk = way(clone, origin)
    status = desk.vault.status()
    assert (status.covered.files, status.covered.missing) == (status.covered.of, ())
    assert status.commit == status.indexed_commit
    assert not desk.vault.check().has_errors
    assert desk.git("status", "--porcelain") == ""
    assert not list((desk.folder / "captures").glob("*"))  # git ignores them: they stay where they were made
    assert desk.found("Zerodur") == [GEM]
    assert GEM in desk.in_context("what is the mirror made of?")
    assert desk.vault.log().entries
    before = desk.head()
    assert desk.vault.promote(MASS).commit
    assert desk.vault.new("memory", "The dome turns.", type="knowledge").commit
    assert desk.machine.propose("The truss is carbon.").commit
    assert desk.vault.undo("HEAD").commit
    assert desk.vault.mirror_build().commit
    assert desk.vault.mirror_check().outdated == ()
    assert len(desk.commits_since(before)) == 5
    assert desk.git("status", "--porcelain") == ""
    if way is other_remote:
        assert desk.vault.on_machine_branch()
    desk.git("fsck", "--strict", "--connectivity-only")
    desk.close()


def test_machines_commit_on_the_default_branch_whatever_its_name(clone: Clone, tmp_path: Path) -> None:
    desk = clone("-b", "side", "-o", "upstream")
    assert not desk.vault.on_machine_branch()
    assert desk.vault.machine_branch() == "main"
    desk.close()
    desk.git("remote", "remove", "upstream")
    assert desk.vault.machine_branch() == "side"  # the only one there is
    desk.git("branch", "atocore-mirror")
    assert desk.vault.machine_branch() == "side"
    desk.git("branch", "another")
    assert desk.vault.machine_branch() == "main"


def test_a_partial_clone_without_its_remote_says_so(clone: Clone, origin: Path, tmp_path: Path) -> None:
    away = shutil.copytree(origin, tmp_path / "remote", symlinks=True)
    there = Desk(away)
    there.edit("memories/scope/gem.md", "made of", "cut from")
    there.commit()
    desk = clone("--filter=blob:none", source=f"file://{away}")
    away.rename(tmp_path / "away")
    with pytest.raises(AtocoreError) as caught:
        desk.vault.check()
    assert "this partial clone lacks an object" in caught.value.message
    assert "git fetch" in caught.value.hint


def test_a_clone_on_the_mirrors_own_branch(clone: Clone, origin: Path, tmp_path: Path) -> None:
    source = Desk(shutil.copytree(origin, tmp_path / "source", symlinks=True))
    source.edit("atocore.yaml", "mirror: folder", "mirror: branch")
    source.commit(message="pages on their own branch")
    source.vault.mirror_build()
    source.close()
    desk = clone(source=str(source.folder))
    assert desk.vault.mirror_check().missing == ()
    with pytest.raises(AtocoreError) as caught:
        find_vault(clone("-b", "atocore-mirror", source=str(source.folder), name="pages").folder)
    assert "the branch atocore-mirror" in caught.value.message
    assert caught.value.hint.endswith("switch main")


# -- where there is no vault --------------------------------------------------------------------------------


def no_vault(folder: Path) -> AtocoreError:
    with pytest.raises(AtocoreError) as caught:
        find_vault(folder)
    return caught.value


@pytest.mark.parametrize("option", ["--bare", "--mirror"])
def test_a_bare_clone_is_told_to_be_cloned(clone: Clone, option: str) -> None:
    error = no_vault(clone(option, name="vault.git").folder)
    assert error.code == "bare-repository"
    assert error.hint.startswith("git clone ")


def test_the_command_that_is_named_brings_the_vault(clone: Clone, origin: Path) -> None:
    def mended(desk: Desk) -> str:
        """What was told; its command, run, makes a vault of it."""
        error = no_vault(desk.folder)
        assert error.code == "not-a-vault"
        command = error.hint.split()
        assert command[:2] == ["git", "-C"]
        run_git(Path(command[2]), *command[3:])
        assert find_vault(desk.folder) == desk.folder
        return error.message

    assert "nothing is checked out yet" in mended(clone("--no-checkout", name="a"))
    gone = clone(name="b")
    (gone.folder / "atocore.yaml").unlink()
    assert "gone from the work tree" in mended(gone)
    gone.git("rm", "-q", "--cached", "atocore.yaml")
    (gone.folder / "atocore.yaml").unlink()
    assert "gone from the work tree" in mended(gone)
    gone.git("checkout", "-q", "--orphan", "fresh")
    gone.git("rm", "-rfq", ".")
    assert "it is on main" in mended(gone)
    gone.git("sparse-checkout", "set", "--no-cone", "/memories/")
    assert "outside the sparse checkout" in mended(gone)


def test_a_vault_further_down_is_named(clone: Clone, origin: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = clone(source=str(origin.parent / "big"))
    monkeypatch.chdir(desk.folder)
    assert no_vault(desk.folder).hint == "atocore --vault docs/vault status"
    desk.git("sparse-checkout", "set", "elsewhere")
    error = no_vault(desk.folder)
    assert "outside the sparse checkout" in error.message
    assert error.hint.endswith("sparse-checkout add docs/vault")


def test_elsewhere_it_is_told_how_a_vault_is_made(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "empty")
    for place in (tmp_path, tmp_path / "empty"):
        assert "atocore init DIR" in no_vault(place).hint
    assert "does not exist" in no_vault(tmp_path / "nowhere").message


# -- what no clone brings along -----------------------------------------------------------------------------


def test_the_first_step_tells_once_what_a_clone_lacks(clone: Clone) -> None:
    desk = clone()
    config = (desk.folder / ".git/config").read_bytes()
    assert [offer.name for offer in desk.vault.status().offers] == [
        *("merge-driver", "pre-commit-hook", "capture-hook")
    ]
    assert desk.machine.propose("The truss is carbon.").hints == ()  # a machine is not told
    assert desk.vault.promote(MASS, dry_run=True).hints == ()
    (told,) = desk.vault.promote(MASS).hints
    assert "`atocore hook install --git`" in told
    assert "`atocore hook decline`" in told
    assert desk.vault.demote(MASS).hints == ()
    desk.close()
    assert desk.vault.promote(MASS).hints == ()
    assert desk.vault.status().offers  # that is what it is asked for
    assert (desk.folder / ".git/config").read_bytes() == config


def test_a_clone_is_set_up_with_one_command(clone: Clone) -> None:
    desk = clone()
    shown = desk.vault.git_hook_install(dry_run=True)
    assert (shown.changed, shown.merge_driver_set, shown.dry_run) == (True, True, True)
    assert desk.vault.status().offers
    done = desk.vault.git_hook_install()
    assert (done.state, done.changed, done.merge_driver_set) == ("installed", True, True)
    assert desk.vault.status().offers == ()
    assert desk.vault.promote(MASS).hints == ()
    again = desk.vault.git_hook_install()
    assert (again.changed, again.merge_driver_set) == (False, False)


def test_what_is_declined_is_not_offered_again(clone: Clone) -> None:
    desk = clone()
    assert desk.vault.hook_decline(dry_run=True).changed
    assert desk.vault.status().offers
    assert desk.vault.hook_decline().changed
    assert desk.vault.status().offers == ()
    assert desk.vault.promote(MASS).hints == ()
    assert not desk.vault.hook_decline().changed
    noted = json.loads((desk.folder / ".atocore/offers.json").read_text())
    assert noted == {"declined": True}


def test_pages_merge_in_a_clone_that_is_set_up(clone: Clone) -> None:
    desk = clone()
    desk.vault.git_hook_install()
    page = next((desk.folder / "mirror").rglob("index.md")).relative_to(desk.folder)
    desk.git("checkout", "-q", "-b", "theirs")
    desk.put(str(page), "theirs\n")
    desk.commit(message="theirs")
    desk.git("checkout", "-q", "main")
    desk.put(str(page), "ours\n")
    desk.commit(message="ours")
    desk.git("merge", "-q", "-m", "both", "theirs")
    assert desk.text(str(page)) == "ours\n"


def test_who_made_the_vault_is_offered_nothing(origin: Path, tmp_path: Path) -> None:
    desk = Desk(shutil.copytree(origin, tmp_path / "made", symlinks=True))
    assert desk.vault.status().offers == ()
    assert desk.vault.promote(MASS).hints == ()
    desk.close()


def test_a_vault_that_cannot_be_noted_in_is_told_and_not_stopped(clone: Clone) -> None:
    desk = clone()
    desk.vault.catch_up()
    (desk.folder / ".atocore/offers.json.new").mkdir()
    assert desk.vault.promote(MASS).commit
    assert Vault.open(desk.folder, actor=Actor.PERSON).status().offers
