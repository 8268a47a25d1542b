"""The backup commands: their JSON is a contract, and validating tells by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

from desk import Desk


def test_json_and_exit_codes(run, desk: Desk, tmp_path: Path) -> None:
    place = str(tmp_path / "kept")
    planned = json.loads(run("backup", "create", "--to", place, "--dry-run", "--json").out)
    assert (planned["dry_run"], planned["validated"], Path(place).exists()) == (True, False, False)
    made = json.loads(run("backup", "create", "--to", place, "--json").out)
    assert (made["validated"], made["path"]) == (True, f"{place}/{made['stamp']}")
    listed = json.loads(run("backup", "list", "--from", place, "--json").out)
    assert [one["stamp"] for one in listed["backups"]] == [made["stamp"]]
    fine = run("backup", "validate", made["stamp"], "--from", place, "--read-data", "--json")
    assert (fine.code, json.loads(fine.out)["ok"]) == (0, True)
    bundle = Path(made["path"]) / "vault.bundle"
    raw = bundle.read_bytes()
    bundle.write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    assert run("backup", "validate", "all", "--from", place).code == 0
    found = run("backup", "validate", "all", "--from", place, "--read-data", "--json")
    (one,) = json.loads(found.out)["backups"]
    assert (found.code, one["findings"][0]["code"]) == (13, "backup-checksum")
    bundle.unlink()
    assert run("backup", "validate", "all", "--from", place).code == 11
    assert "damaged" in run("backup", "list", "--from", place).out
    (Path(made["path"]) / "manifest.json").write_text("{}")
    assert run("backup", "validate", "all", "--from", place).code == 14
