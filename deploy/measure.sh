#!/usr/bin/env bash
# Reads pages that have ground truth, and prints how well: the figures of the README.
#
#     deploy/measure.sh [--direct] [--weights FILE] [SET...]
#
# Each SET is a folder of page images below $PAGES, with NAME.gt.txt beside them; PDFs are left out,
# so that pixels are what is read. Without --direct, pages go through `beam-ocr run` and `export` as
# users' do. With it they go through the engine alone, in one process: a quick look at new weights,
# and what a page costs on one core. Predictions are kept in $OUT.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
PAGES="${PAGES:-../shared/eval/dev}"
SCORE="${SCORE:-../shared/eval/score.py}"
OUT="${OUT:-$(mktemp -d)}"

direct=""
weights=()
sets=()
while (($#)); do
    case "$1" in
        --direct) direct=1 ;;
        --weights) weights=(--weights "$2"); shift ;;
        -*) echo "usage: deploy/measure.sh [--direct] [--weights FILE] [SET...]" >&2; exit 2 ;;
        *) sets+=("$1") ;;
    esac
    shift
done
if ((${#sets[@]} == 0)); then
    sets=(fondue_print_en oldbooks_en pdf_born_digital scribe_mixed sroie_receipts
        ehri_typewriter_en ehri_typewriter_de tapus_typewriter_fr tesseract_test)
fi

# The page images of a set: every file that is neither ground truth nor a PDF.
images() {
    find "$PAGES/$1" -maxdepth 1 -type f ! -name '*.txt' ! -name '*.json' ! -name '*.tsv' ! -name '*.pdf' | sort
}

read_by_run() {
    images "$1" >"$OUT/$1.list.txt"
    .venv/bin/beam-ocr run "@$OUT/$1.list.txt" --output "$OUT/runs/$1" "${weights[@]}"
    .venv/bin/beam-ocr export "$OUT/runs/$1" --format txt --to "$OUT/text/$1"
}

read_directly() {
    images "$1" | .venv/bin/python -W ignore -c '
import sys, time
from pathlib import Path
import torch, ocr_core
from ocr_core import sources
from ocr_core.exporters.text import export_text
from schemas import Document, Page, PageImage, PageRange

torch.set_num_threads(1)
target, weights = Path(sys.argv[1]), sys.argv[2:]
target.mkdir(parents=True, exist_ok=True)
engine = ocr_core.load(*map(Path, weights))
images, files = [], {}
started, cpu = time.perf_counter(), time.process_time()
for file in map(Path, sys.stdin.read().splitlines()):
    source = sources.inspect(file, str(file))
    pages = []
    for image in sources.render_pages(file, PageRange(source, tuple(range(source.page_count)))):
        pages += engine.read_pages([image]) if isinstance(image, PageImage) else [image]
    for page in pages:
        if not isinstance(page, Page):
            print(f"{file}: {page.code}: {page.message}", file=sys.stderr)
    (target / f"{file.stem}.txt").write_bytes(export_text(Document(source, tuple(pages))))
    files[file] = len(pages)
cpu, wall, count = time.process_time() - cpu, time.perf_counter() - started, sum(files.values())
print(f"{target.name}: {count} pages, {cpu / count:.2f} CPU-seconds and {wall / count:.2f} seconds a page")
' "$OUT/text/$1" "${weights[@]:1}"
}

mkdir -p "$OUT/text"
for name in "${sets[@]}"; do
    if [ -n "$direct" ]; then read_directly "$name"; else read_by_run "$name"; fi
done
echo "predictions are in $OUT/text"
.venv/bin/python "$SCORE" "$OUT/text" --data "$PAGES"
