#!/usr/bin/env bash
# Makes the job server that takes Beam's pipelines to Flink 1.19, as one jar.
#
#     deploy/flink/job_server.sh FOLDER
#
# makes FOLDER/flink-job-server.jar (160 MB), for `--flink_job_server_jar`. Needs Maven and Java 11
# or 17. Every jar that goes into it must have the digest that jars.sha256 says, and there may be no
# others. It is of Beam 2.62, whose job API is that of the version that is pinned here; whoever has
# the job server of that version uses it instead.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
if (($# != 1)); then
    sed -n 's/^#     /usage: /p' "$0" >&2
    exit 2
fi
mkdir -p "$1"
folder="$(cd "$1" && pwd)"
maven=(mvn --quiet --batch-mode --file "$here/pom.xml" "-Dfolder=$folder/build")

# The digests of the jars that Maven has resolved, by file name.
digests() {
    { tr ':' '\n' <"$folder/build/classpath"; echo; } | grep . | while IFS= read -r jar; do
        printf '%s  %s\n' "$(sha256sum <"$jar" | cut -d ' ' -f 1)" "${jar##*/}"
    done | LC_ALL=C sort -k 2
}

"${maven[@]}" validate
digests >"$folder/build/jars.sha256"
if ! diff "$here/jars.sha256" "$folder/build/jars.sha256" >&2; then
    echo "these jars are not those of deploy/flink/jars.sha256; nothing was made" >&2
    exit 1
fi
"${maven[@]}" package
mv "$folder/build/flink-job-server.jar" "$folder/flink-job-server.jar"
rm -r "$folder/build"
sha256sum "$folder/flink-job-server.jar"
