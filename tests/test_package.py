"""What an installed AtoCore holds: the hook script, the example vault and the demo's documents."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import atocore
from atocore.app import founding, resources

ROOT = Path(__file__).resolve().parent.parent


def test_what_travels_is_what_the_checkout_holds() -> None:
    for name in (resources.CAPTURE_SCRIPT, "docs/decisions", resources.EXAMPLE):
        shipped = resources.shipped(name)
        assert shipped.exists()
        if shipped.is_file():
            assert shipped.read_bytes() == (ROOT / name).read_bytes()


def test_every_record_folder_of_the_example_travels() -> None:
    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())
    included = listed["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    folders = {path.name for path in (ROOT / "vault").iterdir() if path.is_dir() and path.name[0] != "."}
    assert {f"vault/{name}" for name in folders - {"captures", "reports", "mirror"}} <= set(included)
    assert founding.example_files()


def test_in_ci_the_installed_package_is_what_is_tested() -> None:
    place = Path(atocore.__file__).resolve()
    if os.environ.get("CI"):
        assert "site-packages" in place.parts
    assert (place.parent / "py.typed").exists()
