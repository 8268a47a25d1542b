"""Facts that a memory and an entity both claim."""

from __future__ import annotations

import pytest
from helpers import record, short_id, vault_of

from atocore.knowledge.homes import said_twice

VAULT = """
-- memories/p/a.md --
id: mem-a
type: knowledge
project: p
subject: mirror
attribute: mass
value: 4200 g
-- entities/p/b.md --
id: ent-b
type: parameter
status: {status}
project: p
subject: Mirror
attribute: mass
value: {value}
"""


@pytest.mark.parametrize("asked", ["mem-a", "ent-b"])
@pytest.mark.parametrize(
    ("status", "value", "twice"),
    [("active", "4.2 kg", True), ("active", "4.3 kg", False), ("candidate", "4.2 kg", False)],
)
def test_a_fact_of_a_memory_and_an_entity_is_told_from_either(
    asked: str, status: str, value: str, twice: bool
) -> None:
    vault = vault_of(VAULT.format(status=status, value=value))
    found = [(short_id(m.id), short_id(e.id)) for m, e in said_twice(vault, [record(vault, asked)])]
    assert found == ([("mem-a", "ent-b")] if twice else [])


def test_a_pair_is_told_once() -> None:
    vault = vault_of(VAULT.format(status="active", value="4.2 kg"))
    assert len(list(said_twice(vault, vault.select()))) == 1
