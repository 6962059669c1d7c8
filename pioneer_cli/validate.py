"""From a source and a model class to a model, or to diagnostics in plain English, each at its place.

The only place that sees a pydantic ValidationError, and no wording of pydantic's leaves it: messages are keyed by the
error's type. One mistake gives one diagnostic: a misspelt mandatory key is reported as misspelt, not also as missing.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from pioneer_cli.diagnostics import Diagnostic, Severity
from pioneer_cli.quantities import shown
from pioneer_cli.source import Source, YamlPath

if TYPE_CHECKING:
    from pydantic import TypeAdapter

Model = TypeVar("Model", bound=BaseModel)
MOST_HOMES = 6  # a key that has more says little about where it belongs


@dataclass(frozen=True, slots=True)
class Validated(Generic[Model]):
    """A model, or None and the reasons in `diagnostics`."""

    model: Model | None
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class _Fault:
    """What pydantic found, in our terms: `path` is where in the data, `at_key` whether its key is meant.

    `meant` is as in Diagnostic.
    """

    path: YamlPath
    code: str
    message: str
    hint: str = ""
    at_key: bool = False
    meant: str = ""


def validate(source: Source, model_class: type[Model], at: YamlPath = ()) -> Validated[Model]:
    """Reads the source's content, or the part of it at a path, into the model.

    Every fault comes at once, sorted by place.
    """
    if source.content is None:
        return Validated(None, ())  # the source has said why there is nothing to read
    content = _at(source.content, at)
    if not isinstance(content, dict):
        message = "this must hold lines of the form `key: value`"
        return Validated(None, (place(source, at, "not-a-mapping", message),))
    content = _without_left_out(content, model_class)
    try:
        return Validated(model_class.model_validate(content), ())
    except ValidationError as error:
        faults = [replace(fault, path=at + fault.path) for fault in _faults(error, model_class, content)]
        if at:  # a part of the file, whose missing keys do not belong at its top
            faults = [replace(fault, hint=_missing_hint(fault.path)) if _lacks(fault) else fault for fault in faults]
        faults = [_nothing_after(fault.path) if _is_unfinished(fault, source) else fault for fault in faults]
    told = {fault.path for fault in faults}
    kept = (fault for fault in faults if not _refused(fault, source) and not _shadowed(fault, told))
    return Validated(None, tuple(sorted({_placed(source, fault) for fault in kept})))


def _placed(source: Source, fault: _Fault) -> Diagnostic:
    found = place(source, fault.path, fault.code, fault.message, fault.hint, at_key=fault.at_key)
    stands_already = fault.at_key and (*fault.path[:-1], fault.meant) in source  # with nothing after it
    return replace(found, meant=fault.meant) if fault.meant and not stands_already else found


def place(
    source: Source, path: YamlPath, code: str, message: str, hint: str = "", *, at_key: bool = False
) -> Diagnostic:
    """An error at a path of the source; a path that is not in the file falls to the nearest part above it."""
    while path and path not in source:
        path = path[:-1]
    span = source.key_span(path) if at_key else source.value_span(path)
    return Diagnostic(source.name, span, Severity.ERROR, code, message, hint)


def _without_left_out(content: object, model_class: type[BaseModel] | None) -> Any:
    """A known key with nothing after it counts as left out; unknown ones and empty list items stay, to be found."""
    if isinstance(content, list):
        return [_without_left_out(item, model_class) for item in content]
    if not isinstance(content, dict):
        return content
    fields = _fields(model_class) if model_class else {}
    return {
        key: _without_left_out(value, _only_model_in(fields[key].annotation) if key in fields else None)
        for key, value in content.items()
        if value is not None or (model_class and key not in fields)
    }


def _refused(fault: _Fault, source: Source) -> bool:
    """Whether the source has refused the value already, or a merge key that may have held the missing one."""
    path = fault.path
    merged = fault.code == "missing-key" and (*path[:-1], "<<") in source.refused
    return merged or any(path[:length] in source.refused for length in range(len(path) + 1))


def _shadowed(fault: _Fault, told: set[YamlPath]) -> bool:
    """A missing key of a part that is itself at fault needs no telling."""
    return fault.code == "missing-key" and fault.path[:-1] in told and bool(fault.path[:-1])


def _lacks(fault: _Fault) -> bool:
    return fault.code == "missing-key"


def _is_unfinished(fault: _Fault, source: Source) -> bool:
    return fault.code == "missing-key" and fault.path in source


def _nothing_after(path: YamlPath) -> _Fault:
    message = f"`{path[-1]}` has nothing after it"
    return _Fault(path, "missing-key", message, "write it after the colon, or indented below", at_key=True)


# --- One pydantic error → one fault ----------------------------------------------------------------------------------


def _faults(error: ValidationError, model_class: type[BaseModel], content: Any) -> Iterator[_Fault]:
    errors = error.errors(include_url=False)
    extra = [detail["loc"] for detail in errors if detail["type"] == "extra_forbidden"]
    meant = {path: _meant_key(path, model_class, content) for path in extra}
    misspelt = {(*path[:-1], key) for path, key in meant.items()}
    sure = _surely_meant(extra, model_class, content)
    if content and all((key,) in meant and not meant[(key,)] for key in content):
        strangers = [key for key in content if not _homes_of(str(key), model_class)]
        if len(strangers) > len(content) / 2:  # or else it may be a bid whose lines stand too far to the left
            yield _nothing_known(list(content), model_class)
            return
    for detail in errors:
        path = detail["loc"]
        if detail["type"] == "missing":
            if path not in misspelt:
                yield _Fault(path, "missing-key", f"`{path[-1]}` is missing", _missing_hint(path), at_key=True)
        elif detail["type"] == "extra_forbidden":
            yield replace(_unknown_key(path, meant[path], model_class), meant=sure.get(path, ""))
        else:
            yield _wrong_value(path, detail["type"], detail["input"], detail.get("ctx", {}))


def _missing_hint(path: YamlPath) -> str:
    return f"add a line `{path[-1]}: …`" + (" here" if len(path) > 1 else " at the top of the file")


def _nothing_known(keys: list[str | int], model_class: type[BaseModel]) -> _Fault:
    """Some other file, most likely; what it lacks and has too much would be the same thing over and over."""
    message = "this key and all others here are unknown" if len(keys) > 1 else f"unknown key `{_cut(str(keys[0]))}`"
    hint = f"is this the file that you meant? known keys here: {', '.join(_fields(model_class))}"
    return _Fault((keys[0],), "unknown-key", message, hint, at_key=True)


def _homes_of(key: str, model_class: type[BaseModel]) -> list[str]:
    return [home for home, name in _all_homes(model_class) if name == key]


def _unknown_key(path: YamlPath, meant: str | None, model_class: type[BaseModel]) -> _Fault:
    key = str(path[-1])
    if meant:
        return _Fault(path, "unknown-key", f"unknown key `{_cut(key)}`", f"did you mean `{meant}`?", at_key=True)
    elsewhere = _homes_of(key, model_class)
    if key.startswith("-"):
        hint = 'put a space after the "-"'
    elif elsewhere == [""]:
        hint = f"`{key}` belongs at the top of the file"
    elif 0 < len(elsewhere) <= MOST_HOMES:
        hint = f"`{key}` belongs under " + " or ".join(f"`{home}`" for home in elsewhere)
    else:
        hint = "known keys here: " + ", ".join(_fields_at(model_class, path[:-1]))
    return _Fault(path, "unknown-key", f"unknown key `{_cut(key)}`", hint, at_key=True)


def _meant_key(path: YamlPath, model_class: type[BaseModel], content: Any) -> str | None:
    present = _at(content, path[:-1])
    fields = _fields_at(model_class, path[:-1])
    free = [key for key in fields if key not in present]
    typed = _as_a_key(path[-1])
    near = [key for key in free if _one_edit_apart(typed, key.replace("-", "_"))]
    near = [key for key in near if fields[key].is_required()] or near
    close = get_close_matches(typed, near, n=1, cutoff=0) or get_close_matches(typed, free, n=1, cutoff=0.75)
    return close[0] if close else None


def _surely_meant(paths: Iterable[YamlPath], model_class: type[BaseModel], content: Any) -> dict[YamlPath, str]:
    """The keys that unknown ones can only be: nothing else is as near, they are not there, and no other key means them.

    The nearest is the same but for capitals, spaces and hyphens; or else one letter away. A value that does not fit
    under it makes it doubtful.
    """
    found: dict[YamlPath, str] = {}
    for path in paths:
        present = _at(content, path[:-1])
        fields, typed = _fields_at(model_class, path[:-1]), _as_a_key(path[-1])
        home = _model_at(model_class, path[:-1])
        same = [key for key in fields if key.replace("-", "_") == typed]
        near = same or [key for key in fields if _one_edit_apart(typed, key.replace("-", "_"))]
        if home and len(near) == 1 and near[0] not in present and _fits(present[path[-1]], home, near[0]):
            found[path] = near[0]
    times = Counter((path[:-1], key) for path, key in found.items())
    return {path: key for path, key in found.items() if times[path[:-1], key] == 1}


def _fits(value: object, model_class: type[BaseModel], key: str) -> bool:
    """Whether a value, whatever is wrong inside it, is of the kind that belongs under a key of the model."""
    if value is None:
        return True
    try:
        _type_under(model_class, key).validate_python(value)
    except ValidationError as error:
        faults = error.errors(include_url=False, include_input=False)
        return all(fault["loc"] or fault.get("ctx", {}).get("meant") for fault in faults)
    return True


@cache
def _type_under(model_class: type[BaseModel], key: str) -> "TypeAdapter[Any]":
    from pydantic import TypeAdapter  # only for a misspelt key

    found = _fields(model_class)[key]
    kind: Any = Annotated[(found.annotation, *found.metadata)] if found.metadata else found.annotation
    return TypeAdapter(kind)


def _as_a_key(typed: str | int) -> str:
    return str(typed).strip().lower().replace("-", "_").replace(" ", "_")


def _at(content: Any, path: YamlPath) -> Any:
    for step in path:
        content = content[step]
    return content


def _one_edit_apart(typed: str, key: str) -> bool:
    """Whether the two differ by at most one letter: too many, too few, wrong, or swapped with its neighbour."""
    start = next((i for i, (a, b) in enumerate(zip(typed, key, strict=False)) if a != b), min(len(typed), len(key)))
    ends = {(0, 1), (1, 0), (1, 1)}  # how many letters of each are passed over
    if typed[start : start + 2] == key[start : start + 2][::-1]:
        ends.add((2, 2))
    return any(typed[start + mine :] == key[start + its :] for mine, its in ends)


def _wrong_value(path: YamlPath, kind: str, value: object, context: Mapping[str, Any]) -> _Fault:
    if value is None and isinstance(path[-1], int):
        return _Fault(path, "empty-item", "this list item is empty", "write something there, or delete it")
    if kind in _MESSAGES:
        message, hint = _MESSAGES[kind](value, context)
        return _Fault(path, _CODES.get(kind, "wrong-value"), message, hint)
    if "message" in context:  # one of ours, from quantities or from a pack's models
        told = context["message"], context.get("hint", "")
        return _Fault(path, f"wrong-{kind.replace('_', '-')}", *told, meant=context.get("meant", ""))
    return _Fault(path, "wrong-value", f"{kind_of(value)} does not fit here")


def _cut(key: str) -> str:
    text = " ".join(key.split())
    return f"{text[:40]}…" if len(text) > 41 else text


def kind_of(value: object) -> str:
    """What a value is, in a word or two that a bid writer knows."""
    if isinstance(value, bool):
        return "true/false"
    kinds: tuple[tuple[type | tuple[type, ...], str], ...] = (
        (dict, "lines of the form `key: value`"),
        ((list, tuple), "a list"),
        (str, "a text"),
        ((int, float), "a number"),
    )
    return next((word for kind, word in kinds if isinstance(value, kind)), "nothing")


def _not_text(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    hint = f'put it in quotes: "{value}"' if isinstance(value, int) else 'put it in "quotes"'
    if isinstance(value, bool):
        hint = 'put it in quotes, as in "yes"'
    if isinstance(value, (list, dict)):
        hint = "write one text here; for several paragraphs or bullets use >- or |"
    return f"this must be a text, not {kind_of(value)}", hint


def _not_a_list(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"this must be a list, not {kind_of(value)}", 'begin each item on its own line with "- "'


def _not_a_mapping(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"this must hold lines of the form `key: value`, not {kind_of(value)}", "write them indented below"


def _not_true_or_false(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"this must be true or false, not {kind_of(value)}", "write true or false, without quotes"


def _not_in_the_list(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    known = re.findall(r"'([^']*)'", str(context.get("expected", "")))
    typed = str(value)[:100].lower().replace(" ", "-").replace("_", "-")
    close = get_close_matches(typed, known, n=1, cutoff=0.6)
    hint = f"did you mean `{close[0]}`?" if close else "one of: " + ", ".join(known)
    if isinstance(value, (bool, list, dict)):
        return f"this must be one of a closed list, not {kind_of(value)}", hint
    return f"{shown(value)} is not in the closed list of this field", hint


def _not_an_id(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    return f"{shown(value)} cannot be an id", "use letters, figures, hyphens and dots, such as `council` or `E1`"


def _not_a_whole_number(value: object, _: Mapping[str, Any]) -> tuple[str, str]:
    kind = "a fraction" if isinstance(value, float) else kind_of(value)
    return f"this must be a whole number, not {kind}", "write it without quotes, such as 12"


def _out_of_range(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    bound = context.get("ge", context.get("le", context.get("gt", context.get("lt"))))
    side = "at least" if "ge" in context or "gt" in context else "at most"
    return f"{value} is out of range", f"it must be {side} {bound}"


def _too_long(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    return "this is too long", f"use at most {context.get('max_length')} characters"


def _too_short(value: object, context: Mapping[str, Any]) -> tuple[str, str]:
    return "this must not be empty", "write something here or delete the key"


_Message = Callable[[object, Mapping[str, Any]], tuple[str, str]]
_MESSAGES: Mapping[str, _Message] = {
    "string_type": _not_text,
    "string_pattern_mismatch": _not_an_id,
    "string_too_long": _too_long,
    "string_too_short": _too_short,
    "too_short": _too_short,
    "tuple_type": _not_a_list,
    "list_type": _not_a_list,
    "model_type": _not_a_mapping,
    "model_attributes_type": _not_a_mapping,
    "dict_type": _not_a_mapping,
    "bool_type": _not_true_or_false,
    "literal_error": _not_in_the_list,
    "int_type": _not_a_whole_number,
    "greater_than_equal": _out_of_range,
    "less_than_equal": _out_of_range,
}
_CODES: Mapping[str, str] = {
    "string_pattern_mismatch": "wrong-id",
    "literal_error": "not-in-list",
    "greater_than_equal": "out-of-range",
    "less_than_equal": "out-of-range",
    "string_too_long": "too-long",
    "string_too_short": "empty-value",
    "too_short": "empty-value",
}


# --- What the models know --------------------------------------------------------------------------------------------


def _fields(model_class: type[BaseModel]) -> dict[str, FieldInfo]:
    """The keys that a model allows, as they are written in a file."""
    return {found.alias or name: found for name, found in model_class.model_fields.items()}


def _fields_at(model_class: type[BaseModel], path: YamlPath) -> dict[str, FieldInfo]:
    """The keys that the model at a path allows; none when the path leads to no model."""
    found = _model_at(model_class, path)
    return _fields(found) if found else {}


def _model_at(model_class: type[BaseModel], path: YamlPath) -> type[BaseModel] | None:
    current: type[BaseModel] | None = model_class
    for step in path:
        if isinstance(step, str) and current is not None:
            found = _fields(current).get(step)
            current = next(_models_in(found.annotation), None) if found else None
    return current


def _only_model_in(annotation: object) -> type[BaseModel] | None:
    models = list(_models_in(annotation))
    return models[0] if len(models) == 1 and get_origin(annotation) is not dict else None


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The model classes inside an annotation such as `tuple[Outcome, ...]` or `Area | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (tuple, list, dict, Union, UnionType):
        for argument in get_args(annotation):
            yield from _models_in(argument)


@cache
def _all_homes(model_class: type[BaseModel]) -> tuple[tuple[str, str], ...]:
    return tuple(_homes(model_class))


def _homes(
    model_class: type[BaseModel], home: str = "", above: tuple[type[BaseModel], ...] = ()
) -> Iterator[tuple[str, str]]:
    """Every key of the model and of its parts, each as (the dotted path of its part, the key)."""
    for name, found in _fields(model_class).items():
        yield home, name
        for inner in _models_in(found.annotation):
            if inner not in (*above, model_class):  # a part that may hold itself is entered once
                yield from _homes(inner, f"{home}.{name}" if home else name, (*above, model_class))
