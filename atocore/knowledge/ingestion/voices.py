"""Who speaks in a text: a document, a person who typed a prompt, or an assistant that answered."""

from __future__ import annotations

from enum import Enum


class Voice(Enum):
    """What a person states is evidence; what an assistant states is a machine's claim."""

    DOCUMENT = "document"
    PERSON = "person"
    ASSISTANT = "assistant"
