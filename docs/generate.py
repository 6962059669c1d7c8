"""Writes the generated parts of docs/: the bid reference, rules, faults, and pictures of the exemplar.

Usage: python docs/generate.py. A test fails when what lies here is not what this would write.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import BaseModel

from pioneer_cli.answers import ANSWERS, PACK, key_of, pack_digest
from pioneer_cli.bid import PHASES, Bid, plain
from pioneer_cli.document import document
from pioneer_cli.explanation import explain, explained_names, rules_as_json, rules_as_text, what_passes
from pioneer_cli.fault_codes import CODES, meaning, severity_of
from pioneer_cli.formats.typst import typst
from pioneer_cli.load_pack import load_pack
from pioneer_cli.pack import Pack
from pioneer_cli.pipeline import read_bid
from pioneer_cli.shipped import shipped_names
from pioneer_cli.source import read
from pioneer_cli.starter import choices, inner_model, is_list
from pioneer_cli.template_folder import find_template
from pioneer_cli.typeset import TIMESTAMP, compiler

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
PICTURES = ("exemplar-page-1.png", "exemplar-page-2.png")


def main() -> None:
    (DOCS / "bid-reference.md").write_text(bid_reference(), encoding="utf-8")
    (DOCS / "faults.md").write_text(faults(), encoding="utf-8")
    ANSWERS.write_text(answers(), encoding="utf-8")
    for name, pack in rules_pages().items():
        (DOCS / name).write_text(rules_reference(pack), encoding="utf-8")
    for name, picture in zip(PICTURES, exemplar_pages(), strict=False):
        (DOCS / name).write_bytes(picture)


def bid_reference() -> str:
    """Every field of a bid, part by part, from the models."""
    lines = ["# Every field of a bid", "", "Made from the models by `docs/generate.py`; do not edit it by hand.", ""]
    lines += ["Only `call`, `title` and `area` with its `name` are mandatory. A key with nothing after it counts as"]
    lines += ["left out. Unknown keys are errors. Dates are written `2013-06-28`, or `2013-06` where only the month is"]
    lines += [
        "known (not for `submission_date`); money as `1200000`, `£1.2m`, `1,200,000` or `450k`; counts as `248600`"
    ]
    lines += ["or `248,600`."]
    lines += _part(Bid, "", "the file")
    return "\n".join(lines) + "\n"


def _part(model: type[BaseModel], path: str, name: str) -> Iterator[str]:
    yield from ("", f"## {name}", "", (model.__doc__ or "").strip(), "", "| key | what it holds |", "|---|---|")
    nested = []
    for key, field in model.model_fields.items():
        inner = inner_model(field.annotation)
        kind = []
        if field.is_required():
            kind.append("mandatory")
        if is_list(field.annotation):
            kind.append("a list")
        elif inner is not None:
            kind.append("a part of its own")
        options = choices(field.annotation)
        text = field.description or ""
        if options:
            text += " " + ("Any of" if is_list(field.annotation) else "One of")
            text += ": " + ", ".join(f"`{option}`" for option in options) + "."
        prefix = f"({', '.join(kind)}) " if kind else ""
        yield f"| `{key}` | {prefix}{text} |"
        if inner is not None:
            nested.append((inner, f"{path}{key}" + ("[]" if is_list(field.annotation) else "")))
    for inner, inner_path in nested:
        yield from _part(inner, f"{inner_path}.", f"`{inner_path}`")


def answers() -> str:
    """What `explain` and `rules` print of the pioneers' pack, by command line in small letters."""
    pack = load_pack(PACK).pack
    assert pack is not None
    names = [*explained_names(pack), *CODES]
    known: dict[tuple[str, ...], str] = {("explain", name): explain(pack, name) for name in names}
    codes = [found.id for criterion in pack.criteria for found in (criterion, *criterion.considerations)]
    known |= {("rules", "--criterion", code): rules_as_text(pack, code) for code in codes}
    known[("rules",)] = rules_as_text(pack, None)
    known["rules", "--json"] = rules_as_json(pack, None)
    filed = {key_of(arguments): answer for arguments, answer in known.items()}
    content = {"made_from": pack_digest(), "names": names, "answers": filed}
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def faults() -> str:
    """Every code of a fault, with its severity and what it stands for."""
    lines = [
        "# Every fault of a file",
        "",
        "Made from `pioneer_cli/fault_codes.py` by `docs/generate.py`; do not edit it by hand.",
        "",
        f"{len(CODES)} faults, the same for every call and in every phase. A bid with an error is not judged before it",
        "is mended; with one whose name begins with `ignore` it is judged, and fails all the same.",
        "",
        "| fault | severity | what it says |",
        "|---|---|---|",
    ]
    lines += [f"| `{code}` | {severity_of(code)} | {meaning(code)} |" for code in sorted(CODES)]
    return "\n".join(lines) + "\n"


def rules_pages() -> dict[str, str]:
    """The pack of each page of rules, by the page's name."""
    packs = shipped_names("criteria")
    return {"rules.md" if name == "pioneers-2013" else f"rules-{name}.md": name for name in packs}


def rules_reference(name: str) -> str:
    """Every criterion, consideration, rule and gate of a pack."""
    pack = load_pack(name).pack
    assert pack is not None
    count = sum(1 for _ in pack.rules())
    gates = "1 gate" if len(pack.about.gates) == 1 else f"{len(pack.about.gates)} gates"
    how = "pioneer explain NAME" if name == "pioneers-2013" else f"pioneer explain NAME --pack {name}"
    lines = [
        f"# Every rule of {name}",
        "",
        f"Made from `criteria/{name}/` by `docs/generate.py`; do not edit it by hand.",
        "",
        f"{pack.about.title}. {pack.about.source.rstrip('.')}.",
        "",
    ]
    lines += [f"{count} rules and {gates}. `{how}` shows one of them.", ""]
    lines += [pack.about.weights, "", "## Gates", "", "Pass or fail, unscored.", ""]
    lines += ["| gate | claim | draft | submission | selection-end |", "|---|---|---|---|---|"]
    for gate in pack.about.gates:
        severities = " | ".join(str(gate.severity.at(phase)) for phase in PHASES)
        lines.append(f"| `{gate.id}` | {gate.claim} | {severities} |")
    lines += _criteria(pack)
    return "\n".join(lines) + "\n"


def _criteria(pack: Pack) -> Iterator[str]:
    for criterion in pack.criteria:
        yield from (
            "",
            f"## {criterion.id} {criterion.title}",
            "",
            criterion.asks,
            f"House weight: {criterion.weight}.",
        )
        for group in criterion.alternatives:
            yield f"Of {' and '.join(group.any_of)} the better answered counts."
        for consideration in criterion.considerations:
            yield from ("", f"### {consideration.id}", "", consideration.asks)
            for rule in consideration.rules:
                severities = ", ".join(f"{phase} {pack.severity(consideration, rule, phase)}" for phase in PHASES)
                guess = ", low confidence" if rule.confidence == "low" else ""
                points = "1 point" if rule.points == 1 else f"{rule.points} points"
                yield ""
                yield f"- **`{rule.id}`** ({rule.authority}{guess}, {points}, {rule.effort} effort)."
                yield f"  {rule.claim} {rule.why}"
                yield f"  *What passes:* {what_passes(rule)}"
                yield f"  *Remedy:* {rule.remedy}"
                yield "  *For people to judge.*" if rule.is_judged else f"  *A gap is:* {severities}."


def exemplar_pages() -> list[bytes]:
    """The exemplar's pages as PNG pictures."""
    bid = read_bid(read((ROOT / "bids" / "exemplar.yaml").as_posix())).bid
    assert bid is not None
    eoi = find_template("eoi")
    source = typst(document(plain(bid), eoi), eoi)
    with TemporaryDirectory() as root:
        pages = compiler(source.files, root).compile(format="png", ppi=80, timestamp=TIMESTAMP)
    assert isinstance(pages, list)
    return pages


if __name__ == "__main__":
    main()
