"""A gap report for people at a terminal: gates, criteria, then each consideration with evidence, gaps and questions."""

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from pioneer_cli.assessment import Outcome
from pioneer_cli.gap_report import (
    FIGURES_DIFFER,
    SPOKEN_TO,
    ConsiderationGaps,
    CriterionGaps,
    Gap,
    GapReport,
    Quoted,
)
from pioneer_cli.quantities import plural
from pioneer_cli.reports.gaps_words import (
    READINGS,
    TITLE,
    answers_words,
    best_answers,
    by_remark,
    capital,
    file_name,
    gate_why,
    heard_words,
    level_words,
    missing_words,
    other_questions,
    question_words,
    readings,
    recommendations,
    remedy_words,
    rule_words,
    score_words,
    summary,
    verdict_words,
)
from pioneer_cli.reports.look import Look, level, page_words, printable
from pioneer_cli.reports.terminal import console_for, finished

_COLOURS = {Outcome.MET: "green", Outcome.PARTLY: "yellow", Outcome.UNMET: "bold red", Outcome.UNKNOWN: "cyan"}
_MOST_READ = 5  # things that one reading found; the other formats have them all
_WIDEST = 5  # the highest level


def gaps_text(report: GapReport, look: Look) -> str:
    """The report; only its last line with `look.quiet`."""
    writer = _Writer(report, look)
    with writer.console.capture() as capture:
        if not look.quiet:
            writer.write()
        writer.line(Text(f"{printable(file_name(report), look.encoding)}: {summary(report)}", style="bold"))
    return finished(capture.get(), look)


class _Writer:
    """Writes one report on a console."""

    def __init__(self, report: GapReport, look: Look) -> None:
        self.console: Console = console_for(look)
        self._report = report
        self._look = look

    def write(self) -> None:
        """Everything but the last line."""
        report = self._report
        self._heading(TITLE)
        self._say(report.title, style="bold")
        self._say(f"{report.pack.about.name} at {report.assessment.phase}. {verdict_words(report)}", style="bold")
        self._say(capital(page_words(report.pages)) + ".")
        recommended = recommendations(report)
        if recommended:
            self._say(f"Reviewers recommend: {recommended}.")
        self.line(Text())
        self._table(self._gates())
        asked = other_questions(report)
        for name, question in asked.items():
            self._say(f"{question} [{name}]", "ask  ", "     ", "bold")
        if asked:
            self.line(Text())
        self._table(self._criteria())
        for reason in report.assessment.reasons:
            self._say(reason, "- ", "  ")
        for left_out in (found for found in report.panel.judgements if not found.counts):
            self._say(f"{left_out.reviewer} does not count: {left_out.why_not}", "- ", "  ", "yellow")
        if report.assessment.reasons or report.panel.judgements != report.panel.counting:
            self.line(Text())
        if report.panel.counting:
            self._people()
        for found in report.criteria:
            self._criterion(found)
        self._readings()
        self._made_from()

    # --- Tables ------------------------------------------------------------------------------------------------------

    def _gates(self) -> Table:
        table = _table("Gate", "Stands", "Why")
        for found in self._report.gates:
            state, detail = gate_why(found, self._report)
            table.add_row(found.result.gate.id, Text(state, _COLOURS.get(found.result.outcome, "")), self._text(detail))
        return table

    def _criteria(self) -> Table:
        table = _table("Criterion", "Level", "0 to 5", "Score")
        for found in self._report.criteria:
            name = self._text(f"{found.score.criterion.id} {found.score.criterion.name}")
            shown = level_words(found).removeprefix("machine ") if not found.levels else level_words(found)
            table.add_row(name, shown, self._bar(found), score_words(found))
        return table

    def _bar(self, found: CriterionGaps) -> str:
        """The level as a bar, in characters that the encoding has: what is reached, and what could be."""
        full, open_, empty = "█▒·" if _carries("█▒·", self._look.encoding) else "#+."
        low, high = found.score.level_low.level, found.score.level_high.level
        return full * 2 * low + open_ * 2 * (high - low) + empty * 2 * (_WIDEST - high)

    def _table(self, table: Table) -> None:
        self.console.print(table)
        self.line(Text())

    # --- Reviewers ---------------------------------------------------------------------------------------------------

    def _people(self) -> None:
        """Machine and people side by side, what they differ on first."""
        self._heading("Machine and reviewers")
        for found in sorted(self._report.criteria, key=lambda found: not found.differ):
            settled = "not settled" if found.agreed is None else f"settled on {found.agreed}"
            told = f"{'differ' if found.differ else 'agree':<8}{level_words(found)}; {settled}"
            self._say(told, f"{found.score.criterion.id}  ", "            ")
        judged = [item for found in self._report.criteria for entry in found.considerations for item in entry.judged]
        for item in (item for item in judged if item.differ):
            answers = "; ".join(f"{reviewer}: {answer.answer}" for reviewer, answer in item.answers)
            self._say(f"{item.finding.rule.id}: {answers}; settled: {item.finding.outcome}", "differ on ", "    ")
        self.line(Text())

    # --- Criteria ----------------------------------------------------------------------------------------------------

    def _criterion(self, found: CriterionGaps) -> None:
        criterion = found.score.criterion
        self._heading(f"{criterion.id} {criterion.title}")
        self._say(f"level {level(found.score)}, {score_words(found)} points", style="dim")
        for reviewer, judged in found.levels:
            self._say(f"{reviewer}, level {judged.level}: {judged.reasons or ''}", "  ", "    ")
        for item in found.considerations:
            self._consideration(item)
        self.line(Text())

    def _consideration(self, found: ConsiderationGaps) -> None:
        asked, outcome = found.score.consideration, found.score.outcome
        head = Text.assemble((asked.id, "bold"), " ", (str(outcome), _COLOURS.get(outcome, "")))
        self._wrap(head + Text(f": {printable(asked.asks, self._look.encoding)}"), "", "    ")
        answers, more = best_answers(self._report, found, 1)
        for answer, place in answers:
            others = f"; and {plural(more, 'more place')}" if more else ""
            rules = ", ".join(answer.rules)
            where = f"{place} [{rules}]{others}"
            self._say(f"“{answer.quote}” {where}", "  evidence  ", " " * 12)
        for gap in found.gaps:
            self._gap(gap)
        for judged in found.judged:
            question = str(judged.finding.rule.arguments["question"])
            told = f"{question} {answers_words(judged)} [{rule_words(judged.finding)}]"
            self._say(told, "  people    ", " " * 12, "cyan")
        if found.heard is not None and outcome in (Outcome.PARTLY, Outcome.UNMET):
            self._say(f"{capital(heard_words(found.heard))} [{SPOKEN_TO}]", "  words     ", " " * 12, "dim")
        if found.standing:
            self._say(question_words(found.standing), "  ask       ", " " * 12, "bold")

    def _gap(self, gap: Gap) -> None:
        told = f"{capital(missing_words(gap))}. {remedy_words(gap)} [{rule_words(gap.finding)}]"
        self._say(told, "  missing   ", " " * 12)

    # --- Beside the criteria -----------------------------------------------------------------------------------------

    def _readings(self) -> None:
        self._heading("Beside the criteria (found by reading words: low confidence)")
        report = self._report
        self._say(f"Figures and dates: {len(report.ledger)}; the other formats list each place")
        if report.differing:
            self._say(f"{READINGS[FIGURES_DIFFER][0]} [{FIGURES_DIFFER}]", style="bold")
        for found in report.differing:
            places = "; ".join(f"{quoted.remark}, {quoted.spot.words}" for quoted in found.places)
            self._say(f"{found.about}: {found.why}. {places}", "  - ", "    ")
        for name, quotes in readings(report).items():
            if quotes:
                self._say(f"{READINGS[name][0]} [{name}]", style="bold")
            for told in _first(quotes):
                self._say(told, "  - ", "    ")
        self.line(Text())

    def _made_from(self) -> None:
        self._heading("Made from these files alone, by their sha256")
        for name, digest in self._report.digests.items():
            self._say(name)
            self.line(Text(f"  {digest}", style="dim"))
        self.line(Text())

    # --- Lines -------------------------------------------------------------------------------------------------------

    def line(self, text: Text) -> None:
        """One line, whatever its length."""
        self.console.print(text, soft_wrap=True)

    def _heading(self, text: str) -> None:
        self.line(Text(f"--- {self._text(text)} ".ljust(self._look.width, "-")[: self._look.width], style="bold"))

    def _say(self, text: str, first: str = "", rest: str = "", style: str = "") -> None:
        self._wrap(Text(self._text(text), style=style), first, rest)

    def _wrap(self, text: Text, first: str, rest: str) -> None:
        lines = text.wrap(self.console, self._look.width - max(len(first), len(rest)))
        for index, line in enumerate(lines):
            line.rstrip()
            self.line(Text(first if index == 0 else rest) + line)

    def _text(self, text: str) -> str:
        return printable(text, self._look.encoding)


def _table(*names: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for name in names:
        table.add_column(name, no_wrap=name != "Why")
    return table


def _first(quotes: Sequence[Quoted]) -> Iterator[str]:
    groups = list(by_remark(quotes))
    for remark, shown, more in groups[:_MOST_READ]:
        places = "; ".join(f"“{found.text}” {found.spot.words}" for found in shown)
        others = f"; and {plural(more, 'more place')}" if more else ""
        yield f"{remark}: {places}{others}" if remark else places
    if len(groups) > _MOST_READ:
        yield f"and {len(groups) - _MOST_READ} more"


def _carries(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
