#!/usr/bin/env bash
# Builds Prism, Beam's own small runner, of the Beam version that is pinned here.
#
#     deploy/prism.sh FOLDER
#
# makes FOLDER/prism, for `beam-ocr run ... --runner=PrismRunner --prism_location=FOLDER/prism`.
# Needs Go, which checks what it fetches against its checksum database; see `go help module-auth`.
set -euo pipefail
if (($# != 1)); then
    sed -n 's/^#     /usage: /p' "$0" >&2
    exit 2
fi
version="$(sed -n 's/^apache-beam==//p' "$(dirname "$0")/constraints.txt")"
mkdir -p "$1"
GOBIN="$(cd "$1" && pwd)" go install "github.com/apache/beam/sdks/v2/go/cmd/prism@v$version"
echo "$1/prism, of Beam $version"
