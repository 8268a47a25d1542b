"""How much is found, and how little is touched, on made-up samples of every kind; new ones for each seed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import pytest
import samples
from samples import Sample


def score(redact: Callable[[str], str], given: Iterable[Sample]) -> tuple[float, list[str]]:
    """The share that came out right, and the kinds of those that did not."""
    right, wrong = 0, []
    for sample in given:
        out = redact(sample.text)
        if out == sample.text if not sample.secrets else not sample.leaks_in(out):
            right += 1
        else:
            wrong.append(f"{sample.kind}: {sample.text[:60]}")
    return right / (right + len(wrong)), wrong


@pytest.mark.parametrize("seed", [1, 2])
def test_providers_keys_are_found(names: dict[str, Any], seed: int) -> None:
    share, wrong = score(names["redact"], samples.providers(seed))
    assert share > 0.98, wrong


@pytest.mark.parametrize("seed", [1, 2])
def test_secrets_in_every_other_dress_are_found(names: dict[str, Any], seed: int) -> None:
    share, wrong = score(names["redact"], samples.others(seed))
    assert share > 0.95, wrong


@pytest.mark.parametrize("seed", [1, 2])
def test_look_alikes_are_left_alone(names: dict[str, Any], seed: int) -> None:
    share, wrong = score(names["redact"], samples.look_alikes(seed))
    assert share > 0.99, wrong


def test_what_stands_around_a_secret_stays(names: dict[str, Any]) -> None:
    """Of each sample everything but the secret's own line stays as it is."""
    for sample in samples.providers(3, forms=2):
        before, _, after = sample.text.partition(sample.secrets[0])
        out = names["redact"](f"first line, 4.2 kg\n{sample.text}\nlast line, Zerodur")
        assert out.startswith("first line, 4.2 kg\n")
        assert out.endswith("\nlast line, Zerodur")
        assert out.count("\n") == sample.text.count("\n") + 2
        if not sample.leaks_in(out):
            assert before.split(" ")[0].split("=")[0] in out
        assert after.partition("\n")[2] in out


def test_redacting_again_changes_nothing(names: dict[str, Any]) -> None:
    for sample in [*samples.providers(4), *samples.others(4)]:
        once = names["redact"](sample.text)
        assert names["redact"](once) == once, sample.text
