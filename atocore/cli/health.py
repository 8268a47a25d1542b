"""health on the command line: for an operator, and for what watches machines."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from atocore.cli.door import call, common, examples
from atocore.cli.output import plural, say

if TYPE_CHECKING:
    from atocore.app.health.index import Covered, Lag
    from atocore.app.health.jobs import JobStands
    from atocore.app.health.reporting import Health

_ANSWER_SECONDS = 2.0
_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@click.command()
@click.option("--prometheus", is_flag=True, help="Print metrics in Prometheus's text format.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Write the answer to FILE, whole or not at all, instead of printing it.",
)
@common
@examples(
    "atocore health",
    "atocore health --json | jq '.reasons[].code'",
    "atocore health --prometheus --output /var/lib/node_exporter/textfile/atocore.prom",
)
def health(prometheus: bool, output: Path | None) -> None:
    """Tell whether the vault is kept as it should be, and why not. Exit code 1 where it is degraded.

    For a person, with --json for monitors, and with --prometheus for node_exporter's textfile collector.
    Answers whatever is broken, cheaply enough to be asked each minute. Conflicts, candidates and drafts are
    figures: they degrade nothing.
    """
    from atocore.app.health.reporting import health_of

    start = call().vault or os.environ.get("ATOCORE_VAULT") or "."
    answer = health_of(start, _daemon(start))
    if prometheus:
        from atocore.app.health.metrics import metrics

        _put(metrics(answer), output)
    elif output is not None or call().json:
        _put(_json(answer), output)
    else:
        _print(answer)
    click.get_current_context().exit(0 if answer.status == "ok" else 1)


def _daemon(start: str) -> dict[str, Any] | None:
    """What a running daemon tells of itself; {} where it is silent, None where there is none to ask."""
    from atocore.daemon import client

    vault = client.find(start)
    if vault is None:
        return None
    told = client.ask_itself(vault, "ping", seconds=_ANSWER_SECONDS) or {}
    answer = told.get("answer", {})
    return answer if isinstance(answer, dict) else {}


def _json(answer: Health) -> bytes:
    from atocore.app.answers import as_json
    from atocore.cli.output import document

    return document(as_json(answer), indent=2) + b"\n"


def _put(text: bytes, output: Path | None) -> None:
    """Print it, or write the file in one action: who reads it meanwhile sees the former one."""
    if output is None:
        click.echo(text, nl=False)
        return
    from atocore.store.files import expanded, write

    write(expanded(output), text, mark=str(os.getpid()), mode=0o644)


def _print(answer: Health) -> None:
    is_ok = answer.status == "ok"
    say(f"status     {answer.status}", bold=True, color="green" if is_ok else "red")
    for one in answer.reasons:
        say(f"           {one.code}: {one.message}")
        say(f"             -> {one.hint}")
    dirty = ", changed since" if answer.build_dirty else ""
    say(f"version    {answer.version}, build {answer.build_sha} ({answer.build_source}{dirty})")
    say(f"vault      {answer.vault}")
    under_way = f", {answer.in_progress} in progress" if answer.in_progress else ""
    say(f"branch     {answer.branch or 'none is checked out'}{under_way}")
    say(f"commit     {answer.commit[:10] or 'none'} (indexed {answer.indexed_commit[:10] or 'none'})")
    say(f"lag        {_lag(answer.lag)}")
    say(f"covered    {_covered(answer.covered)}")
    say(f"conflicts  {_known(answer.open_conflicts_count)} open")
    oldest = answer.longest_waiting
    waits = f", the oldest for {_span(oldest.age_seconds)} ({oldest.id})" if oldest else ""
    say(f"candidates {_known(answer.candidates)}{waits}")
    counts = answer.problems
    told = ", ".join(plural(number, name) for name, number in counts.items()) if counts else "not known"
    say(f"problems   {told}")
    say(f"drafts     {_known(answer.drafts_count)}")
    for disk in answer.disks:
        free = (
            "not known" if disk.free_bytes is None else f"{_bytes(disk.free_bytes)} ({disk.free_percent} %)"
        )
        say(f"disk       {free} free for the {disk.of}")
    for name in ("backup", "prune", "drill", "sweep"):
        say(f"{name:10} {_job(getattr(answer, f'last_{name}'))}")
    hook = answer.hook
    say(f"hook       {f'last run {hook.last_run}: {hook.last_outcome}' if hook.last_run else 'never ran'}")
    say(f"daemon     {_running(answer)}")
    say(f"mirror     {answer.mirror.kept}{_built(answer.mirror.commit)}")


def _known(number: int | None) -> str:
    return "not known" if number is None else str(number)


def _lag(lag: Lag | None) -> str:
    if lag is None:
        return "not known"
    told = [plural(lag.commits, "commit") if lag.commits > 0 else "unknown commits"] * bool(lag.commits)
    told += [plural(lag.text, "file")] * bool(lag.text)
    told += [f"for {_span(lag.seconds)}"] * bool(lag.seconds)
    told += [f"{plural(lag.vectors, 'file')} without embedding (found by words)"] * bool(lag.vectors)
    return ", ".join(told) or "none"


def _covered(covered: Covered | None) -> str:
    if covered is None:
        return "not known"
    return f"{covered.files} of {plural(covered.of, 'file')}"


def _job(job: JobStands) -> str:
    told = [f"{_span(job.age_seconds)} ago" if job.age_seconds is not None else "never"]
    told += [f"failed {job.last_failure}"] * job.failing
    told += [f"overdue since {job.overdue_since}"] * job.overdue
    told += [f"next {job.next_due}" if job.next_due else "not scheduled"]
    return ", ".join(told)


def _running(answer: Health) -> str:
    daemon = answer.daemon
    if not daemon.runs:
        return "none"
    if daemon.pid is None:
        return "starting or ending"
    silent = ", silent" if daemon.answers is False else ""
    return f"process {daemon.pid}, since {daemon.started}{silent}"


def _built(commit: str) -> str:
    return f", built from {commit[:10]}" if commit else ""


def _span(seconds: int) -> str:
    """A time in its largest unit, rounded down."""
    for size, unit in _UNITS:
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return "0 s"


def _bytes(number: int) -> str:
    size = float(number)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} TB"
