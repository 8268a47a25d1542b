"""Every way a file can be wrong is told by `check` with its path, harms no other file, and stays as it is."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from desk import Desk, run_git
from helpers import whole

from atocore.records.problem import PROBLEMS

GEM = whole("mem-gem")
HEAD = "---\nid: {id}\nkind: memory\ntype: knowledge\nstatus: active\n"
BAD = "memories/scope/bad.md"


def record(more: str = "", body: str = "Anamorphic.\n", record_id: str = "mem-bad") -> str:
    return HEAD.format(id=whole(record_id)) + whole(more) + "---\n" + body


TEXTS: dict[str, str | bytes] = {
    "not-utf8": record().encode() + b"caf\xe9\n",
    "nul-byte": record(body="a\0b\n"),
    "control-character": record('title: "bell \x07"\n'),
    "too-large": "x" * (8 * 1024 * 1024 + 1),
    "conflict-markers": record(body="<<<<<<< HEAD\na\n=======\nb\n>>>>>>> theirs\n"),
    "no-frontmatter": "Just words.\n",
    "unclosed-frontmatter": "---\nid: mem-bad000000000\nkind: memory\n\nwords\n",
    "broken-yaml": "---\nid: [\n---\nwords\n",
    "not-a-mapping": "---\n- a\n- b\n---\nwords\n",
    "duplicate-key": record("status: retired\n"),
    "too-deep": record("deep: " + "[" * 2000 + "]" * 2000 + "\n"),
    "too-many-aliases": record("a: &a [x]\nb: [" + ",".join(["*a"] * 2000) + "]\n"),
    "yaml-tag": record('x: !!python/object/apply:os.system ["true"]\n'),
    "unknown-kind": record().replace("kind: memory", "kind: memo"),
    "unknown-type": record().replace("type: knowledge", "type: wisdom"),
    "unknown-status": record().replace("status: active", "status: done"),
    "missing-key": record().replace("type: knowledge\n", ""),
    "missing-id": record().replace("id: mem-bad000000000\n", ""),
    "bad-id": record().replace("mem-bad000000000", "mem-short"),
    "bad-value": record("confidence: high\n"),
    "duplicate-id": record(record_id="mem-gem"),
    "dangling-reference": record("superseded_by: mem-n0where\n"),
    "ill-typed-reference": record("graduated_to: mem-gem\n"),
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_bad_file_is_told_saved_and_committed(desk: Desk, code: str) -> None:
    file = desk.put(BAD, TEXTS[code])
    before = file.read_bytes()
    saved = desk.codes(BAD)
    if code not in ("duplicate-id", "dangling-reference", "ill-typed-reference"):
        assert code in saved  # what concerns other files is told of what is committed
    desk.commit()
    problems = [problem for problem in desk.vault.check().problems if problem.path == BAD]
    assert code in [problem.code for problem in problems]
    assert all(problem.message and problem.hint for problem in problems)
    others = {problem.path for problem in desk.vault.check().problems} - {BAD}
    assert others == set()
    assert file.read_bytes() == before
    assert desk.vault.show(GEM).status == "active"
    assert desk.found("Zerodur", kind="memory")[0] == GEM
    if PROBLEMS[code].severity == "error":
        assert "bad" not in " ".join(desk.in_context("anamorphic words"))
        assert desk.vault.check().has_errors
    assert desk.stale() == []


def test_a_record_in_anothers_folder(desk: Desk) -> None:
    desk.put("entities/scope/bad.md", record())
    desk.commit()
    assert desk.codes() == ["wrong-folder"]
    assert desk.status("mem-bad") == "active"


def test_circles_and_rivals_of_supersession(desk: Desk) -> None:
    head = "-- memories/{0}.md --\nid: mem-{0}\nstatus: {1}\n{2}\n--\nText {0}.\n"
    desk.commit(
        head.format("c1", "superseded", "superseded_by: mem-c2")
        + head.format("c2", "superseded", "superseded_by: mem-c1")
        + head.format("s1", "active", "supersedes: [mem-d1]")
        + head.format("s2", "active", "supersedes: [mem-d1]")
        + head.format("d1", "superseded", "superseded_by: mem-s1")
    )
    told = {(p.path, p.code) for p in desk.vault.check().problems}
    assert {("memories/c1.md", "supersession-cycle"), ("memories/c2.md", "supersession-cycle")} <= told
    assert {("memories/s1.md", "two-successors"), ("memories/s2.md", "two-successors")} <= told
    assert len(told) == 4


def _fifo(file: Path) -> None:
    os.mkfifo(file)


def _socket(file: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(file.parent)  # a socket's path has a length limit
    try:
        listener.bind(file.name)
    finally:
        os.chdir(here)
        listener.close()


def _outside(file: Path) -> None:
    secret = file.parents[3] / "secret.md"
    secret.write_text("Anamorphic secrets.\n")
    file.symlink_to(secret)


def _outside_folder(file: Path) -> None:
    folder = file.parents[3] / "outside"
    folder.mkdir()
    (folder / "secret.md").write_text("Anamorphic secrets.\n")
    file.symlink_to(folder)


def _nested(file: Path) -> None:
    file.mkdir()
    run_git(file, "init", "-q")
    (file / "inner.md").write_text("Anamorphic inner.\n")


@pytest.mark.parametrize(
    ("make", "name", "code"),
    [
        (_fifo, "odd.md", "special-file"),
        (_socket, "odd.md", "special-file"),
        (_outside, "odd.md", "symlink-outside"),
        (_outside_folder, "odd", "symlink-outside"),
        (lambda file: file.symlink_to("/etc/passwd"), "odd.md", "symlink-outside"),
        (lambda file: file.symlink_to("nowhere.md"), "odd.md", "dangling-symlink"),
        (lambda file: file.symlink_to("odd.md"), "odd.md", "dangling-symlink"),
        (_nested, "odd", "nested-repository"),
    ],
)
def test_what_is_no_regular_file(desk: Desk, make: Callable[[Path], None], name: str, code: str) -> None:
    path = f"memories/scope/{name}"
    make(desk.folder / path)
    assert desk.codes(path) == [code]
    assert desk.found("anamorphic") == []
    assert desk.vault.check().has_errors == (code != "nested-repository")
    if (desk.folder / path).is_symlink():
        desk.git("add", path)
        desk.git("commit", "-q", "-m", "a link")
        assert desk.codes(path) == [code]
        assert desk.found("anamorphic") == []
    assert desk.stale() == []


def test_a_link_within_the_vault_is_no_problem_and_no_second_record(desk: Desk) -> None:
    (desk.folder / "notes/link.md").symlink_to("../memories/scope/gem.md")
    (desk.folder / "notes/loop").symlink_to(".")
    assert desk.codes() == []
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "links")
    assert desk.codes() == []
    assert desk.found("Zerodur").count(GEM) == 1
    assert desk.stale() == []


def test_a_record_behind_a_linked_folder_is_read_once(desk: Desk) -> None:
    (desk.folder / "linked").symlink_to("memories")
    assert desk.codes() == []
    assert [r.id for r in desk.vault.list(kind="memory").records].count(GEM) == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_is_unknown_not_deleted(desk: Desk) -> None:
    file = desk.folder / "memories/scope/gem.md"
    desk.edit("memories/scope/gem.md", "made of Zerodur.", "made of Sitall.")
    file.chmod(0)
    assert desk.codes("memories/scope/gem.md") == ["unreadable"]
    assert desk.in_context("mirror made of Zerodur") == [GEM]
    file.chmod(0o644)
    assert desk.codes() == []


def test_outside_the_record_folders_markdown_is_a_note_and_no_problem(desk: Desk) -> None:
    desk.put("notes/broken.md", "---\ntitle: [\n---\nAnamorphic one.\n")
    desk.put("notes/tabs.md", "---\ntags:\n\t- a\n---\nAnamorphic two.\n")
    desk.put("notes/kindless.md", "---\nid: 7\nstatus: done\n---\nAnamorphic three.\n")
    desk.put("memories/index.md", "Anamorphic index.\n")
    desk.put("memories/scope/log.md", "Anamorphic log.\n")
    desk.commit()
    assert [code for code in desk.codes() if code != "broken-yaml"] == []
    assert len(desk.found("anamorphic")) == 5


def test_tool_folders_and_atocores_own_pages_are_not_read(desk: Desk) -> None:
    for name in (
        ".obsidian/a.md",
        "node_modules/b.md",
        ".trash/c.md",
        "mirror/d.md",
        "reports/e.md",
        "~$f.md",
    ):
        desk.put(name, "Anamorphic.\n")
    desk.commit()
    assert desk.found("anamorphic") == []
    assert desk.codes() == ["mirror-edited"]  # no page of the mirror's


def test_a_file_with_conflict_markers_is_never_rewritten(desk: Desk) -> None:
    text = desk.text("memories/scope/gem.md") + "<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n"
    desk.put("memories/scope/gem.md", text)
    desk.commit()
    with pytest.raises(Exception, match=r"conflict markers|no committed record"):
        desk.vault.retire(GEM)
    assert desk.text("memories/scope/gem.md") == text


def test_a_link_that_leads_elsewhere_now_is_told_anew(desk: Desk) -> None:
    (desk.folder / "notes/link.md").symlink_to("on.md")
    assert desk.codes("notes/link.md") == ["dangling-symlink"]
    (desk.folder / "notes/on.md").symlink_to("../../outside.md")
    assert desk.codes("notes/link.md") == ["symlink-outside"]
    assert desk.stale() == []
