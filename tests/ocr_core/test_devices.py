import os
import weakref

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode

from ocr_core import backends, devices, weights
from ocr_core.errors import ConfigError

CPU, CUDA = torch.device("cpu"), torch.device("cuda")


@pytest.fixture
def cuda(monkeypatch):
    """Sets whether this machine has a CUDA device, and what goes wrong if it is used."""

    def set_to(found, error=None):
        def convolve():
            if error:
                raise error

        monkeypatch.setattr(torch.cuda, "is_available", lambda: found)
        monkeypatch.setattr(devices, "_convolve_on_cuda", convolve)

    return set_to


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


@pytest.mark.parametrize(
    "error",
    [
        RuntimeError("CUDA error: no kernel image is available for execution on the device\nmore"),
        torch.cuda.OutOfMemoryError("CUDA out of memory."),
        RuntimeError(),
    ],
)
def test_a_cuda_device_that_is_there_and_does_not_work_is_unusable(cuda, error):
    cuda(True, error)
    first = str(error).split("\n")[0] or "RuntimeError"
    with pytest.raises(ConfigError, match=f"--device cuda: .* cannot use it: {first}$"):
        devices.choose("cuda")
    assert devices.choose("auto") == CPU


def test_a_processor_is_taken_without_a_look_at_cuda(cuda):
    cuda(True, AssertionError("it was used"))
    assert devices.choose("cpu") == CPU


@pytest.mark.skipif(not torch.cuda.is_available(), reason="there is no CUDA device here")
def test_a_cuda_device_that_works_is_used():
    assert devices.choose("cuda") == CUDA


@pytest.mark.parametrize(
    ("free_bytes", "expected"),
    [
        (200 << 30, 1 << 26),  # more is of no use
        (16 << 30, 1 << 26),
        ((16 << 30) - 1, 1 << 25),
        (1 << 30, 1 << 22),
        (1.9 * (1 << 30), 1 << 22),  # a little more or less changes nothing
        (1 << 20, 1 << 18),  # a line has to fit
        (0, 1 << 18),
    ],
)
def test_batches_on_cuda_are_as_large_as_free_memory_lets_them_be(
    monkeypatch, free_bytes, expected
):
    asked = []
    monkeypatch.setattr(
        torch.cuda, "mem_get_info", lambda of: asked.append(of) or (int(free_bytes), 1 << 40)
    )
    assert devices.batch_pixels(CUDA, on_cpu=7) == expected
    assert asked == [CUDA]
    assert devices.batch_pixels(CPU, on_cpu=7) == 7


def most_alive(network, pixels):
    """The bytes of all tensors that are alive at once, at most, while a network runs."""
    sizes, most = {}, [0]

    class Watch(TorchDispatchMode):
        def __torch_dispatch__(self, operation, types, args=(), kwargs=None):
            results = operation(*args, **(kwargs or {}))
            for one in results if isinstance(results, tuple | list) else [results]:
                storage = one.untyped_storage()
                if storage.data_ptr() not in sizes:
                    sizes[storage.data_ptr()] = storage.nbytes()
                    weakref.finalize(storage, sizes.pop, storage.data_ptr(), None)
            most[0] = max(most[0], sum(sizes.values()))
            return results

    with torch.inference_mode(), Watch():
        network(pixels)
    return most[0]


@pytest.mark.parametrize(("name", "shape"), [("detector", (256, 256)), ("recogniser", (40, 256))])
def test_what_a_pixel_takes_is_no_less_than_the_shipped_networks_do(name, shape):
    path = weights.find()[name == "recogniser"]
    if not path.exists():
        pytest.skip("no weights have been trained yet")
    network = backends.folded(backends.rebuild(weights.load_file(path, name)))
    bytes_per_pixel = [
        most_alive(network, torch.rand(count, 1, *shape)) / (count * shape[0] * shape[1])
        for count in (2, 4)
    ]
    assert bytes_per_pixel[1] == pytest.approx(bytes_per_pixel[0], rel=0.05)
    assert 20 < bytes_per_pixel[1] < devices.BYTES_PER_PIXEL / 2


def test_other_devices_are_refused():
    with pytest.raises(ConfigError, match="'tpu'"):
        devices.choose("tpu")


@pytest.fixture
def has_bfloat16(monkeypatch):
    """Whether the GPU has it; it is asked for no emulation."""
    return lambda has: monkeypatch.setattr(
        torch.cuda, "is_bf16_supported", lambda including_emulation: has or including_emulation
    )


def test_a_gpu_without_bfloat16_runs_in_float32(has_bfloat16):
    has_bfloat16(False)
    assert devices.choose_precision("auto", CUDA) == "float32"
    assert devices.choose_precision("bfloat16", CUDA) == "bfloat16"


def test_cuda_runs_in_bfloat16(has_bfloat16):
    has_bfloat16(True)
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


@pytest.mark.parametrize(
    ("cores", "load", "wanted", "threads"),
    [
        (2, 0.2, 2, 2),
        (2, 1.1, 2, 1),
        (2, 9.0, 2, 1),
        (8, 1.6, 8, 4),
        (8, 5.2, 8, 3),
        (8, 0.0, 1, 1),
    ],
)
def test_as_many_threads_as_cores_are_idle_and_wanted(monkeypatch, cores, load, wanted, threads):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(os, "getloadavg", lambda: (load, 0.0, 0.0))
    monkeypatch.setattr(torch, "get_num_threads", lambda: wanted)
    assert devices.idle_threads() == threads
