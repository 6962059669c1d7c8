"""What each code of a fault stands for, in one sentence: of the file itself, whatever the call."""

from collections.abc import Mapping

from pioneer_cli.diagnostics import Severity

# The codes that leave a bid fit to be judged; all others are errors.
LIGHTER: Mapping[str, Severity] = {
    "invisible-character": Severity.WARNING,
    "over-budget": Severity.NOTE,
    "misplaced-ignore": Severity.WARNING,
    "unused-ignore": Severity.WARNING,
    "yaml-comment": Severity.WARNING,
}
CODES: Mapping[str, str] = {
    "blank-title": "A document must have a title.",
    "broken-reference": "A reference must name a partner or a source that the bid lists, each under its own id.",
    "character": "A character that YAML does not allow stands in the file.",
    "empty-file": "A file with nothing in it is no bid.",
    "empty-item": "An item of a list says nothing.",
    "empty-value": "A field that must say something is empty.",
    "encoding": "A bid is written in UTF-8.",
    "file-too-large": "A bid of ten pages is never this large.",
    "ignore-malformed": "A comment that speaks to pioneer cannot be read; an ignore names one rule and says why.",
    "ignore-not-allowed": "What rests on the call cannot be ignored.",
    "ignore-unknown-rule": "A comment ignores a rule that no pack has.",
    "ignore-without-reason": "A comment that ignores a rule must say why.",
    "indentation-space": "A line is indented with something that only looks like a space.",
    "invisible-character": "A character that nobody can see stands in the text.",
    "long-word": "A word is too long for any line of the document.",
    "missing-character": "The document's font cannot show a character.",
    "missing-key": "A field that every bid must have is missing.",
    "not-a-mapping": "Keys with values are expected here.",
    "not-in-list": "A value is not in the closed list of its field.",
    "not-judged": "The bid could not be judged.",
    "out-of-range": "A number is outside the range of its field.",
    "over-budget": "A section takes more than half as much again as its budget of pages (house).",
    "render-failed": "The document cannot be typeset.",
    "too-long": "A text is longer than its field allows.",
    "unknown-call": "There is no criteria pack for the call that the bid names.",
    "unknown-key": "A key is not one that bids have, and what stands under it would be lost.",
    "unreadable": "The file cannot be opened or read as text.",
    "misplaced-ignore": "A comment ignores a rule that falls short on another line and not on its own.",
    "unused-ignore": "A comment ignores a rule that finds nothing there.",
    "wrong-count": "A number of people or things cannot be read.",
    "wrong-day": "A date cannot be read.",
    "wrong-id": "An id may hold letters, figures, hyphens and dots.",
    "wrong-money": "A sum of money cannot be read.",
    "wrong-number": "A number cannot be read.",
    "wrong-scale": "A size cannot be read.",
    "wrong-value": "A value does not fit its field.",
    "wrong-when": "A day or a month cannot be read.",
    "wrong-year": "A year cannot be read.",
    "yaml-alias": "Aliases are not allowed in a bid.",
    "yaml-anchor": "Anchors are not allowed in a bid.",
    "yaml-bracket": "A bracket is not closed, or closes nothing.",
    "yaml-colon": "A colon is missing, or stands where YAML takes it for a key.",
    "yaml-comment": "YAML drops the rest of a line as a comment.",
    "yaml-conflict": "Git left two versions of some lines in the file.",
    "yaml-depth": "The file is nested more deeply than any bid.",
    "yaml-documents": "A file holds one bid.",
    "yaml-duplicate-key": "A key stands twice, and one of the two values would be lost.",
    "yaml-indentation": "A line does not stand under its neighbours.",
    "yaml-key": "A key must be a word.",
    "yaml-merge": "Merge keys are not allowed in a bid.",
    "yaml-nodes": "The file holds more values than any bid.",
    "yaml-quote": "A quotation mark is not closed, or a backslash stands inside quotation marks.",
    "yaml-space": "A space is missing after a colon or a hyphen.",
    "yaml-syntax": "The file is not YAML from here on.",
    "yaml-tab": "A tab stands where YAML takes spaces.",
    "yaml-tag": "Tags are not allowed in a bid.",
}


def severity_of(code: str) -> Severity:
    """How bad a fault is, in every phase."""
    return LIGHTER.get(code, Severity.ERROR)


def meaning(code: str) -> str:
    """What a code stands for; for one that is not listed, the code in words."""
    return CODES.get(code) or f"A fault of the file: {code.replace('-', ' ')}."
