"""Every rule of the shipped pack is held to its claim: none can be taken away or turned round unseen."""

from collections.abc import Mapping

import invert_rules
import pytest
from invert_rules import Tally, change_each, tallies_of, turned_round, without

from pioneer_cli.load_pack import load_examples, load_pack
from pioneer_cli.pack import Examples, Pack
from pioneer_cli.predicates import Facts, run


def the_pack() -> tuple[Pack, Mapping[str, Examples]]:
    pack = load_pack("pioneers-2013").pack
    assert pack is not None
    return pack, load_examples("pioneers-2013", pack)


def test_no_rule_can_be_removed_or_inverted_unseen() -> None:
    pack, examples = the_pack()
    removed, inverted = tallies_of("pioneers-2013")
    rules = [rule for _, _, rule in pack.rules()]
    print(removed, inverted, sep="\n")
    assert removed.made == inverted.made == len(rules) > 50
    assert (removed.unnoticed, inverted.unnoticed) == ([], [])
    assert removed.noticed["docs"] == len(rules)
    judged = sum(rule.is_judged for rule in rules)
    assert removed.noticed["examples"] == inverted.noticed["met examples"] == len(rules) - judged == len(examples)


def test_a_rule_that_nothing_holds_to_its_claim_is_named() -> None:
    pack, examples = the_pack()
    names = [rule.id for _, _, rule in pack.rules() if not rule.is_judged][:2]
    small = replaced(pack, names)
    whole, bare = (
        change_each(small, examples, lambda _: ""),
        change_each(small, {names[0]: examples[names[0]]}, lambda _: ""),
    )
    assert [tally.unnoticed for tally in whole] == [[], []]
    assert bare[0].unnoticed == [names[1]]
    assert set(bare[1].unnoticed) <= {names[1]}  # a rule without examples may still be seen to meet an empty bid


def replaced(pack: Pack, names: list[str]) -> Pack:
    """The pack with these rules alone."""
    for _, _, rule in list(pack.rules()):
        if rule.id not in names:
            pack = without(pack, rule)
    return pack


def test_what_is_turned_round_is_met_where_it_was_not() -> None:
    pack, _ = the_pack()
    (criterion, _, rule), *_ = pack.rules()
    test = pack.tests[rule.id]
    for bid in ({}, {criterion.section: {"statement": "word " * 50}}):
        check, other = run(test, Facts(bid)), run(turned_round(test), Facts(bid))
        assert (other.low, other.high) == (1 - check.high, 1 - check.low)
        assert run(turned_round(turned_round(test)), Facts(bid)) == check


def test_the_script_says_what_it_found(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    whole, lacking, empty = Tally("removed", 2), Tally("inverted", 2, unnoticed=["a-rule"]), Tally("removed")
    for tallies, code in (((whole, whole), 0), ((whole, lacking), 1), ((empty, empty), 1)):
        monkeypatch.setattr(invert_rules, "tallies_of", lambda name, found=tallies: found)
        assert invert_rules.main([]) == code
    assert "2 rules inverted, 1 noticed ()\n  unnoticed: a-rule\n" in capsys.readouterr().out
