"""What `source` promises of reading YAML: each fault at its line and column, and as many texts that are left alone."""

import io
import sys

import pytest

from pioneer_cli import source
from pioneer_cli.diagnostics import Severity, Span
from pioneer_cli.errors import PioneerError
from pioneer_cli.named_files import find_files
from pioneer_cli.source import MAX_BYTES, MAX_DEPTH, MAX_NODES, Source, parse, parse_bytes, read
from pioneer_cli.yaml_faults import MAX_CHARACTER_FAULTS


def told(found: Source) -> list[tuple[str, str, str]]:
    """Each diagnostic as (line:column, severity, code)."""
    return [(str(fault.span.start), str(fault.severity), fault.code) for fault in found.diagnostics]


def only(found: Source) -> tuple[str, str, str, str]:
    """The one diagnostic as (line:column, code, message, hint)."""
    (fault,) = found.diagnostics
    return str(fault.span.start), fault.code, fault.message, fault.hint


def read_data(text: str) -> object:
    """The data of a text that has nothing wrong with it."""
    found = parse(text, "bid.yaml")
    assert told(found) == []
    return found.content


# --- Limits ----------------------------------------------------------------------------------------------------------


def test_a_file_over_2_mib_is_refused(tmp_path):
    path = tmp_path / "large.yaml"
    with path.open("wb") as stream:
        stream.truncate(3 * 1024 * 1024)  # sparse: three MiB that take no room
    found = read(str(path))
    assert only(found) == (
        "1:1",
        "file-too-large",
        "the file is larger than 2 MiB",
        "a bid of ten pages needs 0.1 MiB",
    )
    assert found.text == ""


def test_no_more_than_2_mib_of_a_file_is_ever_read(tmp_path, monkeypatch):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"# " + b"x" * MAX_BYTES)
    sizes = []
    monkeypatch.setattr(source, "parse_bytes", lambda content, name: sizes.append(len(content)))
    read(str(path))
    assert sizes == [MAX_BYTES + 1]


def test_a_file_of_2_mib_is_left_alone():
    content = b"title: T\n# "
    assert told(parse_bytes(content + b"x" * (MAX_BYTES - len(content)), "bid.yaml")) == []


def test_one_level_of_nesting_too_many_is_refused():
    found = parse("a:\n  " + "[" * MAX_DEPTH + "]" * MAX_DEPTH, "bid.yaml")
    assert only(found)[:3] == (f"2:{2 + MAX_DEPTH}", "yaml-depth", "more than 32 levels of nesting")
    assert found.content is None


def test_the_deepest_allowed_nesting_is_left_alone():
    assert read_data("a:\n  " + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1)) is not None


@pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
def test_a_hundred_thousand_levels_are_refused_and_crash_nothing(opening):
    assert [code for _, _, code in told(parse(opening * 100_000, "bid.yaml"))] == ["yaml-depth"]


def test_one_value_too_many_is_refused():
    items = MAX_NODES - 2  # the mapping, its key and the list take three
    found = parse("a:\n" + "- b\n" * items, "bid.yaml")
    assert only(found)[:3] == (f"{items + 1}:3", "yaml-nodes", "more than 20,000 values in one file")
    assert found.content is None


def test_as_many_values_as_allowed_are_left_alone():
    assert read_data("a:\n" + "- b\n" * (MAX_NODES - 3)) == {"a": ["b"] * (MAX_NODES - 3)}


def test_a_second_document_is_refused():
    found = parse("title: T\n---\ntitle: U\n", "bid.yaml")
    assert only(found)[:3] == ("2:1", "yaml-documents", "a second document begins here; a file holds one")
    assert found.content is None


def test_what_follows_the_end_of_a_document_is_a_second_one():
    assert only(parse("title: T\n...\ntitle: U\n", "bid.yaml")) == (
        "3:1",
        "yaml-documents",
        "a second document begins here; a file holds one",
        "delete the ... line above",
    )


@pytest.mark.parametrize("text", ["---\ntitle: T\n", "title: T\n...\n", "%YAML 1.1\n---\ntitle: T\n", "title: T"])
def test_one_document_is_left_alone(text):
    assert read_data(text) == {"title": "T"}


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing but a comment\n", "   ", "---\n", "null\n", "--- ~\n...\n"])
def test_an_empty_file_is_an_error(text):
    assert only(parse(text, "bid.yaml"))[:3] == ("1:1", "empty-file", "the file is empty")


# --- What a bid has no use for ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "code"),
    [
        ("lead: *council\n", "1:7", "yaml-alias"),
        ("a:\n  - b\n  - *c\n", "3:5", "yaml-alias"),
        ("a: 1\n*key : b\n", "2:1", "yaml-alias"),
        ("*root\n", "1:1", "yaml-alias"),
        ("summary: *care is good\n", "1:10", "yaml-alias"),
        ("lead: &council council\n", "1:7", "yaml-anchor"),
        ("area: &place\n  name: N\n", "1:7", "yaml-anchor"),
        ("a: [b, &c d]\n", "1:8", "yaml-anchor"),
        ("&key lead: council\n", "1:1", "yaml-anchor"),
        ("title: !!str 3\n", "1:8", "yaml-tag"),
        ("title: !secret x\n", "1:8", "yaml-tag"),
        ("title: !!python/object/apply:os.system [x]\n", "1:8", "yaml-tag"),
        ("summary: ! important\n", "1:10", "yaml-tag"),
        ("!!str title: T\n", "1:1", "yaml-tag"),
        ("a:\n  <<: *b\n", "2:3", "yaml-merge"),
        ("<<: {a: b}\n", "1:1", "yaml-merge"),
        ("<<: [*a, {b: c}]\n", "1:1", "yaml-merge"),
    ],
)
def test_aliases_anchors_tags_and_merge_keys_are_refused(text, place, code):
    assert told(parse(text, "bid.yaml"))[0] == (place, "error", code)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ('a: "*b"\n', {"a": "*b"}),
        ("a: b *c* d\n", {"a": "b *c* d"}),
        ("a: b & c\n", {"a": "b & c"}),
        ("a: '&b'\n", {"a": "&b"}),
        ("a: b!\n", {"a": "b!"}),
        ("a: >-\n  *b* &c !d\n", {"a": "*b* &c !d"}),
        ("a: << b\n", {"a": "<< b"}),
    ],
)
def test_their_signs_inside_a_text_are_left_alone(text, data):
    assert read_data(text) == data


@pytest.mark.parametrize("text", ["a: *b is good\n", "a: &b c: d\n", "a: &b *c\n", "- *a b\n", "a: [*b c]\n"])
def test_a_marker_is_one_fault_even_where_it_makes_the_line_unreadable(text):
    assert len(told(parse(text, "bid.yaml"))) == 1


def test_refused_values_are_named_by_their_paths():
    found = parse("a: *b\nc:\n  - 1\n  - !d e\n<<: {f: g}\n", "bid.yaml")
    assert found.refused == {("a",), ("c", 1), ("<<",)}


def test_all_markers_of_a_file_are_told():
    found = parse("a: *b\nc: &d e\nf: !g h\n<<: {i: j}\n", "bid.yaml")
    assert told(found) == [
        ("1:4", "error", "yaml-alias"),
        ("2:4", "error", "yaml-anchor"),
        ("3:4", "error", "yaml-tag"),
        ("4:1", "error", "yaml-merge"),
    ]


def test_an_alias_bomb_is_never_built():
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{name}: &{name} [{', '.join(['*' + above] * 9)}]\n"
        for above, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = parse(bomb, "bid.yaml")
    assert found.content == {"a": ["x"] * 9} | {name: [None] * 9 for name in "bcdefghi"}
    assert {code for _, _, code in told(found)} == {"yaml-anchor", "yaml-alias"}


@pytest.mark.parametrize(
    ("text", "place"), [("? [a, b]\n: c\n", "1:3"), ("{a: b}: c\n", "1:1"), ("a:\n  [b]: c\n", "2:3")]
)
def test_a_key_that_is_no_text_is_refused(text, place):
    assert only(parse(text, "bid.yaml"))[:2] == (place, "yaml-key")


@pytest.mark.parametrize("text", ["? a\n: c\n", "'a': c\n", '"a": c\n', "{a: c}\n"])
def test_any_way_to_write_a_plain_key_is_left_alone(text):
    assert read_data(text) == {"a": "c"}


# --- Duplicate keys --------------------------------------------------------------------------------------------------


def test_a_duplicate_key_names_both_lines_and_keeps_the_first_value():
    found = parse("title: T\nlead: a\narea: N\nlead: b\n", "bid.yaml")
    (fault,) = found.diagnostics
    assert (fault.span, fault.severity, fault.code) == (
        Span.of(4, 1, 4, 5),
        Severity.ERROR,
        "yaml-duplicate-key",
    )
    assert fault.message == 'the key "lead" stands twice in one mapping: here and on line 2'
    assert [(related.span, related.label) for related in fault.related] == [(Span.of(2, 1, 2, 5), "first here")]
    assert found.content == {"title": "T", "lead": "a", "area": "N"}
    assert found.value_span(("lead",)) == Span.of(2, 7, 2, 8)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("'a': 1\n\"a\": 2\n", "2:1"),
        ("{a: 1, a: 2}\n", "1:8"),
        ("b:\n  - a: 1\n    c: 2\n    a: 3\n", "4:5"),
        ("a:\n  b: 1\na:\n  b: 2\n", "3:1"),
        ("a:\na:\n", "2:1"),
    ],
)
def test_duplicate_keys_are_found_however_they_are_written(text, place):
    assert told(parse(text, "bid.yaml")) == [(place, "error", "yaml-duplicate-key")]


def test_a_key_that_stands_three_times_is_told_twice():
    assert [place for place, _, _ in told(parse("a: 1\na: 2\na: 3\n", "bid.yaml"))] == ["2:1", "3:1"]


def test_a_duplicate_inside_a_repeated_part_is_told_as_well():
    found = parse("a:\n  b: 1\na:\n  c: 1\n  c: 2\n", "bid.yaml")
    assert [place for place, _, _ in told(found)] == ["3:1", "5:3"]


@pytest.mark.parametrize("text", ["a: {b: 1}\nc: {b: 1}\n", "- a: 1\n- a: 1\n", "a: 1\nA: 1\n", "a: {a: 1}\n"])
def test_equal_keys_of_different_mappings_are_left_alone(text):
    read_data(text)


# --- Scalars ---------------------------------------------------------------------------------------------------------

STAY_TEXT = """
yes no on off Yes NO On y n 12:30 12:30:45 190:20:30 010 0o17 1_000 0x1F -0x1F 0b11 2013-06-28 2014-03
2013-06-28T12:00:00Z .inf -.inf .nan .NaN 1e3 1.5e3 1E5 1,200 £1.2m 14% 12. .5 +.5 -.5 -- + 1-2 0.1.2 00
tRUE nULL None nil = ~x true! 1234567890123456789 0.123456789012345678
"""


@pytest.mark.parametrize("text", STAY_TEXT.split())
def test_scalars_that_stay_text(text):
    assert read_data(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("false", False),
        ("False", False),
        ("FALSE", False),
        ("0", 0),
        ("12", 12),
        ("+12", 12),
        ("-3", -3),
        ("123456789012345678", 123456789012345678),
        ("14.2", 14.2),
        ("-0.5", -0.5),
        ("2013", 2013),
    ],
)
def test_scalars_that_resolve(text, value):
    data = read_data(f"a: {text}\n")
    assert data == {"a": value}
    assert type(data["a"]) is type(value)


@pytest.mark.parametrize("text", ["12", "true", "null", "~", "14.2", ""])
@pytest.mark.parametrize("quote", ["'", '"'])
def test_what_stands_in_quotes_stays_text(text, quote):
    assert read_data(f"a: {quote}{text}{quote}\n") == {"a": text}


@pytest.mark.parametrize("text", ["12", "true", "null"])
def test_what_stands_in_a_block_stays_text(text):
    assert read_data(f"a: >-\n  {text}\n") == {"a": text}


@pytest.mark.parametrize("key", ["12", "true", "null", "2013-06-28"])
def test_keys_are_always_text(key):
    assert read_data(f"{key}: b\n") == {key: "b"}


# --- Bytes and encodings ---------------------------------------------------------------------------------------------


def test_a_byte_order_mark_of_utf_8_is_left_alone():
    found = parse_bytes("title: é\n".encode("utf-8-sig"), "bid.yaml")
    assert told(found) == []
    assert found.content == {"title": "é"}
    assert found.key_span(("title",)) == Span.of(1, 1, 1, 6)


def test_a_second_byte_order_mark_is_refused():
    assert only(parse_bytes("\ufeff\ufefftitle: T\n".encode(), "bid.yaml"))[:3] == (
        "1:1",
        "character",
        "a byte-order mark (U+FEFF) stands here",
    )


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_utf_16_and_utf_32_are_refused_with_and_without_a_mark(encoding):
    assert only(parse_bytes("title: é\n".encode(encoding), "bid.yaml")) == (
        "1:1",
        "encoding",
        "the file is UTF-16 or UTF-32, not UTF-8",
        "save the file as UTF-8 (in Notepad: Save as, Encoding, UTF-8)",
    )


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff"])
def test_a_mark_of_utf_16_or_32_is_enough(mark):
    assert only(parse_bytes(mark, "bid.yaml"))[:2] == ("1:1", "encoding")


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"title: caf\xe9\n", "1:11"),
        (b"title: T\r\nsummary: a\x96b\n", "2:11"),
        (b"a: b\rc: \xff\n", "2:4"),
        ("é: 😀 ".encode() + b"\x80\n", "1:6"),
        (b"title: \xc0\x80\n", "1:8"),
        (b"title: \xed\xa0\x80\n", "1:8"),
        (b"title: \xf0\x9f\x98", "1:8"),
    ],
)
def test_bad_utf_8_is_placed_at_its_first_bad_byte(content, place):
    found = parse_bytes(content, "bid.yaml")
    assert only(found)[:2] == (place, "encoding")
    assert only(found)[3] == "the file was probably saved as Windows-1252 (ANSI): save it as UTF-8"
    assert found.content is None


def test_good_utf_8_is_left_alone():
    found = parse_bytes("title: café – £5 😀 \u00a0 ü\n".encode(), "bid.yaml")
    assert told(found) == []
    assert found.content == {"title": "café – £5 😀 \u00a0 ü"}


# --- Line ends and tabs ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_line_end_gives_the_same_data_and_places(end):
    text = "title: T\narea:\n  name: N\nsummary: |\n  one\n\n  two\nlead: *x\n".replace("\n", end)
    found = parse(text, "bid.yaml")
    assert found.content == {"title": "T", "area": {"name": "N"}, "summary": "one\n\ntwo\n", "lead": None}
    assert told(found) == [("8:7", "error", "yaml-alias")]
    assert found.value_span(("summary",)) == Span.of(5, 3, 5, 6)
    assert found.line(7) == "  two"


def test_mixed_line_ends_count_as_an_editor_counts_them():
    found = parse("a: 1\r\nb: 2\rc: 3\n\r\nd: *x", "bid.yaml")
    assert told(found) == [("5:4", "error", "yaml-alias")]
    assert found.line(5) == "d: *x"
    assert (found.line(0), found.line(6)) == ("", "")


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("vision:\n\tstatement: a\n", "2:1", "a tab is used for indentation"),
        ("vision:\n  statement: a\n\tmaking_it_real: b\n", "3:1", "a tab is used for indentation"),
        ("vision:\n  \tstatement: a\n", "2:3", "a tab is used for indentation"),
        ("summary: a\n\tb\n", "2:1", "a tab is used for indentation"),
        ("summary: >-\n  a\n\tb\n", "3:1", "a tab is used for indentation"),
        ("partners:\n  -\tid: a\n", "2:4", "a tab stands where YAML takes only spaces"),
    ],
)
def test_a_tab_in_the_indentation_is_refused(text, place, message):
    assert only(parse(text, "bid.yaml"))[:3] == (place, "yaml-tab", message)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: b\tc\n", {"a": "b\tc"}),
        ("a: 'b\tc'\n", {"a": "b\tc"}),
        ("a: |\n  b\tc\n  \td\n", {"a": "b\tc\n\td\n"}),
        ("a: b  \t# comment\n", {"a": "b"}),
        ("a: b\n \t \nc: d\n", {"a": "b", "c": "d"}),
    ],
)
def test_a_tab_elsewhere_is_left_alone(text, data):
    assert read_data(text) == data


# --- Characters ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("character", "description"),
    [
        ("\x00", "a NUL character (U+0000)"),
        ("\x07", "a control character (U+0007)"),
        ("\x0b", "a control character (U+000B)"),
        ("\x0c", "a control character (U+000C)"),
        ("\x1b", "a control character (U+001B)"),
        ("\x7f", "a control character (U+007F)"),
        ("\x80", "a control character (U+0080)"),
        ("\x85", "an invisible line separator (U+0085)"),
        ("\x9f", "a control character (U+009F)"),
        ("\u2028", "an invisible line separator (U+2028)"),
        ("\u2029", "an invisible line separator (U+2029)"),
        ("\u202a", "a character that reverses the reading direction (U+202A)"),
        ("\u202e", "a character that reverses the reading direction (U+202E)"),
        ("\u2066", "a character that reverses the reading direction (U+2066)"),
        ("\u2069", "a character that reverses the reading direction (U+2069)"),
        ("\ufeff", "a byte-order mark (U+FEFF)"),
        ("\ufffe", "an invisible character (U+FFFE)"),
        ("\ud800", "an invisible character (U+D800)"),
    ],
)
def test_a_character_that_no_text_may_hold_is_refused(character, description):
    found = parse(f"title: T\nsummary: é{character}b\n", "bid.yaml")
    assert only(found) == (
        "2:11",
        "character",
        f"{description} stands here",
        "delete it; it often comes with text pasted from elsewhere",
    )
    assert found.content is None


@pytest.mark.parametrize(
    ("character", "description"),
    [
        ("\u200b", "a zero-width space (U+200B)"),
        ("\u200d", "an invisible character (U+200D)"),
        ("\u200e", "an invisible character (U+200E)"),
        ("\u2060", "a zero-width space (U+2060)"),
        ("\u00ad", "a soft hyphen (U+00AD)"),
    ],
)
def test_an_invisible_character_is_a_warning(character, description):
    found = parse(f"title: T\nsummary: a{character}b\n", "bid.yaml")
    assert told(found) == [("2:11", "warning", "invisible-character")]
    assert found.diagnostics[0].message == f"{description} stands here"
    assert found.content == {"title": "T", "summary": f"a{character}b"}


@pytest.mark.parametrize("text", ["é ü ß – — ‘ ’ “ ” … £ € ½ • № 😀 中 ا א", "a\u00a0b", "a\u2009b", "e\u0301", "a\tb"])
def test_visible_characters_and_spaces_inside_a_text_are_left_alone(text):
    assert read_data(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("space", "description"),
    [
        ("\u00a0", "a no-break space (U+00A0)"),
        ("\u2003", "an invisible character (U+2003)"),
        ("\u3000", "an invisible character (U+3000)"),
    ],
)
def test_another_space_in_the_indentation_is_refused(space, description, end):
    found = parse(f"area:{end} {space}name: N{end}", "bid.yaml")
    assert only(found) == (
        "2:2",
        "indentation-space",
        f"{description} stands here",
        "indent with ordinary spaces",
    )


def test_every_strange_character_is_told_in_order():
    found = parse("a: b\x00c\u200bd\ne: \x07\n\u00a0f: g\n", "bid.yaml")
    assert told(found) == [
        ("1:5", "error", "character"),
        ("1:7", "warning", "invisible-character"),
        ("2:4", "error", "character"),
        ("3:1", "error", "indentation-space"),
    ]


def test_a_file_full_of_them_is_not_told_without_end():
    assert len(told(parse("\x00" * 5000, "bid.yaml"))) == MAX_CHARACTER_FAULTS


@pytest.mark.parametrize("escape", [r"\0", r"\x1b", r"\e", r"\a", r"\N", r"\L", r"\u202e", r"\r", r"\ufeff"])
def test_an_escape_may_not_bring_one_in(escape):
    found = parse(f'title: T\nsummary: "a{escape}b"\n', "bid.yaml")
    assert told(found) == [("2:10", "error", "character")]
    assert found.diagnostics[0].message.startswith("an escape in this text stands for ")
    assert found.content == {"title": "T", "summary": "ab"}


def test_an_escape_in_a_key_may_not_bring_one_in():
    found = parse('"a\\0b": c\nd: e\n', "bid.yaml")
    assert told(found) == [("1:1", "error", "character")]
    assert found.content == {"ab": "c", "d": "e"}


@pytest.mark.parametrize(
    ("text", "value"), [(r"a\nb", "a\nb"), (r"a\tb", "a\tb"), (r"\u00e9", "é"), (r"a\\0", "a\\0"), (r"\"", '"')]
)
def test_any_other_escape_is_left_alone(text, value):
    assert read_data(f'a: "{text}"\n') == {"a": value}


# --- Comments that swallow text --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place", "dropped"),
    [
        ("summary: Priority #1 is care\n", "1:19", "#1 is care"),
        ("a:\n  - é 😀 #care is the long thing to say\n", "2:9", "#care is the long th"),
        ("a: [b #c\n]\n", "1:7", "#c"),
        ("a: b\n  c #d\n", "2:5", "#d"),
    ],
)
def test_text_that_yaml_drops_after_a_hash_is_a_warning(text, place, dropped):
    found = parse(text, "bid.yaml")
    assert only(found) == (
        place,
        "yaml-comment",
        f'YAML drops the rest of this line, from "{dropped}" on, as a comment',
        'put the text in "quotes" to keep it; for a comment, put a space after the #',
    )
    assert found.diagnostics[0].severity is Severity.WARNING


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: care  # a comment\n", {"a": "care"}),
        ("a: care #\n", {"a": "care"}),
        ("# a: b\nc: d\n#e: f\n", {"c": "d"}),
        ("a: C#1\n", {"a": "C#1"}),
        ('a: "Priority #1"\n', {"a": "Priority #1"}),
        ("a: 'Priority #1'\n", {"a": "Priority #1"}),
        ("a: >-\n  Priority #1\n", {"a": "Priority #1"}),
        ("a: 'b' #1\n", {"a": "b"}),
        ("a:  #1\n  b: c\n", {"a": {"b": "c"}}),
    ],
)
def test_real_comments_and_kept_hashes_are_left_alone(text, data):
    assert read_data(text) == data


# --- Places ----------------------------------------------------------------------------------------------------------

PLACES = """\
title: é T
area:
  name: "N"
partners:
  - id: a
    organisation: b
  - council
  -
summary: >-

  first line
  second

lead:
inline: {x: [1, 22], y: z}
wrapped: one
  two
"""


@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), Span.of(1, 1, 1, 6), Span.of(1, 8, 1, 11)),
        (("area",), Span.of(2, 1, 2, 5), Span.of(2, 1, 2, 5)),
        (("area", "name"), Span.of(3, 3, 3, 7), Span.of(3, 9, 3, 12)),
        (("partners",), Span.of(4, 1, 4, 9), Span.of(4, 1, 4, 9)),
        (("partners", 0), Span.of(5, 5, 5, 7), Span.of(5, 5, 5, 7)),
        (("partners", 0, "organisation"), Span.of(6, 5, 6, 17), Span.of(6, 19, 6, 20)),
        (("partners", 1), Span.of(7, 5, 7, 12), Span.of(7, 5, 7, 12)),
        (("partners", 2), Span.of(8, 4, 8, 4), Span.of(8, 4, 8, 4)),
        (("summary",), Span.of(9, 1, 9, 8), Span.of(11, 3, 11, 13)),
        (("lead",), Span.of(14, 1, 14, 5), Span.of(14, 1, 14, 5)),
        (("inline",), Span.of(15, 1, 15, 7), Span.of(15, 1, 15, 7)),
        (("inline", "x"), Span.of(15, 10, 15, 11), Span.of(15, 10, 15, 11)),
        (("inline", "x", 1), Span.of(15, 17, 15, 19), Span.of(15, 17, 15, 19)),
        (("inline", "y"), Span.of(15, 22, 15, 23), Span.of(15, 25, 15, 26)),
        (("wrapped",), Span.of(16, 1, 16, 8), Span.of(16, 10, 17, 6)),
    ],
)
def test_keys_and_values_have_their_places(path, key, value):
    found = parse(PLACES, "bid.yaml")
    assert told(found) == []
    assert path in found
    assert (found.key_span(path), found.value_span(path)) == (key, value)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("area", "footprint"), Span.of(2, 1, 2, 5)),
        (("partners", 0, "kind"), Span.of(5, 5, 5, 7)),
        (("partners", 9, "kind"), Span.of(4, 1, 4, 9)),
        (("vision", "outcomes", 0), Span.of(1, 1, 1, 2)),
    ],
)
def test_what_is_not_in_the_file_is_placed_at_its_nearest_parent(path, place):
    found = parse(PLACES, "bid.yaml")
    assert path not in found
    assert (found.key_span(path), found.value_span(path)) == (place, place)


@pytest.mark.parametrize("marker", [">", "|", ">-", "|-", ">+", "|2-"])
def test_a_block_of_text_is_placed_at_its_first_line(marker):
    found = parse(f"a: {marker}\n\n  text  \n  more\nb: c", "bid.yaml")
    assert found.value_span(("a",)) == Span.of(3, 3, 3, 7)


@pytest.mark.parametrize("text", ["a: >-\nb: c\n", "a: |\n\n\nb: c\n", "b: c\na: |"])
def test_an_empty_block_is_placed_at_its_marker(text):
    found = parse(text, "bid.yaml")
    assert str(found.value_span(("a",)).start).endswith(":4")
    assert found.line(found.value_span(("a",)).start.line).startswith("a: ")


def test_a_place_at_the_end_of_a_file_without_a_final_line_end_is_inside_it():
    assert parse("a:\n  - b\n  -", "bid.yaml").value_span(("a", 1)) == Span.of(3, 4, 3, 4)


@pytest.mark.parametrize(
    ("path", "piece", "span"),
    [
        (("title",), "T", Span.of(1, 10, 1, 11)),
        (("summary",), "first", Span.of(11, 3, 11, 8)),
        (("summary",), "second", Span.of(12, 3, 12, 9)),
        (("wrapped",), "two", Span.of(17, 3, 17, 6)),
        (("wrapped",), "one two", Span.of(16, 10, 17, 6)),
        (("area", "name"), "elsewhere", Span.of(3, 9, 3, 12)),
        (("partners", 0, "organisation"), "b", Span.of(6, 19, 6, 20)),
    ],
)
def test_a_piece_of_a_text_has_its_place(path, piece, span):
    assert parse(PLACES, "bid.yaml").text_span(path, piece) == span


def test_the_same_text_has_the_same_digest():
    first, again, other = parse("a: b", "x"), parse("a: b", "y"), parse("a: c", "x")
    assert first.sha256 == again.sha256 != other.sha256
    assert len(first.sha256) == 64


# --- Reading files ---------------------------------------------------------------------------------------------------


def test_standard_input_is_read_and_named(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"title: *x\n")))
    assert read("-").diagnostics[0].file == "<stdin>"
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"title: *x\n")))
    assert read("-", "draft.yaml").diagnostics[0].file == "draft.yaml"


def test_a_file_is_named_as_it_was_given(tmp_path, monkeypatch):
    (tmp_path / "bid.yaml").write_text("title: *x\n")
    monkeypatch.chdir(tmp_path)
    assert read("bid.yaml").diagnostics[0].file == "bid.yaml"


@pytest.mark.parametrize("name", ["missing.yaml", "folder", "a\0b.yaml", "x" * 300 + ".yaml"])
def test_what_cannot_be_read_is_a_set_up_problem(tmp_path, monkeypatch, name):
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(PioneerError) as raised:
        read(name)
    assert raised.value.hint


# --- Finding files ---------------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path, monkeypatch):
    for name in (
        "b.yaml",
        "a.yml",
        "notes.txt",
        ".hidden.yaml",
        "one/c.yaml",
        "one/two/d.yaml",
        ".git/e.yaml",
        "empty/readme.md",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("title: T\n")
    (tmp_path / "folder.yaml").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        (["b.yaml"], ["b.yaml"]),
        (["notes.txt"], ["notes.txt"]),
        (["."], ["a.yml", "b.yaml", "one/c.yaml", "one/two/d.yaml"]),
        (["one"], ["one/c.yaml", "one/two/d.yaml"]),
        (["one/"], ["one/c.yaml", "one/two/d.yaml"]),
        (["one", "b.yaml"], ["one/c.yaml", "one/two/d.yaml", "b.yaml"]),
        (["one/two/d.yaml", "one"], ["one/two/d.yaml", "one/c.yaml"]),
        (["b.yaml", "./b.yaml", "one/../b.yaml"], ["b.yaml"]),
        (["*.yaml"], ["b.yaml"]),
        (["**/*.yaml"], ["b.yaml", "one/c.yaml", "one/two/d.yaml"]),
        (["one/*/d.yaml"], ["one/two/d.yaml"]),
        (["*/*.yaml"], ["one/c.yaml"]),
        ([".hidden.yaml"], [".hidden.yaml"]),
        ([".git"], [".git/e.yaml"]),
        ([".git/*.yaml"], [".git/e.yaml"]),
        (["-"], ["-"]),
        (["-", "b.yaml", "-"], ["-", "b.yaml"]),
    ],
)
def test_files_are_found_once_and_in_order(tree, arguments, found):
    assert find_files(arguments) == found


def test_an_absolute_pattern_is_followed(tree):
    assert find_files([f"{tree}/one/**/*.yaml"]) == [f"{tree}/one/c.yaml", f"{tree}/one/two/d.yaml"]


def test_a_file_named_in_two_ways_comes_once(tree):
    assert find_files(["b.yaml", str(tree / "b.yaml")]) == ["b.yaml"]


@pytest.mark.parametrize(
    "arguments",
    [[], ["missing.yaml"], ["empty"], ["*.json"], ["b.yaml", "missing.yaml"], ["**.yaml"], ["x" * 300], ["a\0*"], [""]],
)
def test_what_leads_nowhere_stops_the_run(tree, arguments):
    with pytest.raises(PioneerError) as raised:
        find_files(arguments)
    assert raised.value.hint == "name a YAML file, a folder that holds some, or - for standard input"
