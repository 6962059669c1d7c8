"""Places in a file and what is wrong there.

Lines and columns count from 1, columns in characters; an end is the place just after the last character.
Everything here is frozen and ordered, so that a list of diagnostics sorts by file and place.
"""

from dataclasses import dataclass, field
from enum import IntEnum


class Severity(IntEnum):
    """How much a diagnostic or a finding matters; `str()` gives the word that people read."""

    NOTE = 1
    WARNING = 2
    ERROR = 3

    def __str__(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, order=True, slots=True)
class Position:
    """A line and a column, both counted from 1."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From `start` up to, not including, `end`."""

    start: Position
    end: Position

    @classmethod
    def of(cls, line: int, column: int, end_line: int, end_column: int) -> "Span":
        """The span between two places given as four numbers, counted from 1."""
        return cls(Position(line, column), Position(end_line, end_column))


@dataclass(frozen=True, order=True, slots=True)
class Related:
    """A second place that explains a diagnostic, such as the first of two equal keys."""

    span: Span
    label: str


@dataclass(frozen=True, order=True, slots=True)
class Diagnostic:
    """One fault of one file: what is wrong, where, and (in `hint`) what to do about it.

    `meant` is what was surely meant in the place of what stands at `span`, such as the key that is misspelt there, for
    `mends` to make a change of; empty where that would be a guess.
    """

    file: str
    span: Span
    severity: Severity
    code: str
    message: str
    hint: str = ""
    related: tuple[Related, ...] = field(default=(), compare=False)
    meant: str = field(default="", compare=False)


def has_errors(diagnostics: tuple[Diagnostic, ...]) -> bool:
    """Whether any of these makes the file unfit to be judged."""
    return any(diagnostic.severity is Severity.ERROR for diagnostic in diagnostics)
