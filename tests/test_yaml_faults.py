"""The mistakes that writers make, told in plain English at the place to mend, and their twins that are no mistakes."""

import pytest

from pioneer_cli.source import Source, parse

QUOTE_OR_FOLD = 'put ">-" after the key and the text, indented, on the lines below; or put the whole text in "quotes"'


def only(found: Source) -> tuple[str, str, str, str]:
    """The one diagnostic as (line:column, code, message, hint)."""
    (fault,) = found.diagnostics
    return str(fault.span.start), fault.code, fault.message, fault.hint


def read_data(text: str) -> object:
    """The data of a text that has nothing wrong with it."""
    found = parse(text, "bid.yaml")
    assert found.diagnostics == ()
    return found.content


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("title: Care: together\n", "1:12"),
        ("a: 1\nsummary: the 😀é aim: care\n", "2:20"),
        ("a:\n  - outcome: one: two\n", "2:17"),
        ("a: see http://x.org: it says\n", "1:20"),
        ("area:\n  name: N\n  description: first: second\n", "3:21"),
    ],
)
def test_a_colon_in_prose(text, place):
    message = "YAML reads the second colon in this line as a new key"
    assert only(parse(text, "bid.yaml")) == (place, "yaml-colon", message, QUOTE_OR_FOLD)


@pytest.mark.parametrize(
    "text",
    ["a: Care:together\n", "a: at 12:30\n", "a: http://x.org\n", "a: >-\n  Care: together\n", "a: 'Care: all'\n"],
)
def test_a_colon_that_yaml_keeps_is_left_alone(text):
    read_data(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("* star", "YAML reads a leading * as the name of an alias"),
        ("@ home", "YAML does not allow text to begin with @"),
        ("@home", "YAML does not allow text to begin with @"),
        ("%50 of people", "YAML does not allow text to begin with %"),
        ("> 50 people", "YAML reads a leading > as the start of a folded block"),
        ("| a pipe", "YAML reads a leading | as the start of a literal block"),
        ("& more", "YAML reads a leading & as an anchor"),
        ("[Draft] plan", "YAML reads a leading [ as the start of a list"),
        ("{name} plan", "YAML reads a leading { as the start of a mapping"),
        ("`code` plan", "YAML does not allow text to begin with a backtick"),
        ("- a dash", 'YAML reads a leading "- " as the start of a list, which must begin on the next line'),
        ("? what", 'YAML reads a leading "? " as the start of a key'),
        (", and so on", "YAML does not allow text to begin with a comma"),
        ("] end", "YAML does not allow text to begin with ]"),
        ("} end", "YAML does not allow text to begin with }"),
        ("!<unclosed", "YAML reads a leading ! as a tag"),
    ],
)
def test_a_leading_sign_in_prose(text, message):
    assert only(parse(f"a:\n  b: {text}\n", "bid.yaml")) == ("2:6", "yaml-syntax", message, QUOTE_OR_FOLD)


@pytest.mark.parametrize("text", ["* star", "@home", "%50", "> 50 people", "[Draft] plan", "{name} plan", "`code`"])
def test_a_leading_sign_of_a_list_item(text):
    assert only(parse(f"a:\n  - {text}\n", "bid.yaml"))[:2] == ("2:5", "yaml-syntax")


def test_a_leading_percent_at_the_start_of_a_line():
    assert only(parse("%50 of people\n", "bid.yaml"))[:2] == ("1:1", "yaml-syntax")


@pytest.mark.parametrize(
    "text", ["50% @ home", "a * b", "-5 degrees", "-dash", "?what", "£5 > £4", "a | b", "a [b] {c}", "(a)", "~about"]
)
def test_a_sign_that_yaml_keeps_is_left_alone(text):
    assert read_data(f"a: {text}\n") == {"a": text}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('summary: "never closed\nlead: x\n', "1:10", "this quotation mark is never closed"),
        ("a: 1\nb:\n  - 'never closed", "3:5", "this quotation mark is never closed"),
        ('summary: "Care" is good\n', "1:17", "text goes on after the closing quotation mark"),
        ("summary: 'Care' is good\n", "1:17", "text goes on after the closing quotation mark"),
        ("summary: 'it's good'\n", "1:14", "text goes on after the closing quotation mark"),
        ("a:\n  - 'b' c\n", "2:9", "text goes on after the closing quotation mark"),
        ('"a" b\n', "1:5", "text goes on after the closing quotation mark"),
    ],
)
def test_a_quotation_mark_in_prose(text, place, message):
    assert only(parse(text, "bid.yaml")) == (place, "yaml-quote", message, QUOTE_OR_FOLD)


@pytest.mark.parametrize(
    ("text", "value"),
    [('the "good" care', 'the "good" care'), ("it's good", "it's good"), ("'it''s'", "it's"), ('"a \\" b"', 'a " b')],
)
def test_a_quotation_mark_that_yaml_keeps_is_left_alone(text, value):
    assert read_data(f"a: {text}\n") == {"a": value}


@pytest.mark.parametrize(("escape", "place"), [(r"\d", "1:12"), (r"\ud800", "1:12"), (r"\xZZ", "1:12")])
def test_a_backslash_in_quotes(escape, place):
    assert only(parse(f'summary: "a{escape}"\n', "bid.yaml")) == (
        place,
        "yaml-quote",
        "a backslash means something else here",
        r'inside "double quotes" write \\ for a backslash, or use single quotes',
    )


@pytest.mark.parametrize("text", [r"C:\data", r"'C:\data'", r'"C:\\data"'])
def test_a_backslash_that_yaml_keeps_is_left_alone(text):
    assert read_data(f"a: {text}\n") == {"a": "C:\\data"}


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a: [b, c\nd: e\n", "1:4", "this [ is never closed"),
        ("a: {b: c\nd: e\n", "1:4", "this { is never closed"),
        ("a: [b, c", "1:4", "this [ is never closed"),
        ("a: [b, 'c' 'd']\n", "1:12", "a comma or the closing ] is missing here"),
        ("a: {b: c, 'd': 'e' 'f'}\n", "1:20", "a comma or the closing } is missing here"),
    ],
)
def test_a_bracket_that_is_not_closed(text, place, message):
    assert only(parse(text, "bid.yaml"))[:3] == (place, "yaml-bracket", message)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("summary:text\nlead: x\n", "1:9", 'a space is missing after "summary:"'),
        ("lead: x\nsummary:text\n", "2:9", 'a space is missing after "summary:"'),
        ("a:\n  - b:c\n    d: e\n", "2:7", 'a space is missing after "b:"'),
        ("partners:\n  -id: a\n   organisation: b\n", "2:4", 'a space is missing after "-"'),
        ("lead: x\ntitle:\u00a0T\n", "2:7", 'the space after "title:" is not an ordinary one (U+00A0)'),
    ],
)
def test_a_missing_space(text, place, message):
    assert only(parse(text, "bid.yaml"))[:3] == (place, "yaml-space", message)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("summary text\nlead: x\n", "1:1", "this line has no colon after its key"),
        ("summary\nlead: x\n", "1:1", "this line has no colon after its key"),
        ("area:\n  name N\n  footprint: ccg\n", "2:3", "this line has no colon after its key"),
        ("lead: x\nsummary\n", "2:1", "this line has no key, and the text above it does not go on into it"),
        ("lead: x\nsummary\narea: y\n", "2:1", "this line has no key, and the text above it does not go on into it"),
        ("summary: one\ntwo\n", "2:1", "this line has no key, and the text above it does not go on into it"),
        ("summary: >-\ntext\n", "2:1", "this line has no key, and the text above it does not go on into it"),
    ],
)
def test_a_missing_colon(text, place, message):
    assert only(parse(text, "bid.yaml"))[:3] == (place, "yaml-colon", message)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (
            "vision:\n  statement: a\n   making_it_real: b\n",
            "3:4",
            "this key is indented further than the lines above it, or a text above it goes on into this line",
        ),
        (
            "vision:\n  statement: a\n making_it_real: b\n",
            "3:2",
            "the indentation of this line does not match the lines above it",
        ),
        ("  call: x\ntitle: y\n", "2:1", "the indentation of this line does not match the lines above it"),
        ("a: |\n    b\n  c\n", "3:3", "the indentation of this line does not match the lines above it"),
        (
            "partners:\n  - id: a\n  organisation: b\n",
            "3:3",
            'this line stands among list items but does not begin with "- "',
        ),
        (
            "partners:\n  - id: a\n    kind: b\n   role: c\n",
            "4:4",
            'this line stands among list items but does not begin with "- "',
        ),
    ],
)
def test_bad_indentation(text, place, message):
    assert only(parse(text, "bid.yaml"))[:3] == (place, "yaml-indentation", message)


def test_a_dropped_comment_that_leaves_the_next_line_homeless_is_one_fault():
    assert only(parse("summary: Priority #1 is\n  care for all\n", "bid.yaml")) == (
        "1:19",
        "yaml-comment",
        'YAML drops the rest of a line from " #" on, so this line no longer belongs to the text above',
        QUOTE_OR_FOLD,
    )


@pytest.mark.parametrize(("text", "place"), [("{", "1:2"), ("a: [", "1:5"), ("a: [b,\n\n", "3:1")])
def test_a_file_that_ends_too_early(text, place):
    assert only(parse(text, "bid.yaml")) == (
        place,
        "yaml-syntax",
        "the file ends where something was expected",
        "finish the last line",
    )


@pytest.mark.parametrize(
    ("text", "place"),
    [("é: *a\n", "1:4"), ("😀: *a\n", "1:4"), ("a: [é😀e\u0301, *b]\n", "1:11"), ("title: é😀: x\n", "1:10")],
)
def test_columns_count_characters_not_bytes(text, place):
    assert only(parse(text, "bid.yaml"))[0] == place


def test_what_stands_before_a_syntax_fault_is_told_too():
    found = parse("a: *b\nc: Priority #1\nd: 1\nd: 2\ne: f: g\n", "bid.yaml")
    assert [(str(fault.span.start), fault.code) for fault in found.diagnostics] == [
        ("1:4", "yaml-alias"),
        ("2:13", "yaml-comment"),
        ("4:1", "yaml-duplicate-key"),
        ("5:5", "yaml-colon"),
    ]
    assert found.content is None


CONFLICT = "title: T\n<<<<<<< HEAD\nsummary: ours\n=======\nsummary: theirs\n>>>>>>> branch\n"


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (CONFLICT, "2:1", "git left both versions here (lines 2 to 6)"),
        (CONFLICT.replace("\n", "\r\n"), "2:1", "git left both versions here (lines 2 to 6)"),
        (CONFLICT.replace("=======\n", "||||||| base\n=======\n"), "2:1", "git left both versions here (lines 2 to 7)"),
        (CONFLICT.replace("=======\n", ""), "2:1", "git left both versions here (lines 2 to 5)"),
        (CONFLICT + CONFLICT, "2:1", "git left both versions here (lines 2 to 6), and so in 1 more place"),
        (CONFLICT * 3, "2:1", "git left both versions here (lines 2 to 6), and so in 2 more places"),
        (f"titel: 'a\n{CONFLICT}\tx: \u200b\x01\n", "3:1", "git left both versions here (lines 3 to 7)"),
    ],
)
def test_two_versions_that_git_left_are_one_fault_and_the_only_one(text, place, message):
    found = parse(text, "bid.yaml")
    assert only(found) == (place, "yaml-conflict", message, "keep one and delete the markers")
    assert found.content is None


@pytest.mark.parametrize(
    "text",
    [
        "summary: |\n  Heading\n  =======\n  text\n",
        "summary: |\n  <<<<<<< HEAD\n  =======\n  >>>>>>> branch\n",
        "# <<<<<<< HEAD\n# >>>>>>> branch\ntitle: T\n",
        "title: what <<<<<<< and >>>>>>> mean\n",
    ],
)
def test_such_marks_inside_a_text_or_a_comment_are_no_conflict(text):
    read_data(text)


@pytest.mark.parametrize(
    "text", ["=======\ntitle: T\n", ">>>>>>> b\ntitle: T\n<<<<<<< HEAD\n", "<<<<<<< HEAD\ntitle: T\n"]
)
def test_markers_that_do_not_enclose_anything_are_left_to_the_parser(text):
    assert "yaml-conflict" not in {fault.code for fault in parse(text, "bid.yaml").diagnostics}
