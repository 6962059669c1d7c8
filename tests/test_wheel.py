"""What users get: the wheel, built, installed into a clean virtual environment, and run in an empty folder.

Built once for all tests, whichever worker comes first.
"""

import fcntl
import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pioneer_cli

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.xdist_group("wheel")
# Nothing of this checkout, nor of how these tests are run, may help the installed program.
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIONEER", "COV"))}
ENVIRONMENT |= {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1", "COLUMNS": "80", "NO_COLOR": "1"}


def run(*command: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def succeed(*command: str | Path, folder: Path) -> None:
    finished = run(*command, folder=folder)
    assert finished.returncode == 0, finished.stdout + finished.stderr


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with the wheel in `dist` and, in `venv`, a clean environment into which it was installed."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "wheel"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "ready").exists():
            succeed(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "dist", ROOT, folder=folder)
            (wheel,) = (folder / "dist").iterdir()
            succeed(sys.executable, "-m", "venv", folder / "venv", folder=folder)
            succeed(folder / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel, folder=folder)
            (folder / "ready").touch()
    return folder


@pytest.fixture(scope="session")
def contents(built):
    """The names of the files in the wheel."""
    (wheel,) = (built / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.fixture
def pioneer(built, tmp_path):
    """Runs the installed program in an empty folder."""

    def start(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(built / "venv" / "bin" / "pioneer", *arguments, folder=tmp_path)

    return start


def test_the_wheel_is_for_every_machine(built):
    (wheel,) = (built / "dist").iterdir()
    assert wheel.name == f"pioneer_cli-{pioneer_cli.__version__}-py3-none-any.whl"


@pytest.mark.parametrize(
    "name",
    [
        "pioneer_cli/py.typed",
        "pioneer_cli/bid.schema.json",
        "pioneer_cli/reports/report.schema.json",
        "pioneer_cli/review.schema.json",
        "pioneer_cli/replies.schema.json",
        "pioneer_cli/proof.schema.json",
        "pioneer_cli/reports/verification.schema.json",
        "pioneer_cli/reports/gaps.schema.json",
        "pioneer_cli/criteria/pioneers-2013/pack.yaml",
        "pioneer_cli/criteria/pioneers-2013/reading.yaml",
        "pioneer_cli/templates/eoi/feedback.xml.jinja",
        "pioneer_cli/templates/eoi/bid.xml.jinja",
        "pioneer_cli/templates/eoi/style.typ",
        "pioneer_cli/templates/eoi/style.css",
    ],
)
def test_the_wheel_holds_what_the_program_needs(contents, name):
    assert name in contents


@pytest.mark.parametrize(("source", "target"), [("pioneer_cli", "pioneer_cli"), ("criteria", "pioneer_cli/criteria"),
                                                ("templates", "pioneer_cli/templates")])  # fmt: skip
def test_the_wheel_holds_every_file_of_the_program_its_packs_and_its_templates(contents, source, target):
    wanted = {
        f"{target}/{path.relative_to(ROOT / source).as_posix()}"
        for path in (ROOT / source).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert len(wanted) >= 2
    assert wanted <= set(contents)


def test_the_wheel_holds_nothing_else(contents):
    folders = {name.split("/", maxsplit=1)[0] for name in contents}
    assert folders == {"pioneer_cli", f"pioneer_cli-{pioneer_cli.__version__}.dist-info"}
    assert [name for name in contents if "test" in name.lower() or "__pycache__" in name] == []


def test_the_installed_program_is_not_this_checkout(built, tmp_path):
    python = built / "venv" / "bin" / "python"
    finished = run(python, "-c", "import pioneer_cli; print(pioneer_cli.__file__)", folder=tmp_path)
    assert Path(finished.stdout.strip()).is_relative_to(built / "venv")


def test_the_installed_program_has_all_that_it_requires(built, tmp_path):
    succeed(built / "venv" / "bin" / "python", "-m", "pip", "check", folder=tmp_path)


def test_it_tells_its_version(pioneer):
    assert pioneer("--version").stdout == f"pioneer {pioneer_cli.__version__}\n"


def test_it_writes_a_bid_and_finds_it_fit_for_a_draft(pioneer, tmp_path):
    assert pioneer("new", "bid.yaml").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bid.schema.json", "bid.yaml"]
    finished = pioneer("check", "bid.yaml", "--phase", "draft")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.splitlines()[-1].startswith("bid.yaml: later-cohort (draft); 0.0 of 100, 1 of 10 pages")


def test_it_judges_the_exemplar_as_this_checkout_does(pioneer, tmp_path):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", tmp_path / "bid.yaml")
    finished = pioneer("check", "bid.yaml")
    assert (finished.returncode, finished.stderr) == (0, "")
    golden = (Path(__file__).parent / "scenarios" / "check-exemplar.txt").read_text(encoding="utf-8")
    assert finished.stdout == golden.split("=== stdout\n")[1].split("=== files\n")[0]


def test_it_explains(pioneer):
    finished = pioneer("explain", "C3b")
    assert (finished.returncode, finished.stderr) == (0, "")
    assert finished.stdout.startswith("C3b, a consideration under C3 Commitment across the local area\n")


def test_it_renders_a_pdf(pioneer, tmp_path):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", tmp_path / "bid.yaml")
    finished = pioneer("render", "bid.yaml", "-o", "eoi.pdf")
    assert finished.returncode == 0
    assert finished.stderr.startswith("eoi.pdf: 10 of 10 pages (")
    assert (tmp_path / "eoi.pdf").read_bytes().startswith(b"%PDF-")


def test_it_reports_gaps_and_begins_a_review(pioneer, tmp_path):
    shutil.copy(ROOT / "bids" / "exemplar.yaml", tmp_path / "exemplar.yaml")
    finished = pioneer("gaps", "exemplar.yaml", "-o", "gaps.html")
    assert (finished.returncode, finished.stdout) == (0, "")
    assert "passages-that-speak-to-it" in (tmp_path / "gaps.html").read_text(encoding="utf-8")
    assert pioneer("review", "new", "exemplar.yaml", "--reviewer", "r1").returncode == 0
    assert (tmp_path / "reviews" / "exemplar" / "review.schema.json").is_file()
    finished = pioneer("questions", "exemplar.yaml", "-o", "questions.pdf")
    assert (finished.returncode, (tmp_path / "questions.pdf").read_bytes()[:5]) == (0, b"%PDF-")


def test_it_prints_the_schema(pioneer):
    finished = pioneer("schema", "bid")
    assert json.loads(finished.stdout)["$id"] == "urn:pioneer:schema:bid:1"


def test_it_runs_as_a_module_too(built, tmp_path):
    finished = run(built / "venv" / "bin" / "python", "-m", "pioneer_cli", "--version", folder=tmp_path)
    assert finished.stdout == f"pioneer {pioneer_cli.__version__}\n"
