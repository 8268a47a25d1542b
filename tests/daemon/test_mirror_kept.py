"""A running daemon keeps the mirror true: after things settle, on the machines' branch, and not too often."""

from __future__ import annotations

from collections.abc import Callable

from desk import Desk
from fake_embedder import FakeEmbedder
from running import Running

from atocore.daemon.process import once
from atocore.index.model import Model

QUICK = "format: 1\ndaemon:\n  commit_seconds: 0.1\n  mirror_seconds: {}\n"

FRAME = """
-- entities/scope/frame.md --
id: ent-frame
type: component
project: scope
title: Frame
--
It carries the secondary.
"""


def kept(desk: Desk, seconds: float = 0, more: str = "") -> Desk:
    """The desk with a mirror that the daemon keeps."""
    desk.put("atocore.yaml", QUICK.format(seconds) + more)
    desk.commit(message="Settings")
    return desk


def mirror_commits(desk: Desk) -> int:
    return desk.git("log", "--format=%s").count("mirror: ")


def rests(running: Running) -> None:
    """Wait until nothing more happens."""
    last = -1
    while (rounds := running.ping()["rounds"]) != last:
        last = rounds
        running.daemon.stopping.wait(0.8)


def until_committed(running: Running, desk: Desk, times: int) -> None:
    """Wait until the mirror was committed so often, and the daemon is done with it."""
    running.until(lambda: mirror_commits(desk) == times)
    rests(running)


def test_the_mirror_follows_what_people_commit(desk: Desk, start: Callable[[Desk], Running]) -> None:
    running = start(kept(desk))
    until_committed(running, desk, 1)
    desk.put("notes/draft.md", "Not yet.\n")
    desk.git("add", "notes/draft.md")
    desk.edit("memories/scope/gem.md", "value: Zerodur", "value: steel")
    desk.git("commit", "-q", "-m", "Steel", "memories")
    until_committed(running, desk, 2)
    assert "steel" in desk.text("mirror/scope/memories.md")
    assert desk.git("status", "--porcelain") == "A  notes/draft.md\n"
    assert mirror_commits(desk) == 2
    assert not desk.vault.mirror_check().outdated


def test_between_two_of_its_commits_there_is_a_pause(desk: Desk, start: Callable[[Desk], Running]) -> None:
    running = start(kept(desk, 3600))
    until_committed(running, desk, 1)
    desk.edit("memories/scope/gem.md", "value: Zerodur", "value: steel")
    desk.commit()
    running.sync()
    rests(running)
    assert mirror_commits(desk) == 1
    assert desk.vault.mirror_check().outdated


def test_on_another_branch_the_mirror_waits(desk: Desk, start: Callable[[Desk], Running]) -> None:
    kept(desk).git("switch", "-q", "-c", "side")
    running = start(desk)
    rests(running)
    assert mirror_commits(desk) == 0
    desk.git("switch", "-q", "main")
    until_committed(running, desk, 1)


def test_a_page_that_is_being_edited_stays(desk: Desk, start: Callable[[Desk], Running]) -> None:
    running = start(kept(desk))
    until_committed(running, desk, 1)
    page = "mirror/scope/memories.md"
    desk.put(page, desk.text(page) + "Mine.\n")
    desk.save(FRAME)
    desk.git("add", "entities")
    desk.git("commit", "-q", "-m", "Frame")
    until_committed(running, desk, 2)
    assert desk.text(page).endswith("Mine.\n")


def test_once_builds_it_too(desk: Desk) -> None:
    done = once(kept(desk, 3600).folder, Model(FakeEmbedder))
    assert (mirror_commits(desk), done.commits[-1]) == (1, desk.head())
    assert once(desk.folder, Model(FakeEmbedder)).commits == ()


def test_it_may_be_kept_on_a_branch_of_its_own(desk: Desk, start: Callable[[Desk], Running]) -> None:
    before = kept(desk, 0, "mirror: branch\n").head()
    running = start(desk)
    running.until(lambda: bool(desk.git("branch", "--list", "atocore-mirror")))
    rests(running)
    assert desk.head() == before
    assert desk.git("status", "--porcelain") == ""
