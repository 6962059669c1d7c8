"""Reads a folder of reviewers' files for one bid: each by itself, then all beside one another.

Nothing may pass because nothing ran: a folder without a review is an error, and a file that cannot be used stops all.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pioneer_cli.check_review import Desk, check_review
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.judgement import Judgement, Panel, judgement
from pioneer_cli.named_files import bid_name
from pioneer_cli.review import read_review
from pioneer_cli.source import Source, read, unread
from pioneer_cli.validate import place


class NoReviewError(PioneerError):
    """There is no review of a bid where reviews are looked for."""


ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class ReadReviews:
    """The panel of a bid, or None and in `diagnostics` why not; `sources` are the files by their names."""

    panel: Panel | None
    sources: Mapping[str, Source]
    diagnostics: tuple[Diagnostic, ...]


def read_reviews(folder: str, desk: Desk) -> ReadReviews:
    """Reads the YAML files in `FOLDER/BID`, or in FOLDER where there is no folder of the bid's name, sorted by name.

    Raises PioneerError when there is no such folder, or no review in it.
    """
    sources = [_read(path) for path in review_files(folder, desk.source.name)]
    faults: list[Diagnostic] = []
    judgements = []
    for source in sources:
        validated = read_review(source)
        faults += validated.diagnostics
        if validated.model is not None:
            faults += _of_their_version(check_review(source, validated.model, desk))
            judgements.append(judgement(source, validated.model, desk.source.sha256, desk.pack_sha256, desk.bid))
    faults += _taken_twice(judgements)
    ordered = tuple(faults)
    panel = Panel(tuple(sorted(judgements, key=lambda found: found.reviewer)), desk.texts)
    return ReadReviews(None if has_errors(ordered) else panel, {source.name: source for source in sources}, ordered)


def review_files(folder: str, bid: str) -> list[Path]:
    """The reviewers' files for a bid. Raises PioneerError when there is none."""
    hint = "name the folder that holds a folder for each bid, or the reviewers' files themselves"
    try:
        inside = Path(folder) / bid_name(bid)
        place_of = inside if inside.is_dir() else Path(folder)
        if not place_of.is_dir():
            raise PioneerError(f"there is no folder {folder}", hint)
        within = place_of.rglob("*") if place_of == inside else place_of.iterdir()
        found = sorted(path for path in within if _is_review(path))
        beside = [path for path in sorted(Path(folder).iterdir()) if place_of == inside and _is_review(path)]
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", "") or str(error)
        raise PioneerError(f"cannot look into {folder}: {reason}", hint) from None
    if beside:
        message = f"{beside[0].as_posix()} lies beside the folder {place_of.as_posix()} and would be passed over"
        raise PioneerError(message, "move it into the folder of the bid that it is of")
    if not found:
        raise NoReviewError(
            f"no review found in {place_of.as_posix()}", "write one: pioneer review new BID --reviewer r1"
        )
    return found


def _is_review(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and not path.name.startswith(".")


def _read(path: Path) -> Source:
    name = path.as_posix()
    try:
        return read(name)
    except PioneerError as error:
        return unread(name, error)


def _of_their_version(faults: Sequence[Diagnostic]) -> Iterator[Diagnostic]:
    """The faults of a review; of one that was begun on another version of the bid a quote may have gone.

    Such a review does not count, so that is no reason to stop.
    """
    changed = any(fault.code == "bid-changed" for fault in faults)
    for fault in faults:
        gone = changed and fault.code == "not-in-the-bid"
        yield replace(fault, severity=Severity.WARNING) if gone else fault


def _taken_twice(judgements: Sequence[Judgement]) -> Iterator[Diagnostic]:
    """One reviewer in two files, and two files that hold what was agreed."""
    reviewers: dict[str, Judgement] = {}
    agreed: Judgement | None = None
    for found in judgements:
        first = reviewers.setdefault(found.reviewer.casefold(), found)
        if first is not found:
            message = f"{found.reviewer} is the reviewer of {first.source.name} as well"
            yield place(found.source, ("reviewer",), "reviewer-twice", message, "give each file a reviewer of its own")
        if found.review.agreed and agreed is not None:
            message = f"{agreed.source.name} holds what was agreed as well"
            yield place(found.source, ("agreed",), "agreed-twice", message, "put what was agreed into one file")
        agreed = found if found.review.agreed and agreed is None else agreed
