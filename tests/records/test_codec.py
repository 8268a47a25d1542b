"""From bytes to records, notes and problems: text in, values out."""

from __future__ import annotations

import pytest
from helpers import file_text, record_of, whole, whole_id
from hypothesis import given
from hypothesis import strategies as st

from atocore.records.codec import Reading, parse_time, read, references
from atocore.records.kinds import Kind
from atocore.records.record import Member, Relation


def reading(text: str | bytes, path: str = "memories/p04/a.md", max_bytes: int = 1 << 20) -> Reading:
    raw = text.encode() if isinstance(text, str) else text
    return read(path, raw, max_bytes=max_bytes)


def problems(
    text: str | bytes, path: str = "memories/p04/a.md", max_bytes: int = 1 << 20
) -> list[tuple[str, int]]:
    return [(problem.code, problem.line) for problem in reading(text, path, max_bytes).problems]


MEMORY = "---\nid: mem-7k2m9qxw4d3f\nkind: memory\ntype: knowledge\nstatus: active\n---\nIt is so.\n"


def test_a_whole_record_is_read_with_every_key_as_typed() -> None:
    record = record_of("""\
id: mem-a
project: p04-telescope
subject: primary mirror
attribute: mass
value: 1.10
confidence: 0.8
created: 2026-11-22
tags: [optics, no]
aliases: M1
supersedes: mem-b
proposes: {retire: mem-c}
relations:
  - {type: satisfies, target: ent-a}
provenance:
  quote: it weighs 4.2 kg
  lines: 3-4
ruling: {step: promote, by: A Reviewer, why: yes}
cssclasses: wide
--
# The primary mirror
weighs 4.2 kg.
""")
    assert (record.kind, record.type, record.status) == (Kind.MEMORY, "knowledge", "active")
    assert (record.value, record.tags, record.aliases) == ("1.10", ("optics", "no"), ("M1",))
    assert record.supersedes == (whole_id("mem-b"),)
    assert record.proposes == (("retire", whole_id("mem-c")),)
    assert record.relations == (Relation("satisfies", whole_id("ent-a")),)
    assert (record.provenance.quote, record.provenance.lines) == ("it weighs 4.2 kg", "3-4")
    assert (record.ruling.step, record.ruling.why, record.ruling.at) == ("promote", "yes", "")
    assert record.title == "The primary mirror"
    assert record.header.get("cssclasses") == "wide"


@pytest.mark.parametrize(
    "typed", ["no", "on", "1e3", "012", "2026-01-01", "~", "null", "0x1F", "1_000", "4:30"]
)
def test_a_value_stays_what_was_typed(typed: str) -> None:
    assert record_of(f"id: mem-a\nvalue: {typed}").value == typed


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("It is so.\n", [("no-frontmatter", 1)], id="no-frontmatter"),
        pytest.param("", [("no-frontmatter", 1)], id="empty-file"),
        pytest.param("---\n---\n", [("missing-key", 1)], id="empty-frontmatter"),
        pytest.param("---\nkind: memory\n", [("unclosed-frontmatter", 1)], id="unclosed"),
        pytest.param("---\nkind: [\n---\n", [("broken-yaml", 2)], id="broken-yaml"),
        pytest.param("---\n- a\n---\n", [("not-a-mapping", 2)], id="not-a-mapping"),
        pytest.param(
            MEMORY.replace("status: active", "status: active\nstatus: retired"),
            [("duplicate-key", 6)],
            id="duplicate-key",
        ),
        pytest.param(MEMORY.replace("type:", "x: !!int 1\ntype:"), [("yaml-tag", 4)], id="yaml-tag"),
        pytest.param(MEMORY.replace("type:", 'x: "\\x07"\ntype:'), [("control-character", 4)], id="control"),
        pytest.param(
            MEMORY.replace("type:", f"x: {'[' * 40}{']' * 40}\ntype:"), [("too-deep", 4)], id="too-deep"
        ),
        pytest.param(
            MEMORY.replace("type:", f"x: &a [b]\ny: [{'*a, ' * 300}*a]\ntype:"),
            [("too-many-aliases", 5)],
            id="too-many-aliases",
        ),
        pytest.param(
            MEMORY + "\n<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n",
            [("conflict-markers", 9)],
            id="conflict-markers",
        ),
        pytest.param(MEMORY.encode() + b"\xff\n", [("not-utf8", 8)], id="not-utf8"),
        pytest.param(MEMORY + "\0", [("nul-byte", 8)], id="nul-byte"),
        pytest.param(MEMORY.replace("kind: memory", "kind: memo"), [("unknown-kind", 3)], id="unknown-kind"),
        pytest.param(
            MEMORY.replace("kind: memory", "kind: note"), [("unknown-kind", 3)], id="note-is-no-kind"
        ),
        pytest.param(MEMORY.replace("kind: memory\n", ""), [("missing-key", 1)], id="missing-kind"),
        pytest.param(MEMORY.replace("knowledge", "fact"), [("unknown-type", 4)], id="unknown-type"),
        pytest.param(MEMORY.replace("active", "Active"), [("unknown-status", 5)], id="unknown-status"),
        pytest.param(MEMORY.replace("status: active\n", ""), [("missing-key", 1)], id="missing-status"),
        pytest.param(MEMORY.replace("id: mem-7k2m9qxw4d3f\n", ""), [("missing-id", 1)], id="missing-id"),
        pytest.param(MEMORY.replace("mem-7k2m9qxw4d3f", ""), [("missing-id", 2)], id="empty-id"),
        pytest.param(MEMORY.replace("mem-7k2m9qxw4d3f", "mem-1"), [("bad-id", 2)], id="short-id"),
        pytest.param(MEMORY.replace("mem-", "ent-"), [("bad-id", 2)], id="another-kinds-id"),
    ],
)
def test_a_file_that_cannot_be_understood_is_a_problem_with_its_line(
    text: str | bytes, found: list[tuple[str, int]]
) -> None:
    assert reading(text).record is None
    assert problems(text) == found


def test_a_file_above_the_limit_is_a_problem() -> None:
    assert problems(MEMORY, max_bytes=len(MEMORY)) == []
    assert problems(MEMORY, max_bytes=len(MEMORY) - 1) == [("too-large", 0)]


def test_every_wrong_key_is_told_of_at_once() -> None:
    text = MEMORY.replace("mem-7k2m9qxw4d3f", "x").replace("knowledge", "y").replace("active", "z")
    assert problems(text) == [("unknown-type", 4), ("unknown-status", 5), ("bad-id", 2)]


def test_a_value_of_the_wrong_form_is_a_warning_and_the_record_counts_without_it() -> None:
    text = MEMORY.replace("type:", "confidence: high\nrelations: [{type: likes, target: ent-x}]\ntype:")
    record = reading(text).record
    assert record is not None
    assert record.confidence is None
    assert record.relations == ()
    assert problems(text) == [("bad-value", 4), ("bad-value", 5)]


def test_a_proposal_about_another_record_that_is_not_understood_proposes_nothing() -> None:
    """Else a misspelt verb would be carried out as another one when the candidate is promoted."""
    text = MEMORY.replace("type:", "proposes: {retrie: mem-2h8d5k1n9q4r}\ntype:")
    record = reading(text).record
    assert record is not None
    assert record.proposes == ()
    assert problems(text) == [("bad-value", 4)]


def test_a_key_of_another_kind_is_the_teams_own() -> None:
    record = record_of("id: mem-a\nwinner: Bob\nslot: [a]\nmembers: {a: b}\nname: [x]\nhow: well")
    assert (record.winner, record.slot, record.how) == ("", (), "")
    assert references(record) == ()
    assert record.header.get("winner") == "Bob"


def test_an_unquoted_wikilink_is_the_text_in_it() -> None:
    record = record_of(whole("id: mem-a\nsupersedes: [[mem-b]]\naliases:\n  - [[The mirror]]"))
    assert record.supersedes == (whole_id("mem-b"),)
    assert record.aliases == ("The mirror",)


def test_blanks_inside_the_quotes_make_another_status() -> None:
    assert problems(MEMORY.replace("status: active", 'status: "active "')) == [("unknown-status", 5)]


@pytest.mark.parametrize("path", ["notes/a.md", "a.md", "memories.md"])
def test_other_markdown_is_a_note_and_never_a_problem(path: str) -> None:
    for text in ("A thought.\n", "---\ntags: [x]\naliases: [y]\n---\nA thought.\n", ""):
        found = reading(text, path)
        assert found.record is not None
        assert found.record.kind is Kind.NOTE
        assert found.problems == ()


def test_a_notes_id_comes_from_its_path() -> None:
    here, there, again = (reading("x", path).record for path in ("a.md", "b.md", "a.md"))
    assert here is not None
    assert there is not None
    assert again is not None
    assert here.id == again.id != there.id


def test_a_note_is_named_by_title_first_line_or_file() -> None:
    titles = [
        found.title
        for text in ("---\ntitle: T\n---\nx\n", "# *Head*\n", "\n---\n\n", "")
        if (found := reading(text, "notes/the note.md").record)
    ]
    assert titles == ["T", "Head", "the note", "the note"]


def test_a_record_may_lie_anywhere() -> None:
    assert problems(MEMORY, "attic/old.md") == []
    found = reading(MEMORY, "attic/old.md").record
    assert found is not None
    assert found.kind is Kind.MEMORY


def test_a_record_in_the_folder_of_another_kind_is_a_warning() -> None:
    found = reading(MEMORY, "entities/a.md")
    assert [problem.code for problem in found.problems] == ["wrong-folder"]
    assert found.record is not None


@pytest.mark.parametrize("path", ["memories/index.md", "memories/p04/log.md", "index.md"])
def test_reserved_names_are_never_records_and_need_no_frontmatter(path: str) -> None:
    for text in ("# Index\n", MEMORY):
        found = reading(text, path)
        assert found.problems == ()
        assert found.record is not None
        assert found.record.kind is Kind.NOTE


def test_a_byte_order_mark_and_windows_line_ends_are_read_through() -> None:
    found = reading(b"\xef\xbb\xbf" + MEMORY.replace("\n", "\r\n").encode())
    assert found.problems == ()
    assert found.record is not None
    assert (found.record.status, found.record.body) == ("active", "It is so.\r\n")


def test_a_project_is_named_by_its_name_key() -> None:
    found = record_of("id: prj-a\nname: p04\nmembers: [Ann, Bob]", "projects/p04.md")
    assert (found.project, found.title, found.members) == ("p04", "p04", ())


def test_a_conflicts_slot_keeps_the_place_of_what_is_not_stated() -> None:
    """A conflict of records without a project: its slot must be the slot that they claim."""
    found = record_of('id: con-a\nslot:\n  - claim\n  - ""\n  - mirror\n  - mass', "conflicts/a.md")
    assert found.slot == ("claim", "", "mirror", "mass")


def test_the_members_of_a_conflict_may_be_written_as_bare_ids() -> None:
    found = record_of(
        "id: con-a\nmembers: [mem-a, {id: mem-b, value: 4 kg, layer: L1}, {value: x}]", "conflicts/a.md"
    )
    assert found.members == (Member(whole_id("mem-a"), "", ""), Member(whole_id("mem-b"), "4 kg", "L1"))


def test_every_reference_of_a_record_is_found_and_relations_are_links() -> None:
    memory = record_of("""\
id: mem-a
supersedes: [mem-b, mem-c]
superseded_by: mem-d
graduated_to: ent-a
proposes: {supersede: mem-e}
relations: [{type: satisfies, target: ent-b}]
""")
    assert references(memory) == tuple(
        (key, whole_id(target))
        for key, target in [
            ("supersedes", "mem-b"),
            ("supersedes", "mem-c"),
            ("proposes", "mem-e"),
            ("superseded_by", "mem-d"),
            ("graduated_to", "ent-a"),
        ]
    )
    conflict = record_of(
        "id: con-a\nmembers: [{id: mem-a}]\nwinner: mem-a\nprevailing: sta-a", "conflicts/a.md"
    )
    assert references(conflict) == tuple(
        (key, whole_id(target))
        for key, target in [("members", "mem-a"), ("winner", "mem-a"), ("prevailing", "sta-a")]
    )


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        ("2026-11-22", True),
        ("2026-11-22T07:46:00Z", True),
        ("2026-11-22 07:46", True),
        ("2026-11-22T07:46:00+01:00", True),
        ("22.11.2026", False),
        ("2026-13-01", False),
        ("2026-11-22x", False),
        ("", False),
    ],
)
def test_what_is_a_date_or_time(text: str, fine: bool) -> None:
    assert (parse_time(text) is not None) is fine


@pytest.mark.parametrize(
    ("begin", "end", "problems"),
    [
        ("2026-09-01", "2026-04-01", ["bad-value"]),
        ("2026-09-01T08:00:00Z", "2026-08-31", ["bad-value"]),
        ("2026-04-01", "2026-04-01", []),
        ("2026-04-01", "2026-09-01", []),
        ("soon", "2026-09-01", ["bad-value"]),
    ],
)
def test_a_period_that_ends_before_it_begins_is_a_problem(begin: str, end: str, problems: list[str]) -> None:
    text = file_text("memories/a.md", f"id: mem-a\nvalid_from: {begin}\nvalid_until: {end}\n")
    found = read("memories/a.md", text.encode(), max_bytes=1000)
    assert found.record is not None
    assert [one.code for one in found.problems] == problems


@given(st.binary(max_size=200), st.sampled_from(["memories/a.md", "a.md", "conflicts/b.md"]))
def test_no_bytes_make_the_reader_raise(raw: bytes, path: str) -> None:
    for data in (raw, b"---\n" + raw + b"\n---\n", MEMORY.encode()[:-15] + raw + b"\n---\n"):
        found = read(path, data, max_bytes=1000)
        assert found.record is not None or found.problems


def test_the_helpers_fill_in_what_a_test_leaves_out() -> None:
    assert file_text("memories/a.md", "id: mem-a\n") == (
        "---\nid: mem-a00000000000\nkind: memory\ntype: knowledge\nstatus: active\n---\nIt is so.\n"
    )
