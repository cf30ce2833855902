# shellcheck shell=bash
# Sourced by the scripts beside it: how they speak, and how they ask the system for its packages.

# The environments are ours: without compiled modules in them each start, and each child process, compiles anew.
unset PYTHONDONTWRITEBYTECODE

say() { printf '\n== %s\n' "$*"; }
stop() {
    printf '\n%s\n' "$*" >&2
    exit 1
}

as_root() { # as_root WHAT PACKAGE...: installs Debian packages, or stops with the command that does.
    local what=$1 root=()
    shift
    if [ "$(id -u)" != 0 ]; then
        root=(sudo)
        sudo -n true 2>/dev/null || stop "$what: missing. Install it once, then run this again:
    sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    fi
    command -v apt-get >/dev/null ||
        stop "$what: missing, and this is no Debian. Install what these Debian packages hold: $*"
    say "Installing the system's packages: $*"
    "${root[@]}" apt-get update -qq
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
