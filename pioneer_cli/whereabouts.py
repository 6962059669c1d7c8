"""Where words of a bid stand: the line and column in its file, and the page of its typeset document."""

from collections.abc import Sequence
from dataclasses import dataclass

from pioneer_cli.diagnostics import Span
from pioneer_cli.press import Printed
from pioneer_cli.source import Source
from pioneer_cli.tree import BidPath

_FIRST_WORDS = (12, 8, 5, 3, 2)  # how many first words of a piece are looked for on one line of the file


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a bid: its path, its line and column in the file from 1, its pages where the template prints it."""

    path: BidPath
    line: int
    column: int
    first_page: int | None
    last_page: int | None

    @property
    def words(self) -> str:
        """The place in words: `page 2, line 131`, or the line alone of what is not printed."""
        if self.first_page is None:
            return f"line {self.line}"
        if self.last_page in (None, self.first_page):
            return f"page {self.first_page}, line {self.line}"
        return f"pages {self.first_page}–{self.last_page}, line {self.line}"


class Whereabouts:
    """Finds places in one bid; without a measured document no place has pages."""

    def __init__(self, source: Source, printed: Printed | None) -> None:
        self._source = source
        self._printed = printed
        self._inside = printed.passages_inside() if printed is not None else {}

    def of(self, path: BidPath, piece: str = "") -> Spot:
        """The place of a path, or of a piece of the text that stands there: its first place, if there are several."""
        start = self._span(path, piece).start
        first, last = self._pages(path, piece)
        return Spot(path, start.line, start.column, first, last)

    def _span(self, path: BidPath, piece: str) -> Span:
        whole = self._source.value_span(path)
        words = piece.split()
        for count in (len(words), *_FIRST_WORDS) if words else ():
            found = self._source.text_span(path, " ".join(words[:count]))
            if found != whole:
                return found
        return whole

    def _pages(self, path: BidPath, piece: str) -> tuple[int | None, int | None]:
        if self._printed is None:
            return None, None
        prefixes = (path[:length] for length in range(len(path), 1 if len(path) > 1 else 0, -1))
        numbers = next((self._inside[prefix] for prefix in prefixes if prefix in self._inside), None)
        if numbers is None:
            return None, None
        place = self._printed.typeset.places[self._with_words(numbers, piece)]
        return place.first_page, place.last_page

    def _with_words(self, numbers: Sequence[int], piece: str) -> int:
        """The passage in which a piece begins, by its first words; the first passage where none has them."""
        passages = self._printed.passages if self._printed else ()
        words = piece.split()
        for count in _FIRST_WORDS if words else ():
            beginning = " ".join(words[:count])
            found = next((number for number in numbers if beginning in " ".join(passages[number].text.split())), None)
            if found is not None:
                return found
        return numbers[0]
