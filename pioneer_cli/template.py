"""Filling in a template: a bid and a folder of Jinja templates → the bid's document as XML; the only import of jinja2.

Every text of the bid that a template prints is escaped and wrapped in an element that says where in the bid it stands,
so nothing that a writer types can become an element, and every word of the document can be traced to its line.
Templates are sandboxed and strict, and see no file outside their folder.
"""

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from traceback import walk_tb
from typing import Any

from jinja2 import (
    BaseLoader,
    Environment,
    FileSystemBytecodeCache,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    TemplateRuntimeError,
    TemplateSyntaxError,
    Undefined,
)
from jinja2.bccache import Bucket
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from pioneer_cli.errors import PioneerError
from pioneer_cli.figures import funding_chart, timeline
from pioneer_cli.quantities import When, figure, long_date, pounds
from pioneer_cli.template_folder import MAIN_TEMPLATE, TemplateFolder
from pioneer_cli.tree import BidPath, Figure

_IN_TEMPLATE = "<template>/"  # what the names of templates begin with in a traceback
MOST_FILLED_IN = 8_000_000  # characters; no bid that can be typeset comes near it


class BidText(str):
    """A text of the bid that knows where it stands there."""

    __slots__ = ("path",)
    path: BidPath

    def __html__(self) -> str:
        return f'<t p="{"/".join(map(str, self.path))}">{escape(str(self))}</t>'


def fill_in(values: Mapping[str, Any], folder: TemplateFolder, main: str = MAIN_TEMPLATE) -> str:
    """The document as XML: a bid's, or with another `main` template that of a `letter`.

    Raises PioneerError, with the template's file and line, when it cannot be filled in.
    """
    tree = with_paths(values)
    context = {"letter": tree}
    if main == MAIN_TEMPLATE:
        context = {"bid": tree, "names": {partner["id"]: partner["organisation"] for partner in tree["partners"]}}
    try:
        pieces = _environment(folder).get_template(main).generate(**context)
        return _joined(pieces, folder)
    except TemplateError as error:
        reason = f"there is no file {error.name}" if isinstance(error, TemplateNotFound) else error.message
        raise _cannot(folder, error, str(reason)) from None
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        if folder.ours:  # a bug of ours, and not a fault of anyone's template
            raise
        raise _cannot(folder, error, str(error) or type(error).__name__) from None


def _joined(pieces: Any, folder: TemplateFolder) -> str:
    """What a template prints, up to a limit, so that a loop without end does not fill the memory."""
    kept, length = [], 0
    for piece in pieces:
        kept.append(piece)
        length += len(piece)
        if length > MOST_FILLED_IN:
            hint = f"keep to {MOST_FILLED_IN:,} characters; is there a loop without end?"
            raise PioneerError(f"the template {folder.name} prints too much", hint)
    return "".join(kept)


def _cannot(folder: TemplateFolder, error: Exception, reason: str) -> PioneerError:
    where = f"{folder.name}/{_place_in_template(error)}"
    return PioneerError(f"the template {where} cannot be filled in: {' '.join(reason.split())}", "mend the template")


def _place_in_template(error: Exception) -> str:
    """The file and line that filling in stopped at: the parser's own, or the innermost that was running."""
    if isinstance(error, TemplateSyntaxError):
        return f"{error.name or MAIN_TEMPLATE}:{error.lineno}"
    steps = ((frame.f_code.co_filename, line) for frame, line in walk_tb(error.__traceback__))
    inside = [f"{file.removeprefix(_IN_TEMPLATE)}:{line}" for file, line in steps if file.startswith(_IN_TEMPLATE)]
    return inside[-1] if inside else MAIN_TEMPLATE


def with_paths(part: Any, path: BidPath = ()) -> Any:
    """The bid with each text knowing where it stands."""
    if isinstance(part, Mapping):
        return {key: with_paths(value, (*path, key)) for key, value in part.items()}
    if isinstance(part, (list, tuple)):
        return [with_paths(item, (*path, index)) for index, item in enumerate(part)]
    return _text_at(part, path) if isinstance(part, str) else part


def _text_at(text: str, path: BidPath) -> BidText:
    found = BidText(text)
    found.path = path
    return found


# --- The environment -------------------------------------------------------------------------------------------------


class _Listed(BaseLoader):
    """Loads the templates that a folder was found to hold, and nothing else."""

    def __init__(self, folder: TemplateFolder) -> None:
        self._folder = folder

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Any]:
        if template not in self._folder.contents:
            raise TemplateNotFound(template)
        return self._folder.text(template), _IN_TEMPLATE + template, lambda: True


@cache
def _environment(folder: TemplateFolder) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=_Listed(folder),
        undefined=StrictUndefined,
        finalize=_finalize,
        bytecode_cache=_bytecode_cache() if folder.ours else None,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=True,
    )
    del environment.globals["lipsum"], environment.filters["random"]  # another text in every run
    environment.filters.update(
        plain=_plain,
        prose=prose,
        words=words,
        heading=heading_case,
        sentence=sentence,
        pounds=_pounds,
        figure=_figure,
        date=_date,
        short=short_name,
        by_rating=by_rating,
        timeline=_timeline,
        funding_chart=_funding_chart,
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


def _finalize(value: object) -> object:
    """What Jinja calls for each value that a template prints: nothing for what the bid leaves out.

    A list or a function is no text, and how Python shows one may be another in every run.
    """
    if value is None:
        return ""
    if isinstance(value, (str, int, float, Decimal, Undefined)):  # the last raises, since undefined is strict
        return value
    kind = _SHOWN.get(type(value).__name__, type(value).__name__)
    raise TemplateRuntimeError(f"it prints a {kind}, which is no text")


_SHOWN = {"dict": "group of fields", "When": "date without the filter `date`"}  # and all else by its Python name


# --- Filters: how texts, figures, dates and closed lists read ---------------------------------------------------------

_FRAMEWORKS = {"nhs": "NHS", "adult-social-care": "ASC", "public-health": "PH"}
_SPELT = {"ccg": "CCG", "nhs": "NHS", "ccg-led-retendering": "CCG-led retendering", "vertical-nhs": "vertical NHS"}


def prose(text: str | None) -> Markup:
    """Prose, which may hold small Markdown; `document` parses it."""
    if not text:
        return Markup()
    path = text.path if isinstance(text, BidText) else ()
    return Markup('<prose p="{}">{}</prose>').format("/".join(map(str, path)), str(text))


def _plain(text: object) -> str:
    """A text without its place, for an attribute."""
    return "".join(str(text))


def words(value: str | None) -> str:
    """A value of a closed list in words: `in-principle` reads "in principle"."""
    return "" if value is None else _SPELT.get(value, value.replace("-", " "))


def heading_case(value: str | None) -> str:
    """A value of a closed list as the first words of a row: "Physical health"."""
    text = words(value)
    return text[:1].upper() + text[1:]


def sentence(value: str | None) -> str:
    """A text that ends as a sentence does, so that another can follow it."""
    text = (value or "").strip()
    ended = text if not text or text[-1] in ".!?" else f"{text}."
    return _text_at(ended, value.path) if isinstance(value, BidText) else ended


def short_name(value: str) -> str:
    """An outcomes-framework domain in short: `adult-social-care-3-experience` reads "ASC 3"."""
    found = re.match(r"(nhs|adult-social-care|public-health)-([0-9])-", value)
    return f"{_FRAMEWORKS[found.group(1)]} {found.group(2)}" if found else words(value)


def by_rating(risks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Risks with the worst first, by likelihood times impact; those without a rating last."""
    return sorted(risks, key=lambda risk: -(risk["likelihood"] or 0) * (risk["impact"] or 0))


def _timeline(workstreams: Sequence[Mapping[str, Any]]) -> Markup:
    return _drawn(timeline(workstreams))


def _funding_chart(sources: Sequence[Mapping[str, Any]]) -> Markup:
    return _drawn(funding_chart(sources))


def _drawn(drawn: Figure | None) -> Markup:
    """A figure as an element, whose values travel as JSON; nothing where there is too little to draw."""
    import json

    if drawn is None:
        return Markup()
    text = Markup('<figure kind="{}"><alt>{}</alt><values>{}</values></figure>')
    return text.format(drawn.kind, drawn.alt, json.dumps(drawn.values))


def _date(value: object) -> str:
    return long_date(value) if isinstance(value, When) else ""


def _pounds(value: Decimal | None) -> str:
    return "" if value is None else pounds(value)


def _figure(value: Decimal | int | None) -> str:
    return "" if value is None else figure(Decimal(value))
