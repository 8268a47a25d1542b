"""Whole pages: what records say cannot change what a page is made of, and nothing but records changes it."""

from __future__ import annotations

import json
import os
import posixpath
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from desk import Desk, founded
from helpers import whole_id
from markdown_it import MarkdownIt

from atocore.records.kinds import ENTITY_TYPES
from atocore.views.mirror.frame import rendered
from atocore.views.mirror.material import Material
from atocore.views.mirror.site import pages
from atocore.views.queries.graph import Graph

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "![a](http://evil.example/a.png) [b](javascript:alert(1)) <http://evil.example>",
    "http://evil.example/x www.evil.example someone@evil.example //evil.example",
    '**[⚠ disputed](x.md)** :warning: disputed <a id="con-000000000000"></a>',
    "a | b || `c` ``d` ~~e~~ *f* _g_ $h$ ==i== %%j%% #k [[l]] ![[m]] n:: o ^p",
    "-->\n<!-- atocore mirror 1 0123456789abcdef -->\n---\nkind: memory\n---\n# x\n```\n> [!NOTE]\n- [ ] x",
    'end"]; click A "javascript:alert(1)"; %%{init: {}}%% subgraph x --> y',
    "\\\\[a\\\\](b) \\",
    "</details></sub></td>\u202ecod.exe\u2066 [^1] [^1]: x [y]: http://evil.example",
    "<!--",
)
HARMLESS = tuple("harmless" for _ in HOSTILE)
_ALLOWED_HTML = re.compile(
    r'<a id="[a-z0-9-]+">|</a>|</?(?:sub|details|summary|br|b|kbd)>|<!-- atocore mirror \d+ [0-9a-f]{16} -->'
)


def record(record_id: str, keys: dict[str, object], body: str) -> str:
    lines = "".join(f"{key}: {json.dumps(value)}\n" for key, value in {"id": record_id, **keys}.items())
    return f"---\n{lines}---\n{body}\n"


def fill(desk: Desk, said: tuple[str, ...], project: str) -> None:
    """Records of every kind that say these texts in every place; a number before each keeps their order."""
    at = 0

    def put(kind: str, folder: str, keys: dict[str, object]) -> None:
        nonlocal at
        at += 1
        words = said[at % len(said)]
        record_id = whole_id(f"{kind[:3]}-{'0123456789abcdefghjkmnpqrstvwxyz'[at % 32]}{at // 32}")
        ruling = {"step": "promote", "by": f"{at} {words} <a@example.org>", "at": "2026-11-22T09:12:00Z"}
        told = {
            "kind": kind,
            "project": project,
            "title": f"{at:03} {words}",
            "aliases": [f"alias {at} {words}"],
            "tags": [words],
            "ruling": {**ruling, "why": f"{at} {words}"},
            "provenance": {"path": f"d/{words}", "heading": words, "quote": f"{at} {words}"},
            **keys,
        }
        desk.put(f"{folder}/{at:03}.md", record(record_id, told, f"{at} {words}\n\n- {at} {words}"))

    for number in range(len(said)):
        words = said[number]
        claim = {"subject": f"part {number} {words}", "attribute": "mass", "status": "active"}
        put("memory", "memories/p", {"type": "knowledge", "value": f"1 {words}", **claim})
        put("memory", "memories/p", {"type": "knowledge", "value": f"2 {words}", **claim})
        put(
            "state", "state/p", {**claim, "type": "fact", "attribute": "length", "value": f"{number} {words}"}
        )
        put("memory", "memories/p", {**claim, "type": "knowledge", "attribute": "n", "status": "candidate"})
    for number, type_ in enumerate(ENTITY_TYPES):
        words = said[number % len(said)]
        part = {"relations": [{"type": "part_of", "target": whole_id("ent-m1")}]} if number else {}
        keys = {
            "type": type_,
            "status": "active",
            "question": f"{number} {words}",
            "value": f"{number} {words}",
        }
        put("entity", "entities/p", {**keys, **part})
    desk.put("memories/p/<b>broken & [x](y).md", "---\nid: [\n---\n")
    desk.put(
        "projects/p.md",
        record(whole_id("prj-p"), {"kind": "project", "status": "active", "name": project}, said[0]),
    )
    desk.commit("", "fill")


def made(desk: Desk) -> dict[str, str]:
    """Every page of the vault's mirror, by path."""
    desk.vault.catch_up()
    return rendered_pages(desk.vault.material(desk.vault.catalog))


def rendered_pages(material: Material) -> dict[str, str]:
    return {page.path: rendered(page) for page in pages(material, material.projects, material.by_id)}


def tokens(page: str) -> Iterator[tuple[str, str, str]]:
    """Kind, text and address of everything that a page is made of."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for token in parser.parse(page):
        yield token.type, token.content if token.type != "inline" else "", token.info
        for child in token.children or ():
            yield child.type, child.content, str(child.attrs.get("href", ""))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    desk = founded(tmp_path_factory.mktemp("hostile") / "vault")
    fill(desk, HOSTILE, "p")
    yield desk
    desk.close()


@pytest.fixture(scope="module")
def hostile_pages(hostile: Desk) -> dict[str, str]:
    return made(hostile)


def test_hostile_texts_leave_every_page_as_harmless_ones_do(
    hostile_pages: dict[str, str], tmp_path: Path
) -> None:
    desk = founded(tmp_path / "vault")
    fill(desk, HARMLESS, "p")
    harmless = made(desk)
    desk.close()

    def skeletons(found: dict[str, str]) -> dict[str, list[str]]:
        return {named(path, page): [kind for kind, _, _ in tokens(page)] for path, page in found.items()}

    def named(path: str, page: str) -> str:
        """A page by what it is about: names are made of texts."""
        number = re.search(r"^# .*?(part \d+)", page)
        about = re.sub(r"(?<=claims/).*|(?<=conflicts/).*|[^/]*--", "", path)
        return f"{about} {number[1] if number else ''}".strip()

    plain, other = skeletons(harmless), skeletons(hostile_pages)
    assert plain.keys() == other.keys()
    # what is a paragraph of text in both is not looked at: hostile bodies have code where they had links
    for path in plain:
        if "/records/" not in path and not path.endswith("p/index.md"):
            assert [k for k in other[path] if k != "text"] == [k for k in plain[path] if k != "text"], path


def test_hostile_pages_hold_no_html_picture_or_address_but_the_mirrors_own(
    hostile: Desk, hostile_pages: dict[str, str]
) -> None:
    for path, page in hostile_pages.items():
        for kind, content, address in tokens(page):
            assert kind != "image", path
            if kind in ("html_block", "html_inline"):
                assert not _ALLOWED_HTML.sub("", content).strip(), (path, content)
            if kind == "link_open":
                target = posixpath.normpath(
                    posixpath.join(posixpath.dirname(path), unquote(address.partition("#")[0]))
                )
                assert (
                    address.startswith("#") or target in hostile_pages or (hostile.folder / target).is_file()
                ), address
            if kind == "fence":
                assert address == "mermaid" or path.partition("/records/")[1], path
        assert (
            sum("<!-- atocore mirror" in content for kind, content, _ in tokens(page) if kind == "html_block")
            == 1
        )
        assert not re.search(r"(?<!\*\*\[)(?<!\*\*)(?<!\[\")⚠", page), path


def test_pages_do_not_depend_on_the_order_of_what_they_are_made_of(
    hostile: Desk, hostile_pages: dict[str, str]
) -> None:
    material = hostile.vault.material(hostile.vault.catalog)
    for seed in range(4):
        mixed = random.Random(seed)

        def shuffled(values: list[Any], by: random.Random = mixed) -> list[Any]:
            return by.sample(values, len(values))

        briefs = shuffled(list(material.briefs))
        other = replace(
            material,
            briefs=briefs,
            graph=Graph(briefs, material.graph.disputed),
            conflicts=shuffled(list(material.conflicts)),
            problems=shuffled(list(material.problems)),
            claims=shuffled(list(material.claims)),
        )
        assert rendered_pages(other) == hostile_pages


def test_the_same_commit_makes_the_same_bytes_whatever_the_machine_is_set_to(
    hostile: Desk, tmp_path: Path
) -> None:
    built = []
    for seed, zone, language in (("1", "Pacific/Kiritimati", "tr_TR.UTF-8"), ("77", "America/Adak", "C")):
        folder = tmp_path / seed
        shutil.copytree(hostile.folder, folder, symlinks=True)
        set_so = {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language}
        command = [sys.executable, "-m", "atocore", "--vault", str(folder), "mirror", "build"]
        done = subprocess.run(command, env=os.environ | set_so, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        built.append({p.relative_to(folder): p.read_bytes() for p in folder.glob("mirror/**/*.md")})
    assert built[0] == built[1] and built[0]
