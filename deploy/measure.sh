#!/usr/bin/env bash
# Reads pages that have ground truth, and prints how well: the figures of the README.
#
#     deploy/measure.sh [--direct] [--weights FILE] [--quality NAME] [--restore] [--beside FOLDER] [SET...]
#
# Each SET is a folder of page images below $PAGES, with NAME.gt.txt beside them; PDFs are left out,
# and text layers ignored, so that pixels are what is read. Without --direct, pages go through
# `beam-ocr run` as users' do. With it they go through the engine alone, in one thread: a quick look
# at new weights, and what a page costs on one core. Runs and their texts are kept in $OUT. FOLDER
# holds what another engine read, as SET/NAME.txt, to be measured in the same way.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}"
PAGES="${PAGES:-../shared/eval/dev}"
SCORE="${SCORE:-../shared/eval/score.py}"
OUT="${OUT:-$(mktemp -d)}"

reader=(.venv/bin/beam-ocr run)
options=(--text-layer ignore)
beside=""
sets=()
while (($#)); do
    case "$1" in
        --direct) reader=(.venv/bin/python -W ignore -m pipelines.direct) ;;
        --weights) options+=(--weights "$2"); shift ;;
        --restore) options+=(--restore) ;;
        --quality) options+=(--quality "$2"); shift ;;
        --beside) beside="$2"; shift ;;
        -*) sed -n 's/^#     /usage: /p' "$0" >&2; exit 2 ;;
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

mkdir -p "$OUT/text"
runs=()
others=()
for name in "${sets[@]}"; do
    images "$name" >"$OUT/$name.list.txt"
    "${reader[@]}" "@$OUT/$name.list.txt" --output "$OUT/runs/$name" "${options[@]}"
    .venv/bin/beam-ocr export "$OUT/runs/$name" --format txt --to "$OUT/text/$name"
    runs+=("$OUT/runs/$name")
    others+=("$beside/$name")
done

echo "texts are in $OUT/text"
.venv/bin/python "$SCORE" "$OUT/text" --data "$PAGES"
# What the scorer does not tell: spaces, punctuation, numbers, confidences, and what became of lines.
echo
.venv/bin/beam-ocr evaluate "${runs[@]}" "$PAGES"
if [ -n "$beside" ]; then
    echo
    echo "$beside:"
    .venv/bin/beam-ocr evaluate "${others[@]}" "$PAGES"
fi
