"""A gap report as one page of HTML that fetches nothing and runs nothing: it filters by check boxes and style alone."""

import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence

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
    Judged,
    LedgerLine,
    Quoted,
)
from pioneer_cli.quantities import plural
from pioneer_cli.reports.gaps_style import STYLE
from pioneer_cli.reports.gaps_words import (
    DIFFERS,
    HOUSE,
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
    file_name,
    gap_count,
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
from pioneer_cli.reports.html_page import PICTURE, html_page, html_row, html_rows, html_table, safe
from pioneer_cli.reports.look import level, page_words, points
from pioneer_cli.tree import Figure

Draw = Callable[[Figure], bytes]
_CRITERIA = ("Criterion", "Level", "Score", "Considerations", "Pages")
_GATES = ("Gate", "Stands", "Authority", "Why")
_PEOPLE = ("Criterion", "Machine", "Reviewers", "Settled", "They")
_LEDGER = ("Figure", "Kind", "Where, and what it is said of")
_NUMBERS = frozenset({"Level", "Score", "Pages", "Machine", "Settled"})
_NOTHING: frozenset[str] = frozenset()
_AUTHORITIES = ("call", "house", "accessibility")


def gaps_html(report: GapReport, draw: Draw) -> str:
    """The report; `draw` makes an SVG of a picture."""
    main = "".join(
        [
            _glance(report, draw),
            _people(report) if report.panel.judgements else "",
            _filters(report),
            *(_criterion(report, found) for found in report.criteria),
            _expected(report) if report.expected else "",
            _section("whole-system", "The whole system", _coverage(report.coverage, draw)),
            _section("ledger", "Figures and dates", _ledger(report)),
            _section("readings", "Names, times and claims", "".join(_readings(report))),
            _section("made-from", "What this report rests on", _rests_on(report)),
        ]
    )
    foot = f"{file_name(report)}; {report.pack.about.title}"
    skip = '<a class="skip" href="#C.gaps">Skip to the gaps</a>\n'
    return html_page(TITLE, report.title, STYLE, f"{_contents(report)}<main>\n{main}</main>\n", foot, skip)


def _contents(report: GapReport) -> str:
    links = [("glance", "At a glance")]
    links += [("reviewers", "Machine and reviewers")] if report.panel.judgements else []
    links += [(found.score.criterion.id, f"{found.score.criterion.id} {in_words([found.score.criterion.name])}")
              for found in report.criteria]  # fmt: skip
    links += [("expectations", "Within five years")] if report.expected else []
    links += [("whole-system", "Whole system"), ("ledger", "Figures and dates"), ("readings", "Names, times, claims")]
    links += [("made-from", "Made from")]
    items = "".join(f'<li><a href="#{safe(name)}">{safe(capital(title))}</a></li>\n' for name, title in links)
    return f'<nav aria-label="Contents">\n<ul role="list">\n{items}</ul>\n</nav>\n'


def _section(name: str, title: str, body: str) -> str:
    return (
        f'<section id="{safe(name)}" aria-labelledby="{safe(name)}.title">\n'
        f'<h2 id="{safe(name)}.title">{safe(title)}</h2>\n{body}</section>\n'
    )


# --- At a glance -----------------------------------------------------------------------------------------------------


def _glance(report: GapReport, draw: Draw) -> str:
    found = report.assessment
    facts = (
        ("Verdict", verdict_words(report)),
        ("Score", f"{points(found.low, found.high)} of 100, by weights of the tool's own (house)"),
        ("Pages", page_words(report.pages)),
        ("Phase", found.phase),
        ("In all", summary(report)),
        *((("Reviewers", recommended),) if (recommended := recommendations(report)) else ()),
    )
    pairs = "".join(f"<div><dt>{safe(name)}</dt><dd>{safe(text)}</dd></div>\n" for name, text in facts)
    asked = _bullets(f"{safe(text)} <small>{safe(name)}</small>" for name, text in other_questions(report).items())
    asked = f"<h3>To ask the bidder</h3>\n{asked}" if asked else ""
    reasons = f"<h3>Why not better</h3>\n{_bullets(map(safe, found.reasons))}" if found.reasons else ""
    body = (
        f'<dl class="facts">\n{pairs}</dl>\n{_picture(profile(report), draw)}{_criteria_table(report)}'
        f"{_gates_table(report)}{asked}{reasons}<p>{safe(report.pack.about.weights)}</p>\n"
    )
    return _section("glance", "At a glance", body)


def _picture(figure: Figure, draw: Draw) -> str:
    drawn = b64encode(draw(figure)).decode("ascii")
    name = safe(figure.kind.capitalize())
    image = f'<img alt="{safe(figure.alt)}" src="{PICTURE}{drawn}">'
    return f'<figure tabindex="0" aria-label="{name}">\n{image}\n</figure>\n'


def _criteria_table(report: GapReport) -> str:
    names = [found.reviewer for found in report.panel.counting]
    columns = (*_CRITERIA, *names)
    rows = []
    for found in report.criteria:
        given = {reviewer: str(judged.level) for reviewer, judged in found.levels}
        outcomes = ", ".join(
            f"{found.score.count(outcome)} {outcome}" for outcome in Outcome if found.score.count(outcome)
        )
        pages = f"{float(found.pages.pages):.2f}" if found.pages else "–"
        levels = [given.get(name, "–") for name in names]
        cells = map(safe, (level(found.score), score_words(found), outcomes, pages, *levels))
        name = f"<b>{safe(found.score.criterion.id)}</b> {safe(found.score.criterion.title)}"
        rows.append(html_row("criterion", name, cells, columns, _NUMBERS | set(names)))
    caption = "Criteria with their levels from 0 to 5, scores, considerations by outcome, and pages"
    return html_table(caption, columns, _NUMBERS | set(names), html_rows("".join(rows)))


def _gates_table(report: GapReport) -> str:
    rows = []
    for found in report.gates:
        state, detail = gate_why(found, report)
        badge = f'<b class="outcome {found.result.outcome}">{safe(state)}</b>'
        cells = (badge, safe(found.result.gate.authority), safe(detail))
        rows.append(html_row("gate", safe(found.result.gate.id), cells, _GATES, _NOTHING))
    caption = f"Gates at {report.assessment.phase}: pass or fail, unscored"
    return html_table(caption, _GATES, _NOTHING, html_rows("".join(rows)))


# --- Reviewers -------------------------------------------------------------------------------------------------------


def _people(report: GapReport) -> str:
    """Machine and people side by side, what they differ on first."""
    left_out = [
        f"{found.reviewer} does not count: {found.why_not}" for found in report.panel.judgements if not found.counts
    ]
    rows = []
    for found in sorted(report.criteria, key=lambda found: not found.differ):
        given = ", ".join(f"{reviewer}: {judged.level}" for reviewer, judged in found.levels) or "none"
        agreed = "–" if found.agreed is None else str(found.agreed)
        cells = map(safe, (level(found.score), given, agreed, "differ" if found.differ else "agree"))
        rows.append(html_row("", safe(found.score.criterion.id), cells, _PEOPLE, _NUMBERS))
    judged = [item for found in report.criteria for entry in found.considerations for item in entry.judged]
    answers = "".join(_answers(item) for item in sorted(judged, key=lambda item: not item.differ))
    told = [
        f"{found.reviewer}: {found.review.recommendation.verdict}. {found.review.recommendation.reason or ''}".strip()
        for found in report.panel.counting
        if found.review.recommendation.verdict
    ]
    recommended = f"<h3>Recommendations</h3>\n{_bullets(map(safe, told))}" if told else ""
    caption = (
        "Levels by the rules, with the answers of reviewers put in, and as reviewers gave them; those that differ first"
    )
    table = html_table(caption, _PEOPLE, _NUMBERS, html_rows("".join(rows)))
    body = f"{_bullets(map(safe, left_out))}{table}<h3>Questions for people</h3>\n<dl>\n{answers}</dl>\n{recommended}"
    return _section("reviewers", "Machine and reviewers", body)


def _answers(item: Judged) -> str:
    told = [
        f"<b>{safe(name)}</b>: {safe(str(answer.answer))}. {safe(answer.reason or '')}" for name, answer in item.answers
    ]
    question = safe(str(item.finding.rule.arguments["question"]))
    badge = _badge(item.finding.outcome)
    answers = "".join(f"<dd>{text}</dd>\n" for text in told or ["Nobody has answered it."])
    return f"<div>\n<dt>{question} {badge} <small>{safe(rule_words(item.finding))}</small></dt>\n{answers}</div>\n"


# --- Criteria --------------------------------------------------------------------------------------------------------


def _filters(report: GapReport) -> str:
    """Check boxes that show and hide considerations by outcome, and gaps by authority, by style alone."""
    outcomes = [(str(outcome), report.count(outcome)) for outcome in Outcome if report.count(outcome)]
    gaps = [gap for found in report.criteria for item in found.considerations for gap in item.gaps]
    counted = ((name, sum(gap.finding.rule.authority == name for gap in gaps)) for name in _AUTHORITIES)
    authorities = [(name, number) for name, number in counted if number]
    boxes = _boxes("Show considerations that are", outcomes)
    boxes += _boxes("Show gaps by authority", authorities) if authorities else ""
    return f'<div class="filters" id="C.gaps" role="group" aria-label="What to show">\n{boxes}</div>\n'


def _boxes(legend: str, names: Sequence[tuple[str, int]]) -> str:
    inputs = "".join(
        f'<label><input type="checkbox" id="show-{safe(name)}" checked> {safe(name)} ({number})</label>\n'
        for name, number in names
    )
    return f"<fieldset>\n<legend>{safe(legend)}</legend>\n{inputs}</fieldset>\n"


def _criterion(report: GapReport, found: CriterionGaps) -> str:
    criterion, low = found.score.criterion, found.score.level_low
    pages = f"; {float(found.pages.pages):.2f} pages" if found.pages else ""
    told = f"Level {level(found.score)}; {score_words(found)} points{pages}."
    meaning = f"Level {low.level}, {low.name.lower()}: {low.descriptor}"
    meaning += f" The reviewers settled on level {found.agreed}." if found.agreed is not None else ""
    levels = "".join(
        f'<div class="level">\n<p><b>{safe(reviewer)}, level {judged.level}:</b> {safe(judged.reasons or "")}</p>\n'
        + _bullets([*(f"Strength: {safe(text)}" for text in judged.strengths),
                    *(f"Weakness: {safe(text)}" for text in judged.weaknesses),
                    *map(_quote, found.quotes[reviewer])])
        + "</div>\n"
        for reviewer, judged in found.levels
    )  # fmt: skip
    body = "".join(_consideration(report, item) for item in found.considerations)
    head = f"<p><b>{safe(told)}</b> {safe(meaning)}</p>\n{levels}"
    return _section(criterion.id, f"{criterion.id} {criterion.title}", head + body)


def _consideration(report: GapReport, found: ConsiderationGaps) -> str:
    asked, outcome = found.score.consideration, found.score.outcome
    verb = in_words([asked.verb])
    met = ", ".join(f"<code>{safe(finding.rule.id)}</code>" for finding in found.met) or "none"
    parts = [
        ("The call", f"{safe(capital(verb))}. Rules met: {met}."),
        ("Evidence", _evidence(report, found)),
        ("Missing", "".join(map(_gap, found.gaps))),
        ("Support on offer", _bullets(f"{safe(offer)}." for offer in offers_of(found))),
        ("For people", "".join(map(_judged, found.judged))),
        ("In words alone", _heard(found) if outcome is not Outcome.MET else ""),
        ("To ask the bidder", f"<p>{safe(question_words(found.standing))}</p>\n" if found.standing else ""),
    ]
    holders = {"Missing": f' class="only-{_authorities(found)}"'}  # goes with its gaps when all of them are hidden
    pairs = "".join(
        f"<div{holders.get(name, '')}>\n<dt>{name}</dt>\n<dd>{body}</dd>\n</div>\n" for name, body in parts if body
    )
    return (
        f'<article class="is-{outcome}" id="{safe(asked.id)}" aria-labelledby="{safe(asked.id)}.asks">\n'
        f'<h3 id="{safe(asked.id)}.asks"><span class="code">{safe(asked.id)}</span> {safe(asked.asks)} '
        f"{_badge(outcome)}</h3>\n<dl>\n{pairs}</dl>\n</article>\n"
    )


def _authorities(found: ConsiderationGaps) -> str:
    """Whose gaps a consideration has: `call-house`."""
    there = {gap.finding.rule.authority for gap in found.gaps}
    return "-".join(name for name in _AUTHORITIES if name in there)


def _badge(outcome: Outcome) -> str:
    return f'<b class="outcome {outcome}">{outcome}</b>'


def _evidence(report: GapReport, found: ConsiderationGaps) -> str:
    answers, more = best_answers(report, found)
    if not answers:
        return safe(found.rows[0].where) if found.rows else ""
    items = [
        f"<q>{safe(answer.quote)}</q> <small>{safe(where)} ({safe(', '.join(answer.rules))})</small>"
        for answer, where in answers
    ]
    return _bullets([*items, *([f"and {plural(more, 'more place')}, which the JSON and CSV list"] if more else [])])


def _gap(gap: Gap) -> str:
    rule = gap.finding.rule
    return (
        f'<div class="gap by-{rule.authority}">\n<p><b>{safe(capital(missing_words(gap)))}.</b> '
        f"Wanted: {safe(rule.claim)}</p>\n<p>{_with_code(remedy_words(gap))} "
        f"<small>{safe(rule_words(gap.finding))}</small></p>\n</div>\n"
    )


def _judged(item: Judged) -> str:
    question = safe(str(item.finding.rule.arguments["question"]))
    return f"<p>{question} {safe(answers_words(item))} <small>{safe(rule_words(item.finding))}</small></p>\n"


def _heard(found: ConsiderationGaps) -> str:
    if found.heard is None:
        return ""
    told = f"<p>{safe(capital(heard_words(found.heard)))}. <small>{SPOKEN_TO} ({HOUSE})</small></p>\n"
    return told + _bullets(map(_quote, passages_of(found.heard)))


def _quote(found: Quoted) -> str:
    remark = f"; {safe(found.remark)}" if found.remark else ""
    return f"<q>{safe(found.text)}</q> <small>{safe(found.spot.words)}{remark}</small>"


# --- Beside the criteria ---------------------------------------------------------------------------------------------


def _expected(report: GapReport) -> str:
    note = (
        "What the call expects of those that it chooses, within five years, and what in the bid speaks to it: passages "
        f"found by their words ({EXPECTED}, house, low confidence), and what rules found for its considerations."
    )
    pairs = "".join(map(_expectation, report.expected))
    return _section("expectations", "What is expected within five years", f"<p>{note}</p>\n<dl>\n{pairs}</dl>\n")


def _expectation(found: Expected) -> str:
    standing = ", ".join(f"{safe(item.consideration.id)} {_badge(item.outcome)}" for item in found.considerations)
    quoted = [*map(_quote, passages_of(found.heard)), *map(_quote, found.answers[:MOST_QUOTES])]
    quotes = _bullets(quoted or ["Nothing in the bid speaks to it."])
    name = f'<span class="code">{safe(found.expectation.id)}</span> {safe(found.expectation.expects)}'
    rests = f"<p>Rests on {standing}.</p>\n" if standing else ""
    return f"<div>\n<dt>{name}</dt>\n<dd>{rests}{quotes}</dd>\n</div>\n"


def _coverage(found: Coverage, draw: Draw) -> str:
    told = (
        f"<p>The bid fills in {found.covered} of {found.of} cells of life stages, levels of need and sectors "
        "(<code>whole_system.coverage</code>).</p>\n"
    )
    if not found.covered:
        return told
    names = ("Life stage", *map(capital, found.needs))
    rows = "".join(
        html_row(
            "",
            safe(capital(in_words([stage]))),
            (safe(in_words(found.cells.get((stage, need), ())) or "–") for need in found.needs),
            names,
            _NOTHING,
        )
        for stage in found.stages
    )
    table = html_table("Sectors by life stage and level of need", names, _NOTHING, html_rows(rows))
    return f"{told}{_picture(coverage_picture(found), draw)}{table}"


def _ledger(report: GapReport) -> str:
    title, nothing = READINGS[FIGURES_DIFFER]
    name = f"<p><small>{FIGURES_DIFFER} ({HOUSE})</small></p>\n"
    differing = _bullets(map(_differing, report.differing)) if report.differing else f"<p>{safe(nothing)}</p>\n"
    rows = "".join(map(_ledger_row, report.ledger))
    caption = "Every figure and date in the bid, with each place where it stands"
    table = html_table(caption, _LEDGER, _NOTHING, html_rows(rows)) if rows else "<p>The bid states no figure.</p>\n"
    listed = f"<p><small>{LEDGER_NAME} ({HOUSE})</small></p>\n"
    more = f"<p>{MORE_FIGURES}</p>\n" if report.has_more_figures else ""
    return f"<h3>{safe(title)}</h3>\n{differing}{name}<h3>The ledger</h3>\n{more}{table}{listed}"


def _differing(found: Differing) -> str:
    places = _bullets(
        f"<b>{safe(quoted.remark)}</b> {_quote(Quoted(quoted.text, quoted.spot))}" for quoted in found.places
    )
    return f"<b>{safe(capital(found.about))}:</b> {safe(found.why)}.{places}"


def _ledger_row(line: LedgerLine) -> str:
    places = safe(ledger_places(line.places)) + (f"; <b>{DIFFERS}</b>" if line.differs else "")
    return html_row("", safe(line.shown), (safe(in_words([line.kind])), places), _LEDGER, _NOTHING)


def _readings(report: GapReport) -> Iterator[str]:
    for name, found in readings(report).items():
        title, nothing = READINGS[name]
        body = _bullets(_reading(*group) for group in by_remark(found)) if found else f"<p>{safe(nothing)}</p>\n"
        yield f"<h3>{safe(title)}</h3>\n{body}<p><small>{name} ({HOUSE})</small></p>\n"


def _reading(remark: str, quotes: Sequence[Quoted], more: int) -> str:
    quoted = "; ".join(_quote(Quoted(found.text, found.spot)) for found in quotes)
    others = f"; and {plural(more, 'more place')}" if more else ""
    return f"<b>{safe(remark)}:</b> {quoted}{others}" if remark else quoted


def _rests_on(report: GapReport) -> str:
    names = ("Made from", "sha256")
    rows = "".join(
        html_row("", safe(name), (f"<code>{safe(digest)}</code>",), names, _NOTHING)
        for name, digest in report.digests.items()
    )
    return (
        "<p>This report was made from these files alone; the same files give the same report. "
        "<code>pioneer explain</code> with the name of a rule or gate explains it. "
        f"{plural(gap_count(report), 'gap')} in all.</p>\n"
        + html_table("Files and their digests", names, _NOTHING, html_rows(rows))
    )


def _with_code(text: str) -> str:
    """A text in which names of fields, between backticks, are set as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", safe(text))


def _bullets(items: Iterable[str]) -> str:
    """A list of ready HTML, empty where there is nothing to list."""
    listed = "".join(f"<li>{item}</li>\n" for item in items)
    return f"<ul>\n{listed}</ul>\n" if listed else ""
