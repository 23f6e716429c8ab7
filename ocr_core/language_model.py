"""Which characters follow which: probabilities of characters after the few that stand before them.

An n-gram model of mixed case with back-off, in which all digits are one. It is built by `beam-ocr
train characters` (`ocr_core.training.characters`), and shipped beside the networks' weights. In
memory it is a tree: the children of a node are the characters that followed a context, so a context
is a path from the root. What was never seen backs off to a context that is shorter by its first
character (Katz 1987).
"""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ocr_core.errors import WeightsError

FORMAT = "beam-ocr-characters/1"
SHIPPED = Path(__file__).parent / "weights" / "characters.npz"
# Log-probabilities are kept in steps of this, in nats.
STEP = 0.125
# Back-off weights may exceed 1; this byte stands for 1.
NEUTRAL = 64
# Codes of a break, which no context reaches across, and of characters outside the alphabet.
BREAK, OTHER = 0, 255
# In place of a node: the one above all others.
_ROOT = -1
# What is remembered of earlier look-ups, at most.
_REMEMBERED = 100_000
State = tuple[int, ...]
_ARRAYS = ("labels", "children", "costs", "back_offs")


@dataclass(frozen=True, slots=True, eq=False)
class Tree:
    """The nodes of a model, level by level; within a level by their parents, then by code.

    Attributes:
        alphabet: the character of each code from 1 on; `0` stands for every digit.
        order: characters that the model looks at, the one to come included.
        labels: (N,) uint8, the code of each node.
        children: (M,) uint8, how many each node above the last level has.
        costs: (N,) uint8, minus the log-probability of the code after its parent, in `STEP`s.
        back_offs: (M,) uint8, minus the log of the weight of shorter contexts, plus `NEUTRAL`.
    """

    alphabet: str
    order: int
    labels: NDArray[np.uint8]
    children: NDArray[np.uint8]
    costs: NDArray[np.uint8]
    back_offs: NDArray[np.uint8]

    @property
    def digest(self) -> str:
        """SHA-256 over all of it, in hexadecimal."""
        digest = hashlib.sha256(f"{FORMAT} {self.order} {self.alphabet}".encode())
        for name in _ARRAYS:
            digest.update(getattr(self, name).tobytes())
        return digest.hexdigest()


class LanguageModel:
    """Tells how likely a character is after others, one at a time.

    What a context says of the characters to come is a `State`: the nodes of the context and of all
    its ends, longest first, but for those without children.
    """

    def __init__(self, tree: Tree) -> None:
        self.order = tree.order
        self.digest = tree.digest
        self._codes = encoding(tree.alphabet)
        self._labels = tree.labels.tobytes()
        self._costs = tree.costs.tobytes()
        self._back_offs = tree.back_offs.tobytes()
        self._roots = len(self._labels) - int(tree.children.sum(dtype=np.int64))
        # The children of node n are the nodes from first[n] to first[n + 1].
        first = np.full(len(self._labels) + 1, len(self._labels), np.uint32)
        first[0] = self._roots
        inner = len(tree.children)
        first[1 : inner + 1] = self._roots + np.cumsum(tree.children, dtype=np.int64)
        self._first = memoryview(first.data)
        self._remembered: dict[tuple[State, int], tuple[float, State]] = {}

    def encode(self, text: str) -> bytes:
        """The code of each character of a text."""
        return text.translate(self._codes).encode("latin-1")

    def state_after(self, codes: bytes, state: State = ()) -> State:
        """The state after some codes that follow a state; by itself it is that of no context."""
        reach = self.order - 1
        if len(codes) >= reach:
            state = ()
        for code in codes[-reach:]:
            _, state = self.follow(state, code)
        return state

    def follow(self, state: State, code: int) -> tuple[float, State]:
        """The log-probability of a code in a state, and the state after it."""
        known = self._remembered.get((state, code))
        if known is None:
            if len(self._remembered) >= _REMEMBERED:
                self._remembered = {}
            known = self._remembered[state, code] = self._look_up(state, code)
        return known

    def _look_up(self, state: State, code: int) -> tuple[float, State]:
        first, steps = self._first, 0
        after = []
        is_found = False
        for node in (*state, _ROOT):
            child = self._child(node, code)
            if child >= 0:
                if not is_found:
                    is_found = True
                    steps += self._costs[child]
                if first[child] < first[child + 1]:
                    after.append(child)
            elif not is_found:
                # A code that is nowhere is as unlikely as can be told.
                steps += 255 if node == _ROOT else self._back_offs[node] - NEUTRAL
        return -STEP * steps, tuple(after)

    def _child(self, node: int, code: int) -> int:
        if node == _ROOT:
            return self._labels.find(code, 0, self._roots)
        return self._labels.find(code, self._first[node], self._first[node + 1])


def encoding(alphabet: str) -> Mapping[int, str]:
    """For `str.translate`: code points to characters whose code points are the codes."""
    codes = {ord(character): chr(code) for code, character in enumerate(alphabet, start=1)}
    codes |= {ord(digit): codes[ord("0")] for digit in "123456789" if ord("0") in codes}
    return _OrOther(codes)


class _OrOther(dict[int, str]):
    def __missing__(self, key: int) -> str:
        return chr(OTHER)


def find(given: Path | None = None) -> Path:
    """The file of the model: that of a folder of one's own weights if it is there, or else ours."""
    own = given / SHIPPED.name if given else SHIPPED
    return own if own.is_file() else SHIPPED


def load(path: Path = SHIPPED) -> LanguageModel:
    """Reads and checks a model.

    Raises:
        WeightsError: it is missing, damaged, or no such model.
    """
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            if str(file["format"]) != FORMAT:
                raise WeightsError(f"{path} is no language model of this version of beam-ocr")
            arrays = {name: np.asarray(file[name], dtype=np.uint8) for name in _ARRAYS}
            tree = Tree(str(file["alphabet"]), int(file["order"]), **arrays)
            digest = str(file["digest"])
    except FileNotFoundError as error:
        raise WeightsError(f"there is no language model at {path}") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise WeightsError(f"{path} is no readable language model: {error}") from error
    if tree.digest != digest:
        raise WeightsError(f"{path} is damaged: its digest does not match its contents")
    return LanguageModel(tree)


def save(path: Path, tree: Tree) -> None:
    """Writes a model, whole or not at all; the same model gives the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        np.savez_compressed(
            file,
            format=np.array(FORMAT),
            alphabet=np.array(tree.alphabet),
            order=np.array(tree.order),
            digest=np.array(tree.digest),
            **{name: getattr(tree, name) for name in _ARRAYS},
        )
    part.replace(path)
