"""yaml-language-server as it is published: one version, checked byte for byte, where git ignores it."""

import fcntl
import hashlib
import re
import shutil
import subprocess
from base64 import b64encode
from pathlib import Path

NAME = "yaml-language-server"
VERSION = "1.25.0"  # the last that runs on Debian's Node.js; from 2.0.0 on it asks for a newer one
SHA512 = "SDMkX/TWbP7yzTpvB5PAvirdfwlB+oqkXRZLQ6jR4f1XP42cF/mVeN35Mc1TIG2Dh0dpW82V3NSZ7vaVrdSyZw=="
BEFORE = "2026-10-12"  # what it is made from is taken as it was on this day
OLDEST_NODE = 18
FOLDER = Path(__file__).resolve().parents[2] / "build" / f"{NAME}-{VERSION}"
PATIENCE = 120  # seconds for one call of npm


class Missing(Exception):
    """It cannot be had here: no Node.js, or nobody to get it from."""


def installed() -> Path:
    """The program of the server, fetched when it is not there yet."""
    check_node()
    program = FOLDER / "node_modules" / NAME / "bin" / NAME
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # several test processes may come at once
        if not (FOLDER / "ready").exists():
            install(fetch())
            (FOLDER / "ready").touch()
    return program


def check_node() -> None:
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise Missing(f"{program} is not installed (Debian: apt-get install nodejs npm)")
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v(\d+)", said)
    if found is None or int(found[1]) < OLDEST_NODE:
        raise Missing(f"Node.js {said.strip()} is older than {OLDEST_NODE}")


def fetch() -> Path:
    """The archive, if it is the one that we know. A wrong one is an error, not something missing."""
    npm("pack", f"{NAME}@{VERSION}")
    archive = FOLDER / f"{NAME}-{VERSION}.tgz"
    found = b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    assert found == SHA512, f"{archive.name} is not what was published: its sha512 is {found}"
    return archive


def install(archive: Path) -> None:
    quiet = ("--ignore-scripts", "--no-audit", "--no-fund", "--no-package-lock", "--no-save")
    npm("install", f"--prefix={FOLDER}", f"--before={BEFORE}", *quiet, f"./{archive.name}")


def npm(*words: str) -> None:
    command = ["npm", *words, "--loglevel=error", "--fetch-retries=1", "--fetch-timeout=20000"]
    try:
        done = subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Missing(f"npm {words[0]} did not end within {PATIENCE} s") from error
    if done.returncode:
        raise Missing(f"npm {words[0]} failed: {done.stderr.strip()[:300]}")
