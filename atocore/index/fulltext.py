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
import sys
import time
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final, NamedTuple, NoReturn, TypeVar

import tantivy
from tantivy import Occur, Query

from atocore.index import snippets
from atocore.index.queries import WEIGHTS, Filters, Queries, any_of, raw, unraw
from atocore.index.terms import Language, asked, character_terms, fold, identifier_terms, piece
from atocore.index.terms import language as named

_T = TypeVar("_T")

FORMAT: Final = 3  # of the fields and of how text becomes terms; another number on disk means a rebuild
_FORMAT_FILE: Final = "atocore-format"
_LOCK_SECONDS: Final = 10.0
_SMALL_BATCH: Final = 500  # up to here one thread and a small heap: one new segment
_MOST_KEYS: Final = 65_000  # tantivy gathers no more values in one pass
_GIVEN: Final = 10  # parts of a stored passage that are given as they are
_HEAP_PER_THREAD: Final = 50_000_000

_DISK_REFUSES: Final = frozenset(
    {errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EMFILE}
)


class IndexDamaged(Exception):  # noqa: N818  a state of affairs, not a fault of the caller's
    """An index cannot be used: damaged, or of another version. Build a new one; nothing is lost."""


class IndexBusy(Exception):  # noqa: N818
    """Another process went on writing to the index for longer than a writer waits."""


class Passage(NamedTuple):
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


_ALL: Final = Filters()


class TextHit(NamedTuple):
    """A passage that has some of the query's words, with its BM25 score."""

    passage: Passage
    score: float


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_bytes_field("stored", stored=True, indexed=False)
    builder.add_text_field("key", fast=True, tokenizer_name="raw", index_option="basic")
    for name in ("path", "kind", "type", "status", "project", "tag"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in WEIGHTS:
        builder.add_text_field(name, tokenizer_name="stemmed", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="plain", index_option="position")
    builder.add_text_field("code", tokenizer_name="spaced", index_option="freq")
    builder.add_text_field("chars", tokenizer_name="spaced", index_option="freq")
    return builder.build()


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


def _stored(passage: Passage) -> bytes:
    """A passage as it is kept: parts behind a character that none of them has, then the text."""
    p = passage
    given = (p.key, p.path, p.record, p.kind, p.type, p.status, p.project, p.title, p.heading, p.claim)
    parts = (str(len(p.tags)), str(p.first_line), *given, *p.tags)
    whole = "".join(parts)
    mark = next(filter(lambda char: char not in whole, map(chr, range(sys.maxunicode))))
    return f"{mark}{mark.join(parts)}{mark}{p.text}".encode("utf-8", "surrogatepass")


def _passage(searcher: tantivy.Searcher, address: tantivy.DocAddress) -> Passage:
    stored = _guarded(lambda: searcher.doc(address)).get_first("stored")
    try:
        whole = bytes(stored or b"").decode("utf-8", "surrogatepass")
        mark = whole[0]
        _, tags, line, *given, rest = whole.split(mark, _GIVEN + 3)
        *tagged, text = rest.split(mark, int(tags))
        key, path, record, kind, type_, status, project, title, heading, claim = given
        return Passage(
            key,
            path,
            record,
            kind,
            type_,
            status,
            project,
            tuple(tagged),
            title,
            heading,
            claim,
            text,
            int(line),
        )
    except (ValueError, TypeError, LookupError) as error:
        raise IndexDamaged(f"a stored passage cannot be read: {error}") from error


def _segments(meta: Path) -> list[tuple[str, dict[str, int]]]:
    """The segments that an index is made of, by the name of their files, with what of each was removed."""
    try:
        segments = json.loads(meta.read_bytes())["segments"]
        return [(segment["segment_id"].replace("-", ""), segment["deletes"] or {}) for segment in segments]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(f"{meta}: {error}") from error


def _checksum_fails(path: Path) -> bool:
    """Whether a segment file's body does not fit the CRC-32 that tantivy writes into its last bytes."""
    data = path.read_bytes()
    size = int.from_bytes(data[-8:-4], "little")
    try:
        expected = json.loads(data[-8 - size : -8])["crc"]
    except (ValueError, KeyError, TypeError):
        return True
    return bool(zlib.crc32(data[: -8 - size]) != expected)


class FullText:
    """The words of every passage. One writer at a time, any number of readers, in any process."""

    def __init__(self, folder: Path, index: tantivy.Index, language: Language) -> None:
        self._folder = folder
        self._language = language
        self._weighed: tuple[object, list[tuple[str, float]]] = ((), [])
        self._index = index
        self._schema = index.schema
        self._queries = Queries(index.schema, language)
        for name in ("stemmed", "plain", "spaced"):
            index.register_tokenizer(name, getattr(language, name))
        index.config_reader("manual")
        self._seen = (0, 0)
        self._removed = 0

    @classmethod
    def open(cls, folder: Path, language: str = "english") -> FullText:
        """Open the index in `folder`, or make one where there is none; IndexDamaged where it is of no use.

        `language`, a choice of the setting `search.language`, is the one whose words are stemmed. An index
        made for another is of no use. ValueError for a language that cannot be stemmed.
        """
        known = named(language)
        marker, wanted = folder / _FORMAT_FILE, f"{FORMAT} {language}"
        if not folder.is_dir() or not any(folder.iterdir()):
            folder.mkdir(parents=True, exist_ok=True)
            index = _guarded(lambda: tantivy.Index(_schema(), path=str(folder), reuse=False))
            marker.write_text(f"{wanted}\n")
        elif not marker.is_file() or marker.read_text(errors="replace").strip() != wanted:
            raise IndexDamaged(f"{folder}: a full-text index of another format or language")
        else:
            index = _guarded(lambda: tantivy.Index.open(str(folder)))
        opened = cls(folder, index, known)
        opened._searcher()
        return opened

    def replace(self, paths: Iterable[str], passages: Iterable[Passage]) -> None:
        """In one commit, forget all passages of `paths` and learn `passages`; OSError if the disk refuses."""
        gone, waiting = list(paths), iter(passages)
        first = list(islice(waiting, _SMALL_BATCH + 1))
        if not gone and not first:
            return
        with self._writing(threads=1 if len(first) <= _SMALL_BATCH else 2) as writer:
            for path in gone:
                _guarded(partial(writer.delete_documents_by_term, "path", raw(path)))
            self._add(writer, chain(first, waiting))

    @contextmanager
    def adding(self) -> Iterator[Callable[[Iterable[Passage]], None]]:
        """Learn passages of new paths as they come, in one commit at the end; none where that is not
        reached. OSError if the disk refuses."""
        with self._writing(threads=2) as writer:
            yield partial(self._add, writer)

    def _add(self, writer: tantivy.IndexWriter, passages: Iterable[Passage]) -> None:
        for passage in passages:
            _guarded(partial(writer.add_document, self._document(passage)))

    @contextmanager
    def _writing(self, threads: int) -> Iterator[tantivy.IndexWriter]:
        writer = self._writer(threads)
        try:
            yield writer
            _guarded(writer.commit)
        finally:
            writer.wait_merging_threads()  # ends the writer and frees its lock, whatever happened

    def frequencies(self, query: str) -> tuple[int, dict[str, int]]:
        """How many passages there are, and how many have each of the query's words."""
        searcher = self._searcher()
        words = asked(query, self._language.name).words
        return _guarded(
            lambda: (searcher.num_docs, {word: self._frequency(searcher, word) for word in words})
        )

    def search(
        self, query: str, *, filters: Filters = _ALL, limit: int = 10, known: Collection[str] = ()
    ) -> list[TextHit]:
        """The best `limit` passages for any string a person types, best first; filters cost no hits. A word
        that no passage has is taken for a beginning or a slip, unless it is `known` elsewhere."""
        searcher = self._searcher()
        wanted = asked(query, self._language.name)
        unknown = [word for word in wanted.words if word not in known]
        wished = _guarded(
            lambda: self._queries.query(wanted, [w for w in unknown if not self._frequency(searcher, w)])
        )
        if wished is None or limit < 1:
            return []
        fitting = Query.boolean_query([(Occur.Must, wished), *self._queries.conditions(filters)])
        found = _guarded(lambda: searcher.search(fitting, limit, count=False).hits)
        hits = [TextHit(_passage(searcher, address), round(score, 6)) for score, address in found]
        return sorted(hits, key=lambda hit: (-hit.score, hit.passage.key))

    def fetch(self, keys: Iterable[str]) -> dict[str, Passage]:
        """The passages of these keys that are in the index."""
        terms = [Query.term_query(self._schema, "key", raw(key), "basic") for key in keys]
        wanted = Query.const_score_query(any_of(terms), 1.0)
        return {p.key: p for p in self._all(wanted, len(terms))}

    def keys(self, filters: Filters, limit: int) -> list[str] | None:
        """The sorted keys of all passages that fit; None where more than `limit` (or than 65,000) do."""
        searcher = self._searcher()
        wanted = Query.boolean_query([(Occur.Must, Query.all_query()), *self._queries.conditions(filters)])
        fitting = _guarded(lambda: searcher.search(wanted, 1).count)  # type: ignore[attr-defined]
        if fitting > min(limit, _MOST_KEYS):
            return None
        gather = {"keys": {"terms": {"field": "key", "size": max(fitting, 1)}}}
        found = _guarded(lambda: searcher.aggregate(wanted, gather))
        return sorted(unraw(bucket["key"]) for bucket in found["keys"]["buckets"])

    def passages(self) -> Iterator[Passage]:
        """Every passage in the index, in no order of meaning: what verification compares."""
        return self._all(Query.all_query(), self.count())

    def count(self) -> int:
        """How many passages the index holds."""
        return int(self._searcher().num_docs)

    def damaged_files(self) -> list[str]:
        """The index files whose checksum is wrong, but for what a killed writer left. Reads them all: for
        verification, not before a search."""
        segments = _segments(self._folder / "meta.json")
        used = {name for name, _ in segments}
        removed = {f"{name}.{deletes['opstamp']}.del" for name, deletes in segments if deletes}
        files = (path for path in self._folder.glob("*.*") if path.name.split(".")[0] in used)
        living = (path for path in files if path.suffix != ".del" or path.name in removed)
        return sorted(path.name for path in living if _checksum_fails(path))

    def coverage(self, query: str, passage: Passage) -> float:
        """The share of the query's content words that the passage has, each weighed by its rarity: 0 to 1."""
        wanted = self._weights(query)
        text = " ".join((passage.title, passage.heading, passage.claim, *passage.tags, passage.text))
        terms = frozenset(term for term, _ in wanted)
        hits = self._language.shared(terms, set(piece(text).findall(text)))
        has = {term for shared in hits.values() for term in shared}
        has.update(character_terms(fold(text)))
        found = sum(rarity for term, rarity in wanted if term in has)
        return found / total if (total := sum(rarity for _, rarity in wanted)) else 0.0

    def _weights(self, query: str) -> list[tuple[str, float]]:
        """The terms of a query's words and phrases, each with its rarity; remembered for the next hit."""
        searcher, known = self._searcher(), self._language
        if self._weighed[0] != (query, self._seen):
            wanted = asked(query, known.name)
            terms = [
                term
                for word in (*wanted.words, *wanted.phrases)
                for term in sorted(set(character_terms(fold(word)) or known.stems(word)))
            ]
            counted = _guarded(lambda: [searcher.doc_freq("body", term) for term in terms])
            rarities = [1.0 / (1.0 + number**0.5) for number in counted]
            self._weighed = (query, self._seen), list(zip(terms, rarities, strict=True))
        return self._weighed[1]

    def snippet(self, query: str, passage: Passage) -> str:
        """About 200 characters around the densest match, on one line; the passage's start where none is."""
        return snippets.snippet(self._language, query, passage.text)

    def _searcher(self) -> tantivy.Searcher:
        """A searcher that sees the newest commit, whoever made it."""
        try:
            state = (self._folder / "meta.json").stat()
        except OSError as error:
            raise IndexDamaged(f"{self._folder}: {error.strerror}") from error
        if self._seen != (seen := (state.st_mtime_ns, state.st_ino)):
            _guarded(self._index.reload)
            gone = (deletes for _, deletes in _segments(self._folder / "meta.json") if deletes)
            self._removed, self._seen = sum(deletes["num_deleted_docs"] for deletes in gone), seen
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
        add = document.add_text
        document.add_bytes("stored", _stored(passage))
        for name in ("key", "path", "kind", "type", "status", "project"):
            add(name, raw(getattr(passage, name)))
        for tag in passage.tags:
            add("tag", raw(tag))
        texts = {
            "title": passage.title,
            "heading": passage.heading,
            "claim": passage.claim,
            "tags": " ".join(passage.tags),
            "body": passage.text,
        }
        for name, text in texts.items():
            if text:
                add(name, self._language.prose(text))
                add("exact", fold(text))
        everything = fold("\n".join(texts.values()))
        for name, terms in (("code", identifier_terms(everything)), ("chars", character_terms(everything))):
            if terms:
                add(name, " ".join(terms))
        return document

    def _frequency(self, searcher: tantivy.Searcher, word: str) -> int:
        """How many passages have a word, in whichever field and form. Of a script without spaces any word is
        taken for known, by its rarest pair of characters."""
        stems, tokens = self._language.stems(word), self._language.tokens(word)
        fields = (("exact", tokens), *((name, stems) for name in WEIGHTS), ("code", tokens))
        found = [searcher.doc_freq(name, term) for name, terms in fields for term in terms]
        if 0 < max(found, default=0) <= self._removed and not self._lives(searcher, fields):
            found = []
        if pairs := character_terms(fold(word)):
            found.append(max(1, min(searcher.doc_freq("chars", pair) for pair in pairs)))
        return max(found, default=0)

    def _lives(self, searcher: tantivy.Searcher, fields: Iterable[tuple[str, Iterable[str]]]) -> bool:
        """Whether a passage has one of these terms: tantivy counts those that were removed, too, until it
        merges its files."""
        terms = [self._queries.term(name, term) for name, terms in fields for term in terms]
        return bool(searcher.search(any_of(terms), 1, count=False).hits)

    def _all(self, query: Query, limit: int) -> Iterator[Passage]:
        searcher = self._searcher()
        if limit:
            for _, address in _guarded(lambda: searcher.search(query, limit, count=False).hits):
                yield _passage(searcher, address)
