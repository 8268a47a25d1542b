"""link, unlink and --template on the command line: what a person reads, and what completes."""

from __future__ import annotations

import json

import click
from desk import Desk

from atocore.cli.relating import link, relation_names

PARTS = """
-- entities/scope/cell.md --
id: ent-ce77
type: component
project: scope
title: Mirror cell
-- entities/scope/scope.md --
id: ent-sc0pe
type: subsystem
project: scope
title: Telescope
"""


def test_linking_tells_what_it_did_and_what_is_linked_already(run, desk: Desk) -> None:
    desk.commit(PARTS)
    desk.close()
    first = run("link", "Mirror cell", "part-of", "telescope", "-m", "as drawn")
    assert first.code == 0, first.err
    assert "linked: ent-ce7700000000 part_of ent-sc0pe0000000" in first.out
    again = run("link", "Mirror cell", "part_of", "telescope")
    assert "linked already: ent-ce7700000000 part_of ent-sc0pe0000000" in again.out
    listed = run("link", "--list", "Telescope")
    assert "contains <- Mirror cell (component ent-ce7700000000)" in listed.out
    assert "part of -> Telescope (subsystem ent-sc0pe0000000)" in run("show", "ent-ce7700000000").out
    told = json.loads(run("link", "--list", "Telescope", "--json").out)
    assert [(one["reads"], one["id"]) for one in told["incoming"]] == [("contains", "ent-ce7700000000")]
    gone = run("unlink", "Mirror cell", "part_of", "Telescope")
    assert "unlinked: ent-ce7700000000 part_of ent-sc0pe0000000" in gone.out


def test_nonsense_is_refused_with_a_command_that_is_none(run, desk: Desk) -> None:
    desk.commit(PARTS)
    desk.close()
    turned = run("link", "Telescope", "part_of", "Mirror cell")
    assert turned.code == 2
    assert "atocore link ent-ce7700000000 part_of ent-sc0pe0000000" in turned.err
    assert run("link", "Telescope", "part_of").code == 2
    assert run("link", "Telescope", "--list", "Telescope").code == 2
    assert run("new", "entity", "x", "--type", "component", "-r", "part_of").code == 2


def test_a_record_is_born_linked_and_a_template_is_printed(run, desk: Desk) -> None:
    desk.commit(PARTS)
    desk.close()
    made = run(
        "new", "entity", "--type", "component", "--title", "Strut", "-r", "part_of=Telescope", "x", "--json"
    )
    assert made.code == 0, made.err
    assert "target: ent-sc0pe0000000" in desk.text(json.loads(made.out)["records"][0]["path"])
    shown = run("new", "entity", "--type", "material", "--component", "primary mirror", "--template")
    assert "component: primary mirror" in shown.out
    assert "# - {type: supplied_by" in shown.out


def test_relations_complete_with_what_they_mean() -> None:
    context = click.Context(link)
    found = relation_names(context, link.params[1], "part-")
    assert [(one.value, one.help) for one in found] == [
        ("part_of", "is a part of the whole, or belongs to it")
    ]
    assert len(relation_names(context, link.params[1], "")) == 14
