"""The words and figures of a matrix that its formats write alike: pages, quotes, places, and how many are not shown."""

from collections import Counter
from collections.abc import Sequence

from pioneer_cli.assessment import Outcome
from pioneer_cli.matrix import Answer, Matrix, Row
from pioneer_cli.quantities import plural

TITLE = "Where the bid answers each consideration"
MOST_ROWS = 4  # of one consideration, in what people read; JSON and CSV have them all
NO_PAGE = "–"
ELSEWHERE = "outside its own section"
NO_PASSAGE = "in no passage of its own"


def shown(rows: Sequence[Row]) -> tuple[Sequence[Row], str]:
    """The rows of a consideration that people are shown, and how much more there is, empty where they are all."""
    ranked = sorted(rows, key=lambda row: (not row.in_own_section, -len(_rules(row))))[:MOST_ROWS]
    kept = [row for row in rows if row in ranked]
    left = [row for row in rows if row not in kept]
    if not left:
        return kept, ""
    places = sum(len(row.answers) for row in left)
    return kept, f"and {plural(places, 'more place')} under {plural(len(left), 'other heading')}"


def _rules(row: Row) -> set[str]:
    return {rule for answer in row.answers for rule in answer.rules}


def pages_of(first: int | None, last: int | None) -> str:
    """The pages of a place or a row: `4`, `4–6`, and a dash where there are none."""
    if first is None:
        return NO_PAGE
    return str(first) if last in (None, first) else f"{first}–{last}"


def quote_of(row: Row) -> str:
    """The words of the first place of a row, and how many more places there are."""
    if not row.answers:
        return NO_PAGE
    more = len(row.answers) - 1
    quoted = f"“{row.answers[0].quote}”"
    return f"{quoted} and {plural(more, 'more place')}" if more else quoted


def remarks_on(row: Row) -> str:
    """What a reader should know of where a row stands, empty where there is nothing."""
    remarks = [] if row.in_own_section else [ELSEWHERE]
    if row.section and not any(answer.has_passage for answer in row.answers):
        remarks.append(NO_PASSAGE)
    return "; ".join(remarks)


def dotted(path: Sequence[str | int]) -> str:
    """A path as the documentation writes it: `vision.outcomes[2].measure`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")


def position(found: Matrix, answer: Answer) -> str:
    """The line and the column in the bid's file."""
    return str(found.source.value_span(answer.path).start)


def summary(found: Matrix) -> str:
    """How many considerations there are, how they stand, and for how many no place was found."""
    considerations = list(found.by_consideration())
    outcomes = Counter(rows[0].outcome for rows in considerations)
    counts = ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in Outcome if outcomes[outcome])
    without = sum(not rows[0].answers for rows in considerations)
    places = f"no place in the bid for {without}" if without else "a place in the bid for each"
    return f"{plural(len(considerations), 'consideration')}: {counts}; {places}"
