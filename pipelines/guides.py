"""What help shows of each command: the flags that most people need, and examples.

Help that fits a screen is read; `--help-all` has the rest, in sections.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """What `--help` of a command shows.

    Attributes:
        examples: (words after `beam-ocr`, what they do).
        common: the flags that are shown, by their first name; none for all of them.
    """

    examples: tuple[tuple[str, str], ...]
    common: tuple[str, ...] = ()


GUIDES: Mapping[str, Guide] = {
    "run": Guide(
        (
            ("run scans --output out", "a folder, sub-folders and all"),
            ("run a.pdf 'in/*.tif' @more.txt -o out --pages 1-3", "some pages of some files"),
            ("run scans -o out --export pdf,alto", "with searchable PDFs and ALTO"),
            ("run gs://b/in -o gs://b/out --runner=DataflowRunner", "on a cluster"),
        ),
        (
            "--output",
            "--pages",
            "--quality",
            "--lexicon",
            "--password-file",
            "--export",
            "--workers",
            "--quiet",
        ),
    ),
    "ingest": Guide(
        (
            ("ingest inbox --output out", "from cron, say, every ten minutes"),
            ("ingest inbox -o out --dry-run", "what it would read, and why"),
            ("ingest inbox -o out --move-done done --move-failed bad", "empty the inbox"),
        ),
        (
            "--output",
            "--settle",
            "--since",
            "--limit",
            "--dry-run",
            "--retry-failed",
            "--move-done",
            "--move-failed",
            "--report",
            "--quiet",
        ),
    ),
    "page": Guide(
        (
            ("page letter.png", "its text"),
            ("page book.pdf --page 12 --boxes found.png", "and a picture of what was found"),
        ),
        ("--page", "--boxes", "--quality", "--dpi", "--lexicon", "--password-file"),
    ),
    "explain": Guide(
        (
            ("explain letter.png --to how", "pictures of every stage, and how/index.html"),
            ("explain book.pdf --page 12 --text 'whale' --to how", "of a line that says so"),
        ),
        ("--to", "--page", "--line", "--text", "--dpi", "--quality", "--password-file"),
    ),
    "export": Guide(
        (
            ("export out --format pdf,hocr --to exports", "searchable PDFs and hOCR"),
            ("export out --format csv --to tables --documents 'bills/*'", "tables of some"),
        ),
    ),
    "export-model": Guide(
        (
            ("export-model --format onnx --to models", "all three networks, for ONNX Runtime"),
            ("export-model --format torchscript --to models --weights mine", "your own"),
        ),
    ),
    "view": Guide(
        (
            ("view out --open", "in the browser, on this machine alone"),
            ("view out --static site --documents '*.pdf'", "a folder to give away"),
        ),
    ),
    "evaluate": Guide(
        (
            ("evaluate out truth", "a table of measures"),
            ("evaluate out truth --html report", "and every page beside its ground truth"),
            ("evaluate tesseract-texts truth --worst 3", "another program's .txt files"),
        ),
    ),
    "synth": Guide((("synth --to pages --pages 20 --seed 7", "twenty pages with ground truth"),)),
    "train": Guide(
        (
            ("train recogniser --to weights --minutes 600", "ten hours, resumed if broken off"),
            ("train detector --to weights --minutes 60 --harvest pdfs", "on your own PDFs too"),
        ),
        (
            "--to",
            "--minutes",
            "--session-minutes",
            "--start-from",
            "--harvest",
            "--device",
            "--workers",
        ),
    ),
    "calibrate": Guide((("calibrate weights/recogniser.safetensors", "after training"),)),
    "average": Guide(
        (("average a.safetensors b.safetensors --to mean.safetensors", "half of each"),)
    ),
    "prune": Guide(
        (("prune big.safetensors --hidden 128 --to small.safetensors", "to train on from there"),)
    ),
    "quantise": Guide((("quantise weights/recogniser.safetensors", "after training"),)),
    "chars": Guide(
        (
            ("chars --to training-runs/chars", "on drawn characters: signs, posters, print"),
            ("chars --from-folder mine --to mine-out", "a folder for each character"),
            ("chars --predict picture.png --to mine-out", "character and confidence"),
        ),
        ("--to", "--from-folder", "--kind", "--samples", "--epochs", "--predict", "--evaluate"),
    ),
    "classic": Guide(
        (
            ("classic --to classic", "learns from drawn lines, in a minute"),
            ("classic --read-page page.png --to classic", "reads a page"),
        ),
    ),
    "lines": Guide(
        (
            ("lines my-lines --to mine", "a folder of NAME.png and NAME.gt.txt"),
            ("lines --predict line.png --to mine", "what a line says"),
            ("lines --evaluate others --to mine", "how well it reads"),
        ),
        ("--to", "--data", "--minutes", "--from-nothing", "--predict", "--evaluate"),
    ),
    "handwriting": Guide(
        (
            ("handwriting --fonts my-fonts --to hands", "on lines that it writes"),
            ("handwriting my-lines --fonts my-fonts --to hands", "and on lines of yours"),
        ),
        ("--to", "--fonts", "--minutes", "--data"),
    ),
    "plates": Guide(
        (
            ("plates train", "on 60,000 pictures of five digits, which it makes"),
            ("plates train --kind real --to real", "on plates of many countries"),
            ("plates predict --cars street.jpg --weights real/plates.safetensors", "read a photo"),
        ),
    ),
    "restore": Guide(
        (
            ("restore letter.pdf --page 3 --to looks", "two pictures: restored, and side by side"),
            ("restore old.png --weights training-runs/restorer", "with a restorer of your own"),
        ),
    ),
    "restorer": Guide(
        (("restorer --to training-runs/restorer --minutes 60", "on worn lines, which it makes"),),
        ("--to", "--minutes", "--session-minutes", "--wear", "--guidance", "--device"),
    ),
    "bench": Guide((("bench scans --peer tesseract --pages 20", "beside Tesseract"),)),
    "compact": Guide((("compact out", "now and then, where many small runs add up"),)),
    "gc": Guide((("gc out", "what runs that broke off left behind"),)),
    "completion": Guide(
        (
            ("completion bash > ~/.local/share/bash-completion/completions/beam-ocr", ""),
            ("completion zsh > ~/.zfunc/_beam-ocr", "with ~/.zfunc in $fpath"),
            ("completion fish > ~/.config/fish/completions/beam-ocr.fish", ""),
        ),
    ),
}

# Sections of `--help-all`; what is in none of them stands under "options".
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "how pages are read": (
        "--dpi", "--renderer", "--text-layer", "--clean", "--device", "--backend", "--quality",
        "--precision", "--restore", "--weights", "--no-correct", "--lexicon", "--no-language-model",
    ),
    "limits and passwords": (
        "--max-pages", "--max-megapixels", "--max-bytes", "--page-timeout", "--password",
        "--password-file",
    ),
    "how the work is done": ("--batch-pages", "--workers", "--accelerator"),
    "what is told": ("--quiet", "--log-json", "--metrics", "--prometheus", "--report"),
}  # fmt: skip
