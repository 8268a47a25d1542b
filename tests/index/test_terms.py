"""Terms: the short cut for ASCII texts finds the identifiers that stand in any text."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from atocore.index.terms import character_terms, fold, identifier_terms


@given(st.text("aAbZ19._/:-+#_ (,'\n\t\x1c", max_size=14) | st.text(st.characters(max_codepoint=127)))
@example("C++ and C#: p04-gigabit, M3x12; std::move getUserName .5 a.")
def test_an_ascii_text_has_the_identifiers_that_it_has_beside_other_letters(text: str) -> None:
    assert set(identifier_terms(text)) == set(identifier_terms(f"{text} é"))


def test_european_letters_and_punctuation_give_no_character_terms() -> None:
    assert character_terms(fold("„Größe“ – naïve… Ελλάδα, Россия, עברית, العربية")) == []


def test_every_character_and_pair_of_an_unspaced_run_is_a_term() -> None:
    assert character_terms("mass 主镜 \U00020000") == ["主", "镜", "主镜", "\U00020000"]


def test_a_long_text_is_folded_as_its_words_are() -> None:
    words = ["Größe", "cafe\u0301", "ﬁne", "主鏡", "й", "и\u0306", "plain"] * 3000
    assert fold(" ".join(words)) == " ".join(map(fold, words))


def test_a_letter_under_a_heap_of_marks_costs_no_more_than_other_text() -> None:
    """With all of them in one piece this takes minutes, not a second."""
    assert fold("a" + "\u0301\u0323\u0348" * 200_000) == "a"
