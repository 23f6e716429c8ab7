import pytest
import torch

from ocr_core.restoration.schedules import (
    NoiseSchedule,
    cosine_schedule,
    linear_schedule,
    make_schedule,
)


@pytest.mark.parametrize("name", ["cosine", "linear"])
@pytest.mark.parametrize("steps", [20, 100, 1000])
def test_less_and_less_is_kept_and_hardly_anything_at_last(name, steps):
    kept = make_schedule(name, steps).kept
    assert len(kept) == steps + 1
    assert kept[0] == 1
    assert torch.all(kept[1:] < kept[:-1])
    assert 0 < kept[-1] < 1e-3


def test_a_linear_schedule_of_a_thousand_steps_is_the_one_of_the_paper():
    added = 1 - linear_schedule(1000).kept[1:] / linear_schedule(1000).kept[:-1]
    assert added[0] == pytest.approx(1e-4)
    assert added[-1] == pytest.approx(0.02)


def test_a_cosine_keeps_half_at_half_time():
    assert cosine_schedule(100).kept[50] == pytest.approx(0.5, abs=0.02)
    assert linear_schedule(100).kept[50] < 0.1


def test_noise_hides_what_a_schedule_does_not_keep():
    schedule = NoiseSchedule(torch.tensor([1.0, 0.64, 0.0], dtype=torch.float64))
    clean, noise = torch.full((3, 1, 1, 1), 5.0), torch.full((3, 1, 1, 1), 10.0)
    hidden = schedule.add_noise(clean, noise, torch.tensor([0, 1, 2]))
    assert hidden.flatten().tolist() == pytest.approx([5.0, 0.8 * 5 + 0.6 * 10, 10.0])


@pytest.mark.parametrize(
    ("count", "expected"), [(1, [20]), (4, [20, 15, 10, 5]), (20, list(range(20, 0, -1)))]
)
def test_stops_are_evenly_spread_from_the_end(count, expected):
    assert cosine_schedule(20).stops(count) == expected


@pytest.mark.parametrize("count", [0, 21])
def test_there_are_no_more_stops_than_steps(count):
    with pytest.raises(ValueError, match="1 to 20"):
        cosine_schedule(20).stops(count)
