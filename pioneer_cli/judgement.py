"""What reviewers' files come to: who may judge, what they answered, where they differ, and what is agreed.

Answers to the questions for people turn what is unknown into met, partly or unmet; where reviewers differ, the range
stays open between the least and the most that one of them gave. Nothing here changes a level that a person gave.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from fractions import Fraction
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from pioneer_cli.assessment import Evidence, Finding, Outcome
from pioneer_cli.predicates import Shortfall
from pioneer_cli.prose import find_quote
from pioneer_cli.source import Source
from pioneer_cli.tree import BidPath

if TYPE_CHECKING:  # most reports have no reviews, and their models take time to make
    from pioneer_cli.review import Conflict, CriterionJudgement, JudgedQuestion, Review

SHARES: Mapping[str, Fraction] = {"met": Fraction(1), "partly": Fraction(1, 2), "unmet": Fraction(0)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reviewer's file beside the bid: what of bid and pack has changed since, and conflicts with its partners.

    `declared` is whether it says anything of conflicts, if only that there is none; what is almost a partner's name may
    be meant for it.
    """

    source: Source
    review: "Review"
    changed: tuple[str, ...]
    in_conflict_with: tuple[str, ...]
    declared: bool = True
    perhaps_in_conflict_with: tuple[str, ...] = ()

    @property
    def reviewer(self) -> str:
        """Who judges."""
        return self.review.reviewer

    @property
    def counts(self) -> bool:
        """Whether it bears on the outcome: it is of this bid and this pack, and its reviewer has no conflict."""
        return not self.why_not

    @property
    def why_not(self) -> str:
        """Why it does not count, in words; empty where it does."""
        reasons = [f"{what} has changed since" for what in self.changed]
        reasons += [f"its reviewer has a conflict of interest with {name}" for name in self.in_conflict_with]
        reasons += [f"it declares a conflict that may be with {name}" for name in self.perhaps_in_conflict_with]
        reasons += [] if self.declared else ["its conflicts of interest are not declared"]
        return "; ".join(reasons)

    def of_criterion(self, code: str) -> "CriterionJudgement | None":
        """What the file says of a criterion, if a level is given."""
        return next(
            (found for found in self.review.criteria if found.criterion == code and found.level is not None), None
        )

    def of_question(self, rule: str) -> "JudgedQuestion | None":
        """The answer to a question, if there is one."""
        return next((found for found in self.review.questions if found.question == rule and found.answer), None)


def judgement(source: Source, review: "Review", bid_sha256: str, pack_sha256: str, bid: Mapping[str, Any]) -> Judgement:
    """A review beside the bid's plain data and the digests of the bid and the pack as they are now."""
    changed = []
    if review.bid.sha256 != bid_sha256:
        changed.append("the bid")
    if review.pack.sha256 != pack_sha256:
        changed.append("the criteria pack")
    perhaps = tuple(name for found in review.conflicts if (name := almost_a_partner(found, bid)))
    in_conflict, declared = conflicting_partners(review, bid), declares_conflicts(source)
    return Judgement(source, review, tuple(changed), in_conflict, declared, perhaps)


def declares_conflicts(source: Source) -> bool:
    """Whether a reviewer's file says something of conflicts, if only that there is none: an empty key says nothing."""
    return isinstance(source.content, dict) and source.content.get("conflicts") is not None


def conflicting_partners(review: "Review", bid: Mapping[str, Any]) -> tuple[str, ...]:
    """The partners of a bid that a reviewer declares a conflict with, by id or by name, as the bid calls them."""
    declared = {_folded(conflict.organisation) for conflict in review.conflicts}
    names = ((partner["organisation"], {partner["id"], partner["organisation"]}) for partner in bid["partners"])
    return tuple(name for name, known in names if declared & set(map(_folded, known)))


_ALIKE = 0.85  # from here on a declared organisation may be a partner misspelt


def almost_a_partner(conflict: "Conflict", bid: Mapping[str, Any]) -> str:
    """The partner whose id or name a declared organisation almost bears; empty where there is none, or not meant."""
    names = {_folded(name): name for partner in bid["partners"] for name in (partner["id"], partner["organisation"])}
    declared = _folded(conflict.organisation)
    if conflict.partner is False or declared in names:
        return ""
    close = get_close_matches(declared, names, n=1, cutoff=_ALIKE)
    return str(names[close[0]]) if close else ""


def _folded(name: str) -> str:
    """The letters and figures of a name alone, so that no mark, blank or form of a letter hides a conflict."""
    return "".join(filter(str.isalnum, normalize("NFKC", name).casefold()))


@dataclass(frozen=True, slots=True)
class AgreedLevel:
    """The level that the panel settled on for a criterion, and whose judgements it rests on."""

    level: int
    judgements: "tuple[tuple[str, CriterionJudgement], ...]"


@dataclass(frozen=True, slots=True)
class Panel:
    """All judgements of one bid, in the order of their reviewers, and the texts that they may quote."""

    judgements: tuple[Judgement, ...]
    texts: Sequence[tuple[BidPath, str]] = ()

    @property
    def counting(self) -> tuple[Judgement, ...]:
        """Those that bear on the outcome."""
        return tuple(found for found in self.judgements if found.counts)

    def levels(self, code: str) -> "tuple[tuple[Judgement, CriterionJudgement], ...]":
        """The levels given to a criterion, by all whose judgement counts."""
        given = ((found, found.of_criterion(code)) for found in self.counting)
        return tuple((found, level) for found, level in given if level is not None)

    def answers(self, rule: str) -> "tuple[tuple[Judgement, JudgedQuestion], ...]":
        """The answers to a question, by all whose judgement counts."""
        given = ((found, found.of_question(rule)) for found in self.counting)
        return tuple((found, answer) for found, answer in given if answer is not None)

    def agreed_level(self, code: str) -> AgreedLevel | None:
        """The level of the agreed file, else the one that all give alike; None where they differ or none is given."""
        given = _agreed_or_all(self.levels(code))
        levels = {found.level for _, found in given if found.level is not None}
        if len(levels) != 1:
            return None
        return AgreedLevel(levels.pop(), tuple((reviewer.reviewer, found) for reviewer, found in given))

    def differ_on_level(self, code: str) -> bool:
        """Whether those whose judgement counts give a criterion different levels."""
        return len({found.level for _, found in self.levels(code)}) > 1

    def differ_on_answer(self, rule: str) -> bool:
        """Whether they answer a question differently."""
        return len({found.answer for _, found in self.answers(rule)}) > 1

    def settled(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """The findings with the answers of people in the place of what a machine could not know."""
        return tuple(self._answered(found) if found.rule.is_judged else found for found in findings)

    def _answered(self, finding: Finding) -> Finding:
        given = _agreed_or_all(self.answers(finding.rule.id))
        shares = [SHARES[found.answer] for _, found in given if found.answer is not None]
        if not shares:
            return finding
        low, high = min(shares), max(shares)
        return replace(
            finding,
            low=low,
            high=high,
            outcome=Outcome.of(low, high),
            evidence=tuple(_quoted((found for _, found in given), self.texts)) if low > 0 else (),
            shortfalls=tuple(
                Shortfall((finding.criterion.section,), f"{reviewer.reviewer}: {found.reason or found.answer}")
                for reviewer, found in given
                if found.answer != "met"
            ),
        )


def _agreed_or_all(given: Sequence[tuple[Judgement, Any]]) -> Sequence[tuple[Judgement, Any]]:
    """What the agreed file says, or what all say where it says nothing or there is none."""
    return [found for found in given if found[0].review.agreed] or given


def _quoted(answers: "Iterable[JudgedQuestion]", texts: Sequence[tuple[BidPath, str]]) -> Iterable[Evidence]:
    for answer in answers:
        for quote in answer.quotes:
            found = find_quote(texts, quote)
            if found is not None:
                yield Evidence(found[0], " ".join(quote.split()))
