"""The container's files: shut in as they say, about the paths and commands that there are."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from atocore.cli import COMMANDS, atocore

TOP = Path(__file__).resolve().parents[2]
FOLDER = TOP / "docs" / "deploy"
Steps = list[tuple[str, str]]


@pytest.fixture(scope="module")
def steps() -> Steps:
    """The Containerfile's instructions with their words, lines joined."""
    text = (FOLDER / "Containerfile").read_text("utf-8")
    lines = re.sub(r"\\\n", " ", re.sub(r"^#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    parted = (line.partition(" ") for line in lines if line.strip())
    return [(name, " ".join(words.split())) for name, _, words in parted]


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return dict(yaml.safe_load((FOLDER / "compose.yaml").read_text("utf-8")))


def of(steps: Steps, name: str) -> list[str]:
    return [words for one, words in steps if one == name]


def test_the_image_runs_as_nobody_in_particular(steps: Steps) -> None:
    assert of(steps, "USER") == ["1000:1000"]
    assert "chmod 1777 /cache /backups" in " ".join(of(steps, "RUN"))  # whoever it runs as


def test_the_image_knows_the_zone_that_the_schedule_goes_by(steps: Steps, compose: dict[str, Any]) -> None:
    assert "TZ" in compose["x-atocore"]["environment"]
    assert any("apt-get install" in told and "tzdata" in told for told in of(steps, "RUN"))


def test_the_image_names_no_registry(steps: Steps) -> None:
    base = next(words for words in of(steps, "ARG") if words.startswith("BASE="))
    assert "/" not in base
    assert {words.split()[0] for words in of(steps, "FROM")} == {"${BASE}"}
    for file in FOLDER.iterdir():
        assert not re.search(r"https?://|index-url|docker\.io|ghcr|quay", file.read_text("utf-8"))


def test_the_image_tells_what_it_was_built_from(steps: Steps) -> None:
    last = steps[[name for name, _ in steps].index("FROM", 2) :]
    assert 'BUILD_SHA=""' in of(last, "ARG")
    assert "ATOCORE_BUILD_SHA=${BUILD_SHA}" in of(last, "ENV")[0].split()


def test_the_image_holds_what_the_package_is_built_from(steps: Steps) -> None:
    copied = {source for words in of(steps, "COPY") for source in words.split()[:-1] if source[0] not in "-/"}
    assert all((TOP / source).exists() for source in copied)
    project = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))
    included = project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    for source in (*included, project["project"]["readme"], "pyproject.toml", "atocore"):
        assert any(Path(source).is_relative_to(one) for one in copied), source


def test_the_image_pins_torch_as_the_package_does(steps: Steps) -> None:
    extras = tomllib.loads((TOP / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
    pinned = next(one for one in extras["embed"] if one.startswith("torch=="))
    assert f"install --no-cache-dir {pinned} " in " ".join(of(steps, "RUN"))
    named = next(words for words in of(steps, "ARG") if words.startswith("EXTRAS=")).partition("=")[2]
    assert set(named.split(",")) <= set(extras)


@pytest.mark.parametrize("name", ["memory", "restore"])
def test_every_service_is_shut_in(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["user"] == "${ATOCORE_UID:-1000}:${ATOCORE_GID:-1000}"
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["network_mode"] == "none"
    assert service["tmpfs"] == ["/tmp"]


@pytest.mark.parametrize("name", ["memory", "restore"])
def test_vault_and_backups_are_folders_of_the_host(compose: dict[str, Any], name: str) -> None:
    mounts = {mount["target"]: mount for mount in compose["services"][name]["volumes"]}
    for target, variable in (("/vault", "ATOCORE_VAULT"), ("/backups", "ATOCORE_BACKUPS")):
        assert mounts[target]["type"] == "bind"
        assert mounts[target]["source"].startswith(f"${{{variable}:?")  # without it, nothing starts
        assert mounts[target]["bind"] == {"create_host_path": False}
    assert mounts["/cache"]["type"] == "volume"
    assert mounts["/cache"]["source"] in compose["volumes"]


def test_the_image_looks_where_the_mounts_are(steps: Steps, compose: dict[str, Any]) -> None:
    named = dict(word.split("=", 1) for word in of(steps, "ENV")[0].split())
    wanted = {named[name] for name in ("ATOCORE_VAULT", "ATOCORE_CACHE_DIR", "ATOCORE_BACKUP_FOLDER")}
    assert wanted == {mount["target"] for mount in compose["x-atocore"]["volumes"]}
    assert compose["services"]["memory"]["environment"]["TMPDIR"] in wanted


def test_the_build_takes_what_it_is_built_from(steps: Steps, compose: dict[str, Any]) -> None:
    build = compose["services"]["memory"]["build"]
    assert (FOLDER / build["context"]).resolve() == TOP
    assert (TOP / build["dockerfile"]).is_file()
    assert set(build["args"]) <= {words.partition("=")[0] for words in of(steps, "ARG")}


def test_a_restore_is_one_shot_and_starts_by_no_mistake(compose: dict[str, Any]) -> None:
    restore = compose["services"]["restore"]
    assert restore["profiles"] == ["tools"]
    assert restore["restart"] == "no"
    assert "command" not in restore  # what is said after `run restore` is its stamp


def test_its_commands_exist(steps: Steps, compose: dict[str, Any]) -> None:
    (entry,), (command,) = of(steps, "ENTRYPOINT"), of(steps, "CMD")
    health = of(steps, "HEALTHCHECK")[0].partition(" CMD ")[2]
    services = compose["services"]
    calls = [
        [*yaml.safe_load(entry), *yaml.safe_load(command)],
        yaml.safe_load(health),
        [*yaml.safe_load(entry), *services["memory"]["command"]],
        services["memory"]["healthcheck"]["test"][1:],
        services["restore"]["entrypoint"],
    ]
    text = (TOP / "docs" / "running.md").read_text("utf-8")
    calls += [shlex.split(one, comments=True) for one in re.findall(r"exec memory (atocore .*)", text)]
    for program, verb, *more in calls:
        assert (program, verb in COMMANDS) == ("atocore", True), verb
        found = atocore.get_command(None, verb)  # type: ignore[arg-type]
        while isinstance(found, click.Group) and more and not more[0].startswith("-"):
            found, more = found.get_command(None, more[0]), more[1:]  # type: ignore[arg-type]
        assert found is not None
        options = {option for one in found.params for option in one.opts}
        assert {one for one in more if one.startswith("--")} <= options
