import pytest
import torch

from ocr_core.restoration.samplers import sample_ddim, sample_ddpm
from ocr_core.restoration.schedules import cosine_schedule, linear_schedule

SCHEDULE = cosine_schedule(50)
FINE = cosine_schedule(1000)  # of fewer steps DDPM leaves out some of the variance
TRUTH = torch.linspace(-0.9, 0.9, 12).reshape(1, 1, 3, 4)


def noise(seed=0):
    return torch.randn(TRUTH.shape, generator=torch.Generator().manual_seed(seed))


def knows(noisy, times):
    """A network that is always right."""
    return TRUTH.expand_as(noisy)


def best_guess(schedule):
    """The best guess there is at values that are normal, of mean 0.2 and deviation 0.1."""

    def guess(noisy, times):
        kept = schedule.kept[times][:, None, None, None].to(noisy)
        gain = kept.sqrt() * 0.01 / (kept * 0.01 + 1 - kept)
        return 0.2 + gain * (noisy - kept.sqrt() * 0.2)

    return guess


@pytest.mark.parametrize("steps", [1, 4, 50])
@pytest.mark.parametrize("schedule", [SCHEDULE, linear_schedule(50)], ids=["cosine", "linear"])
def test_who_knows_the_truth_ends_at_it(schedule, steps):
    torch.testing.assert_close(sample_ddim(knows, noise(), schedule, steps), TRUTH)
    generator = torch.Generator().manual_seed(1)
    torch.testing.assert_close(sample_ddpm(knows, noise(), schedule, generator), TRUTH)


def test_ddim_looks_only_at_its_stops():
    seen = []

    def watching(noisy, times):
        seen.extend(times.tolist())
        return torch.zeros_like(noisy)

    sample_ddim(watching, noise(), SCHEDULE, 5)
    assert seen == SCHEDULE.stops(5)


def test_guesses_beyond_ink_and_paper_are_cut_off():
    found = sample_ddim(lambda noisy, _: torch.full_like(noisy, 7.0), noise(), SCHEDULE, 3)
    assert torch.all(found == 1)


def test_ddim_leaves_nothing_to_chance_and_ddpm_what_its_generator_decides():
    first, second = (sample_ddim(best_guess(SCHEDULE), noise(), SCHEDULE, 10) for _ in range(2))
    assert torch.equal(first, second)
    drawn = [
        sample_ddpm(best_guess(SCHEDULE), noise(), SCHEDULE, torch.Generator().manual_seed(seed))
        for seed in (1, 1, 2)
    ]
    assert torch.equal(drawn[0], drawn[1])
    assert not torch.allclose(drawn[1], drawn[2])


@pytest.mark.parametrize("sampler", ["ddpm", "ddim"])
def test_samples_have_the_distribution_that_was_learnt(sampler):
    generator = torch.Generator().manual_seed(5)
    start = torch.randn((1, 1, 100, 100), generator=generator)
    if sampler == "ddpm":
        found = sample_ddpm(best_guess(FINE), start, FINE, generator)
    else:
        found = sample_ddim(best_guess(FINE), start, FINE, 200)
    assert float(found.mean()) == pytest.approx(0.2, abs=0.01)
    assert float(found.std()) == pytest.approx(0.1, rel=0.1)
