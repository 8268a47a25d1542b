"""Hostile and real vaults, as they come: nothing raises, everything readable is found, nothing is changed."""

from __future__ import annotations

import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import REVIEWER, Desk, files_in, run_git

from atocore.index.shelves import Shelf
from atocore.records.codec import read
from atocore.records.record import is_page

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
TORTURE = DATA / "tools" / "make_torture_vault.py"
HUB = DATA / "vault_obsidian_hub"

pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the given data lies beside the checkout only")

NO_RECORD = {
    # outside the record folders any Markdown is a person's note: what is wrong in its header is its own
    "fm/dates.md",
    "fm/hash-tag.md",
}


def founded(folder: Path) -> Desk:
    """A vault in a folder of files, all committed that git can commit."""
    run_git(folder, "init", "-q", "-b", "main")
    run_git(folder, "config", "user.name", REVIEWER[0])
    run_git(folder, "config", "user.email", REVIEWER[1])
    (folder / "atocore.yaml").write_text("format: 1\n")
    return Desk(folder)


@pytest.fixture(scope="module")
def torture(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Desk, list[dict[str, Any]]]]:
    out = tmp_path_factory.mktemp("torture")
    subprocess.run([sys.executable, str(TORTURE), str(out)], check=True, capture_output=True)
    expected = [json.loads(line) for line in (out / "expect.jsonl").read_text().splitlines()]
    desk = founded(out / "vault")
    yield desk, expected
    desk.close()


def real(path: str) -> str:
    """The path as Python spells it: the generator escapes undecodable bytes."""
    return path.replace("\\xff", "\udcff").replace("\\xfe", "\udcfe")


@pytest.mark.parametrize("committed", [False, True])
def test_the_torture_vault(torture: tuple[Desk, list[dict[str, Any]]], committed: bool) -> None:
    desk, expected = torture
    before = files_in(desk.folder)
    if committed:
        desk.git("add", "-A")
        desk.git("commit", "-q", "-m", "All of it")
    started = time.monotonic()
    problems = desk.vault.check().problems
    desk.vault.engine.sync_text()
    took = time.monotonic() - started
    texts = [desk.vault.engine.passages(shelf) for shelf in Shelf]
    indexed = {passage.path for text in texts for passage in text.values()}
    words = "\n".join(passage.text for text in texts for passage in text.values())
    told = {problem.path for problem in problems}

    assert "MUST-NOT-BE-INDEXED" not in words
    assert "root:x:" not in words
    assert not Path("/tmp/atocore_pwned").exists()
    assert files_in(desk.folder) == before
    for case in expected:
        path, must = real(case["path"]), case["must"]
        blank = (desk.folder / path).is_file() and not (desk.folder / path).read_bytes().strip()
        if "index" in must and not blank and path != "links/inside.md":
            assert path in indexed, case
        if "skip" in must:
            assert path not in indexed, case
        if "report_error" in must and not path.startswith("fm/") and "unreadable" not in path:
            assert path in told or path in indexed, case
    for path in (
        "body/conflict-markers.md",
        "fm/latin1.md",
        "fm/utf16.md",
        "fm/nul.md",
        "fm/lone-surrogate.md",
    ):
        assert path in told, path
    assert {"links/to-file-outside.md", "links/to-dir-outside", "links/abs.md", "links/pipe.md"} <= told
    assert {"links/self.md", "links/dangling.md"} <= told
    assert took < 60, f"{took:.1f} s"
    assert desk.found("bom crlf title") is not None
    assert desk.stale() == []


def test_each_hostile_header_in_a_record_folder_is_a_problem_and_bounded(
    torture: tuple[Desk, list[dict[str, Any]]],
) -> None:
    """The same headers where a record is expected: each is told, alone and within two seconds."""
    desk, expected = torture
    for case in expected:
        path = real(case["path"])
        file = desk.folder / path
        if not file.is_file() or file.is_symlink() or path.startswith("links/"):
            continue
        raw = file.read_bytes()
        started = time.monotonic()
        reading = read(f"memories/x/{Path(path).name}", raw, max_bytes=8 * 1024 * 1024)
        assert time.monotonic() - started < 2, case
        assert reading.record is None, case
        assert reading.problems, case


def test_a_record_with_each_hostile_header_is_told_alone(
    torture: tuple[Desk, list[dict[str, Any]]],
) -> None:
    """`report_error`, where the file is a record: its own keys are sound, what the case adds is not."""
    _, expected = torture
    keys = b"id: mem-7k2m9qxw4d3f\nkind: memory\ntype: knowledge\nstatus: active\n"
    desk = torture[0]
    for case in expected:
        path = real(case["path"])
        if not path.startswith("fm/") or not (desk.folder / path).is_file():
            continue
        raw = (desk.folder / path).read_bytes()
        if not raw.startswith(b"---\n") or b"\nstatus:" in raw or b"\nid:" in raw:
            continue
        record = raw.replace(b"---\n", b"---\n" + keys, 1)
        reading = read("memories/x/a.md", record, max_bytes=8 * 1024 * 1024)
        if "report_error" in case["must"] and path not in NO_RECORD:
            assert reading.problems, case
        if "index" in case["must"]:
            assert [p.code for p in reading.problems if p.severity == "error"] == [], case


def test_the_obsidian_hub_is_indexed_whole(tmp_path: Path) -> None:
    folder = tmp_path / "hub"
    with tarfile.open(HUB / "vault.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    desk = founded(folder)
    before = files_in(folder)
    pages = {path for path in before if is_page(path)}
    desk.git("add", "-A")
    desk.git("commit", "-q", "-m", "The hub")
    desk.vault.catch_up(drafts=True)
    desk.vault.engine.sync_text()
    indexed = {passage.path for passage in desk.vault.engine.passages(Shelf.COMMITTED).values()}
    assert len(pages) > 2000
    assert {path for path in pages - indexed if body_of(before[path])} == set()
    assert files_in(folder) == before
    assert desk.vault.search("daily notes plugin", words=True).hits
    errors = [problem for problem in desk.vault.check().problems if problem.severity == "error"]
    assert [problem for problem in errors if problem.code != "broken-yaml"] == []
    desk.close()


def body_of(raw: bytes) -> str:
    """What stands below a page's header."""
    text = raw.decode("utf-8", "replace").lstrip("\ufeff")
    if text.startswith("---"):
        return text.partition("\n---")[2].partition("\n")[2].strip()
    return text.strip()
