#!/bin/sh
# Builds .venv from the hash-pinned requirements and installs duban into it. Run by `make setup`;
# PYTHON=/path/to/python chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
environment=.venv

say() { printf 'setup: %s\n' "$*" >&2; }

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

may_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; }

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if recent "$candidate"; then
            command -v "$candidate"
            return
        fi
    done
    if [ -n "${PYTHON:-}" ]; then
        say "PYTHON=$PYTHON is not a Python 3.11 or newer that runs. Name another, or leave PYTHON unset."
    else
        say "no Python 3.11 or newer was found. Install one (Debian: apt-get install python3 python3-venv)"
        say "or name it: make setup PYTHON=/path/to/python3.11"
    fi
    return 1
}

# Debian ships Python without the parts that build environments.
need_venv() {
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    package=$("$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if may_install; then
        say "installing $package, which this Python lacks"
        apt-get update -qq >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >&2
    fi
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then return; fi
    say "$1 cannot build environments (its venv or ensurepip is missing). Run this, then make setup again:"
    say "    sudo apt-get install $package"
    return 1
}

if ! recent "$environment/bin/python" || ! "$environment/bin/python" -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    need_venv "$python"
    say "building $environment with $("$python" --version)"
    "$python" -m venv --clear "$environment"
fi

export PIP_DISABLE_PIP_VERSION_CHECK=1
say "installing what requirements/dev.txt pins"
"$environment/bin/python" -m pip install --quiet --require-hashes -r requirements/dev.txt
"$environment/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable .
say "ready: $environment/bin/duban"
