"""The mirror on real git: built and kept true; what people made of it is kept and told."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from desk import Desk, files_in, refusal, run_git

from atocore.app.mirroring import MirrorBuilt
from atocore.errors import AtocoreError
from atocore.views.mirror import frame

FRAME = "mirror/scope/records/frame--"
STATE = """
-- state/scope/glass.md --
id: sta-c0at
type: config
project: scope
subject: primary mirror
attribute: coating
value: aluminium
--
The primary mirror is coated with aluminium.
"""
OTHER_STATE = STATE.replace("sta-c0at", "sta-sh0p").replace("glass.md", "shop.md").replace("mirror", "shop")


def built(desk: Desk, **options: bool) -> MirrorBuilt:
    return desk.vault.mirror_build(**options)


def pages(desk: Desk) -> dict[str, bytes]:
    return {path: raw for path, raw in files_in(desk.folder).items() if path.startswith("mirror/")}


def frame_page(desk: Desk) -> str:
    return next(path for path in pages(desk) if path.startswith(FRAME))


def is_true(desk: Desk) -> bool:
    found = desk.vault.mirror_check()
    return not (found.missing or found.outdated or found.left_over or found.edited)


@pytest.fixture
def shown(desk: Desk) -> Desk:
    """A desk whose mirror is built."""
    assert built(desk).commit == desk.head()
    return desk


# -- building -----------------------------------------------------------------------------------------------


def test_the_pages_are_one_commit_of_a_machines_and_nothing_else(desk: Desk) -> None:
    desk.put("notes/draft.md", "Not yet.\n")
    desk.put("notes/staged.md", "Nearly.\n")
    desk.git("add", "notes/staged.md")
    before = desk.head()
    done = built(desk)
    assert desk.commits_since(before) == [done.commit]
    assert desk.touched() == set(done.pages) == set(pages(desk))
    assert desk.git("status", "--porcelain") == "A  notes/staged.md\n?? notes/draft.md\n"
    assert "Atocore-Action: mirror" in desk.message()
    assert "Atocore-Actor: machine" in desk.message()
    assert is_true(desk)


def test_building_again_writes_nothing(shown: Desk) -> None:
    state = shown.state()
    for whole in (False, True):
        assert built(shown, whole=whole) == MirrorBuilt(None)
    assert shown.state() == state


def test_a_change_rewrites_the_pages_that_show_it_and_no_other(shown: Desk) -> None:
    shown.commit("-- notes/other.md --\n# A note\n\nSaid.\n")
    assert built(shown).commit is None
    page = frame_page(shown)
    shown.edit("entities/scope/frame.md", "The truss frame", "The welded frame")
    shown.commit()
    done = built(shown)
    assert page in done.pages
    assert "mirror/conflicts.md" not in done.pages
    assert "mirror/review.md" not in done.pages
    assert "welded" in shown.text(page)
    assert is_true(shown)


def test_a_page_is_the_same_whatever_the_clone_knows_of_the_past(shown: Desk, tmp_path: Path) -> None:
    shown.edit("entities/scope/frame.md", "The truss frame", "The welded frame")
    shown.commit()
    built(shown)
    run_git(tmp_path, "clone", "-q", "--depth", "1", shown.folder.as_uri(), "shallow")
    shallow = Desk(tmp_path / "shallow")
    assert is_true(shallow)
    assert built(shallow, whole=True).pages == ()
    shown.git("reset", "-q", "--soft", shown.git("rev-list", "--max-parents=0", "HEAD").strip())
    shown.git("commit", "-q", "-m", "All of it, squashed")
    assert is_true(shown)


def test_a_page_stays_as_it_is_while_time_passes_and_others_change(
    shown: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, before = frame_page(shown), pages(shown)
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2031-01-01T00:00:00Z")
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2031-01-01T00:00:00Z")
    shown.commit("-- notes/other.md --\n# A note\n\nSaid.\n")
    shown.close()
    monkeypatch.setattr("atocore.clock.now", lambda: datetime(2031, 6, 1, tzinfo=UTC))
    assert built(shown, whole=True).commit is None
    shown.commit(STATE)
    assert built(shown).commit
    assert pages(shown)[page] == before[page]
    assert pages(shown) != before


def test_a_dry_run_shows_the_pages_and_writes_nothing(desk: Desk) -> None:
    state = desk.state()
    done = built(desk, dry_run=True)
    assert desk.state() == state
    assert (done.commit, done.dry_run) == (None, True)
    assert "+++ b/mirror/index.md" in done.diff
    assert built(desk).pages == done.pages


def test_a_new_title_renames_the_page(shown: Desk) -> None:
    old = frame_page(shown)
    shown.edit("entities/scope/frame.md", "title: Frame", "title: Welded truss")
    shown.commit()
    done = built(shown)
    assert done.removed == (old,)
    assert any(path.startswith("mirror/scope/records/welded-truss--") for path in done.pages)
    assert not (shown.folder / old).exists()
    assert is_true(shown)


def test_links_follow_a_moved_record(shown: Desk) -> None:
    (shown.folder / "elsewhere").mkdir()
    shown.git("mv", "entities/scope/frame.md", "elsewhere/the frame.md")
    shown.commit()
    built(shown)
    assert "../../../elsewhere/the%20frame.md" in shown.text(frame_page(shown))
    assert is_true(shown)


def test_a_record_that_is_deleted_takes_its_page_along(shown: Desk) -> None:
    page = frame_page(shown)
    (shown.folder / "entities/scope/frame.md").unlink()
    shown.commit()
    assert page in built(shown).removed
    assert is_true(shown)


def test_another_format_rewrites_every_page(shown: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    every = set(pages(shown))
    for module in ("atocore.views.mirror.frame", "atocore.app.mirroring"):
        monkeypatch.setattr(f"{module}.FORMAT", frame.FORMAT + 1)
    assert set(built(shown).pages) == every
    assert is_true(shown)


def test_without_its_index_the_mirror_is_what_it_was(shown: Desk) -> None:
    shown.close()
    shutil.rmtree(shown.folder / ".atocore")
    assert built(shown) == MirrorBuilt(None)


def test_who_reads_another_branch_builds_what_that_one_says(shown: Desk) -> None:
    main = pages(shown)
    shown.git("switch", "-q", "-c", "side")
    shown.commit(STATE)
    built(shown)
    side = pages(shown)
    shown.git("switch", "-q", "main")
    assert built(shown).commit is None
    assert pages(shown) == main
    shown.git("switch", "-q", "side")
    assert built(shown).commit is None
    assert pages(shown) == side
    shown.git("revert", "--no-edit", "HEAD~1")
    built(shown)
    assert is_true(shown)


# -- where it is built --------------------------------------------------------------------------------------


def test_a_vault_may_be_a_folder_of_a_larger_repository(desk: Desk, tmp_path: Path) -> None:
    team = tmp_path / "team"
    team.mkdir()
    run_git(team, "init", "-q", "-b", "main")
    run_git(team, "config", "user.name", "A Reviewer")
    run_git(team, "config", "user.email", "reviewer@example.org")
    shutil.copytree(desk.folder, team / "know", ignore=shutil.ignore_patterns(".git", ".atocore"))
    (team / "mirror").mkdir()
    (team / "mirror" / "optics.c").write_text("int main;\n")
    run_git(team, "add", "-A")
    run_git(team, "commit", "-q", "-m", "All")
    inner = Desk(team / "know")
    assert built(inner).commit
    assert set(run_git(team, "ls-files", "mirror").split()) == {"mirror/optics.c"}
    assert {path.partition("/")[0] for path in inner.touched()} == {"know"}
    assert is_true(inner)
    assert built(inner) == MirrorBuilt(None)
    inner.close()


def test_two_clones_build_the_same_bytes(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.commit(STATE)
    run_git(tmp_path, "clone", "-q", str(desk.folder), "other")
    other = Desk(tmp_path / "other")
    built(desk)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LC_ALL", "tr_TR.UTF-8")
    monkeypatch.chdir(tmp_path)
    built(other)
    assert pages(other) == pages(desk)
    other.close()


def test_where_nothing_is_committed_nothing_is_shown(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "-b", "main")
    desk = Desk(tmp_path)
    desk.put("atocore.yaml", "format: 1\n")
    done = built(desk)
    assert (done.commit, done.pages) == (None, ())
    assert "nothing is committed yet" in done.notes[0]
    assert files_in(tmp_path).keys() == {"atocore.yaml"}
    desk.close()


def test_a_detached_head_and_a_merge_under_way_are_refused_and_checked(shown: Desk) -> None:
    shown.commit(STATE)
    shown.git("switch", "-q", "--detach")
    with pytest.raises(AtocoreError) as caught:
        built(shown)
    assert caught.value.code == "detached-head"
    assert built(shown, dry_run=True).pages
    assert shown.vault.mirror_check().outdated
    shown.git("switch", "-q", "main")
    shown.git("switch", "-q", "-c", "side", "HEAD~1")
    shown.commit("-- notes/side.md --\nOf the side.\n")
    shown.git("switch", "-q", "main")
    shown.git("merge", "-q", "--no-commit", "side")
    with pytest.raises(AtocoreError) as caught:
        built(shown)
    assert caught.value.code == "git-in-progress"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_vault_that_cannot_be_written_is_checked_all_the_same(shown: Desk) -> None:
    shown.commit(STATE)
    shown.close()
    shown.folder.chmod(0o555)
    try:
        assert shown.vault.mirror_check().outdated
        with pytest.raises(AtocoreError) as caught:
            built(shown)
        assert caught.value.code == "read-only"
    finally:
        shown.close()
        shown.folder.chmod(0o755)


def test_two_branches_that_both_built_merge_without_a_conflict(shown: Desk) -> None:
    shown.git("switch", "-q", "-c", "side")
    shown.commit(STATE)
    built(shown)
    shown.git("switch", "-q", "main")
    shown.commit(OTHER_STATE)
    built(shown)
    shown.git("merge", "-q", "--no-edit", "side")
    assert not is_true(shown)
    assert built(shown).edited == ()
    assert is_true(shown)


# -- what people made of it ---------------------------------------------------------------------------------


def test_a_saved_edit_stays_and_is_told_with_the_record(shown: Desk) -> None:
    page = frame_page(shown)
    shown.edit(page, "The truss frame", "The steel frame")
    edited = shown.text(page)
    shown.edit("entities/scope/frame.md", "The truss frame", "The welded frame")
    shown.git("commit", "-q", "-m", "by hand", "entities")
    for overwrite in (False, True):
        (told,) = built(shown, overwrite=overwrite).edited
        assert (told.path, told.saved, told.records) == (page, True, ("entities/scope/frame.md",))
        assert "entities/scope/frame.md" in told.correct
        assert told.restore == f"git restore --staged --worktree {page}"
        assert shown.text(page) == edited
    shown.git(*told.restore.split()[1:])
    assert built(shown).pages == (page,)
    assert "welded" in shown.text(page)
    assert is_true(shown)


@pytest.mark.parametrize("staged", [False, True])
def test_a_page_deleted_by_hand_is_restored(shown: Desk, staged: bool) -> None:
    page = frame_page(shown)
    (shown.folder / page).unlink()
    if not staged:
        assert shown.vault.mirror_check().missing == (page,)
        assert built(shown).restored == (page,)
        assert shown.git("status", "--porcelain") == ""
        return
    shown.git("add", "-A")
    (told,) = built(shown).edited
    shown.git(*told.restore.split()[1:])
    assert is_true(shown)


def test_the_whole_folder_comes_back(shown: Desk) -> None:
    before = pages(shown)
    shutil.rmtree(shown.folder / "mirror")
    assert set(built(shown).restored) == set(before)
    assert pages(shown) == before


def test_a_deletion_that_was_committed_is_written_anew(shown: Desk) -> None:
    page = frame_page(shown)
    shown.git("rm", "-q", page)
    shown.commit()
    assert shown.vault.mirror_check().missing == (page,)
    assert built(shown).pages == (page,)


def test_a_committed_edit_stays_until_it_is_overwritten(shown: Desk) -> None:
    page = frame_page(shown)
    shown.edit(page, "The truss frame", "The steel frame")
    shown.commit()
    shown.edit("entities/scope/frame.md", "The truss frame", "The welded frame")
    shown.commit()
    for whole in (False, True, False):
        done = built(shown, whole=whole)
        assert [(one.path, one.saved) for one in done.edited] == [(page, False)]
        assert page not in done.pages
        assert "steel" in shown.text(page)
    assert shown.vault.mirror_check().edited == done.edited
    assert page in built(shown, overwrite=True).pages
    assert is_true(shown)
    assert "steel" in shown.git("show", f"HEAD~1:{page}")


def test_an_edit_of_a_list_names_the_record_of_the_line(desk: Desk) -> None:
    desk.commit(STATE)
    built(desk)
    desk.edit("mirror/scope/state.md", "aluminium", "silver")
    desk.commit()
    (told,) = built(desk).edited
    assert told.records == ("state/scope/glass.md",)


def test_a_persons_own_file_is_told_and_never_removed(shown: Desk) -> None:
    shown.put("mirror/mine.md", "# Mine\n")
    shown.put("mirror/scope/photo.txt", "a photo")
    assert built(shown, whole=True).foreign == ("mirror/mine.md", "mirror/scope/photo.txt")
    shown.commit(STATE)
    for options in ({}, {"whole": True}, {"overwrite": True}, {"whole": True, "overwrite": True}):
        done = built(shown, **options)
        assert done.foreign == ("mirror/mine.md", "mirror/scope/photo.txt")
        assert done.removed == ()
    assert shown.text("mirror/mine.md") == "# Mine\n"
    assert is_true(shown)


def test_a_page_saved_as_it_shall_be_is_no_edit(shown: Desk) -> None:
    page = frame_page(shown)
    right = shown.text(page)
    shown.git("rm", "-q", page)
    shown.git("commit", "-q", "-m", "Away with it")
    shown.put(page, right)
    done = built(shown)
    assert (done.edited, done.pages) == ((), (page,))
    assert shown.git("status", "--porcelain") == ""


def test_line_ends_of_a_checkout_are_no_edit(shown: Desk) -> None:
    (shown.folder / ".gitattributes").write_text("*.md text eol=crlf\n")
    shown.commit()
    shutil.rmtree(shown.folder / "mirror")
    shown.git("checkout", "-q", "--", "mirror")
    assert b"\r\n" in (shown.folder / frame_page(shown)).read_bytes()
    assert is_true(shown)
    shown.commit(STATE)
    assert built(shown).edited == ()
    assert is_true(shown)


# -- on a branch of their own -------------------------------------------------------------------------------


def on_branch(desk: Desk, url: str = "") -> Desk:
    desk.put("atocore.yaml", f"format: 1\nmirror: branch\nmirror_url: '{url}'\n")
    desk.commit(message="Settings")
    desk.close()
    return desk


def branch_files(desk: Desk) -> dict[str, str]:
    listed = desk.git("ls-tree", "-r", "--name-only", "atocore-mirror").splitlines()
    return {path: desk.git("show", f"atocore-mirror:{path}") for path in listed}


def test_pages_on_their_own_branch_leave_the_work_tree_alone(desk: Desk) -> None:
    state = on_branch(desk).state()
    done = built(desk)
    assert (done.branch, done.commit) == ("atocore-mirror", desk.git("rev-parse", "atocore-mirror").strip())
    assert desk.state() == state
    assert desk.git("rev-list", "--count", "atocore-mirror").strip() == "1"
    assert set(branch_files(desk)) == set(done.pages)
    assert built(desk).commit is None
    assert is_true(desk)
    desk.commit(STATE)
    assert not is_true(desk)
    assert "mirror/scope/state.md" in built(desk).pages
    assert desk.git("rev-list", "--count", "atocore-mirror").strip() == "2"
    assert is_true(desk)


def test_on_the_branch_no_link_leads_out_of_it(desk: Desk) -> None:
    built(on_branch(desk))
    page = next(text for path, text in branch_files(desk).items() if path.startswith(FRAME))
    assert "`entities/scope/frame.md`" in page
    assert "](../../../entities" not in page
    assert "](../../index.md)" in page


def test_on_the_branch_links_may_lead_to_where_a_host_shows_the_records(desk: Desk) -> None:
    built(on_branch(desk, "https://git.example.org/team/blob/main/"))
    page = next(text for path, text in branch_files(desk).items() if path.startswith(FRAME))
    assert "](https://git.example.org/team/blob/main/entities/scope/frame.md)" in page


def test_an_edit_on_the_branch_stays_until_it_is_overwritten(desk: Desk) -> None:
    built(on_branch(desk))
    desk.git("switch", "-q", "atocore-mirror")
    page = next(path for path in pages(desk) if path.startswith(FRAME))
    desk.edit(page, "The truss frame", "The steel frame")
    desk.commit()
    desk.git("switch", "-q", "main")
    (told,) = built(desk).edited
    assert (told.path, told.saved, told.records) == (page, False, ("entities/scope/frame.md",))
    assert page in built(desk, overwrite=True).pages
    assert is_true(desk)


def test_a_clone_goes_on_where_the_remote_branch_stands(desk: Desk, tmp_path: Path) -> None:
    built(on_branch(desk))
    run_git(tmp_path, "clone", "-q", str(desk.folder), "other")
    other = Desk(tmp_path / "other")
    run_git(other.folder, "config", "user.name", "A Reviewer")
    run_git(other.folder, "config", "user.email", "reviewer@example.org")
    other.commit(STATE)
    assert built(other).commit
    assert other.git("rev-parse", "atocore-mirror~1") == desk.git("rev-parse", "atocore-mirror")
    other.close()


def test_the_branch_shows_the_machines_branch_and_none_that_is_checked_out(desk: Desk) -> None:
    built(on_branch(desk))
    desk.git("switch", "-q", "-c", "side")
    with pytest.raises(AtocoreError) as caught:
        built(desk)
    assert refusal(caught.value)[1].endswith("git switch main")
    desk.git("switch", "-q", "main")
    desk.git("worktree", "add", "-q", "../pages", "atocore-mirror")
    desk.commit(STATE)
    with pytest.raises(AtocoreError) as caught:
        built(desk)
    assert caught.value.code == "git-busy"


def test_who_changes_to_the_branch_is_told_of_the_folder(shown: Desk) -> None:
    assert "git rm -r mirror" in built(on_branch(shown)).notes[0]


def test_a_vault_may_keep_no_mirror(desk: Desk) -> None:
    desk.put("atocore.yaml", "format: 1\nmirror: off\n")
    for ask in (desk.vault.mirror_build, desk.vault.mirror_check):
        with pytest.raises(AtocoreError) as caught:
            ask()
        assert "mirror: off" in refusal(caught.value)[1]
