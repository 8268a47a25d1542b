"""The build tells the package's commit, and who says so; a repository that only lies around says nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from desk import run_git

from atocore.app.build import UNKNOWN, Build, build

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / "atocore"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('__version__ = "1"\n')
    return folder


def installed(package: Path, told: object) -> None:
    record = package.parent / "atocore-1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: atocore\nVersion: 1\n")
    (record / "direct_url.json").write_text(told if isinstance(told, str) else json.dumps(told))


def committed(folder: Path, *paths: str) -> str:
    run_git(folder, "init", "-q")
    run_git(folder, "add", *paths)
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    run_git(folder, *identity, "commit", "-q", "--allow-empty", "-m", "Start")
    return run_git(folder, "rev-parse", "HEAD").strip()


def test_the_installed_packages_record_goes_first(package: Path) -> None:
    installed(package, {"url": "https://example.org/x.git", "vcs_info": {"vcs": "git", "commit_id": SHA}})
    committed(package.parent, "atocore")
    assert build({"ATOCORE_BUILD_SHA": "other"}, package) == Build(SHA, "package")


@pytest.mark.parametrize("told", [{"url": "file:///x", "dir_info": {}}, "{", "[]", '{"vcs_info": 3}'])
def test_a_record_without_a_commit_says_nothing(package: Path, told: object) -> None:
    installed(package, told)
    assert build({}, package) == Build(UNKNOWN, UNKNOWN)


def test_the_checkout_that_has_the_packages_files_tells_and_whether_they_were_changed(package: Path) -> None:
    sha = committed(package.parent, "atocore")
    assert build({"ATOCORE_BUILD_SHA": "other"}, package) == Build(sha, "checkout", False)
    (package / "__init__.py").write_text("changed\n")
    assert build({}, package) == Build(sha, "checkout", True)


def test_a_repository_that_only_lies_around_the_installation_says_nothing(package: Path) -> None:
    committed(package.parent)
    assert build({}, package) == Build(UNKNOWN, UNKNOWN)


def test_the_environment_tells_where_nothing_else_does(package: Path) -> None:
    assert build({"ATOCORE_BUILD_SHA": f" {SHA}\n"}, package) == Build(SHA, "environment")
