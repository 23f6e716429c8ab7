#!/usr/bin/env bash
# Measures how fast this machine reads with its GPU, and what memory that takes, as Markdown.
#
#     deploy/gpu.sh [cuda|cpu [FOLDER [BATCH_PAGES...]]]
#     deploy/gpu.sh cuda scans 8 16 32
#
# FOLDER holds images and PDFs, by default samples/, which are too few to fill any batch: take some
# hundred pages. Text layers are ignored. Ends with 2 where no GPU can be used, and says why; `cpu`
# is for trying this script without one. A batch holds 80 megapixels at most, some 20 pages in A4 at
# 200 dpi, so more than 32 pages change nothing. With one thread the table tells of the engine, with
# one for each core of a run as users have it.
set -euo pipefail
cd "$(dirname "$0")/.."
cores="$(env --unset=OMP_NUM_THREADS nproc)" # which otherwise goes by it
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
python="${PYTHON:-.venv/bin/python}"
device="${1:-cuda}" folder="${2:-samples}"
batches=("${@:3}")
if ((${#batches[@]} == 0)); then
    batches=(8 16 32)
fi
if [[ $device != cuda && $device != cpu ]]; then
    sed -n 's/^#     /usage: /p' "$0" >&2
    exit 2
fi

"$python" -W ignore -m pipelines.cli page samples/letter-scanned.pdf --device "$device" >/dev/null

if [ "$device" = cuda ]; then
    nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader
fi
"$python" -c 'import torch; print("PyTorch", torch.__version__)'
echo "$cores cores; $device; $folder"
echo
"$python" -m tests.measure_handles "$folder" --device "$device" --threads 1 "$cores" \
    --batch-pages "${batches[@]}" --table
