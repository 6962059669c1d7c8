"""The reading of a pack: every fault has its place, an extending pack takes over its base's, and ours is whole."""

import shutil
from pathlib import Path

import pytest
from small_pack import FOLDER, small_pack

from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_pack
from pioneer_cli.quantities import parse_when
from pioneer_cli.reading import LoadedReading, Reading, load_reading
from pioneer_cli.shipped import shipped_names

SOUND = """\
vocabulary:
  C1a:
    - [vision, aim]
  C2a:
    - [prevent, prevention]
    - [health check]
expectations:
  - id: E1
    expects: It goes fast.
    considerations: [C1a]
    vocabulary:
      - [fast, rapid]
anachronisms:
  - terms: [Better Care Fund]
    since: 2013-06-26
    what: A fund of later days.
"""
CODES = "considerations: C1a, C1b, C1c, C2a, C2b"
SMALL = small_pack()
EXTENDING = "name: ours\ntitle: Our own call\nextends: small\n"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "shipped" / "small"))


def load(folder: Path, text: str | None) -> LoadedReading:
    if text is not None:
        (folder / "reading.yaml").write_text(text, encoding="utf-8")
    return load_reading(str(folder), SMALL)


def reading_of(folder: Path, text: str | None) -> Reading:
    loaded = load(folder, text)
    assert loaded.diagnostics == ()
    assert loaded.reading is not None
    return loaded.reading


def told(loaded: LoadedReading) -> list[tuple[str, int, int, str]]:
    assert loaded.reading is None
    return [(Path(one.file).name, one.span.start.line, one.span.start.column, one.code) for one in loaded.diagnostics]


def test_what_stands_there_is_read(pack):
    reading = reading_of(pack, SOUND)
    assert reading.vocabulary == {
        "C1a": (("vision", "aim"),),
        "C2a": (("prevent", "prevention"), ("health check",)),
    }
    assert [(one.id, one.considerations) for one in reading.expectations] == [("E1", ("C1a",))]
    assert [(one.terms, str(one.since)) for one in reading.anachronisms] == [(("Better Care Fund",), "2013-06-26")]


@pytest.mark.parametrize("text", [None, "{}\n"])
def test_a_pack_without_a_reading_has_an_empty_one(pack, text):
    assert reading_of(pack, text) == Reading()


@pytest.mark.parametrize(
    ("old", "new", "line", "column", "code"),
    [
        ("  C1a:\n", "  C9z:\n", 2, 3, "unknown-id"),
        ("  C1a:\n", "  first:\n", 2, 3, "wrong-id"),
        ("considerations: [C1a]", "considerations: [C1a, C9z]", 10, 27, "unknown-id"),
        ("  C2a:\n", "  C1a:\n", 4, 3, "yaml-duplicate-key"),
        ("vocabulary:\n  C1a", "vocabularies:\n  C1a", 1, 1, "unknown-key"),
        ("    expects: It", "    expect: It", 9, 5, "unknown-key"),
        ("    expects: It goes fast.\n", "", 8, 5, "missing-key"),
        ("  C1a:\n    - [vision, aim]", "  C1a: []", 2, 3, "empty-value"),
        ("[health check]", "[]", 6, 7, "empty-value"),
        ("[vision, aim]", "vision", 3, 7, "wrong-value"),
        ("[vision, aim]", "[vision, 7]", 3, 16, "wrong-value"),
        ("2013-06-26", "June 2013", 15, 12, "wrong-when"),
        ("    what: A fund of later days.\n", "", 14, 5, "missing-key"),
    ],
)
def test_a_fault_has_its_place_and_without_it_all_is_well(pack, old, new, line, column, code):
    assert SOUND.count(old) == 1
    found = told(load(pack, SOUND.replace(old, new)))
    assert found == [("reading.yaml", line, column, code)]
    assert reading_of(pack, SOUND)


def test_an_id_that_stands_twice_is_told_at_the_second(pack):
    again = SOUND.replace("anachronisms:", "  - {id: E1, expects: It lasts., vocabulary: [[last]]}\nanachronisms:")
    assert told(load(pack, again)) == [("reading.yaml", 13, 10, "duplicate-id")]
    assert len(reading_of(pack, again.replace("{id: E1", "{id: E2")).expectations) == 2


@pytest.mark.parametrize("text", ["- vocabulary\n", "words\n", "7\n"])
def test_what_is_no_mapping_is_told_at_its_beginning(pack, text):
    assert [fault[:3] for fault in told(load(pack, text))] == [("reading.yaml", 1, 1)]


def test_what_is_no_yaml_is_told_where_it_ends(pack):
    assert [fault[:2] for fault in told(load(pack, "vocabulary: [\n"))] == [("reading.yaml", 2)]


def test_all_faults_come_in_one_run_in_the_order_of_the_file(pack):
    text = SOUND.replace("  C1a:\n", "  C9z:\n").replace("[C1a]", "[C8z]").replace("  C2a:\n", "  C7z:\n")
    assert [(line, column) for _, line, column, _ in told(load(pack, text))] == [(2, 3), (4, 3), (10, 22)]


def test_the_hint_names_what_was_meant(pack):
    (near,) = load(pack, SOUND.replace("  C2a:", "  C2c:")).diagnostics
    assert near.message == "the pack has no consideration C2c"
    assert near.hint.startswith("did you mean `C2")
    (far,) = load(pack, SOUND.replace("  C2a:", "  Z9:")).diagnostics
    assert far.hint == CODES


def test_a_link_that_leads_out_of_the_folder_is_refused_and_one_inside_is_not(pack, tmp_path):
    outside = tmp_path / "elsewhere.yaml"
    outside.write_text(SOUND, encoding="utf-8")
    (pack / "reading.yaml").symlink_to(outside)
    with pytest.raises(PioneerError, match=r"reading\.yaml is a link that leads out of the pack"):
        load(pack, None)
    (pack / "reading.yaml").unlink()
    (pack / "words.yaml").write_text(SOUND, encoding="utf-8")
    (pack / "reading.yaml").symlink_to(pack / "words.yaml")
    assert reading_of(pack, None).expectations


# --- Extending -------------------------------------------------------------------------------------------------------


@pytest.fixture
def ours(pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack that extends the small one, which has a reading."""
    (pack / "reading.yaml").write_text(SOUND, encoding="utf-8")
    monkeypatch.setattr("pioneer_cli.load_pack.shipped_names", lambda kind: ["small"])
    monkeypatch.setattr("pioneer_cli.load_pack.shipped_folder", lambda kind: pack.parent)
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "pack.yaml").write_text(EXTENDING, encoding="utf-8")
    return folder


def test_an_extending_pack_takes_over_the_reading_of_its_base(ours, pack):
    assert reading_of(ours, None) == reading_of(pack, None) != Reading()


def test_its_own_reading_stands_on_top(ours):
    own = "vocabulary:\n  C1a:\n    - [dream]\nanachronisms:\n  - {terms: [STP], since: 2015-12, what: A plan.}\n"
    reading = reading_of(ours, own)
    assert reading.vocabulary == {"C1a": (("dream",),), "C2a": (("prevent", "prevention"), ("health check",))}
    assert [one.id for one in reading.expectations] == ["E1"]
    assert [one.terms[0] for one in reading.anachronisms] == ["Better Care Fund", "STP"]
    instead = reading_of(ours, "expectations:\n  - {id: E9, expects: It lasts., vocabulary: [[last]]}\n")
    assert [one.id for one in instead.expectations] == ["E9"]


def test_a_fault_in_its_own_reading_is_placed_there(ours):
    assert told(load(ours, "vocabulary:\n  C9z: [[dream]]\n")) == [("reading.yaml", 2, 3, "unknown-id")]


# --- Ours ------------------------------------------------------------------------------------------------------------


def pioneers() -> Reading:
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    loaded = load_reading("pioneers-2013", pack)
    assert loaded.diagnostics == ()
    assert loaded.reading is not None
    return loaded.reading


def test_every_consideration_of_the_call_has_a_vocabulary():
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    codes = [one.id for criterion in pack.criteria for one in criterion.considerations]
    vocabulary = pioneers().vocabulary
    assert len(codes) == 24
    assert list(vocabulary) == codes
    assert {code: len(terms) for code, terms in vocabulary.items() if not 6 <= len(terms) <= 15} == {}
    for terms in vocabulary.values():
        words = [word.casefold() for synonyms in terms for word in synonyms]
        assert len(set(words)) == len(words)


def test_the_eight_expectations_rest_on_considerations():
    expectations = pioneers().expectations
    assert [one.id for one in expectations] == [f"E{number}" for number in range(1, 9)]
    assert all(one.considerations and one.expects.endswith(".") for one in expectations)


def test_what_a_bid_of_june_2013_could_not_say():
    found = {one.terms[0]: one for one in pioneers().anachronisms}
    late = {name: str(one.since) for name, one in found.items() if one.since.first > parse_when("2013-06-25").last}
    assert late == {
        "Better Care Fund": "2013-06-26",
        "Care Act 2014": "2014-05-14",
        "Five Year Forward View": "2014-10-23",
        "vanguards": "2015-03",
        "sustainability and transformation plan": "2015-12",
    }
    assert found.keys() - late.keys() == {"primary care trust", "six Caldicott principles"}  # gone, and out of date


@pytest.mark.parametrize("name", [name for name in shipped_names("criteria") if name != "pioneers-2013"])
def test_the_other_packs_have_none(name):
    pack = load_pack(name).pack
    assert pack is not None
    assert load_reading(name, pack) == LoadedReading(Reading(), ())
