"""Texts as they are compared: without case, width, spacing, and what only dresses them: markup and quotes."""

from __future__ import annotations

import re
import unicodedata

MAX_READ = 300
"""A longer text is prose: it is compared as text alone."""

_EXPONENT = re.compile(r"(?<=[0-9])[⁺⁻]?[⁰¹²³⁴-⁹]+")
_FRACTION = re.compile(r"(?<=[0-9])[¼-¾⅐-⅞]")
_ALIKE = str.maketrans("−‐‑‒–—―“”„‟‘’‚‛′″×∕", "-------\"\"\"\"'''''\"x/")
_PAIRS = (
    *(("**", "**"), ("__", "__"), ("*", "*"), ("_", "_"), ("``", "``"), ("`", "`"), ('"', '"')),
    *(("'", "'"), ("«", "»"), ("(", ")"), ("[", "]"), ("<", ">"), ("==", "=="), ("~~", "~~")),
)
_EMPHASIS = re.compile(
    r"(\*\*|(?<![\w*])\*|`|(?<!\w)__|(?<![\w_])_)(?=\S)([^*`_\n]{1,200})(?<=\S)\1(?![\w*])"
)
_SLASH = re.compile(r"(?: ?([/|]) ?)")
_SNAKE = re.compile(r"(?<=[^\W_])_(?=[^\W_])")
_HYPHEN = re.compile(r"(?<=[^\W\d_][^\W\d_])-(?=[^\W\d_])")
_PATH = re.compile(r"(?:(?:~|\.{1,2})?/[^\s/]\S*|[A-Za-z]:\\\S+)")
_SPELT = {
    **{"aluminium": "aluminum", "anodised": "anodized", "colour": "color", "fibre": "fiber"},
    **{"galvanised": "galvanized", "polarised": "polarized", "sulphur": "sulfur"},
}
_SPELT_WORDS = re.compile(rf"\b(?:{'|'.join(_SPELT)})")
_ASIDE = re.compile(r" \(([^()]+)\)$")


def unified(text: str) -> str:
    """Unicode form and width folded, case kept; no number is made of two: `10⁶` is not `106`."""
    apart = _FRACTION.sub(r" \g<0>", _EXPONENT.sub(r"^\g<0>", text)) if not text.isascii() else text
    return unicodedata.normalize("NFKC", apart).replace("−", "-")


def folded_text(text: str) -> str:
    """Unicode form, width and case folded, and no number made of two."""
    return unified(text).casefold()


def normal_value(text: str) -> str:
    """A value as text: Unicode form, width, case and spacing folded, a closing full stop dropped."""
    folded = " ".join(folded_text(text).split())
    return folded.removesuffix(".").strip()


def undressed(text: str) -> str:
    """What a value says, case kept: dashes and quotes of one form, and nothing around the whole of it that is
    markup, quotes or brackets; no bullet and no closing full stop."""
    bare = " ".join(unified(text).translate(_ALIKE).split())
    if bare[:1].isalnum() and bare[-1:].isalnum():
        return bare
    for _ in range(8):
        former = bare
        bare = bare.removesuffix(".").removeprefix("* ").removeprefix("• ").strip()
        for opening, closing in _PAIRS:
            bare = _without(bare, opening, closing)
        if bare == former:
            break
    return bare


def _without(text: str, opening: str, closing: str) -> str:
    inner = text[len(opening) : -len(closing)]
    whole = text.startswith(opening) and text.endswith(closing) and inner.strip()
    return inner.strip() if whole and opening not in inner and closing not in inner else text


def text_key(bare: str) -> str:
    """An undressed text for comparing: case, emphasis, what joins words (`part_name`) and British spelling
    of materials and finishes folded. A path in a file system counts as it is written."""
    if _PATH.fullmatch(bare):
        return bare.rstrip("/")
    plain = _EMPHASIS.sub(r"\2", bare)
    joined = _HYPHEN.sub(" ", _SNAKE.sub(" ", _SLASH.sub(r"\1", plain)))
    aside = _ASIDE.sub(r" \1", joined.casefold())
    return _SPELT_WORDS.sub(lambda word: _SPELT[word[0]], " ".join(aside.split()))
