"""What a document says, as text: its bytes within limits, its encoding, its conversion.

Knows files and encodings. Must not know how a file was found, nor sources or candidates. A file that cannot
be read is a value with its reason.
"""

from __future__ import annotations

import hashlib
import re
import stat
from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from atocore.app.conversion import Format, RefusedError, convert, format_of
from atocore.app.documents import Choice, File, passed_over
from atocore.knowledge.ingestion.wave import Incoming, Passed

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MARKS = {  # the longer marks first: that of UTF-32 begins as that of UTF-16 does
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}


def read(
    file: File, choice: Choice, redact: Callable[[str], str], known: Mapping[str, Collection[str]]
) -> Incoming | Passed:
    """What a file says. `known` gives the hashes that a place is known by: a document to be converted that
    did not change is not converted again, and comes without its text."""
    given = format_of(file.path.name)
    if redact(file.place) != file.place:
        return passed_over(redact(file.origin), "its name holds a secret, which git would keep: rename it")
    try:
        _check_name(file.origin)
        raw = _bytes(file.path, choice.coded_bytes if given.converter else choice.text_bytes)
        digest = hashlib.sha256(raw).hexdigest() if given.converter else ""
        if digest in known.get(file.place, ()):
            return Incoming(file.origin, file.base, "", 0, file.place, given.name, digest)
        text, converter = _text(raw, given, choice.text_bytes)
    except RefusedError as refusal:
        return passed_over(file.origin, str(refusal))
    except OSError as error:
        return passed_over(file.origin, f"unreadable: {error.strerror or error}")
    clean = redact(text)
    taken_out = clean.count("[REDACTED") - text.count("[REDACTED")
    return Incoming(file.origin, file.base, clean, taken_out, file.place, given.name, digest, converter)


def _check_name(origin: str) -> None:
    try:
        origin.encode("utf-8")
    except UnicodeError:
        raise RefusedError("not-utf8: its name is not UTF-8") from None
    if _CONTROL.search(origin):
        raise RefusedError("bad-name: its name holds a line break or another control character")


def _bytes(path: Path, limit: int) -> bytes:
    """A regular file's bytes; nothing else is opened, since a pipe would never end."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise RefusedError("not a regular file")
    with path.open("rb") as stream:
        raw = stream.read(limit + 1)
    if len(raw) > limit:
        raise RefusedError(f"too-large: {max(found.st_size, len(raw)):,} bytes (at most {limit:,})")
    return raw


def _text(raw: bytes, given: Format, limit: int) -> tuple[str, str]:
    """A document's text, and what converted it ("" where nothing did)."""
    if not raw.strip():
        raise RefusedError("empty")
    converter = ""
    if given.converter:
        plain = raw if given.coded else _decoded(raw).encode()
        text, converter = convert(plain, given)
        if len(text.encode()) > limit:
            raise RefusedError(f"too-large: {len(text.encode()):,} bytes once converted (at most {limit:,})")
    else:
        text = _decoded(raw)
    if "\0" in text:
        raise RefusedError("nul-byte: not a text file")
    if not text.strip():
        raise RefusedError("empty" if not converter else "empty: it holds no text")
    if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
        raise RefusedError("conflict-markers: finish the merge first")
    return text, converter


def _decoded(raw: bytes) -> str:
    """UTF-8, or what a byte order mark says. Nothing is guessed: a wrong guess would make ± of µ."""
    encoding = next((name for mark, name in _MARKS.items() if raw.startswith(mark)), "utf-8-sig")
    if encoding == "utf-8-sig" and b"\0" in raw:
        raise RefusedError("nul-byte: not a text file")
    try:
        return raw.decode(encoding)
    except UnicodeError:
        hint = "save it as UTF-8, like: iconv -f WINDOWS-1252 -t UTF-8"
        raise RefusedError(f"not-utf8: not a text in UTF-8 ({hint})") from None
