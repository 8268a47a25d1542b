"""Record ids: a kind's prefix and Crockford base-32 characters, random for people, derived for machines."""

from __future__ import annotations

import hashlib
import re

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32, lower case: no i, l, o, u
LENGTH = 12  # 60 bits
_SHAPE = re.compile(rf"[a-z]{{3}}-[{ALPHABET}]{{{LENGTH},64}}")


def encode(data: bytes) -> str:
    """The first 60 bits of `data` (8 bytes or more) as 12 characters."""
    number = int.from_bytes(data[:8], "big") >> 4
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(55, -1, -5))


def random_id(prefix: str, entropy: bytes) -> str:
    """An id for what a person makes; `entropy` is 8 random bytes, given by the caller."""
    return f"{prefix}-{encode(entropy)}"


def derived_id(prefix: str, *parts: str) -> str:
    """An id for what a machine derives: the same parts give the same id, on any clone."""
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
    return f"{prefix}-{encode(digest)}"


def is_id(text: str, prefix: str = "") -> bool:
    """Whether `text` has the shape of an id (with that prefix)."""
    return bool(_SHAPE.fullmatch(text)) and text.startswith(f"{prefix}-" if prefix else "")
