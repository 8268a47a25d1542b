from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from atocore.config import SETTINGS
from atocore.index import fulltext
from atocore.index.fulltext import FullText, IndexBusy, IndexDamaged, Passage
from atocore.index.queries import Filters


def passage(text: str, path: str = "notes/a.md", **given: str) -> Passage:
    return Passage(
        key=given.get("key", f"{path}#0"),
        path=path,
        record=given.get("record", "mem-" + path),
        kind=given.get("kind", "memory"),
        type=given.get("type", "knowledge"),
        status=given.get("status", "active"),
        project=given.get("project", ""),
        tags=tuple(given.get("tags", "").split()),
        title=given.get("title", ""),
        heading=given.get("heading", ""),
        claim=given.get("claim", ""),
        text=text,
        first_line=7,
    )


@pytest.fixture
def index(tmp_path: Path) -> FullText:
    return FullText.open(tmp_path / "words")


def found(index: FullText, query: str, filters: Filters | None = None, limit: int = 10) -> list[str]:
    return [hit.passage.path for hit in index.search(query, filters=filters or Filters(), limit=limit)]


TEXTS = {
    "mirror": "The primary mirror weighs 4.2 kg including its cell.",
    "sha": "The health page shows build_sha and the commit.",
    "bolt": "The cell is held by four M3x12 screws.",
    "project": "All of this belongs to p04-gigabit.",
    "camel": "Call getUserName() before foo.bar is read.",
    "french": "Le café de l'été était fermé.",
    "chinese": "主镜的重量是四公斤，包括镜室。",
    "japanese": "望遠鏡の主鏡は四キログラムです。",
    "thai": "กระจกหลักหนักสี่กิโลกรัม",
    "korean": "주경의 무게는 사 킬로그램이다.",
    "arabic": "المرآة الرئيسية تزن أربعة كيلوغرامات",
    "pointed": "الطَّاقَةُ تأتي من الشمس",
    "greek": "Το κάτοπτρο ζυγίζει τέσσερα κιλά.",
    "russian": "Главное зеркало весит четыре килограмма, её корпус отдельно.",
    "cpp": "The driver is written in C++ and the tool in C#.",
}


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> FullText:
    index = FullText.open(tmp_path_factory.mktemp("languages") / "words")
    index.replace([], [passage(text, path) for path, text in TEXTS.items()])
    return index


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("mirrors weighing", "mirror"),
        ("build_sha", "sha"),
        ("sha", "sha"),
        ("buildSha", "sha"),
        ("M3x12", "bolt"),
        ("m3", "bolt"),
        ("p04-gigabit", "project"),
        ("gigabit", "project"),
        ("p04", "project"),
        ("getUserName", "camel"),
        ("getusername", "camel"),
        ("user", "camel"),
        ("foo.bar", "camel"),
        ("bar", "camel"),
        ("cafe", "french"),
        ("été", "french"),
        ("cafe\u0301", "french"),
        ("重量", "chinese"),
        ("镜室", "chinese"),
        ("望遠鏡", "japanese"),
        ("キログラム", "japanese"),
        ("กระจก", "thai"),
        ("무게", "korean"),
        ("المرآة", "arabic"),
        ("الطاقة", "pointed"),
        ("κατοπτρο", "greek"),
        ("зеркало", "russian"),
        ("ее", "russian"),
        ("C++", "cpp"),
        ("C#", "cpp"),
    ],
)
def test_finds_text_in_any_script_and_identifiers_in_whole_and_in_part(
    languages: FullText, query: str, path: str
) -> None:
    assert found(languages, query)[0] == path


@pytest.mark.parametrize("query", ["mirrr", "wieghs", "incl", "prmary mirror"])
def test_a_word_that_nothing_has_is_tried_with_a_typo_and_as_a_beginning(
    languages: FullText, query: str
) -> None:
    assert found(languages, query)[0] == "mirror"


def test_a_phrase_is_required_and_a_word_with_a_minus_is_excluded(index: FullText) -> None:
    index.replace(
        [],
        [
            passage("the mirror of the primary", "loose"),
            passage("the primary mirror", "tight"),
            passage("the primary mirror cell", "cell"),
        ],
    )
    assert set(found(index, '"primary mirror"')) == {"tight", "cell"}
    assert found(index, '"primary mirror" -cell') == ["tight"]
    assert set(found(index, "mirror -cell")) == {"loose", "tight"}
    assert found(index, 'mirror -"mirror cell"  -"of the primary"') == ["tight"]
    assert found(index, "-cell") == ["cell"]
    assert found(index, '"cell') == ["cell"]


def test_a_number_with_a_minus_is_a_number(index: FullText) -> None:
    index.replace([], [passage("rated from -40 to 85 degrees", "cold")])
    assert found(index, "-40 degrees") == ["cold"]


def test_chinese_phrases_need_every_pair(languages: FullText) -> None:
    assert found(languages, '"主镜的重量"') == ["chinese"]
    assert found(languages, '"重量主镜"') == []


def test_the_title_outweighs_the_body(index: FullText) -> None:
    index.replace([], [passage("glass", "a", title="mirror"), passage("mirror", "b", title="glass")])
    assert found(index, "mirror") == ["a", "b"]


def test_each_field_has_its_weight(index: FullText) -> None:
    fields = ("title", "claim", "heading", "tags", "text")
    glass = dict.fromkeys(fields, "glass")
    index.replace([], [passage(path=name, **(glass | {name: "mirror"})) for name in fields])
    ranked = found(index, "mirror")
    assert ranked[:2] == ["title", "claim"]
    assert set(ranked[2:4]) == {"heading", "tags"}
    assert ranked[4] == "text"


@pytest.mark.parametrize("word", ["zerodurian", "build_sha", "主镜", "p04-gigabit"])
def test_the_last_word_of_a_long_text_is_found(index: FullText, word: str) -> None:
    long = "Nothing of note stands in this line.\n" * 30_000
    index.replace([], [passage(f"{long}{word}", "long"), passage(long, "other")])
    assert found(index, word) == ["long"]


def test_a_word_with_a_star_is_a_beginning_even_where_it_is_known(index: FullText) -> None:
    index.replace([], [passage("mirror", "whole"), passage("mirrorless", "longer")])
    assert found(index, "mirror") == ["whole"]
    assert found(index, "mirror*") == ["whole", "longer"]


def test_identifiers_are_found_whole_and_in_part_whatever_stands_around_them(index: FullText) -> None:
    index.replace([], [passage('Call (std::move), "foo_bar". Or {getUserName}; see `a-1.2`, [x9y].', "code")])
    for query in (
        "std::move",
        "move",
        "foo_bar",
        "foobar",
        "bar",
        "username getusername",
        "a-1.2",
        "x9y",
        "9",
    ):
        assert found(index, query) == ["code"], query


def test_function_words_alone_are_still_looked_for(index: FullText) -> None:
    index.replace([], [passage("to be or not to be", "hamlet")])
    assert found(index, "to be or not to be") == ["hamlet"]


@pytest.mark.parametrize("query", ["", "   ", "!!!", '"', "-", '""', "\x00", "🚀", "()"])
def test_a_query_without_a_word_finds_nothing(languages: FullText, query: str) -> None:
    assert found(languages, query) == []


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(),
        st.text(alphabet='"-+*:^~()[]{}/\\ aA1_.é中\x00\ud800', max_size=40),
    )
)
def test_any_string_is_a_legal_query(languages: FullText, query: str) -> None:
    hits = languages.search(query, limit=3)
    for hit in hits:
        assert 0.0 <= languages.coverage(query, hit.passage) <= 1.0
        assert "\n" not in languages.snippet(query, hit.passage)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(), title=st.text(max_size=20), path=st.text(min_size=1, max_size=20))
def test_any_passage_is_kept_as_it_is(index: FullText, text: str, title: str, path: str) -> None:
    given = passage(text, path, title=title, tags="x y")
    index.replace([path], [given])
    assert index.fetch([given.key]) == {given.key: given}
    index.replace([path], [])
    assert index.count() == 0


def test_a_very_long_query_and_a_very_long_word_are_answered(languages: FullText) -> None:
    assert found(languages, "mirror " + " ".join(f"word{n}" for n in range(5000)))[0] == "mirror"
    assert found(languages, "x" * 1_000_000) == []
    assert found(languages, '"' + "phrase of many words " * 5_000 + '"') == []
    assert found(languages, "-a" * 50_000) == []


FILTERED = [
    ("kinds", "kind", "entity"),
    ("types", "type", "decision"),
    ("statuses", "status", "candidate"),
    ("projects", "project", "p04"),
    ("tags", "tags", "optics"),
]


@pytest.mark.parametrize(("filter_name", "field", "value"), FILTERED)
def test_a_filter_keeps_the_result_full_and_the_scores_as_they_were(
    index: FullText, filter_name: str, field: str, value: str
) -> None:
    common = [passage("mirror mirror mirror", f"c{n}") for n in range(300)]
    rare = [passage("mirror and much else " * 5, f"r{n}", **{field: value}) for n in range(10)]
    index.replace([], common + rare)
    everything = {hit.passage.path: hit.score for hit in index.search("mirror", limit=400)}
    hits = index.search("mirror", filters=Filters(**{filter_name: frozenset([value])}), limit=10)
    assert {hit.passage.path for hit in hits} == {p.path for p in rare}
    assert all(hit.score == everything[hit.passage.path] for hit in hits)


def test_filters_combine_and_an_empty_set_allows_nothing(index: FullText) -> None:
    index.replace([], [passage("mirror", "a", project="p1"), passage("mirror", "b"), passage("mirror", "c")])
    assert found(index, "mirror", Filters(projects=frozenset(["p1"]), kinds=frozenset(["memory"]))) == ["a"]
    assert found(index, "mirror", Filters(projects=frozenset([""]))) == ["b", "c"]
    assert found(index, "mirror", Filters(kinds=frozenset())) == []
    assert found(index, "mirror", Filters(paths=frozenset(["b", "c"]), hidden_paths=frozenset(["c"]))) == [
        "b"
    ]


def test_replacing_a_path_forgets_all_its_passages(index: FullText) -> None:
    index.replace([], [passage("mirror one", "a", key="a#0"), passage("mirror two", "a", key="a#1")])
    index.replace(["a", "never there"], [passage("mirror three", "a", key="a#0")])
    assert [p.text for p in index.passages()] == ["mirror three"]
    assert list(index.fetch(["a#0", "a#1"])) == ["a#0"]
    index.replace([], [])
    assert index.count() == 1


def test_an_index_is_found_as_it_was_left(tmp_path: Path) -> None:
    FullText.open(tmp_path / "words").replace([], [passage("running mirrors")])
    assert found(FullText.open(tmp_path / "words"), "run mirror") == ["notes/a.md"]


def test_a_large_batch_is_one_commit(index: FullText) -> None:
    index.replace([], (passage(f"mirror {n}", f"n{n}") for n in range(1500)))
    assert index.count() == 1500
    assert found(index, "1499") == ["n1499"]


def test_a_batch_that_fails_leaves_the_index_and_its_lock_as_they_were(index: FullText) -> None:
    index.replace([], [passage("mirror", "a")])

    def failing() -> Iterator[Passage]:
        yield from (passage("other", f"b{n}") for n in range(600))
        raise RuntimeError("the vault went away")

    with pytest.raises(RuntimeError):
        index.replace(["a"], failing())
    assert [p.path for p in index.passages()] == ["a"]
    index.replace([], [passage("mirror", "c")])
    assert index.count() == 2


def test_a_second_writer_waits_and_then_says_so(index: FullText, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "_LOCK_SECONDS", 0.1)
    held = index._writer(threads=1)
    with pytest.raises(IndexBusy):
        index.replace([], [passage("mirror")])
    held.wait_merging_threads()
    index.replace([], [passage("mirror")])


def test_readers_go_on_while_another_handle_writes(tmp_path: Path) -> None:
    writer, reader = FullText.open(tmp_path / "words"), FullText.open(tmp_path / "words")
    writer.replace([], [passage("mirror steady", f"s{n}") for n in range(50)])
    failures: list[Exception] = []
    seen: set[int] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            try:
                seen.add(len(reader.search("steady", limit=100)))
            except Exception as error:  # noqa: BLE001  whatever it is, the test fails
                failures.append(error)

    threads = [threading.Thread(target=read) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(25):
        writer.replace([f"s{turn}"], [passage(f"mirror steady {turn}", f"s{turn}")])
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []
    assert seen == {50}
    assert found(reader, '"steady 24"') == ["s24"]


def test_another_format_is_not_opened(tmp_path: Path) -> None:
    FullText.open(tmp_path / "words")
    (tmp_path / "words" / "atocore-format").write_text("0\n")
    with pytest.raises(IndexDamaged):
        FullText.open(tmp_path / "words")


def test_an_index_of_another_language_is_not_opened(tmp_path: Path) -> None:
    FullText.open(tmp_path / "words", "german")
    FullText.open(tmp_path / "words", "german")
    with pytest.raises(IndexDamaged):
        FullText.open(tmp_path / "words")
    with pytest.raises(ValueError, match="klingon"):
        FullText.open(tmp_path / "others", "klingon")


LANGUAGES = next(row.choices for row in SETTINGS if row.name == "search.language")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_of_the_setting_makes_an_index(tmp_path: Path, language: str) -> None:
    index = FullText.open(tmp_path / "words", language)
    index.replace([], [passage("The primary mirror", "a")])
    assert found(index, "mirror") == ["a"]
    [hit] = index.search("the primary mirror")
    assert index.coverage("the primary mirror", hit.passage) == 1.0
    assert index.snippet("mirror", hit.passage) == "The primary mirror"


@pytest.mark.parametrize(
    ("language", "text", "form", "is_found"),
    [
        ("english", "The mirrors were polished", "polishing", True),
        ("none", "The mirrors were polished", "polishing", False),
        ("english", "gemessene Werte", "gemessenen", False),
        ("german", "gemessene Werte", "gemessenen", True),
        ("french", "Les données mesurées", "donnée", True),
        ("french", "Les pressions mesurées", "mesurer", True),
        ("russian", "Зелёный свет", "зелёная", True),
        ("russian", "Зелёный свет", "зелёное", True),
        ("spanish", "Los espejos primarios", "espejo", True),
        ("russian", "Главное зеркало", "зеркала", True),
        ("swedish", "Många speglar", "spegeln speglarna", True),
    ],
)
def test_words_are_found_in_the_forms_that_the_language_knows(
    tmp_path: Path, language: str, text: str, form: str, is_found: bool
) -> None:
    index = FullText.open(tmp_path / "words", language)
    index.replace([], [passage(form, "form"), passage(text, "text")])
    assert found(index, form) == (["form", "text"] if is_found else ["form"])


def test_function_words_of_the_language_find_nothing_beside_others(tmp_path: Path) -> None:
    index = FullText.open(tmp_path / "words", "german")
    index.replace([], [passage("nichts für uns", "function"), passage("der Spiegel", "content")])
    assert found(index, "Spiegel für") == ["content"]
    assert found(index, "für") == ["function"]


def test_keys_are_those_of_all_passages_that_fit_and_none_where_too_many_do(index: FullText) -> None:
    odd = ["a\\b.md#0", "\udcff.md#0", "\\udcff.md#0", "中\\\udcff.md#1", "plain.md#0"]
    rare = [passage("", key.rpartition("#")[0], key=key, project="rare") for key in odd]
    index.replace([], [*rare, *(passage("", f"c{n}") for n in range(50))])
    rarely = Filters(projects=frozenset(["rare"]))
    assert index.keys(rarely, 5) == sorted(odd)
    assert index.keys(rarely, 4) is None
    assert index.keys(Filters(projects=frozenset(["no"])), 0) == []
    assert index.keys(Filters(hidden_paths=frozenset(["plain.md"])), 100_000) is not None
    index.replace(["plain.md"], [])
    assert index.keys(rarely, 5) == sorted(set(odd) - {"plain.md#0"})


def test_a_half_made_index_is_not_opened(tmp_path: Path) -> None:
    FullText.open(tmp_path / "words")
    (tmp_path / "words" / "atocore-format").unlink()
    with pytest.raises(IndexDamaged):
        FullText.open(tmp_path / "words")


def segment_files(folder: Path) -> list[Path]:
    return sorted(
        f for f in folder.iterdir() if f.suffix in {".idx", ".term", ".store", ".pos", ".fieldnorm"}
    )


@pytest.mark.parametrize("name", ["meta.json", ".idx", ".term", ".store"])
def test_a_truncated_file_is_damage(tmp_path: Path, name: str) -> None:
    FullText.open(tmp_path).replace([], [passage(f"mirror {n}", f"p{n}") for n in range(20)])
    [victim] = [f for f in tmp_path.iterdir() if f.name == name or f.suffix == name]
    victim.write_bytes(victim.read_bytes()[:-20])
    with pytest.raises(IndexDamaged):
        index = FullText.open(tmp_path)
        index.search("mirror")


@pytest.mark.parametrize("name", ["meta.json", ".idx", ".term", ".store"])
def test_a_missing_file_is_damage(tmp_path: Path, name: str) -> None:
    FullText.open(tmp_path).replace([], [passage("mirror")])
    [victim] = [f for f in tmp_path.iterdir() if f.name == name or f.suffix == name]
    victim.unlink()
    with pytest.raises(IndexDamaged):
        FullText.open(tmp_path).search("mirror")


def test_a_flipped_byte_is_seen_by_the_checksums(tmp_path: Path) -> None:
    index = FullText.open(tmp_path)
    index.replace([], [passage(f"mirror {n}", f"p{n}") for n in range(20)])
    assert index.damaged_files() == []
    for victim in segment_files(tmp_path):
        good = victim.read_bytes()
        victim.write_bytes(bytes([good[0] ^ 1]) + good[1:])
        assert index.damaged_files() == [victim.name]
        victim.write_bytes(good)


def test_a_snippet_is_one_plain_line_around_the_densest_match(index: FullText) -> None:
    text = "Nothing of note here. " * 40 + "The **primary mirror**\n\nweighs 4.2 kg. " + "More talk. " * 40
    index.replace([], [passage(text)])
    [hit] = index.search("primary mirror weight")
    snippet = index.snippet("primary mirror weight", hit.passage)
    assert "The **primary mirror** weighs 4.2 kg." in snippet
    assert snippet.startswith("… ") and snippet.endswith(" …") and len(snippet) <= 204


def test_a_snippet_of_what_meaning_found_is_the_start(index: FullText) -> None:
    assert index.snippet("unrelated", passage("  The mirror\tweighs\x07 4 kg. ")) == "The mirror weighs 4 kg."


def test_a_snippet_finds_its_place_in_chinese(index: FullText) -> None:
    snippet = index.snippet("重量", passage("无关的话。" * 100 + "主镜的重量是四公斤。" + "无关的话。" * 100))
    assert "重量" in snippet


def test_coverage_weighs_rare_words_more(index: FullText) -> None:
    index.replace([], [passage("mirror", f"m{n}") for n in range(50)] + [passage("zerodur mirror", "z")])
    [common, rare] = passage("mirror"), passage("zerodur")
    assert index.coverage("zerodur mirrors", passage("zerodur mirror")) == 1.0
    assert 0.0 < index.coverage("zerodur mirror", common) < index.coverage("zerodur mirror", rare) < 1.0
    assert index.coverage("the of", passage("football")) == 0.0
