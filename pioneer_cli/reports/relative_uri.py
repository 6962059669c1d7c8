"""The name of a file as a URI reference: percent-encoded, and relative where the name is."""

import os
from pathlib import Path
from urllib.parse import quote


def relative_uri(name: str) -> str:
    """`bids/a b.yaml` as `bids/a%20b.yaml`; an absolute name as a `file:` URI. Bytes that are no text are kept."""
    path = Path(name)
    if path.is_absolute():
        return f"file://{'' if path.as_posix().startswith('/') else '/'}{_quoted(path.as_posix())}"
    return _quoted(path.as_posix() if os.sep != "/" else _plain(name))


def _plain(name: str) -> str:
    """Without a `./` at its beginning, which some readers of reports do not resolve."""
    while name.startswith("./") and len(name) > len("./"):
        name = name.removeprefix("./").lstrip("/")
    return name


def _quoted(text: str) -> str:
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character that no file system gave
        content = text.encode("utf-8", "surrogatepass")
    return quote(content, safe="/")
