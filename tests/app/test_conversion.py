"""Documents of other formats: headings, tables and code survive; nothing is fetched, and nothing hangs."""

from __future__ import annotations

import importlib.util
import zipfile
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from office import docx, paragraph, pdf, table

from atocore.app import conversion
from atocore.app.conversion import RefusedError, convert, format_of
from atocore.knowledge.extraction.extract import extract

RST = """\
======
Mirror
======

:Status: Accepted

.. toctree::
   :maxdepth: 2

   parts

Requirements
============

- The mirror must not weigh more than 4.5 kg, see :ref:`parts`.

.. note::

   We decided to use Zerodur.

.. code-block:: python

   mass = 4.5

.. list-table:: Parts
   :header-rows: 1

   * - part
     - mass
   * - primary
     - 4.5 kg

.. include:: {secret}

.. csv-table:: From a file
   :file: {secret}

.. raw:: html

   <script>alert(1)</script>
"""
HTML = """\
<html><head><title>Mirror</title><style>p { color: red }</style><script>var x = "gone";</script></head>
<body><h2>Requirements</h2>
<p>The mirror <b>must not</b> weigh
more than 4.5&nbsp;kg.</p>
<img src="file://{secret}" alt="a drawing"><img src="data:image/png;base64,AAAA">
<a href="javascript:alert(1)">press</a><iframe src="http://127.0.0.1:9/"></iframe>
<table><thead><tr><th rowspan="2">part</th><th colspan="2">mass</th></tr><tr><th>least</th><th>most</th></tr>
</thead><tr><td>primary<br>mirror</td><td><p>4.2 kg</p></td><td><ul><li>4.5 kg</li><li>or | less</li></ul>
</td></tr></table>
<pre><code class="language-c">int mass;
</code></pre>
<dl><dt>Decision</dt><dd>Use Zerodur.</dd></dl></body></html>
"""


def converted(text: str | bytes, name: str) -> str:
    return convert(text.encode() if isinstance(text, str) else text, format_of(name))[0]


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text("PRIVATE,WORDS\n")
    return file


def test_restructured_text(secret: Path) -> None:
    text = converted(RST.format(secret=secret), "a.rst")
    for line in (
        "# Mirror",
        "## Requirements",
        "- **Status:** Accepted",
        "- The mirror must not weigh more than 4.5 kg, see `parts`.",
        "We decided to use Zerodur.",
        "``` python\nmass = 4.5\n```",
        "| part    | mass   |",
        "| primary | 4.5 kg |",
    ):
        assert line in text, text
    assert "script" not in text
    assert "PRIVATE" not in text, "no other file is read"


def test_html(secret: Path) -> None:
    text = converted(HTML.replace("{secret}", str(secret)), "a.html")
    for line in (
        "# Mirror",
        "## Requirements",
        "The mirror **must not** weigh more than 4.5 kg.".replace("4.5 kg", "4.5\xa0kg"),
        "a drawing",
        "``` c\nint mass;\n```",
        "- **Decision:** Use Zerodur.",
    ):
        assert line in text, text
    cells = [
        [cell.strip() for cell in row.strip("|").split(" | ")] for row in text.splitlines() if row[:1] == "|"
    ]
    assert cells[0] == ["part", "least", "most"]
    assert cells[-1] == ["primary mirror", "4.2 kg", "4.5 kg; or \\| less"]
    for word in ("gone", "color", "base64", "javascript", "PRIVATE", "<"):
        assert word not in text


def test_word() -> None:
    raw = docx(
        paragraph("Mirror", "Heading1"),
        paragraph("Requirements", "Heading2"),
        paragraph("The mirror must not weigh more than 4.5 kg."),
        paragraph("mass = 4.5", "SourceCode"),
        table(("part", "mass"), ("primary", "4.5 kg")),
    )
    text = converted(raw, "a.DOCX")
    assert text.startswith("# Mirror\n\n## Requirements\n\nThe mirror must not weigh more than 4.5 kg.\n")
    assert "    mass = 4.5\n" in text
    assert "| primary | 4.5 kg |" in text


def test_pdf() -> None:
    def page(number: int) -> list[tuple[int, int, int, str]]:
        return [
            (9, 72, 770, "Mirror report"),
            (20, 72, 700, f"Part {number}"),
            (14, 72, 670, "Requirements"),
            (11, 72, 640, "The mirror must not weigh"),
            (11, 72, 627, "more than 4.5 kg (with its cell)."),
            (11, 72, 600, "# no heading"),
            (9, 300, 30, f"page {number} of 3"),
        ]

    text = converted(pdf(page(1), page(2), page(3)), "a.pdf")
    assert text.startswith(
        "# Part 1\n\n## Requirements\n\nThe mirror must not weigh\nmore than 4.5 kg (with its cell).\n"
    )
    assert "\\# no heading" in text
    assert "report" not in text
    assert "page" not in text, "what repeats at the edges of the pages is none of the text"


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.odt"])
@pytest.mark.parametrize("raw", [b"\0junk" * 50, b"%PDF-1.4\n1 0 obj\n<<", b"PK\x03\x04broken"])
def test_what_is_broken_is_refused_with_a_reason(name: str, raw: bytes) -> None:
    with pytest.raises(RefusedError, match=r"cannot be converted: .+"):
        converted(raw, name)


def test_a_pdf_without_text_is_told_from_a_broken_one() -> None:
    with pytest.raises(RefusedError, match="no text"):
        converted(pdf([]), "scan.pdf")


def test_entities_that_multiply_are_ended(tmp_path: Path) -> None:
    names = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    bomb = f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "{"x" * 1000}">{names}]><d>&a9;</d>'
    raw = tmp_path / "bomb.docx"
    with zipfile.ZipFile(raw, "w") as archive:
        archive.writestr("word/document.xml", bomb)
        archive.writestr("_rels/.rels", bomb)
        archive.writestr("[Content_Types].xml", bomb)
    with pytest.raises(RefusedError):
        converted(raw.read_bytes(), "bomb.docx")


def test_a_conversion_that_takes_too_much_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversion, "MEGABYTES", 40)
    with pytest.raises(RefusedError, match=r"xhausted|memory"):
        converted("<div>" * 400_000, "deep.html")
    monkeypatch.setattr(conversion, "MEGABYTES", 1024)
    monkeypatch.setattr(conversion, "SECONDS", 0.05)
    with pytest.raises(RefusedError, match=r"took longer than 0\.05 s"):
        converted("<div>" * 400_000, "deep.html")


@pytest.mark.parametrize("name", ["a.rst", "a.html", "a.docx", "a.pdf"])
def test_without_the_extra_a_row_says_what_to_install(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    known = importlib.util.find_spec

    def find(name: str, *args: Any) -> Any:
        return None if name in ("pypandoc", "pdfminer") else known(name, *args)

    monkeypatch.setattr(importlib.util, "find_spec", find)
    monkeypatch.setattr("shutil.which", lambda _: None)
    conversion._found_pandoc.cache_clear()
    (tmp_path / name).write_bytes(b"words")
    answer = desk.vault.ingest(tmp_path / name, project="scope")
    conversion._found_pandoc.cache_clear()
    assert (answer.read, answer.commit) == (0, None)
    assert [passed.reason for passed in answer.skipped] == [
        "needs a converter: pip install 'atocore[documents]'"
    ]


def test_a_converted_document_is_a_source_whose_text_is_cited(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "docs"
    folder.mkdir()
    rule = "We decided to use Zerodur for the primary mirror."
    (folder / "a.docx").write_bytes(docx(paragraph("Decisions", "Heading1"), paragraph(rule)))
    first = desk.vault.ingest(folder, project="scope")
    source = next(one for one in first.records if one.kind == "source")
    (made,) = [one for one in first.records if one.status == "candidate"]
    shown = desk.vault.show(source.id)
    assert shown.type == "docx"
    assert str(shown.keys["converter"]).startswith("pandoc ")
    provenance = made.provenance or {}
    assert provenance["path"] == "a.docx"
    assert provenance["converter"] == shown.keys["converter"]
    line = int(provenance["lines"].partition("-")[0])
    assert shown.text.splitlines()[line - 1] == rule, "lines count in the text that is kept"

    assert desk.vault.ingest(folder, project="scope").unchanged == 1
    changed = rule.replace("Zerodur", "beryllium")
    (folder / "a.docx").write_bytes(docx(paragraph("Decisions", "Heading1"), paragraph(changed)))
    assert desk.vault.ingest(folder, project="scope").unchanged == 0
    mark = desk.vault.show(made.id).source_changed
    assert mark is not None
    assert mark.text == changed
    assert desk.codes() == []


def test_a_directive_with_an_identifier_is_a_section() -> None:
    text = converted(
        "Pump\n====\n\n.. req:: Flow\n   :id: REQ_1\n   :status: open\n\n   The pump shall give 5 l/min.\n",
        "a.rst",
    )
    assert "###### Requirement REQ_1: Flow" in text.replace("\\_", "_")
    assert "Status: open" in text
    (found,) = extract(text, path="a.rst").proposals
    assert (found.aliases, found.statement) == (("REQ_1",), "The pump shall give 5 l/min.")
