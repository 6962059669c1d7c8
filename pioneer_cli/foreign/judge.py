"""The way of a stranger's document on one screen: read, measured in a child process, judged.

Nothing of the document is looked into outside the child but its first bytes.
"""

from hashlib import sha256

from pioneer_cli.errors import PioneerError
from pioneer_cli.foreign.claims import Judgement
from pioneer_cli.foreign.judge_pdf import judge_pdf
from pioneer_cli.foreign.judge_word import judge_word
from pioneer_cli.foreign.measured import PdfMeasured, WordMeasured, decoded
from pioneer_cli.foreign.stranger import Kind, Stranger, read_stranger
from pioneer_cli.limited import Limited, LimitError

SECONDS = 5
MEGABYTES = 512
_WORK: dict[Kind, str] = {"pdf": "pioneer_cli.foreign.pdf:measure", "docx": "pioneer_cli.foreign.word:measure"}


def judge(name: str, limit: int | None, call: str) -> Judgement:
    """Judges a PDF or a Word file by the page limit of a call; None is a call that sets none."""
    try:
        stranger = read_stranger(name)
    except PioneerError as error:
        return Judgement(name, call, limit, problem=error.message, hint=error.hint)
    digest = sha256(stranger.content).hexdigest()
    try:
        return _judged(stranger, limit, call, digest)
    except LimitError as error:
        hint = error.hint or "open it, save it as PDF again, and try that"
        return Judgement(name, call, limit, digest, problem=error.message, hint=hint)
    except PioneerError as error:
        return Judgement(name, call, limit, digest, problem=f"{name}: {error.message}", hint=error.hint)


def count_pages(content: bytes) -> int | None:
    """How many pages a PDF has; None where that cannot be counted."""
    try:
        with Limited(_WORK["pdf"], SECONDS, MEGABYTES, "counting the pages of a PDF") as child:
            return len(decoded(child.call(content), PdfMeasured).pages)
    except (PioneerError, ValueError, RecursionError):
        return None


def _judged(stranger: Stranger, limit: int | None, call: str, digest: str) -> Judgement:
    with Limited(_WORK[stranger.kind], SECONDS, MEGABYTES, f"reading {stranger.name}") as child:
        content = child.call(stranger.content)
    try:
        if stranger.kind == "docx":
            word = decoded(content, WordMeasured)
            return Judgement(stranger.name, call, limit, digest, None, judge_word(word))
        pdf = decoded(content, PdfMeasured)
    except (ValueError, RecursionError):  # the child was led astray
        raise PioneerError("its measurements make no sense", "open it and save it as PDF again") from None
    return Judgement(stranger.name, call, limit, digest, len(pdf.pages), judge_pdf(pdf, limit))
