"""The starter bid that `pioneer new` writes, made from the models so that no field can be missing from it.

Every field stands there with its description; what may be left out is empty, which counts as left out. Lists show
one entry, commented out.
"""

from collections.abc import Iterator
from textwrap import wrap
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from pioneer_cli.bid import Area, Bid
from pioneer_cli.quantities import Day, DayOrMonth
from pioneer_cli.schema import SCHEMA_FILE

WIDTH = 100
_HEADER = f"""# yaml-language-server: $schema={SCHEMA_FILE}
#
# A bid to begin from. Fill in what you have; an empty key counts as left out.
# Lists show one entry, commented out: delete the "# " in front of it and write your own.
# Where several words of a closed list may stand, write them as [one, two].
# Long text goes below ">-", indented; for paragraphs or bullets use "|" instead.
# Check as you write: pioneer check FILE --phase draft
"""
_FILLED: dict[tuple[type[BaseModel], str], str] = {
    (Bid, "call"): "pioneers-2013",
    (Bid, "title"): "Our bid",
    (Area, "name"): "Our area",
}
_WRITTEN_AS: dict[Any, str] = {
    bool: "true or false",
    Day: "such as 2013-06-28",
    DayOrMonth: "such as 2014-03-31 or 2014-03",
}


def starter_bid() -> str:
    """The text of the starter bid."""
    return _HEADER + "\n".join(_fields(Bid, "")) + "\n"


def _fields(model: type[BaseModel], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        if not indent:
            yield ""
        yield from _comment(_described(field), indent)
        if inner is not None and not is_list(field.annotation):
            yield f"{indent}{name}:"
            yield from _fields(inner, indent + "  ")
        elif inner is not None:
            yield f"{indent}{name}:"
            yield from (f"{indent}  # {line}" for line in _entry(inner, "- ", WIDTH - len(indent) - 4))
        else:
            value = _FILLED.get((model, name), "")
            yield f"{indent}{name}: {value}".rstrip()


def _entry(model: type[BaseModel], lead: str, width: int) -> Iterator[str]:
    """One entry of a list; each field has its description behind it or, where that is too long, above it."""
    indent = " " * len(lead)
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        line = f"{lead}{name}:"
        if len(f"{line}  # {_described(field)}") <= width:
            yield f"{line}  # {_described(field)}"
        else:
            yield from _comment(_described(field), "" if lead == "- " else indent, width)
            yield line
        if inner is not None:
            nested = "- " if is_list(field.annotation) else ""
            yield from (f"{indent}  {inner_line}" for inner_line in _entry(inner, nested, width - len(indent) - 2))
        lead = indent


def _described(field: FieldInfo) -> str:
    """What a field holds, with its closed list or the way to write it unless the description has that already."""
    description, listed = field.description or "", choices(field.annotation)
    if listed and not all(choice in description.lower() for choice in listed):
        return f"{description} {'Any' if is_list(field.annotation) else 'One'} of: {', '.join(listed)}."
    written = next((_WRITTEN_AS[option] for option in _options(field.annotation) if option in _WRITTEN_AS), "")
    if written and written.split()[-1] not in description:
        return f"{description.rstrip('.')} ({written})."
    return description


def _comment(text: str, indent: str, width: int = WIDTH) -> Iterator[str]:
    for line in wrap(text, width - len(indent) - 2, break_on_hyphens=False):
        yield f"{indent}# {line}"


def _options(annotation: Any) -> tuple[Any, ...]:
    if get_origin(annotation) in (Union, UnionType):
        return get_args(annotation)
    return (annotation,)


def is_list(annotation: Any) -> bool:
    """Whether a field holds a list."""
    return any(get_origin(option) is tuple for option in _options(annotation))


def _element(annotation: Any) -> tuple[Any, ...]:
    return tuple(get_args(option)[0] if get_origin(option) is tuple else option for option in _options(annotation))


def inner_model(annotation: Any) -> type[BaseModel] | None:
    """The model of a part, or of a list's entries; None for plain values."""
    found = (option for option in _element(annotation) if isinstance(option, type) and issubclass(option, BaseModel))
    return next(found, None)


def choices(annotation: Any) -> tuple[str, ...]:
    """The closed list of a field; empty when there is none."""
    return next((get_args(option) for option in _element(annotation) if get_origin(option) is Literal), ())
