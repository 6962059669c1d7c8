"""Reading the reviewers' files of a bid: none is passed over in silence, and who may not judge does not count."""

import json
import re
import shutil

import pytest
from made_bids import REPO_BIDS, ROOT, pages_of

from pioneer_cli.cli import run
from pioneer_cli.errors import ExitCode, PioneerError
from pioneer_cli.reports.gaps_words import DIFFERS
from pioneer_cli.reviews_folder import review_files

REVIEWS = ROOT / "docs" / "examples" / "reviews" / "exemplar"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", tmp_path)
    (tmp_path / "rv" / "exemplar").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def put(desk, name, text=None, of="r1"):
    path = desk / "rv" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text or (REVIEWS / f"{of}.yaml").read_text(encoding="utf-8"), encoding="utf-8")


def reported(capsys, *options):
    code = run(["gaps", "exemplar.yaml", "--reviews", "rv", "--format", "csv", "-o", "-", *options])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    "name", ["exemplar/r2.yaml", "exemplar/r2.YAML", "exemplar/r2.yml", "exemplar/round two/r2.yaml"]
)
def test_every_file_in_the_folder_of_the_bid_is_read(desk, name):
    put(desk, "exemplar/r1.yaml")
    put(desk, name, of="r2")
    assert [path.as_posix() for path in review_files("rv", "exemplar.yaml")] == sorted(
        ["rv/exemplar/r1.yaml", f"rv/{name}"]
    )


def test_a_file_beside_the_folder_of_the_bid_is_not_passed_over(desk):
    put(desk, "exemplar/r1.yaml")
    put(desk, "r2.yaml", of="r2")
    with pytest.raises(PioneerError, match="would be passed over"):
        review_files("rv", "exemplar.yaml")


def test_a_folder_without_one_for_the_bid_holds_the_files_itself(desk):
    (desk / "rv" / "exemplar").rmdir()
    put(desk, "r1.yaml")
    put(desk, "other-bid/r2.yaml", of="r2")
    assert [path.name for path in review_files("rv", "exemplar.yaml")] == ["r1.yaml"]


def test_one_reviewer_in_two_spellings_is_one(desk, capsys):
    put(desk, "exemplar/r1.yaml")
    put(
        desk,
        "exemplar/r2.yaml",
        (REVIEWS / "r1.yaml").read_text(encoding="utf-8").replace("reviewer: r1", "reviewer: R1"),
    )
    code, out, err = reported(capsys)
    assert (code, out) == (ExitCode.CANNOT_JUDGE, "")
    assert "reviewer-twice" in err


CONFLICTS = ["healthwatch", "HEALTHWATCH", "health\\u00adwatch", "hea\\u200blthwatch", "healthwatch.", " health watch "]


@pytest.mark.parametrize("named", CONFLICTS)
def test_no_spelling_hides_a_conflict(desk, capsys, named):
    text = (REVIEWS / "r1.yaml").read_text(encoding="utf-8")
    assert "conflicts: []" in text
    put(desk, "exemplar/r1.yaml", text.replace("conflicts: []", f'conflicts:\n  - organisation: "{named}"'))
    code, out, err = reported(capsys)
    assert (code, out) == (ExitCode.CANNOT_JUDGE, "")
    assert "in-conflict" in err


def test_another_organisation_is_no_conflict(desk, capsys):
    text = (REVIEWS / "r1.yaml").read_text(encoding="utf-8")
    put(desk, "exemplar/r1.yaml", text.replace("conflicts: []", "conflicts:\n  - organisation: Ourshire Rugby Club"))
    assert reported(capsys)[0] == ExitCode.OK


@pytest.mark.parametrize(("said", "counts"), [("", False), ("\n    partner: false", True)])
def test_a_misspelt_partner_counts_only_once_it_is_said_that_none_is_meant(desk, capsys, said, counts):
    text = (REVIEWS / "r1.yaml").read_text(encoding="utf-8")
    conflict = f"conflicts:\n  - organisation: Healthwatch Wenbourne and Vail{said}"
    put(desk, "exemplar/r1.yaml", text.replace("conflicts: []", conflict))
    code, _, err = reported(capsys)
    assert code == ExitCode.OK
    assert ("the review of r1 does not count: it declares a conflict that may be with Healthwatch" in err) is not counts


def test_whose_conflicts_are_not_declared_does_not_count(desk, capsys):
    put(
        desk,
        "exemplar/r1.yaml",
        (REVIEWS / "r1.yaml").read_text(encoding="utf-8").replace("conflicts: []", "conflicts:"),
    )
    code, _, err = reported(capsys)
    assert code == ExitCode.OK
    assert "the review of r1 does not count: its conflicts of interest are not declared" in err
    assert run(["feedback", "exemplar.yaml", "--reviews", "rv"]) == ExitCode.CANNOT_JUDGE


def test_a_quote_that_is_gone_from_a_changed_bid_stops_nothing(desk, capsys):
    put(desk, "exemplar/r1.yaml")
    bid = desk / "exemplar.yaml"
    text = bid.read_text(encoding="utf-8")
    quote = "no team opens until they are satisfied that local people shaped it"
    assert quote in " ".join((REVIEWS / "r1.yaml").read_text(encoding="utf-8").split())
    assert quote in " ".join(text.split())
    bid.write_text(text.replace("local people shaped it", "local people like it"), encoding="utf-8")
    code, _, err = reported(capsys)
    assert code == ExitCode.OK
    assert "the review of r1 does not count: the bid has changed since" in err


@pytest.mark.parametrize("name", ["提案🎉.yaml", "a\x1bb.yaml", "ﬂ‮.yaml"])
def test_a_file_whose_name_no_font_has_can_be_reported_on(desk, name):
    shutil.copy(desk / "exemplar.yaml", desk / name)
    assert run(["gaps", name, "-o", "gaps.pdf", "-o", "gaps.docx", "-o", "gaps.html"]) == ExitCode.OK


def test_a_reply_is_accepted_by_somebody_of_the_panel(desk, capsys):
    put(desk, "exemplar/r1.yaml")
    put(desk, "exemplar/r2.yaml", of="r2")
    put(desk, "exemplar/panel.yaml", of="panel")
    text = (ROOT / "docs" / "examples" / "replies.yaml").read_text(encoding="utf-8")
    (desk / "replies.yaml").write_text(text, encoding="utf-8")
    assert reported(capsys, "--replies", "replies.yaml")[0] == ExitCode.OK
    changed = text.replace("accepted_by: panel", "accepted_by: nobody").replace(
        "accepted_by: r1", "accepted_by: nobody"
    )
    changed = changed.replace("accepted_by: r2", "accepted_by: nobody")
    assert changed != text
    (desk / "replies.yaml").write_text(changed, encoding="utf-8")
    code, _, err = reported(capsys, "--replies", "replies.yaml")
    assert code == ExitCode.CANNOT_JUDGE
    assert "accepted-by-stranger" in err


def test_a_quote_copied_from_a_page_is_placed_where_it_stands(desk):
    text = (REVIEWS / "r1.yaml").read_text(encoding="utf-8")
    own = '"Staff keep their employers and share their managers, their records and their budget."'
    copied = "Physical health: Practices and community nurses meet weekly"
    assert own in text
    put(desk, "exemplar/r1.yaml", text.replace(own, f'"{copied}"'))
    assert run(["gaps", "exemplar.yaml", "--reviews", "rv", "-o", "gaps.json"]) == ExitCode.OK
    (bid,) = json.loads((desk / "gaps.json").read_text(encoding="utf-8"))["bids"]
    (given,) = bid["criteria"][1]["reviewers"]
    (quote,) = [found for found in given["quotes"] if found["quote"] == copied]
    line = (desk / "exemplar.yaml").read_text(encoding="utf-8").splitlines()[quote["line"] - 1]
    assert "Practices and community nurses meet weekly" in line
    assert quote["first_page"] == 3


def test_what_people_differ_on_stands_first_in_every_format(desk):
    put(desk, "exemplar/r1.yaml")
    text = (REVIEWS / "r2.yaml").read_text(encoding="utf-8")
    first = "criterion: C1\n    level: 4"
    assert first in text
    put(desk, "exemplar/r2.yaml", text.replace(first, "criterion: C1\n    level: 5"))
    targets = [part for name in ("gaps.html", "gaps.md", "gaps.txt") for part in ("-o", name)]
    assert run(["gaps", "exemplar.yaml", "--reviews", "rv", *targets]) == ExitCode.OK
    for name, row in (
        ("gaps.html", r'rowheader">(C\d)</th>'),
        ("gaps.md", r"^\| (C\d) +\|"),
        ("gaps.txt", r"^(C\d)  \w+ "),
    ):
        part = (desk / name).read_text(encoding="utf-8").split("Machine and reviewers")[-1].split("C1 A clear")[0]
        found = re.findall(row, part, re.MULTILINE)
        assert found == ["C2", "C3", "C4", "C5", "C1", "C6"], name


@pytest.mark.parametrize(("amount", "marked"), [("£31m", True), ("£25m", False)])
def test_the_ledger_marks_what_contradicts_another_place(desk, amount, marked):
    bid = desk / "exemplar.yaml"
    text = bid.read_text(encoding="utf-8")
    assert text.count("£25m of pooled") == 1
    bid.write_text(text.replace("£25m of pooled", f"{amount} of pooled"), encoding="utf-8")
    assert run(["gaps", "exemplar.yaml", "-o", "gaps.json", "-o", "gaps.html", "-o", "gaps.md"]) == ExitCode.OK
    (found,) = json.loads((desk / "gaps.json").read_text(encoding="utf-8"))["bids"]
    assert sum(line["differs"] for line in found["ledger"]) == (2 if marked else 0)
    for name in ("gaps.html", "gaps.md"):
        assert (desk / name).read_text(encoding="utf-8").count(DIFFERS) == (2 if marked else 0)


@pytest.mark.parametrize("name", REPO_BIDS)
def test_what_is_seen_at_a_glance_fits_on_one_page(desk, name):
    assert run(["gaps", str(ROOT / "bids" / f"{name}.yaml"), "-o", "gaps.pdf"]) == ExitCode.OK
    pages = pages_of((desk / "gaps.pdf").read_bytes())  # without blanks
    begins = next(number for number, page in enumerate(pages) if "C1.Aclearvision" in page)
    assert begins <= 1
    for said in ("Verdict:", "Score:", "page-limit", "C6evidence", "Whynotbetter"):
        assert said in pages[0].split("C1.Aclearvision")[0]
    if begins == 1:  # at most the question to the bidder goes on overleaf
        assert len(pages[1].split("C1.Aclearvision")[0]) < 250
