"""An LSTM over sequences of several lengths at once, without padding them to one.

Each step of an LSTM reads all of its weights, however few the sequences are, so a few long batches
cost far less than many short ones. Sequences stand in one batch, the longest first; where the
shorter ones end, the batch goes on without them. Backwards they join where they begin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import torch
from torch import Tensor, nn

from ocr_core.batching import MIN_BATCH

State = tuple[Tensor, Tensor]


class RaggedLstm:
    """A bidirectional `nn.LSTM`, run over sequences of several lengths.

    A sequence's result is, bit for bit, that of the LSTM on a batch of sequences of its length.
    """

    def __init__(self, lstm: nn.LSTM, encode: Callable[[Tensor], Tensor] = lambda values: values):
        """The LSTM of which it takes a copy; `encode` is done to its outputs, value by value."""
        self._layers = [_directions(lstm, layer) for layer in range(lstm.num_layers)]
        self._encode = encode

    def __call__(self, sequences: Sequence[Tensor]) -> list[Tensor]:
        """The outputs of both directions side by side, for each sequence.

        Shapes:
            sequences: N × (T_i, D) float, the longest first
            returns:   N × (T_i, 2 * hidden), as encoded
        """
        lengths = [len(one) for one in sequences]
        if lengths != sorted(lengths, reverse=True):
            raise ValueError("sequences must stand by length, the longest first")
        # Between two ends, so many sequences go on.
        bounds = list(pairwise([0, *sorted(set(lengths))]))
        counts = [sum(length >= end for length in lengths) for _, end in bounds]
        spans = [
            torch.stack([one[start:end] for one in sequences[:count]], dim=1)
            for (start, end), count in zip(bounds, counts, strict=True)
        ]  # (T, N, D)
        for layer in self._layers[:-1]:
            spans = _run_both(layer, spans, lambda values: values)
        spans = _run_both(self._layers[-1], spans, self._encode)
        return [
            torch.cat([span[:, row] for span in spans if row < span.shape[1]])
            for row in range(len(sequences))
        ]


def _run_both(
    layer: tuple[nn.LSTM, nn.LSTM], spans: Sequence[Tensor], encode: Callable[[Tensor], Tensor]
) -> list[Tensor]:
    forwards, backwards = layer
    ahead = [encode(span) for span in _run(forwards, spans)]
    flipped = _run(backwards, [span.flip(0) for span in reversed(spans)])
    back = [encode(span).flip(0) for span in reversed(flipped)]
    return [torch.cat(pair, dim=2) for pair in zip(ahead, back, strict=True)]


def _run(lstm: nn.LSTM, spans: Sequence[Tensor]) -> list[Tensor]:
    """Spans of time one after the other, each with its sequences, of which some end, some begin."""
    results = []
    state: State | None = None
    for span in spans:
        count = span.shape[1]
        rows = max(count, MIN_BATCH)
        result, state = lstm(_with_rows(span, rows), state and _state_of(state, rows))
        results.append(result[:, :count])
        state = _state_of(state, count)
    return results


def _state_of(state: State, rows: int) -> State:
    """The state of the first sequences; those that begin have none yet."""
    hidden, cell = (_with_rows(values[:, :rows], rows).contiguous() for values in state)
    return hidden, cell


def _with_rows(values: Tensor, rows: int) -> Tensor:
    """(A, N, B) made up to so many rows with noughts."""
    missing = rows - values.shape[1]
    if missing <= 0:
        return values
    return torch.cat([values, values.new_zeros(values.shape[0], missing, values.shape[2])], dim=1)


def _directions(lstm: nn.LSTM, layer: int) -> tuple[nn.LSTM, nn.LSTM]:
    """One layer of a bidirectional LSTM as two LSTMs, forwards and backwards."""
    width = lstm.input_size if layer == 0 else 2 * lstm.hidden_size
    directions = []
    for suffix in ("", "_reverse"):
        one = nn.LSTM(width, lstm.hidden_size)
        for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            weight = lstm.get_parameter(f"{kind}_l{layer}{suffix}").detach().clone()
            setattr(one, f"{kind}_l0", nn.Parameter(weight, requires_grad=False))
        directions.append(one.eval())
    forwards, backwards = directions
    return forwards, backwards
