"""A gap report as a document in the house's tree, which the PDF, Word and Markdown are written from."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from pioneer_cli.assessment import Outcome
from pioneer_cli.gap_report import (
    EXPECTED,
    FIGURES_DIFFER,
    SPOKEN_TO,
    ConsiderationGaps,
    Coverage,
    CriterionGaps,
    Differing,
    Expected,
    Gap,
    GapReport,
    Heard,
    Judged,
    LedgerLine,
    Quoted,
)
from pioneer_cli.glyphs import missing_characters
from pioneer_cli.quantities import plural
from pioneer_cli.reports.gaps_words import (
    DIFFERS,
    HOUSE,
    LEDGER,
    LEDGER_NAME,
    MORE_FIGURES,
    MOST_QUOTES,
    READINGS,
    TITLE,
    answers_words,
    best_answers,
    by_remark,
    capital,
    coverage_picture,
    gate_why,
    heard_words,
    in_words,
    ledger_places,
    missing_words,
    offers_of,
    other_questions,
    passages_of,
    profile,
    question_words,
    readings,
    recommendations,
    remedy_words,
    rule_words,
    score_words,
    summary,
    verdict_words,
)
from pioneer_cli.reports.look import level, page_words, points
from pioneer_cli.tree import (
    Block,
    Cell,
    Column,
    Document,
    Heading,
    Listing,
    Paragraph,
    Row,
    Run,
    Section,
    Style,
    Table,
    Term,
    Terms,
)

_MOST_REASONS = 6  # at a glance, so that it fits on a page
_STRONG: frozenset[Style] = frozenset({"strong"})
_EMPHASIS: frozenset[Style] = frozenset({"emphasis"})


def gaps_document(report: GapReport) -> Document:
    """The report: one page at a glance, a section for each criterion, and what stands beside the criteria."""
    sections = (
        _glance(report),
        *(_people(report) if report.panel.judgements else ()),
        *(_criterion(report, found) for found in report.criteria),
        *(_expected(report) if report.expected else ()),
        Section("coverage", (_h1("The whole system"), *_coverage(report.coverage))),
        Section("ledger", (_h1("Figures and dates"), *_ledger(report))),
        Section("readings", (_h1("Names, times and claims"), *_readings(report))),
        _rests_on(report),
    )
    title = f"{TITLE}: {report.title}"
    return Document(title, TITLE, sections, counted=False)


# --- At a glance -----------------------------------------------------------------------------------------------------


def _glance(report: GapReport) -> Section:
    facts = (
        ("Call", f"{report.pack.about.title}; at {report.assessment.phase}"),
        ("Verdict", verdict_words(report)),
        (
            "Score",
            f"{points(report.assessment.low, report.assessment.high)} of 100, by weights of the tool's own (house)",
        ),
        ("Pages", page_words(report.pages)),
        ("In all", summary(report)),
        *((("Reviewers", recommended),) if (recommended := recommendations(report)) else ()),
    )
    terms = tuple(Term((Run(name),), (_paragraph(text),)) for name, text in facts)
    blocks: list[Block] = [Terms(terms, box=True), _h1("At a glance"), profile(report), _criteria_table(report)]
    blocks.append(_gates_table(report))
    if report.assessment.reasons:
        reasons = report.assessment.reasons
        more = [f"and {len(reasons) - _MOST_REASONS} more, which stand with their criteria and questions below"]
        kept = [*reasons[:_MOST_REASONS], *more] if len(reasons) > _MOST_REASONS + 1 else list(reasons)
        blocks += [Heading(2, (Run("Why not better"),)), _bullets(kept)]
    asked = [Paragraph((Run(text), Run(f" {name}", _EMPHASIS))) for name, text in other_questions(report).items()]
    if asked:
        blocks += [Heading(2, (Run("To ask the bidder"),)), _listing((item,) for item in asked)]
    return Section("front", tuple(blocks))


def _criteria_table(report: GapReport) -> Table:
    names = [found.reviewer for found in report.panel.counting]
    columns = (Column(5), Column(1.2, "right"), Column(2.3, "right"), Column(4.5), Column(1.3, "right"))
    header = ("Criterion", "Level", "Score", "Considerations", "Pages")
    rows = []
    for found in report.criteria:
        given = {reviewer: str(judged.level) for reviewer, judged in found.levels}
        outcomes = (f"{found.score.count(outcome)} {outcome}" for outcome in Outcome if found.score.count(outcome))
        rows.append(
            _row(
                f"{found.score.criterion.id} {in_words([found.score.criterion.name])}",
                level(found.score),
                score_words(found),
                ", ".join(outcomes),
                f"{float(found.pages.pages):.2f}" if found.pages else "–",
                *(given.get(name, "–") for name in names),
            )
        )
    reviewers = tuple(Column(0.9, "right") for _ in names)
    return Table((*columns, *reviewers), _row(*header, *names).cells, tuple(rows))


def _gates_table(report: GapReport) -> Table:
    columns = (Column(4), Column(1.8), Column(2.1), Column(7.1))
    rows = []
    for found in report.gates:
        state, detail = gate_why(found, report)
        rows.append(_row(found.result.gate.id, state, found.result.gate.authority, detail))
    return Table(columns, _row("Gate", "Stands", "Authority", "Why").cells, tuple(rows))


# --- Reviewers -------------------------------------------------------------------------------------------------------


def _people(report: GapReport) -> Iterator[Section]:
    """Machine and people side by side, what they differ on first."""
    note = (
        "The levels of the machine are those of the rules, with the answers of reviewers put in; those of reviewers "
        "are as they gave them. Where they differ stands first."
    )
    blocks: list[Block] = [_h1("Machine and reviewers"), _paragraph(note)]
    left_out = [
        f"{found.reviewer} does not count: {found.why_not}" for found in report.panel.judgements if not found.counts
    ]
    blocks += [_bullets(left_out)] if left_out else []
    rows = []
    for found in sorted(report.criteria, key=lambda found: not found.differ):
        given = ", ".join(f"{reviewer}: {judged.level}" for reviewer, judged in found.levels) or "none"
        agreed = "–" if found.agreed is None else str(found.agreed)
        rows.append(
            _row(found.score.criterion.id, level(found.score), given, agreed, "differ" if found.differ else "agree")
        )
    columns = (Column(2), Column(1.6), Column(5), Column(1.6), Column(2))
    blocks.append(Table(columns, _row("Criterion", "Machine", "Reviewers", "Settled", "They").cells, tuple(rows)))
    judged = [item for found in report.criteria for entry in found.considerations for item in entry.judged]
    blocks += [Heading(2, (Run("Questions for people"),))]
    blocks += [_answers(item) for item in sorted(judged, key=lambda item: not item.differ)]
    blocks += _recommendations(report)
    yield Section("reviewers", tuple(blocks))


def _answers(item: Judged) -> Terms:
    question = str(item.finding.rule.arguments["question"])
    settled = Run(f" ({rule_words(item.finding)}): {item.finding.outcome}.")
    told = tuple(
        _paragraph(f"{reviewer}: {answer.answer}. {answer.reason or ''}".strip()) for reviewer, answer in item.answers
    )
    return Terms((Term((Run(question), settled), told or (_paragraph("Nobody has answered it."),)),))


def _recommendations(report: GapReport) -> list[Block]:
    told = [
        f"{found.reviewer}: {found.review.recommendation.verdict}. {found.review.recommendation.reason or ''}".strip()
        for found in report.panel.counting
        if found.review.recommendation.verdict
    ]
    return [Heading(2, (Run("Recommendations"),)), _bullets(told)] if told else []


# --- Criteria --------------------------------------------------------------------------------------------------------


def _criterion(report: GapReport, found: CriterionGaps) -> Section:
    criterion = found.score.criterion
    pages = f"; {float(found.pages.pages):.2f} pages" if found.pages else ""
    descriptor = found.score.level_low
    told = (
        f"Level {level(found.score)}; {score_words(found)} points{pages}. Level {descriptor.level}, "
        f"{descriptor.name.lower()}: {descriptor.descriptor}"
    )
    told += f" The reviewers settled on level {found.agreed}." if found.agreed is not None else ""
    blocks: list[Block] = [_h1(f"{criterion.id}. {criterion.title}"), _paragraph(told)]
    for reviewer, judged in found.levels:
        blocks.append(Paragraph((Run(f"{reviewer}, level {judged.level}: ", _STRONG), Run(judged.reasons or ""))))
        listed = [*(f"Strength: {text}" for text in judged.strengths)]
        listed += [f"Weakness: {text}" for text in judged.weaknesses]
        listed += [f"“{quoted.text}” {quoted.spot.words}" for quoted in found.quotes[reviewer]]
        blocks += [_bullets(listed)] if listed else []
    for item in found.considerations:
        blocks += _consideration(report, item)
    return Section(criterion.id, tuple(blocks))


def _consideration(report: GapReport, found: ConsiderationGaps) -> list[Block]:
    asked = found.score.consideration
    met = ", ".join(finding.rule.id for finding in found.met)
    verb = in_words([asked.verb])
    state = f"the call's word is “{verb}”. " + (f"Rules met: {met}." if met else "No rule of it is met.")
    blocks: list[Block] = [Heading(2, (Run(asked.asks),), (asked.id,))]
    blocks.append(_led(f"{capital(str(found.score.outcome))}:", state))
    blocks += _evidence(report, found)
    if found.gaps:
        blocks += [_led("Missing:", keep=True), _listing(map(_gap, found.gaps))]
    blocks += [_led("Support on offer:", f"{offer}.") for offer in offers_of(found)]
    blocks += [_led("For people:", *_judged(item)) for item in found.judged]
    if found.heard is not None and found.score.outcome is not Outcome.MET:
        blocks += _heard(found.heard)
    if found.standing is not None:
        blocks.append(_led("To ask the bidder:", question_words(found.standing)))
    return blocks


def _evidence(report: GapReport, found: ConsiderationGaps) -> Iterator[Block]:
    answers, more = best_answers(report, found)
    if not answers:
        yield _led("Evidence:", f"{found.rows[0].where}." if found.rows else "none.")
        return
    items = [
        Paragraph((Run(f"“{answer.quote}”"), Run(f" {where} ({', '.join(answer.rules)})", _EMPHASIS)))
        for answer, where in answers
    ]
    if more:
        items.append(_paragraph(f"and {plural(more, 'more place')}, which the JSON and CSV list"))
    yield _led("Evidence:", keep=True)
    yield _listing((item,) for item in items)


def _gap(gap: Gap) -> tuple[Block, ...]:
    first = Run(f"{capital(missing_words(gap))}. ", _STRONG)
    rest = Run(f"Wanted: {gap.finding.rule.claim} {_plain(remedy_words(gap))}")
    return (Paragraph((first, rest, Run(f" {rule_words(gap.finding)}", _EMPHASIS))),)


def _judged(item: Judged) -> tuple[str, str]:
    question = str(item.finding.rule.arguments["question"])
    return f"{question} {answers_words(item)}", rule_words(item.finding)


def _heard(heard: Heard) -> Iterator[Block]:
    quotes = [
        Paragraph((Run(f"“{quoted.text}”"), Run(f" {quoted.spot.words}{_by(quoted)}", _EMPHASIS)))
        for quoted in passages_of(heard)
    ]
    yield _led("In words alone:", f"{heard_words(heard)}.", f"{SPOKEN_TO} (house, low confidence)", keep=bool(quotes))
    if quotes:
        yield _listing((quote,) for quote in quotes)


def _by(quoted: Quoted) -> str:
    return f", by “{quoted.remark}”" if quoted.remark else ""


# --- Beside the criteria ---------------------------------------------------------------------------------------------


def _expected(report: GapReport) -> Iterator[Section]:
    note = (
        "What the call expects of those that it chooses, within five years, and what in the bid speaks to it: passages "
        f"found by their words ({EXPECTED}, house, low confidence), and what rules found for its considerations."
    )
    terms = tuple(
        Term((Run(f"{found.expectation.id} {found.expectation.expects}"),), _spoken_to(found))
        for found in report.expected
    )
    yield Section("expectations", (_h1("What is expected within five years"), _paragraph(note), Terms(terms)))


def _spoken_to(found: Expected) -> tuple[Block, ...]:
    standing = ", ".join(f"{item.consideration.id} {item.outcome}" for item in found.considerations)
    quotes = [f"“{quoted.text}” {quoted.spot.words}" for quoted in passages_of(found.heard)]
    quotes += [f"“{quoted.text}” {quoted.spot.words} ({quoted.remark})" for quoted in found.answers[:MOST_QUOTES]]
    told = f"Rests on {standing}." if standing else "Rests on no consideration."
    return (_paragraph(told), _bullets(quotes or ["Nothing in the bid speaks to it."]))


def _coverage(found: Coverage) -> Iterator[Block]:
    told = (
        f"The bid fills in {found.covered} of {found.of} cells of life stages, levels of need and sectors "
        "(whole_system.coverage)."
    )
    yield _paragraph(told)._replace(keep=bool(found.covered))
    if not found.covered:
        return
    yield coverage_picture(found)
    rows = tuple(
        _row(capital(in_words([stage])), *(in_words(found.cells.get((stage, need), ())) or "–" for need in found.needs))
        for stage in found.stages
    )
    header = ("Life stage", *(capital(need) for need in found.needs))
    yield Table((Column(2), *(Column(4) for _ in found.needs)), _row(*header).cells, rows)


def _ledger(report: GapReport) -> Iterator[Block]:
    yield from _differing(report.differing)
    if not report.ledger:
        yield _paragraph("The bid states no figure and no date.")
    if report.has_more_figures:
        yield _paragraph(MORE_FIGURES)
    yield Paragraph((Run(f"{LEDGER_NAME} ({HOUSE})", _EMPHASIS),))
    for kind, lines in groupby(report.ledger, key=lambda line: line.kind):
        yield Heading(2, (Run(LEDGER[kind]),))
        yield Terms(tuple(_ledger_line(line) for line in lines))


def _ledger_line(line: LedgerLine) -> Term:
    """A figure with its places; a list, since a table of hundreds of rows takes twice the time to typeset."""
    places = ledger_places(line.places)
    return Term((Run(line.shown),), (_paragraph(f"{places}; {DIFFERS}" if line.differs else places),))


def _differing(differing: Sequence[Differing]) -> Iterator[Block]:
    title, nothing = READINGS[FIGURES_DIFFER]
    yield Heading(2, (Run(title),))
    if not differing:
        yield _paragraph(f"{nothing} ({FIGURES_DIFFER}, {HOUSE}.)")
        return
    items = []
    for found in differing:
        places = "; ".join(f"{quoted.remark}, {quoted.spot.words}: “{quoted.text}”" for quoted in found.places)
        items.append(Paragraph((Run(f"{capital(found.about)}: ", _STRONG), Run(f"{found.why}. {places}"))))
    yield _listing((item,) for item in items)
    yield Paragraph((Run(f"{FIGURES_DIFFER} ({HOUSE})", _EMPHASIS),))


def _readings(report: GapReport) -> Iterator[Block]:
    for name, found in readings(report).items():
        title, nothing = READINGS[name]
        yield Heading(2, (Run(title),))
        if found:
            yield _bullets(_reading_words(*group) for group in by_remark(found))
        else:
            yield _paragraph(nothing)
        yield Paragraph((Run(f"{name} ({HOUSE})", _EMPHASIS),))


def _reading_words(remark: str, quotes: Sequence[Quoted], more: int) -> str:
    quoted = "; ".join(f"“{found.text}” {found.spot.words}" for found in quotes)
    others = f"; and {plural(more, 'more place')}" if more else ""
    return f"{remark}: {quoted}{others}" if remark else quoted


def _rests_on(report: GapReport) -> Section:
    note = (
        "This report was made from these files alone, by their sha256; the same files give the same report. Rules and "
        "gates are explained by pioneer explain, with their name, and readings in the documentation of gap reports."
    )
    rows = tuple(_row(_showable(name), digest) for name, digest in report.digests.items())
    table = Table((Column(4), Column(11)), _row("Made from", "sha256").cells, rows)
    weights = _paragraph(report.pack.about.weights)
    return Section("made-from", (_h1("What this report rests on"), _paragraph(note), weights, table))


# --- Parts -----------------------------------------------------------------------------------------------------------


def _h1(text: str) -> Heading:
    return Heading(1, (Run(text),))


def _paragraph(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _listing(items: Iterable[tuple[Block, ...]]) -> Listing:
    return Listing(False, tuple(items))


def _bullets(texts: Iterable[str]) -> Listing:
    return _listing((_paragraph(text),) for text in texts)


def _led(lead: str, text: str = "", named: str = "", *, keep: bool = False) -> Paragraph:
    """A paragraph that begins in bold, with the name of the rule behind it."""
    runs = (Run(lead, _STRONG), Run(f" {text}" if text else ""), Run(f" {named}" if named else "", _EMPHASIS))
    return Paragraph(tuple(run for run in runs if run.text), keep=keep)


def _showable(name: str) -> str:
    """The name of a file in characters that the document's font has."""
    lacking = missing_characters(name)
    return "".join("?" if character in lacking or not character.isprintable() else character for character in name)


def _plain(text: str) -> str:
    """A text without the marks round names of fields."""
    return text.replace("`", "")


def _row(*texts: str) -> Row:
    return Row(tuple(Cell((_paragraph(text),)) for text in texts))
