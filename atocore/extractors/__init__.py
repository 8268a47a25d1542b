"""What an extractor of one's own is written with: a passage comes in, proposals go out.

A plug-in is an entry point of the group `atocore.extractors`: a function (or class) that takes the options
which its user's machine configures, and gives something to call with each `Passage`. Knows nothing of the
vault; the same classes travel as JSON to a command that does the work. See docs/extractors.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass

GROUP = "atocore.extractors"
"""The group of entry points."""
GUARD = "ATOCORE_CAPTURE_DISABLED"
"""Set to 1 where an extractor runs: an assistant that it starts is not captured."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One passage of a source or capture, as it stands there. `kind` is `source` or `interaction`, `source`
    its id, `path` the document's; `speaker` is `person` or `assistant` in a capture, else ""; lines are
    1-based in the document; `language` is the vault's, a hint."""

    text: str
    headings: tuple[str, ...] = ()
    source: str = ""
    kind: str = "source"
    path: str = ""
    title: str = ""
    project: str = ""
    created: str = ""
    speaker: str = ""
    language: str = ""
    chunk: str = ""
    first_line: int = 1
    last_line: int = 1

    def as_json(self) -> dict[str, object]:
        """The passage as JSON's types."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a passage may be remembered as. `kind` is `memory` or `entity`, `type` one of its types;
    `statement` says it in a sentence, `quote` is the passage's own words for it, to the letter. The claim is
    `subject`, `attribute` and `value`, or `question` and `value`, where the text states one. `confidence` is
    from 0 to 1; `rule` names what in the extractor found it, `explain` tells a reviewer why."""

    type: str
    statement: str
    quote: str
    kind: str = "memory"
    title: str = ""
    subject: str = ""
    attribute: str = ""
    value: str = ""
    question: str = ""
    component: str = ""
    confidence: float = 0.5
    rule: str = "found"
    explain: str = ""


Extractor = Callable[[Passage], Iterable[Proposal | Mapping[str, object]]]
"""What a plug-in gives: called with a passage, it gives proposals (or mappings of their keys). Its `version`,
where it has one, is kept on every candidate."""
Plugin = Callable[[Mapping[str, object]], Extractor]
"""What an entry point names: called with the options, it gives an extractor."""
