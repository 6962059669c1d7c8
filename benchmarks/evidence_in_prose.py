"""How often `spoken_to` is right: its answers beside those of a reader, pair by pair of passage and consideration.

Writes the table of docs/evidence-in-prose.md; `python benchmarks/evidence_in_prose.py --errors` lists every mistake.
"""

import sys
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import yaml

from pioneer_cli.answered import answered
from pioneer_cli.bid import plain
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import read_bid
from pioneer_cli.reading import load_reading
from pioneer_cli.source import read
from pioneer_cli.spoken_to import speaking
from pioneer_cli.tree import field_of

ROOT = Path(__file__).resolve().parent.parent
LABELLED = ROOT / "tests" / "labelled_passages.yaml"
PACK = "pioneers-2013"
SETS = {"development": "Development set", "held-out": "**Held-out set**"}


@dataclass(frozen=True, slots=True)
class Labelled:
    """A passage and the considerations that a reader finds it to speak to."""

    bid: str
    path: str
    set: str
    text: str
    speaks_to: frozenset[str]


class Figures(NamedTuple):
    """Pairs in all, those that the reader finds, those that the engine finds, and those that both do."""

    pairs: int
    wanted: int
    found: int
    right: int

    @property
    def precision(self) -> float:
        """The share of what the engine finds that the reader finds too."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what the reader finds that the engine finds too."""
        return self.right / self.wanted if self.wanted else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.wanted + self.found) if self.wanted + self.found else 0.0

    def row(self, name: str) -> str:
        """A row of the table."""
        counts = f"{self.pairs:,} | {self.wanted} | {self.found} | {self.right}"
        return f"| {name} | {counts} | {self.precision:.2f} | {self.recall:.2f} | {self.f1:.2f} |"


class Mistake(NamedTuple):
    """A passage with the considerations that the engine misses and those that it names wrongly."""

    passage: Labelled
    missed: tuple[str, ...]
    wrong: tuple[str, ...]


Answers = Mapping[tuple[str, str, str], Collection[str]]  # by bid, path and text


def labelled() -> tuple[Labelled, ...]:
    found = yaml.safe_load(LABELLED.read_text(encoding="utf-8"))
    return tuple(Labelled(**{**one, "speaks_to": frozenset(one["speaks_to"])}) for one in found)


def answers(pack: Pack, bids: Iterable[str]) -> Answers:
    """The considerations that the engine finds each sentence of the bids to speak to."""
    reading = load_reading(PACK, pack).reading
    assert reading is not None
    found: dict[tuple[str, str, str], set[str]] = {}
    for name in bids:
        bid = plain(read_bid(read((ROOT / "bids" / f"{name}.yaml").as_posix())).bid)
        for code, passages in speaking(pack, reading, bid).items():
            for passage in passages:
                sentence = passage.sentence
                found.setdefault((name, ".".join(map(str, sentence.path)), sentence.text), set()).add(code)
    return found


def asked_for(pack: Pack, passages: Iterable[Labelled]) -> Answers:
    """The considerations whose rules look at each passage's field, whatever it says: what words have to better."""
    fields = answered(pack)
    return {(one.bid, one.path, one.text): fields.get(_field(one.path), ()) for one in passages}


def _field(path: str) -> str:
    return field_of(tuple(int(step) if step.isdigit() else step for step in path.split(".")))


def counted(passages: Iterable[Labelled], found: Answers, considerations: int) -> Figures:
    total = Figures(0, 0, 0, 0)
    for passage in passages:
        answer = found.get((passage.bid, passage.path, passage.text), ())
        right = len(passage.speaks_to & set(answer))
        counts = (considerations, len(passage.speaks_to), len(answer), right)
        total = Figures(*(before + more for before, more in zip(total, counts, strict=True)))
    return total


def measured() -> Mapping[str, Figures]:
    """The figures of each row of the table: by set, the held-out set by bid, and all passages."""
    pack, passages = _pack(), labelled()
    names = tuple(dict.fromkeys(one.bid for one in passages))
    found, considerations = answers(pack, names), sum(len(one.considerations) for one in pack.criteria)

    def of(chosen: Iterable[Labelled]) -> Figures:
        return counted(chosen, found, considerations)

    held_out = [one for one in passages if one.set == "held-out"]
    rows = {title: of(one for one in passages if one.set == name) for name, title in SETS.items()}
    by_bid = {f"– {name}": of(one for one in held_out if one.bid == name) for name in names}
    by_field = {"Held out, by the field alone": counted(held_out, asked_for(pack, held_out), considerations)}
    return {**rows, **by_bid, "All passages": of(passages), **by_field}


def mistakes() -> tuple[Mistake, ...]:
    pack, passages = _pack(), labelled()
    found = answers(pack, dict.fromkeys(passage.bid for passage in passages))
    out = []
    for one in passages:
        answer = set(found.get((one.bid, one.path, one.text), ()))
        if answer != one.speaks_to:
            out.append(Mistake(one, tuple(sorted(one.speaks_to - answer)), tuple(sorted(answer - one.speaks_to))))
    return tuple(out)


def table() -> str:
    """The figures as the table of the documentation."""
    head = "| passages | pairs | reader | engine | both | precision | recall | F1 |\n|---|--:|--:|--:|--:|--:|--:|--:|"
    return "\n".join([head, *(figures.row(name) for name, figures in measured().items())])


def _pack() -> Pack:
    pack = load_pack(PACK).pack
    assert pack is not None
    return pack


if __name__ == "__main__":
    print(table())
    for mistake in mistakes() if "--errors" in sys.argv else ():
        one = mistake.passage
        print(f"{one.set} {one.bid} {one.path}: missed {mistake.missed}, wrong {mistake.wrong}: {one.text}")
