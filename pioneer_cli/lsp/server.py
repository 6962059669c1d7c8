"""Speaks the Language Server Protocol over standard input and output; what an editor asks, other modules answer.

Standard output carries the protocol and nothing else. The process ends with 0 when it was asked to shut down first.
"""

import gc
import logging
import os
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import Any, BinaryIO

from lsprotocol import types
from pygls.capabilities import get_capability
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from pioneer_cli import __version__
from pioneer_cli.lsp import wire
from pioneer_cli.lsp.completion import suggestions
from pioneer_cli.lsp.documents import OpenDocument, OpenDocuments, wait_for
from pioneer_cli.lsp.hover import hover
from pioneer_cli.lsp.markup import as_markdown, as_text
from pioneer_cli.lsp.positions import ENCODINGS, Encoding, changed
from pioneer_cli.lsp.quick_fixes import fixes
from pioneer_cli.lsp.references import definition
from pioneer_cli.lsp.settings import SECTION, Settings, read_settings
from pioneer_cli.source import split_lines

_ENDED, _LOST = 0, 1  # exit codes, as the protocol has them
_LENS, _HINTS = types.TEXT_DOCUMENT_CODE_LENS, types.TEXT_DOCUMENT_INLAY_HINT


class Server(LanguageServer):
    """The language server with its open documents and what the editor can do."""

    def __init__(self, settings: Settings, *, debug: bool = False) -> None:
        super().__init__("pioneer", __version__)
        self.documents = OpenDocuments(settings, self._publish, self._show_meter_again, debug=debug)
        self.started_with = settings
        self.root: Path | None = None
        self.options: object = None  # what came with `initialize`; what the editor's settings leave open rests on them
        self.asked_to_end = False
        self.interrupted = False

    @property
    def encoding(self) -> Encoding:
        """How the editor counts columns."""
        chosen = self.workspace.position_encoding
        return next((encoding for encoding in ENCODINGS if encoding == chosen), "utf-16")

    def page(self, document: OpenDocument) -> wire.Page:
        """The document as the editor has it."""
        return wire.Page(document.uri, split_lines(document.text), self.encoding)

    def take_settings(self, given: object) -> None:
        """Judges by the editor's settings from now on; tells of what cannot be taken."""
        settings, wrong = read_settings(self.options, self.started_with, self.root)
        settings, more = read_settings(given, settings, self.root)
        for message in dict.fromkeys((*wrong, *more)):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Error, message))
        if settings != self.documents.settings:
            self.documents.check_all(settings)

    def interrupt(self, number: int, frame: FrameType | None) -> None:
        """Ctrl-C ends the conversation; the library that holds it would pass over that in silence."""
        self.interrupted = True
        raise KeyboardInterrupt

    def shutdown(self) -> None:
        """Leaves without waiting for the thread that reads, which may wait for an editor that is gone."""
        self.thread_pool.shutdown(wait=False, cancel_futures=True)

    def _publish(self, document: OpenDocument) -> None:
        page = self.page(document)
        marks = [wire.diagnostic(page, mark) for mark in document.marks]
        params = types.PublishDiagnosticsParams(document.uri, marks, version=document.version)
        self.text_document_publish_diagnostics(params)

    def _show_meter_again(self) -> None:
        can, shown = self.client_capabilities, self.protocol.fm.features
        if _LENS in shown and get_capability(can, "workspace.code_lens.refresh_support", False):
            self.workspace_code_lens_refresh(None)
        if _HINTS in shown and get_capability(can, "workspace.inlay_hint.refresh_support", False):
            self.workspace_inlay_hint_refresh(None)


def serve(settings: Settings, *, debug: bool = False) -> int:
    """Answers an editor until it ends the conversation, and gives the exit code. Raises KeyboardInterrupt.

    The editor's own settings stand above those that are given here.
    """
    gc.enable()  # a command lives for a moment and goes without; an editor stays open all day
    gc.freeze()  # what is loaded so far stays, and need not be looked through again and again
    logging.getLogger("pygls").setLevel(logging.INFO if debug else logging.CRITICAL)
    logging.basicConfig(stream=sys.stderr)
    server = ready(settings, debug=debug)
    before = signal.signal(signal.SIGINT, server.interrupt)
    try:
        server.start_io(sys.stdin.buffer, _standard_output())
    finally:
        signal.signal(signal.SIGINT, before)
        server.documents.finish()
    if server.interrupted:
        raise KeyboardInterrupt
    return _ENDED if server.asked_to_end else _LOST


def ready(settings: Settings, *, debug: bool = False) -> Server:
    """A server that has an answer to every question, and waits for the conversation to begin."""
    server = Server(settings, debug=debug)
    triggers = types.CompletionOptions(trigger_characters=[" ", "[", ","])
    kinds = types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix])
    server.feature(types.TEXT_DOCUMENT_COMPLETION, triggers)(_complete)
    server.feature(types.TEXT_DOCUMENT_CODE_ACTION, kinds)(_fix)
    for method, answer in _ANSWERS.items():
        server.feature(method)(answer)
    return server


def _standard_output() -> BinaryIO:
    """The standard output for the protocol alone; whatever else is printed goes to standard error from now on."""
    sys.stdout.flush()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return os.fdopen(own, "wb")


# --- Beginning and ending --------------------------------------------------------------------------------------------


def _initialize(ls: Server, params: types.InitializeParams) -> None:
    folders, can = params.workspace_folders, params.capabilities
    uri = folders[0].uri if folders else params.root_uri
    path = to_fs_path(uri) if uri else None
    ls.root = Path(path) if path else None
    ls.options = params.initialization_options
    ls.documents.settings, _ = read_settings(ls.options, ls.started_with, ls.root)
    kind = ls.documents.settings.meter
    if kind == "auto":
        lenses, hints = get_capability(can, "text_document.code_lens"), get_capability(can, "text_document.inlay_hint")
        kind = "hints" if hints and not lenses else "lens"
    if kind == "lens":
        ls.feature(_LENS)(_lenses)
    elif kind == "hints":
        ls.feature(_HINTS)(_hints)


async def _initialized(ls: Server, params: types.InitializedParams) -> None:
    if get_capability(ls.client_capabilities, "workspace.did_change_configuration.dynamic_registration", False):
        options = types.DidChangeConfigurationRegistrationOptions(section=SECTION)
        registration = types.Registration(SECTION, types.WORKSPACE_DID_CHANGE_CONFIGURATION, options)
        ls.client_register_capability(types.RegistrationParams([registration]))
    await _take_settings(ls, None)


async def _settings_changed(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    await _take_settings(ls, params.settings.get(SECTION) if isinstance(params.settings, dict) else None)


async def _take_settings(ls: Server, sent: object) -> None:
    """The settings that the editor sent or, where it can be asked for them, those that it answers."""
    if get_capability(ls.client_capabilities, "workspace.configuration", False):
        item = types.ConfigurationItem(section=SECTION)
        answers = await ls.workspace_configuration_async(types.ConfigurationParams([item]))
        sent = answers[0] if answers else None
    ls.take_settings(sent)


def _end(ls: Server, params: None) -> None:
    ls.asked_to_end = True


# --- Texts -----------------------------------------------------------------------------------------------------------


def _opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    given = params.text_document
    ls.documents.open(given.uri, given.text, given.version, given.language_id)


def _changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    def edited(text: str) -> str:
        for change in params.content_changes:
            text = _edited(text, change, ls.encoding)
        return text

    ls.documents.change(params.text_document.uri, edited, params.text_document.version)


def _edited(text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """The text after one change, of a part of it or of the whole."""
    if not isinstance(change, types.TextDocumentContentChangePartial):
        return change.text
    start, end = change.range.start, change.range.end
    return changed(text, (start.line, start.character), (end.line, end.character), change.text, encoding)


def _saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    ls.documents.check(params.text_document.uri)


def _closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    ls.documents.close(params.text_document.uri)


# --- Questions -------------------------------------------------------------------------------------------------------


async def _judged(ls: Server, uri: str) -> OpenDocument | None:
    """The bid of an address, as soon as its newest version is judged; None for what is no bid."""
    document = ls.documents.get(uri)
    if document is None or not document.is_bid:
        return None
    await wait_for(document.is_judged)
    return ls.documents.get(uri)


async def _hover(ls: Server, params: types.HoverParams) -> types.Hover | None:
    document = await _judged(ls, params.text_document.uri)
    if document is None or document.looked is None:
        return None
    page = ls.page(document)
    found = hover(document.looked.source, document.looked.pack, document.marks, page.position(params.position))
    if found is None:
        return None
    forms = get_capability(ls.client_capabilities, "text_document.hover.content_format", None) or ()
    if types.MarkupKind.Markdown in forms[:1]:  # what the editor likes best comes first
        text = types.MarkupContent(types.MarkupKind.Markdown, as_markdown(found.blocks))
    else:
        text = types.MarkupContent(types.MarkupKind.PlainText, as_text(found.blocks))
    return types.Hover(text, page.range(found.span))


async def _define(ls: Server, params: types.DefinitionParams) -> types.Location | None:
    document = await _judged(ls, params.text_document.uri)
    if document is None or document.looked is None:
        return None
    page, source = ls.page(document), document.looked.source
    found = definition(source, page.position(params.position))
    return types.Location(document.uri, page.range(source.value_span((*found[0], "id")))) if found else None


def _complete(ls: Server, params: types.CompletionParams) -> list[types.CompletionItem]:
    document = ls.documents.get(params.text_document.uri)
    if document is None or not document.is_bid:
        return []
    page = ls.page(document)
    at = page.position(params.position)
    pack = document.looked.pack if document.looked else None
    found = suggestions(document.text, at, document.content, pack, ls.documents.settings.phase)
    snippets = get_capability(ls.client_capabilities, "text_document.completion.completion_item.snippet_support", False)
    return [wire.completion(page, at.line, one, order, snippets=snippets) for order, one in enumerate(found)]


async def _fix(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    only = params.context.only
    document = await _judged(ls, params.text_document.uri)
    if document is None or document.looked is None or document.report is None:
        return []
    if only and not any(types.CodeActionKind.QuickFix.startswith(kind) for kind in only):
        return []
    page, source = ls.page(document), document.looked.source
    settings, span = ls.documents.settings, page.span(params.range)
    found = fixes(source, document.report.diagnostics, document.marks, document.looked.pack, settings.phase, span)
    return [wire.action(page, fix, params.context.diagnostics) for fix in found]


async def _lenses(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    document = await _counted(ls, params.text_document.uri)
    page = ls.page(document) if document else None
    return [wire.lens(page, reading) for reading in document.readings()] if document and page else []


async def _hints(ls: Server, params: types.InlayHintParams) -> list[types.InlayHint]:
    document = await _counted(ls, params.text_document.uri)
    if document is None:
        return []
    first, last = params.range.start.line + 1, params.range.end.line + 1
    return [wire.hint(ls.page(document), found) for found in document.readings() if first <= found.line <= last]


async def _counted(ls: Server, uri: str) -> OpenDocument | None:
    """The bid of an address, as soon as its pages are counted, or, where that takes long, as it is."""
    document = ls.documents.get(uri)
    if document is None or not document.is_bid:
        return None
    await wait_for(document.is_counted)
    document.owed = document.owed or not document.is_counted.is_set()
    return ls.documents.get(uri)


_ANSWERS: dict[str, Any] = {
    types.INITIALIZE: _initialize,
    types.INITIALIZED: _initialized,
    types.SHUTDOWN: _end,
    types.WORKSPACE_DID_CHANGE_CONFIGURATION: _settings_changed,
    types.TEXT_DOCUMENT_DID_OPEN: _opened,
    types.TEXT_DOCUMENT_DID_CHANGE: _changed,
    types.TEXT_DOCUMENT_DID_SAVE: _saved,
    types.TEXT_DOCUMENT_DID_CLOSE: _closed,
    types.TEXT_DOCUMENT_HOVER: _hover,
    types.TEXT_DOCUMENT_DEFINITION: _define,
}
