"""Gathering verbs: capture and ingest. Machines may take them; they write L0 and candidates only."""

from __future__ import annotations

import fnmatch
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from atocore.app.captured import Captured
from atocore.app.extracting import ExtractingVerbs, Ingested
from atocore.errors import AtocoreError
from atocore.knowledge.wave import Incoming, Passed
from atocore.records.kinds import DERIVED_FOLDERS, RECORD_FOLDERS


class GatheringVerbs(ExtractingVerbs):
    """capture, ingest; and what they build on."""

    def ingest(
        self,
        *paths: str | os.PathLike[str],
        project: str = "",
        dry_run: bool = False,
    ) -> Ingested:
        """Bring files and folders in as sources, and propose what they hold."""
        if not paths:
            raise AtocoreError(
                "usage", "no file or folder is named", "like: atocore ingest docs/ --project p04"
            )
        snapshot = self.catch_up()
        from atocore.app import resources

        redact = resources.redactor()
        documents: list[Incoming] = []
        passed: list[Passed] = []
        files = [entry for path in paths for entry in self._files(Path(path), passed)]
        for done, (file, base, origin) in enumerate(files, 1):
            self.progress("reading", done, len(files))
            found = self._document(file, base, origin, redact)
            if isinstance(found, Passed):
                passed.append(found)
            else:
                documents.append(found)
        folders = [_base(Path(path)) for path in paths if Path(path).is_dir()]
        from atocore.knowledge import ingestion

        wave = ingestion.ingest(snapshot, documents, passed, project, self._limits(), folders)
        return self._carried(wave, dry_run)

    # -- reading documents ------------------------------------------------------------------------------

    def _files(self, path: Path, passed: list[Passed]) -> Iterator[tuple[Path, str, str]]:
        """(file, name of the ingested folder, path in it) of what an argument of `ingest` names."""
        if path.is_file():
            yield path, _base(path.parent), path.name
        elif path.is_dir():
            yield from self._below(path, passed)
        else:
            raise AtocoreError(
                "not-found", f"no file or folder {path}", "give the path of a document or folder"
            )

    def _below(self, top: Path, passed: list[Passed]) -> Iterator[tuple[Path, str, str]]:
        include = self.settings.texts("ingest.include")
        exclude = self.settings.texts("ingest.exclude")

        def unreadable(error: OSError) -> None:
            passed.append(Passed(str(error.filename), f"cannot be listed: {error.strerror}"))

        for folder, names, files in os.walk(top, onerror=unreadable):
            names[:] = sorted(name for name in names if not _fits(name, exclude))
            for name in sorted(files):
                file = Path(folder) / name
                origin = file.relative_to(top).as_posix()
                if _fits(name, exclude):
                    continue
                if file.is_symlink():
                    passed.append(Passed(origin, "a symbolic link: name its target to ingest that"))
                    continue
                if self._is_ours(file):
                    passed.append(Passed(origin, "a file of this vault"))
                    continue
                if not _fits(name.lower(), include):
                    passed.append(Passed(origin, "not one of ingest.include"))
                else:
                    yield file, _base(top), origin

    def _is_ours(self, file: Path) -> bool:
        """Whether a file is a record or a page of this very vault: those are no documents."""
        place = file.resolve()
        if not place.is_relative_to(self.vault.resolve()):
            return False
        top = place.relative_to(self.vault.resolve()).parts[0]
        return top in RECORD_FOLDERS or top in DERIVED_FOLDERS

    def _document(
        self, file: Path, base: str, origin: str, redact: Callable[[str], str]
    ) -> Incoming | Passed:
        try:
            size = file.stat().st_size
            if not file.is_file():
                return Passed(origin, "not a regular file")
            if size > self.settings.whole("limits.file_bytes"):
                return Passed(origin, f"too-large: {size:,} bytes")
            raw = file.read_bytes()
        except OSError as error:
            return Passed(origin, f"unreadable: {error.strerror or error}")
        try:
            text = raw.decode("utf-8-sig")
            origin.encode("utf-8")
        except UnicodeError:
            return Passed(
                origin.encode("utf-8", "replace").decode(), "not-utf8: the file or its name is not UTF-8"
            )
        if "\0" in text:
            return Passed(origin, "nul-byte: not a text file")
        if not text.strip():
            return Passed(origin, "empty")
        if any(line.startswith(("<<<<<<< ", ">>>>>>> ")) for line in text.splitlines()):
            return Passed(origin, "conflict-markers: finish the merge first")
        clean = redact(text)
        return Incoming(origin, base, clean, clean.count("[REDACTED") - text.count("[REDACTED"))

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
    ) -> Captured:
        """Write one turn with an assistant as a capture, redacted, by the same script as the hook; then what
        `capture.mode` asks for."""
        from atocore.app import resources

        captured = resources.capture_turn(
            self.vault,
            prompt,
            response if self.settings.flag("capture.response") else "",
            client=client,
            session=session,
            prompt_id=prompt_id,
            cwd=cwd,
            at=self._now(),
            max_chars=self.settings.whole("capture.max_chars"),
        )
        return self.followed_up(captured)


def _base(folder: Path) -> str:
    """The name of an ingested folder; that of the current one for `.`."""
    return Path(os.path.abspath(folder)).name  # noqa: PTH100  resolve() would follow links


def _fits(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)
