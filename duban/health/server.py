"""Answers on a local port: whether the daemon is alive, whether all is well, figures for Prometheus."""

import json
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

Answer = tuple[HTTPStatus, str, bytes]  # status, content type, body
Page = Callable[[], Answer]
LOCAL = "127.0.0.1"
TEXT, JSON = "text/plain; version=0.0.4; charset=utf-8", "application/json; charset=utf-8"


def told(well: bool, **more: object) -> Answer:
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    body = json.dumps({"ok": well, **more}, ensure_ascii=False) + "\n"
    return status, JSON, body.encode()


class Server:
    """Only for this machine; it reads and never writes."""

    def __init__(self, port: int, pages: dict[str, Page]) -> None:
        self._http = ThreadingHTTPServer((LOCAL, port), handler(pages))
        self._http.daemon_threads = True

    @property
    def port(self) -> int:
        return self._http.server_port

    def start(self) -> None:
        Thread(target=self._http.serve_forever, name="health", daemon=True).start()

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()


def handler(pages: dict[str, Page]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        server_version, sys_version = "duban", ""
        timeout = 5  # seconds for whoever asks slowly

        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            if page is None:
                self._send(HTTPStatus.NOT_FOUND, JSON, b'{"ok": false}\n')
                return
            try:
                self._send(*page())
            except Exception as error:  # whatever ails the store: who asks is told that it does
                self._send(*told(False, error=type(error).__name__))

        def _send(self, status: HTTPStatus, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """A probe asks every few seconds: that is no news."""

    return Handler
