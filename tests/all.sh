#!/bin/sh
# Sets up and runs all tests: sh tests/all.sh [arguments for pytest]
# Stops at the first stage that fails, and says which.
set -eu
cd "$(dirname "$0")/.."

stage() {
    title=$1
    shift
    echo "== $title"
    "$@" || { status=$?; echo "tests/all.sh stopped at: $title" >&2; exit "$status"; }
}

stage "setup" sh systemd/setup.sh --dev
PATH=$PWD/.venv/bin:$PATH
stage "ruff check" ruff check --quiet --output-format concise
stage "ruff format" ruff format --check --quiet
stage "mypy" mypy
stage "import-linter" lint-imports --no-logo
# A folder of this run's own: pytest's numbered ones are cleaned up by every run beside this one too.
scratch=$(mktemp -d)
trap 'chmod -R u+rwx "$scratch" 2>/dev/null; rm -rf "$scratch"' EXIT
# Programs that the tests start are not measured: that would slow those that are killed hundreds of times.
stage "pytest" python -m pytest -n 3 --dist loadfile -p tests.packaging.uncovered --basetemp "$scratch/pytest" --cov --cov-report= "$@"
