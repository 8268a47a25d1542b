"""Generations change hands in one action, whoever dies when; none is left over for ever."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from atocore.errors import AtocoreError
from atocore.index.generations import Generations


def built(folder: Path) -> Path:
    made = Generations(folder)
    with made.building(1.0) as place:
        (place / "catalog.db").write_text("whole")
        made.publish(place)
    return place


def places(folder: Path) -> list[Path]:
    return sorted(folder.glob("generation-*"))


def long_ago(place: Path) -> None:
    os.utime(place, (1_000_000_000, 1_000_000_000))


def test_a_published_generation_is_in_use_and_the_former_one_stays_a_while(tmp_path: Path) -> None:
    first = built(tmp_path)
    assert Generations(tmp_path).current == first
    second = built(tmp_path)
    assert Generations(tmp_path).current == second
    Generations(tmp_path).clear()
    assert places(tmp_path) == sorted([first, second])
    long_ago(first)
    Generations(tmp_path).clear()
    assert places(tmp_path) == [second]


def test_what_was_not_published_is_removed(tmp_path: Path) -> None:
    kept = built(tmp_path)
    with pytest.raises(ZeroDivisionError), Generations(tmp_path).building(1.0):
        raise ZeroDivisionError
    assert places(tmp_path) == [kept]
    assert Generations(tmp_path).current == kept


@pytest.mark.parametrize("pointer", ["", "garbage", "../../etc", "generation-none", "\xff", "generation-\0"])
def test_a_pointer_to_nothing_means_that_there_is_none(tmp_path: Path, pointer: str) -> None:
    built(tmp_path)
    (tmp_path / "current").write_bytes(pointer.encode("latin-1"))
    assert Generations(tmp_path).current is None


def test_a_pointer_that_cannot_be_read_removes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = built(tmp_path)

    def refused(*_: object) -> str:
        raise PermissionError

    with monkeypatch.context() as patched:
        patched.setattr(Path, "read_text", refused)
        for look in (Generations(tmp_path).clear, lambda: Generations(tmp_path).current):
            with pytest.raises(PermissionError):
                look()
    assert Generations(tmp_path).current == place


def test_a_damaged_generation_is_abandoned_but_never_the_one_that_took_its_place(tmp_path: Path) -> None:
    damaged = built(tmp_path)
    assert Generations(tmp_path).abandon(damaged)
    assert Generations(tmp_path).current is None
    new = built(tmp_path)
    assert places(tmp_path) == [new]
    assert not Generations(tmp_path).abandon(damaged)
    assert Generations(tmp_path).current == new


HOLDING = """
import sys, time
from pathlib import Path
from atocore.index.generations import Generations
with Generations(Path(sys.argv[1])).building(1.0):
    print("building", flush=True)
    time.sleep(60)
"""


def test_a_second_builder_is_told_who_builds_and_a_dead_one_is_nobody(tmp_path: Path) -> None:
    kept = built(tmp_path)
    args = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(args, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "building\n"
        with pytest.raises(AtocoreError) as caught, Generations(tmp_path).building(0.1):
            pass
        assert caught.value.code == "vault-busy"
        assert f"by process {holder.pid}" in caught.value.message
        orphan = next(place for place in places(tmp_path) if place != kept)
        long_ago(orphan)
        Generations(tmp_path).clear()
        assert orphan.exists()  # somebody is building it
        holder.kill()
    Generations(tmp_path).clear()
    assert places(tmp_path) == [kept]


SWAPPING = """
import os, signal, sys
from pathlib import Path
from atocore.index.generations import Generations

def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)

made = Generations(Path(sys.argv[1]))
with made.building(1.0) as place:
    (place / "catalog.db").write_text("whole")
    setattr(os if sys.argv[2] in ("fsync", "utime") else Path, sys.argv[2], die)
    made.publish(place)
"""


@pytest.mark.parametrize("moment", ["open", "fsync", "utime", "replace"])
def test_a_swap_that_is_killed_leaves_the_former_one_in_use(tmp_path: Path, moment: str) -> None:
    kept = built(tmp_path)
    done = subprocess.run([sys.executable, "-c", SWAPPING, str(tmp_path), moment], check=False)
    assert done.returncode == -signal.SIGKILL
    assert Generations(tmp_path).current == kept
    for place in places(tmp_path):
        long_ago(place)
    new = built(tmp_path)
    assert places(tmp_path) == sorted([kept, new])  # the killed builder's is gone
    assert Generations(tmp_path).current == new


def test_a_clock_that_was_set_back_keeps_nothing_for_ever(tmp_path: Path) -> None:
    first, second = built(tmp_path), built(tmp_path)
    os.utime(first, (32_000_000_000, 32_000_000_000))
    Generations(tmp_path).clear()
    assert places(tmp_path) == [second]
