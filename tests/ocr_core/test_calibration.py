import numpy as np
import pytest

from ocr_core import calibration, metrics
from ocr_core.calibration import RAW, Calibration


@pytest.mark.parametrize("confidence", [0.01, 0.3, 0.5, 0.999])
def test_raw_confidences_stay_as_they_are(confidence):
    assert RAW(confidence) == pytest.approx(confidence)


def test_nothing_is_quite_certain():
    assert 0 < RAW(0.0) < 0.001
    assert 0.999 < RAW(1.0) < 1


def test_log_odds_are_scaled_and_shifted():
    assert Calibration(scale=2.0)(0.75) == pytest.approx(0.9)  # odds of 3 become 9
    assert Calibration(shift=np.log(2))(0.5) == pytest.approx(2 / 3)


def test_the_order_of_confidences_is_kept():
    calibrated = [Calibration(0.6, -0.4)(share) for share in np.linspace(0.01, 0.99, 50)]
    assert calibrated == sorted(calibrated)


def outcomes(scale, shift, n=40_000):
    """Confidences, and whether each was right as often as a calibration says."""
    rng = np.random.default_rng(1)
    stated = rng.uniform(0.02, 0.98, n)
    meant = np.array([Calibration(scale, shift)(share) for share in stated])
    return stated, rng.uniform(size=n) < meant


@pytest.mark.parametrize(("scale", "shift"), [(1.0, 0.0), (0.5, -1.0), (1.8, 0.6)])
def test_what_distorts_confidences_is_found(scale, shift):
    stated, right = outcomes(scale, shift)
    fitted = calibration.fit(stated, right)
    assert (fitted.scale, fitted.shift) == pytest.approx((scale, shift), abs=0.08)
    corrected = [fitted(share) for share in stated]
    assert metrics.calibration_error(corrected, right) < 0.015


def test_a_fit_is_the_same_every_time():
    assert calibration.fit(*outcomes(0.7, 0.2)) == calibration.fit(*outcomes(0.7, 0.2))


@pytest.mark.parametrize("right", [[True] * 30, [False] * 30])
def test_where_all_is_right_or_nothing_is_the_fit_stays_finite(right):
    fitted = calibration.fit([0.9] * 30, right)
    assert np.isfinite([fitted.scale, fitted.shift]).all()
    assert abs(fitted(0.9) - float(right[0])) < abs(0.9 - float(right[0]))
