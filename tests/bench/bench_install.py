"""The AtoCore that is measured: a wheel of this checkout in an environment of its own.

An editable install is compiled anew at every start where bytecode is not written, so it is never measured.
The dependencies are those of the interpreter that runs the bench, by a `.pth` file.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import sysconfig
import time
import venv
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Installed:
    """Where the measured AtoCore is."""

    python: Path
    atocore: Path
    hook: Path


def installed(cache: Path) -> Installed:
    """An environment with the checkout's wheel, made anew where the sources changed."""
    folder = cache / f"env-{_sources()}"
    if not folder.is_dir():
        _remove_old(cache)
        try:
            _make(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
    return Installed(
        folder / "bin" / "python",
        folder / "bin" / "atocore",
        _site(folder) / "atocore" / "_data" / "hooks" / "capture_stop.py",
    )


def _remove_old(cache: Path) -> None:
    """What nobody made today: another run may be using a younger one."""
    for old in cache.glob("env-*"):
        if time.time() - old.stat().st_mtime > _DAY_SECONDS:  # noqa: TID251  the bench may read the clock
            shutil.rmtree(old, ignore_errors=True)


def _make(folder: Path) -> None:
    venv.create(folder, with_pip=False, symlinks=True)
    wheels = folder / "wheel"
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    isolation = ["--no-build-isolation"] if _has_builder() else []
    subprocess.run([*pip, "wheel", "--no-deps", *isolation, "-w", str(wheels), str(TOP)], check=True)
    wheel = next(wheels.glob("*.whl"))
    into = ["--python", str(folder / "bin" / "python")]
    subprocess.run([*pip, *into, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    paths = sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")})
    (_site(folder) / "dependencies.pth").write_text("".join(f"{path}\n" for path in paths))


def _site(folder: Path) -> Path:
    return folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"


def _has_builder() -> bool:
    from importlib.util import find_spec

    return find_spec("hatchling") is not None


def _sources() -> str:
    """A hash of everything that goes into the wheel, and of the interpreter."""
    digest = hashlib.sha256(f"{sys.version}\0{sys.executable}".encode())
    for name in ("pyproject.toml", "README.md", "atocore", "hooks", "vault"):
        place = TOP / name
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(os.fsencode(path.relative_to(TOP)) + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]
