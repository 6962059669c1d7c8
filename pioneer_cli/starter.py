"""The starter bid that `pioneer new` writes, made from the models so that no field can be missing from it.

Every field stands there with its description; what may be left out is empty, which counts as left out. Lists show
one entry, commented out.
"""

from collections.abc import Iterator
from textwrap import wrap
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from pioneer_cli.bid import Area, Bid
from pioneer_cli.schema import SCHEMA_FILE

WIDTH = 100
_HEADER = f"""# yaml-language-server: $schema={SCHEMA_FILE}
#
# A bid to begin from. Fill in what you have; an empty key counts as left out.
# Lists show one entry, commented out: delete the "# " in front of it and write your own.
# Long text goes below ">-", indented; put a blank line between paragraphs and use "|" instead.
# Check as you write: pioneer check FILE --phase draft
"""
_FILLED: dict[tuple[type[BaseModel], str], str] = {
    (Bid, "call"): "pioneers-2013",
    (Bid, "title"): "Our bid",
    (Area, "name"): "Our area",
}


def starter_bid() -> str:
    """The text of the starter bid."""
    return _HEADER + "\n".join(_fields(Bid, "")) + "\n"


def _fields(model: type[BaseModel], indent: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        if not indent:
            yield ""
        yield from _comment(_described(field.description or "", field.annotation), indent)
        if inner is not None and not is_list(field.annotation):
            yield f"{indent}{name}:"
            yield from _fields(inner, indent + "  ")
        elif inner is not None:
            yield f"{indent}{name}:"
            yield from _commented_entry(inner, indent + "  ")
        else:
            value = _FILLED.get((model, name), "")
            yield f"{indent}{name}: {value}".rstrip()


def _commented_entry(model: type[BaseModel], indent: str) -> Iterator[str]:
    """One entry of a list, commented out, each field with its closed list or description behind it."""
    for number, (name, field) in enumerate(model.model_fields.items()):
        bullet = "- " if number == 0 else "  "
        inner = inner_model(field.annotation)
        if inner is None:
            yield f"{indent}# {bullet}{name}:  # {_described(field.description or '', field.annotation)}"
            continue
        yield f"{indent}# {bullet}{name}:"
        nested = "  - " if is_list(field.annotation) else "    "
        for position, (key, found) in enumerate(inner.model_fields.items()):
            lead = nested if position == 0 else "    "
            yield f"{indent}#   {lead}{key}:  # {_described(found.description or '', found.annotation)}"


def _described(description: str, annotation: Any) -> str:
    listed = choices(annotation)
    if not listed:
        return description
    return f"{description} {'Any' if is_list(annotation) else 'One'} of: {', '.join(listed)}."


def _comment(text: str, indent: str) -> Iterator[str]:
    for line in wrap(text, WIDTH - len(indent) - 2):
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
