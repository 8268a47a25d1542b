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
