"""init, check, status, log, undo and index on the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from atocore.cli.asked import asked
from atocore.cli.door import call, common, examples, verb, writing
from atocore.cli.output import emit, note, plural, say, table
from atocore.cli.printing import print_history, print_problems, print_written
from atocore.cli.staging import print_git_hook

if TYPE_CHECKING:
    from atocore.app import Vault
    from atocore.app.hook_runs import HookRuns
    from atocore.app.mirror_problems import MirrorStands
    from atocore.app.standing import Lag
    from atocore.app.waiting import Waiting
    from atocore.knowledge.review.tracks import Track

_TRACKS = 10
_SHOWN = 20
"""So many files are named under a row of `status`."""


@click.command()
@click.argument("folder", metavar="DIR")
@click.option("--example", is_flag=True, help="Fill it with AtoCore's own decisions and requirements.")
@click.option("--no-git-hook", is_flag=True, help="Leave the repository without a pre-commit hook.")
@click.option("--dry-run", is_flag=True, help="Tell which files would be written.")
@common
@examples("atocore init ~/team-memory", "atocore init docs/memory     # inside a repository that exists")
def init(folder: str, example: bool, no_git_hook: bool, dry_run: bool) -> None:
    """Make a vault in DIR: settings, a README for reviewers, and a first commit.

    Where no git repository is around DIR, one is made. Files that are there stay as they are. Where the
    repository has no pre-commit hook, one is put in place that tells of problems and new conflicts; it stops
    a commit only for a secret or conflict markers. `atocore hook uninstall --git` takes it away.
    """
    from atocore.app.founding import init as found

    answer = found(folder, example=example, git_hook=not no_git_hook, dry_run=dry_run)
    if call().json:
        emit(answer)
        return
    for name in answer.files:
        say(f"{'would write' if dry_run else 'wrote'} {name}")
    for name in answer.kept:
        note(f"kept {name}, which was there")
    if answer.commit:
        say(f"committed {answer.commit[:10]} in {answer.vault}")
        if answer.git_hook is not None:
            print_git_hook(answer.git_hook)
        note(f"next: atocore --vault {folder} ingest DOCS --project NAME")


@click.command()
@click.option("--staged", is_flag=True, help="Judge what is staged for the next commit instead.")
@common
@examples(
    "atocore check",
    "atocore check --json | jq '.problems[] | select(.severity == \"error\")'",
    "atocore check --staged    # what the pre-commit hook runs",
)
@verb
def check(vault: Vault, staged: bool) -> None:
    """List everything that is wrong in the vault, with how to mend it. Exit code 1 for an error.

    The last line tells what the whole history proves of trusted state: whether a machine ever touched it.

    With --staged: what is wrong with the staged files, and which conflicts committing them would make.
    Exit code 10 where they hold a secret or conflict markers, which no commit should.
    """
    if staged:
        from atocore.cli.staging import check_staged

        check_staged(vault)
    answer = vault.check()
    if call().json:
        emit(answer)
    else:
        print_problems(answer.problems)
        say(answer.trusted_state.told)
        for touch in answer.trusted_state.by_machine:
            say(f"  {touch.commit[:10]}  {touch.step} of {touch.record} by {touch.machine}", color="yellow")
        note(plural(len(answer.problems), "problem") if answer.problems else "nothing is wrong")
    click.get_current_context().exit(1 if answer.has_errors else 0)


@click.command()
@common
@examples("atocore status", "atocore status --json | jq .covered")
@verb
def status(vault: Vault) -> None:
    """Tell where the vault and its index stand: commit, coverage, drafts, candidates, conflicts, problems.

    `lag` is how far the index was behind when it was asked; it is then brought in step but for embeddings,
    which the next search makes, `atocore index sync`, or the daemon.
    """
    answer, daemon = vault.status(), asked("ping")
    if call().json:
        from dataclasses import fields

        emit({**{field.name: getattr(answer, field.name) for field in fields(answer)}, "daemon": daemon})
        return
    say(f"vault      {answer.vault}")
    under_way = f", {answer.in_progress} in progress" if answer.in_progress else ""
    say(f"branch     {answer.branch or 'detached HEAD'}{under_way}")
    say(f"commit     {answer.commit[:10] or 'none yet'} (indexed {answer.indexed_commit[:10] or 'none'})")
    say(f"covered    {answer.covered.files} of {plural(answer.covered.of, 'file')}")
    _say_some([f"{missing.path}: {missing.reason}" for missing in answer.covered.missing])
    say(f"lag        {_lag(answer.lag)}")
    _say_some([f"{failed.path}: {failed.reason}" for failed in answer.not_embedded])
    say(f"model      {answer.model or 'no vectors yet'}")
    say(f"drafts     {len(answer.drafts)}")
    _say_some(answer.drafts)
    say(f"candidates {answer.candidates} of {answer.max_open}{_oldest(answer.longest_waiting)}")
    if answer.put_off:
        say(f"           {answer.put_off} of them put off")
    would = answer.draft_conflicts_count
    more = f"; drafts would make {would} (atocore conflicts list --drafts)" if would else ""
    say(f"conflicts  {answer.open_conflicts_count} open{more}")
    say("problems   " + ", ".join(f"{number} {name}s" for name, number in answer.problems.items()))
    say(f"mirror     {_mirror(answer.mirror)}")
    _say_some([f"{path}: not as AtoCore derived it" for path in answer.mirror.edited])
    say(f"actor      {answer.actor}")
    for one in answer.extractors:
        told = f": {one.error}" if one.error else ""
        say(f"extractor  {one.name}, {one.failed} of {plural(one.asked, 'passage')} failed{told}")
    say(f"hook       {_hook(answer.hook)}", color="red" if answer.hook.broken else None)
    say(f"daemon     {_running(daemon)}")
    for offer in answer.offers:
        say(f"lacking    {offer.name}: {offer.told} ({offer.command})")
    if answer.offers:
        note("this clone lacks what no clone brings along; `atocore hook decline` to hear no more of it")
    for told in answer.notes:
        note(told)
    table(("RECORDS", "NUMBER"), [(name, str(number)) for name, number in answer.records.items()])
    _say_tracks(answer.tracks)


def _mirror(stands: MirrorStands) -> str:
    if stands.kept == "off":
        return "off"
    where = "branch" if stands.kept == "branch" else "folder"
    built = (
        f"built from {stands.commit[:10]}" if stands.commit else "not built here yet: atocore mirror build"
    )
    return f"{where}, {built}"


def _say_some(lines: Sequence[str]) -> None:
    """The first lines under a row, and how many more there are."""
    for line in lines[:_SHOWN]:
        say(f"           {line}")
    if len(lines) > _SHOWN:
        say(f"           and {len(lines) - _SHOWN} more (--json lists all)")


def _say_tracks(tracks: Sequence[Track]) -> None:
    """What people kept of what was proposed, for those who proposed most."""
    most = sorted(tracks, key=lambda track: -track.proposed)[:_TRACKS]
    if most:
        say()
    table(
        ("PROPOSED BY", "KEPT", "OF", "REJECTED", "WAIT"),
        [
            (f"{t.family} {t.name}", str(t.kept), str(t.proposed), str(t.rejected), str(t.waiting))
            for t in most
        ],
    )
    if len(tracks) > _TRACKS:
        say(f"and {len(tracks) - _TRACKS} more (--json lists all)")


def _oldest(waiting: Waiting | None) -> str:
    if waiting is None:
        return ""
    return f", the oldest since {waiting.since[:10]} ({plural(waiting.days, 'day')}; {waiting.id})"


def _running(daemon: dict[str, Any] | None) -> str:
    if daemon is None:
        return "none"
    troubles = [*daemon["errors"].values(), daemon["watch_trouble"]]
    return "; ".join(filter(None, [f"process {daemon['pid']}, since {daemon['started']}", *troubles]))


def _hook(runs: HookRuns) -> str:
    if not runs.last_run:
        return "never ran (atocore hook status)"
    told = [f"last run {runs.last_run}: {runs.last_outcome}", plural(runs.captures, "capture")]
    failed = f"{runs.failed} failed, last at {runs.last_error_at}: {runs.last_error} (atocore hook status)"
    return ", ".join(told + [failed] * bool(runs.last_error))


def _lag(lag: Lag) -> str:
    commits = "unknown commits" if lag.commits < 0 else plural(lag.commits, "commit")
    told = [commits] * (lag.commits != 0)
    told += [plural(lag.text, "file")] * bool(lag.text)
    told += [f"{plural(lag.vectors, 'file')} without embedding (found by words)"] * bool(lag.vectors)
    return ", ".join(told) or "none"


@click.command()
@click.argument("name", metavar="[ID]", default="")
@click.option("--limit", "-n", type=click.IntRange(min=0), default=0, help="At most so many; 0 means all.")
@common
@examples("atocore log -n 10", "atocore log mem-7k2m9qxw4d3f --json")
@verb
def log(vault: Vault, name: str, limit: int) -> None:
    """Show the audit trail (of one record) from git alone: AtoCore's steps, and those made by hand."""
    answer = vault.log(name, limit=limit)
    if call().json:
        emit(answer)
    else:
        print_history(answer.entries)
        note(plural(len(answer.entries), "step"))


@click.command()
@click.argument("commit")
@writing
@common
@examples("atocore undo HEAD", 'atocore undo 1a2b3c4 -m "promoted the wrong one"')
@verb
def undo(vault: Vault, commit: str, reason: str, dry_run: bool) -> None:
    """Make the inverse of a commit, as a commit. Says why where it no longer applies."""
    print_written(vault.undo(commit, reason=reason, dry_run=dry_run))


@click.group()
@common
def index() -> None:
    """The search index: a cache of the vault that brings itself up to date."""


@index.command("sync")
@common
@examples("atocore index sync")
@verb
def index_sync(vault: Vault) -> None:
    """Bring both indexes fully up to date, embeddings included, however long that takes."""
    _indexed(vault, rebuild=False)


@index.command("rebuild")
@common
@examples("atocore index rebuild")
@verb
def index_rebuild(vault: Vault) -> None:
    """Build the index anew from the vault, aside; computed embeddings are kept.

    Searches go on with the former index until the new one takes its place.
    """
    _indexed(vault, rebuild=True)


def _indexed(vault: Vault, *, rebuild: bool) -> None:
    answer = vault.index_rebuild() if rebuild else vault.index_sync()
    if call().json:
        emit(answer)
        return
    say(f"{plural(answer.files, 'file')}, {plural(answer.passages, 'passage')}, {answer.vectors} vectors")
    for told in answer.notes:
        note(told)


@index.command("verify")
@common
@examples("atocore index verify")
@verb
def index_verify(vault: Vault) -> None:
    """Compare the index with one that is made anew: each file, field, passage and vector.

    Exit code 1 where they differ; `atocore index rebuild` mends that.
    """
    answer = vault.index_verify()
    if call().json:
        emit(answer)
    else:
        for difference in answer.differences:
            say(difference)
        compared = f"{plural(answer.files, 'file')} and {plural(answer.passages, 'passage')} compared"
        found = plural(len(answer.differences), "difference")
        note(f"{compared}: {found if answer.differences else 'the index is as one made anew'}")
        for told in answer.notes:
            note(told)
    click.get_current_context().exit(1 if answer.differences else 0)
