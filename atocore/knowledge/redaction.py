"""Taking known secrets out of bytes: in whatever dress they stand, and so that a record stays a record.

Pure. Unlike the search for secrets, which judges what looks like one, this looks for values that are known.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple
from urllib.parse import quote

from atocore.knowledge.leaks import Finder, fingerprint
from atocore.records.codec import read
from atocore.records.header import Value
from atocore.records.record import Record

_WORD_BELOW = 8
"""A value of fewer characters is replaced where it stands as a word of its own: within others it is
chance."""
_WRAPS_FROM = 16
"""A value of so many characters may have been broken over lines."""
_LINE_FROM = 32
"""A line of so many characters within a longer secret (a private key) is one by itself."""
_BREAK = rb"(?:\\?\r?\n[ \t>#*|]*)?"
_NEWLINE = rb"(?:(?:\\r)?\\n|\r?\n)[ \t>#*|]*"
_PASSED_OVER: Final = b"\\\r\n \t>#*|"
"""What may stand between the letters of a broken value, and is left out where its needle is looked for."""
_COMPILED: Final = 500
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_LOOKED_FOR_NUL = 8000
_CONFIGURATION = (".yaml", ".yml", ".toml", ".json", ".ini", ".cfg", ".env")

Style = Callable[[str], str]
"""What stands for a secret, by its label."""


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret's value and what kind it is."""

    value: str
    label: str

    @property
    def fingerprint(self) -> str:
        """The short hash by which people name it."""
        return fingerprint(self.value)


def secrets_of_file(path: str, raw: bytes, find: Finder) -> Iterator[Secret]:
    """The secrets that a file holds by the finder's judgement; of a record also one that only its claim
    shows. Binary files are passed by, as the audit does."""
    if raw.startswith(_UTF16):
        yield from secrets_of_text(raw.decode("utf-16", "replace"), find)
        return
    if b"\0" in raw[:_LOOKED_FOR_NUL]:
        return
    yield from secrets_of_text(raw.decode("utf-8", "replace"), find)
    claims = path.endswith(".md") and b"attribute" in raw
    record = read(path, raw, max_bytes=len(raw)).record if claims else None
    if record is not None and record.value and record.attribute:
        yield from secrets_of_text(f"{record.attribute}: {record.value}", find)


def secrets_of_text(text: str, find: Finder) -> Iterator[Secret]:
    """The secrets of a text."""
    for start, end, label in find(text):
        yield Secret(text[start:end], label)


def placeholder(label: str) -> str:
    """What stands for a secret everywhere in AtoCore."""
    return f"[REDACTED:{label}]"


def _quoted(label: str) -> str:
    return f'"[REDACTED:{label}]"'


def _bare(label: str) -> str:
    return f"REDACTED-{label}"


class _Dress(NamedTuple):
    """A form in which a secret may stand: its pattern, a needle that is in whatever the pattern fits (both
    without what is passed over), the label, and how the stand-in is written down."""

    pattern: bytes
    needle: bytes
    label: str
    code: str


class Redactor:
    """Takes some known secrets out of bytes."""

    def __init__(self, secrets: Iterable[Secret]) -> None:
        """`secrets` of the empty value are passed over."""
        self.secrets = tuple(sorted({s for s in secrets if s.value}, key=lambda s: (-len(s.value), s.value)))
        self._dresses = [dress for secret in self.secrets for dress in _dresses(secret)]
        self._compiled: dict[tuple[int, ...], re.Pattern[bytes]] = {}

    def holds(self, raw: bytes) -> bool:
        """Whether one of the secrets is in there."""
        dresses = self._perhaps(raw)
        return bool(dresses) and self._pattern(dresses).search(raw) is not None

    def held(self, raw: bytes) -> int:
        """How often the secrets are in there."""
        dresses = self._perhaps(raw)
        return sum(1 for _ in self._pattern(dresses).finditer(raw)) if dresses else 0

    def text(self, raw: bytes, style: Style = placeholder) -> bytes:
        """The bytes with a placeholder for each of the secrets."""
        dresses = self._perhaps(raw)
        if not dresses:
            return raw

        def stand_in(match: re.Match[bytes]) -> bytes:
            found = self._dresses[dresses[(match.lastindex or 1) - 1]]
            return style(found.label).encode(found.code)

        return self._pattern(dresses).sub(stand_in, raw)

    def _perhaps(self, raw: bytes) -> tuple[int, ...]:
        """The dresses that may be in there: those whose needle is. Nearly always none, and a needle is looked
        for at once, where a pattern of all dresses is tried at every byte."""
        if not self._dresses:
            return ()
        plain = raw.translate(None, _PASSED_OVER)
        return tuple(number for number, dress in enumerate(self._dresses) if dress.needle in plain)

    def _pattern(self, dresses: tuple[int, ...]) -> re.Pattern[bytes]:
        """The pattern of some dresses, each a group."""
        found = self._compiled.get(dresses)
        if found is None:
            if len(self._compiled) >= _COMPILED:
                self._compiled.clear()
            found = re.compile(b"|".join(b"(" + self._dresses[one].pattern + b")" for one in dresses))
            self._compiled[dresses] = found
        return found

    def name(self, raw: bytes) -> bytes:
        """A file's name without the secrets, legal on every system."""
        return self.text(raw, _bare)

    def file(self, path: str, raw: bytes) -> bytes:
        """A file without the secrets. A record stays one: its keys keep their form, and its id stays."""
        if not self.holds(raw):
            return raw
        if path.lower().endswith(_CONFIGURATION):
            return self.text(raw, _bare)
        record = read(path, raw, max_bytes=len(raw)).record if path.endswith(".md") else None
        if record is None or not record.header.items:
            return self.text(raw)
        body = record.body.encode("utf-8", "surrogateescape")
        at = len(raw) - len(body) if raw.endswith(body) else len(raw)
        heads = (self.text(raw[:at], style) for style in (placeholder, _quoted, _bare))
        tried = [head + self.text(raw[at:]) for head in heads]
        return next((one for one in tried if _is_same_record(path, record, one)), tried[-1])


def _is_same_record(path: str, before: Record, raw: bytes) -> bool:
    after = read(path, raw, max_bytes=len(raw)).record
    if after is None or after.id != before.id or after.kind is not before.kind:
        return False
    old, new = before.header.values, after.header.values
    return list(map(_shape, old.values())) == list(map(_shape, new.values())) and len(old) == len(new)


def _shape(value: Value) -> object:
    """What a value is made of, whatever its texts say."""
    if isinstance(value, str):
        return ""
    if isinstance(value, Mapping):
        return [_shape(part) for part in value.values()]
    return tuple(_shape(part) for part in value)


def _dresses(secret: Secret) -> Iterator[_Dress]:
    """The forms in which a secret may stand."""
    value, label = secret.value, secret.label
    plain = _bytes(value)
    literal = [(form, "utf-8") for form in _encoded(value) - {plain}]
    literal += [(value.encode(code, "surrogatepass"), code) for code in ("utf-16-le", "utf-16-be")]
    yield _Dress(_spread(value), _needle(max(value.splitlines(), key=len)), label, "utf-8")
    yield from (_Dress(re.escape(form), _needle_of(form), label, code) for form, code in literal)
    if "\n" in value:
        lines = {line.strip() for line in value.splitlines()}
        for line in sorted(lines):
            if len(line) >= _LINE_FROM and "-----" not in line:
                yield _Dress(_spread(line), _needle(line), label, "utf-8")


def _needle(line: str) -> bytes:
    """What of a line is in every text that has it, broken or not."""
    return _needle_of(_bytes(line))


def _needle_of(form: bytes) -> bytes:
    return form.translate(None, _PASSED_OVER)


def _spread(value: str) -> bytes:
    """A value, also where its lines end otherwise, are quoted or indented, or where it was broken over lines;
    a short one only as a word."""
    if "\n" in value:
        lines = value.replace("\r\n", "\n").split("\n")
        return _NEWLINE.join(re.escape(_bytes(line.rstrip("\r"))) for line in lines)
    if len(value) >= _WRAPS_FROM:
        return _BREAK.join(re.escape(_bytes(letter)) for letter in value)
    form = re.escape(_bytes(value))
    if len(value) < _WORD_BELOW:
        return rb"(?<![0-9A-Za-z_])" + form + rb"(?![0-9A-Za-z_])"
    return form


def _encoded(value: str) -> set[bytes]:
    """How files of data write a longer value down, where that is not the value itself."""
    if len(value) < _WORD_BELOW:
        return set()
    safe = value.encode("utf-8", "replace").decode()
    forms = {
        json.dumps(safe)[1:-1],
        json.dumps(safe, ensure_ascii=False)[1:-1],
        quote(safe, safe=""),
        safe.replace("'", "''"),
        safe.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
        base64.b64encode(safe.encode()).decode().rstrip("="),
    }
    latin = {value.encode("latin-1")} if not value.isascii() and _is_latin(value) else set()
    return {form.encode() for form in forms} | latin


def _is_latin(value: str) -> bool:
    return all(ord(letter) < 256 for letter in value)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
