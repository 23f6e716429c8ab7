"""Every flag of a run, with its unit and default."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, get_args

from ocr_core import profiles, restorer_files, running, sources
from ocr_core.cleaning import steps
from ocr_core.correction import lexicons
from ocr_core.errors import ConfigError
from ocr_core.limits import DEFAULT_LIMITS, Limits
from ocr_core.profiles import Profile
from ocr_core.sources import PageSelection, RenderOptions
from ocr_core.text_layer.reading import Mode
from pipelines import export_options, logs, source_options, speed_options, storage
from pipelines.export_files import ExportOptions

Report = Literal["progress", "quiet", "json"]

# Beam's pattern characters: its writers look for their own files by pattern and would find none.
_PATTERN_CHARACTERS = "*?[]"


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How pages are read, whether one or a million.

    Attributes:
        pages: as the user wrote them, such as `1-3,7`; empty for all.
        device: `auto`, `cpu` or `cuda`.
        weights: the user's own; None for those that come with the package.
        correct: whether words are put right by lexicons.
        lexicon: a file of the user's own words, which the lexicons take in.
        language_model: whether the one that the quality has is used.
        quality: `fast` or `standard`.
        precision: `auto`, `float32`, `bfloat16` or `int8`.
        backend: `torch` or `onnx`.
        restore: whether the least certain lines are restored and read again.
        text_layer: of PDFs: `auto`, `use` or `ignore`; see `ocr_core.sources.RenderOptions`.
        clean: what is done to pages before they are read: `auto`, `none` or steps with commas
            between them; see `ocr_core.cleaning.steps`.
        limits: beyond which sources and pages are refused.
        passwords: to try on encrypted PDFs; not shown, and not written anywhere.
    """

    dpi: int
    renderer: sources.Renderer
    pages: str
    device: str
    weights: Path | None
    correct: bool
    language_model: bool = True
    quality: str = "standard"
    precision: str = "auto"
    backend: str = "torch"
    restore: bool = False
    lexicon: Path | None = None
    text_layer: Mode = "auto"
    clean: str = steps.AUTO
    limits: Limits = DEFAULT_LIMITS
    passwords: tuple[str, ...] = field(default=(), repr=False)

    @property
    def render(self) -> RenderOptions:
        return RenderOptions(
            dpi=self.dpi,
            renderer=self.renderer,
            text_layer=self.text_layer,
            limits=self.limits,
            passwords=self.passwords,
        )

    @property
    def profile(self) -> Profile:
        return profiles.choose(self.quality, self.language_model)

    @property
    def corrections(self) -> bool | tuple[str, ...]:
        """Whether words are put right, and the user's own words if there are any.

        Raises:
            ConfigError: these cannot be read.
        """
        own = lexicons.own_words(self.lexicon) if self.correct and self.lexicon else ()
        return own or self.correct

    @property
    def cleaning(self) -> tuple[str, ...]:
        """The steps of cleaning, in order.

        Raises:
            ConfigError: there is no such step.
        """
        return steps.parse(self.clean)

    @property
    def selection(self) -> PageSelection:
        return sources.parse_page_numbers(self.pages) if self.pages else sources.ALL_PAGES


@dataclass(frozen=True, slots=True)
class OcrOptions:
    """A run.

    Attributes:
        inputs: files, folders, globs, lists and uris.
        output: the folder of the data set.
        batch_pages: pages that go through the networks together, at most.
        workers: threads that read pages.
        accelerator: GPU to ask a distributed runner for.
        beam: options for Beam.
        dry_run: whether the run is only described.
        metrics_file, prometheus_file: where what came of it is told to machines; None for nowhere.
        export: what is exported as well; None for nothing.
    """

    inputs: tuple[str, ...]
    output: str
    read: ReadOptions
    batch_pages: int
    workers: int
    accelerator: str
    report: Report
    beam: tuple[str, ...]
    dry_run: bool = False
    metrics_file: str | None = None
    prometheus_file: str | None = None
    export: ExportOptions | None = None

    def check(self) -> None:
        """Makes sure that a run can follow this, before it starts.

        Raises:
            ConfigError: it cannot.
        """
        self.read.render.check()
        self.read.selection  # noqa: B018 - parses the numbers
        self.read.profile  # noqa: B018 - looks it up
        running.check(self.read.backend, self.read.device, self.read.precision)
        self.read.cleaning  # noqa: B018 - parses the steps
        check_least("--batch-pages", self.batch_pages, 1)
        check_least("--workers", self.workers, 1)
        if not self.output:
            raise ConfigError("the name of the output folder is empty")
        if any(character in self.output for character in _PATTERN_CHARACTERS):
            raise ConfigError(f"the name of the output folder must have no * ? [ ]: {self.output}")
        if self.read.weights is not None and not self.read.weights.exists():
            raise ConfigError(f"no such weights: {self.read.weights}")
        if self.read.restore:
            restorer_files.find(self.read.weights)
        self.read.corrections  # noqa: B018 - reads the user's words
        if self.export is not None:
            export_options.check_folder(self.export, self.inputs)

    def fingerprint(self, weights_digest: str) -> str:
        """Of all that changes the text: two runs that share it read the same text.

        But for rounding: like the device, a precision of `auto` is settled on each worker, and not
        all need settle alike. So it counts as it was asked for. What it comes to here may not hold
        there, and who leaves it open must not have everything read again on another machine.
        """
        read = self.read
        settings = {
            "weights": weights_digest,
            "dpi": read.dpi,
            "renderer": read.renderer,
            "pages": read.selection.ranges,
            "correct": read.corrections,
            "precision": read.precision,
            "text_layer": read.text_layer,
            "clean": read.cleaning,
            # What the quality stands for and not its name: its figures may change.
            "profile": asdict(read.profile),
            # Runs from before there was a choice keep their fingerprints.
            **({"backend": read.backend} if read.backend != "torch" else {}),
            **({"restore": restorer_files.digest(read.weights)} if read.restore else {}),
        }
        return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """What a run's file says of its options."""
        read = self.read
        return {
            "inputs": list(self.inputs),
            "dpi": read.dpi,
            "renderer": read.renderer,
            "pages": read.pages,
            "device": read.device,
            "weights": str(read.weights) if read.weights else None,
            "correct": read.correct,
            "lexicon": str(read.lexicon) if read.lexicon else None,
            "language_model": read.language_model,
            "quality": read.quality,
            "precision": read.precision,
            "backend": read.backend,
            "restore": read.restore,
            "text_layer": read.text_layer,
            "clean": read.clean,
            "limits": asdict(read.limits),
            "batch_pages": self.batch_pages,
            "workers": self.workers,
            "accelerator": self.accelerator,
            "beam": list(self.beam),
            "export": list(self.export.formats) if self.export else [],
            "export_to": self.export.folder if self.export else None,
        }


def add_read_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `ReadOptions`, but for the pages."""
    parser.add_argument(
        "--dpi",
        type=int,
        default=sources.DEFAULT_OPTIONS.dpi,
        help="pixels per inch at which pages are read (default: %(default)s)",
    )
    parser.add_argument(
        "--renderer",
        choices=["mupdf", "poppler"],
        default=sources.DEFAULT_OPTIONS.renderer,
        help="what draws PDFs (default: %(default)s)",
    )
    parser.add_argument(
        "--text-layer",
        choices=get_args(Mode),
        default="auto",
        help="the text that PDFs bring along: auto takes it where it agrees with what is printed, "
        "and reads the rest; use takes it whatever it is, and reads pages that have none; ignore "
        "reads every page from its pixels (default: %(default)s)",
    )
    parser.add_argument(
        "--clean",
        default=steps.AUTO,
        metavar="STEP,STEP...",
        help="what is done to pages before they are read: auto takes the steps that a page needs, "
        f"and most need none; none; or some of {', '.join(steps.NAMES)} (default: %(default)s)",
    )
    parser.add_argument(
        "--device",
        choices=["auto", "cpu", "cuda"],
        default="auto",
        help="where the networks run; auto takes a GPU if there is one (default: %(default)s)",
    )
    speed_options.add_speed_arguments(parser)
    parser.add_argument(
        "--weights", type=Path, metavar="PATH", help="your own weights instead of the shipped ones"
    )
    parser.add_argument(
        "--no-correct",
        dest="correct",
        action="store_false",
        help="leave the text as the recogniser wrote it",
    )
    parser.add_argument(
        "--lexicon",
        type=Path,
        metavar="FILE",
        help="words of your own, one a line, that correction takes for words of any language",
    )
    parser.add_argument(
        "--no-language-model",
        dest="language_model",
        action="store_false",
        help="decide by the picture alone what is read with doubt",
    )
    source_options.add_source_arguments(parser)


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of `OcrOptions`."""
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="INPUT",
        help="a file, a folder, a glob, @LIST or LIST.txt with one of them a line, gs:// or s3://",
    )
    add_local_arguments(parser)
    export_options.add_run_flags(parser)
    parser.add_argument(
        "--accelerator",
        default="",
        metavar="TYPE",
        help="GPU to ask a distributed runner for, such as type:nvidia-l4;count:1",
    )
    parser.add_argument(
        "--dry-run",
        action="store_true",
        help="print what Dataflow would be asked for, as JSON, and ask for nothing",
    )
    parser.epilog = (
        "Options of Apache Beam, such as --runner=FlinkRunner, may follow as --NAME=VALUE, or in "
        "any form after a bare --."
    )


def add_local_arguments(parser: argparse.ArgumentParser) -> None:
    """The flags of a run on this machine, but for what it reads."""
    parser.add_argument(
        "--output", "-o", required=True, metavar="DIR", help="where the Parquet data set is written"
    )
    parser.add_argument("--pages", default="", metavar="1-3,7", help="only these pages of each")
    add_read_arguments(parser)
    parser.add_argument(
        "--batch-pages",
        type=int,
        default=8,
        metavar="N",
        help="pages that go through the networks together (default: %(default)s)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="threads that read pages (default: one for each core, here %(default)s)",
    )
    _add_report_arguments(parser)
    parser.set_defaults(accelerator="", beam=[], dry_run=False, export=[], export_to=None)


def _add_report_arguments(parser: argparse.ArgumentParser) -> None:
    """Whom is told what, and where."""
    logs.add_flags(parser)
    parser.add_argument(
        "--metrics",
        dest="metrics_file",
        metavar="FILE",
        help="write what came of it as JSON: documents, pages, failures, seconds by stage, speed",
    )
    parser.add_argument(
        "--prometheus",
        dest="prometheus_file",
        metavar="FILE.prom",
        help="write the same for the textfile collector of Prometheus's node_exporter",
    )


def check_least(flag: str, value: float, least: float) -> None:
    """Makes sure that the value of a flag is not below the least that makes sense.

    Raises:
        ConfigError: it is.
    """
    if not value >= least:  # nor is it no number at all
        raise ConfigError(f"{flag} must be at least {least:g}, not {value:g}")


def read_options_from(args: argparse.Namespace, pages: str) -> ReadOptions:
    """The options that flags give."""
    return ReadOptions(
        dpi=args.dpi,
        renderer=args.renderer,
        pages=pages,
        device=args.device,
        weights=args.weights,
        correct=args.correct,
        lexicon=args.lexicon,
        language_model=args.language_model,
        quality=args.quality,
        precision=args.precision,
        backend=args.backend,
        restore=args.restore,
        text_layer=args.text_layer,
        clean=args.clean,
        limits=source_options.limits_from(args),
        passwords=source_options.passwords_from(args),
    )


def run_options_from(args: argparse.Namespace) -> OcrOptions:
    """The options that flags give."""
    return OcrOptions(
        inputs=tuple(args.inputs),
        output=args.output,
        read=read_options_from(args, args.pages),
        batch_pages=args.batch_pages,
        workers=args.workers,
        accelerator=args.accelerator,
        report=args.report,
        beam=tuple(args.beam),
        dry_run=args.dry_run,
        metrics_file=_absolute(args.metrics_file),
        prometheus_file=_absolute(args.prometheus_file),
        export=export_options.export_options_from(args),
    )


def _absolute(path: str | None) -> str | None:
    return storage.absolute(path) if path else None
