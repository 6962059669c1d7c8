"""The frame of a report in HTML: one file that fetches nothing and runs nothing, whatever a bid may say.

A content policy allows the one style sheet, by its hash, and pictures that stand in the file itself, and nothing else,
so no element may carry a style of its own.
"""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from hashlib import sha256

from pioneer_cli.formats.html import escaped
from pioneer_cli.reports.look import printable
from pioneer_cli.tree import LANGUAGE

PICTURE = "data:image/svg+xml;base64,"  # what the address of a picture in the file itself begins with


def html_page(name: str, title: str, style: str, body: str, foot: str, before: str = "") -> str:
    """A page: the report's name, the bid's title, the style sheet, and the body, which is ready HTML.

    `before` is ready HTML that stands before the header, such as a link past it.
    """
    digest = b64encode(sha256(style.encode("utf-8")).digest()).decode("ascii")
    pictures = " img-src data:;" if PICTURE in body else ""
    policy = f"default-src 'none'; style-src 'sha256-{digest}';{pictures} base-uri 'none'; form-action 'none'"
    return (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGE}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{safe(name)}: {safe(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n{before}"
        f"<header>\n<h1>{safe(name)}</h1>\n<p>{safe(title)}</p>\n</header>\n{body}"
        f"<footer>\n<p>{safe(foot)}</p>\n</footer>\n</body>\n</html>\n"
    )


def safe(text: str) -> str:
    """A text on one line as it stands in an element or between the quotation marks of an attribute."""
    return escaped(printable(text))


# --- Tables ----------------------------------------------------------------------------------------------------------
# The roles say again what the elements mean: a narrow screen stacks the cells, and some browsers would then forget.


def html_table(caption: str, names: Sequence[str], numbers: frozenset[str], groups: str) -> str:
    """A table with its names of columns, of which some hold `numbers`; its groups of rows are ready elements."""
    heads = "".join(f'<th scope="col" role="columnheader"{_shape(name, numbers)}>{safe(name)}</th>' for name in names)
    return (
        f'<table role="table">\n<caption>{safe(caption)}</caption>\n'
        f'<thead role="rowgroup">\n<tr role="row">{heads}</tr>\n</thead>\n{groups}</table>\n'
    )


def html_row(kind: str, name: str, cells: Iterable[str], names: Sequence[str], numbers: frozenset[str]) -> str:
    """A row that begins with its name; the name and the cells are ready HTML."""
    inside = "".join(
        f'<td role="cell"{_shape(column, numbers)} data-label="{safe(column)}">{cell}</td>'
        for column, cell in zip(names[1:], cells, strict=True)
    )
    return f'<tr role="row" class="{kind}"><th scope="row" role="rowheader">{name}</th>{inside}</tr>\n'


def html_rows(rows: str) -> str:
    """Rows as one group."""
    return f'<tbody role="rowgroup">\n{rows}</tbody>\n'


def _shape(name: str, numbers: frozenset[str]) -> str:
    return ' class="number"' if name in numbers else ""
