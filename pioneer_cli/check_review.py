"""Holds a reviewer's file to the bid and the pack: what it may not say, what changed since, and what is still to come.

The form of the file is held by its models; here is what they cannot say. Every fault has its line and column, and a
file is complete when its reviewer has judged all that the pack asks for, or may judge nothing for a conflict.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Literal

from pioneer_cli.diagnostics import Diagnostic, Related, Severity, has_errors
from pioneer_cli.document import document
from pioneer_cli.judgement import almost_a_partner, conflicting_partners, declares_conflicts
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import filled
from pioneer_cli.prose import LEAST_QUOTED, find_quote, free_texts, one_line, words_quoted
from pioneer_cli.quantities import plural
from pioneer_cli.review import Conflict, CriterionJudgement, JudgedQuestion, Review
from pioneer_cli.source import Source, YamlPath
from pioneer_cli.template_folder import find_template
from pioneer_cli.tree import BidPath, Block, Listing, Paragraph, References, Row, Run, Table, Terms, text_of
from pioneer_cli.unshowable import unshowable
from pioneer_cli.validate import place

Texts = Sequence[tuple[BidPath, str]]
State = Literal["complete", "unfinished", "cannot be used"]
UNFINISHED = frozenset({"not-judged-yet", "not-declared-yet", "perhaps-a-partner", "bid-changed", "pack-changed"})


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before a reviewer: the bid, as a file and as plain data, the pack, and all that may be quoted."""

    source: Source
    bid: Mapping[str, Any]
    pack: Pack
    pack_sha256: str
    texts: Texts

    @property
    def title(self) -> str:
        """The bid's title on one line."""
        return one_line(self.bid["title"])

    @property
    def questions(self) -> tuple[str, ...]:
        """The rules that ask people, in the pack's order."""
        return tuple(rule.id for _, _, rule in self.pack.rules() if rule.is_judged)


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a reviewer's file is, and the same in a few words."""

    state: State
    words: str


def check_review(source: Source, review: Review, desk: Desk) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a reviewer's file and all that it lacks, in the order of its lines."""
    faults = [*_versions(source, review, desk), *_without_reasons(source, review), *_not_shown(source)]
    if "other-bid" not in {fault.code for fault in faults}:
        faults += [*_quotes(source, review, desk), *_conflicts(source, review, desk)]
    if "other-pack" not in {fault.code for fault in faults}:
        faults += [*_names(source, review, desk), *_to_come(source, review, desk)]
    return tuple(sorted(faults))


def second_of_its_kind(source: Source, review: Review, earlier: Iterable[tuple[str, Review]]) -> tuple[Diagnostic, ...]:
    """What may be there once for a bid and stands in a file named before already: a reviewer, an agreement."""
    faults = []
    for name, other in earlier:
        if review.bid.sha256 != other.bid.sha256 and one_line(review.bid.title) != one_line(other.bid.title):
            continue
        if review.reviewer == other.reviewer:
            message = f"{review.reviewer} has another file for this bid: {name}"
            faults.append(place(source, ("reviewer",), "duplicate-id", message, "keep one, or give each its own id"))
        if review.agreed and other.agreed:
            message = f"the panel has agreed on this bid in another file: {name}"
            faults.append(place(source, ("agreed",), "duplicate-id", message, "set `agreed: false` in one of them"))
    return tuple(faults)


def _not_shown(source: Source) -> Iterator[Diagnostic]:
    """What no document could show of a review."""
    content = source.content if isinstance(source.content, dict) else {}
    for found in unshowable({key: part for key, part in content.items() if key not in ("bid", "pack")}):
        yield place(source, found.path, found.code, found.message, found.hint)


def standing(review: Review | None, diagnostics: tuple[Diagnostic, ...], desk: Desk | None) -> Standing:
    """How far a file is; `review` is None where it cannot be read, `desk` where there is no bid to hold it to."""
    if review is None or desk is None or has_errors(diagnostics):
        errors = sum(fault.severity is Severity.ERROR for fault in diagnostics)
        return Standing("cannot be used", f"cannot be used: {plural(errors, 'error')}")
    codes = {fault.code for fault in diagnostics}
    if codes & UNFINISHED:
        return Standing("unfinished", f"unfinished: {'; '.join(_why_unfinished(review, codes, desk))}")
    partners = conflicting_partners(review, desk.bid)
    if partners:
        return Standing("complete", f"complete, nothing judged: a conflict of interest with {' and '.join(partners)}")
    return Standing("complete", f"complete, {_count(review)}")


def quotable(bid: Mapping[str, Any]) -> tuple[tuple[BidPath, str], ...]:
    """All that may be quoted of a bid: its free texts, and what its document prints, tables row by row.

    So a reviewer can copy from the PDF too, where figures and dates are written out. Each has its path in the bid;
    what the template says of the bid in its own words has none.
    """
    sections = document(bid, find_template("eoi")).sections
    printed = (found for section in sections for found in _printed(section.blocks))
    return tuple(dict.fromkeys((*free_texts(bid), *printed)))


# --- What is printed -------------------------------------------------------------------------------------------------


def _printed(blocks: Iterable[Block], inside: BidPath = ()) -> Iterator[tuple[BidPath, str]]:
    """Each passage of a document with its place in the bid; one without a place has that of the row it stands in."""
    for block in blocks:
        if isinstance(block, Paragraph):
            yield next((run.path for run in block.runs if run.path), inside), text_of(block.runs)
        elif isinstance(block, Table):
            for row in block.rows:
                yield from _row(row)
        else:
            for blocks_inside in _inside(block):
                yield from _printed(blocks_inside, inside)


def _row(row: Row) -> Iterator[tuple[BidPath, str]]:
    """The cells of a row, and all of them in one line, as they are copied from a page."""
    cells = [passage for cell in row.cells for passage in _printed(cell.blocks)]
    home = next((path for path, _ in cells if path), ())
    yield from ((path or home, text) for path, text in cells)
    yield home, " ".join(text for _, text in cells)


def _inside(block: Block) -> Iterator[tuple[Block, ...]]:
    if isinstance(block, Listing):
        yield from block.items
    elif isinstance(block, Terms):
        for term in block.terms:
            yield (Paragraph(term.name), *term.blocks)
            if term.blocks and isinstance(term.blocks[0], Paragraph):  # as the two are copied from a page
                yield (Paragraph((*term.name, Run(": "), *term.blocks[0].runs)),)
                yield (Paragraph((*term.name, Run(" "), *term.blocks[0].runs)),)
    elif isinstance(block, References):
        yield from (reference.blocks for reference in block.references)


# --- Which bid and which pack ----------------------------------------------------------------------------------------


def _versions(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    """Whether the file is of this bid and by this pack, and of the versions that are here now."""
    if review.bid.sha256 != desk.source.sha256:
        same_title = one_line(review.bid.title).casefold() == desk.title.casefold()
        yield _changed_bid(source, desk) if same_title else _other_bid(source, review, desk)
    if review.pack.name != desk.pack.about.name:
        message = f"this review is by the pack {review.pack.name}, and the bid is judged by {desk.pack.about.name}"
        hint = f"if that is what is wanted, check it with --pack {review.pack.name}"
        yield place(source, ("pack", "name"), "other-pack", message, hint)
    elif review.pack.sha256 != desk.pack_sha256:
        hint = f"look again at what you judged, then put this here: {desk.pack_sha256}"
        message = f"the pack {desk.pack.about.name} has changed since this review was begun"
        yield _warning(source, ("pack", "sha256"), "pack-changed", message, hint)


def _changed_bid(source: Source, desk: Desk) -> Diagnostic:
    message = f"the bid {desk.source.name} has changed since this review was begun"
    hint = f"look again at what you judged and quoted, then put this here: {desk.source.sha256}"
    return _warning(source, ("bid", "sha256"), "bid-changed", message, hint)


def _other_bid(source: Source, review: Review, desk: Desk) -> Diagnostic:
    message = f'this is a review of "{one_line(review.bid.title)}", and {desk.source.name} is "{desk.title}"'
    return place(source, ("bid", "title"), "other-bid", message, "name the bid that was read with --bid")


# --- Reasons and quotes ----------------------------------------------------------------------------------------------


def _without_reasons(source: Source, review: Review) -> Iterator[Diagnostic]:
    """Levels, answers and a verdict that nothing is said for."""
    for index, found in enumerate(review.criteria):
        if found.level is not None and not filled(found.reasons):
            yield _no_reason(source, ("criteria", index), "level", "reasons", found.reasons)
    for index, answered in enumerate(review.questions):
        if answered.answer is not None and not filled(answered.reason):
            yield _no_reason(source, ("questions", index), "answer", "reason", answered.reason)
    recommended = review.recommendation
    if recommended.verdict is not None and not filled(recommended.reason):
        yield _no_reason(source, ("recommendation",), "verdict", "reason", recommended.reason)


def _no_reason(source: Source, at: YamlPath, judged: str, key: str, said: str | None) -> Diagnostic:
    code = f"{judged}-without-{key}"
    if said is None or not said.strip():
        hint = f"say why in `{key}`, in words that the area could be shown"
        return place(source, (*at, judged), code, f"this {judged} has no {key}", hint)
    hint = f"say why in `{key}`, or leave `{judged}` empty until you can"
    return place(source, (*at, key), code, f'"{one_line(said)}" is no reason for the {judged}', hint)


def _quotes(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    """Quotes that do not stand in the bid, and levels without any."""
    for index, found in enumerate(review.criteria):
        yield from _misquoted(source, ("criteria", index, "quotes"), found.quotes, desk)
        if found.level is not None and not found.quotes and not _silent(found.level, found.criterion, desk):
            hint = "copy the words of the bid that it rests on into `quotes`"
            yield place(source, ("criteria", index, "level"), "level-without-quote", "this level has no quote", hint)
    for index, answered in enumerate(review.questions):
        yield from _misquoted(source, ("questions", index, "quotes"), answered.quotes, desk)


def _silent(level: int, code: str, desk: Desk) -> bool:
    """Whether level 0 is given where the bid has not a word under a criterion: there is nothing to quote."""
    sections = {criterion.id: criterion.section for criterion in desk.pack.criteria}
    return level == 0 and code in sections and not any(path[:1] == (sections[code],) for path, _ in desk.texts)


def _misquoted(source: Source, at: YamlPath, quotes: Sequence[str], desk: Desk) -> Iterator[Diagnostic]:
    for index, quote in enumerate(quotes):
        words = words_quoted(quote)
        if words < LEAST_QUOTED:
            message = f"{plural(words, 'word')} may stand anywhere"
            yield place(source, (*at, index), "short-quote", message, f"quote {LEAST_QUOTED} words or more")
        elif find_quote(desk.texts, quote) is None:
            yield place(source, (*at, index), "not-in-the-bid", *_departure(quote, desk))


def _departure(quote: str, desk: Desk) -> tuple[str, str]:
    """What of a quote does not stand in the bid: a message and a hint."""
    hint = "copy the words exactly, from one place; … stands for words that you leave out"
    words, low, high = quote.split(), LEAST_QUOTED - 1, len(quote.split())
    while low + 1 < high:  # the longest beginning that stands in the bid
        middle = (low + high) // 2
        stands = find_quote(desk.texts, " ".join(words[:middle])) is not None
        low, high = (middle, high) if stands else (low, middle)
    if low < LEAST_QUOTED:
        return "these words do not stand in the bid", hint
    return f'these words stand in the bid only as far as "{" ".join(words[max(0, low - 4) : low])}"', hint


# --- Conflicts of interest -------------------------------------------------------------------------------------------


def _conflicts(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    judged = list(_given(review))
    for index, conflict in enumerate(review.conflicts):
        at: YamlPath = ("conflicts", index, "organisation")
        partners = conflicting_partners(review.model_copy(update={"conflicts": (conflict,)}), desk.bid)
        if partners and judged:
            yield _judges_in_conflict(source, at, partners[0], judged)
        elif not partners:
            yield from _perhaps_a_partner(source, at, conflict, desk)


def _given(review: Review) -> Iterator[YamlPath]:
    """The places at which something is judged."""
    for index, found in enumerate(review.criteria):
        if found.level is not None:
            yield ("criteria", index, "level")
    for index, answered in enumerate(review.questions):
        if answered.answer is not None:
            yield ("questions", index, "answer")
    if review.recommendation.verdict is not None:
        yield ("recommendation", "verdict")


def _judges_in_conflict(source: Source, at: YamlPath, partner: str, judged: Sequence[YamlPath]) -> Diagnostic:
    lines = [str(source.value_span(path).start.line) for path in judged]
    where = f"line {lines[0]}" if len(lines) == 1 else f"lines {', '.join(lines[:-1])} and {lines[-1]}"
    message = f"who has a conflict of interest with {one_line(partner)} may not judge this bid: see {where}"
    hint = "empty every `level`, `answer` and `verdict`; the file then counts as complete"
    return place(source, at, "in-conflict", message, hint)


def _perhaps_a_partner(source: Source, at: YamlPath, conflict: Conflict, desk: Desk) -> Iterator[Diagnostic]:
    """A warning where an organisation is almost called what a partner is: misspelt, a conflict would not be seen."""
    name = almost_a_partner(conflict, desk.bid)
    if name:
        hint = f"if `{name}` is meant, write it like that; if it is another organisation, add `partner: false`"
        yield _warning(source, at, "perhaps-a-partner", "no partner of this bid is called that, but almost", hint)


# --- Criteria and questions ------------------------------------------------------------------------------------------


def _names(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    """Criteria, levels and questions that the pack does not have, and those that stand twice."""
    criteria = [found.id for found in desk.pack.criteria]
    judged = [found.criterion for found in review.criteria]
    asked = [found.question for found in review.questions]
    for index, code in enumerate(judged):
        at: YamlPath = ("criteria", index, "criterion")
        if code not in criteria:
            yield place(source, at, "unknown-id", f"the pack has no criterion {code}", _meant(code, criteria))
        yield from _twice(source, "criteria", "criterion", index, judged)
    for index, name in enumerate(asked):
        if name not in desk.questions:
            yield _no_question(source, ("questions", index, "question"), name, desk)
        yield from _twice(source, "questions", "question", index, asked)
    yield from _unknown_levels(source, review, desk)


def _no_question(source: Source, at: YamlPath, name: str, desk: Desk) -> Diagnostic:
    if any(rule.id == name for _, _, rule in desk.pack.rules()):
        hint = "the questions are: " + ", ".join(desk.questions)
        return place(source, at, "no-question", f"{name} is a rule that the tool answers by itself", hint)
    return place(source, at, "unknown-id", f"the pack asks no question {name}", _meant(name, desk.questions))


def _meant(name: str, known: Sequence[str]) -> str:
    close = get_close_matches(name, known, n=1)
    return f"did you mean `{close[0]}`?" if close else "known here: " + (", ".join(known) or "none")


def _twice(source: Source, part: str, key: str, index: int, names: Sequence[str]) -> Iterator[Diagnostic]:
    first = names.index(names[index])
    if first < index:
        message = f"{names[index]} stands here a second time"
        fault = place(source, (part, index, key), "duplicate-id", message, "keep one of them")
        yield replace(fault, related=(Related(source.value_span((part, first, key)), "the first is here"),))


def _unknown_levels(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    levels = [found.level for found in desk.pack.about.levels]
    for index, found in enumerate(review.criteria):
        if found.level is not None and found.level not in levels:
            hint = "levels of this pack: " + ", ".join(map(str, levels))
            at: YamlPath = ("criteria", index, "level")
            yield place(source, at, "unknown-level", f"the pack has no level {found.level}", hint)


# --- What is still to come -------------------------------------------------------------------------------------------


def _to_come(source: Source, review: Review, desk: Desk) -> Iterator[Diagnostic]:
    """What the reviewer has not done yet; nothing is asked of one who may not judge."""
    if conflicting_partners(review, desk.bid):
        return
    if not declares_conflicts(source):
        hint = "name each organisation, or write `conflicts: []` where there is none"
        yield _warning(source, ("conflicts",), "not-declared-yet", "conflicts of interest are not declared yet", hint)
    places = {found.criterion: index for index, found in enumerate(review.criteria)}
    for code in _open_criteria(review, desk):
        yield _not_judged(source, ("criteria",), places.get(code), "level", code)
    places = {found.question: index for index, found in enumerate(review.questions)}
    for name in _open_questions(review, desk):
        yield _not_judged(source, ("questions",), places.get(name), "answer", name)
    if review.recommendation.verdict is None:
        hint = "meets-in-full, sift-in or later-cohort, with a reason"
        at: YamlPath = ("recommendation", "verdict")
        yield _warning(source, at, "not-judged-yet", "nothing is recommended yet", hint)


def _not_judged(source: Source, part: YamlPath, index: int | None, key: str, name: str) -> Diagnostic:
    if index is None:
        hint = "add an entry for it, as `pioneer review new` writes one"
        return _warning(source, part, "not-judged-yet", f"{name} has no entry yet", hint)
    hint = "a level with reasons and quotes" if key == "level" else "met, partly or unmet, with a reason"
    return _warning(source, (*part, index, key), "not-judged-yet", f"{name} has no {key} yet", hint)


def _says_anything(entry: CriterionJudgement | JudgedQuestion) -> bool:
    """Whether more stands in an entry than its id."""
    fields = list(entry.__dict__.values())
    return any(value is not None and value != () for value in fields[1:])


def _open_criteria(review: Review, desk: Desk) -> list[str]:
    """The criteria without a level; what a panel leaves out of its agreement its members judged alike."""
    levels = {found.criterion: found.level for found in review.criteria}
    begun = {found.criterion for found in review.criteria if _says_anything(found)}
    asked = (found.id for found in desk.pack.criteria if found.id in begun or not review.agreed)
    return [code for code in asked if levels.get(code) is None]


def _open_questions(review: Review, desk: Desk) -> list[str]:
    """The questions without an answer; see `_open_criteria`."""
    answers = {found.question: found.answer for found in review.questions}
    begun = {found.question for found in review.questions if _says_anything(found)}
    asked = (name for name in desk.questions if name in begun or not review.agreed)
    return [name for name in asked if answers.get(name) is None]


def _why_unfinished(review: Review, codes: set[str], desk: Desk) -> Iterator[str]:
    parts = list(_parts_to_come(review, codes, desk))
    if parts:
        yield f"{', '.join(parts)} to come"
    if "perhaps-a-partner" in codes:
        yield "a conflict that may be with a partner"
    if "bid-changed" in codes:
        yield "the bid has changed since"
    if "pack-changed" in codes:
        yield "the pack has changed since"


def _parts_to_come(review: Review, codes: set[str], desk: Desk) -> Iterator[str]:
    if "not-declared-yet" in codes:
        yield "conflicts of interest"
    if "not-judged-yet" in codes:
        criteria, questions = _open_criteria(review, desk), _open_questions(review, desk)
        yield from (plural(len(found), word) for found, word in ((criteria, "level"), (questions, "answer")) if found)
        if review.recommendation.verdict is None:
            yield "the recommendation"


def _count(review: Review) -> str:
    levels = sum(found.level is not None for found in review.criteria)
    answers = sum(found.answer is not None for found in review.questions)
    return f"{plural(levels, 'level')} and {plural(answers, 'answer')}{' agreed' if review.agreed else ''}"


def _warning(source: Source, at: YamlPath, code: str, message: str, hint: str) -> Diagnostic:
    return replace(place(source, at, code, message, hint), severity=Severity.WARNING)
