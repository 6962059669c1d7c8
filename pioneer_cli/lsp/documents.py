"""What is open in an editor: each text with its version, what was found in it, and the work that is under way.

A change ends the work on what it replaces, so an older result never takes the place of a newer one. Reading and
judging run in one thread and typesetting in another, which leaves the interpreter free; the editor's messages are
answered meanwhile.
"""

import asyncio
import re
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from pioneer_cli.assessment import Report
from pioneer_cli.diagnostics import Severity, Span
from pioneer_cli.lsp.checking import Looked, count, look_at
from pioneer_cli.lsp.diagnostics import Marked, marked
from pioneer_cli.lsp.meter import Fresh, Reading, meter
from pioneer_cli.lsp.settings import Settings
from pioneer_cli.source import Source

PAUSE = 0.03  # seconds without a change before the pages are counted, so that quick typing is not typeset key by key
LONGEST_WAIT = 2.0  # seconds; then what is known is answered, and says what it is of
_CALL = re.compile(r"^call[ \t]*:", re.MULTILINE)
_ENDINGS = (".yaml", ".yml")
_BUG = "this is a bug in pioneer, not a fault of yours; `pioneer lsp --debug` writes its traceback to the editor's log"


@dataclass(eq=False, slots=True)
class OpenDocument:
    """One open text. `looked` is of the newest version that was judged, `counted` of the last whose pages are known.

    The events are set while nothing is under way for the newest version: judged by its content, and with its pages.
    `owed` is whether an editor was given page counts that were not those of its text.
    """

    uri: str
    text: str
    version: int | None
    is_yaml: bool
    is_bid: bool = False
    looked: Looked | None = None
    report: Report | None = None
    counted: Report | None = None
    content: object = None  # what the text held when it last could be read
    marks: list[Marked] = field(default_factory=list)
    owed: bool = False
    is_judged: asyncio.Event = field(default_factory=asyncio.Event)
    is_counted: asyncio.Event = field(default_factory=asyncio.Event)
    work: "asyncio.Task[None] | None" = None

    @property
    def name(self) -> str:
        """What diagnostics call the file."""
        return PurePosixPath(self.uri).name or self.uri

    @property
    def source(self) -> Source | None:
        """The newest version that was read."""
        return self.looked.source if self.looked else None

    @property
    def fresh(self) -> Fresh:
        """Which text the pages are of."""
        if self.is_counted.is_set():
            return "now" if self.counted is not None and self.counted is self.report else "before-fault"
        return "before-edit"

    def readings(self) -> list[Reading]:
        """The page meter; nothing for what is no bid, and for a bid of which nothing is known yet."""
        if not self.is_bid or self.source is None or (self.counted is None and not self.is_counted.is_set()):
            return []
        return meter(self.source, self.counted.pages if self.counted else None, self.fresh)


def is_bid(text: str, uri: str) -> bool:
    """Whether a YAML file is a bid: it names a call, or it is called bid.yaml."""
    return bool(_CALL.search(text)) or PurePosixPath(uri).name in ("bid.yaml", "bid.yml")


class OpenDocuments:
    """All open texts.

    `publish` is called with a document whose marks are known anew, or are gone; `recounted` with one that has new pages
    where an editor was given old ones. With `debug` a bug in pioneer leaves its traceback on standard error.
    """

    def __init__(
        self,
        settings: Settings,
        publish: Callable[[OpenDocument], None],
        recounted: Callable[[], None],
        *,
        debug: bool = False,
    ) -> None:
        self.settings = settings
        self._publish = publish
        self._recounted = recounted
        self._debug = debug
        self._by_uri: dict[str, OpenDocument] = {}
        self._judges = ThreadPoolExecutor(1, thread_name_prefix="judge")
        self._presses = ThreadPoolExecutor(1, thread_name_prefix="press")

    def get(self, uri: str) -> OpenDocument | None:
        """The open document of an address."""
        return self._by_uri.get(uri)

    def open(self, uri: str, text: str, version: int | None, language: str) -> None:
        """Takes in a text and begins to judge it."""
        self.close(uri)
        self._by_uri[uri] = OpenDocument(uri, text, version, "yaml" in language or uri.lower().endswith(_ENDINGS))
        self.check(uri)

    def change(self, uri: str, edit: Callable[[str], str], version: int | None) -> None:
        """Changes a text and judges it anew; what was under way for the old one is dropped."""
        document = self._by_uri.get(uri)
        if document is not None:
            document.text, document.version = edit(document.text), version
            self.check(uri)

    def close(self, uri: str) -> None:
        """Forgets a text and takes its marks away."""
        document = self._by_uri.pop(uri, None)
        if document is not None:
            _stop(document)
            if document.is_bid:
                document.marks = []
                self._publish(document)
            _settle(document)

    def check_all(self, settings: Settings) -> None:
        """Judges everything anew, by other settings."""
        self.settings = settings
        for uri, document in self._by_uri.items():
            document.counted = None  # by another template, it may be
            self.check(uri)

    def check(self, uri: str) -> None:
        """Begins to judge a document as it now is; one that is no bid, and was none, is left alone."""
        document = self._by_uri.get(uri)
        if document is None:
            return
        _stop(document)
        document.is_bid = document.is_yaml and (document.is_bid or is_bid(document.text, uri))
        if document.is_bid:
            document.is_judged.clear()
            document.is_counted.clear()
            document.work = asyncio.get_running_loop().create_task(self._check(document))
        else:
            _settle(document)

    def finish(self) -> None:
        """Ends all work, and waits for a typesetter at work to clear up its folder."""
        self._judges.shutdown(wait=False, cancel_futures=True)
        self._presses.shutdown(wait=True, cancel_futures=True)

    async def _check(self, document: OpenDocument) -> None:
        try:
            await self._judge_and_count(document)
        except Exception as error:
            if self._debug:
                traceback.print_exception(error)
            document.report = None
            document.marks = [Marked(Span.of(1, 1, 1, 1), Severity.ERROR, "bug", _BUG)]
            self._publish(document)
        _settle(document)
        if document.owed:
            document.owed = False
            self._recounted()

    async def _judge_and_count(self, document: OpenDocument) -> None:
        """The marks without the pages, and after a pause those with them; a change cancels this at either wait."""
        loop = asyncio.get_running_loop()
        looked = await loop.run_in_executor(self._judges, look_at, document.text, document.name, self.settings)
        document.looked, document.report = looked, looked.report
        if looked.source.content is not None:
            document.content = looked.source.content
        document.marks = marked(looked.report, document.counted)
        self._publish(document)
        document.is_judged.set()
        if looked.tree is None:
            return
        await asyncio.sleep(PAUSE)
        document.report = await loop.run_in_executor(self._presses, count, looked, self.settings)
        if document.report.pages is not None:
            document.counted = document.report
        document.marks = marked(document.report)
        self._publish(document)


def _stop(document: OpenDocument) -> None:
    if document.work is not None:
        document.work.cancel()
        document.work = None


def _settle(document: OpenDocument) -> None:
    document.is_judged.set()
    document.is_counted.set()


async def wait_for(event: asyncio.Event) -> None:
    """Waits until something is known of the newest version, but not for ever."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), LONGEST_WAIT)
