#!/bin/sh
# Sets up Personal Agent in this folder: system packages that lack, and .venv with the locked Python packages.
#
#   sh systemd/setup.sh [--dev] [--link]
#
#   --dev   also what the tests need
#   --link  also make `agent` a command of yours: ~/.local/bin/agent
#
# Run it again whenever you like: what is there already is left alone.
set -eu
cd "$(dirname "$0")/.."

mode=app link=''
for argument in "$@"; do
    case $argument in
        --dev) mode=dev ;;
        --link) link=1 ;;
        *) sed -n '2,9s/^# \{0,1\}//p' systemd/setup.sh; [ "$argument" = --help ] && exit 0 || exit 64 ;;
    esac
done

say() { printf '%s\n' "$@"; }
fail() { printf 'setup: %s\n' "$*" >&2; exit 1; }

# --- system packages ---

python=''
find_python() {
    for name in python3 python3.13 python3.12 python3.11; do
        "$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null || continue
        # Not an activated .venv, but the Python behind it.
        python=$("$name" -c 'import os, sys; print(os.path.realpath(sys.executable))')
        return
    done
}

has_program() { command -v "$1" >/dev/null; }
has_font() { has_program fc-list && [ -n "$(fc-list "$1" family)" ]; }
has_venv() { [ -x .venv/bin/python ] || "$python" -c 'import ensurepip, venv' 2>/dev/null; }
# Debian splits venv off from each version of Python.
venv_package() { "$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; }

lacking='' reasons=''
need() {
    lacking="$lacking $1"
    reasons="$reasons
  $1: $2"
}

# Asks for a newer Python where the system has one that can be installed (Ubuntu 22.04 has 3.11 beside its 3.10).
need_python() {
    if has_program apt-get && can_be_root; then
        say "There is no Python 3.11, 3.12 or 3.13: running${as_root:+ with sudo} apt-get update to look for one"
        apt_get update || true
    fi
    for name in python3.13 python3.12 python3.11; do
        apt-cache policy "$name" 2>/dev/null | grep -q 'Candidate: [0-9]' || continue
        need "$name" "a Python that is new enough"
        need "$name-venv" "to make .venv"
        return
    done
    fail "No Python 3.11, 3.12 or 3.13 was found. Install one of them with its venv module, then run this again."
}

find_lacking() {
    lacking='' reasons=''
    find_python
    if [ -z "$python" ]; then
        need_python
    else
        has_venv || need "$(venv_package)" "to make .venv"
    fi
    has_program bwrap || need bubblewrap "the sandbox: without it no command and no skill is run"
    has_program fc-list || need fontconfig "to find fonts"
    has_font 'Noto Sans' || need fonts-noto-core "PDF reports in most scripts"
    has_font 'Droid Sans Fallback' || need fonts-droid-fallback "PDF reports in Chinese and Japanese"
    has_font 'WenQuanYi Micro Hei' || need fonts-wqy-microhei "PDF reports in Korean"
    has_program rg || need ripgrep "search_files: without it only plain text is searched for, and slowly"
    has_program pdftotext || need poppler-utils "read_file: the text of PDFs"
    [ "$mode" = dev ] || return 0
    # What only tests need, all of it.
    has_program node || need nodejs "tests run JavaScript in the sandbox"
    has_program shellcheck || need shellcheck "tests check shell scripts"
    [ -x /lib/systemd/systemd ] || need systemd "tests run the unit file"
}

as_root=''
can_be_root() {
    [ "$(id -u)" -ne 0 ] || return 0
    as_root=sudo
    has_program sudo && { sudo -n true 2>/dev/null || [ -t 0 ]; }
}

apt_get() {
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 "$@" >>"$log" 2>&1
}

install_lacking() {
    command="apt-get install --no-install-recommends$lacking"
    say "These system packages are missing:$reasons"
    if ! has_program apt-get; then
        say "This is no Debian or Ubuntu: install what gives the same, then run this again."
        return
    fi
    if ! can_be_root; then
        say "You are not root and cannot use sudo here. Ask an administrator to run:" "" "    $command" ""
        return
    fi
    say "Running${as_root:+ with sudo}: $command"
    # Lists that cannot be renewed are reported only if the installation then fails.
    apt_get update || true
    # shellcheck disable=SC2086 # one word for each package
    apt_get install --yes --no-install-recommends $lacking || {
        tail -n 5 "$log" >&2
        say "That failed. Ask an administrator to run:" "" "    $command" ""
    }
}

# --- Python packages ---

stamp=.venv/setup.stamp

# Names what is installed: a change of the lock, of pyproject.toml or of the folder makes it another.
wanted() { say "$(cat requirements.lock pyproject.toml | sha256sum | cut -c 1-64) $PWD"; }

is_installed() {
    [ -f "$stamp" ] || return 1
    case $(cat "$stamp") in
        "dev $(wanted)") ;;
        "app $(wanted)") [ "$mode" = app ] || return 1 ;;
        *) return 1 ;;
    esac
    .venv/bin/python -c '' 2>/dev/null
}

python_failed() {
    tail -n 15 "$log" >&2
    fail "$1 Its whole output is in $log. Run this again when that is mended: it goes on where it stopped."
}

pip() { .venv/bin/python -m pip --disable-pip-version-check --no-input -q "$@" >>"$log" 2>&1; }

make_venv() {
    # One that was made elsewhere, or by a Python that is gone, does not work here.
    if ! .venv/bin/python -m pip --version >/dev/null 2>&1 || ! grep -qsxF "$PWD" .venv/made-in; then
        say "Making .venv with $("$python" -V)"
        "$python" -m venv --clear .venv >>"$log" 2>&1 || python_failed "Making .venv failed."
        pwd >.venv/made-in
    fi
}

install_packages() {
    make_venv
    rm -f "$stamp"
    lock=.venv/requirements.txt
    if [ "$mode" = dev ]; then
        cp requirements.lock "$lock"
    else
        sed '/^# For development/,$d' requirements.lock >"$lock"
    fi
    say "Installing $(grep -c == "$lock") Python packages; the first time this takes some minutes"
    pip install --require-hashes --no-deps --only-binary :all: -r "$lock" ||
        python_failed "The Python packages could not be installed."
    # Not in the lock: the authorities that a machine trusts are as new, and as its own, as its registry says.
    pip install --no-deps --upgrade certifi || python_failed "The package certifi could not be installed."
    pip install --no-deps --no-build-isolation --no-index -e . || python_failed "This project could not be installed."
    say "$mode $(wanted)" >"$stamp"
}

# --- the command ---

link_command() {
    target=$HOME/.local/bin/agent
    [ "$(readlink "$target" 2>/dev/null || true)" != "$PWD/.venv/bin/agent" ] || return 0
    if [ -e "$target" ] && [ ! -L "$target" ]; then
        fail "$target is there already and is no link. Move it away, then run this again."
    fi
    mkdir -p "$HOME/.local/bin"
    ln -sfn "$PWD/.venv/bin/agent" "$target"
    say "$target is linked to .venv/bin/agent"
    case :$PATH: in
        *":$HOME/.local/bin:"*) ;;
        *) say "$HOME/.local/bin is not in your PATH: log in again, or add it in ~/.profile." ;;
    esac
}

log=$(mktemp "${TMPDIR:-/tmp}/personal-agent-setup.XXXXXX")
# After a failure it is kept, if it says something.
trap '[ $? -ne 0 ] && [ -s "$log" ] || rm -f "$log"' EXIT

[ "$(uname -s)" = Linux ] || fail "Personal Agent needs Linux: its sandbox is made of Linux namespaces."

find_lacking
if [ -n "$lacking" ]; then
    install_lacking
    find_lacking
fi
[ -n "$python" ] || fail "There is no Python 3.11, 3.12 or 3.13 yet. Install it as said above, then run this again."
has_venv || fail "$python cannot make .venv yet. Install $(venv_package), then run this again."
is_installed || {
    install_packages
    say "Ready: .venv/bin/agent"
    ! has_program bwrap || bwrap --unshare-all --ro-bind / / true 2>/dev/null ||
        say "But no sandbox can be made here yet: .venv/bin/agent doctor says why and what to do."
}
[ -z "$link" ] || link_command
