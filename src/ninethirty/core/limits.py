"""How many letters a text may have on a channel, counted as that channel counts them.

As of 2026-11: docs.x.com, "Counting characters"; docs.joinmastodon.org, "Posting to your profile";
docs.bsky.app, app.bsky.feed.post (graphemes, of which a text has no more than letters);
learn.microsoft.com/linkedin, Posts API; docs.slack.dev, "Truncating content". A channel that is not
named has no limit that a notice could reach.
"""

LIMITS = {"x": 280, "bluesky": 300, "mastodon": 500, "linkedin": 3000, "slack": 40_000}

SHORTEST = min(LIMITS.values())

LINK = 23
"""What X and Mastodon take any link for, however long it is."""

_LIGHT = (range(4352), range(8192, 8206), range(8208, 8224), range(8242, 8248))
"""Letters that X counts once; any other counts twice, the ellipsis among them."""


def count(channel: str, text: str, link: str) -> int:
    """link: the address in the text."""
    if channel not in ("x", "mastodon"):
        return len(text)
    links = text.count(link) if link else 0
    rest = text.replace(link, "") if link else text
    return links * LINK + (sum(map(_weight, rest)) if channel == "x" else len(rest))


def fits(text: str, link: str, limit: int = SHORTEST) -> bool:
    """However a channel counts."""
    return max(len(text), *(count(channel, text, link) for channel in LIMITS)) <= limit


def _weight(letter: str) -> int:
    return 1 if any(ord(letter) in light for light in _LIGHT) else 2
