"""A capture opened: what the person said and what the assistant answered, each by itself.

Knows the two headings of a capture. Must not know rules.
"""

from __future__ import annotations

from collections.abc import Iterator

from atocore.knowledge.ingestion.voices import Voice

_HEADINGS = {"## Prompt": Voice.PERSON, "## Response": Voice.ASSISTANT}


def spoken_parts(body: str) -> Iterator[tuple[Voice, str]]:
    """Give each part of a capture with all else blanked out, so that lines and characters keep their places.

    A line of the text itself that reads as a heading is indented by the hook, and begins nothing. What has no
    such headings is all a person's.
    """
    lines = body.splitlines(keepends=True)
    marks = [(n, _HEADINGS[line.rstrip()]) for n, line in enumerate(lines) if line.rstrip() in _HEADINGS]
    marks = list({voice: (n, voice) for n, voice in reversed(marks)}.values())[::-1]  # the first of each
    if not marks:
        yield Voice.PERSON, body
        return
    for at, (start, voice) in enumerate(marks):
        end = marks[at + 1][0] if at + 1 < len(marks) else len(lines)
        blank = "".join(
            " " * len(line.rstrip("\r\n")) + line[len(line.rstrip("\r\n")) :] for line in lines[:start]
        )
        yield voice, blank + "".join(lines[start:end])
