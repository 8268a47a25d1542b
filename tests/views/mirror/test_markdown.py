"""What a record says is text on a page, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from atocore.views.mirror.body import body
from atocore.views.mirror.markdown import address, code, fenced, shown, table, text

HOSTILE = [
    "# heading",
    "> quote",
    "- item",
    "+ item",
    "1. item",
    "2) item",
    "=== under",
    "---",
    "***",
    "[a](javascript:alert(1))",
    "![a](http://evil.example/a.png)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!-- atocore mirror 1 0123456789abcdef -->",
    "`code`",
    "**bold** _emphasis_ ~~struck~~",
    "a | b | c",
    "&lt;b&gt; &#60;i&#62;",
    "[[other page]] ![[embedded]]",
    "http://evil.example www.evil.example",
    "\\[a\\](b)",
    "line\nbreak\r\nmore",
    "``` \n fence",
]


def parsed(lines: str) -> list[str]:
    """The kinds of block and inline token of a Markdown text."""
    found = []
    for token in MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(lines):
        found.append(token.type)
        found += [child.type for child in token.children or ()]
    return found


def meaning(lines: str) -> str:
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(lines)
    return "".join(child.content for token in tokens for child in token.children or ())


@pytest.mark.parametrize("said", HOSTILE)
def test_a_text_is_one_paragraph_of_text_and_says_what_was_said(said: str) -> None:
    assert parsed(text(said)) == ["paragraph_open", "inline", "text", "paragraph_close"]
    assert meaning(text(said)) == shown(said)


@given(st.text(max_size=80))
def test_any_text_is_text_wherever_it_stands(said: str) -> None:
    safe = text(said)
    assert set(parsed(safe)) <= {"paragraph_open", "inline", "text", "paragraph_close"}
    row = "\n".join(table(("a", "b"), [(safe, "x")]))
    assert parsed(row).count("td_open") == 2
    assert {"html_inline", "link_open", "image", "code_inline", "em_open"}.isdisjoint(parsed(f"- x {safe} y"))


@given(st.text(alphabet="`| ab\\\n*[]<", min_size=1, max_size=30))
def test_code_is_one_run_of_code(said: str) -> None:
    safe = code(said)
    if shown(said):
        assert parsed(f"a {safe} b").count("code_inline") == 1
        assert parsed("\n".join(table(("a", "b"), [(safe, "x")]))).count("td_open") == 2


def test_addresses_are_relative_and_legal() -> None:
    assert address("mirror/p/index.md", "memories/p/a b(1)#.md") == "../../memories/p/a%20b%281%29%23.md"
    assert address("mirror/index.md", "mirror/p/index.md", "x") == "p/index.md#x"
    assert address("mirror/index.md", "mirror/index.md", "x") == "#x"


@pytest.mark.parametrize("said", HOSTILE)
def test_a_body_has_no_html_no_picture_and_no_link(said: str) -> None:
    found = parsed("\n".join(body(f"First.\n\n{said}\n\nLast.")))
    assert {"html_block", "html_inline", "image", "link_open", "heading_open", "hr"}.isdisjoint(found)


def test_a_body_keeps_paragraphs_lists_tables_and_code() -> None:
    said = "# Why\n\nIt is `light`, see [the log](http://x.example/l).\n\n- one\n  - two\n\n"
    said += "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```py\ndef f():\n    return 1\n```\n"
    assert body(said) == [
        "**Why**",
        "",
        "It is `light`, see the log (`http://x.example/l`).",
        "",
        "- one",
        "  - two",
        "",
        "- a · b",
        "- 1 · 2",
        "",
        "```",
        "def f():",
        "    return 1",
        "```",
        "",
    ]


def test_a_long_body_is_cut_between_blocks_and_says_so() -> None:
    lines = body("\n\n".join(f"Paragraph {number}." for number in range(200)))
    assert lines[-2:] == ["*The record says more.*", ""]
    assert len(lines) < 70


def test_code_cannot_end_its_own_block() -> None:
    assert parsed("\n".join(fenced("a\n```\n# b\n````\n"))) == ["fence"]
