"""Wording: which texts are in nearly the same words, and what a record says in words."""

from __future__ import annotations

import pytest
from helpers import record_of
from hypothesis import given
from hypothesis import strategies as st

from atocore.records import wording
from atocore.records.wording import denials, exact_parts, plain_wording, said_key, wording_key

BODY = "The primary mirror weighs 4.2 kg.\n"
CLAIM = "subject: primary mirror\nattribute: mass\nvalue: 4.2 kg\n"


def key(head: str, body: str = BODY, path: str = "memories/a.md") -> str:
    return wording_key(record_of(f"{head}\n--\n{body}", path))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The valve closes.", "the valve closes"),
        ("**The** `valve` closes", "The valve closes"),
        ("The relief-valve closes", "The relief valve closes"),
        ("On power loss, the valve closes.", "The valve closes on power loss."),
        ("Ten valves cannot close", "10 valves can not close"),
        ("A valve closes in 7.0 s", "The valve closes in 7s"),
        ("It’s closed", "It is closed"),
        ("≈ 5 V", "≈5 V"),
    ],
)
def test_what_carries_no_meaning_is_left_out(one: str, other: str) -> None:
    assert plain_wording(one) == plain_wording(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A closes", "The B closes"),
        ("Pump A runs", "The pump runs"),
        ("use 1.10", "use 1.1"),
        ("5 mW are used", "5 MW are used"),
        ("5 Mb are used", "5 mb are used"),
        ("it is 3 V", "it is -3 V"),
        ("userId is set", "userID is set"),
        ("a_b is set", "a b is set"),
        ("is it closed?", "is it closed"),
        ("[spec](a.md) is met", "[spec](b.md) is met"),
        ("10⁶ cycles", "106 cycles"),
        ("After A, check B, then C", "check B, then C after A"),
    ],
)
def test_what_may_carry_a_meaning_stays(one: str, other: str) -> None:
    assert plain_wording(one) != plain_wording(other)


@given(st.text(alphabet="aA5.-, ?’\n_*|µ[](é", max_size=40))
def test_any_text_has_a_wording_and_spacing_is_no_part_of_it(text: str) -> None:
    assert plain_wording(text) == plain_wording(f"  {text}  ")


def test_a_claim_that_the_body_makes_is_no_more_than_the_body() -> None:
    assert key("id: mem-a") == key(f"id: mem-b\n{CLAIM}")
    elsewhere = "Taken from the data sheet of the maker.\n"
    assert key(f"id: mem-a\n{CLAIM}", elsewhere) != key("id: mem-b", elsewhere)
    assert key(f"id: mem-a\n{CLAIM}", elsewhere) != key(
        f"id: mem-b\n{CLAIM}".replace("4.2", "4.3"), elsewhere
    )


def test_kind_type_project_and_title_tell_records_of_the_same_words_apart() -> None:
    same = key("id: mem-a")
    assert same == key("id: mem-b\ntitle: Mirror weighs 4.2 kg")
    for other in ("type: project", "project: p", "title: Mass of the flange"):
        assert key(f"id: mem-a\n{other}") not in ("", same)
    assert key("id: ent-a", path="entities/a.md") not in ("", same)


def test_an_episode_of_another_day_is_another_one() -> None:
    head = "id: mem-a\ntype: episodic\ncreated: 2026-11-22T07:46:00Z"
    assert key(head) == key(head.replace("07:46", "09:00"))
    assert key(head) != key(head.replace("11-22", "11-23"))


@pytest.mark.parametrize("body", ["It is so.\n", "See above.\n", "\n", "Yes!\n"])
def test_a_body_that_says_nothing_by_itself_has_no_key(body: str) -> None:
    assert key("id: mem-a", body) == ""


def test_an_entity_without_a_body_says_its_title() -> None:
    pump = key("id: ent-a\ntitle: Pump", "\n", "entities/a.md")
    assert pump == key("id: ent-b\ntitle: The pump", "\n", "entities/b.md") != ""
    assert key("id: mem-a\ntitle: Pump", "\n") == ""


def test_what_was_said_is_words_and_value() -> None:
    one = record_of(f"id: mem-a\n{CLAIM}--\n{BODY}")
    assert said_key(one) == said_key(record_of(f"id: mem-b\n{CLAIM}--\n{BODY.replace('The ', 'A ')}"))
    assert said_key(one) != said_key(record_of(f"id: mem-b\n{CLAIM.replace('4.2', '4.3')}--\n{BODY}"))
    assert said_key(one) != said_key(record_of(f"id: mem-b\n{CLAIM}--\n{BODY.replace('mirror', 'lens')}"))


def test_numbers_ids_and_denials_of_a_text() -> None:
    assert exact_parts("Bolt M3 of REQ-12 takes 4.2 kg, not five.") == {" M3 ", " REQ-12 ", " 4.2 ", " 5 "}
    assert denials("It does not leak, and never did.") == {" not ", " never "}


STEMS = (
    "organ",
    "real",
    "col",
    "fav",
    "cent",
    "met",
    "lit",
    "fib",
    "calib",
    "cance",
    "travell",
    "grey",
    "alumin",
)
ENDINGS = (
    *(
        "ise",
        "ised",
        "ises",
        "iser",
        "isers",
        "ising",
        "isation",
        "isations",
        "our",
        "ours",
        "oured",
        "ouring",
    ),
    *("oural", "re", "res", "lled", "lling", "ller", "", "s", "ium", "um", "ing", "ed", "x"),
)


@given(
    st.builds(
        str.__add__, st.sampled_from(STEMS) | st.text("aeimnrsuy", max_size=6), st.sampled_from(ENDINGS)
    )
)
def test_no_word_that_is_spelt_in_two_ways_is_passed_over(word: str) -> None:
    wording._KNOWN.clear()
    found = plain_wording(word)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wording, "_MAYBE_SPELT", "")  # every word ends so
        wording._KNOWN.clear()
        assert plain_wording(word) == found
    wording._KNOWN.clear()
