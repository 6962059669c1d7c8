"""One bid by several packs, all gains, the arithmetic; and the commands that list rules and packs."""

import json
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from small_pack import RULES, write_small_pack
from test_packs import EXAMPLES, LONGEST_LINE
from test_reports import SCHEMA

from pioneer_cli import judge
from pioneer_cli.assessment import EFFORTS
from pioneer_cli.bid import PHASES
from pioneer_cli.cli import run
from pioneer_cli.load_pack import load_pack
from pioneer_cli.shipped import shipped_names

ROOT = Path(__file__).resolve().parent.parent
BID = """\
call: pioneers-2013
title: One team
area: {name: Ourshire}
submission_date: 2013-06-28
partners:
  - {id: council, organisation: The council, kind: council, support: agreed}
health_and_wellbeing_boards: [{name: The board, support: agreed}]
vision:
  statement: One team for each person
  outcomes:
    - {outcome: People stay at home, measure: Days at home}
    - {outcome: Carers have breaks}
evidence:
  evaluation: A university measures it all
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a bid and two packs: `small`, and `other`, of which some rules look at other fields."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    judge._pack.cache_clear()  # another test's packs may have had these names
    (tmp_path / "bid.yaml").write_text(BID, encoding="utf-8")
    write_small_pack(tmp_path / "small")
    write_small_pack(tmp_path / "other")
    edit(tmp_path / "other" / "pack.yaml", ("name: small", "name: other"))
    edit(tmp_path / "other" / "c1.yaml", ("path: whole_system.prevention", "path: vision.statement"))
    edit(tmp_path / "other" / "c2.yaml", ("path: evidence.evaluation", "path: sharing.statement"))
    return tmp_path


def edit(file: Path, *changes: tuple[str, str]) -> None:
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


class Program:
    """Runs command lines and keeps what came of the last."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys
        self.out = self.err = ""

    def __call__(self, *arguments: str) -> int:
        code = run(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return code

    def json(self, *arguments: str) -> Any:
        self(*arguments)
        return json.loads(self.out)


@pytest.fixture
def program(desk: Path, capsys: pytest.CaptureFixture[str]) -> Program:
    return Program(capsys)


BOTH = ("--pack", "small", "--pack", "other")
VERDICTS = ["small: sift-in", "other: later-cohort"]

# --- One bid by several packs ----------------------------------------------------------------------------------------


def test_each_pack_has_its_report_in_the_order_asked_for(program: Program) -> None:
    assert program("check", "bid.yaml", *BOTH, "-q") == 0
    assert re.findall(r"^bid.yaml against ([\w-]+: [\w-]+)", program.out, re.MULTILINE) == VERDICTS
    assert program("check", "bid.yaml", "--pack", "other", "--pack", "small", "-q") == 0
    assert re.findall(r"^bid.yaml against ([\w-]+: [\w-]+)", program.out, re.MULTILINE) == VERDICTS[::-1]


def test_each_report_is_the_one_that_its_pack_alone_gives(program: Program) -> None:
    both = program.json("check", "bid.yaml", *BOTH, "--format", "json")["bids"]
    alone = [program.json("check", "bid.yaml", "--pack", name, "--format", "json")["bids"][0] for name in BOTH[1::2]]
    assert [bid["pack"] for bid in both] == ["small", "other"]
    assert both[0] == alone[0]
    assert both[1] == {**alone[1], "shared": both[1]["shared"]}
    assert alone[1]["shared"] == []


def test_the_json_of_several_packs_keeps_to_the_schema(program: Program) -> None:
    found = program.json("check", "bid.yaml", *BOTH, "--pack", "pioneers-2013", "--format", "json")
    Draft202012Validator(SCHEMA).validate(found)
    assert [bid["pack"] for bid in found["bids"]] == ["small", "other", "pioneers-2013"]
    assert [bool(bid["shared"]) for bid in found["bids"]] == [False, False, True]


def test_the_commands_for_github_are_those_of_each_pack(program: Program) -> None:
    alone = []
    for name in BOTH[1::2]:
        program("check", "bid.yaml", "--pack", name, "--format", "github")
        alone.append(program.out)
    assert program("check", "bid.yaml", *BOTH, "--format", "github") == 0
    assert program.out == "".join(alone)
    assert all(line.startswith("::") for line in program.out.splitlines())
    assert program.out.count("submission verdict against small::") == 1
    assert program.out.count("submission verdict against other::") == 1


def test_the_same_pack_twice_counts_once(program: Program) -> None:
    program("check", "bid.yaml", "--pack", "small")
    once = program.out
    assert program("check", "bid.yaml", "--pack", "small", "--pack", "small") == 0
    assert program.out == once
    assert "What serves more than one pack" not in once


def test_the_exit_code_is_the_highest_and_every_report_is_there(program: Program, desk: Path) -> None:
    edit(desk / "other" / "pack.yaml", ("{date: 2013-06-28}", "{date: 2013-06-27}"))
    for packs in (BOTH, ("--pack", "other", "--pack", "small")):
        assert program("check", "bid.yaml", *packs, "-q") == 1
        assert len(program.out.splitlines()) == 2
    edit(desk / "small" / "c1.yaml", ("predicate: words", "predicate: wrods"))
    judge._pack.cache_clear()
    for packs in (BOTH, ("--pack", "other", "--pack", "small")):
        assert program("check", "bid.yaml", *packs) == 2
        assert 'small/c1.yaml:20:20 error unknown-predicate\n  unknown predicate "wrods"' in program.out
        assert "bid.yaml: cannot be judged: 1 error\n" in program.out
        assert "bid.yaml against other: later-cohort" in program.out
        assert "What serves more than one pack" not in program.out


def test_a_pack_that_is_not_there_is_a_problem_of_the_set_up(program: Program) -> None:
    assert program("check", "bid.yaml", "--pack", "small", "--pack", "pioneers") == 2
    assert program.out == ""
    assert program.err.startswith("pioneer: there is no criteria pack called pioneers\n  did you mean pioneers-2013")


def test_a_bid_that_is_none_is_told_once(program: Program, desk: Path) -> None:
    (desk / "bid.yaml").write_text("call: x\n", encoding="utf-8")
    assert program("check", "bid.yaml", *BOTH, "-q") == 2
    assert program.out == (
        "bid.yaml:1:1 error missing-key: `area` is missing\nand 1 more error\nbid.yaml: cannot be judged: 2 errors\n"
    )


# --- What serves more than one pack ----------------------------------------------------------------------------------


def test_what_is_shared_are_the_fields_that_rules_of_both_packs_rest_on(program: Program) -> None:
    shared = program.json("check", "bid.yaml", *BOTH, "--format", "json")["bids"][-1]["shared"]
    assert shared == [
        {"field": "vision.statement",
         "rules": {"small": ["vision-is-stated"], "other": ["vision-is-stated", "prevention-is-described"]}},
        {"field": "vision.outcomes[].measure",
         "rules": {"small": ["outcomes-have-measures"], "other": ["outcomes-have-measures"]}},
    ]  # fmt: skip  # evidence.evaluation serves `small` alone, and nothing is said at sharing.statement


def test_what_is_shared_stands_before_the_verdict_of_the_last(program: Program) -> None:
    assert program("check", "bid.yaml", *BOTH) == 0
    assert program.out.count("What serves more than one pack") == 1
    _, told = program.out.split("What serves more than one pack\n")
    body, _, verdict = told.partition("\n\n")
    assert body.splitlines() == [
        "  vision.statement: small (1 rule), other (2 rules)",
        "  vision.outcomes[].measure: small (1 rule), other (1 rule)",
    ]
    assert verdict.startswith("bid.yaml against other: later-cohort")


def test_what_is_not_met_serves_nothing(program: Program, desk: Path) -> None:
    edit(desk / "bid.yaml", ("statement: One team for each person", "statement: TBC"), (", measure: Days at home", ""))
    assert program.json("check", "bid.yaml", *BOTH, "--format", "json")["bids"][-1]["shared"] == []
    program("check", "bid.yaml", *BOTH)
    assert "What serves more than one pack" not in program.out


# --- All gains -------------------------------------------------------------------------------------------------------

GAIN = re.compile(r"^  \+(\d+\.\d)  ([\w-]+) \((low|medium|high) effort\):", re.MULTILINE)


def gains(text: str) -> list[tuple[str, str, str]]:
    """The gains as (points, rule, effort), in the order printed."""
    (told,) = re.findall(r"^What would gain most for its effort\n(.*?)\n\n", text, re.MULTILINE | re.DOTALL)
    return GAIN.findall(told)


def north_lincolnshire(*options: str) -> tuple[str, ...]:
    return ("check", (ROOT / "bids" / "north-lincolnshire.yaml").as_posix(), "--no-pages", *options)


def test_all_gains_are_every_gap_that_gains_by_gain_for_effort(program: Program) -> None:
    program(*north_lincolnshire("--gains"))
    told = gains(program.out)
    (bid,) = program.json(*north_lincolnshire("--format", "json"))["bids"]
    findings = {found["rule"]: found for found in bid["assessment"]["findings"]}
    gaps = {rule for rule, found in findings.items() if found["severity"] and found["gain"] > 0}
    assert len(told) == len(gaps) >= 40
    assert {rule for _, rule, _ in told} == gaps
    for points, rule, effort in told:
        assert abs(float(points) - findings[rule]["gain"]) < 0.0501
        assert effort == findings[rule]["effort"]
    worth = [findings[rule]["gain"] / EFFORTS[findings[rule]["effort"]] for _, rule, _ in told]
    assert all(more >= less - 0.0001 for more, less in pairwise(worth))


def test_without_asking_the_best_three_are_told(program: Program) -> None:
    program(*north_lincolnshire("--gains"))
    every = gains(program.out)
    program(*north_lincolnshire())
    assert gains(program.out) == every[:3]


# --- The arithmetic --------------------------------------------------------------------------------------------------

SHARES, POINTS = Fraction(1, 1000), Fraction(1, 100)  # how far numbers printed to four decimals can lead astray


def sums(text: str) -> list[str]:
    """The lines of the arithmetic, those that were broken put together again."""
    told = text.split("The arithmetic\n")[1].split("\n\n")[0]
    return [line.strip() for line in re.sub(r"\n      +(?=\S)", " ", told).splitlines()]


def bounds(printed: str) -> tuple[Fraction, Fraction]:
    low, _, high = printed.partition("–")
    return Fraction(low), Fraction(high or low)


def close(found: Sequence[Fraction], printed: str, within: Fraction) -> bool:
    """Whether two bounds are those printed: exactly, where nothing was rounded."""
    return all(abs(mine - theirs) <= within for mine, theirs in zip(found, bounds(printed), strict=True))


def each(pairs: Sequence[tuple[Fraction, Fraction]], weights: Sequence[int]) -> tuple[Fraction, Fraction]:
    """The sum of bounds, each times its weight."""
    low, high = (sum((pair[i] * w for pair, w in zip(pairs, weights, strict=True)), Fraction(0)) for i in (0, 1))
    return low, high


def considerations(lines: Sequence[str]) -> Iterator[tuple[str, list[tuple[str, int, str]], int, str]]:
    """Each consideration with its rules as (rule, points, share), all their points, and what came of it."""
    for line in lines:
        found = re.fullmatch(r"(C\d+[a-z]) = \((.*)\) / (\d+) = (\S+)", line)
        if found:
            code, inside, total, result = found.groups()
            rules = re.findall(r"([\w-]+) (\d+) × (\S+)(?: \+ |$)", inside)
            assert " + ".join(f"{rule} {points} × {share}" for rule, points, share in rules) == inside
            yield code, [(rule, int(points), share) for rule, points, share in rules], int(total), result


@pytest.mark.parametrize("width", ["80", "120"])
@pytest.mark.parametrize("pack", ["pioneers-2013", "integration-characteristics-2016", "integration-statement"])
@pytest.mark.parametrize("bid", ["exemplar", "north-lincolnshire"])
def test_every_sum_can_be_done_again_from_what_is_printed(
    program: Program, monkeypatch: pytest.MonkeyPatch, bid: str, pack: str, width: str
) -> None:
    monkeypatch.setenv("COLUMNS", width)
    file = (ROOT / "bids" / f"{bid}.yaml").as_posix()
    program("check", file, "--no-pages", "--pack", pack, "--show-arithmetic")
    lines = sums(program.out)
    (judged,) = program.json("check", file, "--no-pages", "--pack", pack, "--format", "json")["bids"]
    assessment = judged["assessment"]
    findings = {found["rule"]: found for found in assessment["findings"]}

    results: dict[str, str] = {}
    seen = []
    for code, rules, total, result in considerations(lines):
        assert total == sum(points for _, points, _ in rules)
        earned = each([bounds(share) for _, _, share in rules], [points for _, points, _ in rules])
        assert close([bound / total for bound in earned], result, SHARES)
        for rule, points, share in rules:
            assert findings[rule]["points"] == points
            assert findings[rule]["outcome"] != "not-applicable"
            assert close([Fraction(str(findings[rule]["share"][end])) for end in ("low", "high")], share, SHARES)
        seen += [rule for rule, _, _ in rules]
        results[code] = result
    assert len(results) >= 10
    assert seen == [rule for rule, found in findings.items() if found["outcome"] != "not-applicable"]

    criteria: dict[str, str] = {}
    for line in lines:
        found = re.fullmatch(r"(C\d+) = \((.*)\) / (\d+) × (\S+) = (\S+)", line)
        if found:
            code, inside, count, weight, result = found.groups()
            groups = [re.findall(r"(C\d+[a-z]) (\S+?)(?:,|$)", group) for group in inside.split(" + ")]
            assert len(groups) == int(count)
            assert [part for group in groups for part in group] == [
                (name, results[name]) for name in results if re.fullmatch(code + "[a-z]", name)
            ]
            best = [tuple(max(bounds(share)[i] for _, share in group) for i in (0, 1)) for group in groups]
            mean = each([(low, high) for low, high in best], [1] * len(best))
            assert close([bound / len(groups) * Fraction(weight) for bound in mean], result, POINTS)
            criteria[code] = result
    assert [(found["criterion"], found["maximum"]) for found in assessment["criteria"]] == [
        (code, float(re.search(rf"^{code} = .* × (\S+) = ", "\n".join(lines), re.MULTILINE)[1])) for code in criteria
    ]  # type: ignore[index]

    whole, equal = lines[-3], lines[-1]
    assert whole.startswith(" + ".join(criteria.values()) + " = ")
    total_printed = re.fullmatch(r".* = (\S+) of 100", whole)[1]  # type: ignore[index]
    assert close(each([bounds(result) for result in criteria.values()], [1] * len(criteria)), total_printed, POINTS)
    score = [Fraction(str(assessment["score"][end])) for end in ("low", "high")]
    assert close(score, total_printed, POINTS)
    inside, count, printed = re.fullmatch(r"\((.*)\) / (\d+) × 100 = (\S+) of 100", equal).groups()  # type: ignore[union-attr]
    assert int(count) == len(criteria)
    shares = each([bounds(share) for share in inside.split(" + ")], [1] * len(criteria))
    assert close([bound / len(criteria) * 100 for bound in shares], printed, POINTS)
    same = [Fraction(str(assessment["score_with_equal_weights"][end])) for end in ("low", "high")]
    assert close(same, printed, POINTS)


def test_where_nothing_is_rounded_the_sums_are_exact(program: Program) -> None:
    """The small pack by hand: C1 weighs 60 and C2 40 of 100; no rule of C2a but the judged one applies."""
    assert program("check", "bid.yaml", "--pack", "small", "--show-arithmetic", "--no-pages") == 0
    assert sums(program.out) == [
        "C1 vision",
        "C1a = (vision-is-stated 3 × 1 + outcomes-have-measures 1 × 1/2) / 4 = 7/8",
        "C1b = (prevention-is-described 2 × 0) / 2 = 0",
        "C1c = (care-is-personal 2 × 0) / 2 = 0",
        "C1 = (C1a 7/8 + the best of C1b 0, C1c 0) / 2 × 60 = 26.25",
        "C2 delivery",
        "C2a = (it-is-credible 1 × 0) / 1 = 0",
        "C2b = (evaluation-is-promised 4 × 1) / 4 = 1",
        "C2 = (C2a 0 + C2b 1) / 2 × 40 = 20",
        "Criteria together, by the weights of the pack, which are house weights",
        "26.25 + 20 = 46.25 of 100",
        "Criteria together, by equal weights",
        "(7/16 + 1/2) / 2 × 100 = 46.875 of 100",
    ]


def test_without_asking_no_sums_are_printed(program: Program) -> None:
    program("check", "bid.yaml", "--pack", "small")
    assert "The arithmetic" not in program.out


# --- `pioneer rules` -------------------------------------------------------------------------------------------------

KEYS = {
    "id", "criterion", "consideration", "claim", "why", "authority", "path", "predicate", "with", "points",
    "confidence", "remedy", "effort", "support", "severity",
}  # fmt: skip


@pytest.mark.parametrize("name", shipped_names("criteria"))
def test_the_rules_in_json_are_all_of_them_with_all_that_is_said(program: Program, name: str) -> None:
    pack = load_pack(name).pack
    assert pack is not None
    found = program.json("rules", "--pack", name, "--json")
    assert program.out.isascii()  # so that no encoding can break it
    assert (found["version"], found["pack"]) == (1, name)
    assert [(rule["criterion"], rule["consideration"], rule["id"]) for rule in found["rules"]] == [
        (criterion.id, consideration.id, rule.id) for criterion, consideration, rule in pack.rules()
    ]
    for told, (_, consideration, rule) in zip(found["rules"], pack.rules(), strict=True):
        assert set(told) == KEYS
        assert (told["claim"], told["why"], told["remedy"]) == (rule.claim, rule.why, rule.remedy)
        assert told["with"] == rule.arguments
        if rule.is_judged:
            assert told["severity"] is None
        else:
            assert told["severity"] == {phase: str(pack.severity(consideration, rule, phase)) for phase in PHASES}


@pytest.mark.parametrize("name", shipped_names("criteria"))
def test_the_rules_as_text_are_all_of_them_within_80_columns(program: Program, name: str) -> None:
    pack = load_pack(name).pack
    assert pack is not None
    assert program("rules", "--pack", name) == 0
    assert re.findall(r"^    ([a-z][\w-]+) \(\d+ points?, ", program.out, re.MULTILINE) == [
        rule.id for _, _, rule in pack.rules()
    ]
    assert re.findall(r"^(C\d+) ", program.out, re.MULTILINE) == [criterion.id for criterion in pack.criteria]
    assert re.findall(r"^  (C\d+[a-z]) ", program.out, re.MULTILINE) == [
        consideration.id for criterion in pack.criteria for consideration in criterion.considerations
    ]
    assert max(map(len, program.out.splitlines())) <= 80 < LONGEST_LINE
    flat = " ".join(program.out.split())
    assert flat.count(", for people to judge)") == sum(rule.is_judged for _, _, rule in pack.rules())
    assert flat.count(", low confidence)") == sum(rule.confidence == "low" for _, _, rule in pack.rules())


@pytest.mark.parametrize(
    ("code", "headings", "rules"),
    [
        ("C1", ["C1", "C1a", "C1b", "C1c"], RULES[:4]),
        ("c2", ["C2", "C2a", "C2b"], RULES[4:]),
        ("C1b", ["C1", "C1b"], ["prevention-is-described"]),
        ("c2A", ["C2", "C2a"], ["lead-of-a-joint-bid-is-named", "it-is-credible"]),
    ],
)
def test_the_rules_of_a_criterion_or_a_consideration(
    program: Program, code: str, headings: list[str], rules: Sequence[str]
) -> None:
    assert program("rules", "--pack", "small", "--criterion", code) == 0
    assert re.findall(r"^ {0,2}(C\d[a-z]?) ", program.out, re.MULTILINE) == headings
    assert re.findall(r"^    ([a-z][\w-]+) \(", program.out, re.MULTILINE) == list(rules)
    found = program.json("rules", "--pack", "small", "--criterion", code, "--json")
    assert [rule["id"] for rule in found["rules"]] == list(rules)


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("C9", "criteria: C1, C2"),
        ("C1z", "considerations of C1: C1a, C1b, C1c"),
        ("c29", "considerations of C2: C2a, C2b"),
        ("vision-is-stated", "criteria: C1, C2"),
        ("", "criteria: C1, C2"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_criterion_that_the_pack_has_not(program: Program, code: str, hint: str, options: tuple[str, ...]) -> None:
    assert program("rules", "--pack", "small", "--criterion", code, *options) == 2
    assert program.out == ""
    assert program.err == f"pioneer: small has no criterion or consideration called {code}\n  {hint}\n"


# --- `pioneer pack` --------------------------------------------------------------------------------------------------


def test_the_list_names_every_pack_that_ships_with_its_rules_and_its_title(program: Program) -> None:
    assert program("pack", "list") == 0
    entries = re.findall(r"^(\S+) \((\d+) rules\)\n((?:  .*\n)+)", program.out, re.MULTILINE)
    assert "".join(f"{name} ({count} rules)\n{title}" for name, count, title in entries) == program.out
    assert [name for name, _, _ in entries] == shipped_names("criteria")
    for name, count, title in entries:
        pack = load_pack(name).pack
        assert pack is not None
        assert int(count) == sum(1 for _ in pack.rules())
        assert " ".join(title.split()) == pack.about.title
    assert max(map(len, program.out.splitlines())) <= 80


@pytest.mark.parametrize("name", [*shipped_names("criteria"), "small"])
def test_what_a_pack_holds(program: Program, name: str) -> None:
    pack = load_pack(name).pack
    assert pack is not None
    assert program("pack", "show", name) == 0
    lines = program.out.splitlines()
    assert max(map(len, lines)) <= 80
    flat = " ".join(program.out.split())
    assert flat.startswith(f"{pack.about.name}: {pack.about.title} ")
    assert f"Weights: {pack.about.weights} " in flat
    assert re.findall(r"^- ([a-z][\w-]+) \(", program.out, re.MULTILINE) == [gate.id for gate in pack.about.gates]
    counts = re.findall(
        r"^- (C\d+) .*\n(?:  .*\n)*?  weight (\d+) of (\d+); (\d+) considerations?, (\d+) rules?(?:, (\d+) for)?",
        program.out,
        re.MULTILINE,
    )
    assert [(code, int(weight), int(total), int(asked), int(rules), int(judged or 0))
            for code, weight, total, asked, rules, judged in counts] == [
        (
            criterion.id,
            criterion.weight,
            sum(each.weight for each in pack.criteria),
            len(criterion.considerations),
            sum(1 for _ in criterion.rules()),
            sum(rule.is_judged for _, rule in criterion.rules()),
        )
        for criterion in pack.criteria
    ]  # fmt: skip
    limit = "no limit is set" if pack.about.page_limit is None else f"at most {pack.about.page_limit}"
    assert f"Pages: {limit}" in lines


def test_the_examples_of_a_pack_are_run(program: Program, desk: Path) -> None:
    (desk / "small" / "examples.yaml").write_text(EXAMPLES, encoding="utf-8")
    assert program("pack", "test", "small") == 0
    assert (program.out, program.err) == ("small: 7 rules, 12 examples, 0 faults\n", "")
    edit(desk / "small" / "examples.yaml", ("{evaluation: n/a}", "{evaluation: We will}"))
    assert program("pack", "test", "small") == 1
    assert program.out == "small: 7 rules, 12 examples, 1 fault\n"
    assert program.err == "evaluation-is-promised: its unmet example 1 is met\n"


def test_examples_that_are_not_there_or_broken_end_with_2(program: Program, desk: Path) -> None:
    assert program("pack", "test", "small") == 2
    assert program.err == (
        "pioneer: the pack has no file small/examples.yaml\n"
        "  write there what meets each rule and what does not; `pioneer pack test` runs it\n"
    )
    (desk / "small" / "examples.yaml").write_text(EXAMPLES + "x: {met: [{}], unmet: []}\n", encoding="utf-8")
    assert program("pack", "test", "small") == 2
    assert program.out == ""
    assert program.err.splitlines() == [
        'small/examples.yaml:19:1 error unknown-id: the pack has no rule "x"',
        "small/examples.yaml:19:16 error empty-value: this must not be empty; "
        "write something here or delete the key",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "arguments", [("pack", "show", "small"), ("pack", "test", "small"), ("rules", "--pack", "small")]
)
def test_a_broken_pack_ends_with_2_and_every_fault_with_its_place(
    program: Program, desk: Path, arguments: tuple[str, ...]
) -> None:
    edit(desk / "small" / "c1.yaml", ("predicate: words", "predicate: wrods"))
    edit(desk / "small" / "pack.yaml", ("page-limit: 10", "page-limit: ten"))
    edit(desk / "small" / "c2.yaml", ("points: 9", "points: 900"))
    assert program(*arguments) == 2
    assert program.out == ""
    assert program.err == (
        "small/pack.yaml:8:13 error wrong-value: this must be a whole number, not a text; "
        "write it without quotes, such as 12\n"
    )
    edit(desk / "small" / "pack.yaml", ("page-limit: ten", "page-limit: 10"))
    assert program(*arguments) == 2
    assert program.err.splitlines() == [
        'small/c1.yaml:20:20 error unknown-predicate: unknown predicate "wrods"; did you mean `words`?',
        "small/c2.yaml:22:17 error out-of-range: 900 is out of range; it must be at most 100",
    ]


@pytest.mark.parametrize("command", [("pack", "show"), ("pack", "test"), ("rules", "--pack")])
def test_a_pack_that_does_not_exist(program: Program, command: tuple[str, ...]) -> None:
    assert program(*command, "nowhere") == 2
    assert program.out == ""
    assert program.err.startswith("pioneer: there is no criteria pack called nowhere\n  packs: integration-")


def test_one_pack_named_in_two_ways_is_refused(program: Program) -> None:
    assert program("check", "bid.yaml", "--pack", "small", "--pack", "./small") == 2
    assert "two of the packs are called small" in program.err
    assert program.out == ""
