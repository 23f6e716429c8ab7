import pytest
import torch

from ocr_core import devices
from ocr_core.errors import ConfigError

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture
def cuda(monkeypatch):
    """Sets whether this machine has a usable CUDA device."""
    return lambda usable: monkeypatch.setattr(torch.cuda, "is_available", lambda: usable)


@pytest.fixture
def processor(monkeypatch):
    """Sets what this machine's processor can do."""

    def set_to(amx, bfloat16, vendor, path):
        monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: amx)
        monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: bfloat16)
        path.write_text(f"processor : 0\nvendor_id : {vendor}\n\nprocessor : 1\n")
        monkeypatch.setattr(devices, "Path", lambda _: path)
        devices._cpu_has_fast_bfloat16.cache_clear()

    yield set_to
    devices._cpu_has_fast_bfloat16.cache_clear()


@pytest.mark.parametrize(
    ("name", "usable", "expected"),
    [("auto", True, CUDA), ("auto", False, CPU), ("cpu", True, CPU), ("cuda", True, CUDA)],
)
def test_auto_takes_cuda_where_it_works(cuda, name, usable, expected):
    cuda(usable)
    assert devices.choose(name) == expected


def test_cuda_is_never_left_silently(cuda):
    cuda(False)
    with pytest.raises(ConfigError, match="no usable CUDA"):
        devices.choose("cuda")


def test_other_devices_are_refused():
    with pytest.raises(ConfigError, match="'tpu'"):
        devices.choose("tpu")


def test_cuda_runs_in_bfloat16():
    assert devices.float_precision(CUDA) == devices.choose_precision("auto", CUDA) == "bfloat16"


@pytest.fixture
def has_int8(monkeypatch):
    """Sets whether this machine's processor is fast with products of bytes."""
    return lambda has: monkeypatch.setattr(devices, "_cpu_has_int8", lambda: has)


def test_bytes_are_taken_where_they_are_fast(has_int8, monkeypatch):
    monkeypatch.setattr(devices, "_cpu_has_fast_bfloat16", lambda: False)
    has_int8(True)
    assert devices.choose_precision("auto", CPU) == "int8"
    assert devices.choose_precision("float32", CPU) == "float32"
    has_int8(False)
    assert devices.choose_precision("auto", CPU) == "float32"
    assert devices.choose_precision("bfloat16", CPU) == "bfloat16"


@pytest.mark.parametrize("device", [CPU, CUDA])
def test_int8_is_never_left_silently(has_int8, device):
    has_int8(device is CUDA)
    with pytest.raises(ConfigError, match="AVX2"):
        devices.choose_precision("int8", device)


def test_other_precisions_are_refused():
    with pytest.raises(ConfigError, match="'int4'"):
        devices.choose_precision("int4", CPU)


@pytest.mark.parametrize(
    ("has_avx2", "has_onednn", "expected"),
    [(True, True, True), (False, True, False), (True, False, False)],
)
def test_avx2_and_onednn_make_products_of_bytes_fast(monkeypatch, has_avx2, has_onednn, expected):
    monkeypatch.setattr(torch.cpu, "_is_avx2_supported", lambda: has_avx2)
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: has_onednn)
    devices._cpu_has_int8.cache_clear()
    assert devices._cpu_has_int8() == expected
    devices._cpu_has_int8.cache_clear()


@pytest.mark.parametrize(
    ("amx", "bfloat16", "vendor", "expected"),
    [
        (True, True, "GenuineIntel", torch.bfloat16),
        (False, True, "AuthenticAMD", torch.bfloat16),
        (False, True, "GenuineIntel", torch.float32),
        (False, False, "AuthenticAMD", torch.float32),
    ],
)
def test_processors_run_in_bfloat16_where_it_is_faster(
    processor, tmp_path, amx, bfloat16, vendor, expected
):
    processor(amx, bfloat16, vendor, tmp_path / "cpuinfo")
    name = str(expected).removeprefix("torch.")
    assert devices.float_precision(CPU) == name
    for precision, kind in ((None, expected), ("int8", expected), ("float32", torch.float32)):
        with devices.autocast(CPU, precision):
            product = torch.ones(2, 2) @ torch.ones(2, 2)
        assert product.dtype == kind
