"""What can be wrong with a file's text, in a bid writer's words: strange characters, what git left, what YAML refuses.

Pure text matching: for a complaint of the parser's it gets the words, the place and the lines, and gives a message, a
hint and the column to point at. `source` owns the parser and the places.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from pioneer_cli.diagnostics import Severity

# --- Characters ------------------------------------------------------------------------------------------------------

MAX_CHARACTER_FAULTS = 100  # of each kind; a file with more is not a text

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
_FORBIDDEN = re.compile(f"[{_CONTROLS}]")
_FORBIDDEN_IN_ESCAPES = re.compile(f"[\r{_CONTROLS}]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064]")
_INDENT_SPACES = re.compile("(?:^|(?<=[\r\n])) *([\u00a0\u2000-\u200a\u202f\u3000])")
_CHARACTER_NAMES: tuple[tuple[str, str], ...] = (
    ("\x00", "a NUL character"),
    ("\x85\u2028\u2029", "an invisible line separator"),
    ("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", "a character that reverses the reading direction"),
    ("\u00a0", "a no-break space"),
    ("\u00ad", "a soft hyphen"),
    ("\u200b\u2060", "a zero-width space"),
    ("\ufeff", "a byte-order mark"),
)


@dataclass(frozen=True, slots=True)
class StrangeCharacter:
    """A character that does not belong in a text; `offset` counts from the text's beginning."""

    offset: int
    severity: Severity
    code: str
    message: str
    hint: str


def strange_characters(text: str) -> Iterator[StrangeCharacter]:
    """Control characters and reading-direction overrides are errors, invisible characters are warnings."""
    pasted = "delete it; it often comes with text pasted from elsewhere"
    unseen = "delete it: nobody can see it, and searches miss the word"
    kinds = (
        (_FORBIDDEN, 0, Severity.ERROR, "character", pasted),
        (_INVISIBLE, 0, Severity.WARNING, "invisible-character", unseen),
        (_INDENT_SPACES, 1, Severity.ERROR, "indentation-space", "indent with ordinary spaces"),
    )
    for pattern, group, severity, code, hint in kinds:
        for match in islice(pattern.finditer(text), MAX_CHARACTER_FAULTS):
            message = f"{_described(match.group(group))} stands here"
            yield StrangeCharacter(match.start(group), severity, code, message, hint)


def forbidden_in(text: str) -> str:
    """The first character in a text that no escape may bring in, described; nothing when there is none."""
    found = _FORBIDDEN_IN_ESCAPES.search(text)
    return _described(found.group()) if found else ""


def _described(character: str) -> str:
    name = next((name for members, name in _CHARACTER_NAMES if character in members), "")
    code = f"U+{ord(character):04X}"
    if name:
        return f"{name} ({code})"
    return f"a control character ({code})" if ord(character) < 0xA0 else f"an invisible character ({code})"


# --- Two versions in one file ----------------------------------------------------------------------------------------

CONFLICT_BEGINS, _CONFLICT_ENDS = "<<<<<<< ", ">>>>>>> "


def conflict(lines: list[str]) -> "Explanation | None":
    """The first place where git, merging, left both versions between its markers; None where there is none."""
    places: list[tuple[int, int]] = []
    begun: int | None = None
    for number, line in enumerate(lines):
        if begun is None and line.startswith(CONFLICT_BEGINS):
            begun = number
        elif begun is not None and line.startswith(_CONFLICT_ENDS):
            places.append((begun, number))
            begun = None
    if not places:
        return None
    first, last = places[0]
    message = f"git left both versions here (lines {first + 1} to {last + 1})"
    if len(places) > 1:
        message += f", and so in {len(places) - 1} more place{'s' if len(places) > 2 else ''}"
    return Explanation("yaml-conflict", message, "keep one and delete the markers", first, 0)


# --- The parser's complaints -----------------------------------------------------------------------------------------

_FOLD = 'put ">-" after the key and the text, indented, on the lines below; or put the whole text in "quotes"'


@dataclass(frozen=True, slots=True)
class Complaint:
    """What the parser said. Lines and columns count from 0; `context_*` is where the trouble began, if it said."""

    problem: str
    context: str
    line: int
    column: int
    context_line: int
    context_column: int


@dataclass(frozen=True, slots=True)
class Explanation:
    """The fault in plain English; `line` and `column` count from 0."""

    code: str
    message: str
    hint: str
    line: int
    column: int


def explain(complaint: Complaint, lines: list[str]) -> Explanation:
    """What the writer did wrong, from the parser's complaint and the file's lines."""
    complaint = _in_libyaml_words(complaint)
    explainers = (
        _a_tab,
        _an_unfinished_bracket,
        _a_leading_sign,
        _an_unfinished_quote,
        _a_colon,
        _a_missing_colon,
        _an_escape,
    )
    for explainer in explainers:
        explanation = explainer(complaint, lines)
        if explanation is not None:
            return explanation
    return _a_misplaced_line(complaint, lines)


_NO_KEY = "did not find expected key"
_NO_ITEM = "did not find expected '-' indicator"
_NO_DOCUMENT = "did not find expected <document start>"
_OUT_OF_PLACE = (_NO_KEY, _NO_ITEM, _NO_DOCUMENT)


def _in_libyaml_words(complaint: Complaint) -> Complaint:
    """PyYAML's own parser says "expected <block end>" where libyaml says what it wanted instead."""
    if complaint.problem.startswith("expected <block end>"):
        return replace(complaint, problem=_NO_ITEM if complaint.context.endswith("collection") else _NO_KEY)
    if complaint.problem.startswith("expected '<document start>'"):
        return replace(complaint, problem=_NO_DOCUMENT)
    return complaint


_BEFORE_VALUE = r"""\s*(?:- +)*(?:[^\s:#"'\[{][^:#"']*: +)?"""


_SIGNS = {
    "*": "YAML reads a leading * as the name of an alias",
    "&": "YAML reads a leading & as an anchor",
    "@": "YAML does not allow text to begin with @",
    "`": "YAML does not allow text to begin with a backtick",
    "%": "YAML does not allow text to begin with %",
    ">": "YAML reads a leading > as the start of a folded block",
    "|": "YAML reads a leading | as the start of a literal block",
    "[": "YAML reads a leading [ as the start of a list",
    "{": "YAML reads a leading { as the start of a mapping",
    ",": "YAML does not allow text to begin with a comma",
    "]": "YAML does not allow text to begin with ]",
    "}": "YAML does not allow text to begin with }",
    "?": 'YAML reads a leading "? " as the start of a key',
    "-": 'YAML reads a leading "- " as the start of a list, which must begin on the next line',
    "!": "YAML reads a leading ! as a tag",
}


def _a_leading_sign(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.problem == "found unknown directive name":
        return Explanation("yaml-syntax", _SIGNS["%"], _FOLD, complaint.context_line, complaint.context_column)
    for line, column in ((complaint.context_line, complaint.context_column), (complaint.line, complaint.column)):
        text = _line(lines, line)
        sign = text[column : column + 1]
        if sign == "-" and "sequence entries" not in complaint.problem:
            continue
        if sign in _SIGNS and _starts_a_value(text, column) and (sign not in "[{" or _closed(text, column)):
            return Explanation("yaml-syntax", _SIGNS[sign], _FOLD, line, column)
    text = _line(lines, complaint.line)
    begun = re.match(_BEFORE_VALUE + r"([\[{])", text)
    if begun and complaint.problem in _OUT_OF_PLACE and begun.start(1) < complaint.column:
        return Explanation("yaml-syntax", _SIGNS[begun.group(1)], _FOLD, complaint.line, begun.start(1))
    return None


def _an_unfinished_quote(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.context == "while scanning a quoted scalar":
        message = "this quotation mark is never closed"
        return Explanation("yaml-quote", message, _FOLD, complaint.context_line, complaint.context_column)
    text = _line(lines, complaint.line)
    quoted = re.match(_BEFORE_VALUE + r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*') *""", text)
    if complaint.problem in _OUT_OF_PLACE and quoted and quoted.end() == complaint.column:
        message = "text goes on after the closing quotation mark"
        return Explanation("yaml-quote", message, _FOLD, complaint.line, complaint.column)
    return None


def _an_unfinished_bracket(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if "',' or" not in complaint.problem:
        return None
    bracket = _line(lines, complaint.context_line)[complaint.context_column : complaint.context_column + 1]
    closer = "]" if bracket == "[" else "}"
    if complaint.line == complaint.context_line and not _at_the_end(complaint, lines):
        message = f"a comma or the closing {closer} is missing here"
        hint = f"write commas between the items and {closer} at the end"
        return Explanation("yaml-bracket", message, hint, complaint.line, complaint.column)
    hint = f'close it with {closer}; if the {bracket} belongs to a text, put the text in "quotes"'
    message = f"this {bracket} is never closed"
    return Explanation("yaml-bracket", message, hint, complaint.context_line, complaint.context_column)


def _a_tab(complaint: Complaint, lines: list[str]) -> Explanation | None:
    text = _line(lines, complaint.line)
    indent = re.match(r" *\t", text)
    if indent and complaint.column <= indent.end():
        message = "a tab is used for indentation"
        return Explanation("yaml-tab", message, "use spaces: two for each level", complaint.line, indent.end() - 1)
    if text[complaint.column : complaint.column + 1] == "\t":
        message = "a tab stands where YAML takes only spaces"
        return Explanation("yaml-tab", message, "replace it by a space", complaint.line, complaint.column)
    return None


def _a_colon(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if not complaint.problem.startswith("mapping values are not allowed"):
        return None
    text = _line(lines, complaint.line)
    if re.search(r":\s", text[: complaint.column]):
        message = "YAML reads the second colon in this line as a new key"
        return Explanation("yaml-colon", message, _FOLD, complaint.line, complaint.column)
    above = _line(lines, complaint.line - 1)
    missing = _a_missing_space(above, complaint.line - 1)
    if missing is not None:
        return missing
    if above.strip() and _indent(above) == _indent(text) and not re.search(r":(?:\s|$)", above):
        message, hint = "this line has no colon after its key", 'write "key: value"'
        return Explanation("yaml-colon", message, hint, complaint.line - 1, _indent(above))
    message = "this key is indented further than the lines above it, or a text above it goes on into this line"
    hint = "line the key up with its neighbours; if it belongs to a text, " + _FOLD
    return Explanation("yaml-indentation", message, hint, complaint.line, _indent(text))


def _a_missing_space(text: str, line: int) -> Explanation | None:
    """A key or a dash that is followed at once by something else, or by a space of another kind."""
    glued = re.match(r"\s*(?:- +)*([A-Za-z_]+):(?!//)(?=[^ ])", text) or re.match(r"\s*(?:- +)*(-)(?=[^ -])", text)
    if glued is None:
        return None
    sign = glued.group(1) + (":" if glued.group(1) != "-" else "")
    message = f'a space is missing after "{sign}"'
    if text[glued.end()].isspace():
        message = f'the space after "{sign}" is not an ordinary one (U+{ord(text[glued.end()]):04X})'
    hint = 'write "- item"' if sign == "-" else 'write "key: value"'
    return Explanation("yaml-space", message, hint, line, glued.end())


def _a_missing_colon(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.problem != "could not find expected ':'":
        return None
    missing = _a_missing_space(_line(lines, complaint.context_line), complaint.context_line)
    if missing is not None:
        return missing
    message = "this line has no key, and the text above it does not go on into it"
    hint = 'write "key: value"; if the line belongs to the text above, indent it further'
    return Explanation("yaml-colon", message, hint, complaint.context_line, complaint.context_column)


def _an_escape(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if not re.search(r"unknown escape|Unicode character escape|hexd?ecimal", complaint.problem):
        return None
    hint = r'inside "double quotes" write \\ for a backslash, or use single quotes'
    column = _line(lines, complaint.line).rfind("\\", 0, complaint.column + 1)
    return Explanation("yaml-quote", "a backslash means something else here", hint, complaint.line, column)


def _a_misplaced_line(complaint: Complaint, lines: list[str]) -> Explanation:
    text = _line(lines, complaint.line)
    comment = re.search(r" #\S", _line(lines, complaint.line - 1))
    if complaint.problem in _OUT_OF_PLACE and comment:
        message = 'YAML drops the rest of a line from " #" on, so this line no longer belongs to the text above'
        return Explanation("yaml-comment", message, _FOLD, complaint.line - 1, comment.start() + 1)
    if complaint.problem == _NO_DOCUMENT and _line(lines, complaint.line - 1).startswith("..."):
        message, hint = "a second document begins here; a file holds one", "delete the ... line above"
        return Explanation("yaml-documents", message, hint, complaint.line, complaint.column)
    if _at_the_end(complaint, lines):
        message = "the file ends where something was expected"
        return Explanation("yaml-syntax", message, "finish the last line", complaint.line, complaint.column)
    if complaint.problem == _NO_ITEM:
        message = 'this line stands among list items but does not begin with "- "'
        return Explanation("yaml-indentation", message, "indent it as its neighbours", complaint.line, complaint.column)
    message = "the indentation of this line does not match the lines above it"
    if complaint.column > _indent(text):
        message = "YAML did not expect this here"
    hint = "line it up with its neighbours: two spaces for each level"
    return Explanation("yaml-indentation", message, hint, complaint.line, complaint.column)


_LONGEST_LINE = 2_000  # characters that an explanation looks at; patterns over more could take minutes


def _line(lines: list[str], number: int) -> str:
    return lines[number][:_LONGEST_LINE] if 0 <= number < len(lines) else ""


def _at_the_end(complaint: Complaint, lines: list[str]) -> bool:
    below = lines[complaint.line + 1 :]
    return not _line(lines, complaint.line)[complaint.column :].strip() and not any(line.strip() for line in below)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _starts_a_value(text: str, column: int) -> bool:
    return not text[:column].strip() or bool(re.search(r"(?:: +|- +)$", text[:column]))


def _closed(text: str, column: int) -> bool:
    return {"[": "]", "{": "}"}[text[column]] in text[column:]
