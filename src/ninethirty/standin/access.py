"""Does a request carry the token the stand-in was started with?"""

import base64
import hmac

from ninethirty.standin.exchange import Request


def carries(request: Request, token: str, *, basic: bool = False) -> bool:
    """`basic` also accepts it as the password of Basic authentication."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _same(credentials.strip(), token)
    if basic and scheme.lower() == "basic":
        try:
            pair = base64.b64decode(credentials, validate=True).decode()
        except ValueError:
            return False
        return _same(pair.partition(":")[2], token)
    return False


def _same(given: str, token: str) -> bool:
    return hmac.compare_digest(given.encode(), token.encode())
