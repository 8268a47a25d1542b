"""The worked example of the documentation: the plug-in, and what a command gets and gives, are as it says."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from atocore.app.extractor_file import permitted
from atocore.extractors import Passage
from atocore.knowledge.ingestion.offered import Asked, judged

PAGE = (Path(__file__).parents[2] / "docs" / "extractors.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


def test_the_plug_in_of_the_page_proposes_what_it_says() -> None:
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(code, "scales.py", "exec"), names)
    (one,) = names["make"]({})(Passage("We saw that the primary mirror weighs 4.2 kg today."))
    assert (one.statement, one.subject) == ("The primary mirror weighs 4.2 kg.", "primary mirror")


def test_the_passage_and_the_proposals_of_the_page_go_together() -> None:
    passage, answer = (json.loads(block) for block in blocks("json"))
    assert passage.pop("instructions")
    assert passage.keys() == Passage("").as_json().keys()
    stated = Passage(**{**passage, "headings": tuple(passage["headings"])})
    kept, refused = judged(Asked("llm", "1"), stated, answer["proposals"], str)
    assert (len(kept), refused) == (1, ())


def test_the_file_of_the_page_can_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = blocks("toml")[0]
    (tmp_path / "extractors.toml").write_text(text, "utf-8")
    monkeypatch.setenv("ATOCORE_CONFIG_DIR", str(tmp_path))
    one = permitted()["llm"]
    assert (one.plugin, one.seconds, one.passages) == ("command", 60.0, 200)
    assert one.options["command"] == tomllib.loads(text)["extractors"]["llm"]["command"]
