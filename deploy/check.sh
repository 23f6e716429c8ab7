#!/usr/bin/env bash
# What every commit passes: lint, format, types, tests. This is the only list of the checks.
#
#     deploy/check.sh [PYTEST ARGUMENT...]    with the tools of .venv
#
# Every check runs, even after one that failed; the exit status is 1 if any did.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=()

check() {
    echo "== $*"
    "$@" || failed+=("$*")
}

check .venv/bin/ruff check .
check .venv/bin/ruff format --check .
check .venv/bin/mypy
for name in "${failed[@]}"; do
    echo "failed before the tests: $name"
done
check .venv/bin/pytest "$@"
((${#failed[@]} == 0))
