"""A round keeps the index in step, and commits what machines made: on their branch, in batches, as theirs."""

from __future__ import annotations

import os

import pytest
from desk import Desk
from helpers import whole

RIVAL = """
-- memories/scope/bk7.md --
id: mem-bk7
project: scope
subject: primary mirror
attribute: glass
value: BK7
--
The primary mirror is made of BK7.
"""
COMMIT_CAPTURES = "capture:\n  commit: true\n"


def settings(desk: Desk, text: str) -> None:
    desk.put("atocore.yaml", f"format: 1\n{text}")
    desk.commit(message="Settings")
    desk.close()


def long_ago(desk: Desk, *paths: str) -> None:
    for path in paths:
        os.utime(desk.folder / path, (1_000_000_000, 1_000_000_000))


def conflict_files(desk: Desk) -> list[str]:
    return desk.git("ls-files", "conflicts").split()


def test_a_round_takes_in_what_was_saved_committed_and_removed(desk: Desk) -> None:
    desk.found("mirror")
    desk.put("notes/new.md", "A note about anamorphic lenses.\n")
    (desk.folder / "notes/visit.md").unlink()
    done = desk.machine.round(embed=False)
    assert (done.commit, done.changed, done.commits) == (desk.head(), 2, ())
    assert desk.machine.round(embed=False).changed == 0
    assert len(desk.found("anamorphic")) == 1
    assert desk.found("foundry") == []
    assert desk.stale() == []


def test_hinted_paths_alone_are_looked_at(desk: Desk) -> None:
    desk.found("mirror")
    desk.put("notes/one.md", "An anamorphic lens.\n")
    desk.put("notes/two.md", "A catadioptric lens.\n")
    assert desk.machine.round(["notes/one.md"], embed=False).changed == 1
    assert desk.machine.round(["notes/absent.md", "README.txt"], embed=False).changed == 0
    assert desk.machine.round(embed=False).changed == 1
    assert desk.stale() == []


def test_a_conflict_that_hand_made_commits_made_gets_its_file_as_a_machines_commit(desk: Desk) -> None:
    desk.machine.round(commit=True, embed=False)
    desk.commit(RIVAL)
    desk.put("notes/draft.md", "Not yet.\n")
    done = desk.machine.round(commit=True, embed=False)
    assert len(done.commits) == 1
    assert conflict_files(desk) == sorted(desk.touched())
    assert desk.git("log", "-1", "--format=%an").strip() == "atocore"
    assert "Atocore-Actor: machine" in desk.message()
    assert desk.git("status", "--porcelain") == "?? notes/draft.md\n"
    assert desk.machine.round(commit=True, embed=False).commits == ()
    assert desk.codes() == []


def test_on_another_branch_machine_made_files_wait(desk: Desk) -> None:
    desk.machine.round(commit=True, embed=False)
    desk.git("switch", "-q", "-c", "side")
    desk.commit(RIVAL)
    assert desk.machine.round(commit=True, embed=False).commits == ()
    assert conflict_files(desk) == []
    desk.git("switch", "-q", "main")
    desk.git("merge", "-q", "side")
    assert len(desk.machine.round(commit=True, embed=False).commits) == 1
    assert len(conflict_files(desk)) == 1


def test_the_machines_branch_is_the_one_that_the_settings_name(desk: Desk) -> None:
    settings(desk, "machine_branch: bots\n")
    desk.commit(RIVAL)
    assert desk.machine.round(commit=True, embed=False).commits == ()
    desk.git("switch", "-q", "-c", "bots")
    assert len(desk.machine.round(commit=True, embed=False).commits) == 1


def test_a_step_of_a_person_still_writes_the_rest_after_a_round_wrote_the_conflicts(desk: Desk) -> None:
    desk.commit(RIVAL)
    desk.machine.round(commit=True, embed=False)
    (path,) = conflict_files(desk)
    desk.edit(path, "status: open", f"status: resolved\nwinner: {whole('mem-bk7')}")
    desk.commit(message="BK7 it is")
    assert desk.machine.round(commit=True, embed=False).commits == ()
    assert desk.status("mem-gem") == "active"  # only a person's step says more than the files
    desk.vault.confirm(whole("mem-bk7"))
    assert desk.status("mem-gem") == "superseded"


def test_captures_are_committed_where_the_settings_say_so(desk: Desk) -> None:
    desk.put(".gitignore", "/.atocore/\n")
    settings(desk, COMMIT_CAPTURES)
    captured = [desk.machine.capture(f"Remember the truss {number}.").path for number in range(3)]
    done = desk.machine.round(commit=True, embed=False)
    assert len(done.commits) == 1
    assert sorted(desk.touched()) == sorted(captured)
    assert desk.git("status", "--porcelain") == ""
    assert desk.stale() == []
    assert desk.codes() == []


def test_captures_stay_out_of_git_by_default(desk: Desk) -> None:
    desk.put(".gitignore", "/.atocore/\n")
    desk.commit()
    desk.machine.capture("Remember the truss.")
    assert desk.machine.round(commit=True, embed=False).commits == ()


def test_autocommit_takes_peoples_saves_as_theirs_after_a_pause(desk: Desk) -> None:
    settings(desk, "autocommit: true\n")
    desk.edit("memories/scope/gem.md", "Zerodur.", "Zerodur, by Schott.")
    desk.put("notes/new.md", "Bring gloves.\n")
    (desk.folder / "notes/visit.md").unlink()
    long_ago(desk, "memories/scope/gem.md")
    done = desk.machine.round(commit=True, embed=False)
    assert len(done.commits) == 1
    assert desk.touched() == {"memories/scope/gem.md"}  # one was saved just now, and a deletion is no save
    assert desk.git("log", "-1", "--format=%an %ae").strip() == "A Reviewer reviewer@example.org"
    assert "Atocore-Actor: person" in desk.message()


def test_autocommit_takes_no_private_prompt_even_where_git_would(desk: Desk) -> None:
    desk.git("rm", "-q", ".gitignore")
    settings(desk, "autocommit: true\n")
    path = "captures/2026/11/22/int-c00000000000.md"
    desk.put(path, "---\nid: int-c00000000000\nkind: interaction\ntype: claude-code\n---\nPrivate.\n")
    long_ago(desk, path)
    assert desk.machine.round(commit=True, embed=False).commits == ()


def test_nothing_with_a_secret_is_committed_and_the_round_says_which(desk: Desk) -> None:
    settings(desk, "autocommit: true\ncapture:\n  commit: true\n")
    key = "ghp_" + "a1B2c3D4e5F6" * 3
    capture = "captures/2026/11/22/int-c00000000000.md"
    desk.put(capture, f"---\nid: int-c00000000000\nkind: interaction\ntype: claude-code\n---\nUse {key}.\n")
    desk.put(".gitignore", "/.atocore/\n")
    desk.put("notes/secret.md", f"one\n{key}\n")
    desk.put("notes/fine.md", "Bring gloves.\n")
    for path in (capture, ".gitignore", "notes/secret.md", "notes/fine.md"):
        long_ago(desk, path)
    done = desk.machine.round(commit=True, embed=False)
    assert "notes/fine.md" in desk.touched()
    assert f"{capture}:6 (github-token), notes/secret.md:2 (github-token)" in done.refused
    assert key not in desk.git("log", "-p", "--all") + done.refused


@pytest.mark.parametrize("text", ["id: [", "<<<<<<< HEAD\nid: a\n=======\nid: b\n>>>>>>> other"])
def test_autocommit_leaves_what_is_broken(desk: Desk, text: str) -> None:
    settings(desk, "autocommit: true\n")
    desk.put("memories/scope/broken.md", f"---\n{text}\n---\nBroken.\n")
    long_ago(desk, "memories/scope/broken.md")
    assert desk.machine.round(commit=True, embed=False).commits == ()


def test_while_a_merge_is_under_way_nothing_is_committed_and_the_round_says_so(desk: Desk) -> None:
    desk.commit(RIVAL)
    (desk.folder / ".git/MERGE_HEAD").write_text(desk.head() + "\n")
    done = desk.machine.round(commit=True, embed=False)
    assert done.commits == ()
    assert "merge is in progress" in done.refused
    (desk.folder / ".git/MERGE_HEAD").unlink()
    assert len(desk.machine.round(commit=True, embed=False).commits) == 1
