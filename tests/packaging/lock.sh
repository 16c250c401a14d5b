#!/bin/sh
# Renews requirements.lock from pyproject.toml: every version and hash, for all supported Pythons and machines.
#
#   sh tests/packaging/lock.sh          upgrades everything
#   sh tests/packaging/lock.sh NAME...  upgrades these packages; of the others only what does not fit any more
#
# Needs uv (pip install uv) and the network. Then: sh tests/all.sh
set -eu
cd "$(dirname "$0")/../.."

uv=uv
[ ! -x .venv/bin/uv ] || uv=$PWD/.venv/bin/uv
command -v "$uv" >/dev/null || { echo "There is no uv. Run: .venv/bin/pip install uv" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# What builds an editable install comes from the lock too.
printf 'hatchling\neditables\n' >"$work/build.in"

if [ $# -eq 0 ]; then
    set -- --upgrade
else
    for name do
        set -- "$@" --upgrade-package "$name"
        shift
    done
    # What an output file has already is kept.
    for part in application everything; do cp requirements.lock "$work/$part"; done
fi

# certifi is left out: the authorities that a machine trusts are as new, and as its own, as its registry says.
compile() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-package certifi pyproject.toml "$work/build.in" "$@" >/dev/null
}
# The tests' packages have a say in the application's versions, so that it is tested with those that it runs with.
compile "$@" --extra dev --output-file "$work/everything"
compile "$@" --constraints "$work/everything" --output-file "$work/application"

# Keeps the blocks (a requirement and its hashes) that are for Linux and not in the first file already.
only_new() {
    awk '/^#/ || /^ +#/ { next }
         /^[^ ]/ { keep = !(FILENAME != ARGV[1] && ($0 in known)) && !/sys_platform == .(win32|emscripten)/
                   if (FILENAME == ARGV[1]) known[$0] = 1 }
         keep && FILENAME == ARGV[ARGC - 1]' "$@"
}
{
    echo "# Every package with its version and hashes; systemd/setup.sh installs these. Renew: sh tests/packaging/lock.sh"
    only_new "$work/application"
    echo
    echo "# For development"
    only_new "$work/application" "$work/everything"
} >"$work/lock"
cat "$work/lock" >requirements.lock
grep -c '==' requirements.lock | sed 's/$/ packages are locked in requirements.lock./'
