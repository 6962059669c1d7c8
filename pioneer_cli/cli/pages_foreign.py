"""What `pioneer pages` does with a PDF or a Word file that pioneer did not make."""

from typing import TYPE_CHECKING, Literal

from pioneer_cli.errors import ExitCode

if TYPE_CHECKING:
    from pioneer_cli.reports.look import Look


def is_foreign(name: str) -> bool:
    """Whether an argument names a document rather than a bid."""
    return name.lower().endswith((".pdf", ".docx"))


def report_foreign(
    file: str,
    page_limit: int | None,
    call_title: str,
    output_format: Literal["text", "json", "csv", "html"],
    look: "Look",
) -> tuple[str, ExitCode]:
    """The report on a document and the code to exit with: 1 past the page limit, 2 where it could not be judged."""
    from pioneer_cli.foreign.judge import judge
    from pioneer_cli.foreign.report import FORMATS

    judgement = judge(file, page_limit, call_title)
    return FORMATS[output_format](judgement, look), judgement.exit_code
