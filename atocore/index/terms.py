"""How text becomes terms: folding, identifiers, scripts without spaces, the stems of one language.

Knows letters and tantivy's analyzers; knows nothing of fields, indexes or what a text is about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import chain, islice, pairwise
from typing import Final, Generic, Literal, NamedTuple, TypeVar

from tantivy import Filter, TextAnalyzerBuilder, Tokenizer

_T = TypeVar("_T")

LONGEST_TERM: Final = 128
_MOST_WORDS: Final = 48  # distinct words of a query that are looked up; a pasted page asks for no more
_REMEMBERED: Final = 20_000  # words

_FUNCTION_WORDS: Final = """
    a about after again all also am an and any are as at be because been before being both but by can
    could did do does doing down during each few for from further had has have having he her here hers
    him his how i if in into is it its itself just me more most my no nor not now of off on once only or
    other our ours out over own same she should so some such than that the their them then there these
    they this those through to too under until up us very was we were what when where which while who
    whom why will with would you your yours
"""
_STOP_WORDS: Final = frozenset(_FUNCTION_WORDS.split())
# Of the languages that can be stemmed, those without a list of stop words in tantivy.
_NO_STOP_WORDS: Final = frozenset({"none", "arabic", "greek", "romanian", "tamil", "turkish"})
# Languages whose endings are known by their accents, so that these are dropped after the stem is found.
_ACCENTED: Final = frozenset(
    {"danish", "dutch", "finnish", "french", "german", "hungarian", "italian", "norwegian"}
    | {"portuguese", "romanian", "spanish", "swedish", "turkish"}
)
# Marks that readers leave out as they please: Latin, Greek and Cyrillic accents, Hebrew and Arabic vowels.
# The breve of the Cyrillic short i is none: it makes another letter.
_OPTIONAL_MARKS: Final = re.compile(
    "[\u0300-\u0305\u0307-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
    "|(?<![\u0438\u0418])\u0306"
)
# Scripts without spaces between words (Korean has some, but glues particles to its nouns).
_UNSPACED: Final = (
    "\u0e00-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_WORD: Final = re.compile(r"\S+")
_PIECE_CHARS: Final = 4000
_PIECES: Final = re.compile(rf".{{1,{_PIECE_CHARS}}}(?:\s|\Z)|.{{1,{_PIECE_CHARS}}}", re.DOTALL)
_IDENTIFIER: Final = re.compile(
    r"(?<![^\W_])(?:[^\W_]++(?:[._/:\-]++[^\W_]++)+"  # build_sha, p04-gigabit, foo.bar, src/a.py, std::move
    r"|[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*"  # getUserName
    r"|[A-Za-z]+\d[A-Za-z0-9]*|\d+[A-Za-z][A-Za-z0-9]*"  # M3x12, 4kg
    r"|[A-Za-z](?:\+\+|#))"  # C++, C#
)
# What stands in no identifier of an ASCII text, and what shows one: it begins with a class, to be found fast.
_OUTSIDE: Final = {n: " " for n in range(128) if not (chr(n).isalnum() or chr(n) in "._/:-+#")}
_SIGN: Final = re.compile(
    r"[A-Z0-9._/:\-+#](?:(?<=[a-z][A-Z])|(?<=[A-Za-z][0-9+#])|(?<=[0-9])(?=[A-Za-z])"
    r"|(?<=\S[._/:\-])(?=[A-Za-z0-9]))"
)
_SEPARATOR: Final = re.compile(r"[._/:\-]+")
_HUMP: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")
_LETTERS_DIGITS: Final = re.compile(r"[A-Za-z]+\d+")
_QUERY_PART: Final = re.compile(r'(?P<no>(?<!\S)-(?=["]|[^\W\d_]))?(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))')


class _Remembered(dict[str, _T], Generic[_T]):
    """What a function says of words, most of which come again: a look-up costs no call of Python's."""

    def __init__(self, work: Callable[[str], _T]) -> None:
        self._work = work

    def __missing__(self, word: str) -> _T:
        known = self._work(word)
        if len(word) <= LONGEST_TERM:
            if len(self) >= _REMEMBERED:
                self.clear()
            self[word] = known
        return known


def fold(text: str) -> str:
    """The text with one form for each letter: compatibility forms joined, optional marks dropped."""
    if text.isascii():
        return text
    decomposed = _normal("NFKD", text.encode("utf-8", "replace").decode())
    return _normal("NFKC", _OPTIONAL_MARKS.sub("", decomposed))


def _normal(form: Literal["NFKC", "NFKD"], text: str) -> str:
    """A text in a form of Unicode, in pieces: of a letter with thousands of marks, the time goes with the
    square of their number."""
    if len(text) <= _PIECE_CHARS:
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _PIECES.findall(text))


def identifier_terms(folded: str) -> list[str]:
    """The identifiers of a text, each whole, without its separators, and in its parts; lower case."""
    odd = _odd_words(folded.translate(_OUTSIDE)) if folded.isascii() else dict.fromkeys(folded.split())
    return list(chain.from_iterable(map(_IDENTIFIERS.__getitem__, odd)))


def _odd_words(text: str) -> dict[str, None]:
    """The words that may be or hold identifiers, of an ASCII text whose only white space is the blank."""
    found: dict[str, None] = {}
    at = 0
    while sign := _SIGN.search(text, at):
        start, at = text.rfind(" ", 0, sign.start()) + 1, text.find(" ", sign.start())
        at = len(text) if at < 0 else at
        found[text[start:at]] = None
    return found


def _identifiers(word: str) -> tuple[str, ...]:
    if len(word) > LONGEST_TERM:
        return ()
    terms: list[str] = []
    for whole in _IDENTIFIER.findall(word):
        pieces = _SEPARATOR.split(whole)
        parts = chain.from_iterable((p, *_HUMP.findall(p), *_LETTERS_DIGITS.findall(p)) for p in pieces)
        terms.extend(dict.fromkeys(term.lower() for term in (whole, "".join(pieces), *parts)))
    return tuple(terms)


_IDENTIFIERS: Final = _Remembered(_identifiers)


def character_terms(folded: str) -> list[str]:
    """Each character, and each pair of neighbours, of the runs written without spaces."""
    if folded.isascii() or not _perhaps_unspaced().search(folded):
        return []
    runs = _unspaced_run().findall(folded)
    return [term for run in runs for term in (*run, *(a + b for a, b in pairwise(run)))]


def piece(text: str) -> re.Pattern[str]:
    """What finds the pieces of a text: words as they stand, single characters of scripts without spaces."""
    return _WORD if text.isascii() or not _perhaps_unspaced().search(text) else _any_piece()


# Large classes take milliseconds to compile, and a search from the shell seldom needs them.


@cache
def _perhaps_unspaced() -> re.Pattern[str]:
    """Characters beyond the alphabets and the punctuation of Europe: a class that is cheap to compile."""
    return re.compile("[^\x00-\u0dff\u2000-\u2dff]")


@cache
def _unspaced_run() -> re.Pattern[str]:
    return re.compile(f"[{_UNSPACED}]+")


@cache
def _any_piece() -> re.Pattern[str]:
    return re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")


class Asked(NamedTuple):
    """A query as typed: words wanted, phrases required, words and phrases excluded; not folded yet."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]


class Language:
    """The analyzers of one language, and what they make of its words. `none` stems nothing."""

    def __init__(self, name: str) -> None:
        """ValueError for a language that cannot be stemmed."""
        self.name = name
        self.plain = _lowered().filter(Filter.ascii_fold()).build()
        self.spaced = TextAnalyzerBuilder(Tokenizer.whitespace()).build()
        if name == "none":
            self.stemmed = self.plain
        elif name in _ACCENTED:
            self.stemmed = _lowered().filter(Filter.stemmer(name)).filter(Filter.ascii_fold()).build()
        else:
            self.stemmed = _lowered().filter(Filter.ascii_fold()).filter(Filter.stemmer(name)).build()
        self._says_something = _content_words(name)
        self._known = _Remembered(self._terms)

    def prose(self, text: str) -> str:
        """A text as the stemmer reads it: folded, with its accents where the language's endings have some."""
        if text.isascii() or self.name not in _ACCENTED:
            return fold(text)
        composed = _normal("NFKC", text.encode("utf-8", "replace").decode())
        return _OPTIONAL_MARKS.sub("", composed)

    def stems(self, text: str) -> list[str]:
        """The stems of a text's words, in order."""
        return list(self.stemmed.analyze(self.prose(text)))

    def tokens(self, text: str) -> list[str]:
        """A text's words as typed, in order, in lower case and without accents."""
        return list(self.plain.analyze(fold(text)))

    def shared(self, wanted: frozenset[str], pieces: Iterable[str]) -> dict[str, frozenset[str]]:
        """The pieces of a text that have some of the wanted terms, with these."""
        known = self._known
        return {piece: wanted & known[piece] for piece in pieces if not wanted.isdisjoint(known[piece])}

    def terms(self, text: str) -> frozenset[str]:
        """Every term by which a text is found."""
        folded = fold(text)
        return frozenset((*self.stems(text), *identifier_terms(folded), *character_terms(folded)))

    def _terms(self, piece: str) -> frozenset[str]:
        return self.terms(piece[:LONGEST_TERM])

    def asked(self, query: str) -> Asked:
        """What a query asks for; function words count only where there is nothing else."""
        words: list[str] = []
        phrases: list[str] = []
        excluded: list[str] = []
        for match in _QUERY_PART.finditer(
            unicodedata.normalize("NFKC", query.encode("utf-8", "replace").decode())
        ):
            text = match["phrase"] or match["word"]
            (excluded if match["no"] else phrases if match["phrase"] else words).append(text)
        if excluded and not words and not phrases:  # nothing but "-rf": the words themselves are meant
            words, excluded = excluded, []
        content = list(filter(self._says_something, words)) or ([] if phrases else words)
        return Asked(tuple(islice(dict.fromkeys(content), _MOST_WORDS)), tuple(phrases), tuple(excluded))


@cache
def language(name: str) -> Language:
    """The language of that name, a choice of the setting `search.language`; ValueError for another."""
    return Language(name)


@lru_cache(maxsize=8)
def asked(query: str, name: str) -> Asked:
    """See `Language.asked`; a query is looked at once for each of its hits."""
    return language(name).asked(query)


def _lowered() -> TextAnalyzerBuilder:
    simple = TextAnalyzerBuilder(Tokenizer.simple())
    return simple.filter(Filter.remove_long(LONGEST_TERM)).filter(Filter.lowercase())


def _content_words(name: str) -> Callable[[str], bool]:
    """Whether a word, as typed, is more than a function word of the language."""
    if name == "english":
        return lambda word: word.lower().strip(".,;:!?()") not in _STOP_WORDS
    if name in _NO_STOP_WORDS:
        return lambda word: True
    simple = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    content = simple.filter(Filter.stopword(name)).build()
    return lambda word: bool(content.analyze(word)) or not any(map(str.isalnum, word))
