"""Printing: the answer on stdout, the talk on stderr, one JSON document where asked. Decides nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Sequence

import click

_CONTROL = {code: f"\\x{code:02x}" for code in (*range(32), 0x7F, *range(0x80, 0xA0)) if code not in (9, 10)}
_CONTROL |= {code: f"\\u{code:04x}" for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}
_UNSEEN = (0x200B, *range(0x2060, 0x2065), 0xFEFF)  # no reader sees them, and assistants do
_CONTROL |= {code: f"\\u{code:04x}" for code in _UNSEEN}
_CONTROL_IN_JSON = {code: f"\\u{code:04x}" for code in _CONTROL if code > 0x1F}
_CONTROL |= {code: f"\\U{code:08x}" for code in range(0xE0000, 0xE0080)}  # tags: a text that nobody sees


def shown(text: str) -> str:
    """Text that a terminal may show: control characters and undecodable names spelled out."""
    return text.translate(_CONTROL).encode("utf-8", "backslashreplace").decode()


def say(text: str = "", *, bold: bool = False, color: str | None = None) -> None:
    """A line of the answer."""
    line = shown(text)
    click.echo(click.style(line, bold=bold, fg=color) if bold or color else line)


def note(text: str) -> None:
    """A line of talk, on stderr."""
    click.echo(shown(text), err=True)


def emit(value: object) -> None:
    """The answer as one JSON document."""
    from atocore.app.answers import as_json

    click.echo(document(as_json(value), indent=2))


def emit_line(value: object) -> None:
    """The answer as one JSON document on one line."""
    from atocore.app.answers import as_json

    click.echo(document(as_json(value)))


def document(plain: object, indent: int | None = None) -> bytes:
    """JSON in UTF-8; what a terminal would obey stays escaped, which is the same text to a parser."""
    text = json.dumps(plain, ensure_ascii=False, indent=indent)
    return text.translate(_CONTROL_IN_JSON).encode("utf-8", "backslashreplace")


def table(
    head: Sequence[str], rows: Iterable[Sequence[str]], tell: Callable[[str], None] = click.echo
) -> None:
    """Rows in columns as wide as their widest entry; the last column runs free. `tell` prints a line."""
    lines = [tuple(shown(cell).replace("\n", " ") for cell in row) for row in rows]
    if not lines:
        return
    widths = [max(len(row[i]) for row in (tuple(head), *lines)) for i in range(len(head))]
    for number, row in enumerate((tuple(head), *lines)):
        cells = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        line = "  ".join([*cells, row[-1]]).rstrip()
        bold = number == 0 and tell is click.echo and sys.stdout.isatty()
        tell(click.style(line, bold=True) if bold else line)


def plural(number: int, name: str, several: str = "") -> str:
    """`1 record`, `2 records`; `several` where an s is not enough."""
    return f"{number} {name if number == 1 else several or f'{name}s'}"
