"""The report on a stranger's document as one page of HTML that fetches nothing and runs nothing."""

from pioneer_cli.assessment import Outcome
from pioneer_cli.errors import ExitCode
from pioneer_cli.foreign.claims import Check, Judgement, page_words
from pioneer_cli.formats.html import escaped
from pioneer_cli.quantities import plural
from pioneer_cli.reports.look import Look, printable

_STANDS = {
    Outcome.MET: "holds",
    Outcome.PARTLY: "holds in part",
    Outcome.UNMET: "does not hold",
    Outcome.UNKNOWN: "is not known",
    Outcome.NOT_APPLICABLE: "does not apply",
}
_VERDICTS = {
    ExitCode.OK: "It keeps to the page limit.",
    ExitCode.FALLS_SHORT: "It does not keep to the page limit.",
    ExitCode.CANNOT_JUDGE: "It could not be judged.",
}
_STYLE = (
    "body{font:1rem/1.5 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "table{border-collapse:collapse;width:100%}th,td{border:1px solid #767676;padding:.4rem;text-align:left;"
    "vertical-align:top}.error{background:#fde7e7}.warning{background:#fff4d6}"
)
_HEADS = ("Check", "Authority", "Stands", "Found", "Pages", "What to do")


def write(judgement: Judgement, look: Look) -> str:
    """The report."""
    name = _safe(judgement.file)
    rows = "\n".join(_row(check) for check in (*judgement.gaps, *(c for c in judgement.checks if not c.is_gap)))
    heads = "".join(f'<th scope="col">{head}</th>' for head in _HEADS)
    table = (
        f"<table>\n<caption>What was checked</caption>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n"
    )
    page = (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>Pages of {name}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"<h1>Pages of {name}</h1>\n<p><strong>{_verdict(judgement)}</strong> {_summary(judgement)}</p>\n"
        f"{table + '</table>' if judgement.checks else ''}\n</main>\n</body>\n</html>\n"
    )
    return page.encode(look.encoding, "xmlcharrefreplace").decode(look.encoding)


def _verdict(judgement: Judgement) -> str:
    no_limit = judgement.limit is None and judgement.exit_code is ExitCode.OK
    return "It could be read." if no_limit else _VERDICTS[judgement.exit_code]


def _summary(judgement: Judgement) -> str:
    if judgement.problem:
        return _safe(f"{judgement.problem}: {judgement.hint}" if judgement.hint else judgement.problem)
    count = "Pages not counted" if judgement.pages is None else plural(judgement.pages, "page")
    limit = "no limit" if judgement.limit is None else f"a limit of {plural(judgement.limit, 'page')}"
    return _safe(f"{count}; {judgement.call} sets {limit}.")


def _row(check: Check) -> str:
    claim = check.claim
    severity = str(claim.severity) if check.is_gap else ""
    stands = _STANDS[check.outcome] + (f" ({severity})" if severity else "")
    pages = page_words(check.pages) if check.pages else ""
    remedy = claim.remedy if check.is_gap else ""
    cells = "".join(f"<td>{_safe(text)}</td>" for text in (claim.authority, stands, check.found, pages, remedy))
    kind = f' class="{severity}"' if severity else ""
    return f'<tr{kind}><th scope="row">{claim.id}</th>{cells}</tr>'


def _safe(text: str) -> str:
    return escaped(printable(text))
