"""The frontmatter reader: bytes in, typed text, lines and problems out."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from atocore.errors import AtocoreError
from atocore.records.edit import edit
from atocore.records.header import MAX_HEADER, Document, Header, Item, Value, frame, parse
from atocore.records.header_fast import read_plain
from atocore.records.header_yaml import key_text, read

DATA = Path(__file__).parents[3] / "shared" / "data"


def header_of(yaml_text: str) -> dict[str, Value]:
    document, problems = parse(f"---\n{yaml_text}\n---\nbody\n".encode(), "a.md")
    assert not problems
    assert document is not None and document.header is not None
    return {item.key: item.value for item in document.header.items}


def codes_of(data: bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.code) for problem in parse(data, "a.md")[1]]


# --- what a header says


@pytest.mark.parametrize(
    ("text", "value"),
    [
        pytest.param("no", "no", id="norway"),
        pytest.param("1.10", "1.10", id="float"),
        pytest.param("012", "012", id="octal"),
        pytest.param("~", "~", id="null"),
        pytest.param("", "", id="empty"),
        pytest.param("2026-02-30", "2026-02-30", id="impossible-date"),
        pytest.param("9" * 5000, "9" * 5000, id="huge-int"),
        pytest.param("'it''s'", "it's", id="single-quoted"),
        pytest.param(r'"a\tb\u00e9"', "a\tbé", id="double-quoted"),
        pytest.param("|\n  one\n\n  two", "one\n\ntwo\n", id="literal"),
        pytest.param(">-\n  one\n  two", "one two", id="folded"),
        pytest.param("one\n  two", "one two", id="plain-over-lines"),
        pytest.param("[[Parent Note]]", (("Parent Note",),), id="wikilink"),
        pytest.param("[a, [], {}]", ("a", (), {}), id="flow"),
        pytest.param("\n- a\n-", ("a", ""), id="block-list"),
        pytest.param("\n  b: 1\n  c: {d: no}", {"b": "1", "c": {"d": "no"}}, id="nested"),
        pytest.param("!!str 1", "1", id="str-tag"),
        pytest.param("&x [b]\nc: *x", ("b",), id="anchor"),
        pytest.param("http://x.y/z#frag", "http://x.y/z#frag", id="url"),
        pytest.param("x # gone", "x", id="comment"),
        pytest.param("|\n  ---\n  still", "---\nstill\n", id="fence-in-a-block"),
    ],
)
def test_a_value_is_the_text_that_was_typed(text: str, value: Value) -> None:
    assert header_of(f"a: {text}")["a"] == value


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("1", "1"),
        ("true", "true"),
        ("~", "~"),
        ("2024-01-01", "2024-01-01"),
        ("'q k'", "q k"),
        ("🗂️ k", "🗂️ k"),
        ("? [a, b]\n", "[a, b]"),
        ("? {a: [b]}\n", "{a: [b]}"),
        ("[a, b]", "[a, b]"),
        ("<<", "<<"),
    ],
)
def test_a_key_is_text(key: str, text: str) -> None:
    assert header_of(f"{key}: v") == {text: "v"}


def test_a_merge_key_is_an_ordinary_key() -> None:
    header = header_of("base: &b {status: draft}\n<<: *b\nstatus: final")
    assert header == {"base": {"status": "draft"}, "<<": {"status": "draft"}, "status": "final"}


def test_items_know_their_lines() -> None:
    document, _ = parse(b"---\n# c\na: 1\n\nb: |\n  x\nc: 2\n---\n\nbody\n", "a.md")
    assert document == Document(
        Header((Item("a", "1", 3), Item("b", "x\n", 5), Item("c", "2", 7))), "\nbody\n", 9
    )
    assert document is not None and document.header is not None
    assert (document.header.line("b"), document.header.line("z")) == (5, 0)
    assert (document.header.get("c"), document.header.get("z")) == ("2", None)
    assert list(document.header.keys()) == ["a", "b", "c"]


def test_a_line_separator_in_a_value_moves_no_line() -> None:
    document, problems = parse("---\na: 'x\u2028y'\nb: 2\nb: 3\n---\n".encode(), "a.md")
    assert document is not None and document.header is not None
    assert document.header.line("b") == 3
    assert [problem.line for problem in problems] == [4]


# --- fences


@pytest.mark.parametrize(
    ("data", "keys", "body", "body_line"),
    [
        pytest.param(b"---\na: 1\n---\nbody", ["a"], "body", 4, id="plain"),
        pytest.param(b"\xef\xbb\xbf---\r\na: 1\r\n---\r\nbody\r\n", ["a"], "body\r\n", 4, id="bom-crlf"),
        pytest.param(b"---\ra: 1\r---\rbody\r", ["a"], "body\r", 4, id="cr"),
        pytest.param(b"---\r\na: 1\n---\rx\r\ny\n", ["a"], "x\r\ny\n", 4, id="mixed"),
        pytest.param(b"--- \na: 1\n---\t\nbody", ["a"], "body", 4, id="blank-behind-fence"),
        pytest.param(b"---\na: 1\n...\nbody", ["a"], "body", 4, id="dots"),
        pytest.param(b"---\na: 1\n---", ["a"], "", 3, id="ends-at-fence"),
        pytest.param(b"---\na: 1\n---\nb: 2\n---\nx", ["a"], "b: 2\n---\nx", 4, id="second-fence-is-body"),
        pytest.param(b"---\na: --- x\n---\n", ["a"], "", 4, id="dashes-in-a-value"),
        pytest.param(b"---\n---\nbody", [], "body", 3, id="empty"),
        pytest.param(b"---\n\n# only\n---\nbody", [], "body", 5, id="comment-only"),
        pytest.param(b"", None, "", 1, id="no-bytes"),
        pytest.param(b"# t\n---\na: 1\n---\n", None, "# t\n---\na: 1\n---\n", 1, id="late-fence"),
        pytest.param(b"\n---\na: 1\n---\n", None, "\n---\na: 1\n---\n", 1, id="blank-line-first"),
        pytest.param(b"----\na: 1\n---\n", None, "----\na: 1\n---\n", 1, id="four-dashes"),
        pytest.param(b"--- # c\na: 1\n---\n", None, "--- # c\na: 1\n---\n", 1, id="comment-behind-fence"),
        pytest.param(b"\xef\xbb\xbfx", None, "x", 1, id="bom-without-header"),
    ],
)
def test_the_header_lies_between_fences(
    data: bytes, keys: list[str] | None, body: str, body_line: int
) -> None:
    document, problems = parse(data, "a.md")
    assert not problems
    assert document is not None
    assert (list(document.header.keys()) if document.header else None) == keys
    assert (document.body, document.body_line) == (body, body_line)


# --- problems


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        pytest.param(b"---\na: 1\n\nbody\n", [(1, "unclosed-frontmatter")], id="unclosed"),
        pytest.param(b"---", [(1, "unclosed-frontmatter")], id="only-a-fence"),
        pytest.param(b"---\n- a\n---\n", [(2, "not-a-mapping")], id="list"),
        pytest.param(b"---\n# c\n\njust text\n---\n", [(4, "not-a-mapping")], id="scalar"),
        pytest.param(b"---\na: 1\nb: 2\na: 3\n---\n", [(4, "duplicate-key")], id="twice"),
        pytest.param(b"---\na:\n  - b: 1\n    b: 2\n---\n", [(4, "duplicate-key")], id="twice-nested"),
        pytest.param(b"---\na: {b: 1, b: 2}\n---\n", [(2, "duplicate-key")], id="twice-flow"),
        pytest.param(b"---\n1: a\n'1': b\n---\n", [(3, "duplicate-key")], id="twice-as-text"),
        pytest.param(b"---\na: 1\na: 2\nb: !x y\n---\n", [(3, "duplicate-key"), (4, "yaml-tag")], id="two"),
        pytest.param(b"---\na: !foo x\n---\n", [(2, "yaml-tag")], id="tag"),
        pytest.param(
            b"---\nb: 1\na: !!python/object/apply:os.system ['ls']\n---\n", [(3, "yaml-tag")], id="py"
        ),
        pytest.param(b"---\na: ! x\n---\n", [(2, "yaml-tag")], id="lone-tag"),
        pytest.param(b"---\nx: 1\na: *b\n---\n", [(3, "broken-yaml")], id="undefined-alias"),
        pytest.param(b"---\na: &a\n  b: *a\n---\n", [(3, "too-many-aliases")], id="self-alias"),
        pytest.param(b"---\na:\n\t- b\n---\n", [(3, "broken-yaml")], id="tab"),
        pytest.param(b"---\na: 1\nb: @x\n---\n", [(3, "broken-yaml")], id="at"),
        pytest.param(b"---\na: `x`\n---\n", [(2, "broken-yaml")], id="backtick"),
        pytest.param(b"---\r\na: 1\r\nb: c: d\r\n---\r\n", [(3, "broken-yaml")], id="colons-crlf"),
        pytest.param(b"---\ra: 1\rb: c: d\r---\r", [(3, "broken-yaml")], id="colons-cr"),
        pytest.param(b"---\na: 1\nfoo\nb: 2\n---\n", [(3, "broken-yaml")], id="no-colon"),
        pytest.param(b"---\na: 1\nb: 'x\nc: 2\n---\n", [(3, "broken-yaml")], id="open-quote"),
        pytest.param(b"---\na: 1\nb: [x\nc: 2\n---\n", [(3, "broken-yaml")], id="open-bracket"),
        pytest.param(b"---\na: [#x, y]\nb: #gone\n---\n", [(2, "broken-yaml")], id="hash-tag"),
        pytest.param(b"---\na: [\n  b,\n  'c' 'd'\n]\n---\n", [(4, "broken-yaml")], id="lost-comma"),
        pytest.param(b"---\n--- a: 1\n---\n", [(2, "broken-yaml")], id="document-in-header"),
        pytest.param(b"---\na: 1\n... # c\nb: 2\n---\n", [(3, "broken-yaml")], id="document-end-in-header"),
        pytest.param(b"---\na: 1\nb: caf\xe9\n---\n", [(3, "not-utf8")], id="latin-1"),
        pytest.param("---\na: 1\n---\n".encode("utf-16"), [(1, "not-utf8")], id="utf-16"),
        pytest.param("---\na: 1\n---\n".encode("utf-16-le"), [(1, "nul-byte")], id="utf-16-without-bom"),
        pytest.param(b"---\na: 1\n---\n\xed\xa0\x80", [(4, "not-utf8")], id="surrogate-bytes"),
        pytest.param(b'---\na: "\\ud800"\n---\n', [(2, "broken-yaml")], id="surrogate-escape"),
        pytest.param(b"---\na: x\0y\n---\n", [(2, "nul-byte")], id="nul-in-header"),
        pytest.param(b"---\na: x\n---\nb\0", [(4, "nul-byte")], id="nul-in-body"),
        pytest.param(b"---\na: 1\nb: \x1b[31m\n---\n", [(3, "control-character")], id="raw-control"),
        pytest.param(b'---\na: 1\nb: "\\x1b[31m"\n---\n', [(3, "control-character")], id="escaped-control"),
        pytest.param(b'---\n"\\a": 1\n---\n', [(2, "control-character")], id="escaped-control-in-key"),
        pytest.param("---\na: \x85\n---\n".encode(), [(2, "control-character")], id="c1-control"),
    ],
)
def test_a_problem_has_its_line(data: bytes, expected: list[tuple[int, str]]) -> None:
    assert codes_of(data) == expected


CONFLICT = "<<<<<<< HEAD\nmass: 5\n=======\nmass: 6\n>>>>>>> other\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"# t\n\n{CONFLICT}", [(3, "conflict-markers")], id="body"),
        pytest.param(f"---\na: 1\n{CONFLICT}---\nb\n", [(3, "conflict-markers")], id="header"),
        pytest.param(f"---\n{CONFLICT}".replace("\n", "\r\n"), [(2, "conflict-markers")], id="unclosed-crlf"),
        pytest.param(CONFLICT, [(1, "conflict-markers")], id="first-line"),
        pytest.param("Title\n=======\ntext\n", [], id="setext-heading"),
        pytest.param("<<<<<<< HEAD\nx\n", [], id="only-ours"),
        pytest.param(">>>>>>> b\n<<<<<<< a\n", [], id="wrong-order"),
        pytest.param("text <<<<<<< a\n text >>>>>>> b\n", [], id="inside-lines"),
    ],
)
def test_conflict_markers(text: str, expected: list[tuple[int, str]]) -> None:
    assert codes_of(text.encode()) == expected


def test_controls_in_the_body_are_the_body() -> None:
    document, problems = parse(b"---\na: 1\n---\n\x1b[31m", "a.md")
    assert document is not None and document.body == "\x1b[31m"
    assert not problems


def test_a_duplicate_leaves_the_first_value_readable() -> None:
    document, _ = parse(b"---\nid: one\nid: two\n---\nbody", "a.md")
    assert document == Document(Header((Item("id", "one", 2),)), "body", 5)


def test_messages_say_what_to_do() -> None:
    _, (problem,) = parse(b"---\na: @x\n---\n", "notes/a.md")
    assert (problem.path, problem.message) == ("notes/a.md", "a value cannot start with @; quote it")


def test_a_file_over_the_limit_is_not_read() -> None:
    assert codes_of(b"x" * 11) == []
    document, (problem,) = parse(b"x" * 11, "a.md", max_bytes=10)
    assert (document, problem.line, problem.code) == (None, 0, "too-large")


BOMB = "a0: &a0 [l,l,l,l,l,l,l,l,l,l]\n" + "\n".join(
    f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 10) + "]" for i in range(1, 10)
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(BOMB, "too-many-aliases", id="billion-laughs"),
        pytest.param(
            "a: &a " + "x" * 50000 + "\nb: [" + "*a," * 2000 + "]", "too-many-aliases", id="quadratic"
        ),
        pytest.param("a: &a x\nb: [" + "*a," * 2000 + "]", "too-many-aliases", id="many-small"),
        pytest.param(
            "a: &a " + "[" * 20 + "]" * 20 + "\nb: &b " + "[" * 20 + "*a" + "]" * 20,
            "too-many-aliases",
            id="tall",
        ),
        pytest.param("a: " + "[" * 5000 + "]" * 5000, "too-deep", id="deep-flow"),
        pytest.param("a: " + "[" * 200_000, "too-deep", id="deep-flow-unclosed"),
        pytest.param("a: " + "{a: " * 60_000, "too-deep", id="deep-mappings"),
        pytest.param("\n".join(" " * i + f"k{i}:" for i in range(700)), "too-deep", id="deep-block"),
        pytest.param("\n".join(" " * i + f"k{i}:" for i in range(1500)), "too-deep", id="deep-block-large"),
        pytest.param("a:\n  " + "- " * 100_000, "too-deep", id="deep-dashes"),
        pytest.param("? " * 100_000, "too-deep", id="deep-keys"),
        pytest.param("a: [" + "b," * 100_000 + "]", "too-deep", id="wide"),
        pytest.param("a: " + "b" * MAX_HEADER, "too-deep", id="long"),
        pytest.param("a: [" + "b c, " * 3000, "broken-yaml", id="unclosed-words"),
        pytest.param("a: " + "b :" * 5000 + " ", "broken-yaml", id="colons"),
        pytest.param("a: @" + " x" * 8000 + ": #", "broken-yaml", id="blanks"),
    ],
)
def test_hostile_headers_end_soon(text: str, code: str) -> None:
    begun = time.perf_counter()
    document, problems = parse(f"---\n{text}\n---\n".encode(), "a.md")
    assert time.perf_counter() - begun < 1
    assert document is None
    assert [problem.code for problem in problems] == [code]


# --- data that nobody here wrote

TORTURE_PROBLEMS = {
    "at-and-backtick": (2, "broken-yaml"),
    "billion-laughs": (7, "too-many-aliases"),
    "colon-in-value": (2, "broken-yaml"),
    "conflict-markers": (3, "conflict-markers"),
    "control-chars": (2, "control-character"),
    "deep-block": (1, "too-deep"),
    "deep-flow": (2, "too-deep"),
    "duplicate-key": (4, "duplicate-key"),
    "hash-tag": (2, "broken-yaml"),
    "latin1": (2, "not-utf8"),
    "lone-surrogate": (4, "not-utf8"),
    "not-a-mapping": (2, "not-a-mapping"),
    "nul": (2, "nul-byte"),
    "python-tag": (2, "yaml-tag"),
    "quadratic-blowup": (3, "too-many-aliases"),
    "scalar": (2, "not-a-mapping"),
    "self-alias": (3, "too-many-aliases"),
    "tab-indent": (3, "broken-yaml"),
    "unclosed": (1, "unclosed-frontmatter"),
    "utf16": (1, "not-utf8"),
}
WITHOUT_HEADER = {"json", "late-fence", "toml"}


@pytest.fixture(scope="module")
def torture_vault(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("torture")
    script = DATA / "tools" / "make_torture_vault.py"
    subprocess.run([sys.executable, script, folder], check=True, capture_output=True)
    return folder / "vault"


def test_every_hostile_file_gets_the_problem_it_deserves(torture_vault: Path) -> None:
    found = {}
    paths = [*torture_vault.glob("fm/*.md"), *torture_vault.glob("body/*.md")]
    assert len(paths) > 50
    for path in paths:
        begun = time.perf_counter()
        document, problems = parse(path.read_bytes(), path.name)
        assert time.perf_counter() - begun < 2, path.name
        if problems:
            (problem,) = problems
            found[path.stem] = (problem.line, problem.code)
        elif path.parent.name == "fm":
            assert document is not None
            assert (document.header is None) == (path.stem in WITHOUT_HEADER), path.name
    assert found == TORTURE_PROBLEMS


def test_a_hostile_file_is_edited_exactly_or_refused(torture_vault: Path) -> None:
    for path in [*torture_vault.glob("fm/*.md"), *torture_vault.glob("body/*.md")]:
        data = path.read_bytes()
        if path.stem in TORTURE_PROBLEMS:
            with pytest.raises(AtocoreError):
                edit(data, {"new-key": "1"})
        else:
            assert edit(edit(data, {"new-key": "1"}), {"new-key": None}).endswith(
                data.removeprefix(b"\xef\xbb\xbf")
            )


def yaml_cases() -> Iterator[tuple[str, str]]:
    with gzip.open(DATA / "yaml_suite" / "suite.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            case = json.loads(line)
            yield case["id"], case["yaml"]


def composed(node: yaml.Node) -> Value:
    """What PyYAML's own composer makes of a header: the independent answer."""
    if isinstance(node, yaml.MappingNode):
        return {key_text(composed(key)): composed(value) for key, value in node.value}
    return tuple(map(composed, node.value)) if isinstance(node, yaml.SequenceNode) else str(node.value)


def test_the_yaml_suite_neither_crashes_nor_surprises() -> None:
    accepted = compared = 0
    for name, text in yaml_cases():
        whole = f"---\n{text}\n---\nbody\n"
        data = whole.encode("utf-8", "surrogatepass")
        document, problems = parse(data, name)
        parts = frame(whole)
        if problems or document is None or document.header is None or parts is None:
            continue
        accepted += 1
        items = {item.key: item.value for item in document.header.items}
        with suppress(yaml.composer.ComposerError):  # it refuses an anchor that is given twice; YAML does not
            node = yaml.compose(whole[parts.opened : parts.closed], yaml.CSafeLoader)
            assert items == (composed(node) if node else {}), name
            compared += 1
        try:
            edited, _ = parse(edit(data, {"new key": "1"}), name)
        except AtocoreError as refusal:
            assert refusal.code == "has-problems"
            continue
        assert edited is not None and edited.header is not None
        assert {item.key: item.value for item in edited.header.items} == {**items, "new key": "1"}, name
    assert accepted > 100 and compared > 100


def short_cut_is_exact(text: str) -> bool:
    parts = frame(text)
    plain = read_plain(text[parts.opened : parts.closed]) if parts else None
    if parts is None or plain is None:
        return False
    reading = read(text[parts.opened : parts.closed])
    assert plain == [(entry.key, entry.value, entry.line) for entry in reading.entries or ()]
    return not reading.faults


def test_relations_as_they_are_written_take_no_parser() -> None:
    header = "id: x\nrelations:\n  - type: part_of\n    target: ent-1\n  - type: uses\n    target: ent-2\n"
    assert read_plain(header) == [
        ("id", "x", 0),
        ("relations", ({"type": "part_of", "target": "ent-1"}, {"type": "uses", "target": "ent-2"}), 1),
    ]


def test_the_notes_of_a_public_vault() -> None:
    with gzip.open(DATA / "vault_obsidian_hub" / "expected.jsonl.gz", "rt", encoding="utf-8") as lines:
        expected = {row["path"]: row for row in map(json.loads, lines)}
    seen = shortened = 0
    with tarfile.open(DATA / "vault_obsidian_hub" / "vault.tar.gz") as archive:
        for member in archive:
            row = expected.get(member.name) or expected.get(member.name.partition("/")[2])
            if row is None:
                continue
            file = archive.extractfile(member)
            assert file is not None
            data = file.read()
            document, problems = parse(data, member.name)
            seen += 1
            shortened += short_cut_is_exact(data.decode())
            if row.get("yaml", "ok") != "ok":
                assert problems, member.name
            elif not problems:
                assert document is not None
                keys = set(document.header.keys()) if document.header else set()
                assert keys == set(row.get("keys", ())), member.name
            else:
                assert row["frontmatter"], (member.name, problems)
    assert seen == len(expected)
    assert shortened > 0.9 * seen
