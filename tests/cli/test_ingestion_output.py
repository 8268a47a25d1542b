"""`ingest` at a terminal and as JSON: short where much was passed over, whole in the report and in JSON."""

from __future__ import annotations

from pathlib import Path

from desk import Desk


def folder_of(desk: Desk) -> Path:
    folder = desk.folder.parent / "docs"
    folder.mkdir()
    for number in range(30):
        (folder / f"{number:02}.png").write_bytes(b"\x89PNG")
        (folder / f"{number:02}.md").write_text(f"# Part {number}\n\n## Decision\n\nWe use gear {number}.\n")
    (folder / "old.txt").write_bytes(b"\xdf")
    return folder


def test_many_files_are_told_in_a_few_lines(run, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    folder = folder_of(desk)
    ran = run("ingest", str(folder), "-p", "scope")
    assert ran.code == 0
    assert "30 documents, 0 unchanged, 30 passages: 30 candidates, 0 deferred" in ran.out
    passed = [line for line in ran.err.splitlines() if line.startswith("passed over")]
    assert [line.partition(":")[0] for line in passed] == [
        "passed over old.txt",
        "passed over 00.png, 01.png, 02.png, 03.png, 04.png and 25 more",
    ]
    again = run("ingest", str(folder), "-p", "scope", "--json").json
    assert (again["unchanged"], len(again["skipped"]), again["commit"], again["report"]) == (30, 31, None, "")
    (report,) = (desk.folder / "reports").glob("*.md")
    assert "| 29.png | not one of ingest.include |" in report.read_text()


def test_what_is_deferred_says_how_it_is_found(run, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    desk.commit("-- atocore.yaml --\nextraction:\n  max_per_pass: 20\n")
    ran = run("ingest", str(folder_of(desk)), "-p", "scope")
    assert "20 candidates, 10 deferred" in ran.out
    assert "atocore extract proposes it" in ran.err
    assert "30 documents" in run("extract", "-p", "scope").out
    assert run("extract", "-p", "scope", "--json").json["deferred"] == 0


def test_options_choose_the_files(run, desk: Desk) -> None:  # type: ignore[no-untyped-def]
    folder = folder_of(desk)
    (folder / ".gitignore").write_text("1*.md\n")
    args = ("ingest", str(folder), "--json", "--dry-run", "--include", "*.md", "--exclude", "2?.md")
    assert run(*args).json["read"] == 10
    assert run(*args, "--no-gitignore").json["read"] == 20
    assert not (desk.folder / "sources" / "scope").exists()
