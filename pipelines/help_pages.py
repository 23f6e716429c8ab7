"""Help of commands: common flags and examples on one screen, all flags in sections on request."""

from __future__ import annotations

import argparse
import textwrap
from argparse import Action, HelpFormatter, Namespace
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

from ocr_core.errors import ConfigError
from pipelines.guides import SECTIONS, Guide


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one line, as for any other mistake in flags.

    Attributes:
        guide: what help shows; None for all there is.
    """

    guide: Guide | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"formatter_class": Formatter} | kwargs)

    def error(self, message: str) -> NoReturn:
        raise ConfigError(f"{message} (see {self.prog} --help)")

    def follow(self, guide: Guide) -> None:
        """Shows in help what a guide says, once all arguments are declared."""
        self.guide = guide
        if guide.common:
            words = "show all flags and exit"
            self.add_argument("--help-all", action=_HelpAll, nargs=0, help=words)

    def format_help(self) -> str:
        """What `--help` prints."""
        return self.format_pages(shows_all=False) if self.guide else super().format_help()

    def format_pages(self, shows_all: bool) -> str:
        """Help with the common flags, or with all of them."""
        formatter = self.formatter_class(prog=self.prog)
        formatter.add_usage(self._usage(), self._actions, [])
        formatter.add_text(self.description)
        for title, actions in self._sections(shows_all):
            formatter.start_section(title)
            formatter.add_arguments(actions)
            formatter.end_section()
        formatter.add_text(self.epilog)
        if self.guide:
            formatter.add_text(_examples(self.prog, self.guide))
        return formatter.format_help()

    def _usage(self) -> str:
        """What must be given, in one line: the flags that may be are listed below it."""
        words = [self.prog]
        for action in (one for one in self._actions if not one.option_strings):
            several = action.nargs in ("+", argparse.ONE_OR_MORE)
            name = action.metavar or "|".join(map(str, action.choices or [action.dest]))
            words.append(f"{name}..." if several else str(name))
        words += [
            f"{action.option_strings[0]} {action.metavar or action.dest.upper()}"
            for action in self._actions
            if action.option_strings and action.required
        ]
        return " ".join([*words, "[OPTIONS]"])

    def _sections(self, shows_all: bool) -> Iterable[tuple[str | None, list[Action]]]:
        for group in self._action_groups[:1]:
            yield group.title, group._group_actions
        flags = [action for action in self._actions if action.option_strings]
        common = self.guide.common if self.guide else ()
        if common and not shows_all:
            kept = {*common, "--help-all"}
            ordered = sorted(flags, key=_place_in(common))
            yield "options", [one for one in ordered if kept & {*one.option_strings}]
            return
        if not common:
            yield "options", flags
            return
        of_section = {flag: title for title, some in SECTIONS.items() for flag in some}
        for title in ("options", *SECTIONS):
            own = [one for one in flags if of_section.get(_name(one), "options") == title]
            yield title, own


class Formatter(HelpFormatter):
    """Wraps paragraphs, and leaves lines alone that are set in, such as examples."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        parts = text.strip("\n").split("\n\n")
        return "\n\n".join(
            part
            if any(line.startswith("  ") for line in part.splitlines())
            else textwrap.fill(" ".join(part.split()), width)
            for part in parts
        )


class CommandList(Formatter):
    """Gives each command a line: argparse forgets by how much it sets their names in."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=18)

    def add_argument(self, action: Action) -> None:
        super().add_argument(action)
        self._action_max_length = self._max_help_position


class _HelpAll(Action):
    """Prints all flags, and ends."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,
    ) -> None:
        if isinstance(parser, Parser):
            print(parser.format_pages(shows_all=True), end="")
        parser.exit()


def _name(action: Action) -> str:
    """The long name of a flag."""
    return next((one for one in action.option_strings if one.startswith("--")), "")


def _place_in(names: Sequence[str]) -> Any:
    places = {name: place for place, name in enumerate(names)}

    def place(action: Action) -> int:
        return min(places.get(name, len(names)) for name in action.option_strings)

    return place


def _examples(prog: str, guide: Guide) -> str:
    """The examples of a guide, each in a line with what it does if that fits."""
    program = prog.partition(" ")[0]
    lines = [(f"  {program} {words}", purpose) for words, purpose in guide.examples]
    width = max((len(line) for line, purpose in lines if purpose), default=0)
    shown = []
    for line, purpose in lines:
        fits = width + 4 + max(len(one) for _, one in lines) <= 78
        if fits:
            shown.append(f"{line:{width}}  # {purpose}" if purpose else line)
        else:
            shown += ([f"  # {purpose}"] if purpose else []) + [line]
    return "examples:\n" + "\n".join(shown)
