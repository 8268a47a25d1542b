"""Writes the generated parts of the documentation from the code's tables and from `vault/`.

A page holds `<!-- generated:NAME begin -->` and `<!-- generated:NAME end -->`; what stands between them is
this script's, the rest is people's. The vault's settings, README and git files are those of a new vault. Run
`python docs/generate.py` after changing a table; `--check` writes nothing and exits 1 when a page is stale.
"""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from atocore.app.health.metrics import METRICS
from atocore.cli.paper import Paper
from atocore.cli.query_paper import table_lines, tree_lines
from atocore.config import SETTINGS
from atocore.errors import ERRORS
from atocore.knowledge.changed import changes
from atocore.knowledge.check import name_problems, reference_problems, supersession_problems
from atocore.knowledge.conflicts.clash import sweep
from atocore.knowledge.conflicts.disputes import disputed_records
from atocore.knowledge.extraction.confidence import HIGH_PLACES, LOW_PLACES
from atocore.knowledge.extraction.rules.table import RULES
from atocore.knowledge.handoff.table import FACT, HEAD, Field
from atocore.knowledge.health import REASONS
from atocore.records.kinds import ENTITY_MEANINGS, ENTITY_TYPES, KINDS, Kind
from atocore.records.lifecycle import ABSENT, STEPS, Step
from atocore.records.problem import PROBLEMS
from atocore.records.record import Record
from atocore.records.relation_table import RELATIONS, RelationRule
from atocore.records.relations import allowed_targets, held_by
from atocore.records.schema import GRADUATION_TYPES, KEYS, Key, required
from atocore.records.slots import SLOTS
from atocore.records.snapshot import MemorySnapshot
from atocore.views.queries.asked import Asked, Query
from atocore.views.queries.asking import QueryAnswer, answered, put, told
from atocore.views.queries.graph import ASKED, Graph
from atocore.views.queries.past import Needs, Past
from atocore.views.queries.table import QUERIES
from atocore.views.queries.trail import trail_of

DOCS = Path(__file__).resolve().parent
TOP = DOCS.parent
VAULT = TOP / "vault"

_SECTION = re.compile(
    r"(<!-- generated:(?P<name>[a-z-]+) begin -->\n)(?P<body>.*?)(<!-- generated:(?P=name) end -->)",
    re.DOTALL,
)
_MARK = re.compile(r"<!-- generated:([a-z-]+) (?:begin|end) -->")


# --- tables ------------------------------------------------------------------------------------------------


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(' '.join(cell.replace('|', chr(92) + '|').split()) for cell in cells)} |"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _codes(texts: Iterable[str]) -> str:
    return ", ".join(map(_code, texts))


# --- the format --------------------------------------------------------------------------------------------


def _kinds() -> str:
    rows = (
        (
            _code(kind),
            _code(f"{spec.prefix}-"),
            "-" if spec.layer is None else f"L{spec.layer}",
            _code(f"{spec.folder}/"),
            _codes(required(kind)),
            spec.meaning,
        )
        for kind, spec in KINDS.items()
    )
    return _table(("kind", "id prefix", "layer", "folder", "required keys", "what it is"), rows)


def _types() -> str:
    rows = (
        (_code(kind), _codes(spec.types) or "any text", _codes(spec.statuses) or "-")
        for kind, spec in KINDS.items()
    )
    return _table(("kind", "types", "statuses"), rows)


def _keys() -> str:
    rows = (
        (_code(key.name), _kinds_of(key.kinds), _shape(key), key.meaning, _code(key.example)) for key in KEYS
    )
    return _table(("key", "used by", "form", "what it is for", "example"), rows)


def _shape(key: Key) -> str:
    told = key.shape.value
    if key.parts:
        told += f" with {_codes(key.parts)}"
    if key.choices and key.name != "kind":
        told += f"; {'`type` is ' if key.parts else ''}one of {_codes(key.choices)}"
    return told


def _kinds_of(kinds: Sequence[Kind]) -> str:
    return "every kind" if len(kinds) == len(KINDS) else ", ".join(kinds)


def _entity_types() -> str:
    rows = (
        (_code(type_), told, SLOTS[Kind.ENTITY, type_].reads, _relations_of(type_))
        for type_, told in ENTITY_MEANINGS.items()
    )
    return _table(("type", "what it is", "slot", "relations it may hold"), rows)


def _relations_of(type_: str) -> str:
    missing = [name for name in RELATIONS if name not in held_by(type_)]
    return f"all but {_codes(missing)}" if missing else "all"


def _relations() -> str:
    rows = ((_code(name), rule.meaning, rule.reverse, _ways(rule)) for name, rule in RELATIONS.items())
    return _table(("relation", "the record that states it …", "read from its target", "ways"), rows)


def _ways(rule: RelationRule) -> str:
    if rule.symmetric:
        return "both ways, stated once"
    return "no circles" if rule.acyclic else "one way"


def _pairings() -> str:
    rows = []
    for name in RELATIONS:
        by_targets: dict[tuple[str, ...], list[str]] = {}
        for type_ in ENTITY_TYPES:
            if targets := allowed_targets(name, type_):
                by_targets.setdefault(targets, []).append(type_)
        rows += [(_code(name), _all_or(holders), _all_or(targets)) for targets, holders in by_targets.items()]
    return _table(("relation", "may be held by", "may lead to"), rows)


def _all_or(names: Sequence[str]) -> str:
    missing = [type_ for type_ in ENTITY_TYPES if type_ not in names]
    if len(missing) > 3:
        return _codes(names)
    every = "every entity" if not missing else f"every entity but {_codes(missing)}"
    others = [name for name in names if name not in ENTITY_TYPES]
    return f"{every}; {_codes(others)}" if others else every


def _graduations() -> str:
    rows = ((_code(memory), _code(entity)) for memory, entity in GRADUATION_TYPES.items())
    return _table(("memory's type", "becomes an entity of type"), rows)


# --- the lifecycle -----------------------------------------------------------------------------------------


def _steps() -> str:
    return _table(
        ("step", "of", "from", "to", "who", "command", "undone by"),
        (_step_row(step, kinds) for step, kinds in _merged(STEPS)),
    )


def _merged(steps: Iterable[Step]) -> Iterator[tuple[Step, str]]:
    """The steps, with the birth at any status (`add`) told in one row instead of one for each status."""
    births = [step for step in steps if step.name == "add"]
    told = False
    for step in steps:
        if step.name != "add":
            yield step, ", ".join(step.kinds)
        elif not told:
            told = True
            kinds = dict.fromkeys(kind for birth in births for kind in birth.kinds)
            yield step, "every kind" if len(kinds) == len(KINDS) else ", ".join(kinds)


def _step_row(step: Step, kinds: str) -> Sequence[str]:
    born_anywhere = step.name == "add"
    return (
        f"**{step.name}**",
        kinds,
        ", ".join(source or "nothing" for source in step.sources),
        "any status"
        if born_anywhere
        else (step.target or ("nothing" if ABSENT not in step.sources else "L0")),
        str(step.actor),
        step.verb,
        step.undone_by,
    )


def _matrix() -> str:
    """For each kind that has statuses: from the row's status to the column's, by which steps."""
    parts = []
    for kind, spec in KINDS.items():
        if not spec.statuses:
            continue
        rows = [
            [before or "nothing", *(_between(kind, before, after) for after in spec.statuses)]
            for before in (ABSENT, *spec.statuses)
        ]
        parts.append(f"**{kind}**\n\n{_table(['from / to', *spec.statuses], rows)}")
    return "\n".join(parts)


def _between(kind: Kind, before: str, after: str) -> str:
    names = [s.name for s in STEPS if kind in s.kinds and before in s.sources and s.target == after]
    return ", ".join(dict.fromkeys(names)) or "-"


# --- slots, problems, errors, settings ---------------------------------------------------------------------


def _slots() -> str:
    types: dict[tuple[Kind, str, str], list[str]] = {}
    for (kind, type_), rule in SLOTS.items():
        types.setdefault((kind, rule.reads, rule.family), []).append(type_)
    rows = ((kind, _codes(named), reads, family or "-") for (kind, reads, family), named in types.items())
    return _table(("kind", "types", "slot", "family"), rows)


def _problems() -> str:
    rows = ((_code(code), str(row.severity), row.meaning, row.hint) for code, row in PROBLEMS.items())
    return _table(("code", "severity", "what it means", "how to mend it"), rows)


def _handoff(fields: Sequence[Field]) -> str:
    rows = (
        (_code(field.name), "yes" if field.needed else "", field.meaning + _one_of(field.choices))
        for field in fields
    )
    return _table(("key", "needed", "what it says"), rows)


def _one_of(choices: Sequence[str]) -> str:
    return f" ({' or '.join(_code(choice) for choice in choices)})" if choices else ""


def _errors() -> str:
    rows = (
        (_code(code), str(row.exit_code), str(row.http_status), row.meaning) for code, row in ERRORS.items()
    )
    return _table(("code", "exit code", "HTTP status", "what it means"), rows)


def _rules() -> str:
    rows = (
        (
            _code(rule.id),
            rule.looks_for,
            f"{rule.kind} {_code(rule.type)}",
            f"{rule.prior:g}",
            str(rule.strength),
        )
        for rule in RULES
    )
    return _table(("rule", "looks for", "yields", "prior", "strength"), rows)


def _rule_examples() -> str:
    parts = []
    for rule in RULES:
        parts.append(f"### `{rule.id}`\n\nLooks for {rule.looks_for}.\n\n")
        parts += (f"Finds something in\n\n{_fenced(text)}\n" for text in rule.examples)
        parts += (f"Finds nothing in\n\n{_fenced(text)}\n" for text in rule.counter_examples)
    return "".join(parts)


def _fenced(text: str) -> str:
    return f"````markdown\n{text.rstrip()}\n````\n"


def _places() -> str:
    rows = (("high", _codes(sorted(HIGH_PLACES))), ("low", _codes(sorted(LOW_PLACES))))
    return _table(("signal", "folders, and words of file names"), rows)


def _settings() -> str:
    return _table(
        ("setting", "default", "what it does"),
        (
            (
                _code(row.name),
                _default(row.default),
                row.meaning + (f" (one of {_codes(row.choices)})" if row.choices else ""),
            )
            for row in SETTINGS
        ),
    )


def _default(value: bool | int | float | str | tuple[str, ...]) -> str:
    match value:
        case bool():
            return _code("true" if value else "false")
        case tuple():
            return _codes(value) or "empty"
        case _:
            return _code(str(value))


# --- the state of the project, from its own vault ----------------------------------------------------------


def example_vault() -> MemorySnapshot:
    """The vault of AtoCore's own decisions, as its files stand here."""
    paths = sorted(path for path in VAULT.rglob("*.md") if ".atocore" not in path.parts)
    return MemorySnapshot({path.relative_to(VAULT).as_posix(): path.read_bytes() for path in paths})


def _active(kind: Kind, type_: str = "") -> list[Record]:
    found = example_vault().select((kind,), ("active",), type_=type_)
    return sorted(found, key=lambda record: (record.title.casefold(), record.id))


def _link(record: Record) -> str:
    return f"[{record.title}](../vault/{record.path})"


def _vault_state() -> str:
    rows = (
        (
            f"[{' '.join(part for part in (r.subject, r.attribute) if part)}](../vault/{r.path})",
            r.value,
            r.type,
        )
        for r in _active(Kind.STATE)
    )
    return _table(("what", "value", "category"), rows)


def _vault_components() -> str:
    """The subsystems, each with its components; then the components that belong to none."""
    components = _active(Kind.ENTITY, "component")
    lines = []
    for whole in [
        *_active(Kind.ENTITY, "subsystem"),
        *(c for c in components if not _wholes(c, "subsystem")),
    ]:
        if not _wholes(whole, "component"):
            lines.append(f"- {_link(whole)}: {_summary(whole)}")
            lines += (f"  - {_link(c)}: {_summary(c)}" for c in components if whole.id in _targets(c))
    return "\n".join(lines) + "\n"


def _targets(record: Record) -> set[str]:
    return {relation.target for relation in record.relations if relation.type == "part_of"}


def _wholes(record: Record, type_: str) -> list[Record]:
    """The entities of a type that the record is a part of."""
    found = (example_vault().get(target) for target in sorted(_targets(record)))
    return [whole for whole in found if whole is not None and whole.type == type_]


def _summary(record: Record) -> str:
    """A record's first paragraph on one line."""
    return " ".join(record.body.strip().partition("\n\n")[0].split())


def _vault_claims(type_: str) -> str:
    rows = (
        (_link(r), " ".join(p for p in (r.subject, r.attribute) if p), r.value)
        for r in _active(Kind.ENTITY, type_)
    )
    return _table((type_, "about", "value"), rows)


def _vault_decisions() -> str:
    rows = ((r.question, r.value, _link(r)) for r in _active(Kind.ENTITY, "decision"))
    return _table(("question", "answer", "record"), rows)


def _vault_waiting() -> str:
    found = sorted(
        example_vault().select((), ("candidate",)), key=lambda r: (r.kind, r.title.casefold(), r.id)
    )
    return _table(("candidate", "kind", "type"), ((_link(r), r.kind, r.type) for r in found))


def _vault_health() -> str:
    snapshot = example_vault()
    records = [record for record in snapshot.select() if record.kind is not Kind.NOTE]
    problems = [
        *snapshot.problems(),
        *reference_problems(snapshot, records),
        *supersession_problems(records),
        *name_problems(snapshot.files),
    ]
    counts: dict[str, int] = {}
    for record in records:
        counts[record.kind] = counts.get(record.kind, 0) + 1
    told = ", ".join(f"{number} of kind {kind}" for kind, number in sorted(counts.items()))
    wrong = f"{len(problems)} problems and {len(sweep(snapshot))} conflicts"
    return f"The vault holds {len(records)} records ({told}), {wrong}.\n"


def _reasons() -> str:
    rows = ((_code(code), cause.meaning, cause.remedy) for code, cause in REASONS.items())
    return _table(("code", "what it means", "what to do"), rows)


def _metrics() -> str:
    rows = ((_code(f"atocore_{one.name}"), _codes(one.labels) or "-", one.meaning) for one in METRICS)
    return _table(("metric", "labels", "what it tells"), rows)


def _decision_pages() -> str:
    rows = []
    for page in sorted((DOCS / "decisions").glob("*.md")):
        lines = page.read_text("utf-8").splitlines()
        title = next(line.removeprefix("# ") for line in lines if line.startswith("# "))
        rows.append(f"- [{title}](decisions/{page.name})")
    return "\n".join(rows) + "\n"


# --- named queries -----------------------------------------------------------------------------------------


def _query_list() -> str:
    rows = (
        (f"[{query.name}](#{query.name})", query.question, _code(told(query).argument))
        for query in QUERIES.values()
    )
    return _table(("query", "question", "about"), rows)


def _queries() -> str:
    snapshot = example_vault()
    graph = Graph(snapshot.briefs(ASKED), disputed_records(snapshot))
    return "\n".join(_query_section(query, graph) for query in QUERIES.values())


def _spreading() -> str:
    """For each relation, what is to be looked at when one of its sides changes."""
    rows = (
        (
            _code(name),
            rule.meaning,
            _when(rule, "holder"),
            _when(rule, "target"),
        )
        for name, rule in RELATIONS.items()
    )
    head = (
        "relation",
        "the holder …",
        "when the holder changes, the target",
        "when the target changes, the holder",
    )
    return _table(head, rows)


def _when(rule: RelationRule, changed: str) -> str:
    other = "target" if changed == "holder" else "holder"
    if rule.symmetric:
        return "is at stake, and what lies behind an interface"
    if rule.dependent in (other, "both"):
        return "is to be looked at, and what depends on it"
    return "is at stake" if rule.at_stake in (other, "both") else "-"


def _query_section(query: Query, graph: Graph) -> str:
    parts = [f"### {query.name}\n", f"{query.question}\n"]
    if query.rules:
        parts.append(f"{query.rules}\n")
    parts.append(_query_example(query, graph))
    if query.picture:
        parts.append(f"With `--mermaid`:\n\n```mermaid\n{_asked(query, graph, mermaid=True).mermaid}```\n")
    return "\n".join(parts)


def _query_example(query: Query, graph: Graph) -> str:
    """The example's command with its output at 80 columns, and what stands on stderr below it."""
    answer = _asked(query, graph)
    paper = Paper(80, 24, colours=False)
    lines = table_lines(answer, paper) if answer.rows is not None else tree_lines(answer, paper)
    shown = "\n".join([f"$ atocore query {query.example}", *lines, *answer.notes])
    return f"```text\n{shown}\n```\n"


def _asked(query: Query, graph: Graph, *, mermaid: bool = False) -> QueryAnswer:
    words, _, limit = query.example.partition(" --limit ")
    asked, notes = put(query, graph, " ".join(shlex.split(words)[1:]), "")
    asked = replace(asked, past=_past(query, asked))
    return answered(query, asked, commit="", limit=int(limit or 0), mermaid=mermaid, notes=notes)


def _past(query: Query, asked: Asked) -> Past:
    """What the records themselves tell of the past: git's history is another in each clone of the project."""
    snapshot = example_vault()
    match query.needs:
        case Needs.TRAIL:
            record = snapshot.get(asked.subject.id)
            assert record is not None
            return Past(trail=trail_of(snapshot, record, lambda _id: None))
        case Needs.CHANGES:
            files = {
                record.path: record.raw
                for record in snapshot.select()
                if max(record.created, record.ruling.at) >= asked.argument
            }
            return Past(changes=changes({}, files, asked.graph.status, {}), since=asked.argument)
        case _:
            return Past()


# --- commands ----------------------------------------------------------------------------------------------


def _commands() -> str:
    import click

    from atocore.cli import COMMANDS, atocore

    context = click.Context(atocore, info_name="atocore", terminal_width=100, **atocore.context_settings)
    parts = [_help(atocore.get_command(context, name), name, context) for name in COMMANDS]
    return "\n".join(parts)


def _help(command: object, name: str, above: object) -> str:
    import click

    assert isinstance(command, click.Command) and isinstance(above, click.Context)
    context = click.Context(command, info_name=name, parent=above, max_content_width=100, terminal_width=100)
    text = "\n".join(line.rstrip() for line in command.get_help(context).splitlines())
    parts = [f"### {context.command_path}\n\n```text\n{text}\n```\n"]
    if isinstance(command, click.Group):
        parts += [_help(sub, sub_name, context) for sub_name, sub in command.commands.items()]
    return "\n".join(parts)


SECTIONS: Mapping[str, Callable[[], str]] = {
    "kinds": _kinds,
    "types": _types,
    "keys": _keys,
    "entity-types": _entity_types,
    "relations": _relations,
    "pairings": _pairings,
    "graduations": _graduations,
    "steps": _steps,
    "matrix": _matrix,
    "slots": _slots,
    "problems": _problems,
    "errors": _errors,
    "reasons": _reasons,
    "metrics": _metrics,
    "handoff-file": lambda: _handoff(HEAD),
    "handoff-fact": lambda: _handoff(FACT),
    "rules": _rules,
    "rule-examples": _rule_examples,
    "places": _places,
    "settings": _settings,
    "state": _vault_state,
    "components": _vault_components,
    "requirements": lambda: _vault_claims("requirement"),
    "constraints": lambda: _vault_claims("constraint"),
    "assumptions": lambda: _vault_claims("assumption"),
    "decisions": _vault_decisions,
    "waiting": _vault_waiting,
    "health": _vault_health,
    "decision-pages": _decision_pages,
    "query-list": _query_list,
    "queries": _queries,
    "spreading": _spreading,
    "commands": _commands,
}


# --- pages -------------------------------------------------------------------------------------------------


def generated(text: str) -> str:
    """A page's text with every generated part as it is to be. Raises ValueError for a mark that fits none."""
    used = set()

    def renew(match: re.Match[str]) -> str:
        used.add(match["name"])
        if match["name"] not in SECTIONS:
            raise ValueError(f"no generated part is called {match['name']}")
        return f"{match[1]}\n{SECTIONS[match['name']]()}\n{match[4]}"

    renewed = _SECTION.sub(renew, text)
    if lonely := set(_MARK.findall(text)) - used:
        raise ValueError(f"a begin or end is missing: {', '.join(sorted(lonely))}")
    return renewed


def stale_pages(*, write: bool) -> list[Path]:
    """The pages whose generated parts are not what the code says; with `write` they are now."""
    stale = []
    for page, new in _wanted():
        if page.read_bytes() != new:
            stale.append(page)
            if write:
                page.write_bytes(new)
    return stale


def _wanted() -> Iterator[tuple[Path, bytes]]:
    """Every page, and every file that `atocore init` writes, as it is to be."""
    from atocore.app.founding import founding_files

    for name, raw in founding_files().items():
        yield VAULT / name, raw
    for page in sorted(DOCS.rglob("*.md")):
        yield page, generated(page.read_bytes().decode("utf-8")).encode()


def main(arguments: Sequence[str]) -> int:
    """Write, or with --check tell, which pages are stale."""
    check = "--check" in arguments
    for page in (stale := stale_pages(write=not check)):
        print(f"{'stale' if check else 'wrote'} {page.relative_to(TOP)}")
    if check and stale:
        print("run: python docs/generate.py", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
