"""health on the command line: exit code, JSON, metrics, and a file that is whole or not there."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from prometheus_client.parser import text_string_to_metric_families

from atocore.app.health.metrics import METRICS

Run = Callable[..., Any]


def broken(desk: Desk) -> None:
    desk.commit("-- memories/scope/broken.md --\nid: [\n--\nBroken.\n")


def families(text: str) -> dict[str, Any]:
    return {family.name: family for family in text_string_to_metric_families(text)}


def test_the_exit_code_tells(run: Run, desk: Desk) -> None:
    assert run("health").out.splitlines()[0] == "status     ok"
    broken(desk)
    ran = run("health")
    assert ran.code == 1
    assert ran.out.splitlines()[:3] == [
        "status     degraded",
        "           problems: 1 error, first memories/scope/broken.md: broken-yaml",
        "             -> atocore check tells each with how to mend it",
    ]
    ran = run("health", "--json")
    assert (ran.code, ran.json["status"], ran.json["reasons"][0]["code"]) == (1, "degraded", "problems")


def test_the_json_has_what_a_monitor_is_promised(run: Run, desk: Desk) -> None:
    told = run("health", "--json").json
    status = run("status", "--json").json
    for name in (
        "version",
        "vault",
        "branch",
        "commit",
        "indexed_commit",
        "open_conflicts_count",
        "problems",
    ):
        assert told[name] == status[name]
    assert (told["covered"]["files"], told["covered"]["of"]) == (
        status["covered"]["files"],
        status["covered"]["of"],
    )
    assert told["build_sha"]
    assert {"last_backup", "last_drill", "last_prune", "last_sweep", "disks", "daemon"} <= told.keys()
    assert told["candidates"] == status["candidates"]


def test_metrics_are_as_prometheus_has_them(run: Run, desk: Desk) -> None:
    (desk.folder / ".atocore").mkdir()
    done = {"last_success": "2020-02-02T02:02:02Z", "told": {}}
    desk.put(".atocore/operations.json", json.dumps({"backup": done}))
    ran = run("health", "--prometheus")
    assert ran.code == 1
    found = families(ran.out)
    for name, family in found.items():
        assert family.type == "gauge"
        assert re.fullmatch(r"atocore_[a-z_]+", name)
        assert not re.search(r"_(total|count|sum|bucket|ms|kb|minutes|hours|days|ratio)$", name)
        assert all(sample.labels["vault"] == str(desk.folder) for sample in family.samples)
    assert found["atocore_healthy"].samples[0].value == 0
    holding = [one.labels["code"] for one in found["atocore_degraded_reason"].samples if one.value]
    assert holding == ["backup-overdue"]
    jobs = {
        one.labels["job"]: one.value for one in found["atocore_job_last_success_timestamp_seconds"].samples
    }
    assert jobs == {"backup": 1580608922.0}
    assert {f"atocore_{metric.name}" for metric in METRICS} - found.keys() == {
        "atocore_daemon_errors",
        "atocore_job_last_failure_timestamp_seconds",
    }
    assert all(metric.meaning == found[f"atocore_{metric.name}"].documentation for metric in METRICS[:3])


def test_metrics_leave_out_what_is_not_known(run: Run, desk: Desk) -> None:
    shutil.rmtree(desk.folder / ".git")
    found = families(run("health", "--prometheus").out)
    assert not {"atocore_index_lag_commits", "atocore_open_conflicts", "atocore_drafts"} & found.keys()
    assert {"atocore_healthy", "atocore_disk_free_bytes"} <= found.keys()


def test_a_file_is_written_whole_or_stays_as_it_was(
    run: Run, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "textfile" / "atocore.prom"
    ran = run("health", "--prometheus", "--output", str(place))
    assert (ran.code, ran.out) == (0, "")
    before = place.read_text()
    assert families(before)["atocore_healthy"].samples[0].value == 1
    assert place.stat().st_mode & 0o777 == 0o644
    monkeypatch.setattr(Path, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    ran = run("health", "--prometheus", "--output", str(place))
    assert ran.code == 1
    assert "No space left" in ran.err
    monkeypatch.undo()
    assert place.read_text() == before
    assert [path.name for path in place.parent.iterdir()] == ["atocore.prom"]
    run("health", "--output", str(place))
    assert json.loads(place.read_text())["status"] == "ok"


def test_it_answers_whatever_is_broken_but_without_a_vault(run: Run, desk: Desk, tmp_path: Path) -> None:
    desk.put("atocore.yaml", "format: [")
    desk.put(".git/HEAD", "nonsense")
    ran = run("health")
    assert (ran.code, ran.err) == (1, "")
    assert "settings: " in ran.out
    assert "repository: " in ran.out
    assert "commit     none (indexed none)" in ran.out
    (tmp_path / "empty").mkdir()
    ran = run("health", "--json", cwd=tmp_path / "empty")
    assert (ran.code, ran.error["code"]) == (1, "not-a-vault")


def test_a_vault_whose_path_is_not_utf8_is_told_escaped(spawn: Run, desk: Desk, tmp_path: Path) -> None:
    place = tmp_path / "b\udcffd"
    shutil.copytree(desk.folder, place, symlinks=True)
    ran = spawn("health", "--prometheus", cwd=place)
    assert "\\udcff" in ran.out
    assert spawn("health", "--json", cwd=place).json["vault"].endswith("b\udcffd")
