"""Text that restates instructions, an assistant's memory or a pack yields nothing; the report says why."""

from __future__ import annotations

import pytest
from helpers import record, vault_of

from atocore.knowledge.ingestion.passes import extraction_pass, ingest
from atocore.knowledge.ingestion.restated import INSTRUCTIONS, MEMORY, PACK, why_document_not
from atocore.knowledge.ingestion.wave import Incoming, Limits, Wave
from atocore.records.snapshot import MemorySnapshot

WIDE = Limits(50, 200, 0)
RULES = "# Decisions\n\n- We decided to use Zerodur for the primary mirror.\n"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("CLAUDE.md", INSTRUCTIONS),
        ("docs/sub/Claude.local.md", INSTRUCTIONS),
        ("AGENTS.md", INSTRUCTIONS),
        ("GEMINI.md", INSTRUCTIONS),
        ("app/.cursorrules", INSTRUCTIONS),
        (".windsurfrules", INSTRUCTIONS),
        (".github/copilot-instructions.md", INSTRUCTIONS),
        (".github/instructions/python.instructions.md", INSTRUCTIONS),
        (".cursor/rules/style.mdc", INSTRUCTIONS),
        (".claude/skills/review/SKILL.md", INSTRUCTIONS),
        (".claude/projects/x/memory/MEMORY.md", MEMORY),
        (".claude/projects/x/memory/mirror.md", MEMORY),
        (".codex/memories/raw_memories.md", MEMORY),
        ("firmware/memory.md", ""),
        ("memory/layout.md", ""),
        ("docs/agents/overview.md", ""),
        ("instruments/Gemini.md", ""),
        ("README.md", ""),
        ("", ""),
    ],
)
def test_the_names_of_what_assistants_are_given(path: str, why: str) -> None:
    assert why_document_not(path) == why


def wave_of(text: str, origin: str = "spec.md", vault: MemorySnapshot | None = None) -> Wave:
    return ingest(vault or MemorySnapshot({}), [Incoming(origin, "docs", text)], (), "p", WIDE)


def report_of(wave: Wave) -> str:
    return next((c.new or b"").decode() for c in wave.plan.changes if c.path == wave.report)


def test_a_document_of_instructions_comes_in_and_yields_nothing() -> None:
    wave = wave_of(RULES, "CLAUDE.md")
    assert (wave.read, wave.candidates) == (1, 0)
    assert f"| CLAUDE.md | 1 | {INSTRUCTIONS} |" in report_of(wave)


PACKED = """\
# Minutes

<!-- atocore:context begin -->
## Engineering entities
- We decided to use Zerodur for the primary mirror.
  [ent-000000000000, entities/p/glass.md]
<!-- atocore:context end -->

## Decisions

- We decided to use a six-point cell.
"""


def test_a_pack_within_a_document_yields_nothing_and_the_rest_does() -> None:
    wave = wave_of(PACKED)
    assert wave.candidates == 1
    assert f"| spec.md | 3 | {PACK} |" in report_of(wave)


def test_entries_of_a_pack_are_known_without_their_marks() -> None:
    bare = PACKED.replace("<!-- atocore:context begin -->", "").replace("<!-- atocore:context end -->", "")
    wave = wave_of(bare.replace("## Engineering entities", "## Decisions"))
    assert wave.candidates == 1
    pointer = "# Decisions\n\n- ent-000000000000: We decided to use Zerodur (active)\n"
    assert wave_of(pointer).candidates == 0


def test_a_pack_that_is_never_closed_reaches_to_the_end() -> None:
    assert wave_of(PACKED.replace("<!-- atocore:context end -->", "")).candidates == 0


def test_a_capture_that_repeats_instructions_yields_nothing() -> None:
    vault = MemorySnapshot({})
    vault = vault.after(wave_of(RULES, "AGENTS.md").plan)
    capture = vault_of("""\
-- captures/2026/11/22/a.md --
id: int-a
type: claude-code
--
We decided to use Zerodur for the **primary mirror**.

We decided to use a six-point cell.
""")
    both = MemorySnapshot({**vault.files, **capture.files})
    one = record(both, "int-a")
    wave = extraction_pass(both, [one], {one.id: "p"}, WIDE)
    assert wave.candidates <= 1
    assert INSTRUCTIONS in report_of(wave) if wave.report else True
    assert all("Zerodur" not in (c.new or b"").decode() for c in wave.plan.changes if c.path != wave.report)


def test_what_stands_in_a_pack_and_again_outside_is_found_where_it_stands_outside() -> None:
    wave = wave_of(f"{PACKED}- We decided to use Zerodur for the primary mirror.\n")
    assert wave.candidates == 2
