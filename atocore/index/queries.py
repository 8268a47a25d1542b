"""From what a person asks, and what may be found, to a query of tantivy's.

Knows the index's fields and their weights; knows nothing of files, readers or writers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

import tantivy
from tantivy import Occur, Query

from atocore.index.terms import Asked, Language, character_terms, fold, identifier_terms

_MAX_UNKNOWN: Final = 6  # unknown words of a query that are tried as a prefix and with a typo
WEIGHTS: Final[Mapping[str, float]] = {
    "title": 3.0,
    "heading": 1.5,
    "claim": 2.0,
    "tags": 1.5,
    "body": 1.0,
}
_EXACT_WEIGHT: Final = 1.0
_CODE_WEIGHT: Final = 0.4
_WHOLE_WEIGHT: Final = 0.5
_SINGLE_CHARACTER_WEIGHT: Final = 0.2
_NEAR_WEIGHT: Final = 0.5
_ESCAPE: Final = re.compile(r"\\(?:u(d[89a-f][0-9a-f]{2})|\\)")


@dataclass(frozen=True, slots=True)
class Filters:
    """Which passages may be found. Each is a set of allowed values; None allows all, an empty set none."""

    kinds: frozenset[str] | None = None
    types: frozenset[str] | None = None
    statuses: frozenset[str] | None = None
    projects: frozenset[str] | None = None
    tags: frozenset[str] | None = None
    paths: frozenset[str] | None = None
    hidden_paths: frozenset[str] = frozenset()


def raw(value: str) -> str:
    """A value as an index term: file names that are no UTF-8 are spelled out, so that `unraw` reads them."""
    if value.isascii() and "\\" not in value:
        return value
    return value.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode()


def unraw(term: str) -> str:
    """The value behind what `raw` made."""
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "\\", term) if "\\" in term else term


def any_of(queries: Sequence[Query]) -> Query:
    """What fits at least one of these, the better the more of them."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


class Queries:
    """The queries of one index: its schema, and the language that it stems."""

    def __init__(self, schema: tantivy.Schema, language: Language) -> None:
        self._schema = schema
        self._language = language

    def query(self, wanted: Asked, unknown: Sequence[str]) -> Query | None:
        """What is asked as a query of tantivy's, or None where there is no word to look for. The words that
        are `unknown` are taken for beginnings or slips as well."""
        wished = [part for word in wanted.words for part in self._word(word)]
        wished.extend(part for word in unknown[:_MAX_UNKNOWN] for part in self._near(word))
        required = [part for phrase in wanted.phrases if (part := self._phrase(phrase))]
        if not wished and not required:
            return None
        clauses = [(Occur.Must, part) for part in required]
        if wished:
            clauses.append((Occur.Should if required else Occur.Must, any_of(wished)))
        clauses.extend((Occur.MustNot, part) for word in wanted.excluded if (part := self._phrase(word)))
        return Query.boolean_query(clauses)

    def _word(self, word: str) -> Iterator[Query]:
        """Every way in which a passage can have this word, each with its weight."""
        folded, tokens = fold(word), self._language.tokens(word)
        for stem, token in zip_longest(self._language.stems(word), tokens, fillvalue=""):
            prose = [self.term(name, stem, weight) for name, weight in WEIGHTS.items()]
            prose.append(self.term("exact", token, _EXACT_WEIGHT))
            yield Query.disjunction_max_query([any_of(prose), self.term("code", token, _CODE_WEIGHT)])
        if len(tokens) > 1:
            yield Query.boost_query(Query.phrase_query(self._schema, "exact", list(tokens)), _WHOLE_WEIGHT)
        for term in dict.fromkeys(identifier_terms(folded)):
            yield self.term("code", term, _CODE_WEIGHT)
        for term in dict.fromkeys(character_terms(folded)):
            yield self.term("chars", term, 1.0 if len(term) > 1 else _SINGLE_CHARACTER_WEIGHT)
        if word.endswith("*"):
            yield from (self._beginning(token) for token in tokens[-1:])

    def _near(self, word: str) -> Iterator[Query]:
        """What a word that no passage has may have meant: it is a beginning, or a letter or two is off."""
        for token in self._language.tokens(word):
            if len(token) >= 4:
                distance = 1 if len(token) < 8 else 2
                yield self._beginning(token)
                near = Query.fuzzy_term_query(self._schema, "exact", token, distance)
                yield Query.boost_query(near, _NEAR_WEIGHT)

    def _beginning(self, token: str) -> Query:
        near = Query.fuzzy_term_query(self._schema, "exact", token, 0, prefix=True)
        return Query.boost_query(near, _NEAR_WEIGHT)

    def _phrase(self, phrase: str) -> Query | None:
        """These words next to each other; unspaced scripts: all pairs of characters."""
        tokens: list[str | tuple[int, str]] = [*self._language.tokens(phrase)]
        if pairs := [term for term in character_terms(fold(phrase)) if len(term) > 1]:
            return Query.boolean_query([(Occur.Must, self.term("chars", pair)) for pair in pairs])
        if len(tokens) > 1:
            return Query.phrase_query(self._schema, "exact", tokens)
        return self.term("exact", str(tokens[0])) if tokens else None

    def term(self, field: str, term: str, weight: float = 1.0) -> Query:
        """One term of a field."""
        return Query.boost_query(Query.term_query(self._schema, field, term), weight)

    def conditions(self, filters: Filters) -> Iterator[tuple[Occur, Query]]:
        """The filters as clauses that decide and do not score."""
        allowed = {
            "kind": filters.kinds,
            "type": filters.types,
            "status": filters.statuses,
            "project": filters.projects,
            "tag": filters.tags,
            "path": filters.paths,
        }
        for name, values in allowed.items():
            if values is not None:
                yield Occur.Must, Query.const_score_query(self._one_of(name, values), 0.0)
        if filters.hidden_paths:
            yield Occur.MustNot, self._one_of("path", filters.hidden_paths)

    def _one_of(self, name: str, values: Iterable[str]) -> Query:
        return Query.term_set_query(self._schema, name, [raw(value) for value in sorted(values)])
