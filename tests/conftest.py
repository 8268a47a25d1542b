"""What every test stands on: an empty home, no git identity but the template's, and a repository to copy."""

from __future__ import annotations

import gc
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
settings.load_profile("untimed")

TEMPLATE_FILES = {
    "atocore.yaml": "format: 1\n",
    "memories/p/one.md": "one\n",
    "memories/p/two.md": "two\n",
    "memories/p/gone.md": "gone\n",
    "staged.md": "staged: old\n",
    "unstaged.md": "unstaged: old\n",
    "notes/other.md": "other\n",
}

LONG = (
    "tests/torture/test_torture.py",
    "tests/properties/test_index_equality.py",
    "tests/properties/test_vault_machine.py",
    "tests/properties/test_mirror_properties.py",
    "tests/index/test_embedding.py",
    "tests/app/test_given_data.py",
    "tests/transcripts/test_transcripts.py",
    "tests/operations/test_operations.py",
)
"""What takes longest goes first, so that no process is left with it while the others are done."""

LENGTHS = ("ATOCORE_EQUALITY_", "ATOCORE_MACHINE_", "ATOCORE_TORTURE_")
"""How long the long tests are, and which way they go: what a person who runs them may say."""


def pytest_configure(config: pytest.Config) -> None:
    """Point everything that looks for a home or a git identity at an empty folder, before any test."""
    home = Path(tempfile.mkdtemp(prefix="atocore-test-home-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    for name in [name for name in os.environ if name.startswith(("GIT_", "XDG_", "ATOCORE_"))]:
        if not name.startswith(LENGTHS):
            del os.environ[name]
    for name in ("EMAIL", "SSH_AUTH_SOCK", "GPG_AGENT_INFO", "CLAUDE_CONFIG_DIR", "CODEX_HOME"):
        os.environ.pop(name, None)
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(home)
    for name in ("CONFIG", "CACHE", "DATA", "STATE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())
    runtime = home / "run"
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    (home / "gitconfig").write_text("[maintenance]\n\tauto = false\n")  # a process more at each commit
    os.environ["GIT_CONFIG_GLOBAL"] = str(home / "gitconfig")
    os.environ["GIT_CONFIG_SYSTEM"] = os.devnull
    os.environ["GIT_CONFIG_NOSYSTEM"] = "1"
    guard_the_home(Path(pwd.getpwuid(os.getuid()).pw_dir))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first; all else stays in its (random) order."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


def pytest_collection_finish() -> None:
    """What was collected stays as long as the process: the garbage collector need not look at it again."""
    gc.freeze()


def guard_the_home(home: Path) -> None:
    """Break whatever opens, renames or removes what is an assistant's or AtoCore's in the real home."""
    kept = tuple(str(home / name) for name in (".claude", ".codex", ".local/share/atocore"))

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if event in ("open", "os.rename", "os.remove", "os.mkdir", "os.listdir", "os.scandir"):
            paths = [os.fsdecode(one) for one in arguments if isinstance(one, str | bytes)]
            if any(path == one or path.startswith((one + "/", one + ".")) for path in paths for one in kept):
                raise PermissionError(f"a test reaches into the real home: {event} {paths}")

    sys.addaudithook(watch)


def run_git(folder: Path, *args: str) -> str:
    """Git as a person runs it, in a folder; its output."""
    done = subprocess.run(["git", *args], cwd=folder, capture_output=True, check=False)
    assert done.returncode == 0, f"git {args}: {os.fsdecode(done.stderr)}"
    return os.fsdecode(done.stdout)


@pytest.fixture(scope="session")
def template_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A committed repository with an identity of its own. Copy it, never write to it."""
    folder = tmp_path_factory.mktemp("template") / "vault"
    for name, text in TEMPLATE_FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", "A Reviewer")
    run_git(folder, "config", "user.email", "reviewer@example.org")
    run_git(folder, "add", "-A")
    run_git(folder, "commit", "-q", "-m", "Start")
    return folder


@pytest.fixture
def copied(template_repository: Path, tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes further copies of the template by name."""

    def copy(name: str) -> Path:
        return shutil.copytree(template_repository, tmp_path / name, symlinks=True)

    yield copy


@pytest.fixture
def repo(copied: Callable[[str], Path]) -> Path:
    """A fresh copy of the template repository."""
    return copied("vault")
