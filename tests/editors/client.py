"""A very small editor: speaks the Language Server Protocol with yaml-language-server by its streams."""

import json
import subprocess
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from types import TracebackType
from typing import Any, Self

ANSWER = 60  # seconds; a large file takes a few on a busy machine


class Editor:
    """Open for a `with`; `settings` are those that the server asks an editor for, by section."""

    def __init__(self, server: Path, root: Path, settings: dict[str, Any]) -> None:
        self.settings = settings
        self.root = root
        self._process = subprocess.Popen(
            ["node", str(server), "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
        )
        self._received: Queue[dict[str, Any]] = Queue()
        self._diagnostics: dict[str, list[dict[str, Any]]] = {}
        self._answers: dict[int, Any] = {}
        self._asked = 0
        self._configured = False
        Thread(target=self._listen, daemon=True).start()

    def __enter__(self) -> Self:
        capabilities = {
            "textDocument": {
                "completion": {"completionItem": {"documentationFormat": ["markdown", "plaintext"]}},
                "hover": {"contentFormat": ["markdown"]},
                "publishDiagnostics": {},
            },
            "workspace": {"configuration": True, "didChangeConfiguration": {"dynamicRegistration": True}},
        }
        start = {"processId": None, "rootUri": self.root.as_uri(), "capabilities": capabilities}
        self.ask("initialize", start)
        self.tell("initialized", {})
        self.tell("workspace/didChangeConfiguration", {"settings": self.settings})
        while not self._configured:
            self._take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()

    def open(self, path: Path, text: str | None = None) -> str:
        """The address of the document, once it is open: as it is on the disk, or with another text."""
        document = {
            "uri": path.as_uri(),
            "languageId": "yaml",
            "version": 1,
            "text": path.read_text(encoding="utf-8") if text is None else text,
        }
        self.tell("textDocument/didOpen", {"textDocument": document})
        return path.as_uri()

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """What is marked in the document, as soon as the server has said so."""
        while uri not in self._diagnostics:
            self._take()
        return self._diagnostics[uri]

    def completions(self, uri: str, line: int, column: int) -> dict[str, dict[str, Any]]:
        """What is offered at a place (counted from 0), by label."""
        found = self.ask("textDocument/completion", _place(uri, line, column))
        items = found["items"] if isinstance(found, dict) else found or []
        return {item["label"]: item for item in items}

    def hover(self, uri: str, line: int, column: int) -> str:
        found = self.ask("textDocument/hover", _place(uri, line, column))
        return str(found["contents"]["value"]) if found else ""

    def ask(self, method: str, params: object) -> Any:
        self._asked += 1
        number = self._asked
        self._send({"id": number, "method": method, "params": params})
        while number not in self._answers:
            self._take()
        return self._answers.pop(number)

    def tell(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._process.stdin.flush()

    def _take(self) -> None:
        """One message of the server: an answer, a question of its own, or something that it tells."""
        try:
            message = self._received.get(timeout=ANSWER)
        except Empty:
            raise TimeoutError(f"yaml-language-server said nothing for {ANSWER} s") from None
        if "method" not in message:
            assert "error" not in message, message["error"]
            self._answers[message["id"]] = message.get("result")
        elif message["method"] == "textDocument/publishDiagnostics":
            self._diagnostics[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message:
            self._send({"id": message["id"], "result": self._configuration(message)})

    def _configuration(self, message: dict[str, Any]) -> Any:
        if message["method"] != "workspace/configuration":
            return None
        self._configured = True
        return [self.settings.get(item.get("section"), {}) for item in message["params"]["items"]]

    def _listen(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass  # further headers
            self._received.put(json.loads(stream.read(length)))


def _place(uri: str, line: int, column: int) -> dict[str, Any]:
    return {"textDocument": {"uri": uri}, "position": {"line": line, "character": column}}
