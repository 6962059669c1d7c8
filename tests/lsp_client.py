"""A headless editor: starts the real `pioneer lsp` and talks to it, waiting for messages and never for time to pass."""

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, Any, BinaryIO

from pioneer_cli.lsp.server import ready
from pioneer_cli.lsp.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0  # seconds until a message that does not come is a failure
Message = dict[str, Any]
CAN: Message = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {"codeLens": {"refreshSupport": True}},
    "textDocument": {
        "codeLens": {},
        "completion": {"completionItem": {"snippetSupport": True}},
        "publishDiagnostics": {"relatedInformation": True},
    },
}


@dataclass(frozen=True)
class Talk:
    """The streams of a server: what it reads, what it writes, and where it complains."""

    input: IO[bytes]
    output: IO[bytes]
    errors: IO[bytes]

    def close(self) -> None:
        for stream in (self.input, self.output, self.errors):
            with suppress(BrokenPipeError):
                stream.close()


class Editor:
    """One conversation. `notified` holds what the server said by itself, in order, by method."""

    def __init__(self, folder: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._talk = self._start(folder, arguments, environment or {})
        self.notified: list[Message] = []
        self.asked: list[Message] = []  # what the server asked of the editor
        self.settings: Message | None = None  # what workspace/configuration is answered with
        self.capabilities: Message = {}
        self.noise = b""  # on standard output, outside the protocol
        self.errors = b""
        self._answers: dict[int, Message] = {}
        self._incoming: queue.Queue[Message | None] = queue.Queue()
        self._next = 0
        self._versions: dict[str, int] = {}
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._read, self._read_errors)]
        for thread in self._threads:
            thread.start()

    def _start(self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> Talk:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pioneer_cli", "lsp", *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        return Talk(self.process.stdin, self.process.stdout, self.process.stderr)

    # --- The protocol ---

    def _read(self) -> None:
        stream = self._talk.output
        while line := stream.readline():
            name, _, value = line.partition(b":")
            if name != b"Content-Length":
                self.noise += line
                continue
            length = int(value)
            while (line := stream.readline()).strip():
                if not line.startswith(b"Content-"):
                    self.noise += line
            self._incoming.put(json.loads(stream.read(length)))
        self._incoming.put(None)

    def _read_errors(self) -> None:
        self.errors = self._talk.errors.read()

    def send(self, message: Message) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.send_bytes(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def send_bytes(self, content: bytes) -> None:
        self._talk.input.write(content)
        self._talk.input.flush()

    def hang_up(self) -> None:
        """Leaves without a word."""
        self._talk.input.close()

    def notify(self, method: str, params: object) -> None:
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: object) -> int:
        """Asks a question and does not wait."""
        self._next += 1
        self.send({"id": self._next, "method": method, "params": params})
        return self._next

    def ask(self, method: str, params: object) -> Any:
        """Asks a question and gives the answer."""
        answer = self.answer(self.begin(method, params))
        assert "error" not in answer, answer
        return answer["result"]

    def answer(self, number: int) -> Message:
        """The answer to a question that was begun, result or error."""
        self.until(lambda: number in self._answers)
        return self._answers.pop(number)

    def until(self, holds: Callable[[], bool]) -> None:
        """Takes in messages until something holds."""
        while not holds():
            message = self._incoming.get(timeout=PATIENCE)
            assert message is not None, f"the server ended: {self.errors!r}"
            self._take(message)

    def _take(self, message: Message) -> None:
        if "method" not in message:
            self._answers[message["id"]] = message
        elif "id" in message:
            self.asked.append(message)
            asked_settings = message["method"] == "workspace/configuration"
            self.send({"id": message["id"], "result": [self.settings] if asked_settings else None})
        else:
            self.notified.append(message)

    # --- An editor's day ---

    def initialize(
        self, can: Message | None = None, options: Message | None = None, root: Path | None = None
    ) -> "Editor":
        params = {
            "processId": os.getpid(),
            "rootUri": root.as_uri() if root else None,
            "capabilities": CAN if can is None else can,
            "initializationOptions": options,
        }
        self.capabilities = self.ask("initialize", params)["capabilities"]
        self.notify("initialized", {})
        return self

    def open(self, uri: str, text: str, language: str = "yaml") -> None:
        self._versions[uri] = 1
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, uri: str, *changes: Message) -> int:
        """Sends changes, each the whole text or a range and its new text; gives the new version."""
        self._versions[uri] += 1
        identity = {"uri": uri, "version": self._versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": identity, "contentChanges": list(changes)})
        return self._versions[uri]

    def published(self, uri: str) -> list[Message]:
        """All that was published of a document so far."""
        return [
            found["params"]
            for found in self.notified
            if found["method"] == "textDocument/publishDiagnostics" and found["params"]["uri"] == uri
        ]

    def diagnostics(self, uri: str, version: int = 1) -> list[Message]:
        """The first diagnostics of a version: those of its content."""
        self.until(lambda: any(found.get("version") == version for found in self.published(uri)))
        return next(found["diagnostics"] for found in self.published(uri) if found.get("version") == version)

    def lenses(self, uri: str) -> list[tuple[int, str]]:
        """The page meter: lines from 0, and what stands there."""
        found = self.ask("textDocument/codeLens", {"textDocument": {"uri": uri}})
        return [(lens["range"]["start"]["line"], lens["command"]["title"]) for lens in found]

    def settled(self, uri: str, version: int = 1) -> list[Message]:
        """The last diagnostics of a version, with what its pages say."""
        self.diagnostics(uri, version)
        self.lenses(uri)
        return next(found["diagnostics"] for found in reversed(self.published(uri)) if found.get("version") == version)

    def at(self, method: str, uri: str, line: int, character: int, **more: object) -> Any:
        """A question about a place, counted from 0."""
        place = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", {"textDocument": {"uri": uri}, "position": place, **more})

    def end(self) -> int:
        """Shuts the server down as an editor does, and gives its exit code."""
        assert self.ask("shutdown", None) is None
        self.notify("exit", None)
        return self.wait()

    def wait(self) -> int:
        """The exit code, once the process has ended and all is read."""
        code = self.process.wait(timeout=PATIENCE)
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        return code

    def kill(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._talk.close()


class InnerEditor(Editor):
    """The same conversation with a server in a thread of this process, which begins at once."""

    def _start(self, folder: Path, arguments: Sequence[str], environment: Mapping[str, str]) -> Talk:
        assert not arguments
        assert not environment
        (asked, to), (answers, out) = os.pipe(), os.pipe()
        self._server = ready(Settings())
        streams = os.fdopen(asked, "rb"), os.fdopen(out, "wb")
        self._thread = threading.Thread(target=self._serve, args=streams, daemon=True)
        self._thread.start()
        return Talk(os.fdopen(to, "wb"), os.fdopen(answers, "rb"), BytesIO())

    def _serve(self, questions: BinaryIO, answers: BinaryIO) -> None:
        with questions, answers:
            self._server.start_io(questions, answers)
        self._server.documents.finish()

    def wait(self) -> int:
        self._thread.join(timeout=PATIENCE)
        for thread in self._threads:
            thread.join(timeout=PATIENCE)
        return 0 if self._server.asked_to_end else 1

    def kill(self) -> None:
        with suppress(BrokenPipeError):
            self.hang_up()
        self.wait()
        self._talk.close()
