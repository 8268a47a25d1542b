"""The vault's settings (`atocore.yaml`): one table of names, defaults and meanings. Reads text, no file."""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from atocore.config_format import FORMAT, OLDEST, format_of, refuse_format
from atocore.config_plain import read_plain
from atocore.errors import AtocoreError


class Row(NamedTuple):
    """One setting: dotted name, default (whose type is the setting's), what it does, and its choices."""

    name: str
    default: bool | int | float | str | tuple[str, ...]
    meaning: str
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Row, ...] = (
    Row("format", FORMAT, "the vault's format; AtoCore changes it only in a migration commit"),
    Row("machine_branch", "", "the branch on which machines commit; where empty, the default one"),
    Row(
        "mirror",
        "folder",
        "where the Human Mirror's pages are kept: in the `folder` mirror/, on the `branch` atocore-mirror of "
        "their own, or nowhere (`off`)",
        ("folder", "branch", "off"),
    ),
    Row(
        "mirror_url",
        "",
        "what comes before a record's path in the links of pages on their own branch, like "
        "`https://git.example.org/team/vault/blob/main/`; where empty, the path is told as text",
    ),
    Row("autocommit", False, "whether the daemon commits people's saved files too, as theirs, after a pause"),
    Row(
        "capture.mode",
        "conservative",
        "what follows a capture: nothing; `extract`: its candidates, by the daemon or by `atocore capture`; "
        "`reinforce`: also the uses of what is known",
        ("conservative", "extract", "reinforce"),
    ),
    Row("capture.commit", False, "whether captures (raw prompts: private) are committed to git"),
    Row("capture.response", True, "whether the assistant's answer is kept beside the prompt"),
    Row("capture.max_chars", 64_000, "a longer prompt or answer is cut there, with a note"),
    Row(
        "ingest.include",
        ("*.md", "*.markdown", "*.txt", "*.rst", "*.html", "*.htm", "*.docx", "*.odt", "*.pdf"),
        "which files of a folder are ingested: patterns as in `.gitignore`",
    ),
    Row(
        "ingest.exclude",
        (".*", "node_modules", "__pycache__"),
        "what is never ingested, folders included: patterns as in `.gitignore`",
    ),
    Row("ingest.gitignore", True, "whether what git ignores is left out"),
    Row("ingest.document_bytes", 64 * 1024 * 1024, "a larger document is not converted"),
    Row("extraction.max_per_pass", 50, "at most so many candidates a pass; the rest is deferred, never lost"),
    Row("extraction.max_open", 200, "at most so many candidates waiting for review"),
    Row(
        "extraction.extractors",
        (),
        "extractors beside the rules, by name; none is asked that the machine's own file does not permit",
    ),
    Row(
        "reinforcement.words",
        0.7,
        "an answer uses a memory whose words it has to this part in one or two sentences, from 0 to 1",
    ),
    Row("reinforcement.meaning", 0.8, "or to which one of its sentences is so close (cosine, up to 1)"),
    Row("context.budget_tokens", 2000, "the size of a context pack where the caller names none"),
    Row("context.entities_share", 0.15, "the part of the budget that engineering entities may take"),
    Row(
        "machines.authors",
        (
            "*[bot]*",
            "claude <*",  # the bare name: people are called Claude, Devin and Haider too
            "*claude code*",
            "*claude-*",
            "*@anthropic.com*",
            "*codex*",
            "*@openai.com*",
            "*copilot*",
            "*cursor*",
            "*gemini*",
            "aider <*",
            "*(aider)*",
            "*@aider.chat*",
            "devin ai*",
            "*devin-ai*",
            "atocore <*",
        ),
        "a commit whose author, committer or co-author fits (any case) is a machine's, and decides nothing",
    ),
    Row(
        "machines.shell_variables",
        ("CLAUDECODE", "CODEX_SANDBOX", "CURSOR_AGENT", "GEMINI_CLI", "OPENCODE"),
        "a shell in which one of these is set is driven by an assistant",
    ),
    Row("machines.allow", (), "verbs of a person that machines may use all the same, by name"),
    Row(
        "secrets.false_alarms",
        (),
        "fingerprints, as `atocore audit` tells them, of texts that look like secrets and are none",
    ),
    Row("limits.file_bytes", 8 * 1024 * 1024, "a larger file is a problem, not a record"),
    Row("limits.lock_seconds", 10.0, "how long a step waits for git's or the vault's lock"),
    Row("daemon.compare_seconds", 300.0, "how often the daemon compares everything, whatever events told"),
    Row(
        "daemon.commit_seconds", 5.0, "the pause after a change before the daemon commits what machines made"
    ),
    Row("daemon.mirror_seconds", 60.0, "the pause between two commits of the mirror by the daemon"),
    Row("daemon.model_idle_seconds", 300.0, "when the daemon lets an embedding model go that nobody used"),
    Row("daemon.autocommit_seconds", 30.0, "the pause after a save before `autocommit` takes it"),
    Row(
        "backup.folder",
        "",
        "the folder that backups are kept in; `~` is the home, and where empty it is `atocore/backups` among "
        "the user's own data (the variable ATOCORE_BACKUP_FOLDER goes before)",
    ),
    Row(
        "backup.off_site",
        (),
        "where each scheduled backup is sent, too: folders, such as one that a sync tool serves, or git "
        "remotes (`remote:NAME`, or a URL); captures, drafts, stashes and machine settings are never sent "
        "there",
    ),
    Row("backup.embeddings", True, "whether a backup holds the computed embeddings"),
    Row("backup.local", True, "whether a backup holds captures, drafts and this machine's settings"),
    Row("backup.keep_last", 3, "pruning keeps so many of the newest backups, and …"),
    Row("backup.keep_daily", 7, "… the last one of each of so many days that have one, …"),
    Row("backup.keep_weekly", 5, "… of so many weeks, …"),
    Row("backup.keep_monthly", 12, "… of so many months, …"),
    Row("backup.keep_yearly", 5, "… and of so many years"),
    Row(
        "schedule.backup",
        "15 3 * * *",
        "when the daemon backs up: minute, hour, day of the month, month and day of the week, as cron has "
        "it, in the machine's own time; `off` for never",
    ),
    Row("schedule.prune", "30 3 * * *", "when it prunes backups"),
    Row("schedule.drill", "0 5 * * sun", "when it rehearses a restore in a scratch folder"),
    Row("schedule.sweep", "0 4 * * *", "when it sweeps for conflicts, which it also does at its start"),
    Row(
        "health.grace_seconds",
        3600.0,
        "`health` is degraded when a job of `schedule` is due for so long and has not succeeded",
    ),
    Row("health.lag_seconds", 600.0, "… when a daemon runs and the index is behind the commit for so long"),
    Row(
        "health.free_bytes",
        1024 * 1024 * 1024,
        "… when the disk of the vault or of its backups has less free space, …",
    ),
    Row("health.free_percent", 2.0, "… or less of it, in percent"),
    Row("health.candidates_days", 0, "… when a candidate waits for longer; 0 for never"),
    Row("search.wait_seconds", 10.0, "how long a search waits for missing embeddings before it says so"),
    Row(
        "search.language",
        "english",
        "the language whose words are found in every form; what is written in others is found as typed",
        (
            "english",
            "none",
            *("arabic", "danish", "dutch", "finnish", "french", "german", "greek", "hungarian", "italian"),
            *("norwegian", "portuguese", "romanian", "russian", "spanish", "swedish", "tamil", "turkish"),
        ),
    ),
)
_BY_NAME = {row.name: row for row in SETTINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force: what the file says, else the defaults."""

    values: Mapping[str, bool | int | float | str | tuple[str, ...]]

    def flag(self, name: str) -> bool:
        """A yes-or-no setting."""
        return bool(self.values[name])

    def number(self, name: str) -> float:
        """A setting that is a number."""
        value = self.values[name]
        assert isinstance(value, int | float)
        return value

    def whole(self, name: str) -> int:
        """A setting that is a whole number."""
        return int(self.number(name))

    def text(self, name: str) -> str:
        """A setting that is a text."""
        return str(self.values[name])

    def texts(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of texts."""
        value = self.values[name]
        assert isinstance(value, tuple)
        return value

    def names_machine(self, *people: str) -> str:
        """The first of `people` (`Name <email>`) that is an assistant's or a bot's; "" if none is."""
        patterns = [pattern.casefold() for pattern in self.texts("machines.authors")]
        for person in people:
            # fnmatch reads [ as a class; `[bot]` is meant to the letter
            if any(fnmatch.fnmatchcase(person.casefold(), p.replace("[", "[[]")) for p in patterns):
                return person
        return ""


DEFAULTS = Settings(MappingProxyType({row.name: row.default for row in SETTINGS}))


def read_settings(text: str, *, any_format: bool = False) -> Settings:
    """The settings of an `atocore.yaml`. Unknown keys are kept in the file and ignored (a newer version's).

    Raises `AtocoreError`: bad-settings, with the setting's name or the line; newer-format or older-format.
    With `any_format` neither of these, and what such a file says in a form unknown here has its default.
    """
    document = read_document(text)
    number = format_of(document)
    if not any_format:
        refuse_format(number)
    foreign = not OLDEST <= number <= FORMAT
    values = {row.name: row.default for row in SETTINGS}
    for name, value in _flat(document, foreign):
        if name in _BY_NAME:
            try:
                values[name] = _checked(_BY_NAME[name], value)
            except AtocoreError:
                if not foreign:
                    raise
    return Settings(MappingProxyType(values))


def read_document(text: str) -> Mapping[object, object]:
    """What an `atocore.yaml` says, whoever understands it. Raises `bad-settings` where it is no mapping."""
    document: object = read_plain(text)
    if document is None:
        document = _parsed(text)
    if document is None:
        document = {}
    if not isinstance(document, dict):
        raise AtocoreError(
            "bad-settings", "atocore.yaml: not a list of settings", "write `name: value` lines"
        )
    return document


def _parsed(text: str) -> object:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        where = getattr(getattr(error, "problem_mark", None), "line", None)
        line = f" line {where + 1}" if where is not None else ""
        raise AtocoreError("bad-settings", f"atocore.yaml{line}: not valid YAML", "mend the file") from error


def _flat(document: Mapping[object, object], foreign: bool) -> Iterator[tuple[str, object]]:
    """Dotted names and values. Groups are one level deep; what lies deeper belongs to a newer version."""
    groups = {row.name.rpartition(".")[0] for row in SETTINGS}
    for key, value in document.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{leaf}", inner) for leaf, inner in value.items())
        elif value is not None and key in groups:
            if foreign:
                continue
            raise AtocoreError(
                "bad-settings", f"atocore.yaml: {key} is a group of settings, not {value!r}", "mend it"
            )
        else:
            yield str(key), value


def _checked(row: Row, value: object) -> bool | int | float | str | tuple[str, ...]:
    default = row.default
    match default:
        case bool():
            fine = isinstance(value, bool)
        case int():
            fine = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        case float():
            fine = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < math.inf
        case str():
            if value is False and ("off" in row.choices or row.name.startswith("schedule.")):
                value = "off"  # YAML takes the word for a truth value
            fine = isinstance(value, str) and (not row.choices or value in row.choices)
        case _:
            fine = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
            value = tuple(value) if isinstance(value, list) else value
    if not fine:
        wanted = f"one of {', '.join(row.choices)}" if row.choices else f"like {default!r}"
        raise AtocoreError(
            "bad-settings", f"atocore.yaml: {row.name} is to be {wanted}, not {value!r}", "mend it"
        )
    return value  # type: ignore[return-value]
