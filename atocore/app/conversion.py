"""Converting documents to Markdown: which formats there are, who converts them, and within which bounds.

Knows converters as processes. Must not know sources or waves. Whatever a document holds, its converter reads
no file but this one and no network, and is ended where it takes too long or too much memory.
"""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

SECONDS = 60.0
"""A conversion that takes longer is ended."""
MEGABYTES = 1024
"""One that needs more memory is ended too."""
INSTALL = "pip install 'atocore[documents]'"
_OTHER_FILE = re.compile(rb"^[ \t]+:(?:file|url):[^\r\n]*$", re.MULTILINE)


class Format(NamedTuple):
    """A format of documents: its name (a source's `type`), its converter ("" where it is text as it is), and
    what pandoc calls it. `coded`: not a text file, so it has no encoding to look at."""

    name: str
    converter: str
    reader: str = ""
    coded: bool = False


_TEXT, _MARKDOWN = Format("text", ""), Format("markdown", "")
_HTML = Format("html", "pandoc", "html")
FORMATS = {
    **dict.fromkeys((".md", ".markdown", ".mdown", ".mkd"), _MARKDOWN),
    **dict.fromkeys((".rst", ".rest"), Format("rst", "pandoc", "rst")),
    **dict.fromkeys((".html", ".htm", ".xhtml"), _HTML),
    ".docx": Format("docx", "pandoc", "docx", coded=True),
    ".odt": Format("odt", "pandoc", "odt", coded=True),
    ".pdf": Format("pdf", "pdfminer", coded=True),
}
"""By the end of a file's name, in lower case; whatever else a person includes is read as text."""


class RefusedError(Exception):
    """A document could not be converted; the text says why."""


def format_of(name: str) -> Format:
    """The format of a file by its name."""
    return FORMATS.get(Path(name).suffix.lower(), _TEXT)


def convert(raw: bytes, given: Format) -> tuple[str, str]:
    """The Markdown that a converter makes of a document, and the converter's name and version.

    Raises `RefusedError` where there is none, or it failed, hung, or took too much memory.
    """
    if given.reader == "rst":  # pandoc ends where a file is asked for that it may not read
        raw = _OTHER_FILE.sub(b"", raw)
    command, name = _pandoc(given.reader) if given.converter == "pandoc" else _pdfminer()
    text = _run(command, raw, name)
    return text, name


def _pandoc(reader: str) -> tuple[list[str], str]:
    program, version = _found_pandoc()
    if not program:
        raise RefusedError(f"needs a converter: {INSTALL}")
    shape = ["--to=gfm-raw_html-alerts-tex_math_dollars", "--wrap=none", "--markdown-headings=atx"]
    bounds = ["--sandbox", "+RTS", f"-M{MEGABYTES}m", "-RTS"]
    filter_ = Path(__file__).with_name("conversion.lua")
    return [program, *bounds, f"--from={reader}", *shape, f"--lua-filter={filter_}"], f"pandoc {version}"


@cache
def _found_pandoc() -> tuple[str, str]:
    """The pandoc that comes with the extra, else the machine's own; its path and version, "" for none."""
    found = []
    if (spec := importlib.util.find_spec("pypandoc")) and spec.origin:
        found.append(str(Path(spec.origin).with_name("files") / "pandoc"))
    found.append(shutil.which("pandoc") or "")
    for program in filter(None, found):
        try:
            told = subprocess.run([program, "--version"], capture_output=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired):
            continue
        version = told.stdout.decode("utf-8", "replace").split("\n")[0].removeprefix("pandoc ").strip()
        if told.returncode == 0 and _is_sandboxed(version):
            return program, version
    return "", ""


def _is_sandboxed(version: str) -> bool:
    """Whether a pandoc can be kept from reading other files: since 2.15."""
    parts = [int(part) if part.isdigit() else 0 for part in version.split(".")[:2]]
    return parts >= [2, 15]


def _pdfminer() -> tuple[list[str], str]:
    if importlib.util.find_spec("pdfminer") is None:
        raise RefusedError(f"needs a converter: {INSTALL}")
    from importlib.metadata import version

    script = Path(__file__).with_name("conversion_pdf.py")
    return [sys.executable, "-I", str(script), str(MEGABYTES), str(int(SECONDS) + 1)], (
        f"pdfminer.six {version('pdfminer.six')}"
    )


def _run(command: Sequence[str], raw: bytes, name: str) -> str:
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "SYSTEMROOT", "TMPDIR")}
    try:
        done = subprocess.run(
            command,
            input=raw,
            capture_output=True,
            timeout=SECONDS,
            check=False,
            env={**kept, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired:
        raise RefusedError(f"cannot be converted: took longer than {SECONDS:g} s") from None
    except OSError as error:
        raise RefusedError(f"cannot be converted: {name} did not start: {error}") from None
    if done.returncode:
        raise RefusedError(f"cannot be converted: {_last_line(done.stderr) or f'{name} broke off'}")
    return done.stdout.decode("utf-8", "replace").replace("\r\n", "\n")


def _last_line(err: bytes) -> str:
    lines = [line.strip() for line in err.decode("utf-8", "replace").splitlines() if line.strip()]
    said = next((line for line in lines if "exhausted" in line), lines[-1] if lines else "")
    return said.removeprefix("pandoc: ")[:200]
