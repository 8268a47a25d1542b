"""Gathering verbs: capture and ingest. Machines may take them; they write L0 and candidates only."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from atocore.app.captured import Captured
from atocore.app.extracting import ExtractingVerbs, Ingested
from atocore.errors import AtocoreError
from atocore.knowledge.ingestion.wave import Incoming, Passed
from atocore.records.kinds import DERIVED_FOLDERS, RECORD_FOLDERS, Kind

if TYPE_CHECKING:
    from atocore.app.documents import Choice, Root


class GatheringVerbs(ExtractingVerbs):
    """capture, ingest; and what they build on."""

    def ingest(
        self,
        *paths: str | os.PathLike[str],
        project: str = "",
        include: Sequence[str] = (),
        exclude: Sequence[str] = (),
        gitignore: bool | None = None,
        dry_run: bool = False,
    ) -> Ingested:
        """Bring files and folders in as sources, and propose what they hold. `include` takes the place of the
        settings' patterns, `exclude` adds to them; `gitignore` False takes what git ignores too."""
        from atocore.app import documents

        if not paths:
            raise AtocoreError(
                "usage", "no file or folder is named", "like: atocore ingest docs/ --project p04"
            )
        roots = documents.roots(paths)
        choice = self._choice(include, exclude, gitignore)
        self.names_a_project(project)
        return self._with_extractors(self.anew(lambda: self._ingested(roots, choice, project, dry_run)))

    def _ingested(self, roots: Sequence[Root], choice: Choice, project: str, dry_run: bool) -> Ingested:
        from atocore.app import document_text, documents
        from atocore.knowledge.ingestion import passes as ingestion
        from atocore.knowledge.ingestion.intake import sources_of

        snapshot = self.catch_up()
        found = documents.files(roots, choice)
        sources = sources_of(snapshot, project)
        known = {str(one.header.get("place")): (str(one.header.get("sha256")),) for one in sources}
        read: list[Incoming] = []
        passed = list(found.passed)
        for done, file in enumerate(found.files, 1):
            self.progress("reading", done, len(found.files))
            one = document_text.read(file, choice, self.redact, known)
            (passed if isinstance(one, Passed) else read).append(one)  # type: ignore[arg-type]
        places = {one.id: str(one.header.get("place") or "") for one in sources}
        gone = [one for one, place in places.items() if documents.is_gone(place, roots)]
        around = documents.checkouts(roots)
        empty = [one for one, place in places.items() if documents.is_gone(place, around)]
        wave = ingestion.ingest(snapshot, read, passed, project, self.limits(), gone, empty, self.progress)
        return self._carried(wave, dry_run)

    def _with_extractors(self, done: Ingested) -> Ingested:
        """A wave, and behind it, as a commit of its own, what extractors beside the rules find in its
        documents: what the rules found is committed before any of them is asked."""
        sources = [record.id for record in done.records if record.kind == Kind.SOURCE]
        if done.dry_run or not sources or not self.settings.texts("extraction.extractors"):
            return done
        records = [record for one in sources if (record := self.catalog.get(one)) is not None]
        limits = self.limits()
        left = replace(limits, per_pass=limits.per_pass - done.candidates)
        more = self._asked_and_extracted(records, self._projects(records), left, False)
        return replace(
            done,
            records=(*done.records, *more.records),
            notes=(*done.notes, *((f"extractors: {more.report}",) if more.report else ()), *more.notes),
            candidates=done.candidates + more.candidates,
            deferred=max(done.deferred, more.deferred),
            skipped=(*done.skipped, *more.skipped),
        )

    def _choice(self, include: Sequence[str], exclude: Sequence[str], gitignore: bool | None) -> Choice:
        """Which files of a folder are documents: as the settings say, unless the caller says otherwise."""
        from atocore.app.documents import Choice

        return Choice(
            tuple(include) or self.settings.texts("ingest.include"),
            (*self.settings.texts("ingest.exclude"), *exclude),
            self.settings.flag("ingest.gitignore") if gitignore is None else gitignore,
            self.settings.whole("limits.file_bytes"),
            self.settings.whole("ingest.document_bytes"),
            self._is_ours,
        )

    def _is_ours(self, file: Path) -> bool:
        """Whether a file is a record or a page of this very vault: those are no documents."""
        place = file.resolve()
        if not place.is_relative_to(self.vault.resolve()):
            return False
        top = place.relative_to(self.vault.resolve()).parts[0]
        return top in RECORD_FOLDERS or top in DERIVED_FOLDERS

    # -- capturing --------------------------------------------------------------------------------------

    def capture(
        self,
        prompt: str,
        *,
        response: str = "",
        client: str = "cli",
        session: str = "",
        prompt_id: str = "",
        cwd: str = "",
        at: str = "",
    ) -> Captured:
        """Write one turn with an assistant as a capture, redacted, by the same script as the hook; then what
        `capture.mode` asks for. `at` is when it was said, ISO 8601; now, where it is not given."""
        from atocore.app import resources

        captured = resources.capture_turn(
            self.vault,
            prompt,
            response if self.settings.flag("capture.response") else "",
            client=client,
            session=session,
            prompt_id=prompt_id,
            cwd=cwd,
            at=at or self._now(),
            max_chars=self.settings.whole("capture.max_chars"),
        )
        return self.followed_up(captured)
