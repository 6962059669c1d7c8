"""From a bid and a template to Typst source; owns the Jinja environment and everything that keeps text from markup.

Every value that a template prints becomes a Typst string literal, so nothing that a writer types can become markup.
A template prints `{{ value }}` in markup and `{{ value | content }}` where Typst expects an argument. Prose, which
may hold small Markdown, is printed by `#{{ value | prose }}` in markup and `{{ value | prose }}` as an argument.
"""

import hashlib
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    FileSystemBytecodeCache,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pioneer_cli.errors import PioneerError
from pioneer_cli.glyphs import advice, missing_characters
from pioneer_cli.line_breaks import BREAK, break_places, breakable
from pioneer_cli.markdown import Block, Listing, Paragraph, Run, parse_prose
from pioneer_cli.quantities import When, figure, pounds
from pioneer_cli.shipped import shipped_folder

MAIN_TEMPLATE = "bid.typ.jinja"
STYLE = "style.typ"
MOST_CHARACTERS = 400_000  # some ninety pages; far more would take the typesetter minutes and gigabytes
MOST_MARKS = 10_000  # asterisks and underscores; pairing them costs the square of their number
LONGEST_WORD = 60  # characters; a longer one is no word


class TypstSource(str):
    """Text that already is Typst source and must not be quoted again."""

    __slots__ = ()


def typst_files(bid: Mapping[str, Any], template: str = "eoi") -> dict[str, bytes]:
    """The files of the document by name, `main.typ` first.

    Raises PioneerError, with the template's file and line, when the template cannot be filled in.
    """
    folder = shipped_folder("templates") / template
    names = {partner["id"]: partner["organisation"] for partner in bid["partners"]}
    try:
        filled_in = _environment(folder).get_template(MAIN_TEMPLATE)
        main = filled_in.render(bid=bid, names=names)
    except TemplateError as error:
        where = f"{template}/{_place_in_template(error, folder)}"
        reason = f"there is no file {error.name}" if isinstance(error, TemplateNotFound) else error.message
        raise PioneerError(f"the template {where} cannot be filled in: {reason}", "mend the template") from None
    return {"main.typ": main.encode("utf-8"), STYLE: (folder / STYLE).read_bytes()}


def _place_in_template(error: TemplateError, folder: Path) -> str:
    """The file and line that filling in stopped at: the parser's own, or the innermost that was running."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name or MAIN_TEMPLATE}:{error.lineno}"
    steps = [(Path(frame.f_code.co_filename), line) for frame, line in walk_tb(error.__traceback__)]
    inside = [f"{path.relative_to(folder).as_posix()}:{line}" for path, line in steps if path.is_relative_to(folder)]
    return inside[-1] if inside else MAIN_TEMPLATE


@cache
def _environment(folder: Path) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=_finalize,
        bytecode_cache=_bytecode_cache(),
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # Typst, not HTML: _finalize quotes every value instead
    )
    environment.filters.update(
        content=content,
        prose=prose,
        words=words,
        heading=heading_case,
        sentence=sentence,
        pounds=_pounds,
        figure=_figure,
        date=long_date,
        short=short_name,
        says=says,
    )
    return environment


class _CompiledTemplates(FileSystemBytecodeCache):
    """Compiled templates in files that begin with the digest of the rest; one that was damaged is compiled anew."""

    def load_bytecode(self, bucket: Bucket) -> None:
        try:
            content = Path(self._get_cache_filename(bucket)).read_bytes()
        except OSError:
            return
        digest, code = content[:32], content[32:]
        if hashlib.sha256(code).digest() == digest:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = bucket.bytecode_to_string()
        path = Path(self._get_cache_filename(bucket))
        temporary = path.with_name(f"{path.name}.{os.urandom(8).hex()}.tmp")
        with suppress(OSError):  # no room: compile anew each time
            temporary.write_bytes(hashlib.sha256(code).digest() + code)
            temporary.replace(path)


def _bytecode_cache() -> FileSystemBytecodeCache | None:
    """Compiled templates, kept in a folder of the user's own below the temporary one: compiling costs 30 ms a run.

    Jinja checks the template's text; the name holds what else the compiled form depends on, which is this file.
    """
    digest = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    try:
        return _CompiledTemplates(pattern=f"pioneer-{digest}-%s.cache")
    except (OSError, RuntimeError):  # nowhere to write: compile anew each time
        return None


# --- Values → Typst --------------------------------------------------------------------------------------------------


def literal(text: str) -> str:
    """A Typst string literal. Typst strings know five escapes; only these two characters need one."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _finalize(value: object) -> str:
    """What Jinja calls for each value that a template prints: a string literal that stands in markup."""
    if isinstance(value, TypstSource):
        return value
    if isinstance(value, Undefined):
        return str(value)  # raises, since undefined is strict
    text = "" if value is None else re.sub(r"[ \t\r\n]+", " ", str(value))  # no-break spaces stay
    return f"#{literal(breakable(text))};" if text else ""


def content(value: object) -> TypstSource:
    """A value as a Typst content block, for use as an argument: `[#"text";]`. Harmless in markup too."""
    return TypstSource(f"[{_finalize(value)}]")


def prose(text: str | None) -> TypstSource:
    """Prose with small Markdown as a Typst content block."""
    blocks = parse_prose(text or "")
    return TypstSource(f"[{_typst_blocks(blocks)}#parbreak();]" if blocks else "[]")


def _typst_blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(_typst_block(block) for block in blocks)


def _typst_block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return "".join(_typst_run(run) for run in _breakable_runs(block.runs))
    return _typst_list(block)


def _breakable_runs(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs of a paragraph with room to break, measured over all of them, since a line does not end with a run."""
    places = iter(break_places("".join(run.text for run in runs)))
    place, start, out = next(places, None), 0, []
    for run in runs:
        end, pieces, last = start + len(run.text), [], 0
        while place is not None and place < end:
            pieces.append(run.text[last : place - start])
            last, place = place - start, next(places, None)
        pieces.append(run.text[last:])
        out.append(Run(BREAK.join(pieces), run.styles))
        start = end
    return tuple(out)


def _typst_list(listing: Listing) -> str:
    items = ", ".join(f"[{_typst_blocks(item)}]" for item in listing.items)
    return f"#{'enum' if listing.numbered else 'list'}({items})"


def _typst_run(run: Run) -> str:
    if run.text == "\n":
        return "#linebreak();"
    written = f"#{literal(run.text)};"
    for style in sorted(run.styles):
        written = f"#{'emph' if style == 'emphasis' else 'strong'}[{written}];"
    return written


# --- Filters: how figures, dates and closed lists read ---------------------------------------------------------------

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_FRAMEWORKS = {"nhs": "NHS", "adult-social-care": "ASC", "public-health": "PH"}
_SPELT = {"ccg": "CCG", "nhs": "NHS", "ccg-led-retendering": "CCG-led retendering", "vertical-nhs": "vertical NHS"}


def long_date(value: object) -> str:
    """A date as people write it: `28 June 2013`, or `March 2014` where only the month is known."""
    if not isinstance(value, When):
        return ""
    month = f"{_MONTHS[value.first.month - 1]} {value.first.year}"
    return month if value.is_month else f"{value.first.day} {month}"


def words(value: str | None) -> str:
    """A value of a closed list in words: `in-principle` reads "in principle"."""
    return "" if value is None else _SPELT.get(value, value.replace("-", " "))


def heading_case(value: str | None) -> str:
    """A value of a closed list as the first words of a table row: "Physical health"."""
    text = words(value)
    return text[:1].upper() + text[1:]


def sentence(value: str | None) -> str:
    """A text that ends as a sentence does, so that another can follow it."""
    text = (value or "").strip()
    return text if not text or text[-1] in ".!?" else f"{text}."


def says(part: object) -> bool:
    """Whether a part of the bid holds anything at all to print."""
    if isinstance(part, Mapping):
        return any(map(says, part.values()))
    if isinstance(part, (list, tuple)):
        return any(map(says, part))
    return part is not None and part != ""


def short_name(value: str) -> str:
    """An outcomes-framework domain in short: `adult-social-care-3-experience` reads "ASC 3"."""
    found = re.match(r"(nhs|adult-social-care|public-health)-([0-9])-", value)
    return f"{_FRAMEWORKS[found.group(1)]} {found.group(2)}" if found else words(value)


def _pounds(value: Decimal | None) -> str:
    return "" if value is None else pounds(value)


def _figure(value: Decimal | int | None) -> str:
    return "" if value is None else figure(Decimal(value))


# --- What no document can show ---------------------------------------------------------------------------------------

_LONG_WORD = re.compile(rf"[^\s/\-–—]{{{LONGEST_WORD + 1},}}")


@dataclass(frozen=True, slots=True)
class Unshowable:
    """A text of the bid that cannot be typeset: where, which piece of it, and what to do."""

    path: tuple[str | int, ...]
    piece: str
    code: str
    message: str
    hint: str


def unshowable(bid: object) -> Iterator[Unshowable]:
    """Each character of the bid that the font lacks, each word too long for a line, a blank title, too much text."""
    length = sum(len(text) for _, text in _texts(bid))
    if length > MOST_CHARACTERS:
        message = f"the bid has {length:,} characters of text, too many to typeset"
        yield Unshowable((), "", "too-long", message, f"keep to {MOST_CHARACTERS:,}; ten pages hold some 45,000")
    marks = sum(text.count("*") + text.count("_") for _, text in _texts(bid))
    if marks > MOST_MARKS:
        message = f"the bid has {marks:,} asterisks and underscores, too many to read as emphasis"
        yield Unshowable(
            (), "", "too-long", message, f"keep to {MOST_MARKS:,}; *emphasis* is for a word here and there"
        )
    for path, text in _texts(bid):
        if path == ("title",) and not any(character.isalnum() for character in text):
            hint = "say in a few words what the bid is"
            yield Unshowable(path, text or '""', "blank-title", "a document must have a title, and this is blank", hint)
        for character in missing_characters(text):
            message = f"the document's font has no character U+{ord(character):04X}"
            yield Unshowable(path, character, "missing-character", message, advice(character))
        long_word = _LONG_WORD.search(text)
        if long_word:
            message = f"a word of {len(long_word.group())} characters runs off the page"
            hint = f"break it up: no word may be longer than {LONGEST_WORD} characters"
            yield Unshowable(path, long_word.group(), "long-word", message, hint)


def _texts(part: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every text of the bid with its path."""
    if isinstance(part, dict):
        for key, value in part.items():
            yield from _texts(value, (*path, key))
    elif isinstance(part, list):
        for index, value in enumerate(part):
            yield from _texts(value, (*path, index))
    elif isinstance(part, str):
        yield path, part
