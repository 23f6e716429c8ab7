#!/usr/bin/env bash
# Reads the samples on real engines: Flink, embedded and as a cluster of its own, and Prism.
#
#     deploy/engines.sh [FOLDER [PYTEST ARGUMENT...]]
#
# FOLDER (by default a temporary one) gets the engines, and keeps them for the next time: Beam's job
# server from Maven, Flink from PyPI, Prism from Go's module proxy. What cannot be made, for want of
# Java, Maven, Go or a network, is told and left out; with BEAM_OCR_ENGINES_REQUIRED=1 that fails.
set -euo pipefail
cd "$(dirname "$0")/.."
folder="${1:-}"
shift $(($# > 0))
if [ -z "$folder" ]; then
    folder="$(mktemp -d)"
    trap 'rm -rf "$folder"' EXIT
fi
mkdir -p "$folder"
folder="$(cd "$folder" && pwd)"

# make FILE COMMAND...: unless it is there; if it cannot be made, or not within some minutes, as
# behind a firewall that drops packets, the tests say what they lack.
make() {
    [ -e "$folder/$1" ] && return
    local began=$SECONDS
    if timeout 300 "${@:2}"; then
        echo "== made $1 in $((SECONDS - began)) s"
    else
        echo "== could not make $1" >&2
    fi
}

make flink-job-server.jar deploy/flink/job_server.sh "$folder"
make flink/lib/complete deploy/flink/cluster.sh fetch "$folder/flink"
make prism deploy/prism.sh "$folder"
SECONDS=0
BEAM_OCR_ENGINES="$folder" .venv/bin/pytest --durations=10 tests/test_flink.py tests/test_prism.py "$@"
echo "== ran in $SECONDS s"
