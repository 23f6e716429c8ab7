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
    """Sets whether this machine's processor sums up products of bytes exactly."""
    return lambda has: monkeypatch.setattr(devices, "_cpu_has_exact_int8", lambda: has)


def test_bytes_are_taken_where_they_are_exact(has_int8, monkeypatch):
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
    with pytest.raises(ConfigError, match="VNNI"):
        devices.choose_precision("int8", device)


def test_other_precisions_are_refused():
    with pytest.raises(ConfigError, match="'int4'"):
        devices.choose_precision("int4", CPU)


@pytest.mark.parametrize(
    ("is_supported", "flags", "expected"),
    [(True, "fma", True), (False, "avx2 avx_vnni fma", True), (False, "avx2 fma", False)],
)
def test_vnni_tells_whether_products_of_bytes_are_exact(monkeypatch, is_supported, flags, expected):
    monkeypatch.setattr(torch.cpu, "_is_vnni_supported", lambda: is_supported)
    monkeypatch.setattr(devices, "_cpuinfo", lambda: f"flags : {flags}")
    devices._cpu_has_exact_int8.cache_clear()
    assert devices._cpu_has_exact_int8() == expected
    devices._cpu_has_exact_int8.cache_clear()


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
