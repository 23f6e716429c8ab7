"""Which device and which precision the networks run in."""

from __future__ import annotations

import functools
import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Literal

import torch

from ocr_core.errors import ConfigError, first_line
from ocr_core.profiles import PRECISIONS

Precision = Literal["float32", "bfloat16", "int8"]

# What a batch takes for each of its pixels: of the shipped networks in float32 the tensors that
# are alive at once have 56 bytes, the pixels themselves 5, and convolutions may want as much again
# to work in. In bfloat16, which CUDA runs in unless it is told otherwise, the first are 28.
BYTES_PER_PIXEL = 128
# A single line is padded to as much; of more a GPU is no faster.
MIN_BATCH_PIXELS = 1 << 18
MAX_BATCH_PIXELS = 1 << 26

# Batches of lines keep no more threads busy.
_MOST_THREADS = 4


def choose(name: str) -> torch.device:
    """`cpu`, `cuda`, or `auto`: CUDA where it works.

    Raises:
        ConfigError: CUDA was asked for and cannot be used; it is never left silently.
    """
    if name not in {"auto", "cpu", "cuda"}:
        raise ConfigError(f"--device is auto, cpu or cuda, not {name!r}")
    if name == "cpu":
        return torch.device("cpu")
    trouble = _trouble_with_cuda()
    if name == "cuda" and trouble:
        raise ConfigError(f"--device cuda: {trouble}")
    return torch.device("cpu" if trouble else "cuda")


def idle_threads() -> int:
    """How many threads a network may run in on cores that nothing else keeps busy, at least one.

    Threads wait for each other at each layer: one that has no core of its own holds up all. What is
    busy is told by the load of the last minute. No more than PyTorch takes by itself, which looks
    at `OMP_NUM_THREADS` and at the cores, and four.
    """
    idle = (os.cpu_count() or 1) - round(os.getloadavg()[0])
    return max(1, min(idle, torch.get_num_threads(), _MOST_THREADS))


def batch_pixels(device: torch.device, on_cpu: int) -> int:
    """How many pixels go through a network together, at most: on CUDA, by the memory that is free.

    A power of two: what is free is never quite the same, and batches should be. Half is left to
    what is not counted: other processes on the same GPU, and the gaps between what was given back.

    Args:
        on_cpu: the limit on a CPU, where larger batches save nothing.
    """
    if device.type != "cuda":
        return on_cpu
    free_bytes, _ = torch.cuda.mem_get_info(device)
    # What PyTorch holds for an engine that was there before is free as well.
    free_bytes += torch.cuda.memory_reserved(device) - torch.cuda.memory_allocated(device)
    fitting = int(free_bytes // 2 // BYTES_PER_PIXEL)
    return min(max(1 << fitting.bit_length() >> 1, MIN_BATCH_PIXELS), MAX_BATCH_PIXELS)


def choose_precision(name: str, device: torch.device) -> Precision:
    """`float32`, `bfloat16`, `int8`, or `auto`: the fastest that is exact enough on the device.

    Raises:
        ConfigError: int8 was asked for and this machine cannot; it is never left silently.
    """
    if name not in PRECISIONS:
        raise ConfigError(f"--precision is auto, float32, bfloat16 or int8, not {name!r}")
    has_int8 = device.type == "cpu" and _cpu_has_int8()
    if name == "int8" and not has_int8:
        raise ConfigError("--precision int8 needs an x86 CPU with AVX2 and PyTorch's oneDNN")
    if name == "int8" or (name == "auto" and has_int8):
        return "int8"
    if name == "auto":
        return float_precision(device)
    return "float32" if name == "float32" else "bfloat16"


def float_precision(device: torch.device) -> Literal["float32", "bfloat16"]:
    """bfloat16 on GPUs and CPUs where it is faster than float32, else float32.

    GPUs before Ampere, such as the T4, have none, and PyTorch would calculate in its stead in
    float32 and convert each time.
    """
    if device.type == "cuda":
        has_bfloat16 = torch.cuda.is_bf16_supported(including_emulation=False)
    else:
        has_bfloat16 = _cpu_has_fast_bfloat16()
    return "bfloat16" if has_bfloat16 else "float32"


def autocast(
    device: torch.device, precision: Precision | None = None
) -> AbstractContextManager[None]:
    """The context in which what is left in floats runs: autocast to bfloat16, or no change.

    Beside int8, and where no precision is given, floats are those that are fastest on the device.
    """
    floats = precision if precision in {"float32", "bfloat16"} else float_precision(device)
    return torch.autocast(device.type, torch.bfloat16, enabled=floats == "bfloat16")


def _trouble_with_cuda() -> str:
    """Why CUDA cannot be used here; nothing if it can.

    It is tried: a driver may be there whose GPU this PyTorch has no kernels for, or none to spare.
    """
    if not torch.cuda.is_available():
        return "PyTorch finds no usable CUDA device on this machine"
    try:
        _convolve_on_cuda()
    except RuntimeError as error:
        told = first_line(error, type(error).__name__)
        return f"PyTorch finds a CUDA device, and cannot use it: {told}"
    return ""


def _convolve_on_cuda() -> None:
    """Does a little of what the networks do, and waits for it."""
    pixels, kernel = torch.ones(1, 1, 8, 8, device="cuda"), torch.ones(1, 1, 3, 3, device="cuda")
    torch.nn.functional.conv2d(pixels, kernel).sum().item()


@functools.cache
def _cpu_has_int8() -> bool:
    """Whether products of bytes are several times as fast as of floats here.

    That takes AVX2 and PyTorch's convolutions by oneDNN. Before VNNI sums of pairs saturate at 16
    bits, which `quantised_layers` keeps clear of.
    """
    has_kernels = hasattr(torch.ops.onednn, "qconv2d_pointwise")
    return has_kernels and torch.backends.mkldnn.is_available() and torch.cpu._is_avx2_supported()


@functools.cache
def _cpu_has_fast_bfloat16() -> bool:
    """Whether bfloat16 matrix products beat float32 here.

    AMX does, and AVX512-BF16 on AMD (Zen 4: about 2 times). On Intel without AMX the same
    instructions gave half of float32's speed (84 against 164 GFLOP/s on an Emerald Rapids core).
    """
    if torch.cpu._is_amx_tile_supported():
        return True
    return torch.cpu._is_avx512_bf16_supported() and "AuthenticAMD" in _cpuinfo()


def _cpuinfo() -> str:
    """What the kernel says of the first core; nothing where there is no such file."""
    cpuinfo = Path("/proc/cpuinfo")
    return cpuinfo.read_text().split("\n\n")[0] if cpuinfo.exists() else ""
