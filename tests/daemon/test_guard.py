"""When there is nothing left to be the daemon of."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from atocore.daemon import guard
from atocore.daemon.guard import Guard
from atocore.daemon.package import Package


@pytest.mark.parametrize("name", ["", "atocore.yaml", ".git"])
def test_what_is_gone_for_more_than_three_seconds_ends_it(repo: Path, name: str, tmp_path: Path) -> None:
    watching = Guard(repo, repo / ".git", Package(repo))
    assert watching.why_end(100.0) == ""
    (repo / name).rename(tmp_path / "away")
    assert watching.why_end(101.0) == ""
    assert watching.why_end(104.0) == ""
    assert "is gone" in watching.why_end(104.1)


def test_what_comes_back_in_time_does_not(repo: Path) -> None:
    watching = Guard(repo, repo / ".git", Package(repo))
    settings = repo / "atocore.yaml"
    text = settings.read_text()
    settings.unlink()
    assert watching.why_end(101.0) == ""
    settings.write_text(text)
    assert watching.why_end(103.0) == ""
    settings.unlink()
    assert watching.why_end(105.0) == ""


def test_another_folder_in_its_place_ends_it_at_once(repo: Path, tmp_path: Path) -> None:
    watching = Guard(repo, repo / ".git", Package(repo))
    shutil.copytree(repo, tmp_path / "other")
    repo.rename(tmp_path / "away")
    (tmp_path / "other").rename(repo)
    assert "another folder" in watching.why_end(101.0)


def test_a_sleep_of_the_machine_is_noticed_once(repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watching = Guard(repo, repo / ".git", Package(repo))
    assert not watching.slept()
    monkeypatch.setattr(guard, "_offset", lambda: 3_600.0)
    assert watching.slept()
    assert not watching.slept()
