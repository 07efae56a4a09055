"""Lines that survive a kill: each is written at once, whole, to the end of a file."""

import json
import os
from pathlib import Path
from typing import Any


class Diary:
    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(self, **said: Any) -> None:
        os.write(self._file, (json.dumps(said, ensure_ascii=False) + "\n").encode())


def read_diary(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
