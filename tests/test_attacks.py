"""What an attacker once got through: each false pass and each wrong exit code, with the twin that must still work."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from pioneer_cli.errors import PioneerError
from pioneer_cli.load_pack import load_pack, pack_folder
from pioneer_cli.shipped import shipped_folder
from pioneer_cli.source import find_files

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
    monkeypatch.chdir(desk)
    assert pack_folder("./pioneers-2013") == Path("pioneers-2013")
    assert load_pack("ours").pack is not None


def test_an_empty_name_is_no_pack(desk: Path) -> None:
    assert pioneer("check", "bid.yaml", "--pack", "", cwd=desk).returncode == 2


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
