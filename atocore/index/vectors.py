"""Meaning at rest: the passages' vectors in usearch, searched exactly up to where that is fast enough.

Knows usearch, numpy and how to keep files whole; knows nothing of texts or models. It is a cache: whatever
is wrong with it is `IndexDamaged`, and the caller builds another from the embedding cache.

A generation is a usearch file that is never changed (usearch's own saving is not atomic, and changing a file
under a reader's mapping kills the reader), the list of its keys, and a journal of what was replaced since.
Saving appends to the journal, so it costs what changed; a long journal is merged into the next
generation, built anew, so recall does not decay. `vectors.json` is written last: it names the generation
and the checksum of each file, so what a killed writer left behind is not seen. One writer at a time; that is
the caller's lock.
"""

from __future__ import annotations

import json
import os
import struct
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from atocore.index import vectors_held
from atocore.index.fulltext import IndexDamaged
from atocore.index.vectors_held import Held

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from atocore.index.vectors_held import Halves, Rows

_FORMAT: Final = 1
_META: Final = "vectors.json"
_GRAPH: Final = (16, 128)  # connectivity, and candidates looked at when adding
_NO_GRAPH: Final = (2, 1)  # the least usearch builds: 200,000 vectors a second
_CANDIDATES: Final = 256  # looked at when searching a graph
_JOURNAL_ROWS: Final = 1000  # or a tenth of the generation: what is merged into the next one


@dataclass(frozen=True, slots=True)
class _Meta:
    format: int
    fingerprint: str
    dimensions: int
    generation: int = 0
    vectors: int = 0  # in the generation's usearch file
    vectors_crc: int = 0
    keys_crc: int = 0
    journal_bytes: int = 0
    journal_crc: int = 0


class VectorIndex:
    """Unit vectors by key. Searches may run while another thread replaces; only one may replace."""

    def __init__(self, folder: Path, meta: _Meta) -> None:
        self._folder = folder
        self._meta = meta
        self._held = Held(meta.dimensions)
        self._unsaved = b""

    @classmethod
    def open(cls, folder: Path, fingerprint: str, dimensions: int) -> VectorIndex:
        """Open the index in `folder`, or begin one; IndexDamaged if it is damaged or another model's."""
        if not (folder / _META).exists():
            if folder.is_dir() and any(folder.iterdir()):
                raise IndexDamaged(f"{folder}: vectors without their {_META}")
            return cls(folder, _Meta(_FORMAT, fingerprint, dimensions))
        meta = _read_meta(folder, fingerprint, dimensions)
        while True:
            index = cls(folder, meta)
            try:
                index._held = index._load()
                return index
            except FileNotFoundError as error:
                meta = _read_meta(folder, fingerprint, dimensions)
                if meta.generation == index._meta.generation:  # else a writer began the next one meanwhile
                    raise IndexDamaged(str(error)) from error

    def __len__(self) -> int:
        return len(self._held)

    def follow(self) -> bool:
        """Take in what another writer appended since; False where this object is of no more use: the index
        was merged, discarded or damaged meanwhile."""
        try:
            meta = _read_meta(self._folder, self._meta.fingerprint, self._meta.dimensions)
            if meta == self._meta:
                return True
            if self._unsaved or meta.generation != self._meta.generation:
                return False
            with self._file("journal").open("rb") as file:
                file.seek(self._meta.journal_bytes)
                entries = file.read(meta.journal_bytes - self._meta.journal_bytes)
        except (OSError, IndexDamaged):
            return (
                not (self._folder / _META).exists() and self._meta.generation == self._meta.journal_bytes == 0
            )
        if zlib.crc32(entries, self._meta.journal_crc) != meta.journal_crc:
            return False
        for gone, new in _journal_entries(entries, meta.dimensions):
            self._held = self._held.replaced(gone, new)
        self._meta = meta
        return True

    def windows_of(self, passages: Iterable[str]) -> set[str]:
        """The keys of the vectors of these passages: `path#3`, and `path#3~1` for a further window of it."""
        return set(self._held.windows_of(passages))

    def keys(self) -> list[str]:
        """Every key in the index, sorted."""
        return self._held.living()

    def vectors(self, keys: Iterable[str]) -> dict[str, Rows]:
        """The vectors of these keys, in the half precision in which they are kept: for verification."""
        return self._held.vectors(keys)

    def search(self, vector: Rows, k: int, allowed: Collection[str] | None = None) -> list[tuple[str, float]]:
        """The `k` nearest keys, of those `allowed`, with their cosine, best first. A filter costs no hits."""
        return self._held.search(vector, k, allowed)

    def replace(self, remove: Iterable[str], add: Mapping[str, Rows]) -> None:
        """Forget the keys of `remove`, learn those of `add`; a key that is there already is replaced."""
        import numpy as np

        gone = list(dict.fromkeys((*remove, *add)))
        new = {key: np.asarray(vector, dtype="<f2") for key, vector in add.items()}
        if any(vector.shape != (self._meta.dimensions,) for vector in new.values()):
            raise ValueError(f"a vector of this index has {self._meta.dimensions} dimensions")
        if not all(np.isfinite(vector).all() for vector in new.values()):
            raise ValueError("a vector has a number that is not finite")
        if gone:
            self._unsaved += _journal_entry(gone, new)
            self._held = self._held.replaced(gone, new)

    def save(self) -> None:
        """Put on disk what was replaced since the last time: appended, or merged when that grew long."""
        if not self._unsaved and (self._folder / _META).exists():
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._held.changed() > max(_JOURNAL_ROWS, len(self._held.keys) // 10):
            self._merge()
        else:
            self._append()
        self._unsaved = b""

    def _append(self) -> None:
        journal = self._file("journal")
        with journal.open("r+b" if journal.exists() else "wb") as file:
            file.seek(self._meta.journal_bytes)
            file.truncate()
            file.write(self._unsaved)
            file.flush()
            os.fsync(file.fileno())
        length = self._meta.journal_bytes + len(self._unsaved)
        crc = zlib.crc32(self._unsaved, self._meta.journal_crc)
        self._write_meta(replace(self._meta, journal_bytes=length, journal_crc=crc))

    def _merge(self) -> None:
        """Begin the next generation with every living vector in it."""
        keys = self.keys()
        old, next_one = self._meta.generation, self._meta.generation + 1
        file = self._folder / f"{next_one}.usearch"
        listed = json.dumps(keys).encode()
        vectors = self.vectors(keys)
        _write_usearch(file, [vectors[key] for key in keys], self._meta.dimensions)
        _write(file.with_suffix(".keys"), listed)
        start = _Meta(_FORMAT, self._meta.fingerprint, self._meta.dimensions, next_one, len(keys))
        self._write_meta(replace(start, vectors_crc=_crc(file), keys_crc=zlib.crc32(listed)))
        self._held = self._load()
        for kind in ("usearch", "keys", "journal"):
            (self._folder / f"{old}.{kind}").unlink(missing_ok=True)

    def _load(self) -> Held:
        meta, held = self._meta, Held(self._meta.dimensions)
        if meta.generation:
            listed = self._file("keys").read_bytes()
            _require(zlib.crc32(listed) == meta.keys_crc, self._file("keys"))
            _require(_crc(self._file("usearch")) == meta.vectors_crc, self._file("usearch"))
            held = Held(meta.dimensions, _mapped(self._file("usearch"), meta), tuple(json.loads(listed)))
        if meta.journal_bytes:
            with self._file("journal").open("rb") as file:
                entries = file.read(meta.journal_bytes)
            _require(zlib.crc32(entries) == meta.journal_crc, self._file("journal"))
            for gone, new in _journal_entries(entries, meta.dimensions):
                held = held.replaced(gone, new)
        return held

    def _file(self, kind: str) -> Path:
        return self._folder / f"{self._meta.generation}.{kind}"

    def _write_meta(self, meta: _Meta) -> None:
        _write(self._folder / _META, json.dumps(asdict(meta)).encode())
        self._meta = meta


def is_begun(folder: Path) -> bool:
    """Whether there is an index, rather than what a writer left that was killed before its first save."""
    return (folder / _META).exists()


def stated_fingerprint(folder: Path) -> str:
    """Which model the vectors in a folder say they are of; "" where there are none."""
    try:
        return str(json.loads((folder / _META).read_bytes())["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _read_meta(folder: Path, fingerprint: str, dimensions: int) -> _Meta:
    try:
        meta = _Meta(**json.loads((folder / _META).read_bytes()))
    except (ValueError, TypeError) as error:
        raise IndexDamaged(f"{folder / _META}: {error}") from error
    if meta.format != _FORMAT:
        raise IndexDamaged(f"{folder}: another format of the vector index")
    if (meta.fingerprint, meta.dimensions) != (fingerprint, dimensions):
        raise IndexDamaged(f"{folder}: vectors of another model ({meta.fingerprint})")
    return meta


def _write_usearch(path: Path, vectors: Sequence[Rows], dimensions: int) -> None:
    import numpy as np
    from usearch.index import Index

    connectivity, expansion = _NO_GRAPH if len(vectors) <= vectors_held.EXACT_UP_TO else _GRAPH
    index = Index(
        ndim=dimensions, metric="ip", dtype="f16", connectivity=connectivity, expansion_add=expansion
    )
    if vectors:
        index.add(np.arange(len(vectors)), np.stack(vectors).astype(np.float16))
    draft = path.with_name(f"{path.name}.draft")
    index.save(str(draft))
    with draft.open("rb") as file:
        os.fsync(file.fileno())
    draft.replace(path)


def _mapped(path: Path, meta: _Meta) -> Any:
    from usearch.index import Index

    try:
        base: Any = Index.restore(str(path), view=True)
    except (ValueError, RuntimeError) as error:
        if not path.exists():  # usearch tells of a missing file as of a damaged one
            raise FileNotFoundError(path) from error
        raise IndexDamaged(f"{path}: {error}") from error
    if base is None:
        raise FileNotFoundError(path)
    _require((base.ndim, len(base)) == (meta.dimensions, meta.vectors), path)
    base.expansion_search = _CANDIDATES
    return base


def _journal_entry(gone: list[str], new: Halves) -> bytes:
    head = json.dumps([gone, list(new)]).encode()
    return struct.pack("<I", len(head)) + head + b"".join(vector.tobytes() for vector in new.values())


def _journal_entries(
    data: bytes, dimensions: int
) -> Iterator[tuple[list[str], dict[str, NDArray[np.float16]]]]:
    import numpy as np

    at = 0
    while at < len(data):
        (length,) = struct.unpack_from("<I", data, at)
        gone, added = json.loads(data[at + 4 : at + 4 + length])
        at += 4 + length
        size = 2 * dimensions * len(added)
        rows = np.frombuffer(data[at : at + size], dtype="<f2").reshape(len(added), dimensions)
        yield gone, dict(zip(added, rows, strict=True))
        at += size


def _require(good: bool, path: Path) -> None:
    if not good:
        raise IndexDamaged(f"{path}: not as it was written")


def _crc(path: Path) -> int:
    """CRC-32: it sees any flipped byte and any cut, at a seventh of the cost of a cryptographic hash."""
    crc = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            crc = zlib.crc32(block, crc)
    return crc


def _write(path: Path, data: bytes) -> None:
    """A whole file or none: written aside, on disk before it takes the name."""
    draft = path.with_name(f"{path.name}.draft")
    with draft.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
