"""A PDF's text as Markdown: a script of its own, for a process that may be ended. Reads stdin, writes stdout.

A PDF has no structure but type sizes: a short line set larger than the text is a heading, and the sizes in
use give the levels. What repeats at the edges of most pages is no text of the document. Tables come as words.
"""

from __future__ import annotations

import io
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

LARGER = 1.12
"""How much larger than the text a heading is set, at least."""
LONGEST = 160  # characters of a heading
_BULLET = re.compile(r"^[•▪◦‣●■–—·]\s*")
_EDGE = 0.09  # of a page's height


class Line(NamedTuple):
    """A line of type: its words, its size in points, and whether it stands at the edge of its page."""

    text: str
    size: float
    edge: bool


def main() -> None:
    """Convert what comes on stdin, within the megabytes and seconds that the arguments name."""
    _bounded(int(sys.argv[1]), int(sys.argv[2]))
    try:
        text = markdown(blocks(io.BytesIO(sys.stdin.buffer.read())))
    except MemoryError:
        sys.exit("memory exhausted")
    except RecursionError:
        sys.exit("nested too deep")
    except Exception as error:  # whatever a broken file makes of its reader is told in one line
        sys.exit(f"no readable PDF: {type(error).__name__}: {error}"[:200])
    if not text.strip():
        sys.exit("it holds no text (a scan?)")
    sys.stdout.buffer.write(text.encode("utf-8", "replace"))


def _bounded(megabytes: int, seconds: int) -> None:
    try:
        import resource
    except ImportError:  # Windows: the time limit of the caller stands alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))


def blocks(source: io.BytesIO) -> list[list[list[Line]]]:
    """The lines of each block of each page, in reading order."""
    from pdfminer.high_level import extract_pages
    from pdfminer.layout import LTChar, LTTextContainer, LTTextLine

    pages = []
    for page in extract_pages(source):
        found = []
        for box in page:
            if not isinstance(box, LTTextContainer):
                continue
            lines = []
            for line in box:
                if not isinstance(line, LTTextLine) or not line.get_text().strip():
                    continue
                sizes = Counter(round(part.size, 1) for part in line if isinstance(part, LTChar))
                near = _EDGE * page.height
                edge = line.y0 > page.y1 - near or line.y1 < page.y0 + near
                size = sizes.most_common(1)[0][0] if sizes else 0.0
                lines.append(Line(" ".join(line.get_text().split()), size, edge))
            if lines:
                found.append(lines)
        pages.append(found)
    return pages


def markdown(pages: Sequence[Sequence[Sequence[Line]]]) -> str:
    """The Markdown of the pages' blocks."""
    repeated = _repeated(pages)
    kept = [
        [line for line in block if not (line.edge and _shape(line.text) in repeated)]
        for page in pages
        for block in page
    ]
    levels = _levels(line for block in kept for line in block)
    return "\n\n".join(part for block in kept for part in _parts(block, levels)) + "\n"


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", text)


def _repeated(pages: Sequence[Sequence[Sequence[Line]]]) -> set[str]:
    """What stands at the edges of more than half of the pages, page numbers aside."""
    told = Counter(
        shape
        for page in pages
        for shape in {_shape(line.text) for block in page for line in block if line.edge}
    )
    return {shape for shape, number in told.items() if number > 1 and number * 2 > len(pages)}


def _levels(lines: Iterable[Line]) -> dict[float, int]:
    """Size to level of what is set larger than the text; the largest is level 1."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    if not sizes:
        return {}
    text = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size >= text * LARGER), reverse=True)
    return {size: min(number, 6) for number, size in enumerate(larger, 1)}


def _parts(block: Sequence[Line], levels: dict[float, int]) -> Iterator[str]:
    """A block as headings and paragraphs."""
    held: list[str] = []
    heading: list[Line] = []
    for line in block:
        is_heading = line.size in levels and len(line.text) <= LONGEST
        if heading and (not is_heading or line.size != heading[0].size):
            yield _heading(heading, levels)
            heading = []
        if is_heading:
            if held:
                yield "\n".join(held)
                held = []
            heading.append(line)
        else:
            held.append(_safe(line.text))
    if heading:
        yield _heading(heading, levels)
    if held:
        yield "\n".join(held)


def _heading(lines: Sequence[Line], levels: dict[float, int]) -> str:
    return f"{'#' * levels[lines[0].size]} {' '.join(line.text for line in lines)}"


def _safe(text: str) -> str:
    """A line of words that Markdown takes for nothing else than a line, or an item of a list."""
    text, bullets = _BULLET.subn("- ", text)
    return (
        text
        if bullets or not re.match(r"(#{1,6}\s|>|```|~~~|(\*\s*){3,}$|(-\s*){3,}$|=+$)", text)
        else f"\\{text}"
    )


if __name__ == "__main__":
    main()
