"""The rows of the table of queries that tell of the past, and of what is not settled yet."""

from __future__ import annotations

from atocore.views.queries.asked import Argument, Column, Query, Takes
from atocore.views.queries.changes import changed_since
from atocore.views.queries.decision_log import decision_log
from atocore.views.queries.evidence import evidence
from atocore.views.queries.open_questions import open_questions
from atocore.views.queries.past import Needs
from atocore.views.queries.staleness import STALE_DAYS, stale

NAMES = "an id, a title, an alias, a file's name or path, or the beginning of one"
_FACT = Argument("ID", Takes.ANY_RECORD, True, f"a record of any status: {NAMES}")
_SINCE = Argument("SINCE", Takes.TEXT, False, "a date, a time, how long ago (36h, 7d, 2 weeks), or a commit")
_DAYS = Argument("DAYS", Takes.TEXT, False, f"so many days; {STALE_DAYS} where none are given")

PAST_QUERIES = (
    Query(
        "evidence",
        "Where does this fact come from, and who decided on it?",
        evidence,
        "nothing is known of it",
        'evidence "usearch does not save atomically"',
        _FACT,
        (
            Column("HOW", "how"),
            Column("WHEN", "day"),
            Column("COMMIT", "at"),
            Column("WHO", "who"),
            Column("WHAT", "what"),
        ),
        needs=Needs.TRAIL,
        rules="The fact's own steps, then what it leads back to, one level deeper each (`›`): the memory that"
        " graduated, what was merged in or superseded, the passage with its quote, the prompt, the "
        "tool's file or the page that it cites; and the results and documents that it is "
        "`evidenced_by`, and what `validates` it. Each has its own steps with commit, person and "
        "reason. A capture that this clone lacks is `not here`. Takes a record of any status. Git tells"
        " the newest 50 steps of the first 12 records; of others, and where git knows none, the "
        "record's own ruling is told.",
    ),
    Query(
        "changed-since",
        "What became of our knowledge since then?",
        changed_since,
        "nothing changed",
        "changed-since 2026-11-29 --limit 5",
        _SINCE,
        (
            Column("WHEN", "day"),
            Column("STEP", "step"),
            Column("RECORD", "title"),
            Column("CHANGE", "change"),
            Column("WHO", "who"),
        ),
        needs=Needs.CHANGES,
        rules="What was promoted, superseded, retired, edited or deleted, with what it claimed before and "
        "after, and conflicts that opened or closed: the net effect between two commits, whatever lay "
        "between. Candidates are no knowledge; a note counts them. Without SINCE: 7 days, back from the "
        "newest commit, not from the clock. `--since` says the same as an option. At most 10,000 changed "
        "files are compared, and 2,000 commits asked for who and why; a note says where there are more.",
    ),
    Query(
        "stale",
        "What has nobody looked at for long?",
        stale,
        "no knowledge is active",
        "stale 3 --limit 5",
        _DAYS,
        (
            Column("RECORD", "title"),
            Column("LAST STEP", "step"),
            Column("ON", "day"),
            Column("WHY", "why"),
        ),
        needs=Needs.PASSAGES,
        rules="Active knowledge that was not promoted, set, confirmed or otherwise decided on for so many "
        "days; that is past its `stale_after`; or whose passage changed in its source or is gone from "
        "it (these come first). Days count up to the newest committed time. What tells neither a ruling nor "
        "`created` was looked at when a person last committed it. "
        "`confirm` says that a record is still true, and takes it from the list. `--days` says the same"
        " as an option.",
    ),
    Query(
        "decision-log",
        "What was decided, in which order, by whom, why, and instead of what?",
        decision_log,
        "no decision is recorded; atocore new entity --type decision writes one",
        "decision-log --limit 6",
        columns=(
            Column("ON", "day"),
            Column("QUESTION", "question"),
            Column("CHOICE", "chosen"),
            Column("WHY", "why"),
            Column("WHO", "who"),
        ),
        needs=Needs.DATES,
        rules="Entities and trusted state of type decision, the oldest first. What was superseded or retired "
        "stays in the log, and says so. Of one that tells neither a ruling nor `created`, the commit that "
        "brought it tells when, who and why.",
    ),
    Query(
        "open-questions",
        "What is not settled yet?",
        open_questions,
        "nothing is open",
        "open-questions",
        columns=(Column("OPEN", "open"), Column("QUESTION", "question"), Column("WHY", "why")),
        rules="A `question` that a candidate answers, or that an answer now out of force did, and no active "
        "decision or trusted state; an open `conflict`; the `value` of a requirement or parameter that "
        "has an attribute and no value, or says TBD (to be decided, defined, confirmed, …); an "
        "`assumption` that nothing `validates`, that names no evidence, and that nobody confirmed.",
    ),
)
