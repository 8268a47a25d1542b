"""What people refused, replaced or withdrew reaches a pack by no door: not even through its source."""

from __future__ import annotations

from pathlib import Path

from desk import Desk

DOCUMENT = "# Mirror\n\n## Constraints\n\n- The primary mirror mass must not exceed 4.5 kg.\n"


def test_a_rejected_statement_does_not_come_back_through_its_source(desk: Desk, tmp_path: Path) -> None:
    document = tmp_path / "mirror.md"
    document.write_text(DOCUMENT)
    made = desk.vault.ingest(document, project="scope")
    candidate = next(record for record in made.records if record.status == "candidate")
    before = desk.vault.context("primary mirror mass", project="scope", words=True)
    assert "4.5 kg" in before.text
    desk.vault.reject(candidate.id, reason="measured otherwise")
    after = desk.vault.context("primary mirror mass", project="scope", words=True)
    assert "4.5 kg" not in after.text
