"""Filling in a template: each text of the bid is escaped and knows its place; templates are strict and boxed in."""

import json
import re
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2.sandbox import SandboxedEnvironment
from made_bids import HOSTILE, PROSE, ROOT, Tree, empty_bid, full_bid, repo_bid, tree_of

from pioneer_cli import template
from pioneer_cli.errors import PioneerError
from pioneer_cli.quantities import parse_when
from pioneer_cli.shipped import shipped_names
from pioneer_cli.template import (
    MOST_FILLED_IN,
    by_rating,
    fill_in,
    heading_case,
    prose,
    sentence,
    short_name,
    with_paths,
    words,
)
from pioneer_cli.template_folder import TemplateFolder, find_template

TEMPLATES = sorted((ROOT / "templates").glob("*/*.jinja"))
EOI = (ROOT / "templates" / "eoi" / "bid.xml.jinja").read_text(encoding="utf-8")
FILTERS = {
    "plain", "prose", "words", "heading", "sentence", "pounds", "figure", "date", "short", "by_rating", "timeline",
    "funding_chart",
}  # fmt: skip


def printed(main: str, bid: Tree | None = None, *, ours: bool = False, **others: str) -> str:
    """What a template of the test's own prints, and others that it may include."""
    files = {"bid.xml.jinja": main, **{f"{name}.jinja": text for name, text in others.items()}}
    folder = TemplateFolder("own", ours, {name: text.encode("utf-8") for name, text in files.items()})
    return fill_in(bid or empty_bid(), folder)


# --- Every text is escaped and knows its place -----------------------------------------------------------------------


def titled(title: str) -> Tree:
    return {**empty_bid(), "title": title}


@pytest.mark.parametrize(
    ("main", "shown"),
    [
        ("{{ bid.title }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        ("{{ bid.title | prose }}", '<prose p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</prose>'),
        ("{{ bid.title | sentence }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;.</t>'),
        ("{{ bid.title | plain }}", "A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;"),
        ("{{ bid.title | upper }}", "A &lt;B&gt; &amp; &#34;C&#34; &#39;D&#39;"),
        ("{{ bid.title | safe }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        ("{{ bid.title ~ '<i>' }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>&lt;i&gt;'),
        ("{{ '<i>' ~ bid.title }}", '&lt;i&gt;<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        ("{{ ['<', bid.title] | join }}", '&lt;<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        ("{{ bid.title[:3] }}", "A &lt;"),
        ("{{ bid.title | replace('A', '<') }}", "&lt; &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;"),
        ("{{ bid.title | truncate(5, true, '<') }}", "A &lt;b&lt;"),
        ("{{ '%s<' | format(bid.title) }}", "A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;&lt;"),
        (
            "{{ ('<i>%s</i>' | safe) | format(bid.title) }}",
            '<i><t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t></i>',
        ),
        ("{% set x = bid.title %}{{ x }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        ("{% set x %}{{ bid.title }}{% endset %}{{ x }}", '<t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t>'),
        (
            "{% macro m(x) %}<i>{{ x }}</i>{% endmacro %}{{ m(bid.title) }}",
            '<i><t p="title">A &lt;b&gt; &amp; &#34;c&#34; &#39;d&#39;</t></i>',
        ),
        ("{{ bid.partners[0].organisation }}", '<t p="partners/0/organisation">]]&gt;</t>'),
        ("{{ names['an-id'] }}", '<t p="partners/0/organisation">]]&gt;</t>'),
    ],
)
def test_a_text_of_the_bid_is_escaped_however_it_is_printed(main, shown):
    bid = tree_of(full_bid(lambda path: "]]>"))
    bid["title"] = "A <b> & \"c\" 'd'"
    found = printed(main, bid)
    assert found == shown
    assert "<b>" not in found
    assert "]]>" not in found


@settings(deadline=None, derandomize=True, max_examples=300)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff")))
def test_any_text_comes_out_of_the_xml_as_it_went_in(text):
    root = fromstring(f"<x>{printed('{{ bid.title }}{{ bid.title | prose }}', titled(text))}</x>")
    assert [element.tag for element in root] == (["t", "prose"] if text else ["t"])
    assert all((element.text or "") == text for element in root)
    assert {element.get("p") for element in root} == {"title"}


@pytest.mark.parametrize("name", shipped_names("templates"))
def test_every_text_of_a_full_bid_says_where_it_stands(name):
    fields: dict[str, str] = {}

    def mark(path: str) -> str:
        fields[path] = f"Q{len(fields)}q"
        return fields[path]

    bid = tree_of(full_bid(mark))
    root = fromstring(fill_in(bid, find_template(name)))
    found = {}
    for element in root.iter():
        if element.tag in ("t", "prose"):
            found[(element.text or "").rstrip(".")] = (element.get("p") or "").replace("/", ".")
    missing = {path: text for path, text in fields.items() if path != "title" and found.get(text) != path}
    assert missing == {}
    assert len(fields) >= 74


@pytest.mark.parametrize("name", shipped_names("templates"))
@pytest.mark.parametrize("text", ["</section>", '"><x y="', "]]>", "<!DOCTYPE x>", "&amp;&lt;&#65;", "{{ 7*7 }}"])
def test_no_text_becomes_an_element(name, text):
    folder = find_template(name)
    harmless = fromstring(fill_in(tree_of(full_bid(lambda path: "x")), folder))
    hostile = fromstring(fill_in(tree_of(full_bid(lambda path: text)), folder))
    assert [element.tag for element in hostile.iter()] == [element.tag for element in harmless.iter()]
    assert text in "".join(hostile.itertext())


def test_the_hostile_texts_are_many():
    assert len(set(HOSTILE)) == len(HOSTILE) >= 100


def test_texts_know_their_place_and_stay_equal():
    bid = {"a": "x", "b": [{"c": "y"}, 5, None, True, Decimal(2)], "d": ("z",)}
    found = with_paths(bid)
    assert found == {"a": "x", "b": [{"c": "y"}, 5, None, True, Decimal(2)], "d": ["z"]}
    assert (found["a"].path, found["b"][0]["c"].path, found["d"][0].path) == (("a",), ("b", 0, "c"), ("d", 0))


# --- Filters ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "shown"),
    [(None, ""), ("", ""), ("a < b", '<prose p="">a &lt; b</prose>'), ("*a*", '<prose p="">*a*</prose>')],
)
def test_prose_is_an_element_of_its_own(text, shown):
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("value", "in_words", "heading"),
    [
        ("in-principle", "in principle", "In principle"),
        ("agreed", "agreed", "Agreed"),
        ("ccg", "CCG", "CCG"),
        ("nhs", "NHS", "NHS"),
        ("vertical-nhs", "vertical NHS", "Vertical NHS"),
        ("ccg-led-retendering", "CCG-led retendering", "CCG-led retendering"),
        ("section-75", "section 75", "Section 75"),
        (None, "", ""),
    ],
)
def test_closed_lists_in_words(value, in_words, heading):
    assert words(value) == in_words
    assert heading_case(value) == heading


@pytest.mark.parametrize(
    ("text", "ended"),
    [
        ("a", "a."),
        ("a.", "a."),
        ("a?", "a?"),
        ("a!", "a!"),
        (" a \n", "a."),
        ("a)", "a)."),
        ("", ""),
        ("  ", ""),
        (None, ""),
    ],
)
def test_a_sentence_ends_as_one(text, ended):
    assert sentence(text) == ended


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("nhs-1-premature-death", "NHS 1"),
        ("adult-social-care-3-experience", "ASC 3"),
        ("public-health-4-premature-mortality", "PH 4"),
        ("other-thing", "other thing"),
    ],
)
def test_outcomes_frameworks_in_short(value, shown):
    assert short_name(value) == shown


@pytest.mark.parametrize(
    ("ratings", "order"),
    [
        ([(1, 1), (5, 5), (2, 3)], [1, 2, 0]),
        ([(2, 3), (3, 2), (1, 6)], [0, 1, 2]),  # equal ones stay in the writer's order
        ([(None, 5), (1, 1), (5, None), (None, None)], [1, 0, 2, 3]),
        ([], []),
    ],
)
def test_risks_stand_with_the_worst_first_and_the_unrated_last(ratings, order):
    risks = [{"number": n, "likelihood": pair[0], "impact": pair[1]} for n, pair in enumerate(ratings)]
    assert [risk["number"] for risk in by_rating(risks)] == order


@pytest.mark.parametrize(
    ("main", "shown"),
    [
        ("{{ value | pounds }}", "£1,200,000"),
        ("{{ value | figure }}", "1,200,000"),
        ("{{ none | pounds }}", ""),
        ("{{ none | figure }}", ""),
        ("{{ nothing }}", ""),
        ("{{ 14 | figure }}", "14"),
        ("{{ 'a-b' | words }}", "a b"),
        ("{{ 'a-b' | heading }}", "A b"),
        ("{{ 'a' | sentence }}", "a."),
        ("{{ 'nhs-1-x' | short }}", "NHS 1"),
        ("{{ none | date }}", ""),
        ("{{ 'no date' | date }}", ""),
        ("{{ day | date }}", "28 June 2013"),
        ("{{ month | date }}", "March 2014"),
        ("{{ 'a' | prose }}", '<prose p="">a</prose>'),
        ("{{ true }}", "True"),
        ("{{ 2.5 }}", "2.5"),
        ("{{ value }}", "1200000"),
        ("{{ ['a', '<'] | join }}", "a&lt;"),
        ("{{ '<x' | upper }}", "&lt;X"),
        ("{{ 'a' ~ '<b' }}", "a&lt;b"),
        ("{{ (word | prose) ~ '<b' }}", '<prose p="">a</prose>&lt;b'),
        ("{{ [] | timeline }}", ""),
        ("{{ [] | funding_chart }}", ""),
    ],
)
def test_what_a_template_prints(main, shown):
    environment = template._environment(find_template("eoi"))
    values = {"value": Decimal(1_200_000), "day": parse_when("2013-06-28"), "month": parse_when("2014-03")}
    values |= {"nothing": None, "word": "a"}
    assert environment.from_string(main).render(values) == shown


def test_every_filter_of_ours_is_used_by_a_template_and_the_reverse():
    theirs = SandboxedEnvironment().filters.keys()
    ours = template._environment(find_template("eoi")).filters.keys() - theirs
    used = {name for path in TEMPLATES for name in re.findall(r"\| (\w+)", path.read_text(encoding="utf-8"))}
    assert len(TEMPLATES) >= 1
    assert ours == FILTERS
    assert ours <= used
    assert used - ours <= theirs


def test_the_prose_fields_are_those_that_the_template_prints_as_prose():
    fields = {name.rsplit(".", 1)[-1] for name in re.findall(r"\{\{ ([\w.]+) \| prose", EOI)}
    assert fields == {path.rsplit(".", 1)[-1] for path in PROSE}
    assert len(re.findall(r"\| prose", EOI)) == len(PROSE)


def test_no_field_of_a_bid_is_hidden_by_a_method_of_its_mapping():
    """Jinja looks for attributes first: `bid.items` would be the method."""
    fields = set(re.findall(r'"(\w+)":', json.dumps(full_bid(lambda path: "x"))))
    assert len(fields) > 100
    assert fields & set(dir(dict)) == set()


# --- Templates are strict --------------------------------------------------------------------------------------------


def test_a_template_is_filled_in():
    assert printed("= {{ bid.title }}\n{% if bid.summary %}never{% endif %}") == '= <t p="title">A title</t>\n'


@pytest.mark.parametrize(
    ("main", "line", "reason"),
    [
        ("{{ bid.nothing }}", 1, "'dict object' has no attribute 'nothing'"),
        ("a\n\n{{ bid.area.nam }}\n", 3, "'dict object' has no attribute 'nam'"),
        ("a\n{{ bid.nothing | sentence }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ bid.nothing | prose }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{% if bid.nothing %}b{% endif %}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{% for x in bid.nothing %}b{% endfor %}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ bid['nothing'] }}", 2, "'dict object' has no attribute 'nothing'"),
        ("a\n{{ names.nobody }}", 2, "'dict object' has no attribute 'nobody'"),
        ("a\n{{ nothing }}", 2, "'nothing' is undefined"),
        ("{% macro m(x) %}\n\n{{ x.y }}\n{% endmacro %}\n{{ m(bid) }}", 3, "'dict object' has no attribute 'y'"),
        ("a\n{{ bid.title | nosuch }}", 2, "No filter named 'nosuch'."),
        ("a\n\n{% if %}", 3, "Expected an expression, got 'end of statement block'"),
        ("a\n{% include 'other.jinja' %}", 2, "there is no file other.jinja"),
        ("a\n{{ bid }}", 2, "it prints a group of fields, which is no text"),
        ("a\n{{ bid.partners }}", 2, "it prints a list, which is no text"),
        ("a\n{{ bid.title.upper }}", 2, "it prints a builtin_function_or_method, which is no text"),
        ("a\n{{ bid | items }}", 2, "it prints a generator, which is no text"),
        ("a\n{{ lipsum() }}", 2, "'lipsum' is undefined"),
        ("a\n{{ [1, 2] | random }}", 2, "No filter named 'random'."),
    ],
)  # fmt: skip
def test_a_template_that_is_wrong_is_named_with_its_line(main, line, reason):
    with pytest.raises(PioneerError) as caught:
        printed(main)
    assert caught.value.message == f"the template own/bid.xml.jinja:{line} cannot be filled in: {reason}"
    assert caught.value.hint == "mend the template"


def test_a_date_without_the_filter_is_no_text():
    bid = {**empty_bid(), "submission_date": parse_when("2013-06-28")}
    with pytest.raises(PioneerError, match="it prints a date without the filter `date`, which is no text"):
        printed("{{ bid.submission_date }}", bid)
    assert printed("{{ bid.submission_date | date }}", bid) == "28 June 2013"


@pytest.mark.parametrize(
    "main",
    [
        "{{ bid.title | pounds }}", "{{ bid.title | figure }}", "{{ bid.area | by_rating }}", "{{ bid | timeline }}",
        "{{ [1] | funding_chart }}", "{{ 3 | short }}", "{{ 1 / 0 }}", "{{ [][1] }}", "{{ bid.area.name() }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "{% include 'bid.xml.jinja' %}",
    ],
)  # fmt: skip
def test_what_a_filter_cannot_work_with_is_the_template_s_fault_and_placed(main):
    with pytest.raises(PioneerError, match=r"^the template own/bid\.xml\.jinja:1 cannot be filled in: "):
        printed(main)


def test_a_bug_in_a_filter_of_ours_is_no_fault_of_a_template_that_ships():
    with pytest.raises(TypeError):
        printed("{{ 3 | short }}", ours=True)


def test_a_fault_in_an_included_template_is_placed_there():
    with pytest.raises(PioneerError) as caught:
        printed("a\n{% include 'part.jinja' %}", part="b\nc\n{{ bid.nothing }}")
    assert caught.value.message.startswith("the template own/part.jinja:3 cannot be filled in")


def test_a_mistake_of_form_in_an_included_template_is_placed_there():
    with pytest.raises(PioneerError) as caught:
        printed("a\n{% include 'part.jinja' %}", part="b\n{% if %}")
    assert caught.value.message.startswith("the template own/part.jinja:2 cannot be filled in")


def test_a_template_that_is_not_there():
    with pytest.raises(PioneerError) as caught:
        fill_in(empty_bid(), TemplateFolder("own", False, {}))
    assert caught.value.message == "the template own/bid.xml.jinja cannot be filled in: there is no file bid.xml.jinja"


def test_a_template_that_is_not_utf_8_is_named():
    with pytest.raises(PioneerError) as caught:
        fill_in(empty_bid(), TemplateFolder("own", False, {"bid.xml.jinja": b"\xff\xfe<"}))
    assert caught.value.message == "the template's file own/bid.xml.jinja is not UTF-8"


def test_a_template_that_prints_without_end_is_stopped():
    with pytest.raises(PioneerError, match="the template own prints too much"):
        printed("{% for i in range(99999) %}{% for j in range(99999) %}{{ 'a' * 1000 }}{% endfor %}{% endfor %}")
    assert len(printed("{% for i in range(1000) %}{{ 'a' * 1000 }}{% endfor %}")) == 1_000_000 < MOST_FILLED_IN


# --- Templates are boxed in ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "main",
    [
        "{{ bid.__class__ }}",
        "{{ bid.__class__.__mro__ }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ bid.title.format.__globals__ }}",
        "{{ bid.title.__html__() }}",
        "{{ '{0.__class__}'.format(bid) }}",
        "{{ '{0.__class__}'.format_map({'0': bid}) }}",
        "{{ bid | attr('__class__') }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ joiner.__init__.__globals__ }}",
        "{{ namespace.__init__ }}",
        "{{ prose.__globals__ }}",
        "{{ ().__class__.__base__ }}",
        "{{ bid.clear() }}",
        "{{ bid.update({'title': 'x'}) }}",
        "{{ bid.partners.append(1) }}",
        "{{ bid.pop('title') }}",
        "{% set bid.title = 'x' %}",
        "{% include '../../etc/passwd' %}",
        "{% include '/etc/passwd' %}",
        "{% include ['../x', '/etc/passwd'] %}",
        "{% import '/etc/passwd' as x %}",
        "{% extends '../bid.xml.jinja' %}",
        "{% for i in range(10**9) %}{% endfor %}",
        "{% debug %}",
        "{% do bid %}",
    ],
)
def test_a_template_reaches_no_further_than_the_bid_and_changes_nothing(main):
    with pytest.raises(PioneerError, match=r"own/bid\.xml\.jinja:1 cannot be filled in: "):
        printed(main)


def test_a_template_may_take_over_another_of_its_folder():
    base = "<a>{% block x %}old{% endblock %}</a>"
    assert printed("{% extends 'base.jinja' %}{% block x %}{{ super() }} new{% endblock %}", base=base) == (
        "<a>old new</a>"
    )


@pytest.mark.parametrize("name", shipped_names("templates"))
def test_the_bid_is_the_same_after_it_was_printed(name):
    tree = repo_bid("exemplar")
    fill_in(tree, find_template(name))
    assert tree == repo_bid("exemplar")
