"""Chunks: nothing of a document is lost, and ids and sizes are what citations need."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from atocore.knowledge.ingestion.chunks import Chunk, chunks, size_in_words
from atocore.knowledge.ingestion.outline import outline, plain

DATA = Path(__file__).resolve().parents[4] / "shared" / "data"

_LINES = st.sampled_from(
    [
        *(
            "",
            " ",
            "# One",
            "## Two ##",
            "### Three",
            "Under",
            "====",
            "----",
            "a few plain words",
            "Ends here.",
        ),
        *(
            "- item",
            "  - inner item",
            "1. first",
            "> quoted",
            "```",
            "    code",
            "| a | b |",
            "|---|---|",
            "\t",
        ),
        *("<!-- note", "-->", "[ref]: /url", "word " * 30, "x" * 300, "漢字" * 40, "\x0b", "\u2028 odd"),
    ]
)
_BODIES = st.lists(_LINES, max_size=40).flatmap(
    lambda lines: st.sampled_from(["\n", "\r\n", "\r"]).map(lambda end: end.join(lines))
)


def _gaps(body: str, found: tuple[Chunk, ...]) -> str:
    """What of `body` lies in no chunk; fails where two chunks overlap."""
    at, left = 0, []
    for chunk in found:
        assert chunk.start >= at
        left.append(body[at : chunk.start])
        assert body[chunk.start : chunk.end] == chunk.text
        at = chunk.end
    return "".join([*left, body[at:]])


@given(_BODIES | st.text(max_size=400), st.integers(5, 60))
def test_every_character_is_in_exactly_one_chunk(body: str, max_words: int) -> None:
    found = chunks(body, max_words=max_words)
    assert not _gaps(body, found).strip()
    assert all(chunk.text.strip() for chunk in found)


@given(_BODIES, st.integers(5, 60), st.integers(1, 9))
def test_lines_are_those_of_the_file(body: str, max_words: int, first_line: int) -> None:
    read = outline(body)
    for chunk in chunks(body, first_line, max_words=max_words):
        first, last = chunk.first_line - first_line, chunk.last_line - first_line
        assert read.starts[first] <= chunk.start < chunk.end <= read.ends[last]


@given(_BODIES)
def test_a_line_is_shared_by_chunks_only_when_it_alone_passes_the_window(body: str) -> None:
    found, read = chunks(body, max_words=20), outline(body)
    for before, after in pairwise(found):
        if before.last_line == after.first_line:
            line = body[read.starts[after.first_line - 1] : read.ends[after.first_line - 1]]
            assert size_in_words(line) > 20


@given(_BODIES)
def test_the_same_text_gives_the_same_chunks_with_distinct_ids(body: str) -> None:
    found = chunks(body)
    assert found == chunks(body)
    assert len({chunk.id for chunk in found}) == len(found)


@given(st.integers(0, 3), st.text("abc \n", max_size=60))
def test_ids_stay_when_another_section_changes(place: int, words: str) -> None:
    parts = [f"# Part {n}\n\nText of part {n}.\n" for n in range(4)]
    before = {chunk.headings: chunk.id for chunk in chunks("\n".join(parts))}
    parts[place] = f"# Part {place}\n\nmore {words}\n"
    after = {chunk.headings: chunk.id for chunk in chunks("\n".join(parts))}
    kept = [path for path in before if path != (f"Part {place}",)]
    assert [after[path] for path in kept] == [before[path] for path in kept]


def test_cuts_follow_atx_and_setext_headings() -> None:
    found = chunks("intro\n\nTop\n===\n\ntext\n\n## Sub\n\n- a\n- b\n", 11)
    assert [(chunk.headings, chunk.first_line, chunk.last_line) for chunk in found] == [
        ((), 11, 11),
        (("Top",), 13, 16),
        (("Top", "Sub"), 18, 21),
    ]
    assert found[2].text == "## Sub\n\n- a\n- b"


def test_a_heading_with_nothing_of_its_own_goes_with_the_section_under_it() -> None:
    (chunk,) = chunks("# Top\n\n## Sub\n\ntext\n")
    assert chunk.headings == ("Top", "Sub")
    assert chunk.text.startswith("# Top")


def test_headings_in_code_and_quotations_are_none() -> None:
    found = chunks("# Top\n\n```\n# not\n```\n\n> # nor this\n")
    assert [chunk.headings for chunk in found] == [("Top",)]


@pytest.mark.parametrize(
    "whole",
    [
        "```\n" + "line of code\n" * 8 + "```",
        "| a | b |\n|---|---|\n" + "| one | two |\n" * 8,
        "- an item of words\n" * 8,
    ],
)
def test_what_fits_is_kept_whole(whole: str) -> None:
    found = chunks(f"# Top\n\n{'filler word. ' * 12}\n\n{whole}\n\n{'more filler. ' * 12}\n", max_words=60)
    assert any(whole.strip() in chunk.text for chunk in found)


def test_a_long_list_is_cut_between_items_and_a_long_paragraph_after_sentences() -> None:
    items = "\n".join(f"- item {n} of a list\n  goes on here" for n in range(12))
    assert all(chunk.text.startswith("- item") for chunk in chunks(items, max_words=30))
    lines = "One sentence on a line.\n" * 4 + "A sentence that goes on\nover the line.\n"
    assert all(chunk.text.endswith(".") for chunk in chunks(lines * 6, max_words=30))


def test_a_passage_longer_than_the_window_is_cut_not_lost() -> None:
    found = chunks("One two three four five. Six seven eight nine. " * 40, max_words=20)
    assert len(found) > 10
    assert all(chunk.text.endswith(".") and size_in_words(chunk.text) <= 20 for chunk in found)
    assert all(size_in_words(chunk.text) <= 20 for chunk in chunks("漢字" * 500, max_words=20))


def test_the_same_text_twice_under_one_heading_has_two_ids() -> None:
    found = chunks(f"# A\n\n{'same. ' * 30}\n\n{'same. ' * 30}\n", max_words=31)
    assert len({chunk.id for chunk in found}) == len(found) >= 2


def test_plain_drops_marks_and_struck_out_words() -> None:
    assert plain("**A** `b` [c](d) ~~gone~~ e<br>f <!-- g -->") == "A b c e f"


HOSTILE = {
    "open links": "[[" * 100_000,
    "open images": "![" * 50_000,
    "quotes in quotes": ">" * 20_000,
    "one line": "x" * 2_000_000,
    "one line of words": "some word. " * 180_000,
    "backticks": "`" * 100_000,
    "stars": "*a " * 100_000,
    "deep list": "\n".join("  " * depth + "- a" for depth in range(1_000)),
    "list in a line": "- " * 50_000,
    "wide table": "|a" * 50_000 + "|\n" + "|-" * 50_000 + "|\n" + "|b\n" * 2_000,
    "references": "[a]: b\n" * 40_000,
    "open reference": "[" + "a\n" * 40_000,
    "headings": "# a\n" * 40_000,
    "comments": "<!-- " * 50_000,
    "blank lines": "\n" * 300_000,
    "a huge heading": "# " + "x " * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_cut_in_time(name: str) -> None:
    began = time.process_time()
    found = chunks(HOSTILE[name])
    assert time.process_time() - began < 4  # 2 s on an idle machine
    assert not _gaps(HOSTILE[name], found).strip()


def test_a_text_past_the_limits_is_still_cut_at_blank_lines() -> None:
    body = "a paragraph of five words\n\n" * 12_000
    assert not outline(body).parsed
    assert all(chunk.text.count("paragraph") > 1 for chunk in chunks(body))


def test_reading_markdown_is_not_paid_for_by_import() -> None:
    code = "import sys, atocore.knowledge.extraction; sys.exit('markdown_it' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")
def test_every_file_of_a_torture_vault_is_cut(tmp_path: Path) -> None:
    tool = DATA / "tools" / "make_torture_vault.py"
    subprocess.run([sys.executable, str(tool), str(tmp_path)], check=True, capture_output=True)
    for path in sorted((tmp_path / "vault").rglob("*.md")):
        if path.is_file():
            body = path.read_bytes().decode("utf-8", "replace")
            began = time.process_time()
            assert not _gaps(body, chunks(body)).strip()
            assert time.process_time() - began < 4


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_documents_own_frontmatter_is_no_heading(end: str) -> None:
    body = end.join(["---", "title: Mirror", "tags: [optics]", "---", "# Mirror", "", "Text.", ""])
    found = chunks(body)
    assert [(chunk.headings, chunk.first_line, chunk.last_line) for chunk in found] == [
        ((), 1, 4),
        (("Mirror",), 5, 7),
    ]


def test_a_rule_above_a_title_is_no_frontmatter() -> None:
    assert [chunk.headings for chunk in chunks("---\nA title\n---\n\ntext\n")] == [(), ("A title",)]
    assert [chunk.headings for chunk in chunks("---\ntitle: X\nno end\n\n# H\n")] == [(), ("H",)]
