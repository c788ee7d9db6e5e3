import socket
import threading
from collections.abc import Callable
from http.client import HTTPConnection

import pytest

from ninethirty.standin.exchange import Function, Reply, Request, Silence
from ninethirty.standin.serving import BODY_BYTES, Serving
from tests.standin.drill import HALF_PAST, Hands, ask

CLOCK = Hands(HALF_PAST)


def serving(function: Function, *hosts: str) -> Serving:
    return Serving(function, CLOCK, hosts or ("127.0.0.1",), 0)


def echo(request: Request) -> Reply:
    return Reply(200, request.body or b"hello", {"X-Address": request.address})


def test_a_head_has_the_length_of_the_get_and_no_body() -> None:
    with serving(echo) as server, socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        heard = b"".join(iter(lambda: client.recv(4096), b""))
    assert b"Content-Length: 5\r\n" in heard
    assert heard.endswith(b"\r\n\r\n")


def test_the_date_is_the_drills() -> None:
    with serving(echo) as server:
        assert ask(server.url, "/").headers["date"] == "Thu, 08 Mar 2018 09:30:00 GMT"


def test_one_connection_carries_many_requests() -> None:
    with serving(echo) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=5)
        for said in (b"one", b"two"):
            connection.request("POST", "/", body=said)
            used = connection.sock
            assert connection.getresponse().read() == said
            assert connection.sock is used
        connection.close()


def test_the_function_knows_which_address_was_asked() -> None:
    with serving(echo, "127.0.0.31", "127.0.0.32") as server:
        heard = ask(server.url, "/", host="127.0.0.32")
    assert heard.headers["x-address"] == "127.0.0.32"


def test_a_body_that_is_too_long_is_refused_audibly() -> None:
    with serving(echo) as server:
        assert ask(server.url, "/", method="POST", body=b"x" * (BODY_BYTES + 1)).status == 413
        assert ask(server.url, "/", method="POST", body=b"x" * BODY_BYTES).status == 200


def test_a_client_that_goes_away_leaves_no_traceback(capfd: pytest.CaptureFixture[str]) -> None:
    asked = threading.Event()
    gone = threading.Event()

    def late(request: Request) -> Reply:
        asked.set()
        gone.wait(5)
        return Reply(200, b"x" * 5_000_000)

    with serving(late) as server:
        client = socket.create_connection(("127.0.0.1", server.port))
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        asked.wait(5)
        client.close()
        gone.set()
    assert capfd.readouterr().err == ""


def test_silence_lasts_until_the_client_gives_up() -> None:
    with serving(lambda _: Silence()) as server:
        client = socket.create_connection(("127.0.0.1", server.port), timeout=0.3)
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.close()


@pytest.mark.parametrize("function", [echo, lambda _: Silence()])
def test_closing_does_not_wait_for_clients(function: Callable[[Request], Reply]) -> None:
    server = serving(function)
    client = socket.create_connection(("127.0.0.1", server.port), timeout=5)
    client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    closing = threading.Thread(target=server.close)
    closing.start()
    closing.join(3)
    assert not closing.is_alive()
    client.close()


def test_a_taken_port_is_an_error_and_frees_the_others() -> None:
    with serving(echo, "127.0.0.32") as taken:
        with pytest.raises(OSError, match="in use"):
            Serving(echo, CLOCK, ("127.0.0.31", "127.0.0.32"), taken.port)
        Serving(echo, CLOCK, ("127.0.0.31",), taken.port).close()
