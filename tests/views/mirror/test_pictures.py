"""Pictures stay readable, however large what they draw is."""

from __future__ import annotations

from helpers import vault_of

from atocore.views.mirror import pictures
from atocore.views.mirror.pictures import MOST_WHOLE
from atocore.views.queries.graph import Graph

TOP = "-- entities/p/top.md --\nid: ent-t0p\ntype: project\nproject: p\ntitle: Rover\n"
LETTERS = "0123456789abcdefghjk"


def system(subsystems: int, parts: int) -> str:
    blocks = [TOP]
    for sub in LETTERS[:subsystems]:
        blocks.append(part(f"s{sub}", "subsystem", "ent-t0p"))
        for one in LETTERS[:parts]:
            needs = f"  - type: depends_on\n    target: ent-p{LETTERS[0]}{one}\n" if sub != "0" else ""
            blocks.append(part(f"p{sub}{one}", "component", f"ent-s{sub}", needs))
    return "\n".join(pictures.system(Graph(vault_of("".join(blocks)).briefs()), "p"))


def part(name: str, type_: str, whole: str, more: str = "") -> str:
    head = f"-- entities/p/{name}.md --\nid: ent-{name}\ntype: {type_}\nproject: p\ntitle: Part {name}\n"
    return f"{head}relations:\n  - type: part_of\n    target: {whole}\n{more}"


def test_a_small_system_is_drawn_whole() -> None:
    drawn = system(2, 3)
    assert drawn.count('["Part p') == 6
    assert drawn.count("depends on") == 3
    assert "more part" not in drawn


def test_of_a_large_system_the_top_is_drawn_with_its_arrows_lifted() -> None:
    drawn = system(10, 19)
    assert '["Part p' not in drawn
    assert drawn.count('["Part s') == 10 <= MOST_WHOLE
    assert drawn.count("depends on") == 9
    assert "*190 more parts in the list below; each has its own page.*" in drawn


def test_one_thing_alone_is_no_picture() -> None:
    assert system(0, 0) == ""


def test_a_timeline_shows_the_last_days_alone() -> None:
    blocks = "".join(
        f"-- entities/p/{at:03}.md --\nid: ent-d{LETTERS[at // 20]}{LETTERS[at % 20]}\ntype: decision\n"
        "project: p\n"
        f'title: "D{at}: a; #b"\ncreated: 2026-{at // 28 + 1:02}-{at % 28 + 1:02}T09:00:00Z\n'
        for at in range(200)
    )
    found = sorted(vault_of(blocks).briefs(), key=lambda one: one.created, reverse=True)
    drawn = pictures.decisions(found)
    assert len(drawn) < 14
    assert "    2026-08-04 : D199#58; a#59; #35;b" in drawn
