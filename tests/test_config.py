"""Settings: one table, documented in the file that `init` writes, and read back as what it says."""

from __future__ import annotations

import pytest
import yaml

from atocore.config import DEFAULTS, SETTINGS, Row, read_settings
from atocore.config_format import FORMAT
from atocore.config_plain import read_plain
from atocore.config_text import settings_text
from atocore.errors import AtocoreError


def told(text: str) -> str:
    with pytest.raises(AtocoreError) as refused:
        read_settings(text)
    assert refused.value.code == "bad-settings"
    return refused.value.message


def written(name: str, value: str) -> str:
    group, _, leaf = name.rpartition(".")
    return f"{group}:\n  {leaf}: {value}\n" if group else f"{leaf}: {value}\n"


def test_the_documented_file_says_the_defaults() -> None:
    assert dict(read_settings(settings_text()).values) == dict(DEFAULTS.values)


def test_the_documented_file_explains_every_setting_on_the_line_above_it() -> None:
    lines = settings_text().splitlines()
    for row in SETTINGS:
        group, _, leaf = row.name.rpartition(".")
        begins = lines.index(f"{group}:") if group else 0
        written = f"{'  ' if group else ''}{leaf}:"
        at = next(n for n, line in enumerate(lines) if n >= begins and line.startswith(written))
        assert row.meaning in lines[at - 1]
        assert all(choice in lines[at - 1] for choice in row.choices)


def test_every_setting_stands_once_in_the_table_and_once_in_the_file() -> None:
    assert len({row.name for row in SETTINGS}) == len(SETTINGS)
    document = yaml.safe_load(settings_text())
    names = [
        f"{key}.{leaf}" if leaf else key
        for key, inner in document.items()
        for leaf in (inner if isinstance(inner, dict) else ("",))
    ]
    assert sorted(names) == sorted(row.name for row in SETTINGS)


@pytest.mark.parametrize(
    "text", ["", "# nothing\n", "format: 1\n", "capture:\n", "capture:\n  # mode: extract\n"]
)
def test_what_the_file_does_not_say_has_its_default(text: str) -> None:
    assert dict(read_settings(text).values) == dict(DEFAULTS.values)


def test_a_setting_that_is_given_counts_and_the_rest_stays() -> None:
    settings = read_settings(
        "capture: {mode: extract}\nlimits:\n  lock_seconds: 3\nmachines: {allow: [confirm]}\n"
    )
    assert settings.text("capture.mode") == "extract"
    assert settings.number("limits.lock_seconds") == 3
    assert settings.texts("machines.allow") == ("confirm",)
    assert settings.whole("extraction.max_open") == 200
    assert settings.flag("capture.response")


def test_keys_of_a_newer_version_are_ignored() -> None:
    text = "capture: {colour: red}\nfuture: {deep: {deeper: 1}}\nshelving: nightly\n1: 2\n"
    assert dict(read_settings(text).values) == dict(DEFAULTS.values)


WRONG = {
    bool: ["1", "'yes'", "[]", "~"],
    int: ["-1", "1.5", "many", "true", "[]"],
    float: ["-1", "soon", "true", ".nan", ".inf"],
}


def wrong(row: Row) -> list[str]:
    texts = ["x", "[1]", "3"]
    if isinstance(row.default, str) and not row.choices:
        texts.remove("x")  # any text is fine
    return WRONG.get(type(row.default), texts)


@pytest.mark.parametrize(
    ("row", "value"),
    [(row, value) for row in SETTINGS for value in wrong(row)],
    ids=lambda part: part.name if isinstance(part, Row) else part,
)
def test_a_value_of_the_wrong_form_is_refused_by_name(row: Row, value: str) -> None:
    assert row.name in told(written(row.name, value))


def test_a_choice_that_does_not_exist_is_refused_with_those_that_do() -> None:
    assert told("capture: {mode: eager}").endswith("one of conservative, extract, reinforce, not 'eager'")


def test_a_value_where_a_group_stands_is_refused() -> None:
    assert "capture is a group of settings" in told("capture: extract")


def test_a_newer_format_is_refused_with_the_way_out() -> None:
    with pytest.raises(AtocoreError) as refused:
        read_settings(f"format: {FORMAT + 1}\n")
    assert refused.value.code == "newer-format"
    assert refused.value.hint.startswith("upgrade AtoCore")


def test_a_newer_format_is_read_for_what_tells_no_knowledge() -> None:
    text = f"format: {FORMAT + 1}\ncapture: everything\nlimits: {{lock_seconds: soon, file_bytes: 7}}\n"
    settings = read_settings(text, any_format=True)
    assert settings.number("limits.lock_seconds") == DEFAULTS.number("limits.lock_seconds")
    assert settings.whole("limits.file_bytes") == 7
    assert settings.whole("format") == FORMAT + 1


@pytest.mark.parametrize("text", ["", "capture:\n", "format: 0\n"])
def test_a_vault_that_names_no_format_is_of_the_first(text: str) -> None:
    assert read_settings(text).whole("limits.file_bytes")


@pytest.mark.parametrize(
    "text",
    [
        "a: [\n",
        "- a\n- b\n",
        "just text\n",
        "a: !!python/object/apply:os.system [x]\n",
        "a: b: c\n",
        "\x07",
        "d: 2026-99-99\n",
        pytest.param("[" * 5000, id="deep"),
        pytest.param("a: &a [*a]\ncapture: *a\n", id="alias-of-itself"),
    ],
)
def test_a_file_that_is_no_settings_is_refused_and_never_a_crash(text: str) -> None:
    told(text)


def test_a_mapping_that_holds_itself_is_no_endless_walk() -> None:
    assert dict(read_settings("a: &a\n  b: *a\n").values) == dict(DEFAULTS.values)


def test_a_broken_file_is_refused_with_its_line() -> None:
    assert "line 3" in told("capture:\n  mode: extract\n bad\n")


@pytest.mark.parametrize(
    "who",
    [
        "Claude <noreply@anthropic.com>",
        "Claude Opus 4.1 <noreply@anthropic.com>",
        "Claude Code <bot@example.org>",
        "claude[bot] <209825114+claude[bot]@users.noreply.github.com>",
        "dependabot[bot] <support@github.com>",
        "Codex <codex@openai.com>",
        "Copilot <198982749+Copilot@users.noreply.github.com>",
        "Cursor Agent <cursoragent@cursor.com>",
        "gemini-code-assist[bot] <x@users.noreply.github.com>",
        "Ann Reviewer (aider) <ann@example.org>",
        "aider (gpt-5) <noreply@aider.chat>",
        "Devin AI <158243242+devin-ai-integration[bot]@users.noreply.github.com>",
        "atocore <atocore@localhost>",
    ],
)
def test_assistants_are_known_by_the_names_they_commit_under(who: str) -> None:
    assert DEFAULTS.names_machine("A Reviewer <a@example.org>", who) == who


@pytest.mark.parametrize(
    "who",
    [
        "A Reviewer <reviewer@example.org>",
        "Jean-Claude Dupont <jcd@example.org>",
        "Claude Monet <claude.monet@example.org>",
        "Devin Smith <devin@example.org>",
        "Haider Ali <haider@example.org>",
        "Robot Fan <abbot@example.org>",
        "Ato Core <ato@atocore.example>",
        "",
    ],
)
def test_people_whose_names_look_like_an_assistants_stay_people(who: str) -> None:
    assert DEFAULTS.names_machine(who) == ""


def test_the_patterns_of_the_settings_count_in_any_case() -> None:
    settings = read_settings('machines:\n  authors: ["R2*"]\n')
    assert settings.names_machine("r2-d2 <r2@example.org>")
    assert not settings.names_machine("Claude <noreply@anthropic.com>")


@pytest.mark.parametrize("written", ["off", '"off"', "'OFF'", '""'])
def test_a_schedule_that_is_off_is_a_word_whatever_yaml_makes_of_it(written: str) -> None:
    assert read_settings(f"schedule:\n  drill: {written}\n").text("schedule.drill").lower() in ("off", "")


def test_the_documented_file_needs_no_yaml_parser() -> None:
    assert read_plain(settings_text()) is not None
