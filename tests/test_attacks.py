"""What an attacker once got through: each false pass and each wrong exit code, with the twin that must still work."""

import html
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_pack, pack_folder
from pioneer_cli.named_files import find_files
from pioneer_cli.reports import FORMATS
from pioneer_cli.shipped import shipped_folder

ROOT = Path(__file__).resolve().parent.parent
BID = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"


def pioneer(*arguments: str, cwd: Path, shell: str = "", **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs the command line; `shell` is put behind it, to close or redirect streams."""
    command = f'exec "{sys.executable}" -m pioneer_cli "$@" {shell}'
    return subprocess.run(
        ["sh", "-c", command, "pioneer", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    (tmp_path / "bid.yaml").write_text(BID, encoding="utf-8")
    return tmp_path


# --- Packs -----------------------------------------------------------------------------------------------------------


def test_a_folder_here_never_stands_in_for_a_pack_that_ships(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped_folder("criteria") / "pioneers-2013", desk / "pioneers-2013")
    pack = desk / "pioneers-2013" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("error", "note"), encoding="utf-8")
    monkeypatch.chdir(desk)
    assert pack_folder("pioneers-2013") == shipped_folder("criteria") / "pioneers-2013"
    assert pioneer("check", "bid.yaml", "-q", cwd=desk).returncode == 1


def test_a_folder_of_ones_own_is_named_as_one(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(shipped_folder("criteria") / "pioneers-2013", desk / "pioneers-2013")
    shutil.copytree(shipped_folder("criteria") / "pioneers-2013", desk / "ours")
    pack = desk / "ours" / "pack.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("name: pioneers-2013", "name: ours", 1), encoding="utf-8")
    monkeypatch.chdir(desk)
    assert pack_folder("./pioneers-2013") == Path("pioneers-2013")
    assert load_pack("ours").pack is not None


def test_an_empty_name_is_no_pack(desk: Path) -> None:
    assert pioneer("check", "bid.yaml", "--pack", "", cwd=desk).returncode == 2


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("with: {pages: 10}", "with: {pages: 9999}", "is not the pack's, which is 10"),
        ("page-limit: 10", "page-limit: 9999", "is not the pack's, which is 9999"),
        ("predicate: page-limit", "predicate: judged", "0 gates hold to the page limit"),
        ("  - c1-vision.yaml", "  - c1-vision.yaml\n  - c1-vision.yaml", "stands twice in the list"),
    ],
)
def test_a_pack_holds_to_its_own_page_limit_once(tmp_path: Path, old: str, new: str, told: str) -> None:
    folder = shutil.copytree(shipped_folder("criteria") / "pioneers-2013", tmp_path / "ours")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    assert old in text
    (folder / "pack.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")
    loaded = load_pack(folder.as_posix())
    assert loaded.pack is None
    assert told in " ".join(fault.message for fault in loaded.diagnostics)


def test_a_page_limit_inside_other_tests_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(shipped_folder("criteria") / "pioneers-2013", tmp_path / "ours")
    text = (folder / "pack.yaml").read_text(encoding="utf-8")
    wrapped = "predicate: all-of\n    with: {tests: [{predicate: page-limit, with: {pages: 10}}]}"
    text = text.replace("predicate: page-limit\n    with: {pages: 10}", wrapped, 1)
    (folder / "pack.yaml").write_text(text, encoding="utf-8")
    codes = {fault.code for fault in load_pack(folder.as_posix()).diagnostics}
    assert codes == {"page-gate", "duplicate-id"}  # the second for its name, which is that of a pack that ships


def test_a_pack_that_is_a_link_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "pack.yaml").symlink_to(shipped_folder("criteria") / "pioneers-2013" / "pack.yaml")
    with pytest.raises(PioneerError, match="leads out of the pack"):
        load_pack((tmp_path / "ours").as_posix())


# --- What states nothing ---------------------------------------------------------------------------------------------

HOLLOW = ["\u200b", "\u00a0", "\u202f ", "\u00ad", "\u034f", "\\", "…", "n/a", "TBC"]


@pytest.mark.parametrize("hollow", HOLLOW)
def test_hollow_text_in_every_field_scores_nothing(hollow: str) -> None:
    from pioneer_cli.bid import plain
    from pioneer_cli.judge import judge
    from pioneer_cli.pipeline import read_bid
    from pioneer_cli.source import read

    bid = read_bid(read((ROOT / "bids" / "exemplar.yaml").as_posix())).bid
    pack = load_pack("pioneers-2013").pack
    assert bid is not None
    assert pack is not None
    full = judge(pack, plain(bid), "submission", None)
    prose = judge(pack, hollowed(plain(bid), hollow), "submission", None)
    assert full.low > 85
    assert prose.low < full.low / 2


def hollowed(part: object, text: str, key: str = "") -> object:
    """The bid with nothing in any text that is not from a closed list or an id."""
    kept = {"id", "lead", "kind", "support", "group", "service", "framework", "option", "degree", "basis", "evidence"}
    if isinstance(part, dict):
        return {name: hollowed(value, text, name) for name, value in part.items()}
    if isinstance(part, list):
        return [hollowed(value, text, key) for value in part]
    return text if isinstance(part, str) and key not in kept else part


@pytest.mark.parametrize("text", ["n/a " * 40, "blah " * 40, "… " * 40, "- " * 40, "care and more care " * 10])
def test_the_same_words_over_and_over_say_nothing(text: str) -> None:
    from pioneer_cli.predicates import PREDICATES, Facts, Test, run

    words = PREDICATES["words"]
    test = Test(("a",), words, words.arguments.model_validate({"at_least": 30}))
    assert run(test, Facts({"a": text})).high == 0


# --- Nothing passes because nothing ran ------------------------------------------------------------------------------


def test_a_shell_s_completion_cannot_stand_in_for_a_check(desk: Path) -> None:
    finished = pioneer("check", "nowhere.yaml", cwd=desk, _PIONEER_COMPLETE="complete_bash")
    assert finished.returncode == 2


def test_a_folder_that_cannot_be_read_stops_the_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.yaml").write_text(BID, encoding="utf-8")
    (tmp_path / "closed").mkdir()
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(PioneerError, match="Permission denied"):
        find_files([str(tmp_path)])


def test_folders_are_searched_through_links_and_whatever_the_case_of_the_ending(tmp_path: Path) -> None:
    (tmp_path / "bids").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "B.YAML").write_text(BID, encoding="utf-8")
    (tmp_path / "bids" / "linked").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "bids" / "back").symlink_to(tmp_path / "bids")
    (tmp_path / "bids" / "notes.txt").write_text(BID, encoding="utf-8")
    assert find_files([str(tmp_path / "bids")]) == [f"{tmp_path.as_posix()}/bids/linked/B.YAML"]


def test_a_pattern_that_matches_a_folder_searches_it(tmp_path: Path) -> None:
    (tmp_path / "bids").mkdir()
    (tmp_path / "bids" / "a.yaml").write_text(BID, encoding="utf-8")
    assert find_files([f"{tmp_path}/*"]) == [f"{tmp_path.as_posix()}/bids/a.yaml"]


def test_a_file_called_dash_is_not_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("-").write_text(BID, encoding="utf-8")
    assert find_files(["./-"]) == ["./-"]
    assert find_files(["-"]) == ["-"]
    assert find_files(["-", "./-", "-"]) == ["-", "./-"]


def test_standard_input_does_not_hide_a_file_called_dash(desk: Path) -> None:
    (desk / "-").write_text(BID.replace("A bid", "Another"), encoding="utf-8")
    piped = pioneer("check", "-", "./-", "--no-pages", "--format", "json", cwd=desk, shell="<bid.yaml")
    assert [bid["file"] for bid in json.loads(piped.stdout)["bids"]] == ["<stdin>", "./-"]


PATTERNS = ["bids/*/bid.yaml", "bids/*/*.yaml", "bids/**/*.yaml", "**/bid.yaml", "*", "bids/**"]


@pytest.fixture
def two_bids(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `bids` with two bids in folders of their own, within the current one."""
    monkeypatch.chdir(tmp_path)
    for name in ("a", "closed"):
        (tmp_path / "bids" / name).mkdir(parents=True)
        (tmp_path / "bids" / name / "bid.yaml").write_text(BID, encoding="utf-8")
    return tmp_path / "bids"


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern_stops_at_a_folder_that_cannot_be_read(
    two_bids: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    assert find_files([pattern]) == ["bids/a/bid.yaml", "bids/closed/bid.yaml"]

    def refusing(known: Callable[..., Any], closed: Callable[[Path], bool]) -> Callable[..., Any]:
        def refuse(path: Any = ".", *arguments: Any, **options: Any) -> Any:
            if not isinstance(path, int) and closed(Path(os.fspath(path))):
                raise PermissionError(13, "Permission denied", str(path))
            return known(path, *arguments, **options)

        return refuse

    for name in ("scandir", "listdir"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), lambda path: path.name == "closed"))
    for name in ("stat", "lstat"):
        monkeypatch.setattr(os, name, refusing(getattr(os, name), lambda path: path.parent.name == "closed"))
    with pytest.raises(PioneerError, match="Permission denied"):
        find_files([pattern])


@pytest.mark.parametrize("named", ["bids", *PATTERNS])
def test_a_link_to_a_folder_that_is_not_there_stops_the_run(two_bids: Path, named: str) -> None:
    (two_bids / "linked").symlink_to("../elsewhere")
    with pytest.raises(PioneerError, match="bids/linked is a link that leads nowhere"):
        find_files([named])


@pytest.mark.parametrize("named", ["bids", *PATTERNS])
def test_a_hidden_link_to_nothing_is_left_alone(two_bids: Path, named: str) -> None:
    (two_bids / ".#lock").symlink_to("nobody@nowhere")  # as Emacs leaves beside a file that is being changed
    assert find_files([named]) == ["bids/a/bid.yaml", "bids/closed/bid.yaml"]


@pytest.mark.parametrize("named", ["bids", *PATTERNS])
def test_what_a_package_manager_put_there_is_no_bid_unless_it_is_named(two_bids: Path, named: str) -> None:
    for folder, mark in (("node_modules/some", "index.js"), ("venv/lib", "../pyvenv.cfg")):
        (two_bids / folder).mkdir(parents=True)
        (two_bids / folder / "pack.yaml").write_text("kind: x\n", encoding="utf-8")
        (two_bids / folder / mark).write_text("", encoding="utf-8")
    assert find_files([named]) == ["bids/a/bid.yaml", "bids/closed/bid.yaml"]
    assert find_files(["bids/venv"]) == ["bids/venv/lib/pack.yaml"]


def test_a_pattern_follows_a_link_to_a_folder_as_a_folder_does(two_bids: Path) -> None:
    (two_bids / "closed").rename("elsewhere")
    (two_bids / "linked").symlink_to("../elsewhere")
    (two_bids / "back").symlink_to("../bids")
    found = ["bids/a/bid.yaml", "bids/linked/bid.yaml"]
    assert find_files(["bids"]) == find_files(["bids/**/*.yaml"]) == found


# --- Streams and files -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", [">&-", "2>&-", ">&- 2>&-", "<&-", "2>/dev/full"])
@pytest.mark.parametrize(("file", "code"), [("bid.yaml", 1), ("nowhere.yaml", 2)])
def test_closed_and_full_streams_change_no_exit_code(desk: Path, shell: str, file: str, code: int) -> None:
    assert pioneer("check", file, "-q", cwd=desk, shell=shell).returncode == code


def test_notes_never_end_up_in_a_pdf(desk: Path) -> None:
    finished = pioneer("render", "bid.yaml", "-o", "-", cwd=desk, shell="2>&-")
    assert finished.returncode == 0
    assert finished.stdout.rstrip().endswith(b"%%EOF")


def test_faults_of_a_bid_never_end_up_in_a_pdf(desk: Path) -> None:
    (desk / "bad.yaml").write_text("titel: x\n", encoding="utf-8")
    finished = pioneer("render", "bad.yaml", "-o", "-", cwd=desk)
    assert (finished.returncode, finished.stdout) == (2, b"")
    assert b"did you mean `title`?" in finished.stderr


def test_an_empty_output_name_is_a_mistake(desk: Path) -> None:
    assert pioneer("render", "bid.yaml", "-o", "", cwd=desk).returncode == 2
    assert sorted(path.name for path in desk.iterdir()) == ["bid.yaml"]


def test_no_folder_for_temporary_files_is_no_bug(desk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pioneer_cli import typeset

    def refuse(prefix: str) -> object:
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setattr(typeset, "TemporaryDirectory", refuse)
    with pytest.raises(typeset.TypesetError, match="no folder for temporary files"):
        typeset.typeset({"main.typ": b"x"})


@pytest.mark.parametrize("name", ["COLUMNS", "LINES"])
def test_a_width_that_is_no_number_is_no_bug(desk: Path, name: str) -> None:
    found = pioneer("check", "bid.yaml", cwd=desk, **{name: "²"})
    assert (found.returncode, found.stderr) == (1, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no full disk at hand")
def test_help_that_cannot_be_written_is_no_bug(desk: Path) -> None:
    assert pioneer("--help", cwd=desk, shell=">/dev/full").returncode == 2


# --- What is kept between runs ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("damage", [b"", b"x", b"\x00" * 5000, None], ids=["empty", "short", "zeros", "one byte"])
def test_a_damaged_compiled_template_is_compiled_anew(
    desk: Path, monkeypatch: pytest.MonkeyPatch, damage: bytes | None
) -> None:
    kept = desk / "kept"
    kept.mkdir()
    assert pioneer("check", "bid.yaml", cwd=desk, TMPDIR=str(kept)).returncode == 1
    (compiled,) = [path for path in kept.rglob("*.cache") if path.stat().st_size > 5000]
    sound = compiled.read_bytes()
    compiled.write_bytes(sound[:3000] + bytes([sound[3000] ^ 1]) + sound[3001:] if damage is None else damage)
    found = pioneer("check", "bid.yaml", cwd=desk, TMPDIR=str(kept))
    assert (found.returncode, found.stderr) == (1, b"")
    assert compiled.read_bytes() == sound


# --- Build servers, which obey what they are shown -------------------------------------------------------------------

ORDERS = ["::error::x", "   ::add-mask::e", "##[add-mask]e", "a ##[stop-commands]", "##vso[task.x]e", "###VSO[a]b"]


def obeyed(printed: str) -> list[str]:
    """The lines in which a build server would find an order."""
    return [line for line in printed.splitlines() if re.search(r"(?i)^\s*::|##(vso)?\[", line)]


@pytest.mark.parametrize("shape", [name for name in FORMATS if name != "github"])
def test_a_report_gives_a_build_server_no_orders(desk: Path, shape: str) -> None:
    for number, order in enumerate(ORDERS):
        (desk / f"{order}.yaml").write_text(f"{BID}wrong: |\n  {order}\n{order!r}: 1\n", encoding="utf-8")
        (desk / f"good{number}.yaml").write_text(BID.replace("A bid", repr(order)), encoding="utf-8")
    found = pioneer("check", ".", "--format", shape, "--min-score", "50", cwd=desk)
    printed = (found.stdout + found.stderr).decode()
    assert obeyed(printed) == []
    if shape == "json":
        assert set(ORDERS) <= {bid["title"] for bid in json.loads(found.stdout)["bids"]}


OTHER_REPORTS = [
    *(f"pages --format {shape}" for shape in ("text", "json", "csv", "html", "markdown")),
    *(f"gaps --format {shape}" for shape in ("text", "json", "csv")),
    *(f"matrix --format {shape}" for shape in ("text", "json", "csv")),
    *(f"diff --no-pages bid.yaml --format {shape}" for shape in ("text", "json", "markdown", "html")),
]


@pytest.mark.parametrize("command", OTHER_REPORTS)
@pytest.mark.parametrize("name", ["::error file=a::b.yaml", "##vso[a]##[b].yaml"])
def test_no_other_report_gives_a_build_server_orders(desk: Path, command: str, name: str) -> None:
    title = "::a ##vso[task.x]e ##[group]f"
    summary = "summary: |\n  ::error::x\\\n  ::add-mask::y and ##vso[z] ##[w]\n"
    (desk / name).write_text(f"{BID.replace('A bid', json.dumps(title))}{summary}", encoding="utf-8")
    found = pioneer(*command.split(), name, cwd=desk)
    printed = (found.stdout + found.stderr).decode()
    assert found.returncode in (0, 1), printed
    assert obeyed(printed) == []
    if "json" in command:
        assert {name, *(() if "diff" in command else (title,))} <= set(
            re.findall(r'"((?:[^"\\]|\\.)*)"', printed.replace(r"\u0023", "#"))
        )
    if command == "pages --format html":
        assert f": {title}</title>" in html.unescape(printed)


def test_what_only_looks_like_an_order_is_left_as_it_is(desk: Path) -> None:
    (desk / "b.yaml").write_text(BID.replace("A bid", '"No ## [order] a::b #[c] #vso[d]"'), encoding="utf-8")
    for shape in ("json", "csv", "html"):
        found = pioneer("pages", "b.yaml", "--format", shape, cwd=desk)
        assert b"No ## [order] a::b #[c] #vso[d]" in found.stdout


def test_a_document_of_many_lines_gives_a_build_server_no_orders() -> None:
    from pioneer_cli.formats.html import escaped

    text = "a\n ::error::x\n##vso[b]##[c] d::e ## f"
    assert obeyed(escaped(text)) == []
    assert html.unescape(escaped(text)) == text
    assert escaped("d::e ## f\n:g #[h]") == "d::e ## f\n:g #[h]"
