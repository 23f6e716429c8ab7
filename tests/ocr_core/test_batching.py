import weakref

import numpy as np
import pytest
import torch

from ocr_core import batching
from ocr_core.batching import BUCKET_WIDTHS, Piece
from ocr_core.ctc import decode_best_path
from tests.stand_ins import CHARSET, GreyRecogniser, draw_text


def crop_of(text: str, height: int = 40) -> np.ndarray:
    """A crop as the recogniser is given it: the text with a margin around it."""
    pixels = np.full((height, 40 * len(text) + 40), 255, np.uint8)
    box, _ = draw_text(pixels, text, left=4, top=4, height=height - 8)
    return pixels[:, : int(box.right) + 4]


def read(crops: list[np.ndarray]) -> list[str]:
    recogniser = GreyRecogniser()
    pieces = batching.cut_to_pieces(crops)
    readings = [recogniser(p.pixels[None], np.array([p.pixels.shape[1]]))[0] for p in pieces]
    joined = batching.join(pieces, readings, CHARSET)
    return [decode_best_path(reading, CHARSET).text for reading in joined]


@pytest.mark.parametrize("text", ["abc de " * 22, "abcde" * 30, "a b c d e " * 20])
def test_a_line_wider_than_every_bucket_reads_the_same_in_pieces(text):
    crop = crop_of(text.strip())
    (whole,) = GreyRecogniser()(crop[None], np.array([crop.shape[1]]))
    assert crop.shape[1] > BUCKET_WIDTHS[-1]
    assert read([crop]) == [decode_best_path(whole, CHARSET).text] == [text.strip()]


def test_pieces_fit_into_buckets_and_make_up_the_crop():
    crop = crop_of("abcd e " * 49 + "a")
    pieces = batching.cut_to_pieces([crop[:, :100], crop])
    assert [piece.line for piece in pieces] == [0] + [1] * (len(pieces) - 1)
    assert all(piece.pixels.shape[1] <= BUCKET_WIDTHS[-1] for piece in pieces)
    assert all(piece.pixels.shape[1] % 4 == 0 for piece in pieces[1:-1])
    np.testing.assert_array_equal(np.hstack([piece.pixels for piece in pieces[1:]]), crop)


def test_a_line_without_a_gap_is_cut_all_the_same():
    crop = np.full((40, 5000), 255, np.uint8)
    crop[4:36] = 90
    pieces = batching.cut_to_pieces([crop])
    assert sum(piece.pixels.shape[1] for piece in pieces) == 5000
    assert not any(piece.ends_in_space for piece in pieces)


def test_lines_come_back_in_order_whatever_their_widths():
    texts = ["ab", "abc de " * 30 + "a", "c", "e" * 12]
    assert read([crop_of(text) for text in texts]) == texts


def test_a_crop_has_the_least_bucket_that_holds_it():
    widths = batching.bucket_widths(np.array([1, 64, 65, 512, 513, 2048]))
    assert widths.tolist() == [64, 64, 128, 512, 640, 2048]


def test_a_batch_is_padded_with_white_to_the_bucket_of_its_widest():
    pieces = [Piece(n, np.full((40, width), n, np.uint8)) for n, width in enumerate([70, 300, 65])]
    (batch,) = batching.make_batches(pieces, max_pixels=10**6)
    assert batch.members == (1, 0, 2)
    assert batch.crops.shape == (3, 40, 320)
    assert batch.widths.tolist() == [300, 70, 65]
    assert (batch.crops[2, :, :65] == 2).all()
    assert (batch.crops[2, :, 65:] == 255).all()


def test_batches_are_bounded_by_pixels_and_never_hold_one_crop():
    pieces = [Piece(n, np.zeros((40, 128), np.uint8)) for n in range(9)]
    batches = list(batching.make_batches(pieces, max_pixels=4 * 40 * 128))
    assert [batch.members for batch in batches] == [(0, 1, 2, 3), (4, 5, 6, 7), (8,)]
    assert [batch.crops.shape for batch in batches] == [(4, 40, 128)] * 2 + [(2, 40, 128)]
    assert (batches[2].crops[1] == 255).all()  # made up to two
    tight = list(batching.make_batches(pieces[:3], max_pixels=1))
    assert all(len(batch.crops) == 2 for batch in tight)
    assert list(batching.make_batches([], max_pixels=1)) == []


@pytest.mark.parametrize(
    ("count", "most", "expected"),
    [(5, 4, [2, 3]), (8, 4, [4, 4]), (3, 4, [3]), (1, 4, [1]), (0, 4, []), (4, 1, [2, 2])],
)
def test_numbers_are_shared_out_evenly(count, most, expected):
    groups = batching.share_out(range(count), most)
    assert [len(group) for group in groups] == expected
    assert [number for group in groups for number in group] == list(range(count))


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB."),
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_a_batch_that_does_not_fit_into_memory_is_halved(error):
    sizes = []

    def model(items):
        sizes.append(len(items))
        if len(items) > 2:
            raise error
        return items * 10

    assert batching.run_halving(model, np.arange(8)) == [0, 10, 20, 30, 40, 50, 60, 70]
    assert sizes == [8, 4, 2, 2, 4, 2, 2]


def test_what_a_batch_took_is_given_back_before_its_halves_are_tried():
    alive, seen = weakref.WeakSet(), []

    def model(items):
        seen.append(len(alive))
        taken = torch.zeros(8)
        alive.add(taken)
        if len(items) > 2:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory.")
        return items

    assert batching.run_halving(model, np.arange(8)) == list(range(8))
    assert seen == [0] * 7


def test_what_does_not_fit_alone_and_other_errors_are_raised():
    def fails(error):
        def model(items):
            raise error

        return model

    with pytest.raises(MemoryError):
        batching.run_halving(fails(MemoryError()), np.arange(8))
    with pytest.raises(KeyError):
        batching.run_halving(fails(KeyError("a bug")), np.arange(8))
