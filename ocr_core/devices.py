"""Which device and which precision the networks run in."""

from __future__ import annotations

import functools
from contextlib import AbstractContextManager
from pathlib import Path

import torch

from ocr_core.errors import ConfigError


def choose(name: str) -> torch.device:
    """`cpu`, `cuda`, or `auto`: CUDA where it works.

    Raises:
        ConfigError: CUDA was asked for and cannot be used; it is never left silently.
    """
    if name not in {"auto", "cpu", "cuda"}:
        raise ConfigError(f"--device is auto, cpu or cuda, not {name!r}")
    usable = torch.cuda.is_available()
    if name == "cuda" and not usable:
        raise ConfigError("--device cuda: PyTorch finds no usable CUDA device on this machine")
    return torch.device("cuda" if usable and name != "cpu" else "cpu")


def precision(device: torch.device) -> torch.dtype:
    """bfloat16 on CUDA and on CPUs where it is faster than float32, else float32."""
    return torch.bfloat16 if device.type == "cuda" or _cpu_has_fast_bfloat16() else torch.float32


def autocast(device: torch.device) -> AbstractContextManager[None]:
    """The context in which networks run: autocast to `precision`."""
    dtype = precision(device)
    return torch.autocast(device.type, dtype, enabled=dtype != torch.float32)


@functools.cache
def _cpu_has_fast_bfloat16() -> bool:
    """Whether bfloat16 matrix products beat float32 here.

    AMX does, and AVX512-BF16 on AMD (Zen 4: about 2 times). On Intel without AMX the same
    instructions gave half of float32's speed (84 against 164 GFLOP/s on an Emerald Rapids core).
    """
    if torch.cpu._is_amx_tile_supported():
        return True
    cpuinfo = Path("/proc/cpuinfo")
    vendor = cpuinfo.read_text().split("\n\n")[0] if cpuinfo.exists() else ""
    return torch.cpu._is_avx512_bf16_supported() and "AuthenticAMD" in vendor
