"""What a reader of bids brings along, as data of a pack: the file `reading.yaml` in its folder.

The vocabulary of each consideration (terms with their synonyms), what the call expects of those that it chooses, and
what a bid of its time could not know. It is read only for reports; a check never opens it, and no score rests on it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from hashlib import sha256
from typing import Annotated

from pydantic import Field

from pioneer_cli.diagnostics import Diagnostic, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import READING, base_of, in_terms_of_packs, pack_folder
from pioneer_cli.pack import Code, Pack, PackPart, Text
from pioneer_cli.predicates import entries
from pioneer_cli.quantities import DayOrMonth
from pioneer_cli.source import Source, YamlPath, read
from pioneer_cli.validate import place, validate

Synonyms = Annotated[tuple[Text, ...], entries(1)]  # one term and other words for it
Vocabulary = Annotated[tuple[Synonyms, ...], entries(1)]


class Expectation(PackPart):
    """What the call expects of those that it chooses, and the words in which a bid may speak to it."""

    id: Code
    expects: Text
    considerations: tuple[Code, ...] = ()
    vocabulary: Vocabulary


class Anachronism(PackPart):
    """Words that no bid of the call's time could use, and when what they name came about."""

    terms: Synonyms
    since: DayOrMonth
    what: Text


class Reading(PackPart):
    """`reading.yaml`."""

    vocabulary: dict[Code, Vocabulary] = Field(default_factory=dict)
    expectations: tuple[Expectation, ...] = ()
    anachronisms: tuple[Anachronism, ...] = ()


@dataclass(frozen=True, slots=True)
class LoadedReading:
    """What a pack's `reading.yaml` says, empty where it has none, or what is wrong with the file.

    `sha256` is that of the file, and of those that it takes over from; empty where there is none.
    """

    reading: Reading | None
    diagnostics: tuple[Diagnostic, ...]
    sha256: str = ""


def load_reading(name: str, pack: Pack) -> LoadedReading:
    """The reading of a loaded pack, by the pack's name or folder; an extending pack takes over that of its base."""
    folder = pack_folder(name)
    base = base_of(folder)
    inherited = load_reading(base, pack) if base else LoadedReading(Reading(), ())
    path = folder / READING
    if not path.is_file():
        return inherited
    if path.resolve().parent != folder.resolve():
        raise PioneerError(f"{path.as_posix()} is a link that leads out of the pack", "put the file there")
    source = read(path.as_posix())
    if has_errors(source.diagnostics):
        return LoadedReading(None, tuple(map(in_terms_of_packs, source.diagnostics)))
    validated = validate(source, Reading)
    faults = [*map(in_terms_of_packs, (*source.diagnostics, *validated.diagnostics))]
    if validated.model is not None:
        faults += _misfits(source, validated.model, pack)
    if validated.model is None or inherited.reading is None or has_errors(tuple(faults)):
        return LoadedReading(None, tuple(sorted(faults)))
    digest = sha256((inherited.sha256 + source.sha256).encode()).hexdigest() if inherited.sha256 else source.sha256
    return LoadedReading(_joined(inherited.reading, validated.model), tuple(faults), digest)


def _joined(inherited: Reading, own: Reading) -> Reading:
    """A pack's own reading on top of the one that it takes over."""
    vocabulary: Mapping[str, Vocabulary] = {**inherited.vocabulary, **own.vocabulary}
    expectations = own.expectations or inherited.expectations
    update = {"vocabulary": vocabulary, "expectations": expectations}
    return own.model_copy(update={**update, "anachronisms": (*inherited.anachronisms, *own.anachronisms)})


def _misfits(source: Source, reading: Reading, pack: Pack) -> Iterator[Diagnostic]:
    """What the models cannot say: considerations that the pack does not have, and ids that stand twice."""
    codes = [found.id for criterion in pack.criteria for found in criterion.considerations]
    for code in reading.vocabulary:
        if code not in codes:
            message = f"the pack has no consideration {code}"
            yield place(source, ("vocabulary", code), "unknown-id", message, _meant(code, codes), at_key=True)
    ids = [found.id for found in reading.expectations]
    for index, found in enumerate(reading.expectations):
        if found.id in ids[:index]:
            yield place(source, ("expectations", index, "id"), "duplicate-id", f"the id {found.id} is taken already")
        for number, code in enumerate(found.considerations):
            if code not in codes:
                at: YamlPath = ("expectations", index, "considerations", number)
                yield place(source, at, "unknown-id", f"the pack has no consideration {code}", _meant(code, codes))


def _meant(code: str, codes: list[str]) -> str:
    close = get_close_matches(code, codes, n=1)
    return f"did you mean `{close[0]}`?" if close else "considerations: " + ", ".join(codes)
