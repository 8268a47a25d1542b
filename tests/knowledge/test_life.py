"""The life of a claim: each step in its slot, read from the versions that files had."""

from __future__ import annotations

from helpers import file_text, ruling, vault_of, whole_id

from atocore.knowledge.asked import Asked, key_text, near
from atocore.knowledge.life import Event, Version, lives, reigns
from atocore.records.naming import Slot
from atocore.records.snapshot import MemorySnapshot

MASS: Slot = ("claim", "p", "mirror", "mass")
CLAIM = "project: p\nsubject: {0}\nattribute: mass\nvalue: {1}\n"
EMPTY = MemorySnapshot({})
CAME = "provenance: {path: docs/a.md, heading: Mass, lines: 3-4, quote: some 4 kg}\n"


def versions(*steps: tuple[str, str | None, str | None]) -> list[Version]:
    """One commit a step: a path, its block before and after."""
    return [
        Version(
            f"c{n}", f"2026-11-0{n + 1}T00:00:00Z", "A B", False, f"reason {n}", path, *_raws(path, old, new)
        )
        for n, (path, old, new) in enumerate(steps)
    ]


def _raws(path: str, old: str | None, new: str | None) -> tuple[bytes | None, str, bytes | None]:
    before, after = (file_text(path, text).encode() if text is not None else None for text in (old, new))
    return before, path, after


def told(events: tuple[Event, ...]) -> list[tuple[str, str, str]]:
    return [(event.step, event.value, event.was) for event in events]


def mem(value: str, more: str = "", subject: str = "mirror") -> str:
    return f"id: mem-a\n{CLAIM.format(subject, value)}{more}"


A, B, S = "memories/a.md", "memories/b.md", "state/s.md"


def test_a_claim_is_born_decided_edited_and_deleted() -> None:
    proposed = mem("4 kg", f"status: candidate\n{CAME}")
    promoted = mem("4 kg", f"{CAME}{ruling('promote')}")
    edited = mem("5 kg", f"{CAME}{ruling('promote')}")
    found = lives(
        EMPTY,
        versions((A, None, proposed), (A, proposed, promoted), (A, promoted, edited), (A, edited, None)),
    )
    events = found[MASS]
    assert told(events) == [
        ("add", "4 kg", ""),
        ("promote", "4 kg", ""),
        ("edit", "5 kg", "4 kg"),
        ("delete", "5 kg", ""),
    ]
    assert [event.status for event in events] == ["candidate", "active", "active", ""]
    assert (events[1].by, events[1].why) == ("A Reviewer <reviewer@example.org>", "weighed on the bench")
    assert (events[2].by, events[2].why, events[2].commit) == ("A B", "reason 2", "c2")
    assert events[0].source == 'docs/a.md › Mass, lines 3-4: "some 4 kg"'
    assert events[0].provenance["heading"] == "Mass"


def test_an_edit_that_says_the_same_of_the_claim_is_no_event() -> None:
    old = mem("4 kg", "tags: [a]\n")
    assert lives(EMPTY, versions((A, old, mem("4 kg", "tags: [b]\n")))) == {}
    (event,) = lives(EMPTY, versions((A, old, mem("4 kg", "valid_until: 2027-01-01\n"))))[MASS]
    assert (event.step, event.was, event.valid_until) == ("edit", "", "2027-01-01")


def test_a_record_that_claims_something_else_leaves_one_life_and_comes_into_another() -> None:
    found = lives(EMPTY, versions((A, mem("4 kg"), mem("4 kg", subject="tube"))))
    (left,), (came,) = found[MASS], found["claim", "p", "tube", "mass"]
    assert (left.value, left.note) == ("4 kg", "claims p / tube / mass from now on")
    assert (came.value, came.note) == ("4 kg", "claimed p / mirror / mass before")


def test_a_life_is_told_under_the_names_of_today() -> None:
    names = vault_of(
        "-- entities/m.md --\nid: ent-m\ntype: component\nproject: p\ntitle: Mirror\naliases: [M1]\n"
    )
    found = lives(names, versions((A, None, mem("4 kg", subject="M1"))))
    assert list(found) == [MASS]


def test_a_conflict_is_part_of_it() -> None:
    both = "\n".join(f"- {{id: mem-{n}, value: {n} kg, layer: L1}}" for n in "ab")
    opened = f"id: con-c\nslot: [claim, p, mirror, mass]\nmembers:\n{both}\n"
    decided = f"{opened}status: resolved\nwinner: mem-a\n{ruling('resolve')}"
    events = lives(EMPTY, versions(("conflicts/c.md", None, opened), ("conflicts/c.md", opened, decided)))[
        MASS
    ]
    assert told(events) == [("flag", "a kg ↔ b kg", ""), ("resolve", "a kg ↔ b kg", "")]
    assert events[1].note == f"for a kg ({whole_id('mem-a')})"
    assert events[1].why == "weighed on the bench"


def test_events_are_in_the_order_of_their_times() -> None:
    later, earlier = versions((A, None, mem("1 kg")), (B, None, mem("2 kg").replace("mem-a", "mem-b")))
    swapped = [later._replace(date="2026-12-01T00:00:00Z"), earlier]
    assert [event.value for event in lives(EMPTY, swapped)[MASS]] == ["2 kg", "1 kg"]


def test_the_reigns_of_state_are_what_stood_from_when_until_when() -> None:
    first = f"id: sta-a\n{CLAIM.format('mirror', '4 kg')}provenance: {{record: mem-x}}\n{ruling('set')}"
    gone = first.replace("step: set", "step: unset") + "status: retired\n"
    second = f"id: sta-b\n{CLAIM.format('mirror', '5 kg')}{ruling('set')}"
    mended = second.replace("5 kg", "6 kg")
    other = "state/t.md"
    steps = versions((S, None, first), (S, first, gone), (other, None, second), (other, second, mended))
    found = reigns(lives(EMPTY, [*steps, *versions((A, None, mem("9 kg")))])[MASS])
    assert [(r.value, r.since[8:10], r.until[8:10], r.end) for r in found] == [
        ("4 kg", "01", "02", "unset"),
        ("5 kg", "03", "04", "edit"),
        ("6 kg", "04", "", ""),
    ]
    assert (found[0].source, found[0].commit, found[0].ended_by) == (whole_id("mem-x"), "c0", "c1")


# -- what a key means


def fits(key: str, slot: Slot, project: str = "", names: MemorySnapshot = EMPTY) -> bool:
    return Asked.of(names, key, project).fits(names, slot)


def test_a_key_is_a_things_attribute_a_question_or_an_attribute_of_the_project() -> None:
    assert fits("The Mirrors.MASS", MASS)
    assert fits("mirror.mass", ("preference", "", "mirror", "mass"))
    assert fits("phase", ("claim", "p", "", "phase"))
    assert fits("Which glass?", ("decision", "p", "which glass?"))
    assert fits("cell.material", ("material", "p", "cell"))
    assert not fits("cell.vendor", ("material", "p", "cell"))
    assert not fits("mirror.cost", MASS)
    assert not fits("mass", MASS)


def test_a_project_limits_it_by_any_of_its_names() -> None:
    names = vault_of("-- projects/p.md --\nid: prj-p\nname: p\naliases: [P04]\n")
    assert fits("mirror.mass", MASS, "P04", names)
    assert not fits("mirror.mass", MASS, "q", names)


def test_an_alias_means_its_thing_where_it_counts() -> None:
    names = vault_of(
        "-- entities/m.md --\nid: ent-m\ntype: component\nproject: p\ntitle: Mirror\naliases: [M1]\n"
    )
    assert fits("M1.mass", MASS, "", names)
    assert not fits("M1.mass", ("claim", "q", "mirror", "mass"), "", names)
    assert Asked.of(names, "m1").is_about(names, MASS)
    assert Asked.of(names, "m1.mass").may_be_in(names, b"subject: MIRRORS\nattribute: Mass")
    assert Asked.of(names, "mirror.mass").may_be_in(names, b"subject: M1\nattribute: mass")
    assert not Asked.of(names, "mirror.mass").may_be_in(names, b"subject: tube\nattribute: mass")


def test_what_comes_near_is_told() -> None:
    slots = [MASS, ("claim", "p", "tube", "mass"), ("claim", "q", "miror", "mass")]
    assert near(Asked.of(EMPTY, "mirorr.mass", "p"), slots)[0] == "mirror.mass"
    assert near(Asked.of(EMPTY, "zzz"), slots) == ()
    assert [key_text(slot) for slot in (MASS, ("decision", "", "why?"), ("vendor", "", "cell"))] == [
        "mirror.mass",
        "why?",
        "cell.vendor",
    ]
