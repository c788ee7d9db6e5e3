"""Times, sizes and counts as a person reads them."""

from datetime import timedelta

from ninethirty.core.times import Instant, WallTime, at_local

UTC_ZONE = "UTC"


def told_in(instant: Instant, zone: str) -> str:
    """2026-12-01 09:30 Europe/London; to the second."""
    return str(WallTime(at_local(instant, zone).replace(tzinfo=None, microsecond=0), zone))


def utc(instant: Instant) -> str:
    return f"{instant:%Y-%m-%d %H:%M:%S} UTC"


def told(instant: Instant, zone: str) -> str:
    """Local and UTC: 2026-07-01 09:30 Europe/London (2026-07-01 08:30:00 UTC)."""
    if zone == UTC_ZONE:
        return utc(instant)
    return f"{told_in(instant, zone)} ({utc(instant)})"


def span(length: timedelta) -> str:
    """117 days 3 h; 2 h 5 min; 45 s: the two largest units."""
    seconds = int(length.total_seconds())
    units = [
        (seconds // 86400, "day" if seconds // 86400 == 1 else "days"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    ]
    while len(units) > 1 and not units[0][0]:
        units.pop(0)
    return " ".join(f"{count} {unit}" for count, unit in units[:2] if count) or "0 s"


def size(size_bytes: int) -> str:
    if size_bytes < 1000:
        return f"{size_bytes} bytes"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.1f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB"


def page_and(files: int) -> str:
    """The page and what comes with it."""
    match files:
        case 0:
            return "the page"
        case 1:
            return "the page and 1 file"
        case _:
            return f"the page and {files} files"
