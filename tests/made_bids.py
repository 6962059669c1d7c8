"""Bids made for tests, and how their PDFs read: a bid filled from the models, and the text that comes out of a PDF."""

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pypdfium2
from pydantic import BaseModel

from pioneer_cli.assessment import Report
from pioneer_cli.bid import Bid, Id, Text, plain
from pioneer_cli.document import document
from pioneer_cli.formats.typst import typst
from pioneer_cli.pipeline import Request, check, read_bid
from pioneer_cli.quantities import Count, Day, DayOrMonth, Money, Number, Scale, Year
from pioneer_cli.source import read
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import Block, Paragraph
from pioneer_cli.typeset import Typeset, typeset

Step = str | int
Tree = dict[str, Any]

ROOT = Path(__file__).parent.parent
REPO_BIDS = ("exemplar", "north-lincolnshire", "north-west-london", "north-yorkshire", "norfolk-2017")
BOTTOM = 48  # points: in the bottom margin of 2 cm, between the last line's underscores and the footer
RIGHT_MARGIN = 538.6  # points from the left: 21 cm less 2 cm
VALUES: tuple[tuple[Any, object], ...] = (
    (Id, "an-id"), (bool, True), (Day, "2013-06-27"), (DayOrMonth, "2014-03"), (Money, "£1.2m"), (Count, "167,400"),
    (Number, 14.5), (Scale, 3), (Year, 2012),
)  # fmt: skip

PROSE = frozenset(
    {
        "summary", "area.description", "partners.0.role", "health_and_wellbeing_boards.0.involvement",
        "vision.statement", "vision.narrative.statement", "vision.making_it_real", "vision.integration_around",
        "whole_system.statement", "whole_system.services.0.how", "whole_system.prevention",
        "whole_system.personalisation", "whole_system.unpaid_contributions", "commitment.statement",
        "commitment.stakeholders.0.involvement", "commitment.governance.statement",
        "commitment.information_sharing.agreement", "capability.statement", "capability.leadership",
        "capability.accountability", "sharing.statement", "evidence.statement", "evidence.intended_outcomes",
        "evidence.new_measures", "evidence.evaluation",
    }
)  # fmt: skip
NOT_PRINTED: frozenset[str] = frozenset()  # a text that is not printed would count for nothing against the page limit

HOSTILE = [
    "#panic()", "#panic();", '"; #panic() //', '");#panic();("', "#{panic()}", "#[x]", '#"', '#"x";', "#none", "#0",
    '#import "x.typ": *', '#import "@preview/x:1.0.0": *', '#include "/etc/passwd"', '#read("/etc/passwd")',
    "#let x = 1", "#set page(width: 1cm)", "#show: none", "#pagebreak()", "#counter(page).update(1)",
    '#metadata("C7")<section>', "$x$", "$", "$ sum_(k=1)^n k $", "*a*", "**a**", "_b_", "__b__", "*_*_", "*", "_",
    "]", "[", "[[]]", "][", "];", ")", "(", "}{", "[a](b)", "<label>", "<section>", "@ref", "//", "// gone",
    "/* gone */", "/*", "*/", "{{ 7*7 }}", "{% raise %}", "{# gone #}", "{{ bid.__class__ }}", "{{", "%}", "'", '"',
    '""', '"""', "...", "--", "---", "~", "\\", "\\\\", "\\u{41}", "\\n", '\\"', '\\";#panic()//', "\\#", "\\\\\\",
    "`x`", "```x```", "= Heading", "== Heading", "# Heading", "- item", "+ item", "+ 5%", "1. item", "2013. The year",
    "/ term: text", "> 65", "<b>bold</b>", "&amp;", "&#65;", "https://example.org/#x?a=b&c=d", "=> <= -> !=", "-?",
    "5 * 3 * 2", "a_b_c", "C:\\x\\y", "%s %d {0}", ";", ":", ",", "|", "x^2 x_1", "100%", "fi ffi fl ff", "e\u0301 é",
    "½ 3/4", "5-6 – 7 — 8", "£1.2m €3", "“curly” ‘quotes’", "non\u00a0break", "a.b@example.org", "\ttab", "* * *",
    "long" * 15,
]  # fmt: skip


def full_bid(text: Callable[[str], str]) -> Tree:
    """A bid with every field filled and one entry in every list, as YAML gives it; `text` fills a field by its path."""
    return {**_part(Bid, (), text), "call": "pioneers-2013"}


def _part(model: type[BaseModel], path: tuple[Step, ...], text: Callable[[str], str]) -> Tree:
    hints = get_type_hints(model, include_extras=True)
    return {name: _value(hints[name], (*path, name), text) for name in model.model_fields}


def _value(annotation: Any, path: tuple[Step, ...], text: Callable[[str], str]) -> Any:
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(option for option in get_args(annotation) if option is not type(None))
    if get_origin(annotation) is tuple:
        return [_value(get_args(annotation)[0], (*path, 0), text)]
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _part(annotation, path, text)
    if annotation == Text:
        return text(".".join(map(str, path)))
    return next(value for kind, value in VALUES if kind == annotation)


def put_in_every_field(text: str) -> dict[str, str]:
    """What each field of a bid holds: the text at its beginning and at its end, and between them which field it is."""
    fields: dict[str, str] = {}

    def fill(path: str) -> str:
        fields[path] = f"{text} Q{len(fields)}q {text}"
        return fields[path]

    full_bid(fill)
    return fields


def tree_of(content: Tree) -> Tree:
    """The validated bid as rules and templates read it."""
    tree: Tree = plain(Bid.model_validate(content))
    return tree


def empty_bid() -> Tree:
    """A bid that holds what is mandatory and nothing else."""
    return tree_of({"call": "pioneers-2013", "title": "A title", "area": {"name": "An area"}})


def repo_bid(name: str) -> Tree:
    """A bid of `bids/`, which has nothing wrong with it."""
    found = read_bid(read(str(ROOT / "bids" / f"{name}.yaml")))
    assert found.diagnostics == ()
    tree: Tree = plain(found.bid)
    return tree


def typst_files(tree: Tree, template: str = "eoi") -> dict[str, bytes]:
    """The Typst source of the bid's document."""
    folder = find_template(template)
    return dict(typst(document(tree, folder), folder).files)


def typeset_tree(tree: Tree, template: str = "eoi") -> Typeset:
    """The bid as a document of a shipped template."""
    return typeset(typst_files(tree, template))


@cache
def typeset_repo_bid(name: str) -> Typeset:
    """A bid of `bids/`, typeset once."""
    return typeset_tree(repo_bid(name))


# --- What a PDF says -------------------------------------------------------------------------------------------------


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page, its footer aside, without white space: how lines break says nothing of what they say."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.get_textpage().get_text_bounded(bottom=BOTTOM) for page in document]
    return [squeezed(page).replace("\x02", "-") for page in pages]  # what pdfium makes of a hyphen at a line's end


def text_of(pdf: bytes) -> str:
    """The text of all pages of a PDF, without white space."""
    return "".join(pages_of(pdf))


def squeezed(text: str) -> str:
    """A text without white space and without zero-width spaces."""
    return re.sub(r"[\s\u200b]+", "", text)


def as_read(blocks: tuple[Block, ...]) -> str:
    """How prose reads on the page: the text of its runs, and a bullet or a number before each item of a list."""
    read_out = []
    for block in blocks:
        if isinstance(block, Paragraph):
            read_out.append("".join(run.text for run in block.runs))
            continue
        for number, item in enumerate(block.items, start=1):
            read_out.append((f"{number}. " if block.numbered else "• ") + as_read(item))
    return "\n".join(read_out)


def check_one(name: str, request: Request) -> Report:
    """Checks one bid by one pack."""
    (report,) = check(name, request)
    return report
