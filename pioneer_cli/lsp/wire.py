"""Our plain results as what the protocol has for them; columns are counted as the editor asked for."""

from collections.abc import Sequence
from dataclasses import dataclass

from lsprotocol import types

from pioneer_cli.diagnostics import Position, Severity, Span
from pioneer_cli.lsp.completion import Suggestion
from pioneer_cli.lsp.diagnostics import Marked
from pioneer_cli.lsp.meter import Reading
from pioneer_cli.lsp.positions import Encoding, to_position, to_units
from pioneer_cli.lsp.quick_fixes import Fix

_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.NOTE: types.DiagnosticSeverity.Information,
}
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "choice": types.CompletionItemKind.EnumMember,
    "id": types.CompletionItemKind.Reference,
    "rule": types.CompletionItemKind.Constant,
}


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a document, its address, and how its editor counts columns."""

    uri: str
    lines: list[str]
    encoding: Encoding

    def place(self, at: Position) -> types.Position:
        """A place as the editor counts, lines from 0."""
        line = self.lines[at.line - 1] if at.line <= len(self.lines) else ""
        return types.Position(at.line - 1, to_units(line, at.column, self.encoding))

    def range(self, span: Span) -> types.Range:
        """A span as the editor counts."""
        return types.Range(self.place(span.start), self.place(span.end))

    def position(self, at: types.Position) -> Position:
        """A place of the editor's as we count."""
        return to_position(self.lines, at.line, at.character, self.encoding)

    def span(self, at: types.Range) -> Span:
        """A range of the editor's as we count."""
        return Span(self.position(at.start), self.position(at.end))

    def whole_line(self, number: int) -> types.Range:
        """A line, counted from 1, without its end."""
        line = self.lines[number - 1] if number <= len(self.lines) else ""
        return self.range(Span.of(number, 1, number, len(line) + 1))


def diagnostic(page: Page, mark: Marked) -> types.Diagnostic:
    """A mark as a diagnostic. No address explains our codes, so none is given; hovering does."""
    related = [
        types.DiagnosticRelatedInformation(types.Location(page.uri, page.range(found.span)), found.label)
        for found in mark.related
    ]
    return types.Diagnostic(
        page.range(mark.span),
        mark.message,
        severity=_SEVERITIES[mark.severity],
        code=mark.code,
        source="pioneer",
        related_information=related or None,
    )


def completion(page: Page, line: int, found: Suggestion, order: int, *, snippets: bool) -> types.CompletionItem:
    """A suggestion for a line, counted from 1, in the order that we give it."""
    span = Span.of(line, found.start, line, found.end)
    return types.CompletionItem(
        found.label,
        kind=_KINDS[found.kind],
        detail=found.detail or None,
        documentation=found.about or None,
        sort_text=f"{order:03}",
        filter_text=found.label,
        insert_text_format=types.InsertTextFormat.Snippet if snippets else types.InsertTextFormat.PlainText,
        insert_text_mode=types.InsertTextMode.AdjustIndentation,
        text_edit=types.TextEdit(page.range(span), found.snippet if snippets else found.text),
    )


def action(page: Page, fix: Fix, marked: Sequence[types.Diagnostic]) -> types.CodeAction:
    """A fix as a quick fix of the diagnostics that it answers."""
    return types.CodeAction(
        fix.title,
        kind=types.CodeActionKind.QuickFix,
        diagnostics=[found for found in marked if found.code == fix.code] or None,
        is_preferred=fix.preferred or None,
        edit=types.WorkspaceEdit(changes={page.uri: [types.TextEdit(page.range(fix.span), fix.new)]}),
    )


def lens(page: Page, reading: Reading) -> types.CodeLens:
    """A figure of the page meter above its line; there is nothing to click."""
    return types.CodeLens(page.whole_line(reading.line), command=types.Command(reading.text, ""))


def hint(page: Page, reading: Reading) -> types.InlayHint:
    """A figure of the page meter behind its line."""
    return types.InlayHint(page.whole_line(reading.line).end, reading.text, padding_left=True)
