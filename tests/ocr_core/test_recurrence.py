import pytest
import torch
from torch import nn

from ocr_core.recurrence import RaggedLstm


def lstm_of(layers=1):
    torch.manual_seed(2)
    lstm = nn.LSTM(5, 4, num_layers=layers, bidirectional=True, batch_first=True).eval()
    for values in lstm.parameters():
        nn.init.normal_(values)
    return lstm


@pytest.mark.parametrize("layers", [1, 2])
@pytest.mark.parametrize(
    "lengths", [[9, 9, 7, 7, 7, 1], [9, 7, 7], [6], [3, 3], [8, 5, 2], list(range(12, 0, -1))]
)
@torch.inference_mode()
def test_each_sequence_reads_as_in_a_batch_of_its_length(lengths, layers):
    lstm = lstm_of(layers)
    sequences = [torch.randn(length, 5) for length in lengths]
    found = RaggedLstm(lstm)(sequences)
    for sequence, one in zip(sequences, found, strict=True):
        expected, _ = lstm(torch.stack([sequence, torch.zeros_like(sequence)]))
        assert torch.equal(one, expected[0])


@torch.inference_mode()
def test_outputs_are_encoded_and_what_is_between_layers_is_not():
    lstm = lstm_of(layers=2)
    sequences = [torch.randn(6, 5), torch.randn(4, 5)]
    plain = RaggedLstm(lstm)(sequences)
    signs = RaggedLstm(lstm, encode=lambda values: values > 0)(sequences)
    assert all(torch.equal(one, other > 0) for one, other in zip(signs, plain, strict=True))


@torch.inference_mode()
def test_it_keeps_no_hold_on_what_it_was_made_from():
    lstm = lstm_of()
    ragged = RaggedLstm(lstm)
    sequences = [torch.randn(6, 5), torch.randn(4, 5)]
    before = ragged(sequences)
    for values in lstm.parameters():
        values.zero_()
    assert torch.equal(ragged(sequences)[1], before[1])


def test_sequences_out_of_order_are_refused():
    with pytest.raises(ValueError, match="longest first"):
        RaggedLstm(lstm_of())([torch.zeros(2, 5), torch.zeros(3, 5)])
