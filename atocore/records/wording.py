"""Wording: a text without what carries no meaning, so that texts in nearly the same words are equal.

Whatever one word can turn round stays: numbers, units, ids, names, negations, modals, prepositions, order.
What goes is a closed list: articles and a few fillers, markup, punctuation between words, case where it means
nothing, the joint of a compound (`real-time`), British or American spelling, and where a clause stands that
one comma sets off in front. Being equal is transitive, and costs a look into a table.
"""

from __future__ import annotations

import hashlib
import re
from itertools import chain, islice

from atocore.records.kinds import Kind
from atocore.records.record import Record
from atocore.records.slots import claimed_value, normal_name, slot_of
from atocore.records.values.numbers import WORDS
from atocore.records.values.text import normal_value, unified

_STATING = (Kind.MEMORY, Kind.ENTITY, Kind.STATE)
_MOST_KNOWN = 50_000
_LEAST = 2
"""So many words, numbers or names must a body have beside those of `_FUNCTION` to say anything by itself."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_WEAK = frozenset(("a", "an", "the", "that", "its", "also", "please", "then"))
_FUNCTION = _words(
    """about above across after against all along among and any are around as at be been before behind
    being below beneath beside between both but by can could did do does down during each either every
    except few for from had has have he her here hers him his how i if in inside into is it least less
    like many may me might mine more most much must my near neither never no non none nor not now of
    off on once only onto or our ours out outside over own per same shall she should since so some
    such than their theirs them there these they this those through to too toward towards under unless
    until up upon us very via was we were what when where which while who whom whose why will with
    within without would yes yet you your yours"""
)
_SHORT_CAPITALS = frozenset(("ALL", "AND", "ANY", "BE", "FOR", "IF", "IN", "IS", "MAY", "NO", "NOT", "OR"))
_NUMBERS = tuple(WORDS)[:13]  # up to twelve: English writes these out
_AS: dict[str, tuple[str, ...]] = {
    "&": ("and",),
    "approx": ("~",),
    "approximately": ("~",),
    "ca": ("~",),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "it's": ("it", "is"),
    "must": ("shall",),  # as RFC 2119 has it
    "percent": ("%",),
    "won't": ("will", "not"),
    **{word: (str(number),) for number, word in enumerate(_NUMBERS)},
}
_FRONTED = _words(
    """after as at because before by during for if in on once since to under unless until upon when
    whenever where while with without"""
)
_UNITS = _words(
    """% A C F GB GHz GPa Hz J K KB MB MHz MPa MW N Nm Pa TB V W Wh bar cm day days dB deg degrees ft g h
    hour hours hPa in inch inches kB kHz kN kPa kV kW kWh kbit/s kg km l lb m mA mV mW mbar metre
    metres meter meters mg min minute minutes ml mm month months ms nm ns ppm rad rpm s second seconds
    um us volt volts watt watts week weeks year years °C °F µm µs μm μs Ω"""
)
_PHRASES = ((re.compile(r"\bin order to\b", re.I), "to"), (re.compile(r"\bprior to\b", re.I), "before"))
_BULLETS = re.compile(r"^[ \t]*(?:[-*+>]|#{1,6})[ \t]+", re.MULTILINE)
_TARGET = re.compile(r"\]\(([^()\s]*)[^()]*\)")
_EDGES = "\"'“”„‘’«»()[]{}*`,;:!."
_NUMBER = re.compile(r"([~≈<>=≤≥±+-]*)(\d+(?:\.\d+)?)((?:[^\W\d_]|[%°µΩ/²³])*)")
_FRACTION = re.compile(r"\d\.\d*0(?!\d)")
_INNER_CAPITAL = re.compile(r"[^\W\d_](?<![A-Z])[A-Z]")
_MEGA = re.compile(r"[TGMPEK][bsgmlt]")  # two letters whose case tells a megabit from a millibar
_SPELT = (
    (re.compile(r"(?<=[a-z]{3})is(e|ed|es|er|ers|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"(?<=[a-z]{3})our(s|ed|ing|al)?$"), r"or\1"),
    (re.compile(r"(met|lit|cent|fib|calib)re(s?)$"), r"\1er\2"),
    (re.compile(r"(?<=[a-z]{4})ll(ed|ing|er)$"), r"l\1"),
    (re.compile(r"^grey(s?)$"), r"gray\1"),
    (re.compile(r"^alumini?um$"), "aluminum"),
)
_MAYBE_SPELT = (
    *(f"is{end}" for end in ("e", "ed", "es", "er", "ers", "ing", "ation", "ations")),
    *(f"our{end}" for end in ("", "s", "ed", "ing", "al")),
    *("re", "res", "lled", "lling", "ller", "grey", "greys", "aluminium"),
)
"""How the words end that the patterns of `_SPELT` change: most words end otherwise, and cost one look."""


def plain_wording(text: str) -> str:
    """What a text says, for comparing: equal for texts that differ in nothing which can carry a meaning."""
    return "".join(_pieces(text))


def wording_key(record: Record) -> str:
    """A short hash of what a record says in words, with its kind, type and project: equal for records of
    nearly the same words; "" for kinds that state nothing, and a body that says nothing by itself."""
    if record.kind not in _STATING:
        return ""
    pieces = _pieces(record.body)
    said = frozenset(pieces)
    title = _pieces(record.title) if record.header.get("title") else []  # else it is the body's first line
    telling = sum(1 for _ in islice((piece for piece in said if piece not in _EMPTY), _LEAST))
    if telling:
        if telling < _LEAST:
            return ""
    elif record.kind is not Kind.ENTITY or not title:
        return ""
    beside = "" if said >= frozenset(title) else "".join(title)
    day = record.created[:10] if record.type == "episodic" else ""  # the same may happen again another day
    where = (record.kind, record.type, normal_name(record.project), day, *_claim_beside(record, said))
    return _hashed("\0".join((*where, beside, "".join(pieces))))


def _claim_beside(record: Record, said: frozenset[str]) -> tuple[str, ...]:
    """The claim of a record whose body does not make it: the same body then says another thing of each."""
    slot = slot_of(record)
    if slot is None:
        return ()
    value = claimed_value(record)
    about = f"{record.subject} {record.component} {record.question} {value}"
    return () if said >= frozenset(_pieces(about)) else (*slot, normal_value(value))


def said_key(record: Record) -> str:
    """A short hash of the words and the value of a record: what a decision about it was made on."""
    return _hashed("\0".join((plain_wording(record.body), normal_value(claimed_value(record)))))[:12]


_DENYING = frozenset((" no ", " not ", " none ", " never ", " nor ", " neither ", " without "))


def denials(text: str) -> frozenset[str]:
    """The words of a text that deny something."""
    return _DENYING.intersection(_pieces(text))


def exact_parts(text: str) -> frozenset[str]:
    """The numbers and ids of a text."""
    return frozenset(piece for piece in _pieces(text) if any(map(str.isdigit, piece)))


def _hashed(said: str) -> str:
    return hashlib.sha256(said.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def _pieces(text: str) -> list[str]:
    """The parts of a text that say something. Plain words stand without a space, so that a compound is the
    same in one word and in two; all else is set apart."""
    plain = unified(text) if not text.isascii() else text
    if "](" in plain:
        plain = _TARGET.sub(r" \1 ", plain)
    if "\n" in plain or plain[:1] in "-*+>#":
        plain = _BULLETS.sub("", plain)
    if "r to " in plain:
        for pattern, replaced in _PHRASES:
            plain = pattern.sub(replaced, plain)
    chunks = plain.split()
    if "A" in chunks:
        chunks = [chunk for at, chunk in enumerate(chunks) if not _is_article(chunks, at)]
    if plain.count(",") == 1:
        chunks = _clause_last(chunks)
    found = list(chain.from_iterable(map(_KNOWN.__getitem__, chunks)))
    return _without_zeros(found) if "0" in plain and _FRACTION.search(plain) else found


def _is_article(chunks: list[str], at: int) -> bool:
    """Whether an `A` begins a sentence about a noun and is no name: `A valve closes`, not `A is closed`."""
    if chunks[at] != "A" or at + 1 == len(chunks) or (at and chunks[at - 1][-1] not in ".:;!?"):
        return False
    following = chunks[at + 1]
    return following.islower() and following.isalpha() and following not in _FUNCTION


def _clause_last(chunks: list[str]) -> list[str]:
    """A sentence whose one comma sets a clause off in front, with that clause at its end."""
    comma = next((at for at, chunk in enumerate(chunks) if chunk.endswith(",")), -1)
    if comma < 1 or chunks[0].lower() not in _FRONTED or any(c[-1] in ".:;!?" for c in chunks[:-1]):
        return chunks
    return [*chunks[comma + 1 :], *chunks[: comma + 1]]


def _without_zeros(pieces: list[str]) -> list[str]:
    """`7.0 days` as `7 days`; before a unit alone, since `1.10` may be a version."""
    for at, piece in enumerate(pieces[:-1]):
        if "." in piece and pieces[at + 1].strip() in _UNITS and piece.strip().replace(".", "", 1).isdigit():
            pieces[at] = f" {piece.strip().rstrip('0').rstrip('.')} "
    return pieces


class _Known(dict[str, tuple[str, ...]]):
    """What stands between two spaces, read once each: looking it up is most of the work on a vault."""

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        if len(self) >= _MOST_KNOWN:
            self.clear()
        self[chunk] = read = _read(chunk)
        return read


_KNOWN = _Known()


def _read(chunk: str) -> tuple[str, ...]:
    """The parts of what stands between two spaces."""
    chunk = chunk.replace("’", "'")
    asks = chunk.rstrip("\"'”’)]}*`").endswith("?")
    bare = chunk.strip(_EDGES + "?") if chunk[0] != "." else chunk.rstrip(_EDGES + "?")
    if bare.startswith("_") and bare.endswith("_"):
        bare = bare.strip("_")
    pieces = tuple(piece for part in _parts(bare) for piece in _piece(part))
    return (*pieces, " ? ") if asks else pieces


def _parts(bare: str) -> list[str]:
    """A chunk's parts: the words of a hyphenated compound, a number and its unit; anything else is one."""
    number = _NUMBER.fullmatch(bare)
    if number is not None:
        sign, digits, unit = number.groups()
        return [sign, digits, unit] if sign not in ("-", "+") else [sign + digits, unit]
    words = bare.split("-")
    return words if len(words) > 1 and all(map(str.isalpha, words)) else [bare]


def _piece(part: str) -> tuple[str, ...]:
    if not part or part in ("-", "--", "|"):
        return ()
    if part.lower() in _AS:
        return tuple(f" {one} " for one in _AS[part.lower()])
    if part.lower().endswith("n't"):
        return (f" {part[:-3].lower()} ", " not ")
    if not part.isalpha() or _INNER_CAPITAL.search(part):
        return (f" {part} ",)
    if len(part) < 4 and (len(part) == 1 or not (part.islower() or part.istitle()) or _MEGA.fullmatch(part)):
        return () if part == "a" else (f" {part.lower() if part in _SHORT_CAPITALS else part} ",)
    word = part.casefold()
    if word in _WEAK:
        return ()
    if word in _FUNCTION:
        return (f" {word} ",)
    if word.endswith(_MAYBE_SPELT):
        for pattern, spelt in _SPELT:
            word = pattern.sub(spelt, word)
    return (word,)


_EMPTY = frozenset(f" {word} " for word in _FUNCTION)
