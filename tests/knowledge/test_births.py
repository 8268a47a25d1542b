"""Records that come to be by a person's or an assistant's hand: new, propose, adopt, and a rewritten text."""

from __future__ import annotations

import pytest
from helpers import DEED, MACHINE, file_text, record, ruling, text_at, vault_of, whole, whole_id

from atocore.errors import AtocoreError
from atocore.knowledge import births
from atocore.knowledge.births import Birth
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.ids import is_id
from atocore.records.kinds import Kind
from atocore.records.plan import Plan

ID = whole_id("mem-n")
TEXT = "The mirror weighs 4.2 kg."


def birth(
    kind: str = "memory", type_: str = "knowledge", status: str = "", text: str = TEXT, **keys: Value
) -> Birth:
    return births.checked(kind, type_, status, text, keys)


def refused(code: str, act: object) -> str:
    with pytest.raises(AtocoreError) as error:
        act()  # type: ignore[operator]
    assert error.value.code == code
    return error.value.message


def new_text(plan: Plan) -> str:
    (change,) = plan.changes
    assert change.new is not None
    return change.new.decode()


# -- what is asked for


@pytest.mark.parametrize(
    ("kind", "type_", "status", "text", "keys", "told"),
    [
        ("thought", "", "", TEXT, {}, "'thought' is no kind of record"),
        ("memory", "", "", TEXT, {}, "a memory needs its type"),
        ("memory", "decision", "", TEXT, {}, "'decision' is no type of memory"),
        ("memory", "knowledge", "open", TEXT, {}, "'open' is no status of memory"),
        ("state", "fact", "candidate", TEXT, {}, "'candidate' is no status of state"),
        ("interaction", "", "", TEXT, {}, "a interaction is not made by hand"),
        ("source", "", "", TEXT, {}, "a source is not made by hand"),
        ("conflict", "value", "open", TEXT, {}, "a conflict is not made by hand"),
        ("memory", "knowledge", "", " \n", {}, "an empty record says nothing"),
        ("entity", "decision", "", TEXT, {"graduated_to": "ent-x"}, "a entity has no key `graduated_to`"),
        ("project", "", "", TEXT, {"value": "x"}, "a project has no key `value`"),
    ],
)
def test_what_cannot_be_made_is_refused_by_name(
    kind: str, type_: str, status: str, text: str, keys: dict[str, Value], told: str
) -> None:
    assert refused("bad-value", lambda: births.checked(kind, type_, status, text, keys)) == told


@pytest.mark.parametrize("key", ["id", "kind", "type", "status", "ruling"])
def test_what_has_an_argument_of_its_own_does_not_come_in_by_the_further_keys(key: str) -> None:
    """Else a machine's proposal could be born active."""
    assert key in refused(
        "bad-value", lambda: births.checked("memory", "knowledge", "candidate", TEXT, {key: "active"})
    )


def test_a_record_is_active_where_no_status_is_given() -> None:
    assert birth().status == "active"
    assert birth(status="rejected").status == "rejected"
    assert births.checked("project", "", "", "", {"name": "p"}).status == "active"


# -- new


def test_a_person_makes_a_record_at_once() -> None:
    plan = births.add(birth(project="p", subject="mirror", own="x"), ID, DEED)
    assert plan.changes[0].path == "memories/p/the-mirror-weighs-4-2-kg--000000.md"
    assert (
        new_text(plan)
        == f"""\
---
id: {ID}
kind: memory
type: knowledge
status: active
project: p
subject: mirror
{ruling("add")}\
created: 2026-11-22T09:12:00Z
own: x
---
{TEXT}
"""
    )
    assert plan.message is not None
    assert (plan.message.subject, plan.message.action) == ("add memory: mirror", "add")


@pytest.mark.parametrize("status", ["candidate", "superseded", "retired", "rejected", "graduated"])
def test_a_person_may_make_a_record_at_any_status(status: str) -> None:
    now = vault_of("").after(births.add(birth(status=status), ID, DEED))
    assert record(now, "mem-n").status == status


def test_a_project_has_no_ruling() -> None:
    plan = births.add(births.checked("project", "", "", "Text.", {"name": "p04"}), whole_id("prj-n"), DEED)
    assert plan.changes[0].path == "projects/p04.md"
    assert "ruling" not in new_text(plan)


@pytest.mark.parametrize(
    "keys",
    [
        {"confidence": "high"},
        {"valid_from": "soon"},
        {"relations": ("x",)},
        {"value": "a\x07"},
        {"proposes": {"x": "y"}},
    ],
)
def test_a_key_that_would_be_a_problem_is_refused_at_birth(keys: dict[str, Value]) -> None:
    refused("bad-value", lambda: births.add(birth(**keys), ID, DEED))


# -- propose


def test_a_proposal_is_a_candidate_that_says_who_proposed_it_and_bears_no_ruling() -> None:
    plan = births.propose(
        birth(status="candidate", provenance={"quote": "it weighs 4.2 kg"}), "claude-code/2.1", MACHINE
    )
    (change,) = plan.changes
    assert change.new is not None
    found = read(change.path, change.new, max_bytes=10_000).record
    assert found is not None
    assert (found.status, found.ruling.step) == ("candidate", "")
    assert (found.provenance.by, found.provenance.quote) == ("claude-code/2.1", "it weighs 4.2 kg")
    assert plan.message is not None
    assert (plan.message.action, plan.message.actor) == ("propose", MACHINE.actor)


def test_a_proposal_that_claims_to_be_active_is_a_candidate_all_the_same() -> None:
    assert "status: candidate" in new_text(births.propose(birth(status="active"), "x", MACHINE))


@pytest.mark.parametrize("key", ["superseded_by", "graduated_to"])
def test_a_proposal_leaves_no_trace_of_steps_that_nobody_took(key: str) -> None:
    refused("bad-value", lambda: births.propose(birth(**{key: "mem-x"}), "x", MACHINE))


def proposed_id(**keys: Value) -> str:
    return births.proposal_id(birth(**keys))  # type: ignore[arg-type]


def test_the_same_proposal_has_the_same_id_on_any_clone() -> None:
    assert is_id(proposed_id(), "mem")
    assert proposed_id() == proposed_id(text="the **mirror** weighs 4.2 kg") == proposed_id(tags=("x",))
    others = [
        {"text": "The mirror weighs 4.3 kg."},
        {"project": "p"},
        {"value": "4.2 kg"},
        {"text": "", "title": "One"},
        {"text": "", "title": "Two"},
    ]
    assert len({proposed_id(**keys) for keys in [{}, *others]}) == 6  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "found"),
    [("candidate", True), ("active", True), ("rejected", True), ("retired", True), ("superseded", True)],
)
def test_what_was_said_before_is_found_whatever_became_of_it(status: str, found: bool) -> None:
    vault = vault_of(
        f"-- memories/a.md --\nid: mem-a\nstatus: {status}\nproject: p\n--\nThe mirror WEIGHS 4.2 kg\n"
    )
    assert (births.saying_the_same(vault, birth(project="p")) is not None) is found
    assert births.saying_the_same(vault, birth(project="q")) is None
    assert births.saying_the_same(vault, birth(project="p", text="Another thing.")) is None


def test_what_people_decided_comes_before_what_waits() -> None:
    vault = vault_of(f"""
-- memories/a.md --
id: mem-a
status: candidate
--
{TEXT}
-- memories/b.md --
id: mem-b
status: rejected
--
{TEXT}
""")
    said = births.saying_the_same(vault, birth())
    assert said is not None
    assert said.id == whole_id("mem-b")


def test_a_proposal_that_somebody_edited_since_is_known_by_its_id() -> None:
    asked = birth(status="candidate")
    vault = vault_of("").after(births.propose(asked, "x", MACHINE))
    one = next(iter(vault.select()))
    edited = births.rewrite(vault, one, one.raw.replace(b"4.2 kg", b"4.25 kg, with its cell"), DEED)
    said = births.saying_the_same(vault.after(edited), asked)
    assert said is not None
    assert said.id == one.id


def test_proposals_of_a_title_alone_are_told_apart() -> None:
    one = births.checked("memory", "knowledge", "candidate", "", {"title": "One"})
    two = births.checked("memory", "knowledge", "candidate", "", {"title": "Two"})
    vault = vault_of("").after(births.propose(one, "x", MACHINE))
    assert births.saying_the_same(vault, one) is not None
    assert births.saying_the_same(vault, two) is None


def test_the_same_claim_in_other_words_is_known_unless_the_words_are_what_is_corrected() -> None:
    vault = vault_of("""
-- memories/a.md --
id: mem-a
status: rejected
project: p
subject: primary mirror
attribute: mass
value: 4.2 kg
--
It weighs 4.2 kg.
""")
    keys = {"project": "p", "subject": "Primary  Mirror", "attribute": "mass", "value": "4.2 kg"}
    asked = births.checked("memory", "knowledge", "candidate", "The mirror comes to 4.2 kg.", keys)
    said = births.saying_the_same(vault, asked)
    assert said is not None
    assert said.id == whole_id("mem-a")
    other = births.checked("memory", "knowledge", "candidate", "It is 4.3 kg.", {**keys, "value": "4.3 kg"})
    assert births.saying_the_same(vault, other) is None
    correction = {**keys, "proposes": {"correct": whole_id("mem-a")}}
    again = births.checked("memory", "knowledge", "candidate", "The mirror comes to 4.2 kg.", correction)
    assert births.saying_the_same(vault, again) is None


# -- adopt


def adopted(raw: bytes, path: str = "notes/a.md", **how: str) -> bytes:
    (change,) = births.adopt(birth(text="x", **how), path, raw, ID, DEED).changes  # type: ignore[arg-type]
    assert (change.path, change.old) == (path, raw)
    assert change.new is not None
    found = read(path, change.new, max_bytes=10_000)
    assert found.record is not None
    assert found.record.id == ID
    return change.new


HEAD = f"id: {ID}\nkind: memory\ntype: knowledge\nstatus: active\n"


def test_a_plain_note_gets_a_header_and_keeps_every_byte() -> None:
    assert adopted(b"It is so.\n\nAnd so.") == f"---\n{HEAD}{ruling('add')}---\nIt is so.\n\nAnd so.".encode()


def test_a_note_with_a_header_keeps_its_keys_comments_and_order() -> None:
    raw = b"---\n# mine\ntags: [a,  b]   # two\ncssclasses: wide\n---\n\nIt is so.\n"
    new = adopted(raw)
    assert b"# mine\ntags: [a,  b]   # two\n" in new
    assert b"\ncssclasses: wide\n" in new
    lines = new.decode().splitlines()
    assert [line for line in lines if line not in raw.decode().splitlines()] == (
        HEAD + ruling("add")
    ).splitlines()
    assert new.endswith(b"---\n\nIt is so.\n")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("header", [b"", b"---\r\ntags: x\r\n---\r\n"])
def test_windows_line_ends_and_byte_order_mark_stay(mark: bytes, header: bytes) -> None:
    raw = mark + header + b"It is so.\r\nAnd so.\r\n"
    new = adopted(raw)
    assert new.startswith(mark + b"---\r\n")
    assert new.count(b"\xef\xbb\xbf") == len(mark) // 3
    assert new.count(b"\n") == new.count(b"\r\n")
    assert new.endswith(b"---\r\nIt is so.\r\nAnd so.\r\n")


def test_a_record_without_an_id_or_with_a_bad_one_is_mended() -> None:
    for line in (b"", b"id:\n", b"id: 7\n"):
        raw = b"---\n" + line + b"kind: memory\ntype: knowledge\nstatus: active\n---\nIt is so.\n"
        assert f"id: {ID}\n".encode() in adopted(raw, "memories/p/a.md")


def test_a_file_without_header_in_a_record_folder_is_mended() -> None:
    assert adopted(b"It is so.\n", "memories/p/a.md").startswith(b"---\nid: ")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (file_text("memories/a.md", "id: mem-a\n").encode(), "exists"),
        (b"---\nkind: [\n---\n", "has-problems"),
        (b"---\nnever closed\n", "has-problems"),
        (b"\xff\n", "has-problems"),
        (b"a\0b\n", "has-problems"),
        (b"---\na: 1\na: 2\n---\n", "has-problems"),
        (b"---\n{tags: [a]}\n---\nx\n", "has-problems"),
        (b"<<<<<<< ours\na\n=======\nb\n>>>>>>> theirs\n", "has-problems"),
    ],
)
def test_what_is_a_record_or_cannot_be_read_is_not_adopted(raw: bytes, code: str) -> None:
    refused(code, lambda: births.adopt(birth(text="x"), "memories/p/a.md", raw, ID, DEED))


def test_a_reserved_name_is_never_made_a_record() -> None:
    refused(
        "has-problems", lambda: births.adopt(birth(text="x"), "memories/index.md", b"# Index\n", ID, DEED)
    )


def test_adopting_is_adding() -> None:
    plan = births.adopt(birth(text="x"), "notes/a.md", b"# The mirror\n", ID, DEED)
    assert plan.message is not None
    assert (plan.message.subject, plan.message.action) == ("adopt memory: The mirror", "add")


# -- rewrite

OLD = vault_of("-- memories/a.md --\nid: mem-a\nstatus: candidate\n--\nOne.\n")


def rewritten(old: str, new: str, machine: bool = False) -> Plan:
    one = record(OLD, "mem-a")
    text = text_at(OLD, one.path)
    assert old in text
    return births.rewrite(OLD, one, text.replace(old, new).encode(), MACHINE if machine else DEED)


def test_a_persons_edit_is_committed_as_it_was_typed() -> None:
    plan = rewritten("One.\n", "Two,\r\nthree   ")
    assert new_text(plan).endswith("---\nTwo,\r\nthree   ")
    assert plan.message is not None
    assert plan.message.action == "edit"


def test_the_status_may_change_along_a_step() -> None:
    assert record(OLD.after(rewritten("candidate", "active")), "mem-a").status == "active"
    assert "which no step does" in refused("impossible-step", lambda: rewritten("candidate", "superseded"))


def test_an_edit_that_changes_nothing_is_no_commit() -> None:
    assert rewritten("One.", "One.") == Plan((), None)


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("mem-a", "mem-b", "bad-value"),
        ("candidate", "done", "has-problems"),
        ("type: knowledge", "type: [", "has-problems"),
        ("One.", "\0", "has-problems"),
    ],
)
def test_an_edit_that_makes_another_record_or_none_is_refused(old: str, new: str, code: str) -> None:
    refused(code, lambda: rewritten(whole(old), whole(new)))


def test_a_machine_may_not_change_a_status_by_an_edit() -> None:
    refused("machine-refused", lambda: rewritten("candidate", "active", machine=True))
    assert rewritten("One.", "Two.", machine=True).changes


def test_a_warning_does_not_bar_an_edit() -> None:
    assert rewritten("type: knowledge", "confidence: high\ntype: knowledge").changes


def test_a_birth_says_its_kind() -> None:
    assert birth("entity", "decision").kind is Kind.ENTITY
