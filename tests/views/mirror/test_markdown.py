"""What a record says is text on a page, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from atocore.views.mirror.body import body, opening
from atocore.views.mirror.markdown import address, code, fenced, shown, table, text, unheard

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
    "$a$ and $$b$$",
    "note[^1] and [^1]: note",
    "^[note] [^'x",
    "[!NOTE] [x] done",
    "mail someone@evil.example or @someone",
    "_www.evil.example //evil.example",
    "%%hidden%% ==high== #tag key:: value ^block",
    "title #",
    "* * *",
    ": defined",
    ":-",
    "ends with \\",
]


TEXT = ["paragraph_open", "inline", "text", "paragraph_close"]
SIGNS = [
    *"\\`*_~[]()<>!#|&=+-:^%$@./{}\"' x1é",
    *("http", "www", "://", "evil.example", "amp;", "&lt;", "[^", "]:", "**", "--", "```", "[[", "<b>", "\t"),
    *("⚠", ":warning:", "disputed", "\u200b", "\u202e", "#1", "@all"),
]
signs = st.lists(st.sampled_from(SIGNS), min_size=1, max_size=10).map("".join)
"""Texts of what means something somewhere: random characters hardly ever do."""


def parsed(lines: str) -> list[str]:
    """The kinds of block and inline token of a Markdown text."""
    found = []
    for token in MarkdownIt("commonmark", {"linkify": False}).enable(["table", "strikethrough"]).parse(lines):
        found.append(token.type)
        found += [child.type for child in token.children or ()]
    return found


def read(lines: str) -> str:
    """The text that a Markdown text becomes."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(lines)
    return "".join(child.content for token in tokens for child in token.children or ())


def meaning(lines: str) -> str:
    """What people read of a Markdown text: what shows as nothing is left out."""
    return read(lines).replace("\u200b", "")


@pytest.mark.parametrize("said", HOSTILE)
def test_a_text_is_one_paragraph_of_text_and_says_what_was_said(said: str) -> None:
    assert parsed(text(said)) == TEXT
    assert meaning(text(said)) == shown(said)


@pytest.mark.parametrize(
    "said",
    [
        "2 * 3 = 6",
        "R&D",
        "4.2 kg < 5 kg > 3 kg",
        "-40 °C",
        "+5 V",
        "C:\\temp",
        "snake_case",
        "a; b: c",
        "1.2.3",
    ],
)
def test_what_is_text_anyway_stays_as_it_was_typed(said: str) -> None:
    assert text(said) == said


@given(signs)
def test_a_text_of_signs_is_text_in_every_place_of_a_page(said: str) -> None:
    def page(cell: str) -> str:
        rows = table(("a", "b"), [(cell, f"**{cell}**")])
        lines = (f"# {cell}", "", cell, "", f"- {cell}", f"- [{cell}](x.md) {cell}", "", *rows)
        return "\n".join((*lines, f"x: **{cell}** *(others say {cell})*"))

    safe = text(said)
    if safe:
        assert meaning(safe) == shown(said)
        kinds = parsed(page(safe))
        assert kinds == parsed(page("plain"))


@given(signs)
def test_no_text_becomes_a_link_where_addresses_and_people_are_links(said: str) -> None:
    safe = text(said)
    assert not re.search(r"(?i)://|(?<![\w&])//\w|www\.|@\w|\[\[|\[\\\[", safe)
    assert not re.search(r"#\d|GH-\d|@\w|\[\[", read(unheard(safe)))


def test_a_comment_tells_no_other_thread_of_it() -> None:
    assert unheard(text("see org/repo#12, #7 and GH-9 (a&#47;b)")) == (
        "see org/repo#&#8203;12, \\#&#8203;7 and GH-&#8203;9 (a&amp;#&#8203;47;b)"
    )


@pytest.mark.parametrize("said", ["⚠ disputed", "⚠\ufe0f disputed", ":warning: disputed", "⚠\u200b disputed"])
def test_no_text_wears_the_mark_of_what_is_disputed(said: str) -> None:
    assert shown(said) == "! disputed"
    assert code(said) == "`! disputed`"


def test_scripts_that_join_letters_and_emoji_keep_their_joiners() -> None:
    assert shown("می\u200cخواهم") == "می\u200cخواهم"
    assert shown("👩\u200d🔧") == "👩\u200d🔧"
    assert shown("pass\u200dword") == "password"


def test_a_letter_that_this_python_does_not_know_yet_is_kept() -> None:
    assert shown("a\u0378b") == "a\u0378b"


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


@given(signs, signs)
def test_a_body_of_signs_is_paragraphs_lists_and_code(one: str, other: str) -> None:
    lines = "\n".join(body(f"{one}\n{other}\n\n{one}"))
    allowed = ("paragraph", "bullet_list", "list_item", "strong")
    kinds = {kind.removesuffix("_open").removesuffix("_close") for kind in parsed(lines)}
    assert kinds <= {*allowed, "inline", "text", "fence", "code_inline"}
    assert not re.search(r"(?i)(?<!`)www\.|\bhttp://", re.sub(r"(?s)```.*?```|`[^`]*`", "", lines))


@pytest.mark.parametrize(
    "said", ["w*ww.evil.example*", "http:*//evil.example*", "me@*evil.example*", "%*%a%*%"]
)
def test_what_stood_between_two_parts_of_a_body_cannot_hide_a_mark(said: str) -> None:
    assert body(said)[0] == text(said.replace("*", ""))


def test_a_list_cannot_begin_so_deep_that_it_is_code() -> None:
    assert body("- - - deep\n- flat\n") == ["- deep", "- flat", ""]


def test_a_quotation_keeps_its_code() -> None:
    assert body("> so:\n>\n> ```\n> make\n> ```\n") == ["so:", "`make`", ""]


def test_one_long_block_is_cut_and_ends_well() -> None:
    lines = body("```\n" + "x\n" * 500 + "```\n")
    assert len(lines) < 70
    assert parsed("\n".join([*lines, "after"])) == ["fence", *TEXT]


def test_the_opening_of_a_body_is_its_first_block_whole() -> None:
    assert opening("```\na\nb\n```\n\nMore.\n") == ["```", "a", "b", "```", ""]
    assert opening("") == []


def test_code_cannot_end_its_own_block() -> None:
    assert parsed("\n".join(fenced("a\n```\n# b\n````\n"))) == ["fence"]
