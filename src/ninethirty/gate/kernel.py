"""Does the kernel call its clock synchronised? (adjtimex)"""

import ctypes
from functools import cache

_UNSYNCHRONISED = 0x0040
_LONGEST_ERROR = 2_000_000
"""Microseconds. The kernel goes on calling a clock synchronised for nine hours after its daemon's
last word, while the error it allows for grows by half a millisecond a second."""


class _Timex(ctypes.Structure):
    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("more", ctypes.c_byte * 256),
    )


def synchronised() -> bool:
    """What the daemon that sets the clock told the kernel. A clock set by hand is not."""
    asked = _Timex(modes=0)
    adjtimex = _adjtimex()
    if adjtimex is None or adjtimex(ctypes.byref(asked)) < 0:
        return False
    return not asked.status & _UNSYNCHRONISED and asked.maxerror <= _LONGEST_ERROR


@cache
def _adjtimex() -> "ctypes._NamedFuncPointer | None":
    # Other systems have no such call; a time server can be named there.
    return getattr(ctypes.CDLL(None), "adjtimex", None)
