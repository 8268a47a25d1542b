"""The surgical writer: bytes and changes in, bytes out, and nothing else touched."""

from __future__ import annotations

import pytest
import yaml

from atocore.errors import AtocoreError
from atocore.records.edit import edit, render
from atocore.records.header import Value, parse

HUMAN = b"""---
# keep me
status: draft   # and me
title:    "quoted"
list:   # why
- a  # not indented
-   b
  # - c
folded: >-
  one
  two

lit: |+
  x

flow: [a,
  b]  # end
q: 'it''s'
empty:
nested:
  k: v

  # about l
  l: [w]
---

body
"""


def edited(old: str, changes: dict[str, Value | None], order: tuple[str, ...] = ()) -> str:
    """The header's lines behind an edit of a file with that header."""
    after = edit(f"---\n{old}---\nbody\n".encode(), changes, order).decode()
    assert after.startswith("---\n") and after.endswith("---\nbody\n")
    return after[len("---\n") : -len("---\nbody\n")]


@pytest.mark.parametrize(
    ("old", "value", "new"),
    [
        pytest.param("a: 1\n", "2", "a: 2\n", id="plain"),
        pytest.param("a:    1   # c\n", "2", "a:    2   # c\n", id="blanks-and-comment"),
        pytest.param("a : 1\n", "2", "a : 2\n", id="blank-before-colon"),
        pytest.param("a:\t1\n", "2", "a:\t2\n", id="tab-behind-colon"),
        pytest.param("'a': 1\n", "2", "'a': 2\n", id="quoted-key"),
        pytest.param("a: '1'  # c\n", "it's", "a: 'it''s'  # c\n", id="single-quotes-stay"),
        pytest.param('a: "1"\n', 'say "x"', 'a: "say \\"x\\""\n', id="double-quotes-stay"),
        pytest.param("a: '1'\n", "x\ty", 'a: "x\\ty"\n', id="single-quotes-cannot-stay"),
        pytest.param("a: 1\n", "x: y", 'a: "x: y"\n', id="needs-quotes"),
        pytest.param("a: 1\n", "", 'a: ""\n', id="to-empty"),
        pytest.param("a:\n", "1", "a: 1\n", id="empty"),
        pytest.param("a:  \n", "1", "a:  1\n", id="empty-with-blanks"),
        pytest.param("a:   # c\n", "1", "a: 1   # c\n", id="empty-with-comment"),
        pytest.param("a: ~\n", "1", "a: 1\n", id="null"),
        pytest.param("a: one\n  two # c\n", "1", "a: 1 # c\n", id="plain-over-lines"),
        pytest.param("a: 'one\n\n  two' # c\n", "1", "a: '1' # c\n", id="quotes-over-lines"),
        pytest.param("a:\n  one\n", "1", "a: 1\n", id="value-on-the-next-line"),
        pytest.param("a: |  # c\n  x\n  y\n\n", "1", "a: 1  # c\n\n", id="block"),
        pytest.param("a: |+\n  x\n\n", "1", "a: 1\n", id="block-keeping-blank-lines"),
        pytest.param("a: [x, y] # c\n", "1", "a: 1 # c\n", id="flow"),
        pytest.param("a: [x,\n  y] # c\n", "1", "a: 1 # c\n", id="flow-over-lines"),
        pytest.param("a: # c\n- x\n- y\n", "1", "a: 1 # c\n", id="list"),
        pytest.param("a:\n  k: v\n  l:\n  - w\n", "1", "a: 1\n", id="mapping"),
        pytest.param("a: 1 # c\n", ("x", "y"), "a: # c\n  - x\n  - y\n", id="scalar-to-list"),
        pytest.param("a: [x]\n", ("x", "y"), "a:\n  - x\n  - y\n", id="flow-to-list"),
        pytest.param("a: [x]\n", (), "a: []\n", id="to-empty-list"),
        pytest.param("a: 1\n", {}, "a: {}\n", id="to-empty-mapping"),
        pytest.param(
            "a: 1 # c\n", {"k": "v", "l": ("w",)}, "a: # c\n  k: v\n  l:\n    - w\n", id="to-mapping"
        ),
        pytest.param("a: 1 # c\n", "x\ny\n", "a: | # c\n  x\n  y\n", id="to-block"),
        pytest.param("a: 1\n", "x\n\ny", "a: |-\n  x\n\n  y\n", id="to-stripped-block"),
        pytest.param("a: 1\n", "x\ny\n\n", 'a: "x\\ny\\n\\n"\n', id="to-escapes"),
        pytest.param("a: 1\n", "1", "a: 1\n", id="same"),
        pytest.param("a: '1'\n", "1", "a: '1'\n", id="same-quoted"),
        pytest.param("a: {k: [v]}\n", {"k": ("v",)}, "a: {k: [v]}\n", id="same-flow"),
        pytest.param("a: 1\n", None, "", id="remove"),
        pytest.param("# c\na: |\n  x\n\n", None, "# c\n\n", id="remove-block"),
        pytest.param("a: [x,\n  y]\n", None, "", id="remove-flow"),
        pytest.param("a:\n\n- x\n- k: |\n    v\n", None, "", id="remove-list"),
    ],
)
@pytest.mark.parametrize("after", ["", "# above z\n\nz: 9\n"], ids=["alone", "with-a-follower"])
def test_one_key(old: str, value: Value | None, new: str, after: str) -> None:
    assert edited(old + after, {"a": value}) == new + after


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["lf", "crlf", "cr"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"], ids=["", "bom"])
def test_line_ends_and_bom_stay(line_end: str, bom: bytes) -> None:
    def told(text: bytes) -> bytes:
        return bom + text.replace(b"\n", line_end.encode())

    new = edit(told(HUMAN), {"status": "final", "folded": "one", "empty": ("x",), "new": "1"})
    assert new == told(
        HUMAN.replace(b"status: draft", b"status: final")
        .replace(b">-\n  one\n  two", b"one")
        .replace(b"empty:\n", b"empty:\n  - x\n")
        .replace(b"l: [w]\n", b"l: [w]\nnew: 1\n")
    )


def test_mixed_line_ends_stay() -> None:
    old = b"---\r\na: 1\nb: 2\r\n---\nx\r\ny\n"
    assert edit(old, {"a": "3", "b": ("4",), "c": "5"}) == (
        b"---\r\na: 3\nb:\r\n  - 4\r\nc: 5\r\n---\nx\r\ny\n"
    )


def test_no_final_newline_stays_missing() -> None:
    assert edit(b"---\na: 1\n---", {"a": "2"}) == b"---\na: 2\n---"
    assert edit(b"---\na: 1\n---\nbody", {"a": None}) == b"---\n---\nbody"


def test_nothing_to_change_changes_no_byte() -> None:
    document, _ = parse(HUMAN, "a.md")
    assert document is not None and document.header is not None
    same = {item.key: item.value for item in document.header.items}
    assert edit(HUMAN, same) == HUMAN
    assert edit(HUMAN, {}) == HUMAN
    assert edit(HUMAN, {"absent": None}) == HUMAN


@pytest.mark.parametrize("key", ["status", "title", "list", "folded", "lit", "flow", "q", "empty", "nested"])
def test_removing_a_key_removes_only_its_lines(key: str) -> None:
    lines, kept = HUMAN.splitlines(keepends=True), edit(HUMAN, {key: None}).splitlines(keepends=True)
    start = next(i for i, line in enumerate(lines) if line.startswith(f"{key}:".encode()))
    assert kept == lines[:start] + lines[start + len(lines) - len(kept) :]
    comments = [line for line in HUMAN.split(b"\n") if line.lstrip().startswith(b"#")]
    inside = {b"  # about l"} if key == "nested" else set()
    assert set(comments) - inside <= set(edit(HUMAN, {key: None}).split(b"\n"))


LIST = "a: # c\n- 'x' # x\n# about y\n-   y\n- z: |\n    # z\n# end\nq: 1\n"


@pytest.mark.parametrize(
    ("value", "new"),
    [
        pytest.param(("x", "y", {"z": "# z\n"}, "w"), LIST.replace("# end", "- w\n# end"), id="append"),
        pytest.param(("w", "x", "y", {"z": "# z\n"}), LIST.replace("- 'x'", "- w\n- 'x'"), id="prepend"),
        pytest.param(("x", "w", "y", {"z": "# z\n"}), LIST.replace("# about", "- w\n# about"), id="insert"),
        pytest.param(("x", {"z": "# z\n"}), LIST.replace("-   y\n", ""), id="remove"),
        pytest.param(("y", {"z": "# z\n"}), LIST.replace("- 'x' # x\n", ""), id="remove-the-first"),
        pytest.param(("x", "y"), LIST.replace("- z: |\n    # z\n", ""), id="remove-the-last"),
        pytest.param(("x", ("v", "w"), {"z": "# z\n"}), LIST.replace("-   y", "- - v\n  - w"), id="change"),
        pytest.param(("w",), "a: # c\n  - w\n# end\nq: 1\n", id="nothing-stays"),
        pytest.param((), "a: [] # c\n# end\nq: 1\n", id="empty"),
    ],
)
def test_the_items_of_a_list_that_stay_keep_their_lines(value: Value, new: str) -> None:
    assert edited(LIST, {"a": value}) == new


def test_a_key_behind_a_list_that_grows() -> None:
    assert edited("a:\n- x\n", {"b": "1", "a": ("x", "y")}, ("a", "b")) == "a:\n- x\n- y\nb: 1\n"


# --- where a new key goes

ORDER = ("id", "kind", "title", "status", "ruling")


@pytest.mark.parametrize(
    ("old", "changes", "new"),
    [
        pytest.param("a: 1\n", {"new": "2"}, "a: 1\nnew: 2\n", id="at-the-end"),
        pytest.param("a: 1\n# c\n\n", {"new": "2"}, "a: 1\n# c\n\nnew: 2\n", id="behind-comments"),
        pytest.param("", {"new": "2"}, "new: 2\n", id="in-an-empty-header"),
        pytest.param("# c\n", {"new": "2"}, "# c\nnew: 2\n", id="behind-only-a-comment"),
        pytest.param("  a: 1\n", {"new": ("x",)}, "  a: 1\n  new:\n    - x\n", id="indented-header"),
        pytest.param("? a\n: 1\n", {"new": "2"}, "? a\n: 1\nnew: 2\n", id="explicit-key"),
        pytest.param("id: 1\nz: 2\n", {"kind": "k"}, "id: 1\nkind: k\nz: 2\n", id="behind-the-one-before"),
        pytest.param("id: 1\nz: 2\n", {"ruling": "r"}, "id: 1\nruling: r\nz: 2\n", id="behind-the-nearest"),
        pytest.param(
            "id:\n  - 1\n  # - 2\n# z\nz: 2\n",
            {"kind": "k"},
            "id:\n  - 1\n  # - 2\nkind: k\n# z\nz: 2\n",
            id="behind-indented-comments",
        ),
        pytest.param("# t\ntitle: t\n", {"id": "1"}, "id: 1\n# t\ntitle: t\n", id="before-the-next"),
        pytest.param(
            "z: |\n  # x\ntitle: t\n", {"id": "1"}, "z: |\n  # x\nid: 1\ntitle: t\n", id="not-in-a-block"
        ),
        pytest.param("z: 2\n", {"kind": "k", "id": "1"}, "z: 2\nid: 1\nkind: k\n", id="none-present"),
        pytest.param(
            "title: t\n",
            {"x": "9", "status": "s", "kind": "k", "id": "1"},
            "id: 1\nkind: k\ntitle: t\nstatus: s\nx: 9\n",
            id="many",
        ),
        pytest.param("id: 1\n", {"id": None, "kind": "k"}, "kind: k\n", id="behind-a-removed-key"),
        pytest.param(
            "id: 1\nz: 2\n", {"id": ("x",), "kind": "k"}, "id:\n  - x\nkind: k\nz: 2\n", id="and-changed"
        ),
    ],
)
def test_a_new_key_has_its_place(old: str, changes: dict[str, Value | None], new: str) -> None:
    assert edited(old, changes, ORDER) == new


def test_a_file_without_frontmatter_gets_one() -> None:
    assert (
        edit(b"# T\r\n\r\nx", {"kind": "k", "id": "1"}, ORDER)
        == b"---\r\nid: 1\r\nkind: k\r\n---\r\n# T\r\n\r\nx"
    )
    assert edit(b"\xef\xbb\xbf---- x", {"id": "1"}) == b"\xef\xbb\xbf---\nid: 1\n---\n---- x"
    assert edit(b"", {"id": "1"}) == b"---\nid: 1\n---\n"
    assert edit(b"", {"id": None}) == b""


# --- what would swallow its neighbours


def test_a_comment_is_not_swallowed_by_a_block_above_it() -> None:
    assert edited("a: 1\n  # c\nz: 9\n", {"a": "x\ny"}) == 'a: "x\\ny"\n  # c\nz: 9\n'
    assert edited("a: |\n  x\nb: 1\n  # c\n# d\nz: 9\n", {"b": None}) == "a: |\n  x\n# d\nz: 9\n"


@pytest.mark.parametrize(
    ("data", "changes", "code"),
    [
        pytest.param(b"---\n{a: 1, b: 2}\n---\n", {"a": "2"}, "has-problems", id="flow-header"),
        pytest.param(b"---\n? a\n: 1\n---\n", {"a": "2"}, "has-problems", id="explicit-key"),
        pytest.param(b"---\n[a]: 1\n---\n", {"[a]": "2"}, "has-problems", id="list-key"),
        pytest.param(b"---\na: &x 1\nb: *x\n---\n", {"a": "2"}, "has-problems", id="anchor-in-use"),
        pytest.param(b"---\na: @x\n---\n", {"b": "2"}, "has-problems", id="broken"),
        pytest.param(b"---\na: 1\na: 2\n---\n", {"b": "2"}, "has-problems", id="duplicate"),
        pytest.param(b"---\na: 1\n", {"a": "2"}, "has-problems", id="unclosed"),
        pytest.param(b"<<<<<<< a\n=======\n>>>>>>> b\n", {"a": "2"}, "has-problems", id="conflict"),
        pytest.param(b"\xff", {"a": "2"}, "has-problems", id="not-text"),
        pytest.param(b"---\na: 1\n---\n", {"a": "\x1b[31m"}, "bad-value", id="control-character"),
        pytest.param(b"---\na: 1\n---\n", {"a": ("\ud800",)}, "bad-value", id="surrogate"),
        pytest.param(b"---\na: 1\n---\n", {"\0": "1"}, "bad-value", id="control-in-key"),
    ],
)
def test_refusals(data: bytes, changes: dict[str, Value | None], code: str) -> None:
    with pytest.raises(AtocoreError) as refusal:
        edit(data, changes)
    assert refusal.value.code == code


def test_a_refusal_names_line_and_remedy() -> None:
    with pytest.raises(AtocoreError, match="line 3: the key 'a' stands twice") as refusal:
        edit(b"---\na: 1\na: 2\n---\n", {"b": "1"})
    assert refusal.value.hint == "keep one of the two lines"


# --- new files


def test_a_new_file() -> None:
    items: dict[str, Value] = {
        "id": "mem-7k2m9qxw4d3f",
        "created": "2026-11-22T07:46:00Z",
        "tags": ("optics", "mirror"),
        "none": (),
        "provenance": {
            "quote": "it comes out at 4.2 kg: with its cell",
            "extractor": "1",
            "lines": ("a\nb",),
        },
        "relations": ({"kind": "part_of", "to": "ent-1"}, ("x", "y")),
        "why": "two\n\nlines\n",
    }
    data = render(items, "The mirror.\n")
    assert (
        data.decode()
        == """---
id: mem-7k2m9qxw4d3f
created: 2026-11-22T07:46:00Z
tags:
  - optics
  - mirror
none: []
provenance:
  quote: "it comes out at 4.2 kg: with its cell"
  extractor: 1
  lines:
    - |-
      a
      b
relations:
  - kind: part_of
    to: ent-1
  - - x
    - y
why: |
  two

  lines
---
The mirror.
"""
    )
    assert yaml.safe_load(data.split(b"---\n")[1])["why"] == items["why"]


@pytest.mark.parametrize(
    "text",
    [
        "4.2 kg",
        "2026-01-01T00:00:00Z",
        "no",
        "~",
        "1.10",
        "x y",
        "a, b",
        "http://x.y/z#f",
        "é",
        "🗂️",
        "a'b",
        "-x",
    ],
)
def test_plain_text_stays_plain(text: str) -> None:
    assert render({"a": text}, "") == f"---\na: {text}\n---\n".encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", '""'),
        (" x", '" x"'),
        ("x ", '"x "'),
        ("a: b", '"a: b"'),
        ("a:", '"a:"'),
        ("a #b", '"a #b"'),
        ("- a", '"- a"'),
        ("[[x]]", '"[[x]]"'),
        ("@x", '"@x"'),
        ("*x", '"*x"'),
        ("&x y", '"&x y"'),
        ("!x", '"!x"'),
        ("%d", '"%d"'),
        ("'x'", "\"'x'\""),
        ('"x"', '"\\"x\\""'),
        ("a\\b: c", '"a\\\\b: c"'),
        ("x\ty", '"x\\ty"'),
        ("x\r\ny", '"x\\r\\ny"'),
        ("\n", '"\\n"'),
        (" x\ny", '" x\\ny"'),
        ("x\u2028y", '"x\\u2028y"'),
        ("\ufeffx", '"\\ufeffx"'),
        ("=", '"="'),
        ("2026-02-30", '"2026-02-30"'),
    ],
)
def test_text_that_would_be_misread_is_quoted(text: str, written: str) -> None:
    assert render({"a": text}, "") == f"---\na: {written}\n---\n".encode()
    assert render({"a": (text,)}, "") == f"---\na:\n  - {written}\n---\n".encode()


def test_long_text_is_not_folded() -> None:
    assert render({"a": "word " * 500 + "end"}, "").count(b"\n") == 3


@pytest.mark.parametrize(
    "key", ["a b", "- a", "---", "--- x", "a: b", "", "?", "<<", "1", "é", '"', "#", "a\nb"]
)
def test_any_key_reads_back(key: str) -> None:
    document, problems = parse(render({key: "v"}, ""), "a.md")
    assert not problems
    assert document is not None and document.header is not None and list(document.header.keys()) == [key]


@pytest.mark.parametrize(
    ("items", "body"),
    [
        pytest.param({"a": "\x07"}, "", id="control"),
        pytest.param({"a": "1"}, "\0", id="nul-in-body"),
        pytest.param({"a": "1"}, "\ud800", id="surrogate-in-body"),
        pytest.param({"a": "1"}, "<<<<<<< a\n>>>>>>> b\n", id="conflict-in-body"),
        pytest.param({"k" * 2000: "1"}, "", id="key-too-long"),
    ],
)
def test_what_would_not_read_back_is_refused(items: dict[str, Value], body: str) -> None:
    with pytest.raises(AtocoreError) as refusal:
        render(items, body)
    assert refusal.value.code == "bad-value"


def test_nesting_has_a_limit() -> None:
    value: Value = "x"
    for _ in range(40):
        value = (value,)
    with pytest.raises(AtocoreError, match="nested more than 32 levels"):
        render({"a": value}, "")
