"""Trees of documents made for tests: one with everything in it, and random ones of any shape and any text."""

from collections.abc import Callable, Iterator

from hypothesis import strategies as st

from pioneer_cli.tree import (
    Block,
    Cell,
    Column,
    Document,
    Figure,
    Heading,
    Listing,
    Paragraph,
    Reference,
    References,
    Row,
    Run,
    Section,
    Style,
    Table,
    Term,
    Terms,
    words_of,
)

EMPHASIS: frozenset[Style] = frozenset({"emphasis"})
STRONG: frozenset[Style] = frozenset({"strong"})
BOTH = EMPHASIS | STRONG

SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 480 120" width="480pt" height="120pt">'
    b'<rect width="480" height="120" fill="#eaf2f4"/><path d="M20 60h440" stroke="#0b5568" stroke-width="4"/></svg>'
)

HOSTILE = (
    "<script>window.pwned = 1</script>", '"onload="window.pwned=1', "' onerror='window.pwned=1", "javascript:pwned=1",
    "<img src=x onerror=window.pwned=1>", "</p></main></body></html>", "</style><script>window.pwned=1</script>",
    "</title><svg onload=window.pwned=1>", "<style>*{display:none}</style>", "<base href='https://example.org/'>",
    "<meta http-equiv=refresh content=0;url=https://example.org/>", "<iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<a href=javascript:pwned=1>x</a>", "&#x41;", "&lt;b&gt;", "&amp;amp;", "&copy", "&#0;", "|", "a | b |", "`code`",
    "``", "- item", "* item", "+ item", "1. x", "2013) y", "# x", "x #", "## x ##", "***", "---", "===", "___", "**a**",
    "_a_", "~~a~~", "~", "[a](b)", "![a](b)", "[a]: https://example.org", "[^1]", "- [x] done", "<https://example.org>",
    "https://example.org", "www.example.org", "a@example.org", "<!--", "-->", "]]>", "<![CDATA[x", "<?php x ?>", "> q",
    "```", "~~~", "\\", "\\|", "a\\", "\\\\|", "$x$", "$$", ":-:", "--- | ---", "| - |", "a\nb", "\n", "a\n---", "\n\n",
    "    code", "\ttab", "a  \nb", "a\\\nb", "\u200b", "a\u200bb", "\u202egnp", "\ufeff", "\u00a0", "\u2028", "\u0085",
    "{{ x }}", "{% x %}", "#panic()", "';}@import url(//example.org);", "expression(pwned=1)", "]", ")", "!", "(",
    "E1", "\"'><", "é–😀", "𝒳", "١. x", "«a»", "“a”",
)  # fmt: skip


def runs(*parts: Run | str) -> tuple[Run, ...]:
    return tuple(Run(part) if isinstance(part, str) else part for part in parts)


def paragraph(*parts: Run | str, beside: tuple[str, ...] = ()) -> Paragraph:
    return Paragraph(runs(*parts), beside)


def cell(*parts: Run | str, score: int = 0) -> Cell:
    return Cell((paragraph(*parts),) if parts else (), score)


def row(*texts: str, beside: tuple[str, ...] = ()) -> Row:
    return Row(tuple(cell(text) if text else cell() for text in texts), beside=beside)


def table(header: tuple[str, ...], *rows: Row) -> Table:
    return Table(tuple(Column(1) for _ in header), tuple(cell(text) for text in header), rows)


def document(*blocks: Block, title: str = "A plan", draft: bool = False) -> Document:
    return Document(title, title, (Section("C1", blocks),), draft)


def words(document: Document) -> str:
    """All words of a document but its title, with single spaces."""
    return squeezed(" ".join(text for section in document.sections for text in words_of(section.blocks)))


def squeezed(text: str) -> str:
    return " ".join(text.split())


def rich(text: Callable[[str], str] = str, *, draft: bool = False) -> Document:
    """A document with every kind of block in it; each text has gone through `text`."""

    def write(words: str) -> str:
        return text(words)

    def band(words: str) -> Row:
        return Row((Cell((paragraph(Run(write(words), STRONG)),)),), band=True)

    sources = References(
        tuple(
            Reference(f"E{number}", (paragraph(write(citation), Run(write(" Found: "), EMPHASIS), write(finding)),))
            for number, (citation, finding) in enumerate(
                (
                    ("Census 2011, Office for National Statistics, 2012.", "one resident in five is over 65."),
                    ("A Narrative for Person-Centred Coordinated Care, 2013.", "people want to tell their story once."),
                    ("Experience survey, Wenbourne and Vale Council, 2013.", "54 per cent had a say in their plan."),
                ),
                start=1,
            )
        )
    )
    front = Section(
        "front",
        (
            Terms(
                (
                    Term(runs(write("Area")), (paragraph(write("Wenbourne and the Vale (invented), 248,600 people")),)),
                    Term(
                        runs(write("Health and Wellbeing Board")),
                        (paragraph(write("agreed, 13 June 2013 (Minute HWB 13/21, unanimous)")),),
                    ),
                    Term(runs(write("Application")), (paragraph(write("joint, 27 June 2013")),)),
                ),
                box=True,
            ),
            paragraph(
                write(
                    "By March 2015 each of the 5,200 people here whose care is most complicated will have one plan "
                    "that they wrote with us, one named person to ring, and one team of nurses, social workers "
                    "and volunteers, gathered round their own doctor's practice. Eight such teams will cover the area ["
                ),
                Run(write("E1"), cites="E1"),
                write("; "),
                Run(write("E2"), cites="E2"),
                write("]."),
            ),
            Heading(1, runs(write("Partners"))),
            Table(
                (Column(1.3), Column(2), Column(1)),
                (cell(write("Organisation")), cell(write("Role")), cell(write("Support"))),
                (
                    row(
                        write("Wenbourne and Vale Council (lead)"),
                        write("Leads the bid; adult and children's social care, public health and housing duties"),
                        write("agreed, 11 June 2013 (Cabinet minute 34)"),
                    ),
                    row(
                        write("Vale Community Health NHS Trust"),
                        write("Employs the nurses and therapists; hosts the eight teams"),
                        write("agreed, 6 June 2013"),
                    ),
                ),
            ),
        ),
    )
    vision = Section(
        "C1",
        (
            Heading(1, runs(write("1. Vision"))),
            paragraph(
                write("Three things are new. "),
                Run(write("Lay partners vote"), EMPHASIS),
                write(": no team opens until they are satisfied. "),
                Run(write("We pay for a year of care"), STRONG),
                write(": one yearly payment replaces "),
                Run(write("payment for each visit"), BOTH),
                write(" and stay."),
            ),
            Heading(2, runs(write("The Narrative and Making it Real")), ("C1a",)),
            paragraph(
                write("Each plan opens with the person's own goals, and our survey asks whether we kept the promises."),
                beside=("C1a",),
            ),
            paragraph(write("The council signed up in 2012."), beside=("C1a", "C1b")),
            Listing(
                False,
                (
                    (paragraph(write("clear information,")),),
                    (
                        paragraph(write("flexible personal budgets:")),
                        Listing(
                            True,
                            (
                                (paragraph(write("for adults,")),),
                                (paragraph(write("for children, and")), paragraph(write("for carers"))),
                            ),
                        ),
                    ),
                    (paragraph(write("a workforce that listens.")),),
                ),
            ),
            Heading(2, runs(write("Outcomes and measures of success")), ("C1b", "C1c", "C1e")),
            Table(
                (Column(2.25), Column(1), Column(2.15), Column(1, "right"), Column(1, "center")),
                tuple(cell(write(name)) for name in ("Outcome", "Frameworks", "Measure", "Baseline", "Target")),
                (
                    Row(
                        (
                            cell(
                                write("People plan their care with professionals who work together. ["),
                                Run(write("E3"), cites="E3"),
                                write("]"),
                            ),
                            cell(write("NHS 2, NHS 4, ASC 3")),
                            Cell(
                                (
                                    paragraph(write("People in the main group who say so")),
                                    Listing(False, ((paragraph(write("per cent")),),)),
                                )
                            ),
                            cell(write("54"), Run("\n"), write("March 2013")),
                            cell(write("75")),
                        ),
                        beside=("C1c",),
                    ),
                    row(write("Carers are included."), "", write("Carers who say so"), write("66"), write("76")),
                ),
            ),
            Figure(
                "timeline",
                write("Timeline of 2 workstreams. Teams: 2 milestones, June 2013 to May 2014."),
                (1.0, ("Teams",)),
            ),
        ),
    )
    capability = Section(
        "C4",
        (
            Heading(1, runs(write("4. Capability"))),
            Terms(
                (
                    Term(runs(write("Community nursing:")), (paragraph(write("in every team from April 2014.")),)),
                    Term(
                        runs(write("Housing:")),
                        (
                            paragraph(write("adaptations in a month.")),
                            paragraph(write("Extra-care flats in two years.")),
                        ),
                    ),
                    Term(runs(write("Ambulances")), ()),
                )
            ),
            Heading(2, runs(write("Risks")), ("C4c",)),
            Table(
                (Column(1.6), Column(0.8, "center"), Column(2)),
                (cell(write("Risk")), cell(write("L × I")), cell()),
                tuple(
                    Row((cell(write(risk)), cell(write(f"{score}"), score=score), cell(write(mitigation))))
                    for risk, score, mitigation in (
                        ("Recruitment is slow", 3, "Posts open to trainees"),
                        ("Systems do not share", 6, "One interim viewer"),
                        ("Savings come late", 12, "A fund holds the difference"),
                        ("A partner leaves", 20, "Notice of a year"),
                    )
                ),
            ),
            Heading(2, runs(write("Workstreams and milestones")), ("C4",)),
            Table(
                (Column(0.9), Column(2.6), Column(1.5)),
                (cell(write("By")), cell(write("Milestone")), cell(write("Lead"))),
                (
                    band("Eight teams"),
                    row(write("September 2013"), write("Second team at Eastgate"), write("Director of nursing")),
                    row(write("April 2014"), write("All eight teams work"), write("Director of nursing")),
                    band("One payment"),
                    row(write("April 2015"), write("One yearly payment begins"), write("Chief finance officer")),
                ),
            ),
            Heading(2, runs(write("Sources")), ("C6a",)),
            sources,
        ),
    )
    title = write("One plan, one team: integrated care and support in Wenbourne and the Vale")
    return Document(title, title, (front, vision, capability), draft)


def hostile_texts() -> Iterator[Callable[[str], str]]:
    """Ways to replace every text of a tree by a hostile one, a different one each time."""
    for shift in range(2):
        count = iter(range(shift, 10_000, 2))
        yield lambda words, count=count: HOSTILE[next(count) % len(HOSTILE)] or words


# --- Random trees ----------------------------------------------------------------------------------------------------

ANY_TEXT = st.one_of(
    st.sampled_from(HOSTILE),
    st.lists(st.sampled_from((*HOSTILE, "word", "two words", " ", "1", "a")), max_size=4).map("".join),
    st.text(st.sampled_from("*_-+.)(123\\ \n\tab>#`&<;[]|!~:=$\"'"), max_size=20),
    st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=20),
)
STYLES = st.sampled_from((frozenset[Style](), frozenset[Style](), EMPHASIS, STRONG, BOTH))
CITES = st.sampled_from(("", "", "", "E1", "E2", "none"))
RUNS = st.lists(
    st.one_of(st.builds(Run, ANY_TEXT, STYLES, st.just(()), CITES), st.just(Run("\n"))), min_size=1, max_size=5
).map(tuple)
CODES = st.lists(st.sampled_from(("C1", "C1a", "C2b", "a_b")), max_size=3).map(tuple)
PARAGRAPHS = st.builds(Paragraph, RUNS, CODES)
HEADINGS = st.builds(Heading, st.sampled_from((1, 2)), RUNS, CODES)
FIGURES = st.builds(Figure, st.sampled_from(("timeline", "funding-chart")), ANY_TEXT, st.just(()))


def listings(blocks: st.SearchStrategy[tuple[Block, ...]]) -> st.SearchStrategy[Listing]:
    return st.builds(Listing, st.booleans(), st.lists(blocks, max_size=3).map(tuple))


def terms(blocks: st.SearchStrategy[tuple[Block, ...]]) -> st.SearchStrategy[Terms]:
    return st.builds(Terms, st.lists(st.builds(Term, RUNS, blocks), max_size=3).map(tuple), st.booleans())


@st.composite
def tables(draw: st.DrawFn, blocks: st.SearchStrategy[tuple[Block, ...]]) -> Table:
    """A table of one to four columns, with bands among its rows."""
    count = draw(st.integers(1, 4))
    cells = st.builds(Cell, blocks, st.integers(0, 25))
    whole = st.lists(cells, min_size=count, max_size=count).map(tuple)
    bands = st.builds(Row, st.tuples(cells), st.just(True), st.just(()))
    rows = draw(st.lists(st.one_of(st.builds(Row, whole, st.just(False), CODES), bands), max_size=3))
    columns = st.builds(Column, st.floats(0.25, 4), st.sampled_from(("left", "right", "center")))
    return Table(tuple(draw(columns) for _ in range(count)), draw(whole), tuple(rows))


SIMPLE = st.lists(PARAGRAPHS, max_size=2).map(tuple)
NESTED = st.recursive(
    SIMPLE,
    lambda inner: st.lists(st.one_of(PARAGRAPHS, listings(inner), terms(inner)), max_size=3).map(tuple),
    max_leaves=4,
)
REFERENCES = SIMPLE.map(lambda blocks: References(tuple(Reference(name, blocks) for name in ("E1", "E2"))))
BLOCKS = st.one_of(PARAGRAPHS, HEADINGS, FIGURES, listings(NESTED), terms(NESTED), tables(NESTED))
SECTIONS = st.lists(BLOCKS, max_size=5).map(tuple)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Any document: up to three sections, and perhaps the references that it cites."""
    names = draw(st.lists(st.sampled_from(("front", "C1", "C2", "support")), max_size=3, unique=True))
    sections = [Section(name, draw(SECTIONS)) for name in names]
    if draw(st.booleans()):
        sections.append(Section("C6", (draw(REFERENCES),)))
    return Document(draw(ANY_TEXT), draw(ANY_TEXT), tuple(sections), draw(st.booleans()))
