#!/usr/bin/env bash
# A Flink session cluster on this machine: a job manager, a task manager with two slots, and beside
# it a pool of Beam's workers. For tests, and to try a run before there is a real cluster.
#
#     deploy/flink/cluster.sh start FOLDER
#     deploy/flink/cluster.sh stop FOLDER
#     deploy/flink/cluster.sh fetch FOLDER
#
# FOLDER keeps Flink's jars (120 MB, from PyPI), the logs, and the ids of the processes. The cluster
# is at localhost:$FLINK_PORT (8081), and uses the port after it too; the workers are at
# localhost:$WORKER_PORT (50000). Needs Java 11 or 17, curl, and the python of $PYTHON, by default
# that of .venv, which the workers run.
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
root="$(dirname "$(dirname "$here")")"
FLINK_PORT="${FLINK_PORT:-8081}"
WORKER_PORT="${WORKER_PORT:-50000}"
PYTHON="${PYTHON:-$root/.venv/bin/python}"
processes=(job-manager task-manager workers)

# The jars of the distribution that a cluster needs, in FOLDER/lib.
fetch() {
    local scratch
    if [ -e "$folder/lib/complete" ]; then
        return
    fi
    scratch="$(mktemp -d "$folder/fetch.XXXXXX")"
    # shellcheck disable=SC2064  # the name as it is now
    trap "rm -rf '$scratch'" EXIT
    "$PYTHON" -m pip download --quiet --disable-pip-version-check --no-deps --no-binary=:all: \
        --require-hashes --requirement="$here/requirements.txt" --dest="$scratch"
    tar -xzf "$scratch"/*.tar.gz -C "$scratch" --strip-components=1 --wildcards \
        '*/deps/lib/flink-dist-*.jar' '*/deps/lib/log4j-*.jar'
    mkdir -p "$folder/lib"
    mv "$scratch"/deps/lib/*.jar "$folder/lib"
    touch "$folder/lib/complete"
}

# What Java 17 would otherwise keep from Flink, as the distribution's own settings say.
opened() {
    local read='import sys, zipfile; print(zipfile.ZipFile(sys.argv[1]).read("config.yaml").decode())'
    "$PYTHON" -c "$read" "$folder"/lib/flink-dist-*.jar | sed -n 's/^ *all: \(--add.*\)/\1/p'
}

# launch NAME COMMAND...: in the background, with a log and a file with its process id.
launch() {
    local name="$1"
    shift
    nohup setsid "$@" >"$folder/$name.log" 2>&1 </dev/null &
    echo "$!" >"$folder/$name.pid"
}

# flink NAME CLASS ARGUMENT...: one of Flink's processes. The quick compiler is for jobs that are over
# before the good one has earned its time.
flink() {
    local name="$1" class="$2"
    shift 2
    # shellcheck disable=SC2046  # words are wanted
    launch "$name" java -Xmx384m -XX:MaxMetaspaceSize=192m -XX:+UseSerialGC \
        -XX:TieredStopAtLevel=1 $(opened) \
        -Dorg.apache.logging.log4j.level=INFO -cp "$folder/lib/*" \
        "org.apache.flink.runtime.$class" --configDir "$folder" "$@" \
        -D "rest.port=$FLINK_PORT" -D "jobmanager.rpc.port=$((FLINK_PORT + 1))" \
        -D "io.tmp.dirs=$folder/tmp" -D "web.upload.dir=$folder/jars"
}

# wait_until SECONDS WHAT COMMAND...: until the command succeeds, as long as all processes live. Who
# answers for one that has died is somebody else, on the same port.
wait_until() {
    local end=$((SECONDS + $1)) what="$2"
    shift 2
    until "$@" >/dev/null 2>&1 && all_live 2>/dev/null; do
        if ((SECONDS >= end)) || ! all_live; then
            echo "$what did not come up; see $folder/*.log" >&2
            stop
            exit 1
        fi
        sleep 0.5
    done
}

all_live() {
    local name
    for name in "${processes[@]}"; do
        if ! kill -0 "$(cat "$folder/$name.pid")" 2>/dev/null; then
            echo "$name has ended: $(tail -n 1 "$folder/$name.log")" >&2
            return 1
        fi
    done
}

any_lives() {
    local name
    for name in "${processes[@]}"; do
        if [ -e "$folder/$name.pid" ] && kill -0 -- "-$(cat "$folder/$name.pid")" 2>/dev/null; then
            return 0
        fi
    done
    return 1
}

has_slots() {
    curl --silent --fail "http://localhost:$FLINK_PORT/overview" | grep -q '"slots-total":2'
}

# That somebody listens is not enough: he has to speak gRPC.
takes_workers() {
    "$PYTHON" -c 'import sys, grpc
grpc.channel_ready_future(grpc.insecure_channel(sys.argv[1])).result(timeout=5)' \
        "localhost:$WORKER_PORT"
}

start() {
    if any_lives; then
        echo "a cluster runs in $folder already: stop it first" >&2
        exit 1
    fi
    mkdir -p "$folder/tmp" "$folder/jars"
    fetch
    cp "$here/config.yaml" "$folder/config.yaml"
    flink job-manager entrypoint.StandaloneSessionClusterEntrypoint
    flink task-manager taskexecutor.TaskManagerRunner
    # The pool starts `python`, whichever comes first on the path.
    PATH="$(dirname "$PYTHON"):$PATH" OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" \
        launch workers "$PYTHON" -m apache_beam.runners.worker.worker_pool_main \
        "--service_port=$WORKER_PORT"
    wait_until 120 "the cluster" has_slots
    wait_until 60 "the pool of workers" takes_workers
    echo "Flink is at localhost:$FLINK_PORT, workers at localhost:$WORKER_PORT"
}

# Each was started as the leader of a process group, so that what it has started goes with it. Ends
# when they are gone, and their ports are free.
stop() {
    signal TERM
    local end=$((SECONDS + 15))
    while any_lives && ((SECONDS < end)); do
        sleep 0.2
    done
    signal KILL
    rm -f "$folder"/*.pid
}

signal() {
    local file
    for file in "$folder"/*.pid; do
        if [ -e "$file" ]; then
            kill -s "$1" -- "-$(cat "$file")" 2>/dev/null || true
        fi
    done
}

if (($# != 2)) || [[ ! "$1" =~ ^(start|stop|fetch)$ ]]; then
    sed -n 's/^#     /usage: /p' "$0" >&2
    exit 2
fi
mkdir -p "$2"
folder="$(cd "$2" && pwd)"
"$1"
