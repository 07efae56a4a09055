"""A wire between a daemon and its server that may be slow, silent, or cut in the middle of a commit."""

import socket
import threading
import time
from collections import Counter
from contextlib import suppress
from enum import Enum
from pathlib import Path

COMMIT = b"COMMIT"
AT_ONCE = 65536  # bytes


class Wire(Enum):
    WHOLE = "whole"
    SLOW = "slow"
    SILENT = "silent"  # takes everything, gives nothing on, and says so to nobody
    CUT = "cut"  # every connection, at once
    BEFORE_COMMIT = "before commit"  # cut before the server hears of it
    AFTER_COMMIT = "after commit"  # cut before its answer is heard


class Proxy:
    """Listens on a port of this machine and goes on to the socket of a server."""

    def __init__(self, server: Path, listener: socket.socket | None = None) -> None:
        self.server = server / ".s.PGSQL.5432"
        self.wire, self.delay = Wire.WHOLE, 0.1
        self.counted: Counter[str] = Counter()
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._listener = listener or socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def set(self, wire: Wire) -> None:
        self.wire = wire
        if wire is Wire.CUT:
            self.cut_all()

    def cut_all(self) -> None:
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            self._cut(pair)

    def close(self) -> None:
        self._listener.close()
        self.cut_all()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:  # closed
                return
            server = socket.socket(socket.AF_UNIX)
            try:
                if self.wire is Wire.CUT:
                    raise ConnectionRefusedError
                server.connect(str(self.server))
            except OSError:  # no server, or nobody is let through
                client.close()
                server.close()
                continue
            pair = (client, server)
            self._pairs.append(pair)
            for source, target in (pair, pair[::-1]):
                threading.Thread(target=self._pump, args=(pair, source, target), daemon=True).start()

    def _pump(
        self, pair: tuple[socket.socket, socket.socket], source: socket.socket, target: socket.socket
    ) -> None:
        with suppress(OSError):  # one end was closed
            while data := source.recv(AT_ONCE):
                if not self._passes(data, asked=source is pair[0], target=target):
                    break
                target.sendall(data)
        self._cut(pair)

    def _passes(self, data: bytes, *, asked: bool, target: socket.socket) -> bool:
        """Whether it goes on; where it does not, the connection is cut."""
        if self.wire is Wire.SLOW:
            self.counted["slow"] += 1
            time.sleep(self.delay)
        while self.wire is Wire.SILENT:
            self.counted["silent"] += 1
            time.sleep(0.05)
        if not (asked and COMMIT in data):
            return True
        if self.wire is Wire.BEFORE_COMMIT:
            self.counted["cut before a commit"] += 1
            return False
        if self.wire is Wire.AFTER_COMMIT:
            self.counted["cut after a commit"] += 1
            target.sendall(data)
            time.sleep(0.02)  # so that the server has done it; the answer meets a closed door
            return False
        return True

    def _cut(self, pair: tuple[socket.socket, socket.socket]) -> None:
        for end in pair:
            with suppress(OSError):  # it is closed already
                end.shutdown(socket.SHUT_RDWR)
            end.close()
