"""Which files an ingestion reads: patterns, ignore rules, encodings, names, and what is no document."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from desk import Desk, run_git

from atocore.app.gathering import Ingested
from atocore.errors import AtocoreError

TEXT = "# A\n\nPlain words.\n"


@pytest.fixture
def docs(desk: Desk) -> Path:
    folder = desk.folder.parent / "docs"
    folder.mkdir()
    return folder


def put(folder: Path, *names: str, text: str = "") -> None:
    for name in names:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text or f"# {name}\n\nPlain words.\n")


def read_by(desk: Desk, answer: Ingested) -> list[str]:
    """The paths, below the ingested folder, of the sources that a wave made."""
    made = {one.id for one in answer.records if one.kind == "source"}
    return sorted(str(desk.vault.show(one).keys["origin"]) for one in made)


def reasons(answer: Ingested) -> dict[str, str]:
    return {passed.path: passed.reason.split(":")[0] for passed in answer.skipped}


# -- patterns


def test_patterns_are_those_of_gitignore(desk: Desk, docs: Path) -> None:
    put(docs, "a.md", "B.MD", "drafts/c.md", "sub/drafts/d.md", "sub/e.rst", "sub/keep.md", "top/f.md")
    answer = desk.vault.ingest(
        docs, project="scope", include=("*.md",), exclude=("drafts/", "/sub/*", "!/sub/keep.md")
    )
    assert read_by(desk, answer) == ["B.MD", "a.md", "sub/keep.md", "top/f.md"]
    assert reasons(answer) == {}, "what a pattern leaves out was left out by a person"


def test_include_takes_the_place_of_the_settings_and_exclude_adds_to_them(desk: Desk, docs: Path) -> None:
    put(docs, "a.md", "b.log", ".hidden/c.log", "node_modules/d.log")
    answer = desk.vault.ingest(docs, project="scope", include=("*.log",))
    assert read_by(desk, answer) == ["b.log"]
    assert reasons(answer) == {"a.md": "not one of ingest.include"}


def test_a_pattern_that_is_none_is_refused(desk: Desk, docs: Path) -> None:
    with pytest.raises(AtocoreError, match="no pattern to exclude"):
        desk.vault.ingest(docs, exclude=("a/***/[",) if os.name == "nt" else ("!",))


def test_a_file_that_is_named_is_read_whatever_the_patterns(desk: Desk, docs: Path) -> None:
    put(docs, ".hidden.md")
    assert desk.vault.ingest(docs / ".hidden.md", project="scope").read == 1


# -- what git ignores


def repository(folder: Path) -> None:
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", "A")
    run_git(folder, "config", "user.email", "a@example.org")


def test_what_git_ignores_is_left_out_with_a_row(desk: Desk, docs: Path) -> None:
    repository(docs)
    put(docs, "a.md", "build/b.md", "sub/c.md", "sub/keep.md", "tracked.md", "d.md", "info.md")
    put(docs, ".gitignore", text="build/\ntracked.md\n")
    put(docs, "sub/.gitignore", text="*.md\n!keep.md\n")
    put(docs, ".git/info/exclude", text="info.md\n")
    run_git(docs, "add", "-f", "tracked.md")
    answer = desk.vault.ingest(docs, project="scope")
    assert read_by(desk, answer) == ["a.md", "d.md", "sub/keep.md", "tracked.md"]
    assert reasons(answer) == dict.fromkeys(["build/", "info.md", "sub/c.md"], "ignored by git")
    everything = desk.vault.ingest(docs, project="scope", gitignore=False)
    assert read_by(desk, everything) == ["build/b.md", "info.md", "sub/c.md"]


def test_a_folder_that_is_named_is_read_although_git_ignores_it(desk: Desk, docs: Path) -> None:
    """The demo's own documents lie so: in the packages of a virtual environment, within a checkout."""
    repository(docs)
    put(docs, "env/docs/a.md", "env/docs/b.md", "env/docs/deep/c.md")
    put(docs, ".gitignore", text="env/\n")
    put(docs, "env/docs/.gitignore", text="b.md\n")
    assert reasons(desk.vault.ingest(docs, project="scope")) == {"env/": "ignored by git"}
    answer = desk.vault.ingest(docs / "env/docs", project="scope")
    assert read_by(desk, answer) == ["a.md", "deep/c.md"]
    assert reasons(answer) == {"b.md": "ignored by git"}


def test_a_repository_in_the_folder_asks_its_own_rules(desk: Desk, docs: Path) -> None:
    repository(docs)
    put(docs, "inner/a.md", "inner/b.md", "c.md")
    repository(docs / "inner")
    put(docs, "inner/.gitignore", text="b.md\n")
    assert read_by(desk, desk.vault.ingest(docs, project="scope")) == ["c.md", "inner/a.md"]


def test_ignore_files_count_outside_of_repositories_too(desk: Desk, docs: Path) -> None:
    put(docs, "a.md", "build/b.md", "sub/c.md", "sub/keep.md")
    put(docs, ".gitignore", text="build/\n*.md\n!a.md\n")
    put(docs, "sub/.gitignore", text="!keep.md\n")
    assert read_by(desk, desk.vault.ingest(docs, project="scope")) == ["a.md", "sub/keep.md"]


def test_the_settings_may_say_that_ignore_rules_do_not_count(desk: Desk, docs: Path) -> None:
    put(docs, "a.md")
    put(docs, ".gitignore", text="a.md\n")
    desk.commit("-- atocore.yaml --\ningest:\n  gitignore: false\n")
    desk.close()
    assert desk.vault.ingest(docs, project="scope").read == 1


# -- where a document lies


def test_a_document_of_a_repository_is_the_same_however_it_is_reached(
    desk: Desk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository(docs)
    put(docs, "sub/deep/a.md")
    assert desk.vault.ingest(docs, project="scope").read == 1
    for number, path in enumerate(
        (docs / "sub", docs / "sub/deep/a.md", docs / "sub" / ".." / "sub" / "deep")
    ):
        put(docs, "sub/deep/a.md", text=f"# Changed\n\n{number}\n")
        assert len(desk.vault.ingest(path, project="scope").records) == 1
    monkeypatch.chdir(docs / "sub")
    put(docs, "sub/deep/a.md", text="# Changed\n\nagain\n")
    desk.vault.ingest(".", project="scope")
    moved = docs.rename(docs.parent / "elsewhere")
    run_git(moved, "remote", "add", "origin", "git@example.org:team/docs.git")
    put(moved, "sub/deep/a.md", text="# Changed\n\nin another checkout\n")
    desk.vault.ingest(moved, project="scope")
    (one,) = desk.vault.list(kind="source").records
    assert desk.vault.show(one.id).keys["place"] == "docs/sub/deep/a.md"


def test_two_folders_of_one_name_in_one_pass_are_both_taken_in(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, "a/docs/spec.md", text=TEXT)
    put(tmp_path, "b/docs/spec.md", text=TEXT + "More.\n")
    for _ in range(2):
        answer = desk.vault.ingest(tmp_path / "a/docs", tmp_path / "b/docs", project="scope")
        assert (answer.read, answer.skipped) == (2, ())
    assert answer.unchanged == 2
    assert len(desk.vault.list(kind="source").records) == 2


def test_a_file_that_two_arguments_lead_to_is_read_once(desk: Desk, docs: Path) -> None:
    put(docs, "sub/a.md", "b.md")
    (docs.parent / "link").symlink_to(docs)
    answer = desk.vault.ingest(docs, docs / "sub", docs / "b.md", docs.parent / "link", project="scope")
    assert (answer.read, len(answer.records), answer.skipped) == (2, 2, ())


def test_an_assistants_own_memory_is_known_by_where_it_lies(desk: Desk, tmp_path: Path) -> None:
    text = "# Decisions\n\n- We decided to use Zerodur for the mirror.\n"
    put(tmp_path, ".claude/projects/x/memory/MEMORY.md", text=text)
    own = desk.vault.ingest(tmp_path / ".claude/projects/x/memory", project="scope")
    assert (own.read, own.candidates) == (1, 0)
    assert "restates an assistant's own memory" in desk.text(own.report)
    assert desk.vault.extract(project="scope").candidates == 0
    put(tmp_path, "elsewhere/memory/MEMORY.md", text=f"{text}\nMore.\n")
    assert desk.vault.ingest(tmp_path / "elsewhere/memory", project="scope").candidates == 1


def test_two_projects_may_each_have_their_docs(desk: Desk, tmp_path: Path) -> None:
    put(tmp_path, "a/docs/spec.md", text=TEXT)
    put(tmp_path, "b/docs/spec.md", text=TEXT + "More.\n")
    desk.vault.ingest(tmp_path / "a/docs", project="scope")
    assert desk.vault.ingest(tmp_path / "b/docs", project="other").unchanged == 0
    assert desk.vault.ingest(tmp_path / "a/docs", project="scope").unchanged == 1


def test_a_document_that_is_renamed_keeps_its_source_and_its_history(desk: Desk, docs: Path) -> None:
    put(docs, "a.md", "b.md")
    desk.vault.ingest(docs, project="scope")
    before = {one.id for one in desk.vault.list(kind="source").records}
    (docs / "a.md").rename(docs / "c.md")
    answer = desk.vault.ingest(docs, project="scope")
    assert (answer.moved, answer.vanished) == (("a.md -> c.md",), ())
    assert {one.id for one in desk.vault.list(kind="source").records} == before
    assert desk.vault.ingest(docs, project="scope").commit is None
    assert desk.codes() == []


def test_a_renamed_folder_of_a_repository_takes_its_sources_along(desk: Desk, docs: Path) -> None:
    """Although only the folder as it is named now is ingested; what else left is not told to be gone."""
    repository(docs)
    put(docs, "old/a.md", text="# One\n\none\n")
    put(docs, "other/b.md", text="# Two\n\ntwo\n")
    first = desk.vault.ingest(docs, project="scope")
    (docs / "old").rename(docs / "new")
    (docs / "other" / "b.md").unlink()
    answer = desk.vault.ingest(docs / "new", project="scope")
    assert (answer.moved, answer.vanished) == (("old/a.md -> a.md",), ())
    assert {one.id for one in answer.records} < {one.id for one in first.records}
    assert desk.vault.ingest(docs, project="scope").vanished == ("other/b.md",)


def test_what_is_there_and_cannot_be_read_is_not_taken_for_gone(desk: Desk, docs: Path) -> None:
    put(docs, "a.md", "b.md", "c.md", "sub/d.md")
    desk.vault.ingest(docs, project="scope")
    (docs / "a.md").write_bytes(b"\xff\xfe\xfd")
    (docs / "b.md").unlink()
    (docs / "b.md").symlink_to("a.md")
    put(docs, "more.md")
    answer = desk.vault.ingest(docs, project="scope", exclude=("c.md", "sub/"))
    assert answer.vanished == ()
    assert desk.vault.ingest(docs / "more.md", project="scope").vanished == ()


# -- bytes


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_tells_the_encoding(desk: Desk, docs: Path, encoding: str) -> None:
    (docs / "a.txt").write_bytes("Maße: ±4 µm\r\n".encode(encoding))
    (one,) = desk.vault.ingest(docs, project="scope").records
    assert desk.vault.show(one.id).text == "Maße: ±4 µm\r\n"


def test_no_encoding_is_guessed(desk: Desk, docs: Path) -> None:
    (docs / "latin.txt").write_bytes("Maße: ±4 µm".encode("latin-1"))
    (docs / "half.txt").write_bytes(b"\xff\xfea\0b")
    (docs / "wide.txt").write_bytes("no mark".encode("utf-16-le"))
    answer = desk.vault.ingest(docs, project="scope")
    assert reasons(answer) == {"latin.txt": "not-utf8", "half.txt": "not-utf8", "wide.txt": "nul-byte"}
    assert "iconv" in next(passed.reason for passed in answer.skipped if passed.path == "latin.txt")


def test_odd_names_are_rows(desk: Desk, docs: Path) -> None:
    repository(docs)
    put(docs, "a\nb.md", "tab\tbed.md", "ok ünï.md", "-dash.md", "[x]*.md", ":(top)x.md")
    (docs / os.fsdecode(b"caf\xe9.md")).write_text(TEXT)
    answer = desk.vault.ingest(docs, project="scope")
    assert sorted(reason for reason in reasons(answer).values()) == ["bad-name", "bad-name", "not-utf8"]
    assert read_by(desk, answer) == ["-dash.md", ":(top)x.md", "[x]*.md", "ok ünï.md"]
    assert desk.codes() == []


def test_links_and_special_files_are_rows_and_loops_end(desk: Desk, docs: Path) -> None:
    put(docs, "sub/a.md")
    (docs / "sub/loop").symlink_to("..")
    (docs / "to-file.md").symlink_to("sub/a.md")
    os.mkfifo(docs / "pipe.md")
    answer = desk.vault.ingest(docs, project="scope")
    assert reasons(answer) == {
        "sub/loop/": "a symbolic link",
        "to-file.md": "a symbolic link",
        "pipe.md": "not a regular file",
    }
    assert answer.read == 1


def test_a_folder_that_cannot_be_listed_is_a_row_and_what_lies_in_it_is_not_gone(
    desk: Desk, docs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(docs, "closed/a.md", "b.md")
    desk.vault.ingest(docs, project="scope")
    listed, looked_at = os.scandir, os.lstat
    closed = os.fspath(docs / "closed")

    def scandir(path: str) -> object:  # root may read everything, so no mode of a folder closes it
        if os.fspath(path) == closed:
            raise PermissionError(errno.EACCES, "Permission denied", closed)
        return listed(path)

    def lstat(path: str, **more: object) -> object:
        if os.fspath(path).startswith(f"{closed}/"):
            raise PermissionError(errno.EACCES, "Permission denied", closed)
        return looked_at(path, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(os, "lstat", lstat)
    answer = desk.vault.ingest(docs, project="scope")
    assert reasons(answer) == {"closed": "unreadable"}
    assert (answer.read, answer.vanished, answer.commit) == (1, (), None)


def test_the_vault_is_no_document_of_its_own(desk: Desk) -> None:
    put(desk.folder, "docs/a.md")
    answer = desk.vault.ingest(desk.folder, project="scope")
    assert read_by(desk, answer) == ["README.md", "docs/a.md", "notes/visit.md"]
    assert set(reasons(answer).values()) == {"a file of this vault", "not one of ingest.include"}


def test_a_name_that_holds_a_secret_is_a_row_that_does_not_tell_it(desk: Desk, docs: Path) -> None:
    token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
    put(docs, f"notes-{token}.md", f"{token}/plain.md", "fine.md")
    answer = desk.vault.ingest(docs, project="scope")
    assert read_by(desk, answer) == ["fine.md"]
    assert len(answer.skipped) == 2
    assert {passed.reason for passed in answer.skipped} == {
        "its name holds a secret, which git would keep: rename it"
    }
    assert token not in str(answer)
    assert token not in desk.git("log", "-p", "--all")
