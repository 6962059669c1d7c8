"""What is open in an editor: which result is shown of which version, with stages that wait for a test's leave."""

import asyncio
import threading
from collections.abc import Awaitable, Callable

import pytest

from pioneer_cli.lsp import documents
from pioneer_cli.lsp.checking import Looked, count, look_at
from pioneer_cli.lsp.documents import OpenDocument, OpenDocuments, wait_for
from pioneer_cli.lsp.settings import Settings

BID = "call: pioneers-2013\ntitle: A bid\narea: {name: Somewhere}\n"
URI = "file:///work/bid.yaml"


class Desk:
    """Open documents and all that was published: versions with the codes of their marks."""

    def __init__(self, *, debug: bool = False) -> None:
        self.published: list[tuple[int | None, set[str]]] = []
        self.recounted = 0
        self.open = OpenDocuments(Settings(), self._publish, self._recount, debug=debug)

    def _publish(self, document: OpenDocument) -> None:
        self.published.append((document.version, {mark.code for mark in document.marks}))

    def _recount(self) -> None:
        self.recounted += 1

    @property
    def document(self) -> OpenDocument:
        found = self.open.get(URI)
        assert found is not None
        return found


def during(desk: Desk, work: Callable[[], Awaitable[None]]) -> None:
    """Runs a test's work in a loop of its own, and ends what it began."""

    async def run() -> None:
        await work()

    try:
        asyncio.run(run())
    finally:
        desk.open.finish()


def test_a_text_is_published_by_its_content_and_then_with_its_pages() -> None:
    desk = Desk()

    async def work() -> None:
        desk.open.open(URI, BID, 1, "yaml")
        assert desk.document.readings() == []  # nothing is known yet, and nothing is made up
        await desk.document.is_judged.wait()
        assert desk.document.fresh == "before-edit"
        await desk.document.is_counted.wait()
        assert desk.document.fresh == "now"
        assert desk.document.readings()[0].text.endswith(" of 10 pages")

    during(desk, work)
    assert [version for version, _ in desk.published] == [1, 1]


def test_the_result_of_an_older_version_is_never_published(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, go_on, began = Desk(), threading.Event(), threading.Event()

    def slow(text: str, name: str, settings: Settings) -> Looked:
        if "title" in text:
            began.set()
            assert go_on.wait(60)
        return look_at(text, name, settings)

    monkeypatch.setattr(documents, "look_at", slow)

    async def work() -> None:
        desk.open.open(URI, BID, 1, "yaml")
        await asyncio.to_thread(began.wait, 60)  # version 1 is being read
        desk.open.change(URI, lambda text: text.replace("title", "tittle"), 2)
        desk.open.change(URI, lambda text: text.replace("tittle", "ti"), 3)
        go_on.set()
        await desk.document.is_counted.wait()

    during(desk, work)
    assert desk.published == [(3, {"unknown-key", "missing-key"})]


def test_old_pages_are_told_to_be_old_and_the_editor_is_asked_to_look_again(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, go_on = Desk(), threading.Event()
    monkeypatch.setattr(documents, "LONGEST_WAIT", 0.01)

    async def work() -> None:
        desk.open.open(URI, BID, 1, "yaml")
        await desk.document.is_counted.wait()
        monkeypatch.setattr(documents, "count", lambda *given: go_on.wait(60) and count(*given))
        desk.open.change(URI, lambda text: text + "summary: x\n", 2)
        await wait_for(desk.document.is_counted)
        assert not desk.document.is_counted.is_set()
        desk.document.owed = True  # as the server notes when it answers nevertheless
        assert all(reading.text.endswith("before the last edit") for reading in desk.document.readings())
        go_on.set()
        await desk.document.is_counted.wait()
        assert not any("before" in reading.text for reading in desk.document.readings())

    during(desk, work)
    assert desk.recounted == 1


def test_a_bug_is_told_in_the_file_and_the_next_edit_is_judged_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    desk = Desk(debug=True)

    def broken(*given: object) -> Looked:
        raise ZeroDivisionError

    async def work() -> None:
        monkeypatch.setattr(documents, "look_at", broken)
        desk.open.open(URI, BID, 1, "yaml")
        await desk.document.is_counted.wait()
        monkeypatch.setattr(documents, "look_at", look_at)
        desk.open.change(URI, lambda text: text, 2)
        await desk.document.is_counted.wait()

    during(desk, work)
    assert desk.published[0] == (1, {"bug"})
    assert "bug" not in desk.published[-1][1]
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_what_is_closed_is_forgotten_with_its_marks_and_whoever_waits_goes_on() -> None:
    desk = Desk()

    async def work() -> None:
        desk.open.open(URI, BID, 1, "yaml")
        document = desk.document
        desk.open.close(URI)
        await asyncio.wait_for(document.is_counted.wait(), 60)
        assert desk.open.get(URI) is None
        desk.open.change(URI, lambda text: text, 2)  # of what is not open
        desk.open.check(URI)
        desk.open.close(URI)

    during(desk, work)
    assert desk.published == [(1, set())]


def test_a_bid_stays_one_while_its_call_is_being_written_anew() -> None:
    desk = Desk()
    uri = "file:///work/ours.yaml"

    async def work() -> None:
        desk.open.open(uri, "title: x\n", 1, "yaml")
        found = desk.open.get(uri)
        assert found is not None
        assert not found.is_bid
        desk.open.change(uri, lambda text: BID, 2)
        await found.is_counted.wait()
        desk.open.change(uri, lambda text: text.replace("call: pioneers-2013\n", "ca\n"), 3)
        await found.is_counted.wait()
        assert found.is_bid
        assert found.fresh == "before-fault"

    during(desk, work)
    assert [version for version, _ in desk.published] == [2, 2, 3]
    assert desk.published[-1][1] == {"yaml-colon"}


def test_other_settings_judge_everything_anew() -> None:
    desk = Desk()

    async def work() -> None:
        desk.open.open(URI, BID, 1, "yaml")
        await desk.document.is_counted.wait()
        desk.open.check_all(Settings(pack="integration-statement"))
        await desk.document.is_counted.wait()

    during(desk, work)
    assert "language-is-shared" in desk.published[-1][1] - desk.published[0][1]
