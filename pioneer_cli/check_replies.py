"""Holds an annex of replies to the bid, the pack and the questions that are open now, and writes one to fill in."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from textwrap import wrap

from pioneer_cli.bid import plain
from pioneer_cli.clarification import Question, asked_of, said_of
from pioneer_cli.diagnostics import Diagnostic, Severity, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.pack import Pack
from pioneer_cli.predicates import filled
from pioneer_cli.prose import one_line
from pioneer_cli.quantities import long_date, shown
from pioneer_cli.replies import REPLIES_SCHEMA_FILE, Replies, Reply, read_replies
from pioneer_cli.source import STDIN, Source, YamlPath, read
from pioneer_cli.unshowable import unshowable
from pioneer_cli.validate import place

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Annex:
    """A file of replies, or None in `replies` where it cannot be used, and what is wrong with it."""

    source: Source
    replies: Replies | None
    diagnostics: tuple[Diagnostic, ...]


def read_annex(
    name: str,
    bid: tuple[str, str],
    pack: Pack,
    pack_sha256: str,
    asked: Sequence[Question],
    reviewers: frozenset[str] | None,
) -> Annex:
    """Reads an annex and holds it to its bid; see `check_replies`. Raises PioneerError when there is no such file."""
    if name == STDIN:
        raise PioneerError("replies are read from a file", "name the file")
    source = read(name)
    validated = read_replies(source)
    if validated.model is None:
        return Annex(source, None, validated.diagnostics)
    beside = check_replies(source, validated.model, bid, pack, pack_sha256, asked, reviewers)
    faults = tuple(sorted((*validated.diagnostics, *beside)))
    return Annex(source, None if has_errors(faults) else validated.model, faults)


@dataclass(frozen=True, slots=True)
class _Beside:
    """An annex beside what it is held against."""

    source: Source
    replies: Replies

    def fault(self, path: YamlPath, code: str, message: str, hint: str) -> Diagnostic:
        return place(self.source, path, code, message, hint)

    def warning(self, path: YamlPath, code: str, message: str, hint: str) -> Diagnostic:
        return replace(self.fault(path, code, message, hint), severity=Severity.WARNING)


def check_replies(
    source: Source,
    replies: Replies,
    bid: tuple[str, str],
    pack: Pack,
    pack_sha256: str,
    asked: Sequence[Question],
    reviewers: frozenset[str] | None = None,
) -> tuple[Diagnostic, ...]:
    """What is wrong with an annex beside its bid (title and sha256), its pack, and the questions that are open now.

    Where `reviewers` are known, only they may accept a reply.
    """
    beside = _Beside(source, replies)
    is_same_bid = replies.bid.sha256 == bid[1]
    now = {found.id for found in asked} if is_same_bid else asked_of(pack).keys()
    return tuple(
        sorted(
            {
                *_other_bid(beside, *bid),
                *_other_pack(beside, pack, pack_sha256),
                *_wrong_questions(beside, asked_of(pack), now),
                *_wrong_replies(beside),
                *_accepted_by_strangers(beside, reviewers),
                *_not_shown(beside),
            }
        )
    )


def _other_bid(beside: _Beside, title: str, sha256: str) -> Iterator[Diagnostic]:
    if beside.replies.bid.sha256 == sha256:
        return
    if one_line(beside.replies.bid.title) != one_line(title):
        message = f"these are replies on another bid, {shown(beside.replies.bid.title)}"
        yield beside.fault(("bid", "title"), "other-bid", message, f"this bid is {shown(title)}; name its own annex")
        return
    hint = "look whether each reply still fits; a question whose gap is gone counts as mended"
    yield beside.warning(("bid", "sha256"), "bid-has-changed", "the bid has changed since the annex was written", hint)


def _other_pack(beside: _Beside, pack: Pack, sha256: str) -> Iterator[Diagnostic]:
    name = pack.about.name
    if beside.replies.pack.name != name:
        message = f"these are replies by another criteria pack, {shown(beside.replies.pack.name)}"
        yield beside.fault(("pack", "name"), "other-pack", message, f"the bid is held against {name}; see --pack")
    elif beside.replies.pack.sha256 != sha256:
        message = "the criteria pack has changed since the annex was written"
        yield beside.warning(("pack", "sha256"), "pack-has-changed", message, "look whether each reply still fits")


def _wrong_questions(beside: _Beside, known: Mapping[str, str], now: Iterable[str]) -> Iterator[Diagnostic]:
    first: dict[str, int] = {}
    for index, reply in enumerate(beside.replies.replies):
        path, name = ("replies", index, "question"), reply.question
        if name not in known:
            yield beside.fault(path, "unknown-question", f"there is no question {shown(name)}", _meant(name, known))
        elif name in first:
            line = beside.source.value_span(("replies", first[name], "question")).start.line
            yield beside.fault(
                path, "question-twice", f"{name} is replied to twice", f"the first is in line {line}; keep one"
            )
        elif name not in now:
            hint = "it was met from the start, or waits for reviewers; take the reply out"
            yield beside.warning(path, "not-asked", f"nothing is asked on {name}", hint)
        first.setdefault(name, index)


def _meant(name: str, known: Mapping[str, str]) -> str:
    folded = {found.casefold(): found for found in known}
    close = get_close_matches(name.casefold(), list(folded), n=1, cutoff=0.6)
    return f"did you mean `{folded[close[0]]}`?" if close else f"questions: {', '.join(known)}"


def _wrong_replies(beside: _Beside) -> Iterator[Diagnostic]:
    for index, reply in enumerate(beside.replies.replies):
        path: YamlPath = ("replies", index)
        if reply.reply is not None and not filled(one_line(reply.reply)):
            hint = "write the reply, or leave nothing after the colon to keep the question open"
            yield beside.fault((*path, "reply"), "empty-reply", f"the reply to {reply.question} is empty", hint)
        if reply.date is not None and reply.date.first > beside.replies.date.last:
            message = f"this reply is of {long_date(reply.date)}, after the annex of {long_date(beside.replies.date)}"
            yield beside.fault(
                (*path, "date"), "date-not-in-order", message, "set the annex's `date` to when it was sent"
            )
        yield from _wrong_acceptance(beside, path, reply)


def _wrong_acceptance(beside: _Beside, path: YamlPath, reply: Reply) -> Iterator[Diagnostic]:
    if reply.accepted is not None and reply.accepted_by is None:
        act = "accepted the reply to" if reply.accepted else "asks for more on"
        message = f"it is not said who {act} {reply.question}"
        hint = "write the reviewer's id in `accepted_by`"
        yield beside.fault((*path, "accepted"), "accepted-by-nobody", message, hint)
    if reply.accepted is not None and reply.reply is None:
        message = f"there is no reply to {reply.question} that could be accepted"
        yield beside.fault((*path, "accepted"), "accepted-without-reply", message, "leave `accepted` empty until then")
    if reply.accepted is None and reply.accepted_by is not None:
        hint = "write true or false in `accepted`"
        message = f"it is not said whether {reply.accepted_by} accepted the reply to {reply.question}"
        yield beside.fault((*path, "accepted_by"), "not-said-whether-accepted", message, hint)


def _accepted_by_strangers(beside: _Beside, reviewers: frozenset[str] | None) -> Iterator[Diagnostic]:
    for index, reply in enumerate(beside.replies.replies):
        if reviewers is not None and reply.accepted_by is not None and reply.accepted_by not in reviewers:
            message = f"{reply.accepted_by} is no reviewer whose judgement of this bid counts"
            hint = f"those who count: {', '.join(sorted(reviewers)) or 'none'}"
            yield beside.fault(("replies", index, "accepted_by"), "accepted-by-stranger", message, hint)


def _not_shown(beside: _Beside) -> Iterator[Diagnostic]:
    for found in unshowable({"replies": plain(beside.replies.replies)}):
        fault = beside.fault(found.path, found.code, found.message, found.hint)
        yield replace(fault, span=beside.source.text_span(found.path, found.piece))


# --- The annex to fill in --------------------------------------------------------------------------------------------

_HEADER = f"""# yaml-language-server: $schema={REPLIES_SCHEMA_FILE}
#
# Replies to the clarification questions. Write each reply below its question, indented below
# ">-" or, for paragraphs and bullets, below "|"; what is left empty stays open. Then give the date.
# `accepted` and `accepted_by` are for the reviewers.
"""


def new_replies(asked: Sequence[Question], source: Source, title: str, pack: Pack, pack_sha256: str) -> str:
    """The text of an annex to fill in, with each question in a comment above its entry."""
    lines = [
        "bid:", f"  title: {_quoted(title)}", f'  sha256: "{source.sha256}"',
        "pack:", f"  name: {_quoted(pack.about.name)}", f'  sha256: "{pack_sha256}"',
        "", "# When the annex is sent, such as 2013-08-09.", "date:", "",
        "replies:" if asked else "# There is no open question.\nreplies: []",
    ]  # fmt: skip
    entries = (line for found in asked for line in _entry(found))
    return _HEADER + "\n".join([*lines, *entries]) + "\n"


def _quoted(text: str) -> str:
    return json.dumps(one_line(text), ensure_ascii=False)


def _entry(found: Question) -> Iterator[str]:
    under = f"criterion {found.criterion.id}" if found.criterion else "a gate"
    yield ""
    yield from _comment(f"{found.number}. {found.text} ({found.id}, {under})", "")
    for ground in found.grounds:
        yield from _comment(f"{ground.rule} ({ground.authority}): {said_of(ground)}", "- ")
    yield from (f"  - question: {_quoted(found.id)}", "    reply:", "    date:", "    accepted:", "    accepted_by:")


def _comment(text: str, lead: str) -> Iterator[str]:
    for number, line in enumerate(wrap(one_line(text), _WIDTH - 6, break_on_hyphens=False)):
        yield f"  # {lead if number == 0 else ' ' * len(lead)}{line}"
