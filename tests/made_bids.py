"""Bids made for tests, and how their PDFs read: a bid filled from the models, and the text that comes out of a PDF."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

import pypdfium2
from pydantic import BaseModel

from pioneer_cli.bid import Bid, Id, Text, plain
from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, Year

Path = tuple[str | int, ...]
BOTTOM_MARGIN = 56.6  # points: 2 cm, below which only the footer stands

VALUES: tuple[tuple[Any, object], ...] = (
    (Id, "an-id"), (bool, True), (Day, "2013-06-27"), (DayOrMonth, "2014-03"), (Money, "£1.2m"), (Count, "167,400"),
    (Number, 14.5), (Scale, 3), (Year, 2012),
)  # fmt: skip


def full_bid(text: Callable[[Path], str]) -> dict[str, Any]:
    """A bid with every field filled and one entry in every list; `text` says what a text field holds."""
    return {**_part(Bid, (), text), "call": "pioneers-2013"}


def _part(model: type[BaseModel], path: Path, text: Callable[[Path], str]) -> dict[str, Any]:
    hints = get_type_hints(model, include_extras=True)
    return {name: _value(hints[name], (*path, name), text) for name in model.model_fields}


def _value(annotation: Any, path: Path, text: Callable[[Path], str]) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(option for option in get_args(annotation) if option is not type(None))
    if get_origin(annotation) is tuple:
        return [_value(get_args(annotation)[0], (*path, 0), text)]
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _part(annotation, path, text)
    if annotation == Text:
        return text(path)
    return next(value for kind, value in VALUES if kind == annotation)


def tree_of(content: dict[str, Any]) -> dict[str, Any]:
    """The validated bid as rules and templates read it."""
    tree: dict[str, Any] = plain(Bid.model_validate(content))
    return tree


def text_of(pdf: bytes) -> str:
    """The text of a PDF's pages, footers aside, without any white space: how lines break says nothing here."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded(bottom=BOTTOM_MARGIN) for page in document]
    return squeezed("".join(pages))


def squeezed(text: str) -> str:
    """A text without white space and without what nobody can see."""
    return re.sub(r"[\s\u200b\ufeff]+", "", text)
