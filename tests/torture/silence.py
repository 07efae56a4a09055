"""A wire that is pulled while a transaction is open: nothing arrives, not even that nothing arrives.

No proxy can do this, because its kernel answers; two networks on one machine can, where root may make them.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from store.errors import StoreError
from store.office import Store
from tests.torture.disks import CannotTry
from tests.torture.nursery import ROOT, environment

FAR, NEAR_END, FAR_END = "duban-far", "duban-near0", "duban-far0"
NEAR_ADDRESS, FAR_ADDRESS = "10.99.0.1", "10.99.0.2"


def ip(*words: str) -> None:
    done = subprocess.run(("ip", *words), capture_output=True, text=True, check=False)
    if done.returncode:
        raise CannotTry(f"ip {' '.join(words)}: {done.stderr.strip()}")


@contextmanager
def far_host() -> Iterator[None]:
    """Another network of this machine, and one wire to it."""
    try:
        ip("netns", "add", FAR)
    except OSError as error:
        raise CannotTry(f"no program to make networks with: {error}") from error
    try:
        ip("link", "add", NEAR_END, "type", "veth", "peer", "name", FAR_END, "netns", FAR)
        ip("addr", "add", f"{NEAR_ADDRESS}/30", "dev", NEAR_END)
        ip("-n", FAR, "addr", "add", f"{FAR_ADDRESS}/30", "dev", FAR_END)
        pull(plugged=True)
        ip("-n", FAR, "link", "set", FAR_END, "up")
        yield
    finally:
        ip("netns", "delete", FAR)  # the wire goes with it


def pull(*, plugged: bool) -> None:
    ip("link", "set", NEAR_END, "up" if plugged else "down")


def listen_near() -> socket.socket:
    return socket.create_server((NEAR_ADDRESS, 0))


def work_far(url: str) -> "subprocess.Popen[str]":
    """A process behind the wire. It says "open" within a transaction, and goes on when it is told to."""
    return subprocess.Popen(
        ("ip", "netns", "exec", FAR, sys.executable, "-m", "tests.torture.silence", url),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
    )


def main(url: str) -> None:
    """Prints how many seconds it took until it was told that the server is silent."""
    store = Store.open(url)
    began = time.monotonic()
    try:
        with store.write() as tx:
            sys.stdout.write("open\n")
            sys.stdout.flush()
            sys.stdin.readline()
            began = time.monotonic()
            tx.set_meta("silence", "tried")
    except StoreError:
        sys.stdout.write(f"{time.monotonic() - began:.1f}\n")


if __name__ == "__main__":
    main(sys.argv[1])
