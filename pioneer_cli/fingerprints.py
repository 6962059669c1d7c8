"""What a finding is known by from one version of a bid to the next: its rule, its place, and what stands there.

Lines and columns are left out, and the numbers of list items, so that what is inserted above changes nothing.
"""

from collections.abc import Iterator
from hashlib import sha256

from pioneer_cli.assessment import Baselined, Finding, GateResult, name_of
from pioneer_cli.diagnostics import Diagnostic
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.waivable import places_of

LENGTH = 16  # hexadecimal digits; a bid has some hundred findings


def fingerprint(rule: str, path: YamlPath, source: Source) -> str:
    """The fingerprint of a rule, gate or code at a path of a bid: 16 hexadecimal digits of a sha256.

    It holds the rule's id, the path without the numbers of list items, and the text there in small letters with single
    blanks. For what is missing from an item of a list, the item's first text stands in, which names it.
    """
    return _digest(rule, shown_path(path), _text_at(source, path))


def fingerprints(what: Finding | GateResult | Diagnostic, source: Source) -> Iterator[tuple[YamlPath, Baselined]]:
    """Each path at which a finding or a gate falls short, with its fingerprint.

    A diagnostic has no path, and goes by the text of its line.
    """
    name = name_of(what)
    if isinstance(what, Diagnostic):
        line = source.line(what.span.start.line) if what.file == source.name else ""
        yield (), Baselined(name, "", _digest(name, "", _normal(line)))
        return
    for path in places_of(what):
        yield path, Baselined(name, shown_path(path), fingerprint(name, path, source))


def shown_path(path: YamlPath) -> str:
    """A path without the numbers of list items, as docs and packs write it: `partners[].kind`."""
    shown = ""
    for step in path:
        shown += "[]" if isinstance(step, int) else f".{step}" if shown else step
    return shown


def _digest(rule: str, path: str, text: str) -> str:
    return sha256("\0".join((rule, path, text)).encode("utf-8", "surrogatepass")).hexdigest()[:LENGTH]


def _text_at(source: Source, path: YamlPath) -> str:
    value: object = source.content
    item: object = None
    for step in path:
        if isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = item = value[step]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            value = None
            break
    if isinstance(value, (dict, list)) or value is None:
        value = _first_text(item)
    return _normal(str(value))


def _first_text(value: object) -> str:
    """The first scalar inside a value, in the file's order; nothing where there is none."""
    if isinstance(value, (dict, list)):
        inside = value.values() if isinstance(value, dict) else value
        return next(filter(None, map(_first_text, inside)), "")
    return "" if value is None else str(value)


def _normal(text: str) -> str:
    return " ".join(text.casefold().split())
