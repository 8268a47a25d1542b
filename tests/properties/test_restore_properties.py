"""A restore of a backup is the vault as it was then, whatever verbs and edits made it, and came after."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from desk import Desk, copied_desk, files_in, founded
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atocore.app.backups.restored_answer import Options
from atocore.app.backups.restoring import restore

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=30)
NAMES = st.sampled_from(["a.md", "notes/b.md", "notes/deep/c.txt", "notes", os.fsdecode(b"odd\xff.md")])
STEPS = st.one_of(
    st.tuples(st.just("save"), NAMES, TEXT),
    st.tuples(st.just("remove"), NAMES, TEXT),
    st.tuples(st.just("stage"), NAMES, TEXT),
    st.tuples(st.just("commit"), NAMES, TEXT),
    st.tuples(st.just("stash"), NAMES, TEXT),
    st.tuples(st.just("branch"), NAMES, st.sampled_from(["side", "other/one"])),
    st.tuples(st.just("propose"), NAMES, TEXT),
    st.tuples(st.just("capture"), NAMES, TEXT),
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = founded(tmp_path_factory.mktemp("restored") / "vault")
    made.close()
    return made.folder


def take(desk: Desk, step: tuple[str, str, str]) -> None:
    verb, name, text = step
    path = desk.folder / name
    if verb == "save" and not path.is_dir() and path.parent.is_dir() | (not path.parent.exists()):
        desk.put(name, text)
    elif verb == "remove" and path.is_file():
        path.unlink()
    elif verb == "stage":
        desk.git("add", "-A")
    elif verb == "commit":
        desk.git("add", "-A")
        desk.git("commit", "-q", "--allow-empty", "-m", "by hand")
    elif verb == "stash" and desk.git("status", "--porcelain"):
        desk.git("stash", "push", "-q", "-u")
    elif verb == "branch":
        desk.git("branch", "-f", text)
    elif verb == "propose":
        desk.vault.propose(f"The truss is {text.strip() or 'carbon'}.")
    elif verb == "capture":
        desk.vault.capture(f"What of {text.strip() or 'it'}?")


def picture(desk: Desk) -> tuple[object, ...]:
    files = {
        path: (raw, (desk.folder / path).stat().st_mode & 0o100)
        for path, raw in files_in(desk.folder).items()
    }
    refs = desk.git("for-each-ref", "--format=%(refname) %(objectname)")
    stashes = desk.git("stash", "list", "--format=%gd %H")
    return files, refs, stashes, desk.git("status", "--porcelain", "-uall"), desk.git("diff", "--cached")


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=6), st.lists(STEPS, max_size=4))
def test_a_restore_gives_the_vault_as_it_was(
    template: Path, before: list[tuple[str, str, str]], after: list[tuple[str, str, str]]
) -> None:
    with TemporaryDirectory() as folder:
        desk = copied_desk(template, Path(folder) / "vault")
        for step in before:
            take(desk, step)
        then = picture(desk)
        place = f"{folder}/kept"
        stamp = desk.vault.backup_create(to=place, embeddings=False).stamp
        for step in after:
            take(desk, step)
        now = picture(desk)
        desk.close()
        done = restore(stamp, desk.folder, source=place, options=Options(index=False))
        assert done.restored_integrity_ok, done.findings
        assert picture(desk) == then
        assert done.safety is not None
        back = restore(done.safety.stamp, desk.folder, source=place, options=Options(False, False))
        assert back.restored_integrity_ok, back.findings
        assert picture(desk) == now
        desk.close()
