"""Turns the YAML parser's complaints into what a bid writer did and how to mend it.

Pure text matching: it gets the parser's words, the place and the line, and gives a message, a hint and the column
to point at. `source` owns the parser.
"""

import re
from dataclasses import dataclass

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
    for explainer in (_a_leading_sign, _an_unfinished_quote, _a_tab, _a_colon, _a_missing_colon, _an_escape):
        explanation = explainer(complaint, lines)
        if explanation is not None:
            return explanation
    return _a_misplaced_line(complaint, lines)


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
    begun = re.match(r"\s*(?:- +)?[^\s:#\"'\[{]+: +([\[{])", text)
    if begun and complaint.problem == "did not find expected key" and begun.start(1) < complaint.column:
        return Explanation("yaml-syntax", _SIGNS[begun.group(1)], _FOLD, complaint.line, begun.start(1))
    return None


def _an_unfinished_quote(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.context == "while scanning a quoted scalar":
        message = "this quotation mark is never closed"
        return Explanation("yaml-quote", message, _FOLD, complaint.context_line, complaint.context_column)
    text = _line(lines, complaint.line)
    quoted = re.match(r"""\s*(?:- +)*(?:[^\s:#"'][^:#"']*: +)?(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*') *""", text)
    if complaint.problem == "did not find expected key" and quoted and quoted.end() == complaint.column:
        message = "text goes on after the closing quotation mark"
        return Explanation("yaml-quote", message, _FOLD, complaint.line, complaint.column)
    return None


def _a_tab(complaint: Complaint, lines: list[str]) -> Explanation | None:
    text = _line(lines, complaint.line)
    indent = re.match(r" *\t", text)
    if indent and complaint.column <= indent.end():
        message = "a tab is used for indentation"
        return Explanation("yaml-tab", message, "use spaces: two for each level", complaint.line, indent.end() - 1)
    return None


def _a_colon(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if not complaint.problem.startswith("mapping values are not allowed"):
        return None
    text = _line(lines, complaint.line)
    before = text[: complaint.column]
    if re.match(r"\s*(?:- +)*[^\s:#]+:\s", before):
        message = "YAML reads the second colon in this line as a new key"
        return Explanation("yaml-colon", message, _FOLD, complaint.line, complaint.column)
    above = _line(lines, complaint.line - 1)
    glued = re.match(r"\s*(?:- +)*([a-z_]+):(?=\S)", above)
    if glued:
        message = f'a space is missing after "{glued.group(1)}:"'
        return Explanation("yaml-colon", message, 'write "key: value"', complaint.line - 1, glued.end() - 1)
    if re.fullmatch(r"\s*(?:- +)*[A-Za-z_]+", above) and _indent(above) == _indent(text):
        column = len(above)
        message = f'a colon is missing after "{above.strip()}"'
        return Explanation("yaml-colon", message, 'write "key: value"', complaint.line - 1, column)
    message = "this key is indented further than the lines above it, or a text above it goes on into this line"
    hint = "line the key up with its neighbours; if it belongs to a text, " + _FOLD
    return Explanation("yaml-indentation", message, hint, complaint.line, _indent(text))


def _a_missing_colon(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.problem != "could not find expected ':'":
        return None
    message = "this line has no key, and the text above it does not go on into it"
    hint = 'write "key: value"; if the line belongs to the text above, indent it further'
    return Explanation("yaml-colon", message, hint, complaint.context_line, complaint.context_column)


def _an_escape(complaint: Complaint, lines: list[str]) -> Explanation | None:
    if complaint.problem != "found unknown escape character":
        return None
    hint = r'inside "double quotes" write \\ for a backslash, or use single quotes'
    return Explanation("yaml-quote", "a backslash means something else here", hint, complaint.line, complaint.column)


def _a_misplaced_line(complaint: Complaint, lines: list[str]) -> Explanation:
    text = _line(lines, complaint.line)
    comment = re.search(r" #\S", _line(lines, complaint.line - 1))
    if complaint.problem == "did not find expected key" and comment:
        message = 'YAML drops the rest of a line from " #" on, so this line no longer belongs to the text above'
        return Explanation("yaml-comment", message, _FOLD, complaint.line - 1, comment.start() + 1)
    if not text.strip():
        message = "the file ends, or a line is empty, where a value was expected"
        return Explanation("yaml-syntax", message, "finish the line above", complaint.line, complaint.column)
    if complaint.problem == "did not find expected '-' indicator":
        message = 'this line stands among list items but does not begin with "- "'
        return Explanation("yaml-indentation", message, "indent it as its neighbours", complaint.line, complaint.column)
    message = "the indentation of this line does not match the lines above it"
    if complaint.column > _indent(text):
        message = "YAML did not expect this here"
    hint = "line it up with its neighbours: two spaces for each level"
    return Explanation("yaml-indentation", message, hint, complaint.line, complaint.column)


def _line(lines: list[str], number: int) -> str:
    return lines[number] if 0 <= number < len(lines) else ""


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip(" "))


def _starts_a_value(text: str, column: int) -> bool:
    return not text[:column].strip() or bool(re.search(r"(?:: +|- +)$", text[:column]))


def _closed(text: str, column: int) -> bool:
    closer = {"[": "]", "{": "}"}[text[column]]
    return closer in text[column:]
