"""A vault's health as metrics, in the text format that Prometheus reads.

What cannot be told is left out: a gauge that is absent can be alerted on, one that is wrong cannot.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from atocore.app.health.jobs import JobStands
from atocore.app.health.reporting import Health
from atocore.knowledge.health import OK, REASONS
from atocore.knowledge.overdue import moment

_JOBS: Final = ("backup", "prune", "drill", "sweep")


class Metric(NamedTuple):
    """A metric's name, without `atocore_`, what it means, and the labels beside `vault`."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()


METRICS: Final[tuple[Metric, ...]] = (
    Metric("build_info", "Always 1; the labels tell version and build", ("version", "build_sha")),
    Metric("healthy", "1 where the status is ok, 0 where it is degraded"),
    Metric("degraded_reason", "1 for each reason that holds, 0 for the others", ("code",)),
    Metric("checked_timestamp_seconds", "When this was looked at"),
    Metric("index_lag_commits", "Commits that the index has not taken in; -1 where git cannot tell"),
    Metric("index_lag_files", "Files whose text the index has not taken in"),
    Metric("index_lag_seconds", "For how long the index is behind"),
    Metric("index_unembedded_files", "Files without an embedding, which are found by words only"),
    Metric("index_covered_files", "Files that are understood and searchable"),
    Metric("files", "Files that the index is to cover"),
    Metric("unreadable_files", "Files and folders that cannot be looked at"),
    Metric("open_conflicts", "Conflicts that wait for a decision"),
    Metric("candidates", "Candidates that wait for review"),
    Metric("oldest_candidate_age_seconds", "For how long the oldest candidate waits"),
    Metric("problems", "Problems of the vault's files", ("severity",)),
    Metric("drafts", "Files that are saved and not committed"),
    Metric("disk_free_bytes", "Free space that this user may write to", ("disk",)),
    Metric("disk_size_bytes", "Size of the file system", ("disk",)),
    Metric("job_last_success_timestamp_seconds", "When a job succeeded last", ("job",)),
    Metric("job_last_failure_timestamp_seconds", "When a job failed last", ("job",)),
    Metric("job_age_seconds", "How long ago a job succeeded last", ("job",)),
    Metric("job_failing", "1 where the last run of a job failed", ("job",)),
    Metric("job_overdue", "1 where a job is overdue", ("job",)),
    Metric("job_next_due_timestamp_seconds", "When a job is due next", ("job",)),
    Metric("daemon_running", "1 where a daemon keeps the vault"),
    Metric("daemon_errors", "What fails in the daemon at present"),
    Metric("hook_failing", "1 where the capture hook's last run failed"),
)


@dataclass(slots=True)
class _Samples:
    """Values by metric and labels."""

    found: dict[str, list[tuple[tuple[str, ...], float]]] = field(default_factory=dict)

    def put(self, name: str, value: float | None, *labels: str) -> None:
        if value is not None:
            self.found.setdefault(name, []).append((labels, float(value)))


def metrics(health: Health) -> bytes:
    """The metrics of a vault's health, as a file for Prometheus."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client import Metric as Family
    from prometheus_client.registry import Collector

    samples = _samples(health)
    vault = health.vault.encode("utf-8", "backslashreplace").decode()

    class Once(Collector):
        def collect(self) -> Iterator[Family]:
            for metric in METRICS:
                family = Family(f"atocore_{metric.name}", metric.meaning, "gauge")
                for labels, value in samples.get(metric.name, ()):
                    named = dict(zip(metric.labels, labels, strict=True))
                    family.add_sample(family.name, {"vault": vault, **named}, value)
                if family.samples:
                    yield family

    registry = CollectorRegistry(auto_describe=False)
    registry.register(Once())
    told: bytes = generate_latest(registry)
    return told


def _samples(health: Health) -> Mapping[str, list[tuple[tuple[str, ...], float]]]:
    samples = _Samples()
    put = samples.put
    put("build_info", 1, health.version, health.build_sha)
    put("healthy", health.status == OK)
    holding = {reason.code for reason in health.reasons}
    for code in REASONS:
        put("degraded_reason", code in holding, code)
    put("checked_timestamp_seconds", _seconds(health.at))
    _of_index(health, samples)
    for disk in health.disks:
        put("disk_free_bytes", disk.free_bytes, disk.of)
        put("disk_size_bytes", disk.total_bytes, disk.of)
    for job in _JOBS:
        _of_job(job, getattr(health, f"last_{job}"), samples)
    put("daemon_running", health.daemon.runs)
    put("daemon_errors", len(health.daemon.errors) if health.daemon.answers is not None else None)
    put("hook_failing", health.hook.broken)
    return samples.found


def _of_index(health: Health, samples: _Samples) -> None:
    put = samples.put
    if health.lag is not None:
        put("index_lag_commits", health.lag.commits)
        put("index_lag_files", health.lag.text)
        put("index_lag_seconds", health.lag.seconds)
        put("index_unembedded_files", health.lag.vectors)
    if health.covered is not None:
        put("index_covered_files", health.covered.files)
        put("files", health.covered.of)
        put("unreadable_files", health.covered.unknown)
    put("open_conflicts", health.open_conflicts_count)
    put("candidates", health.candidates)
    oldest = health.longest_waiting
    put("oldest_candidate_age_seconds", oldest.age_seconds if oldest is not None else None)
    for severity, number in (health.problems or {}).items():
        put("problems", number, severity)
    put("drafts", health.drafts_count)


def _of_job(name: str, job: JobStands, samples: _Samples) -> None:
    put = samples.put
    put("job_last_success_timestamp_seconds", _seconds(job.last_success), name)
    put("job_last_failure_timestamp_seconds", _seconds(job.last_failure), name)
    put("job_age_seconds", job.age_seconds, name)
    put("job_failing", job.failing, name)
    put("job_overdue", job.overdue, name)
    put("job_next_due_timestamp_seconds", _seconds(job.next_due), name)


def _seconds(stamp: str) -> float | None:
    found = moment(stamp)
    return found.timestamp() if found is not None else None
