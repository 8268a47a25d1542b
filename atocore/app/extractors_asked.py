"""Asking extractors: which of those that a vault wants may run here, what they answer, what they could not.

An answer is kept, so that nobody is asked twice; a failure is not, so that the next request asks again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from atocore.app.extractor_file import Permitted, extractor_file, permitted
from atocore.app.extractor_process import ExtractorProcess, Failed
from atocore.errors import AtocoreError
from atocore.extractors import Passage
from atocore.index.answers import Answers
from atocore.knowledge.extraction.extract import Proposal
from atocore.knowledge.ingestion.offered import Asked, judged
from atocore.knowledge.ingestion.wave import Passed
from atocore.progress import Progress

_IN_A_ROW = 3
"""After so many failures in a row an extractor is left alone until the next request."""


@dataclass(slots=True)
class Offers:
    """What extractors offer: proposals by source or capture; what they could not do; how many passages are
    left for the next request."""

    proposals: dict[str, list[Proposal]] = field(default_factory=dict)
    passed: list[Passed] = field(default_factory=list)
    left: int = 0


class Asking:
    """One pass of asking: the extractors that a vault wants about passages of it. `fresh` False asks nobody
    and takes kept answers alone."""

    def __init__(
        self,
        wanted: Sequence[str],
        vault: Path,
        folder: Path,
        redact: Callable[[str], str],
        progress: Progress,
        *,
        fresh: bool,
    ) -> None:
        self.offers = Offers()
        self._folder = folder
        self._redact = redact
        self._progress = progress
        self._fresh = fresh
        self._asked = self._permitted(wanted, vault)

    def _permitted(self, wanted: Sequence[str], vault: Path) -> list[Permitted]:
        try:
            here = permitted()
        except AtocoreError as error:
            self.offers.passed.append(Passed("extractors", error.message))
            return []
        may = [here[name] for name in wanted if name in here and here[name].may_see(vault)]
        for name in wanted:
            if name not in {one.name for one in may}:
                told = f"extractor {name}: this machine does not permit it: see {extractor_file()}"
                self.offers.passed.append(Passed("extractors", told))
        return may

    def about(self, passages: Iterable[Passage]) -> Offers:
        """What they offer about these passages."""
        listed = list(passages) if self._asked else []
        if listed:
            with closing(Answers(self._folder)) as answers:
                for one in self._asked:
                    self._one(one, listed, answers)
        return self.offers

    def _one(self, one: Permitted, passages: Sequence[Passage], answers: Answers) -> None:
        process = ExtractorProcess(one)
        run = _Run(asked=0, failed=0, in_a_row=0, error="")
        try:
            for done, passage in enumerate(passages, 1):
                self._progress(f"asking {one.name}", done, len(passages))
                self._passage(one, process, passage, answers, run)
        finally:
            process.close()
        if run.asked:
            stood = {"asked": run.asked, "failed": run.failed, "error": run.error}
            answers.set_standing(one.name, json.dumps(stood))

    def _passage(
        self, one: Permitted, process: ExtractorProcess, passage: Passage, answers: Answers, run: _Run
    ) -> None:
        key = _key(one, passage)
        kept = answers.get(key)
        if kept is None:
            if not self._fresh or run.asked >= one.passages or run.in_a_row >= _IN_A_ROW:
                self.offers.left += 1
                return
            run.asked += 1
            try:
                given = process.ask(passage.as_json())
            except Failed as failure:
                run.failed += 1
                run.in_a_row = _IN_A_ROW if failure.fatal else run.in_a_row + 1
                run.error = str(failure)
                self._tell(one, passage, str(failure))
                return
            run.in_a_row = 0
            kept = json.dumps({"version": process.version, "offers": given})
            answers.put(key, kept)
        answer = json.loads(kept)
        proposals, refused = judged(
            Asked(one.name, answer["version"]), passage, answer["offers"], self._redact
        )
        self.offers.proposals.setdefault(passage.source, []).extend(proposals)
        for reason in refused:
            self._tell(one, passage, reason)

    def _tell(self, one: Permitted, passage: Passage, reason: str) -> None:
        place = f"{passage.path}:{passage.first_line}"
        self.offers.passed.append(Passed(place, f"extractor {one.name}: {self._redact(reason)}"))


@dataclass(slots=True)
class _Run:
    asked: int
    failed: int
    in_a_row: int
    error: str


def _key(one: Permitted, passage: Passage) -> str:
    """What was asked of whom: other options, or another passage, make another question."""
    asked = json.dumps([one.name, one.plugin, one.options, passage.as_json()], sort_keys=True, default=str)
    return hashlib.sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()
