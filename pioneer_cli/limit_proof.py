"""A limit proof: what a bid's pages were counted from, as digests, and what came of the count.

The same bid gives the same bytes: no clock and no name of a file is in it. Its last line is the sha256 of the proof
itself, so that a changed byte is found there too. A digest is no signature: anyone can write a proof anew.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from pioneer_cli import __version__
from pioneer_cli.bid import Text, required
from pioneer_cli.diagnostics import Diagnostic, Severity, Span, has_errors
from pioneer_cli.errors import PioneerError
from pioneer_cli.pack import Pack
from pioneer_cli.review import Digest, RuleName
from pioneer_cli.schema import published
from pioneer_cli.source import Source, parse
from pioneer_cli.template_folder import TemplateFolder
from pioneer_cli.typeset import FONT_SHA256, Typeset
from pioneer_cli.validate import place, validate

KIND = "pioneer-limit-proof"
VERSION = 1
PROOF_SCHEMA_ID = "urn:pioneer:schema:proof:1"
PROOF_SCHEMA_FILE = "proof.schema.json"
MOST_BYTES = 64 * 1024  # a proof takes 3 KB
PROGRAM = "pioneer-cli"
MADE_WITH = ("typst", "fontpkg-source-sans-3", "jinja2", "markdown-it-py")  # what else may change a page
_ZEROS = "0" * 64  # where the proof's own digest goes, while it is worked out
_OWN = re.compile(rb'"own_sha256": "([0-9a-f]{64})"')
_REWRITE = "`pioneer pages BID --proof FILE` writes a proof"
_Whole = Annotated[int, Field(strict=True, ge=1)]
_Version = Annotated[
    int, Field(strict=True, ge=VERSION, le=VERSION), WithJsonSchema({"type": "integer", "const": VERSION})
]


class ProofPart(BaseModel):
    """What every part of a proof has in common: unknown keys are faults, nothing changes after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, defer_build=True)


class ProvedFile(ProofPart):
    """A file, by its bytes alone."""

    sha256: Digest = required("The digest of the file's bytes.")


class ProvedPack(ProofPart):
    """The criteria pack whose limit holds."""

    name: RuleName = required("The name that the pack gives itself.")
    sha256: Digest = required("The digest of the files that the pack judges by.")


class ProvedTemplate(ProofPart):
    """The template that the pages were counted with."""

    name: Text | None = Field(default=None, description="Its name; null for a folder of one's own.")
    sha256: Digest = required("The digest of the template's files, and of those that it takes over.")


class ProvedFont(ProofPart):
    """A font file that the document may use."""

    name: Text = required("The file's name in the fonts' package.")
    sha256: Digest = required("The digest of the file's bytes.")


class ProvedVersion(ProofPart):
    """A package that had a part in the count."""

    package: Text = required("The package's name.")
    version: Text = required("Its version.")


class ProvedSection(ProofPart):
    """Where a section of the document stands."""

    name: Text = required("What the document calls it, such as C1.")
    first_page: _Whole = required("The page on which it begins.")
    last_page: _Whole = required("The page on which it ends.")
    pages: Annotated[float, Field(strict=True, ge=0)] = required("How many pages it takes, to a hundredth.")


class ProvedPages(ProofPart):
    """The page count beside the call's limit."""

    count: _Whole = required("The pages of the PDF, counted in its page tree.")
    limit: _Whole | None = Field(default=None, description="The call's limit; null where it sets none.")
    within_limit: Annotated[bool, Field(strict=True)] | None = Field(
        default=None, description="Whether the count is within the limit; null where there is none."
    )
    sections: tuple[ProvedSection, ...] = required("The sections in the document's order.")


class LimitProof(ProofPart):
    """A limit proof, as `pioneer pages BID --proof FILE` writes it and `pioneer verify` reads it."""

    kind: Literal["pioneer-limit-proof"] = required("What this file is.")
    version: _Version = required("The version of this format.")
    bid: ProvedFile = required("The bid's file.")
    pdf: ProvedFile = required("The document that the bid makes: the very bytes that `pioneer render` writes.")
    pack: ProvedPack = required("The criteria pack whose limit holds.")
    template: ProvedTemplate = required("The template that the pages were counted with.")
    fonts: tuple[ProvedFont, ...] = required("The font files.")
    versions: tuple[ProvedVersion, ...] = required("pioneer, and the packages that may change a page.")
    pages: ProvedPages = required("What was counted.")
    own_sha256: Digest = required("The digest of this very file with 64 zeros in the place of this digest.")


def proof_schema() -> dict[str, Any]:
    """The JSON Schema of a limit proof as plain data, keys in the model's order."""
    return published(LimitProof.model_json_schema(mode="validation"), PROOF_SCHEMA_ID)


# --- Making ----------------------------------------------------------------------------------------------------------


def limit_proof(source: Source, typeset: Typeset, pack: Pack, pack_sha256: str, template: TemplateFolder) -> LimitProof:
    """The proof of a bid from its document, which must be typeset as `pioneer render` does it, without marks."""
    pages = typeset.pages(pack.about.page_limit)
    sections = [
        {"name": found.name, "first_page": found.first_page, "last_page": found.last_page, "pages": float(found.pages)}
        for found in pages.sections
    ]
    content = {
        "kind": KIND,
        "version": VERSION,
        "bid": {"sha256": source.file_sha256},
        "pdf": {"sha256": hashlib.sha256(typeset.pdf).hexdigest()},
        "pack": {"name": pack.about.name, "sha256": pack_sha256},
        "template": {"name": template.name if template.ours else None, "sha256": template.sha256},
        "fonts": [{"name": name, "sha256": digest} for name, digest in sorted(FONT_SHA256.items())],
        "versions": [{"package": package, "version": found} for package, found in _versions().items()],
        "pages": {
            "count": pages.count,
            "limit": pages.limit,
            "within_limit": None if pages.limit is None else not pages.over,
            "sections": sections,
        },
    }
    blank = LimitProof.model_validate({**content, "own_sha256": _ZEROS})
    return blank.model_copy(update={"own_sha256": hashlib.sha256(written(blank)).hexdigest()})


def written(proof: LimitProof) -> bytes:
    """The bytes of a proof's file."""
    return (json.dumps(proof.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def own_digest(content: bytes) -> tuple[str, str]:
    """What a proof's file says its own digest is, and what it really is; the first is empty where it says nothing."""
    places = list(_OWN.finditer(content))
    if len(places) != 1:
        return "", hashlib.sha256(content).hexdigest()
    start, end = places[0].span(1)
    blank = content[:start] + _ZEROS.encode() + content[end:]
    return places[0].group(1).decode(), hashlib.sha256(blank).hexdigest()


def _versions() -> Mapping[str, str]:
    return {PROGRAM: __version__} | {package: _version(package) for package in MADE_WITH}


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        hint = "install pioneer-cli again"
        raise PioneerError(f"nothing says which version of {package} is installed", hint) from None


# --- Reading ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReadProof:
    """A proof as it was read, or None and the reasons."""

    source: Source
    proof: LimitProof | None
    diagnostics: tuple[Diagnostic, ...]


def read_proof(content: bytes, name: str) -> ReadProof:
    """A file's bytes as a limit proof, or what is wrong with its form. Raises PioneerError when it is too large.

    It must be JSON, and is then read as the YAML that all JSON is, with the limits and the places of `source`.
    """
    if len(content) > MOST_BYTES:
        raise PioneerError(f"{name} is larger than {MOST_BYTES // 1024} KiB, so it is no limit proof", _REWRITE)
    text = content.decode("utf-8", "replace")
    fault = _no_json(content, name)
    if fault is not None:
        return ReadProof(replace(parse("", name), text=text), None, (fault,))
    source = parse(text, name)
    faults = tuple(_in_terms_of_proofs(found) for found in source.diagnostics)
    if has_errors(faults):
        return ReadProof(source, None, faults)
    other = _something_else(source)
    if other is not None:
        return ReadProof(source, None, (other,))
    validated = validate(source, LimitProof)
    return ReadProof(source, validated.model, (*faults, *map(_in_terms_of_proofs, validated.diagnostics)))


def _no_json(content: bytes, name: str) -> Diagnostic | None:
    """Why the file cannot be read as JSON, if it cannot."""
    line, column, why = 1, 1, ""
    try:
        json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except json.JSONDecodeError as error:
        line, column, why = error.lineno, error.colno, error.msg[:1].lower() + error.msg[1:]
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        line, column, why = before.count("\n") + 1, len(before) - before.rfind("\n"), "it is not UTF-8"
    except RecursionError:
        why = "it is nested too deep"
    except ValueError as error:  # NaN, or a number of thousands of figures
        why = "a number has too many figures" if "digits" in str(error) else str(error)
    if not why:
        return None
    span = Span.of(line, column, line, column + 1)
    return Diagnostic(name, span, Severity.ERROR, "not-json", f"this is no JSON: {why}", _REWRITE)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no number")


def _something_else(source: Source) -> Diagnostic | None:
    """One fault for a file that is no proof at all, or one of another version, in the place of many."""
    content = source.content
    if not isinstance(content, dict) or content.get("kind") != KIND:
        return place(source, ("kind",), "not-a-proof", "this is no limit proof", _REWRITE)
    if type(content.get("version")) is int and content["version"] != VERSION:
        message = f"this proof is of version {content['version']}; this pioneer knows version {VERSION}"
        return place(source, ("version",), "other-version", message, "use the pioneer that it was made with")
    return None


def _in_terms_of_proofs(fault: Diagnostic) -> Diagnostic:
    """What is said of bids, said of proofs, which nobody mends by hand."""
    return replace(fault, message=fault.message.replace("in a bid", "in a limit proof"), hint=_REWRITE)
