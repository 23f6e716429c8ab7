#!/usr/bin/env bash
# Puts beam-ocr, its weights and all that it needs into a new virtual environment, and looks whether
# it works. deploy/Dockerfile runs this, and so can anybody without a Docker engine.
#
#     deploy/image/install.sh VENV cpu|cuda
#
# Versions are those of deploy/constraints.txt. PyPI has the CUDA build of PyTorch alone; the CPU
# build, which is 3 GB smaller, comes from PyTorch's own index, or from that in $TORCH_INDEX.
set -euo pipefail
venv="$1" variant="$2"
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
constraints="$root/deploy/constraints.txt"
TORCH_INDEX="${TORCH_INDEX:-https://download.pytorch.org/whl/cpu}"

if [[ $variant != cpu && $variant != cuda ]]; then
    echo "no such variant: $variant (cpu or cuda)" >&2
    exit 2
fi
python3 -m venv "$venv"
pip() { "$venv/bin/python" -m pip --no-cache-dir --disable-pip-version-check --quiet "$@"; }

if [[ $variant == cpu ]]; then
    pip install --no-deps --index-url "$TORCH_INDEX" "$(grep '^torch==' "$constraints")"
fi

# Built from a copy: building leaves folders in the tree, which may be read-only.
copy="$(mktemp -d)"
trap 'rm -rf "$copy"' EXIT
cp -R "$root/setup.py" "$root/pyproject.toml" "$root/schemas" "$root/ocr_core" "$root/pipelines" \
    "$copy"
pip install --constraint "$constraints" "${copy}[gcp,s3]"

pip check
# From elsewhere, so that it is the installed package that opens its weights.
cd /
"$venv/bin/beam-ocr" --version
"$venv/bin/python" -c 'import ocr_core; ocr_core.load(device="cpu")'
