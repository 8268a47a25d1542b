"""Words: a tantivy index of passages, found by terms, phrases, identifiers and any script.

Knows tantivy and how text becomes terms; knows nothing of git, the vault's files or meaning. The index
is a cache: whatever is wrong with it is `IndexDamaged`, and the caller builds another.

Every text is indexed up to four ways: stemmed in one language (`title`, `heading`, `claim`, `body`,
`tags`), the word as typed (`exact`, which phrases use), identifiers whole and in parts (`code`), and pairs
of characters of scripts that put no space between words (`chars`).
"""

from __future__ import annotations

import errno
import json
import os
import re
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import Final, NoReturn, TypeVar

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

_T = TypeVar("_T")

FORMAT: Final = 2  # of the fields and of how text becomes terms; another number on disk means a rebuild
_FORMAT_FILE: Final = "atocore-format"
_LOCK_SECONDS: Final = 10.0
_SMALL_BATCH: Final = 500  # up to here one thread and a small heap: one new segment
_MAX_WORDS: Final = 48  # distinct words of a query that are looked up; a pasted page asks for no more
_MAX_UNKNOWN: Final = 6  # of these, words the index lacks that are tried as a prefix and with a typo
_MOST_KEYS: Final = 65_000  # tantivy gathers no more values in one pass
_SNIPPET_CHARS: Final = 200
_SNIPPET_SOURCE: Final = 20_000  # characters of a passage in which the best match is looked for
_LONGEST_TERM: Final = 128
_HEAP_PER_THREAD: Final = 50_000_000

_WEIGHTS: Final[Mapping[str, float]] = {
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
# Marks that readers leave out as they please: Latin, Greek and Cyrillic accents, Hebrew and Arabic vowels.
_OPTIONAL_MARKS: Final = re.compile(
    "[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]"
)
# Scripts without spaces between words (Korean has some, but glues particles to its nouns).
_UNSPACED: Final = (
    "\u0e00-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
)
_UNSPACED_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_PIECE: Final = re.compile(rf"[{_UNSPACED}]|[^\s{_UNSPACED}]+")
_IDENTIFIER: Final = re.compile(
    r"(?<![^\W_])(?:[^\W_]++(?:[._/:\-]++[^\W_]++)+"  # build_sha, p04-gigabit, foo.bar, src/a.py, std::move
    r"|[A-Za-z0-9]*[a-z][A-Z][A-Za-z0-9]*"  # getUserName
    r"|[A-Za-z]+\d[A-Za-z0-9]*|\d+[A-Za-z][A-Za-z0-9]*"  # M3x12, 4kg
    r"|[A-Za-z](?:\+\+|#))"  # C++, C#
)
_ESCAPE: Final = re.compile(r"\\(?:u(d[89a-f][0-9a-f]{2})|\\)")
_SEPARATOR: Final = re.compile(r"[._/:\-]+")
_HUMP: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\dA-Za-z_]+")
_LETTERS_DIGITS: Final = re.compile(r"[A-Za-z]+\d+")
_DISK_REFUSES: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EMFILE}
)
_TAGS: Final = 7  # the place of `tags` among a passage's fields
_LEAD: Final = 60  # characters of a snippet before the match
_QUERY_PART: Final = re.compile(r'(?P<no>(?<!\S)-(?=["]|[^\W\d_]))?(?:"(?P<phrase>[^"]+)"|(?P<word>[^\s"]+))')


class IndexDamaged(Exception):  # noqa: N818  a state of affairs, not a fault of the caller's
    """An index cannot be used: damaged, or of another version. Build a new one; nothing is lost."""


class IndexBusy(Exception):  # noqa: N818
    """Another process went on writing to the index for longer than a writer waits."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One searchable unit: a record's body, or one piece of a long one."""

    key: str  # "<path>#<ordinal>", unique in the index
    path: str
    record: str  # the record's id; "" for a file that has none
    kind: str
    type: str
    status: str
    project: str
    tags: tuple[str, ...]
    title: str
    heading: str
    claim: str  # the slot and its value as words: "primary mirror mass 4.2 kg"
    text: str
    first_line: int


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


_ALL: Final = Filters()


@dataclass(frozen=True, slots=True)
class TextHit:
    """A passage that has some of the query's words, with its BM25 score."""

    passage: Passage
    score: float


def fold(text: str) -> str:
    """The text with one form for each letter: compatibility forms joined, optional marks dropped."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.encode("utf-8", "replace").decode())
    return unicodedata.normalize("NFKC", _OPTIONAL_MARKS.sub("", decomposed))


def identifier_terms(folded: str) -> list[str]:
    """The identifiers of a text, each whole, without its separators, and in its parts; lower case."""
    odd = (word for word in dict.fromkeys(folded.split()) if not (word.isalpha() and word[1:].islower()))
    return [term for word in odd if len(word) <= _LONGEST_TERM for term in _identifiers(word)]


@lru_cache(maxsize=50_000)
def _identifiers(word: str) -> tuple[str, ...]:
    terms: list[str] = []
    for whole in _IDENTIFIER.findall(word):
        pieces = _SEPARATOR.split(whole)
        parts = chain.from_iterable((p, *_HUMP.findall(p), *_LETTERS_DIGITS.findall(p)) for p in pieces)
        terms.extend(dict.fromkeys(term.lower() for term in (whole, "".join(pieces), *parts)))
    return tuple(terms)


def character_terms(folded: str) -> list[str]:
    """Each character, and each pair of neighbours, of the runs written without spaces."""
    if folded.isascii():
        return []
    runs = _UNSPACED_RUN.findall(folded)
    return [term for run in runs for term in (*run, *(a + b for a, b in pairwise(run)))]


def _words() -> TextAnalyzerBuilder:
    simple = TextAnalyzerBuilder(Tokenizer.simple())
    return (
        simple.filter(Filter.remove_long(_LONGEST_TERM))
        .filter(Filter.lowercase())
        .filter(Filter.ascii_fold())
    )


@cache
def _analyzers(language: str) -> dict[str, tantivy.TextAnalyzer]:
    stemmed = _words() if language == "none" else _words().filter(Filter.stemmer(language))
    return {
        "stemmed": stemmed.build(),
        "plain": _words().build(),
        "spaced": TextAnalyzerBuilder(Tokenizer.whitespace()).build(),
    }


@cache
def _says_something(language: str) -> Callable[[str], bool]:
    """Whether a word, as typed, is more than a function word of the language."""
    if language == "english":
        return lambda word: word.lower().strip(".,;:!?()") not in _STOP_WORDS
    if language in _NO_STOP_WORDS:
        return lambda word: True
    simple = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase())
    content = simple.filter(Filter.stopword(language)).build()
    return lambda word: bool(content.analyze(word)) or not any(map(str.isalnum, word))


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("stored", stored=True, indexed=False)
    builder.add_text_field("key", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("path", "kind", "type", "status", "project", "tag"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in _WEIGHTS:
        builder.add_text_field(name, tokenizer_name="stemmed", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="plain", index_option="position")
    builder.add_text_field("code", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("chars", tokenizer_name="spaced", index_option="freq")
    return builder.build()


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query as typed: words wanted, phrases required, words and phrases excluded; all folded."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    excluded: tuple[str, ...]


def _asked(query: str, language: str) -> _Asked:
    words: list[str] = []
    phrases: list[str] = []
    excluded: list[str] = []
    for match in _QUERY_PART.finditer(
        unicodedata.normalize("NFC", query.encode("utf-8", "replace").decode())
    ):
        text = match["phrase"] or match["word"]
        (excluded if match["no"] else phrases if match["phrase"] else words).append(text)
    if excluded and not words and not phrases:  # nothing but "-rf": the words themselves are meant
        words, excluded = excluded, []
    content = list(filter(_says_something(language), words))
    kept = dict.fromkeys(map(fold, content or ([] if phrases else words)))
    return _Asked(tuple(islice(kept, _MAX_WORDS)), tuple(map(fold, phrases)), tuple(map(fold, excluded)))


def _explain(error: ValueError) -> NoReturn:
    """Tantivy says everything as a ValueError: tell a disk that refuses from an index that is damaged."""
    if (code := re.search(r"(?:os error |code: )(\d+)", str(error))) and int(code[1]) in _DISK_REFUSES:
        raise OSError(int(code[1]), os.strerror(int(code[1]))) from error
    raise IndexDamaged(str(error)) from error


def _guarded(call: Callable[[], _T]) -> _T:
    try:
        return call()
    except ValueError as error:
        _explain(error)
    except (
        BaseException
    ) as error:  # a panic of tantivy's is no Exception, and its class has no importable name
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamaged(str(error)) from error


def _raw(value: str) -> str:
    """A value as an index term: file names that are no UTF-8 are spelled out, so that `_unraw` reads them."""
    if value.isascii() and "\\" not in value:
        return value
    return value.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode()


def _unraw(term: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else "\\", term) if "\\" in term else term


def _stored(passage: Passage) -> bytes:
    return json.dumps([getattr(passage, field) for field in Passage.__slots__]).encode()


def _passage(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Passage:
    try:
        values = json.loads(bytes(_guarded(lambda: searcher.doc(address)["stored"])[0]))
        values[_TAGS] = tuple(values[_TAGS])
        return Passage(*values)
    except (ValueError, TypeError, LookupError) as error:
        raise IndexDamaged(f"a stored passage cannot be read: {error}") from error


def _terms(stemmed: tantivy.TextAnalyzer, folded: str) -> set[str]:
    return {*stemmed.analyze(folded), *identifier_terms(folded), *character_terms(folded)}


@lru_cache(maxsize=50_000)
def _piece_terms(language: str, piece: str) -> frozenset[str]:
    return frozenset(_terms(_analyzers(language)["stemmed"], fold(piece[:_LONGEST_TERM])))


def _any_of(queries: Sequence[Query]) -> Query:
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def _checksum_fails(path: Path) -> bool:
    """Whether a segment file's body does not fit the CRC-32 that tantivy writes into its last bytes."""
    data = path.read_bytes()
    if path.suffix in (".json", ".lock"):
        return False
    size = int.from_bytes(data[-8:-4], "little")
    try:
        expected = json.loads(data[-8 - size : -8])["crc"]
    except (ValueError, KeyError, TypeError):
        return True
    return bool(zlib.crc32(data[: -8 - size]) != expected)


def _window(text: str, marks: Sequence[tuple[int, str]]) -> str:
    """The stretch of `text` with the most different marked terms, cut between words, on one line."""
    best, start = 0, 0
    for position, _ in marks:
        inside = {term for at, term in marks if position <= at < position + _SNIPPET_CHARS - _LEAD}
        if len(inside) > best:
            best, start = len(inside), max(0, position - _LEAD)
    if start:
        start = next((m.end() for m in re.finditer(r"\s+|$", text[start : start + _LEAD])), 0) + start
    cut = text[start : start + _SNIPPET_CHARS]
    if start + _SNIPPET_CHARS < len(text) and " " in cut:
        cut = cut[: cut.rindex(" ")]
    line = " ".join("".join(c if c.isprintable() else " " for c in cut).split())
    return ("… " if start else "") + line + (" …" if start + len(cut) < len(text.rstrip()) else "")


class FullText:
    """The words of every passage. One writer at a time, any number of readers, in any process."""

    def __init__(self, folder: Path, index: tantivy.Index, language: str) -> None:
        self._folder = folder
        self._language = language
        self._index = index
        self._schema = index.schema
        self._analyzers = _analyzers(language)
        for name, analyzer in self._analyzers.items():
            index.register_tokenizer(name, analyzer)
        index.config_reader("manual")
        self._seen = (0, 0)

    @classmethod
    def open(cls, folder: Path, language: str = "english") -> FullText:
        """Open the index in `folder`, or make one where there is none; IndexDamaged where it is of no use.

        `language`, a choice of the setting `search.language`, is the one whose words are stemmed. An index
        made for another is of no use. ValueError for a language that cannot be stemmed.
        """
        marker, wanted = folder / _FORMAT_FILE, f"{FORMAT} {language}"
        _analyzers(language)
        if not folder.is_dir() or not any(folder.iterdir()):
            folder.mkdir(parents=True, exist_ok=True)
            index = _guarded(lambda: tantivy.Index(_schema(), path=str(folder), reuse=False))
            marker.write_text(f"{wanted}\n")
        elif not marker.is_file() or marker.read_text(errors="replace").strip() != wanted:
            raise IndexDamaged(f"{folder}: a full-text index of another format or language")
        else:
            index = _guarded(lambda: tantivy.Index.open(str(folder)))
        opened = cls(folder, index, language)
        opened._searcher()
        return opened

    def replace(self, paths: Iterable[str], passages: Iterable[Passage]) -> None:
        """In one commit, forget all passages of `paths` and learn `passages`; OSError if the disk refuses."""
        gone, waiting = list(paths), iter(passages)
        first = list(islice(waiting, _SMALL_BATCH + 1))
        if not gone and not first:
            return
        writer = self._writer(threads=1 if len(first) <= _SMALL_BATCH else 2)
        try:
            for path in gone:
                writer.delete_documents_by_term("path", _raw(path))
            for passage in chain(first, waiting):
                writer.add_document(self._document(passage))
            writer.commit()
        except ValueError as error:
            _explain(error)
        finally:
            writer.wait_merging_threads()  # ends the writer and frees its lock, whatever happened

    def search(self, query: str, *, filters: Filters = _ALL, limit: int = 10) -> list[TextHit]:
        """The best `limit` passages for any string a person types, best first; filters cost no hits."""
        searcher = self._searcher()
        asked = _guarded(lambda: self._query(searcher, query))
        if asked is None or limit < 1:
            return []
        wanted = Query.boolean_query([(Occur.Must, asked), *self._conditions(filters)])
        found = _guarded(lambda: searcher.search(wanted, limit, count=False).hits)
        hits = [TextHit(_passage(searcher, address), round(score, 6)) for score, address in found]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.key))

    def fetch(self, keys: Iterable[str]) -> dict[str, Passage]:
        """The passages of these keys that are in the index."""
        terms = [_raw(key) for key in keys]
        return {p.key: p for p in self._all(Query.term_set_query(self._schema, "key", terms), len(terms))}

    def keys(self, filters: Filters, limit: int) -> list[str] | None:
        """The sorted keys of all passages that fit; None where more than `limit` (or than 65,000) do."""
        searcher = self._searcher()
        wanted = Query.boolean_query([(Occur.Must, Query.all_query()), *self._conditions(filters)])
        fitting = _guarded(lambda: searcher.search(wanted, 1).count)  # type: ignore[attr-defined]
        if fitting > min(limit, _MOST_KEYS):
            return None
        gather = {"keys": {"terms": {"field": "key", "size": max(fitting, 1)}}}
        found = _guarded(lambda: searcher.aggregate(wanted, gather))
        return sorted(_unraw(bucket["key"]) for bucket in found["keys"]["buckets"])

    def passages(self) -> Iterator[Passage]:
        """Every passage in the index, in no order of meaning: what verification compares."""
        return self._all(Query.all_query(), self.count())

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._searcher().num_docs)

    def damaged_files(self) -> list[str]:
        """The index files whose checksum is wrong. Reads them all: for verification, not before a search."""
        return sorted(path.name for path in self._folder.glob("*.*") if _checksum_fails(path))

    def coverage(self, query: str, passage: Passage) -> float:
        """The share of the query's content words that the passage has, each weighed by its rarity: 0 to 1."""
        searcher, stemmed = self._searcher(), self._analyzers["stemmed"]
        text = fold(" ".join((passage.title, passage.heading, passage.claim, *passage.tags, passage.text)))
        has = _terms(stemmed, text)
        asked, total, found = _asked(query, self._language), 0.0, 0.0
        for word in (*asked.words, *asked.phrases):
            for term in sorted(set(character_terms(word) or stemmed.analyze(word))):
                rarity = 1.0 / (1.0 + searcher.doc_freq("body", term) ** 0.5)
                total, found = total + rarity, found + rarity * (term in has)
        return found / total if total else 0.0

    def snippet(self, query: str, passage: Passage) -> str:
        """About 200 characters around the densest match, on one line; the passage's start where none is."""
        asked, stemmed = _asked(query, self._language), self._analyzers["stemmed"]
        wanted = _terms(stemmed, " ".join((*asked.words, *asked.phrases)))
        marks = []
        for piece in _PIECE.finditer(passage.text[:_SNIPPET_SOURCE]):
            if shared := wanted & _piece_terms(self._language, piece[0]):
                marks.append((piece.start(), min(shared)))
        return _window(passage.text, marks)

    def _searcher(self) -> tantivy.Searcher:
        """A searcher that sees the newest commit, whoever made it."""
        try:
            state = (self._folder / "meta.json").stat()
        except OSError as error:
            raise IndexDamaged(f"{self._folder}: {error.strerror}") from error
        if self._seen != (seen := (state.st_mtime_ns, state.st_ino)):
            _guarded(self._index.reload)
            self._seen = seen
        return self._index.searcher()

    def _writer(self, threads: int) -> tantivy.IndexWriter:
        deadline = time.monotonic() + _LOCK_SECONDS
        while True:
            try:
                return self._index.writer(threads * _HEAP_PER_THREAD, threads)
            except ValueError as error:
                if "LockBusy" not in str(error):
                    _explain(error)
                if time.monotonic() > deadline:
                    raise IndexBusy(f"{self._folder}: another process is writing the index") from error
            time.sleep(0.02)

    def _document(self, passage: Passage) -> tantivy.Document:
        document = tantivy.Document()
        document.add_bytes("stored", _stored(passage))
        for name in ("key", "path", "kind", "type", "status", "project"):
            document.add_text(name, _raw(getattr(passage, name)))
        for tag in passage.tags:
            document.add_text("tag", _raw(tag))
        texts = {
            "title": fold(passage.title),
            "heading": fold(passage.heading),
            "claim": fold(passage.claim),
            "tags": fold(" ".join(passage.tags)),
            "body": fold(passage.text),
        }
        for name, text in texts.items():
            if text:
                document.add_text(name, text)
                document.add_text("exact", text)
        everything = "\n".join(texts.values())
        document.add_text("code", " ".join(identifier_terms(everything)))
        document.add_text("chars", " ".join(character_terms(everything)))
        return document

    def _query(self, searcher: tantivy.Searcher, query: str) -> Query | None:
        """The query as tantivy's, or None where it has no word to look for."""
        asked = _asked(query, self._language)
        wished = [part for word in asked.words for part in self._word(word)]
        unknown = [word for word in asked.words if not self._is_known(searcher, word)]
        wished.extend(part for word in unknown[:_MAX_UNKNOWN] for part in self._near(word))
        required = [part for phrase in asked.phrases if (part := self._phrase(phrase))]
        if not wished and not required:
            return None
        clauses = [(Occur.Must, part) for part in required]
        if wished:
            clauses.append((Occur.Should if required else Occur.Must, _any_of(wished)))
        clauses.extend((Occur.MustNot, part) for word in asked.excluded if (part := self._phrase(word)))
        return Query.boolean_query(clauses)

    def _word(self, word: str) -> Iterator[Query]:
        """Every way in which a passage can have this word, each with its weight."""
        tokens = self._analyzers["plain"].analyze(word)
        for stem, token in zip(self._analyzers["stemmed"].analyze(word), tokens, strict=True):
            prose = [self._term(name, stem, weight) for name, weight in _WEIGHTS.items()]
            prose.append(self._term("exact", token, _EXACT_WEIGHT))
            yield Query.disjunction_max_query([_any_of(prose), self._term("code", token, _CODE_WEIGHT)])
        if len(tokens) > 1:
            yield Query.boost_query(Query.phrase_query(self._schema, "exact", list(tokens)), _WHOLE_WEIGHT)
        for term in dict.fromkeys(identifier_terms(word)):
            yield self._term("code", term, _CODE_WEIGHT)
        for term in dict.fromkeys(character_terms(word)):
            yield self._term("chars", term, 1.0 if len(term) > 1 else _SINGLE_CHARACTER_WEIGHT)

    def _near(self, word: str) -> Iterator[Query]:
        """What a word that no passage has may have meant: it is a beginning, or a letter or two is off."""
        for token in self._analyzers["plain"].analyze(word):
            if len(token) >= 4:
                distance = 1 if len(token) < 8 else 2
                for prefix, letters in ((True, 0), (False, distance)):
                    near = Query.fuzzy_term_query(self._schema, "exact", token, letters, prefix=prefix)
                    yield Query.boost_query(near, _NEAR_WEIGHT)

    def _phrase(self, phrase: str) -> Query | None:
        """These words next to each other; unspaced scripts: all pairs of characters."""
        tokens: list[str | tuple[int, str]] = list(self._analyzers["plain"].analyze(phrase))
        if pairs := [term for term in character_terms(phrase) if len(term) > 1]:
            return Query.boolean_query([(Occur.Must, self._term("chars", pair)) for pair in pairs])
        if len(tokens) > 1:
            return Query.phrase_query(self._schema, "exact", tokens)
        return self._term("exact", str(tokens[0])) if tokens else None

    def _term(self, field: str, term: str, weight: float = 1.0) -> Query:
        return Query.boost_query(Query.term_query(self._schema, field, term), weight)

    def _is_known(self, searcher: tantivy.Searcher, word: str) -> bool:
        stems, tokens = self._analyzers["stemmed"].analyze(word), self._analyzers["plain"].analyze(word)
        return any(
            searcher.doc_freq(name, term)
            for name, terms in (("exact", tokens), *((name, stems) for name in _WEIGHTS), ("code", tokens))
            for term in terms
        ) or bool(character_terms(word))

    def _conditions(self, filters: Filters) -> Iterator[tuple[Occur, Query]]:
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
        return Query.term_set_query(self._schema, name, [_raw(value) for value in sorted(values)])

    def _all(self, query: Query, limit: int) -> Iterator[Passage]:
        searcher = self._searcher()
        if limit:
            for _, address in _guarded(lambda: searcher.search(query, limit, count=False).hits):
                yield _passage(searcher, address)
