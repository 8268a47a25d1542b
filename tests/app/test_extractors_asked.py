"""Extractors beside the rules: what may run, what their answers become; and no failure loses anything."""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from desk import Desk

NOTES = """# Visit

They told us that the mirror weighs 4.2 kg with its cell.

## Decisions

- We decided to use Zerodur for the primary mirror.
"""
OFFER = {
    "type": "knowledge",
    "statement": "The mirror weighs 4.2 kg.",
    "quote": "the mirror weighs 4.2 kg",
    "confidence": 0.9,
    "rule": "mass",
}
OK = f"""
import json, sys
asked = json.load(sys.stdin)
open({{log!r}}, "a").write(asked["path"] + "\\n")
print(json.dumps({{{{"proposals": [{OFFER!r}] if "4.2 kg" in asked["text"] else []}}}}))
"""


class Machine:
    """This machine's own settings, with scripts that extractors run."""

    def __init__(self, folder: Path, desk: Desk) -> None:
        self.folder = folder
        self.desk = desk
        self.log = folder / "asked.log"

    def permit(self, code: str = OK, name: str = "llm", **more: object) -> None:
        script = self.folder / f"{name}.py"
        script.write_text(code.replace("{log!r}", repr(str(self.log))).replace("{{", "{").replace("}}", "}"))
        lines = [
            f"[extractors.{name}]",
            'plugin = "command"',
            f"command = {json.dumps([sys.executable, str(script)])}",
        ]
        lines += [f"{key} = {json.dumps(value)}" for key, value in more.items()]
        with (self.folder / "extractors.toml").open("a") as file:
            file.write("\n".join(lines) + "\n")

    def want(self, *names: str) -> None:
        self.desk.put("atocore.yaml", "format: 1\nextraction:\n  extractors: [" + ", ".join(names) + "]\n")
        self.desk.commit()
        self.desk.close()

    @property
    def asked(self) -> int:
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0


@pytest.fixture
def machine(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    folder = tmp_path / "config"
    folder.mkdir()
    monkeypatch.setenv("ATOCORE_CONFIG_DIR", str(folder))
    return Machine(folder, desk)


@pytest.fixture
def notes(desk: Desk) -> Path:
    file = desk.folder.parent / "visit.md"
    file.write_text(NOTES)
    return file


def rules_of(desk: Desk) -> list[str]:
    waiting = desk.vault.list(status="candidate", full=True).records
    return sorted(one.provenance["rule"] for one in waiting if one.provenance and "rule" in one.provenance)


def reasons(done: Any) -> str:
    return "\n".join(f"{one.path}: {one.reason}" for one in done.skipped)


# -- what may run


def test_a_vault_alone_never_makes_anything_run(desk: Desk, machine: Machine, notes: Path) -> None:
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 1 and machine.asked == 0
    assert "this machine does not permit it" in reasons(done)
    (stood,) = desk.vault.status().extractors
    assert (stood.name, stood.permitted) == ("llm", False) and "not permitted here" in stood.error


def test_a_command_in_the_vaults_settings_is_only_a_name(desk: Desk, machine: Machine, notes: Path) -> None:
    machine.permit()
    mark = desk.folder.parent / "ran"
    machine.want(f'"touch {mark}"', '"../llm"', '"$(touch x)"')
    desk.vault.ingest(notes, project="scope")
    assert machine.asked == 0 and not mark.exists()


def test_a_machine_that_permits_runs_nothing_unless_the_vault_asks(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    machine.permit()
    desk.vault.ingest(notes, project="scope")
    assert machine.asked == 0 and desk.vault.status().extractors == ()


def test_a_permission_may_name_its_vaults(desk: Desk, machine: Machine, notes: Path) -> None:
    machine.permit(vaults=[str(desk.folder.parent / "another")])
    machine.want("llm")
    assert "does not permit" in reasons(desk.vault.ingest(notes, project="scope"))
    assert machine.asked == 0


def test_a_permission_for_the_home_of_nobody_permits_nothing(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    machine.permit(vaults=["~nobody-of-that-name/vault"])
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert "does not permit it" in done.skipped[0].reason
    assert desk.vault.status().extractors[0].permitted is False


def test_no_module_of_the_vault_comes_in_place_of_a_real_one(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    machine.permit()
    machine.want("llm")
    desk.put("json.py", "raise SystemExit('from the vault')\n")
    desk.put("atocore/__init__.py", "raise SystemExit('from the vault')\n")
    before = Path.cwd()
    try:
        os.chdir(desk.folder)
        assert desk.vault.ingest(notes, project="scope").candidates == 2
    finally:
        os.chdir(before)


# -- what comes of it


def test_its_proposals_go_through_the_queue_with_their_provenance(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    machine.permit()
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 2 and "llm:mass" in rules_of(desk)
    (one,) = [
        r
        for r in desk.vault.list(status="candidate", full=True).records
        if r.title.startswith("The mirror weighs 4.2 kg.")
    ]
    assert one.provenance is not None
    assert (one.provenance["extractor"], one.provenance["lines"], one.confidence) == ("llm/1", "3-3", 0.7)
    assert one.provenance["source"].startswith("src-") and one.project == "scope"
    assert desk.codes() == []
    asked = machine.asked
    again = desk.vault.extract()
    assert (again.candidates, machine.asked) == (0, asked)  # nobody is asked twice
    desk.vault.reject(one.id, reason="no")
    assert desk.vault.extract().candidates == 0


def test_a_dry_run_asks_nobody(desk: Desk, machine: Machine, notes: Path) -> None:
    desk.vault.ingest(notes, project="scope")
    machine.permit()
    machine.want("llm")
    done = desk.vault.extract(dry_run=True)
    assert machine.asked == 0 and "left for the next extract" in done.notes[-1]


def test_the_number_of_passages_is_bounded_and_the_next_pass_goes_on(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    machine.permit(passages=1)
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert machine.asked == 1 and "left for the next extract: 1" in done.notes[-1]
    desk.vault.extract()
    assert machine.asked == 2


def test_a_sub_session_of_an_assistant_does_not_capture_itself(
    desk: Desk, machine: Machine, notes: Path
) -> None:
    log = machine.folder / "env"
    code = f"import os\nopen({str(log)!r}, 'w').write(os.environ['ATOCORE_CAPTURE_DISABLED'])\nprint('[]')\n"
    machine.permit(code)
    machine.want("llm")
    desk.vault.ingest(notes, project="scope")
    assert log.read_text() == "1"


def test_answers_are_their_owners_alone(desk: Desk, machine: Machine, notes: Path) -> None:
    machine.permit()
    machine.want("llm")
    desk.vault.ingest(notes, project="scope")
    kept = desk.folder / ".atocore" / "extractors.sqlite"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    kept.write_bytes(b"damaged")
    assert desk.vault.extract().candidates == 0


# -- failures

FAILING = {
    "crash": ("import os\nos.abort()\n", "ended with -6"),
    "error": ("raise SystemExit(3)\n", "ended with 3"),
    "garbage": ("print('no json')\n", "printed no JSON"),
    "partial": ('print(\'[{"type": "know\')\n', "printed no JSON"),
    "no list": ("print('7')\n", "printed no list"),
    "binary": ("import sys\nsys.stdout.buffer.write(bytes(range(256)))\n", "printed no JSON"),
    "empty": ("", "printed no JSON"),
}


@pytest.mark.parametrize("name", FAILING)
def test_a_failure_is_told_and_loses_nothing(desk: Desk, machine: Machine, notes: Path, name: str) -> None:
    code, told = FAILING[name]
    machine.permit(code)
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 1  # the rules'
    assert told in reasons(done) and "visit.md:1: extractor llm:" in reasons(done)
    (stood,) = desk.vault.status().extractors
    assert stood.failed == stood.asked == 2 and told in stood.error
    (machine.folder / "extractors.toml").unlink()
    machine.permit()
    assert desk.vault.extract().candidates == 1  # asked again
    assert desk.vault.status().extractors[0].error == ""


def test_a_slow_command_is_ended_with_what_it_started(desk: Desk, machine: Machine, notes: Path) -> None:
    mark = machine.folder / "late"
    later = f"import time; time.sleep(1); open({str(mark)!r}, 'w')"
    code = f"import subprocess as s, sys, time\ns.Popen([sys.executable, '-c', {later!r}])\ntime.sleep(60)\n"
    machine.permit(code, seconds=0.5, passages=1)
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert "took longer than 0.5 s" in reasons(done) and done.candidates == 1
    time.sleep(1.1)
    assert not mark.exists()


def test_a_flood_of_output_is_cut_off(desk: Desk, machine: Machine, notes: Path) -> None:
    machine.permit("import sys\nwhile True: sys.stdout.write('x' * 65536)\n", max_bytes=100_000, passages=1)
    machine.want("llm")
    assert "printed more than 100,000 bytes" in reasons(desk.vault.ingest(notes, project="scope"))


def test_a_missing_program_and_bad_options_are_told_once(desk: Desk, machine: Machine, notes: Path) -> None:
    file = machine.folder / "extractors.toml"
    machine.want("llm")
    for text, told in (
        ('command = ["/no/such/program"]', "FileNotFoundError"),
        ('command = "rm -rf /"', "`command` is to be a list"),
        ("", "`command` is to be a list"),
    ):
        file.write_text(f'[extractors.llm]\nplugin = "command"\n{text}\n')
        assert told in reasons(desk.vault.extract() if notes.stat().st_size == 0 else _ingested(desk, notes))


def _ingested(desk: Desk, notes: Path) -> Any:
    notes.write_text(notes.read_text() + "\nMore.\n")
    return desk.vault.ingest(notes, project="scope")


@pytest.mark.parametrize(
    "text",
    [
        "[extractors",
        "extractors = 7",
        "[extractors.llm]\nseconds = -1",
        "[extractors.Bad]\n",
        "\xff",
        "[extractors.llm]\npassages = 0",
        "[extractors.llm]\nvaults = 'x'",
        "[extractors.llm]\nplugin = 3",
    ],
)
def test_a_broken_file_is_told_and_stops_nothing(
    desk: Desk, machine: Machine, notes: Path, text: str
) -> None:
    (machine.folder / "extractors.toml").write_bytes(text.encode("latin-1"))
    machine.want("llm")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 1 and "extractors.toml" in reasons(done)
    assert "extractors.toml" in desk.vault.status().extractors[0].error


def test_after_three_failures_in_a_row_it_is_left_alone(desk: Desk, machine: Machine, tmp_path: Path) -> None:
    file = tmp_path / "long.md"
    file.write_text("".join(f"# Part {n}\n\nText {n}.\n\n" for n in range(8)))
    machine.permit("raise SystemExit(1)\n")
    machine.want("llm")
    done = desk.vault.ingest(file, project="scope")
    assert reasons(done).count("ended with 1") == 3 and "left for the next extract: 5" in done.notes[-1]


# -- a plug-in of somebody's own

PLUGIN = """
from atocore.extractors import Proposal

def make(options):
    print("noise on standard output")
    if options.get("how") == "import":
        import no_such_module
    def extract(passage):
        how = options.get("how")
        if how == "raise":
            raise ValueError("not today")
        if how == "exit":
            import os
            os._exit(9)
        if how == "hang":
            while True:
                pass
        if how == "garbage":
            return [object()]
        if "4.2 kg" in passage.text:
            return [Proposal("knowledge", "The mirror weighs 4.2 kg.", "the mirror weighs 4.2 kg")]
        return []
    return extract
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "installed"
    about = folder / "scales-3.1.dist-info"
    about.mkdir(parents=True)
    (folder / "scales.py").write_text(PLUGIN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: scales\nVersion: 3.1\n")
    (about / "entry_points.txt").write_text("[atocore.extractors]\nscales = scales:make\n")
    monkeypatch.setenv("PYTHONPATH", str(folder))


def test_an_entry_point_is_found_and_its_version_kept(
    desk: Desk, machine: Machine, notes: Path, plugin: None
) -> None:
    (machine.folder / "extractors.toml").write_text("[extractors.scales]\n")
    machine.want("scales")
    assert desk.vault.ingest(notes, project="scope").candidates == 2
    waiting = desk.vault.list(status="candidate", full=True).records
    assert "scales/3.1" in {
        one.provenance["extractor"] for one in waiting if one.provenance and "extractor" in one.provenance
    }


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("import", "No module named 'no_such_module'"),
        ("raise", "ValueError: not today"),
        ("exit", "crashed"),
        ("garbage", "not JSON serializable"),
    ],
)
def test_a_plug_in_that_fails_loses_nothing(
    desk: Desk, machine: Machine, notes: Path, plugin: None, how: str, told: str
) -> None:
    (machine.folder / "extractors.toml").write_text(f'[extractors.scales]\nhow = "{how}"\n')
    machine.want("scales")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 1 and told in reasons(done)
    assert told in desk.vault.status().extractors[0].error


def test_a_plug_in_that_hangs_is_ended(
    desk: Desk, machine: Machine, notes: Path, plugin: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("atocore.app.extractor_process._GRACE_SECONDS", 0.5)
    (machine.folder / "extractors.toml").write_text(
        '[extractors.scales]\nhow = "hang"\nseconds = 0.5\npassages = 1\n'
    )
    machine.want("scales")
    done = desk.vault.ingest(notes, project="scope")
    assert done.candidates == 1 and "took longer than 0.5 s" in reasons(done)


def test_a_name_that_nothing_installed_has_is_told(desk: Desk, machine: Machine, notes: Path) -> None:
    (machine.folder / "extractors.toml").write_text("[extractors.ghost]\n")
    machine.want("ghost")
    assert "no installed package has an entry point 'ghost'" in reasons(
        desk.vault.ingest(notes, project="scope")
    )
