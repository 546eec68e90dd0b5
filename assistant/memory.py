"""How much memory this machine has and has free, asked of the system itself."""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path


def total_memory() -> int | None:
    """Bytes of memory this machine has, None where the system does not say."""
    return _memory("MemTotal:", "SC_PHYS_PAGES", windows_offset=8)


def available_memory() -> int | None:
    """Bytes of memory free for a new program, None where the system does not say."""
    return _memory("MemAvailable:", "SC_AVPHYS_PAGES", windows_offset=16)


def _memory(linux_name: str, pages_name: str, windows_offset: int) -> int | None:
    if sys.platform == "win32":
        return _windows_memory(windows_offset)
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
        return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(linux_name))
    except (OSError, StopIteration, ValueError):
        return _sysconf_memory(pages_name)


def _sysconf_memory(pages_name: str) -> int | None:
    try:
        return os.sysconf(pages_name) * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _windows_memory(offset: int) -> int | None:
    """One field of the answer of GlobalMemoryStatusEx (Windows API): 8 bytes each, total first, free next."""
    import ctypes

    answer = ctypes.create_string_buffer(struct.pack("<I", 64), 64)
    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - the name exists on Windows only
    if not kernel.GlobalMemoryStatusEx(answer):
        return None
    value: int = struct.unpack_from("<Q", answer.raw, offset)[0]
    return value
