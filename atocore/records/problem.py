"""Problems: what is wrong with one file, as a value. A bad file never raises and never affects another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """ERROR: the file is left out of knowledge. WARNING: it counts, and somebody should look."""

    ERROR = "error"
    WARNING = "warning"


class ProblemKind(NamedTuple):
    """One row of the problem table: how bad it is, what it means, and how to mend it."""

    severity: Severity
    meaning: str
    hint: str


_E, _W = Severity.ERROR, Severity.WARNING
_MISTYPED = "use one of: atocore schema; one that a newer AtoCore wrote is kept as it is: upgrade"

PROBLEMS: Mapping[str, ProblemKind] = {
    "not-utf8": ProblemKind(_E, "the file is not UTF-8 text", "save the file as UTF-8"),
    "nul-byte": ProblemKind(_E, "the file holds NUL bytes", "remove the NUL bytes; the file may be damaged"),
    "control-character": ProblemKind(
        _E, "the frontmatter holds a control character", "remove the control character"
    ),
    "too-large": ProblemKind(
        _E,
        "the file is larger than `limits.file_bytes`",
        "split the file, or raise limits.file_bytes in atocore.yaml",
    ),
    "conflict-markers": ProblemKind(
        _E, "git conflict markers are left in the file", "finish the merge by hand, then commit"
    ),
    "no-frontmatter": ProblemKind(
        _E,
        "a Markdown file in a record folder has no frontmatter",
        "add frontmatter between two --- lines, run atocore adopt PATH, or move the file elsewhere",
    ),
    "unclosed-frontmatter": ProblemKind(
        _E, "the frontmatter has no closing --- line", "add a line --- where the frontmatter ends"
    ),
    "broken-yaml": ProblemKind(
        _E,
        "the frontmatter is not valid YAML",
        "mend the line; quote values that hold : # @ or `, or begin with > | * & or %",
    ),
    "not-a-mapping": ProblemKind(
        _E, "the frontmatter is not a list of keys and values", "write one `key: value` a line"
    ),
    "duplicate-key": ProblemKind(_E, "a key stands twice in one mapping", "keep one of the two lines"),
    "too-deep": ProblemKind(
        _E, "the frontmatter is nested too deeply, or too large", "flatten it; records are one level deep"
    ),
    "too-many-aliases": ProblemKind(
        _E, "the frontmatter uses too many YAML aliases", "write the values out instead"
    ),
    "yaml-tag": ProblemKind(_E, "the frontmatter names a YAML tag", "remove the !tag"),
    "unknown-kind": ProblemKind(_E, "`kind` is not one that AtoCore knows", _MISTYPED),
    "newer-format": ProblemKind(
        _W,
        "the vault's format is newer than this AtoCore: it may misread what it tells, and writes nothing",
        "upgrade AtoCore, or undo the migration's commit with atocore undo",
    ),
    "bad-schedule": ProblemKind(
        _W,
        "a `schedule` setting of `atocore.yaml` is no time as cron has it; its job never runs",
        'write five fields, such as "15 3 * * *", or `off`',
    ),
    "unknown-setting": ProblemKind(
        _W,
        "`atocore.yaml` holds a name that is no setting of this AtoCore; it is kept, and has no effect",
        "correct the name (docs/settings.md); one that a newer AtoCore knows may stay",
    ),
    "unknown-type": ProblemKind(_E, "`type` is not one of its kind's types", _MISTYPED),
    "unknown-status": ProblemKind(_E, "`status` is not one of its kind's statuses", _MISTYPED),
    "missing-key": ProblemKind(_E, "a required key is missing", "add the key"),
    "missing-id": ProblemKind(_E, "the record has no `id`", "run atocore adopt PATH, which gives it one"),
    "bad-id": ProblemKind(
        _E,
        "`id` is not its kind's prefix and 12 or more Crockford base-32 characters",
        "run atocore adopt PATH, which gives it an id",
    ),
    "bad-value": ProblemKind(
        _W, "a key's value has the wrong form, and is read as absent", "write it as the format page says"
    ),
    "duplicate-id": ProblemKind(
        _E, "another file has the same id; the first committed keeps it", "give the copy an id of its own"
    ),
    "wrong-folder": ProblemKind(
        _W, "the record lies in the folder of another kind", "move the file to its kind's folder"
    ),
    "dangling-reference": ProblemKind(
        _W,
        "the record refers to an id that no file has",
        "correct the id or the name, or remove the reference",
    ),
    "ill-typed-reference": ProblemKind(
        _W,
        "the record refers to a record of a kind that cannot stand there",
        "refer to a record of the right kind",
    ),
    "ambiguous-link": ProblemKind(
        _W, "a relation's link names several records", "name the one by its id, or by its path"
    ),
    "ill-typed-relation": ProblemKind(
        _W,
        "a relation that the table of relations does not have between these two types",
        "turn it round, or choose another relation or target: the table is in docs/entities.md",
    ),
    "duplicate-relation": ProblemKind(_W, "a relation stands twice in one record", "keep one of the two"),
    "relation-cycle": ProblemKind(
        _W,
        "relations lead back to where they began, of a kind that knows no circles",
        "take away or turn round the one that is wrong: atocore unlink",
    ),
    "stale-relation": ProblemKind(
        _W,
        "a relation leads to a record that was superseded, retired or rejected",
        "link to its successor, or take the relation away: atocore unlink",
    ),
    "supersession-cycle": ProblemKind(
        _E, "records supersede one another in a circle", "decide which one is active, and correct the others"
    ),
    "ambiguous-alias": ProblemKind(
        _W,
        "an alias is also a name of something else in its project, so it stands for neither in slots",
        "take the alias away from one of the two, or name the thing in full",
    ),
    "two-successors": ProblemKind(
        _W,
        "two records claim to supersede the same record",
        "keep one `supersedes`, or resolve their conflict",
    ),
    "impossible-step": ProblemKind(
        _W,
        "a commit changed the status in a way the lifecycle does not have",
        "take a valid step, or revert the commit",
    ),
    "machine-step": ProblemKind(
        _E,
        "a machine's commit took a person's step; a status that it set counts as a candidate",
        "look at it, then atocore confirm ID, or revert the commit",
    ),
    "half-step": ProblemKind(
        _W,
        "a step made by hand needs more than one file, and the rest is not written yet",
        "nothing: the next step of a person's writes the rest",
    ),
    "frozen-pointer": ProblemKind(
        _W,
        "a pointer, which a memory stays as once its fact lives on as an entity, was changed or deleted",
        "bring it back as it was, and edit the entity instead; or take the step back: atocore ungraduate ID",
    ),
    "dead-pointer": ProblemKind(
        _W,
        "a graduated memory's fact lives nowhere",
        "name its entity in `graduated_to`, or set its status to active",
    ),
    "symlink-outside": ProblemKind(
        _E, "a symbolic link leads out of the vault", "replace the link by a file"
    ),
    "dangling-symlink": ProblemKind(
        _E, "a symbolic link leads nowhere, or to itself", "remove or mend the link"
    ),
    "special-file": ProblemKind(_E, "a FIFO, socket or device stands in the vault", "remove it"),
    "nested-repository": ProblemKind(
        _W,
        "another git repository lies inside the vault; its files are not in the vault",
        "move it out, or ignore its folder",
    ),
    "name-clash": ProblemKind(
        _W,
        "two paths differ only by case or Unicode form, and would be one file elsewhere",
        "rename one of them",
    ),
    "unportable-name": ProblemKind(
        _W, "the file name is not legal on every system", "rename the file; ids keep the links right"
    ),
    "mirror-edited": ProblemKind(
        _W,
        "a file below `mirror/` is not as AtoCore derived it: an edit there changes no record",
        "correct the record; then git restore PATH, or, committed, atocore mirror build --overwrite; "
        "a file of your own belongs elsewhere",
    ),
    "purged-again": ProblemKind(
        _E,
        "git holds again what was purged from history: something came from an old clone",
        "purge it again: atocore purge --again; then see that nobody works in an old clone (docs/secrets.md)",
    ),
    "purged-list": ProblemKind(
        _W,
        "a line of the list of what was purged (`purged.txt`) is no entry, and guards nothing",
        "write an id, the id of what stands for it (or -), and a day, as git log -p purged.txt shows",
    ),
    "unreadable": ProblemKind(_E, "the file or folder cannot be read", "give yourself the right to read it"),
}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file. `line` is 1-based, 0 where no line is to blame."""

    path: str
    line: int
    code: str
    message: str

    @property
    def severity(self) -> Severity:
        """How bad it is, from the table."""
        return PROBLEMS[self.code].severity

    @property
    def hint(self) -> str:
        """How to mend it, from the table."""
        return PROBLEMS[self.code].hint


_READABLE = ("machine-step", "supersession-cycle", "purged-again")


def is_left_out(problem: Problem) -> bool:
    """Whether the file itself cannot be understood, so that it is left out of knowledge: of errors, those
    about history (of steps, of what was purged) and supersession leave the file readable."""
    return problem.severity is Severity.ERROR and problem.code not in _READABLE
