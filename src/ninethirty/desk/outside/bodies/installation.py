"""Another installation of this system, at /api/v1/reports."""

from ninethirty.core.submission import Submission
from ninethirty.desk.outside.web import ask, read
from ninethirty.desk.reporting import Body


class Installation:
    def __init__(self, body: Body) -> None:
        self._base = f"{body.to.rstrip('/')}/api/v1/reports"
        self._token = body.token

    def submit(self, one: Submission, signed: bytes) -> None:
        ask("POST", self._base, token=self._token, body=signed)

    def answers(self, reference: str) -> list[bytes]:
        answer = ask("GET", f"{self._base}/{reference}/answers", token=self._token)
        return read(answer, lambda got: [str(one).encode() for one in got.json()["answers"]])
