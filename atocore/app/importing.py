"""Importing verbs: what other programs hand over, always as candidates."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.answers import Written, conflict_answer, parts_of
from atocore.app.writing import WritingSession
from atocore.errors import AtocoreError
from atocore.knowledge.conflicts.claimed import claim_in
from atocore.records.snapshot import AfterSnapshot, Snapshot

if TYPE_CHECKING:
    from atocore.knowledge.handoff.format import Handoff, Row
    from atocore.knowledge.handoff.plans import Imported, Vanished

STDIN = "-"
_TOOL = re.compile(r"[^\W_][\w .+@-]{0,59}")


@dataclass(frozen=True, slots=True)
class HandedOver(Written):
    """What a handoff did. Figures count facts: `agreed` are accepted already, `refused` were rejected and
    claim the same still, `clashing` contradict what people accepted: those conflicts are in `conflicts`.
    `skipped` tells where a fact (or a part of one) was left out, and why."""

    wave: str = ""
    read: int = 0
    candidates: int = 0
    updated: int = 0
    unchanged: int = 0
    deferred: int = 0
    agreed: int = 0
    refused: int = 0
    clashing: int = 0
    vanished: tuple[Vanished, ...] = ()
    skipped: tuple[Row, ...] = ()
    report: str = ""


class ImportingVerbs(WritingSession):
    """import."""

    def import_from_tool(
        self,
        tool: str,
        *files: str | os.PathLike[str],
        project: str = "",
        stdin: bytes = b"",
        dry_run: bool = False,
    ) -> HandedOver:
        """Take in the typed facts that an engineering tool hands over, as candidates; again, to bring them up
        to date. `stdin` is what the file `-` holds. Files that cannot be read are told, unless none can."""
        if not _TOOL.fullmatch(tool):
            raise AtocoreError("bad-value", f"{tool!r} is no name of a tool", "like: --from-tool solidworks")
        self.names_a_project(project)
        if not files:
            raise AtocoreError("usage", "no file is named", "like: atocore import --from-tool cad bom.json")
        handoffs, rows = self._handoffs(files, stdin)
        snapshot = self.catch_up()
        from atocore.knowledge.handoff.plans import import_handoffs

        done = import_handoffs(snapshot, tool, handoffs, project, self.limits())
        return self._told(snapshot, done, rows, dry_run)

    def _handoffs(
        self, files: tuple[str | os.PathLike[str], ...], stdin: bytes
    ) -> tuple[list[Handoff], list[Row]]:
        from atocore.knowledge.handoff.format import Row, read_handoff

        read: list[Handoff] = []
        rows: list[Row] = []
        refusal: AtocoreError | None = None
        for done, file in enumerate(files, 1):
            self.progress("reading", done, len(files))
            name = "stdin" if str(file) == STDIN else Path(file).name
            try:
                raw = self._within(name, stdin) if str(file) == STDIN else self._bytes(Path(file))
                found = read_handoff(_text(raw, name), name, self.redact)
            except AtocoreError as error:
                refusal = refusal or error
                rows.append(Row(name, "", "", error.message))
            else:
                read.append(replace(found, digest=hashlib.sha256(raw).hexdigest()))
        if refusal is not None and not read:
            raise refusal
        return read, rows

    def _bytes(self, file: Path) -> bytes:
        try:
            if not file.is_file():
                file.stat()  # where there is none, that is what is told
                raise AtocoreError("unreadable", f"{file} is no regular file", "name a file, or - for stdin")
            with file.open("rb") as opened:
                return self._within(str(file), opened.read(self.settings.whole("limits.file_bytes") + 1))
        except FileNotFoundError as error:
            raise AtocoreError("not-found", f"no file {file}", "give the path of a handoff") from error
        except OSError as error:
            raise AtocoreError("unreadable", f"{file}: {error.strerror or error}", "") from error

    def _within(self, name: str, raw: bytes) -> bytes:
        limit = self.settings.whole("limits.file_bytes")
        if len(raw) > limit:
            told = f"{name} is larger than {limit:,} bytes"
            raise AtocoreError("bad-value", told, "hand over in parts, or raise limits.file_bytes")
        return raw

    def _told(self, snapshot: Snapshot, done: Imported, rows: list[Row], dry_run: bool) -> HandedOver:
        written = self.carry_out(snapshot, done.plan, dry_run=dry_run)
        after = AfterSnapshot(self.catalog, done.plan) if dry_run else self.catalog
        stored = (found for one in done.clashing if (found := after.get(one)) is not None)
        claims = (claim for one in stored if (claim := claim_in(after, one)) is not None)
        clashes = [conflict_answer(after, claim) for claim in claims if claim.status == "open"]
        told = {one.id: one for one in (*written.conflicts, *clashes)}
        return HandedOver(
            **parts_of(replace(written, conflicts=tuple(told.values()))),
            wave=done.wave,
            read=done.read,
            candidates=done.new,
            updated=done.updated,
            unchanged=done.unchanged,
            deferred=done.deferred,
            agreed=done.agreed,
            refused=done.refused,
            clashing=len(clashes),
            vanished=done.vanished,
            skipped=(*rows, *done.rows),
            report=done.report,
        )


def _text(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise AtocoreError("bad-value", f"{name}:{line}: not UTF-8", "export it as UTF-8") from error
