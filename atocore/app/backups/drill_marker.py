"""The marker of a drill: what is written into a restored vault after the backup, and has to be gone once the
backup is restored over it. It is put wherever something can survive: in the history, in the work tree, among
what git ignores, beside the index.
"""

from __future__ import annotations

from typing import Final

from atocore.app.backups.sampling import SamplingVerbs
from atocore.records.plan import Change, Message, Plan

_COMMITTED: Final = "notes/drill-marker.md"
_SAVED: Final = "notes/drill-marker-saved.md"
_CAPTURED: Final = "captures/drill-marker.md"
_BESIDE: Final = ".atocore/index/drill-marker"


def plant(vault: SamplingVerbs, word: str, *, captures: bool) -> str:
    """Write the marker, a `word` that nothing else holds, into a vault; the commit that holds it. Among the
    `captures` only where the backup brings its own: where it has none, those that are there stay."""
    text = f"# Marker of a drill\n\n{word}\n".encode()
    if vault.repository.branch_ref() is None:
        vault.repository.git.run("switch", "--quiet", "-c", "drill")
    message = Message("drill: a marker that a restore takes away", "drill", vault.actor)
    commit = vault.repository.apply(Plan((Change(_COMMITTED, None, text),), message))
    for path in (_SAVED, _BESIDE, *([_CAPTURED] if captures else ())):
        place = vault.vault / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    return commit or ""


def traces(vault: SamplingVerbs, word: str, commit: str) -> list[str]:
    """Where the marker still is."""
    places = (_COMMITTED, _SAVED, _CAPTURED, _BESIDE)
    left = [path for path in places if (vault.vault / path).exists()]
    if commit and vault.repository.git.ask("cat-file", "-e", f"{commit}^{{commit}}").code == 0:
        left.append(f"commit {commit[:10]}")
    hits = vault.search(word, words=True, status="all").hits
    return left + [f"a search finds {hit.path}" for hit in hits if word in hit.snippet]
