"""Freed memory is overwritten or returned, so that no message stays in it."""

from __future__ import annotations

import ctypes

# From glibc's malloc.h.
_M_MMAP_THRESHOLD, _M_PERTURB = -3, -6
# Anything this long gets separate pages, which go back to the system when freed.
OWN_PAGES_FROM_BYTES = 64 * 1024
_FILLED_WITH = 0x55


def leave_nothing_in_it() -> None:
    """Makes the C library overwrite what is freed, and return long pieces.

    Call it before the first message is read. Python keeps objects of up to 512
    bytes in separate pools, which this does not reach; docs/security.md says what
    remains. A C library other than glibc has no such setting.
    """
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune:
        tune(_M_MMAP_THRESHOLD, OWN_PAGES_FROM_BYTES)
        tune(_M_PERTURB, _FILLED_WITH)
