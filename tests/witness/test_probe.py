import gzip
import random
import socket
import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from ninethirty.core.document import digest, keyed
from ninethirty.core.page import visible_text
from ninethirty.core.sighting import Family, Sighting, Trouble, View
from ninethirty.core.times import Instant, RealClock
from ninethirty.core.watch import Part
from ninethirty.witness import transfer
from ninethirty.witness.body import Body
from ninethirty.witness.evidence.chain import Kind, read_chain
from ninethirty.witness.evidence.check import check
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.loop import Loop
from ninethirty.witness.probe import Look
from ninethirty.witness.transfer import limits_of
from tests.witness.setting import (
    HALF_PAST,
    KEY,
    NEW,
    SOON,
    TABLE,
    Asked,
    Told,
    channel,
    drill,
    file,
    looked,
    order,
    page,
    probe,
    served,
)


def look(url: str, *, view: View = View.USER, is_page: bool = True, **vantage: Any) -> Sighting:
    part = page(url) if is_page else file(url)
    told = RealClock()
    here = channel("http://unused")
    return looked(probe(told, **vantage), Look(order(here), here.name, here.page.url, part, view))


@contextmanager
def talking(talk: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that is free to break HTTP: one connection, handed over as it is."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def run() -> None:
            connection, _ = listener.accept()
            with connection:
                talk(connection)

        thread = threading.Thread(target=run)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/prices"
        thread.join()


def request_read(connection: socket.socket) -> None:
    while b"\r\n\r\n" not in connection.recv(65536, socket.MSG_PEEK):
        pass
    connection.recv(65536)


def test_a_page_is_known_by_its_visible_words_and_a_file_by_its_bytes() -> None:
    nonce = NEW.replace(b"<html>", b"<html><script nonce=1></script>")
    with served(lambda asked: Told(body=TABLE if asked.path == "/t.csv" else nonce)) as server:
        seen_page = look(f"{server.url}/prices")
        seen_file = look(f"{server.url}/t.csv", is_page=False)

    assert keyed(KEY, seen_page.text_digest) == page("").keyed
    assert seen_page.digest == digest(nonce)
    assert not seen_page.placeholder
    assert (seen_file.digest, seen_file.text_digest) == (digest(TABLE), "")
    assert seen_file.size_bytes == len(TABLE)


def test_a_file_is_asked_for_uncompressed_and_under_our_own_name() -> None:
    with served(lambda _: Told(body=TABLE)) as server:
        look(f"{server.url}/t.csv", is_page=False)

    (asked,) = server.asked
    assert asked.headers["accept-encoding"] == "identity"
    assert asked.headers["user-agent"] == "ninethirty-witness/test (+nobody)"


def test_a_page_that_says_coming_soon_is_a_placeholder_whatever_the_case_and_spaces() -> None:
    with served(lambda _: Told(body=SOON)) as server:
        assert look(f"{server.url}/prices").placeholder


@pytest.mark.parametrize("charset", ["utf-16", "hex", "no-such-thing", "utf-7"])
def test_a_page_in_any_charset_is_read_and_a_charset_that_is_none_does_no_harm(
    charset: str,
) -> None:
    body = NEW.decode().encode("utf-16") if charset == "utf-16" else NEW.replace(b"2%", b"+2AA-")
    headers = {"Content-Type": f"text/html; charset={charset}"}
    with served(lambda _: Told(body=body, headers=headers)) as server:
        seen = look(f"{server.url}/prices")

    assert seen.trouble is Trouble.NONE
    assert (keyed(KEY, seen.text_digest) == page("").keyed) == (charset == "utf-16")


def test_what_the_final_answer_said_of_itself_is_kept_whole() -> None:
    def tell(asked: Asked) -> Told:
        if asked.path == "/prices":
            return Told(301, headers={"Location": "/prices/", "X-Hop": "first"})
        return Told(404, headers={"Age": "7", "X-Cache": "HIT"})

    with served(tell) as server:
        seen = look(f"{server.url}/prices")

    assert seen.status == 404
    assert (seen.headers["age"], seen.headers["x-cache"]) == ("7", "HIT")
    assert "x-hop" not in seen.headers
    assert seen.peer == "127.0.0.1"


def test_a_look_past_the_caches_asks_with_a_query_nobody_used_before() -> None:
    with served(lambda _: Told()) as server:
        for url in (f"{server.url}/prices", f"{server.url}/prices?a=1#top"):
            look(url, view=View.BUSTED)

    first, second = (asked.query for asked in server.asked)
    assert first
    assert second.startswith("a=1&")
    assert first not in second


def test_a_witness_looks_from_its_own_address_at_the_edge_it_was_given() -> None:
    with served(lambda _: Told(body=NEW)) as server:
        port = server.url.rpartition(":")[2]
        seen = look(
            f"http://www.example.test:{port}/prices",
            source="127.0.0.11",
            via=(f"www.example.test:{port}:127.0.0.1:{port}",),
        )

    assert (seen.status, seen.trouble) == (200, Trouble.NONE)
    (asked,) = server.asked
    assert asked.client == "127.0.0.11"
    assert asked.headers["host"] == f"www.example.test:{port}"


def test_a_look_is_dated_by_the_clock_it_was_given(tmp_path: Path) -> None:
    here = channel("http://unused")

    def slow(_: Asked) -> Told:
        time.sleep(0.2)
        return Told()

    with served(slow) as server:
        eyes = probe(drill(tmp_path, before=timedelta(0), speed=100))
        seen = looked(
            eyes,
            Look(order(here), here.name, here.page.url, page(f"{server.url}/prices"), View.USER),
        )

    assert timedelta(0) <= seen.started - HALF_PAST < timedelta(seconds=20)
    assert timedelta(seconds=20) <= seen.ended - seen.started < timedelta(seconds=60)


def test_nobody_listening_is_refused() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert look(f"http://127.0.0.1:{port}/").trouble is Trouble.REFUSED


def test_a_server_that_never_answers_costs_three_seconds_and_is_a_time_out() -> None:
    def silent(connection: socket.socket) -> None:
        while connection.recv(65536):
            pass

    began = time.monotonic()
    with talking(silent) as url:
        assert look(url).trouble is Trouble.TIMEOUT
    assert 2.5 < time.monotonic() - began < 3.5


def test_a_connection_cut_off_is_a_reset() -> None:
    def cut(connection: socket.socket) -> None:
        request_read(connection)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    with talking(cut) as url:
        assert look(url).trouble is Trouble.RESET


def test_an_answer_shorter_than_it_promised_is_truncated_and_its_digest_is_not_given() -> None:
    def stop_short(connection: socket.socket) -> None:
        request_read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + NEW)

    with talking(stop_short) as url:
        seen = look(url)
    assert (seen.trouble, seen.status) == (Trouble.TRUNCATED, 200)
    assert (seen.digest, seen.text_digest) == ("", "")
    assert seen.size_bytes == len(NEW)


def test_what_an_interim_answer_said_is_not_taken_for_the_final_one() -> None:
    def hint_first(connection: socket.socket) -> None:
        request_read(connection)
        connection.sendall(b"HTTP/1.1 103 Early Hints\r\nAge: 9\r\n\r\n")
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")

    with talking(hint_first) as url:
        seen = look(url)
    assert (seen.status, dict(seen.headers)) == (200, {"content-length": "2"})


def test_endless_bytes_are_too_large_and_are_cut_at_five_megabytes() -> None:
    def flood(connection: socket.socket) -> None:
        request_read(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except OSError:
            pass  # Cut, as it should be.

    with talking(flood) as url:
        seen = look(url)
    assert seen.trouble is Trouble.TOO_LARGE
    assert seen.size_bytes == 5_000_000
    assert seen.digest == ""


def test_a_redirect_loop_is_followed_five_times() -> None:
    with served(lambda _: Told(302, headers={"Location": "/prices"})) as server:
        seen = look(f"{server.url}/prices")

    assert (seen.trouble, seen.status) == (Trouble.REDIRECTS, 302)
    assert len(server.asked) == 6


def test_of_a_hundred_redirects_no_more_than_five_are_followed() -> None:
    def tell(asked: Asked) -> Told:
        hop = int(asked.path.removeprefix("/hop/") or 0)
        if hop == 100:
            return Told(body=NEW)
        return Told(302, headers={"Location": f"/hop/{hop + 1}"})

    with served(tell) as server:
        seen = look(f"{server.url}/hop/0")
        assert (seen.trouble, seen.status, seen.digest) == (Trouble.REDIRECTS, 302, "")
        assert server.paths() == [f"/hop/{n}" for n in range(6)]
        assert [hop.url for hop in seen.hops] == [f"{server.url}/hop/{n}" for n in range(5)]
        assert look(f"{server.url}/hop/95").digest == digest(NEW)


@pytest.mark.parametrize(
    ("elsewhere", "trouble"),
    [
        ("http://127.0.0.2:{port}/", Trouble.PRIVATE),
        ("http://[::ffff:10.0.0.1]/", Trouble.PRIVATE),
        ("http://169.254.169.254/latest/meta-data", Trouble.PRIVATE),
        ("http://[/", Trouble.REDIRECTS),
        ("file:///etc/passwd", Trouble.REDIRECTS),
    ],
)
def test_a_redirect_into_our_network_or_off_the_web_is_not_followed(
    elsewhere: str, trouble: Trouble
) -> None:
    def tell(_: Asked) -> Told:
        return Told(302, headers={"Location": elsewhere.format(port=port)})

    with served(tell) as server:
        port = server.url.rpartition(":")[2]
        seen = look(f"{server.url}/prices")

    assert (seen.status, seen.trouble, seen.digest) == (302, trouble, "")
    assert len(server.asked) == 1


def test_a_name_that_stands_for_an_address_in_our_network_is_not_followed_either() -> None:
    def tell(_: Asked) -> Told:
        return Told(302, headers={"Location": f"http://localhost:{port}/"})

    with served(tell) as server:
        port = server.url.rpartition(":")[2]
        seen = look(f"{server.url}/prices")

    assert (seen.trouble, [hop.status for hop in seen.hops]) == (Trouble.PRIVATE, [302])
    assert len(server.asked) == 1


def test_a_redirect_to_a_host_that_a_person_allowed_is_followed_and_each_hop_is_kept() -> None:
    def tell(asked: Asked) -> Told:
        if asked.path == "/prices":
            location = f"http://127.0.0.2:{server.url.rpartition(':')[2]}/there"
            return Told(302, headers={"Location": location, "Age": "7"})
        return Told(body=NEW)

    with served(tell, host="0.0.0.0") as server:
        seen = look(f"{server.url}/prices", allowed=("127.0.0.2",))

    assert (seen.status, seen.peer, seen.digest) == (200, "127.0.0.2", digest(NEW))
    (hop,) = seen.hops
    assert (hop.status, hop.url, hop.headers["age"]) == (302, f"{server.url}/prices", "7")


def test_a_server_without_tls_where_tls_was_promised_is_a_tls_trouble() -> None:
    with served(lambda _: Told()) as server:
        assert look(server.url.replace("http", "https")).trouble is Trouble.TLS


def test_anything_but_the_web_is_not_looked_at() -> None:
    assert look("file:///etc/passwd").trouble is Trouble.OTHER


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An authority of our own, and servers' certificates by it: good, expired, of another name."""
    folder = tmp_path_factory.mktemp("tls")
    now = RealClock().now()
    authority_key, authority = certificate("ca", None, now, now + timedelta(days=1), folder)
    by = (authority_key, authority)
    for name, host, begin, end in (
        ("good", "localhost", now, now + timedelta(days=1)),
        ("expired", "localhost", now - timedelta(days=2), now - timedelta(days=1)),
        ("other", "www.example.test", now, now + timedelta(days=1)),
    ):
        certificate(name, by, begin, end, folder, host)
    certificate("stranger", None, now, now + timedelta(days=1), folder)
    return folder


def certificate(
    name: str,
    by: tuple[ec.EllipticCurvePrivateKey, x509.Certificate] | None,
    begin: Instant,
    end: Instant,
    folder: Path,
    host: str = "localhost",
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    signing, issuer = (by[0], by[1].subject) if by else (key, subject)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin - timedelta(minutes=1))
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .sign(signing, hashes.SHA256())
    )
    (folder / f"{name}.pem").write_bytes(
        made.public_bytes(Encoding.PEM)
        + key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    return key, made


@contextmanager
def secure(chain: Path) -> Iterator[str]:
    """A server that speaks TLS with this certificate, once."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    def talk(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(65536)
                secured.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
        except (ssl.SSLError, OSError):
            pass  # They did not like our certificate.

    with talking(talk) as url:
        yield url.replace("http://127.0.0.1", "https://localhost")


@pytest.mark.parametrize(
    ("name", "trouble"),
    [
        ("good", Trouble.NONE),
        ("expired", Trouble.TLS_EXPIRED),
        ("other", Trouble.TLS_NAME),
        ("stranger", Trouble.TLS_CHAIN),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(
    certificates: Path, name: str, trouble: Trouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_CA_FILE", str(certificates / "ca.pem"))
    with secure(certificates / f"{name}.pem") as url:
        seen = look(url)
    assert seen.trouble is trouble
    assert (seen.phases_ms.tls > 0) is (name == "good")


def test_the_chain_of_certificates_that_a_server_shows_is_kept_as_evidence_once(
    certificates: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transfer, "_CA_FILE", str(certificates / "ca.pem"))
    shown = certificates / "shown.pem"
    shown.write_bytes((certificates / "good.pem").read_bytes())
    issuer = x509.load_pem_x509_certificate((certificates / "ca.pem").read_bytes())
    with shown.open("ab") as more:
        more.write(issuer.public_bytes(Encoding.PEM))
    here, told = channel("http://unused"), RealClock()
    evidence = Evidence(tmp_path / "kept", order(here), KEY, told)
    for _ in range(2):
        with secure(shown) as url, Loop() as loop:
            seen: list[Sighting] = []
            part = Part("page", url)
            probe(told).look(
                loop,
                Look(order(here), here.name, url, part, View.USER),
                lambda s, _, a, seen=seen: seen.append(evidence.keep(s, a)),  # type: ignore[misc]
            )
            while not seen:
                loop.turn(0.1)
    evidence.close()
    lines = list(read_chain(tmp_path / "kept"))
    [chain] = [line.said for line in lines if line.kind is Kind.CERTIFICATES]
    found = [x509.load_pem_x509_certificate(pem.encode()) for pem in chain["chain"]]
    assert found == x509.load_pem_x509_certificates(shown.read_bytes())
    assert [one.said["certificates"] for one in lines if one.kind is Kind.SIGHTING] == [
        chain["digest"]
    ] * 2
    assert check(tmp_path / "kept").wrong == ()


def test_a_bomb_of_nought_is_cut_where_a_page_ends() -> None:
    bomb = gzip.compress(bytes(200_000_000), 1)
    with served(lambda _: Told(200, bomb, {"Content-Encoding": "gzip"})) as server:
        seen = look(f"{server.url}/prices")
    assert (seen.trouble, seen.size_bytes, seen.digest) == (Trouble.TOO_LARGE, 5_000_000, "")


def test_what_claims_to_be_gzip_and_is_not_is_a_bad_body() -> None:
    with served(lambda _: Told(200, NEW, {"Content-Encoding": "gzip"})) as server:
        assert look(f"{server.url}/prices").trouble is Trouble.BAD_BODY


def test_a_page_is_understood_although_somebody_compressed_it_unasked() -> None:
    squeezed = gzip.compress(NEW)
    with served(lambda _: Told(200, squeezed, {"Content-Encoding": "gzip"})) as server:
        seen = look(f"{server.url}/prices")
    assert keyed(KEY, seen.text_digest) == page("").keyed


def test_a_long_file_is_hashed_whole_and_only_its_ends_are_kept() -> None:
    content = random.Random(1).randbytes(12_000_000)
    body = Body(20_000_000)
    for at in range(0, len(content), 16_384):
        piece = content[at : at + 16_384]
        assert body.take(piece) == len(piece)
    assert (body.digest, body.size, body.is_whole) == (digest(content), len(content), False)
    assert body.kept() == content[:65_536] + content[-65_536:]


def test_a_file_past_its_bound_is_too_large_and_no_more_of_it_is_taken() -> None:
    body = Body(1000)
    assert body.take(bytes(600)) == 600
    assert body.take(bytes(600)) == 400
    assert (body.cut, body.size) == (True, 1000)


def test_of_a_file_whose_length_is_known_no_more_is_read_than_a_page_may_have() -> None:
    told, here = RealClock(), channel("http://unused")
    with served(lambda _: Told(200, bytes(30_000_000))) as server:
        part = replace(file(f"{server.url}/t.csv"), size_bytes=len(TABLE))
        seen = looked(probe(told), Look(order(here), "announced", part.url, part, View.USER, ""))
    assert (seen.trouble, seen.size_bytes) == (Trouble.TOO_LARGE, 5_000_000)
    long = replace(part, size_bytes=9_000_000)
    assert limits_of(long).most_bytes == 9_000_000


def test_a_page_like_the_one_at_a_made_up_address_says_how_like_it_is() -> None:
    words = b"<main>" + b" ".join(b"word%d" % n for n in range(200)) + b"</main>"
    told = RealClock()
    here = channel("http://unused")
    decoy = visible_text(words.decode())
    with served(lambda _: Told(200, words, {"Content-Type": "text/html"})) as server:
        part = page(f"{server.url}/prices")
        like = looked(probe(told), Look(order(here), "announced", part.url, part, View.USER, decoy))
        file_part = file(f"{server.url}/t.csv")
        also = looked(
            probe(told), Look(order(here), "announced", part.url, file_part, View.USER, decoy)
        )
    assert (like.similar_permille, also.similar_permille) == (1000, 1000)


@pytest.mark.parametrize(
    ("body", "home"),
    [
        (b'<link rel="canonical" href="https://x.test/"><main>Welcome</main>', True),
        (b'<link href="/" rel=canonical><main>Welcome</main>', True),
        (b'<link rel="canonical" href="/prices"><main>Prices</main>', False),
        (b'<link rel="icon" href="/"><main>Prices</main>', False),
    ],
)
def test_a_page_that_says_it_is_the_front_page_is_known(body: bytes, home: bool) -> None:
    with served(lambda _: Told(body=body)) as server:
        assert look(f"{server.url}/prices").home is home


def test_a_look_over_ipv6_says_so() -> None:
    with served(lambda _: Told(body=NEW), host="::1") as server:
        seen = look(f"http://[::1]:{server.url.rpartition(':')[2]}/prices", source="::1")
    assert (seen.family, seen.peer, seen.status) == (Family.V6, "::1", 200)
