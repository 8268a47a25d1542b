"""Conflicts by what values mean: units, limits, and decisions that outlive another spelling."""

from __future__ import annotations

from itertools import permutations

import pytest
from helpers import DEED, applied, record, vault_of

from atocore.knowledge.conflicts.clash import clash_in, conflict_id
from atocore.knowledge.conflicts.disputes import would_dispute
from atocore.knowledge.conflicts.files import file_changes
from atocore.knowledge.review import resolution
from atocore.records.edit import edit
from atocore.records.plan import Change, Plan
from atocore.records.snapshot import MemorySnapshot

SLOT = ("claim", "p", "mirror", "mass")


def memory(name: str, value: str, more: str = "", attribute: str = "mass") -> str:
    claim = f"project: p\nsubject: mirror\nattribute: {attribute}\nvalue: {value}\n"
    return f"-- memories/p/{name}.md --\nid: mem-{name}\n{claim}{more}"


def state(name: str, value: str) -> str:
    return memory(name, value).replace("memories/", "state/").replace("mem-", "sta-")


def edited(vault: MemorySnapshot, short: str, value: str) -> MemorySnapshot:
    one = record(vault, short)
    return vault.after(Plan((Change(one.path, one.raw, edit(one.raw, {"value": value})),), None))


@pytest.mark.parametrize(
    "values",
    [("5 kg", "5000 g", "5.0 kg"), ("<= 5 kg", "4200 g", ">= 4 kg"), ("4 to 5 kg", "4.5 kg", "4500 g")],
)
def test_values_that_can_all_be_true_are_no_conflict(values: tuple[str, ...]) -> None:
    vault = vault_of("".join(memory(name, value) for name, value in zip("abc", values, strict=True)))
    assert clash_in(vault, SLOT) is None


def test_a_limit_disagrees_with_the_one_that_breaks_it_alone_and_in_any_order() -> None:
    blocks = [memory("a", "<= 4.5 kg"), memory("b", "4.2 kg"), memory("c", "4800 g"), memory("d", "4200 g")]
    clashes = {clash_in(vault_of("".join(order)), SLOT) for order in permutations(blocks)}
    (found,) = clashes
    assert found is not None
    assert {member.value for member in found.members} == {"<= 4.5 kg", "4.2 kg", "4800 g", "4200 g"}
    limit = vault_of(memory("a", "<= 4.5 kg") + memory("b", "4.2 kg") + memory("c", "4.4 kg"))
    two = clash_in(limit, SLOT)
    assert two is not None
    assert {member.value for member in two.members} == {"4.2 kg", "4.4 kg"}


@pytest.mark.parametrize("dismiss", [True, False])
def test_a_decision_stands_while_only_the_spelling_of_a_value_changes(dismiss: bool) -> None:
    vault = vault_of(memory("a", "5 kg") + memory("b", "6 kg"))
    vault = vault.after(Plan(file_changes(vault, SLOT), None))
    conflict = record(vault, conflict_id(SLOT))
    if dismiss:
        vault = applied(vault, resolution.dismiss(vault, conflict, DEED))
    else:
        raw = conflict.raw
        keys = {"status": "resolved", "winner": record(vault, "mem-a").id}
        vault = vault.after(Plan((Change(conflict.path, raw, edit(raw, keys)),), None))
    status = "dismissed" if dismiss else "resolved"
    for value, expected in (("5000 g", status), ("5.0 kg", status), ("5.1 kg", "open")):
        found = clash_in(edited(vault, "mem-a", value), SLOT)
        assert found is not None
        assert found.status == expected, value


def test_trusted_values_that_agree_prevail_together_over_one_below() -> None:
    vault = vault_of(state("a", "<= 4.5 kg") + state("b", "4.2 kg") + memory("c", "4.8 kg"))
    found = clash_in(vault, SLOT)
    assert found is not None
    assert found.prevailing == record(vault, "sta-a").id


@pytest.mark.parametrize(
    ("one", "other", "conflict"),
    [("4.50", "4.5", False), ("4.5", "$4.50", False), ("~4.5", "4.50 USD", False), ("4.5", "4.6", True)],
)
def test_an_attribute_that_names_the_unit_says_that_its_values_are_numbers(
    one: str, other: str, conflict: bool
) -> None:
    vault = vault_of("".join(memory(n, v, attribute="price (USD)") for n, v in (("a", one), ("b", other))))
    found = clash_in(vault, ("claim", "p", "mirror", "price (usd)"))
    assert (found is not None) is conflict


@pytest.mark.parametrize(("attribute", "conflict"), [("boot order", True), ("interfaces", False)])
def test_what_is_in_order_by_its_attribute_is_no_set(attribute: str, conflict: bool) -> None:
    pairs = (("a", "USB, disk and network"), ("b", "network, disk, USB"))
    vault = vault_of("".join(memory(name, value, attribute=attribute) for name, value in pairs))
    assert (clash_in(vault, ("claim", "p", "mirror", attribute)) is not None) is conflict
    one = vault_of(
        memory("a", "USB, disk", attribute=attribute) + memory("b", "USB, disk.", attribute=attribute)
    )
    assert clash_in(one, ("claim", "p", "mirror", attribute)) is None


def test_a_candidate_in_another_unit_would_dispute_nothing() -> None:
    vault = vault_of(memory("a", "5 kg") + memory("b", "5000 g", "status: candidate\n"))
    assert would_dispute(vault, record(vault, "mem-b")) == ()
