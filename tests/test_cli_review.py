"""`pioneer review`: what it writes where, what it finds, and the exit code of each way that a run can end."""

import os
import re
import shutil
from pathlib import Path

import pytest
from made_bids import REPO_BIDS, ROOT
from small_pack import write_small_pack

from pioneer_cli.cli import run
from pioneer_cli.load_pack import pack_digest
from pioneer_cli.schema import REVIEW_SCHEMA_FILE, committed_schema
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import read

EXAMPLES = ROOT / "docs" / "examples" / "reviews" / "exemplar"
UPDATE = os.environ.get("PIONEER_UPDATE_GOLDEN") == "1"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """An empty folder with the bids in `bids`."""
    shutil.copytree(ROOT / "bids", tmp_path / "bids")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def last_lines(out: str) -> list[str]:
    return [line for line in out.splitlines() if re.match(r"\S+: (complete|unfinished|cannot be used)", line)]


def filled_in(text: str) -> str:
    """A review as `new` writes it, judged throughout with words that stand in the exemplar."""
    text = text.replace("conflicts:\n", "conflicts: []\n")
    text = text.replace("    level:\n    reasons:\n", "    level: 3\n    reasons: As good as most.\n")
    text = text.replace("    answer:\n    reason:\n", "    answer: partly\n    reason: In parts.\n")
    text = text.replace("    quotes:\n", '    quotes:\n      - "nobody\'s mother"\n'.replace("nobody's mother", QUOTE))
    return text.replace("  verdict:\n  reason:\n", "  verdict: sift-in\n  reason: More is to be known.\n")


QUOTE = "People here told us that most of our services were kind"


# --- The examples ----------------------------------------------------------------------------------------------------


def test_the_examples_are_of_the_exemplar_and_of_the_pack_as_they_are():
    """PIONEER_UPDATE_GOLDEN=1 puts in the digests that are new; read the examples again before you commit them."""
    digests = [read((ROOT / "bids" / "exemplar.yaml").as_posix()).sha256, pack_digest("pioneers-2013")]
    paths = sorted(EXAMPLES.glob("*.yaml"))
    assert len(paths) >= 3
    for path in paths:
        text = path.read_text(encoding="utf-8")
        if UPDATE:
            new = iter(digests)
            text = re.sub(r'(?m)^  sha256: "[0-9a-f]{64}"$', lambda _, new=new: f'  sha256: "{next(new)}"', text)
            path.write_text(text, encoding="utf-8")
        assert re.findall(r'(?m)^  sha256: "([0-9a-f]{64})"$', text) == digests


def test_the_examples_are_complete_and_differ(desk, capsys):
    shutil.copytree(EXAMPLES, desk / "reviews" / "exemplar")
    assert run(["review", "check", "reviews"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "reviews/exemplar/panel.yaml: complete, 3 levels and 1 answer agreed",
        "reviews/exemplar/r1.yaml: complete, 6 levels and 6 answers",
        "reviews/exemplar/r2.yaml: complete, 6 levels and 6 answers",
    ]
    one, two = (read((EXAMPLES / f"{name}.yaml").as_posix()).content for name in ("r1", "r2"))
    levels = [(a["level"], b["level"]) for a, b in zip(one["criteria"], two["criteria"], strict=True)]
    answers = [(a["answer"], b["answer"]) for a, b in zip(one["questions"], two["questions"], strict=True)]
    assert sum(a != b for a, b in levels) >= 2
    assert sum(a != b for a, b in answers) >= 1


# --- new -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bid", REPO_BIDS)
def test_what_new_writes_is_unfinished_and_has_no_error(bid, desk, capsys):
    assert run(["review", "new", f"bids/{bid}.yaml", "--reviewer", "r1"]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.splitlines() == [
        f"reviews/{bid}/r1.yaml: a review of bids/{bid}.yaml to fill in",
        f"  check it as you go: pioneer review check reviews/{bid}/r1.yaml",
        f"reviews/{bid}/review.schema.json: the schema by which editors complete and check it",
    ]
    assert Path(f"reviews/{bid}/{REVIEW_SCHEMA_FILE}").read_text(encoding="utf-8") == committed_schema(
        REVIEW_SCHEMA_FILE
    )
    assert run(["review", "check", f"reviews/{bid}/r1.yaml"]) == 1
    out = capsys.readouterr().out
    assert last_lines(out) == [
        f"reviews/{bid}/r1.yaml: unfinished: conflicts of interest, 6 levels, 6 answers, the recommendation to come"
    ]
    assert " error " not in out


@pytest.mark.parametrize("pack", [name for name in shipped_names("criteria") if name != "pioneers-2013"])
def test_another_pack_is_named_in_the_next_command(pack, desk, capsys):
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1", "--pack", pack]) == 0
    command = capsys.readouterr().err.splitlines()[1].split(": ", 1)[1]
    assert command == f"pioneer review check reviews/exemplar/r1.yaml --pack {pack}"
    assert run(command.split()[1:]) == 1
    assert "other-pack" not in capsys.readouterr().out
    assert run(["review", "check", "reviews/exemplar/r1.yaml"]) == 2
    assert "other-pack" in capsys.readouterr().out


def test_filled_in_it_is_complete(desk, capsys):
    run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"])
    path = Path("reviews/exemplar/r1.yaml")
    path.write_text(filled_in(path.read_text(encoding="utf-8")), encoding="utf-8")
    capsys.readouterr()
    assert run(["review", "check", "reviews/exemplar"]) == 0
    assert capsys.readouterr().out == "reviews/exemplar/r1.yaml: complete, 6 levels and 6 answers\n"


def test_a_file_that_is_there_is_never_overwritten_and_a_schema_is_left_alone(desk, capsys):
    folder = desk / "reviews" / "exemplar"
    folder.mkdir(parents=True)
    (folder / "r1.yaml").write_text("mine")
    (folder / REVIEW_SCHEMA_FILE).write_text("mine too")
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"]) == 2
    assert "reviews/exemplar/r1.yaml is already there" in capsys.readouterr().err
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r2"]) == 0
    assert (folder / "r1.yaml").read_text() == "mine"
    assert (folder / REVIEW_SCHEMA_FILE).read_text() == "mine too"
    assert sorted(path.name for path in folder.iterdir()) == ["r1.yaml", "r2.yaml", REVIEW_SCHEMA_FILE]


@pytest.mark.parametrize("reviewer", ["../r1", "a/b", "", ".", "..", "a b", "-x", "é", "a" * 41, "r1\n", "C:x", "a\\b"])
def test_what_is_no_id_is_refused_and_nothing_is_written(reviewer, desk, capsys):
    assert run(["review", "new", "bids/exemplar.yaml", f"--reviewer={reviewer}"]) == 2
    assert "cannot be the id of a reviewer" in capsys.readouterr().err
    assert sorted(path.name for path in desk.iterdir()) == ["bids"]


def test_a_bid_that_cannot_be_judged_is_told_of_and_nothing_is_written(desk, capsys):
    (desk / "bids" / "exemplar.yaml").write_text("call: pioneers-2013\ntitel: T\narea: {name: N}\n")
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"]) == 2
    assert "bids/exemplar.yaml:2:1 error unknown-key" in capsys.readouterr().out
    assert run(["review", "new", "bids/none.yaml", "--reviewer", "r1"]) == 2
    assert run(["review", "new", "-", "--reviewer", "r1"]) == 2
    assert "save the bid in a file" in capsys.readouterr().err
    assert not (desk / "reviews").exists()


def test_another_file_may_be_named_and_then_the_next_command_names_the_bid(desk, capsys):
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1", "-o", "mine/of it/x.yml"]) == 0
    command = capsys.readouterr().err.splitlines()[1]
    assert command.endswith("pioneer review check 'mine/of it/x.yml' --bid bids/exemplar.yaml")
    assert run(["review", "check", "mine/of it/x.yml", "--bid", "bids/exemplar.yaml"]) == 1
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1", "-o", "x.txt"]) == 2
    assert "x.txt does not end in .yaml" in capsys.readouterr().err


def test_standard_output_gets_the_file_alone(desk, capsys):
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1", "-o", "-"]) == 0
    told = capsys.readouterr()
    assert told.out.startswith("# yaml-language-server: $schema=review.schema.json\n")
    assert told.err == ""
    assert sorted(path.name for path in desk.iterdir()) == ["bids"]


def test_a_folder_that_cannot_be_made_is_told_of(desk, capsys):
    (desk / "reviews").write_text("a file")
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"]) == 2
    assert "cannot make the folder reviews/exemplar" in capsys.readouterr().err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_told_of(desk, capsys):
    folder = desk / "reviews" / "exemplar"
    folder.mkdir(parents=True)
    folder.chmod(0o555)
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"]) == 2
    assert "cannot write reviews/exemplar/r1.yaml" in capsys.readouterr().err


# --- check -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["bids/b.yaml", "b.yaml", "bids/b/bid.yaml", "b/bid.yaml"])
@pytest.mark.parametrize("start", ["", "reviews/b", "elsewhere"])
def test_the_bid_is_found_by_the_name_of_the_folder(place, start, tmp_path, monkeypatch, capsys):
    bid = tmp_path / place
    bid.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "bids" / "exemplar.yaml", bid)
    shutil.copytree(EXAMPLES, tmp_path / "reviews" / "b")
    folder = tmp_path / start
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    assert run(["review", "check", os.path.relpath(tmp_path / "reviews" / "b" / "r1.yaml")]) == 0
    assert "complete" in capsys.readouterr().out


def test_a_bid_that_is_not_found_is_to_be_named(desk, capsys):
    shutil.copytree(EXAMPLES, desk / "reviews" / "other")
    assert run(["review", "check", "reviews/other/r1.yaml"]) == 2
    out = capsys.readouterr().out
    assert "reviews/other/r1.yaml:8:1 error no-bid" in out
    assert "name it with --bid" in out
    assert last_lines(out) == ["reviews/other/r1.yaml: cannot be used: 1 error"]
    assert run(["review", "check", "reviews/other/r1.yaml", "--bid", "bids/exemplar.yaml"]) == 0


def test_one_bad_file_never_hides_the_next_and_the_worst_code_counts(desk, capsys):
    folder = desk / "reviews" / "exemplar"
    shutil.copytree(EXAMPLES, folder)
    (folder / "a.yaml").write_text("reviewer: [\n")
    (folder / "b.yaml").write_bytes(b"\xff\xfe")
    (folder / "c.yaml").symlink_to("nowhere")
    (folder / "d.yaml").write_text("")
    unfinished = (folder / "r2.yaml").read_text(encoding="utf-8").replace("verdict: sift-in", "verdict:")
    (folder / "r2.yaml").write_text(unfinished, encoding="utf-8")
    shutil.copytree(EXAMPLES, desk / "reviews" / "norfolk-2017")
    assert run(["review", "check", "reviews"]) == 2
    assert last_lines(capsys.readouterr().out) == [
        "reviews/exemplar/a.yaml: cannot be used: 1 error",
        "reviews/exemplar/b.yaml: cannot be used: 1 error",
        "reviews/exemplar/c.yaml: cannot be used: 1 error",
        "reviews/exemplar/d.yaml: cannot be used: 1 error",
        "reviews/exemplar/panel.yaml: complete, 3 levels and 1 answer agreed",
        "reviews/exemplar/r1.yaml: complete, 6 levels and 6 answers",
        "reviews/exemplar/r2.yaml: unfinished: the recommendation to come",
        "reviews/norfolk-2017/panel.yaml: cannot be used: 3 errors",
        "reviews/norfolk-2017/r1.yaml: cannot be used: 2 errors",
        "reviews/norfolk-2017/r2.yaml: cannot be used: 2 errors",
    ]
    assert run(["review", "check", "reviews/exemplar/r1.yaml", "reviews/exemplar/r2.yaml"]) == 1


def test_nothing_found_is_an_error(desk, capsys):
    (desk / "reviews").mkdir()
    for name in ("reviews", "none.yaml", "reviews/*.yaml"):
        assert run(["review", "check", name]) == 2
        assert f"no reviewer's file found at {name}" in capsys.readouterr().err
    assert run(["review", "check", "bids/exemplar.yaml", "--bid", "none.yaml"]) == 2
    assert "cannot read none.yaml" in capsys.readouterr().err
    assert run(["review", "check", "bids/exemplar.yaml", "--bid", "bids/exemplar.yaml"]) == 2


def test_the_same_reviewer_twice_is_told_of(desk, capsys):
    shutil.copytree(EXAMPLES, desk / "reviews" / "exemplar")
    shutil.copy(EXAMPLES / "r1.yaml", desk / "reviews" / "exemplar" / "r3.yaml")
    assert run(["review", "check", "reviews"]) == 2
    assert "r1 has another file for this bid: reviews/exemplar/r1.yaml" in capsys.readouterr().out


def test_an_invalid_bid_holds_up_its_own_reviews_only(desk, capsys):
    shutil.copytree(EXAMPLES, desk / "reviews" / "broken")
    shutil.copytree(EXAMPLES, desk / "reviews" / "exemplar")
    (desk / "bids" / "broken.yaml").write_text("title: T\n")
    assert run(["review", "check", "reviews/broken/r1.yaml", "reviews/exemplar/r2.yaml"]) == 2
    out = capsys.readouterr().out
    assert "the bid bids/broken.yaml cannot be judged" in out
    assert last_lines(out)[-1] == "reviews/exemplar/r2.yaml: complete, 6 levels and 6 answers"


def test_a_pack_of_ones_own(desk, capsys):
    write_small_pack(desk / "small")
    assert run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1", "--pack", "./small"]) == 0
    assert run(["review", "check", "reviews", "--pack", "./small"]) == 1
    criterion = desk / "small" / "c1.yaml"
    criterion.write_text(criterion.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    capsys.readouterr()
    run(["review", "check", "reviews", "--pack", "./small"])
    assert "pack-changed" in capsys.readouterr().out


def test_a_bid_that_changed_is_said_and_the_new_digest_mends_it(desk, capsys):
    shutil.copytree(EXAMPLES, desk / "reviews" / "exemplar")
    bid = desk / "bids" / "exemplar.yaml"
    old = read(bid.as_posix()).sha256
    bid.write_text(bid.read_text(encoding="utf-8") + "# later\n", encoding="utf-8")
    assert run(["review", "check", "reviews/exemplar/r1.yaml"]) == 1
    out = capsys.readouterr().out
    assert last_lines(out) == ["reviews/exemplar/r1.yaml: unfinished: the bid has changed since"]
    (new,) = re.findall("[0-9a-f]{64}", out.split("put this here")[1])
    review = desk / "reviews" / "exemplar" / "r1.yaml"
    review.write_text(review.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert run(["review", "check", "reviews/exemplar/r1.yaml"]) == 0


def test_colour_is_for_terminals(desk, capsys):
    run(["review", "new", "bids/exemplar.yaml", "--reviewer", "r1"])
    run(["review", "check", "reviews", "--color", "always"])
    assert "\x1b[" in capsys.readouterr().out
    run(["review", "check", "reviews", "--color", "never"])
    assert "\x1b[" not in capsys.readouterr().out
