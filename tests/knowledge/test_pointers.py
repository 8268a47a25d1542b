"""Pointers: where a fact lives now, and what history proves of those that were touched."""

from __future__ import annotations

from helpers import short_id, vault_of, whole, whole_id

from atocore.knowledge.pointers import PointerWatch, dead_pointer_problems, home_of
from atocore.knowledge.recognition import Deed, recognise
from atocore.records.snapshot import MemorySnapshot

CHAIN = """
-- memories/a.md --
id: mem-a
status: graduated
graduated_to: ent-a
-- entities/a.md --
id: ent-a
status: superseded
superseded_by: ent-b
-- entities/b.md --
id: ent-b
"""


def home(vault: MemorySnapshot) -> tuple[str, list[str], str]:
    pointer = vault.get(whole_id("mem-a"))
    assert pointer is not None
    found = home_of(vault, pointer)
    return (short_id(found.record.id) if found.record else ""), list(map(short_id, found.via)), found.dead_end


def test_a_pointer_is_followed_to_where_its_fact_lives_now() -> None:
    assert home(vault_of(CHAIN)) == ("ent-b", ["mem-a", "ent-a"], "")
    retired = CHAIN.replace("id: ent-b", "id: ent-b\nstatus: retired")
    assert home(vault_of(retired))[0] == "ent-b", "whoever asks is told that it is retired"


def test_a_dead_end_is_told_with_its_reason() -> None:
    for text, told in (
        (CHAIN.replace("graduated_to: ent-a\n", ""), "has no `graduated_to`"),
        (CHAIN.replace("superseded_by: ent-b\n", ""), "has no `superseded_by`"),
        (CHAIN.replace("id: ent-b", "id: ent-c"), f"no record {whole_id('ent-b')}"),
        (CHAIN.replace("superseded_by: ent-b", "superseded_by: ent-a"), "circle"),
    ):
        vault = vault_of(text)
        assert home(vault)[0] == ""
        assert told in home(vault)[2]
        (problem,) = dead_pointer_problems(vault, vault.select())
        assert (problem.code, problem.path) == ("dead-pointer", "memories/a.md")
        assert problem.line
    assert list(dead_pointer_problems(vault_of(CHAIN), vault_of(CHAIN).select())) == []


ACTIVE = whole("""---
id: mem-a
kind: memory
type: knowledge
status: active
subject: mirror
value: 4.2 kg
graduated_to: ent-a
---
It weighs 4.2 kg.
""")
POINTER = ACTIVE.replace("status: active", "status: graduated")
PATH = "memories/a.md"


def problems(*versions: str | None) -> list[tuple[int, str]]:
    """What a pointer's versions, oldest first, prove; None stands for no file."""
    deeds: list[tuple[Deed, ...]] = []
    before: bytes | None = None
    for version in versions:
        after = version.encode() if version is not None else None
        deeds.append(tuple(recognise(PATH, before, PATH, after)))
        before = after
    present = MemorySnapshot({PATH: before} if before else {})
    watch = PointerWatch({one.id: one for one in present.select()})
    for number, done in enumerate(reversed(deeds)):
        watch.see(f"{number:040}", "", done)
    found = list(watch.problems())
    assert all(problem.code == "frozen-pointer" for problem in found)
    return [(problem.line, problem.message) for problem in found]


def test_a_pointer_that_nobody_touched_is_sound() -> None:
    assert problems(ACTIVE, POINTER) == []
    assert problems(POINTER) == [], "born as one"
    tagged = POINTER.replace("value: 4.2 kg", "value:   4.2 kg\ntags: [optics]").replace("It ", "It\n")
    assert problems(ACTIVE, POINTER, tagged) == [], "neither a tag nor whitespace is a claim"


def test_a_changed_claim_or_text_of_a_pointer_is_told_with_its_line() -> None:
    assert problems(ACTIVE, POINTER, POINTER.replace("value: 4.2", "value: 4.3")) == [
        (7, "`value` of a pointer was changed, which was '4.2 kg'")
    ]
    assert problems(ACTIVE, POINTER, POINTER.replace("It weighs", "It does not weigh")) == [
        (10, "its text of a pointer was changed")
    ]
    assert problems(ACTIVE, POINTER, POINTER.replace("knowledge", "project")) == [
        (4, "`type` of a pointer was changed, which was 'knowledge'")
    ]
    assert problems(ACTIVE, POINTER, POINTER.replace("value: 4.2 kg\n", "")) == [
        (5, "`value` of a pointer was changed, which was '4.2 kg'")
    ], "what is gone has no line: the status has"


def test_a_claim_changed_in_the_very_commit_that_froze_it_is_told_too() -> None:
    assert problems(ACTIVE, POINTER.replace("value: 4.2", "value: 4.3"))


def test_what_is_as_before_again_is_mended_and_an_active_memory_may_change() -> None:
    changed = POINTER.replace("value: 4.2", "value: 4.3")
    assert problems(ACTIVE, POINTER, changed, POINTER) == []
    assert problems(ACTIVE, POINTER, ACTIVE, ACTIVE.replace("4.2", "4.4")) == []
    assert problems(ACTIVE, POINTER, ACTIVE.replace("4.2", "4.4"), POINTER.replace("4.2", "4.4")) == []


def test_a_deleted_pointer_is_told_until_it_is_back() -> None:
    assert problems(ACTIVE, POINTER, None) == [(0, f"commit {0:010} deleted the pointer {whole_id('mem-a')}")]
    assert problems(ACTIVE, None) == []
    assert problems(ACTIVE, POINTER, None, POINTER) == []
    assert problems(ACTIVE, POINTER, None, POINTER.replace("value: 4.2", "value: 4.3"))
