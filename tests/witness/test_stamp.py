"""Roots stamped by a real authority (`openssl ts`) on loopback."""

import shutil
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pytest

from ninethirty.core.document import Json
from ninethirty.core.errors import CannotStart
from ninethirty.core.times import RealClock
from ninethirty.witness.evidence.chain import Kind
from ninethirty.witness.evidence.check import STAMPS, check
from ninethirty.witness.evidence.keep import Evidence
from ninethirty.witness.evidence.stamp import Stamper, not_vouched_for
from tests.witness.setting import KEY, Asked, Told, channel, order, served

SETTINGS = """
[tsa]
default_tsa = here
[here]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_chain = no
[extensions]
extendedKeyUsage = critical,timeStamping
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
"""


def openssl(folder: Path, *arguments: str) -> None:
    program = shutil.which("openssl")
    assert program, "openssl is needed for this test: apt-get install openssl"
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)


class Authority:
    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.folder = folder
        self.certificate = folder / "ca.pem"
        (folder / "serial").write_text("01\n")
        (folder / "tsa.cnf").write_text(SETTINGS)
        new = ("req", "-newkey", "rsa:2048", "-nodes", "-sha256")
        openssl(
            folder,
            *new,
            "-x509",
            "-keyout",
            "ca.key",
            "-out",
            "ca.pem",
            "-subj",
            "/CN=CA",
            "-addext",
            "basicConstraints=critical,CA:true",
            "-days",
            "30",
        )
        openssl(folder, *new, "-keyout", "tsa.key", "-out", "tsa.csr", "-subj", "/CN=TSA")
        openssl(
            folder,
            "x509",
            "-req",
            "-in",
            "tsa.csr",
            "-CA",
            "ca.pem",
            "-CAkey",
            "ca.key",
            "-set_serial",
            "7",
            "-days",
            "30",
            "-sha256",
            "-extfile",
            "tsa.cnf",
            "-extensions",
            "extensions",
            "-out",
            "tsa.pem",
        )

    def __call__(self, asked: Asked) -> Told:
        (self.folder / "query.tsq").write_bytes(asked.body)
        # No -chain: the client is strict about the order of certificates (DER).
        openssl(
            self.folder,
            "ts",
            "-reply",
            "-config",
            "tsa.cnf",
            "-queryfile",
            "query.tsq",
            "-signer",
            "tsa.pem",
            "-inkey",
            "tsa.key",
            "-out",
            "reply.tsr",
        )
        return Told(body=(self.folder / "reply.tsr").read_bytes())


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa") / "authority")


def stamped(folder: Path, url: str) -> Path:
    stamper = Stamper(url, folder / STAMPS)
    ordered = order(channel("http://x.test"))
    with closing(Evidence(folder, ordered, KEY, RealClock(), stamper.rooted)) as evidence:
        stamper.begin(lambda said: evidence.add(Kind.STAMP, said))
        evidence.root_now()
        stamper.close()
    return folder


def test_a_root_is_stamped_and_the_authority_vouches_for_it(
    tmp_path: Path, authority: Authority
) -> None:
    with served(authority) as server:
        folder = stamped(tmp_path / "kept", server.url)
    found = check(folder)
    assert found.wrong == ()
    assert found.stamped == found.roots[:1]
    assert list(not_vouched_for(folder / STAMPS, found.stamped, authority.certificate)) == []


def test_a_changed_stamp_and_one_of_another_authority_are_found(
    tmp_path: Path, authority: Authority
) -> None:
    other = Authority(tmp_path / "other")
    with served(authority) as server:
        folder = stamped(tmp_path / "kept", server.url)
    roots = check(folder).stamped
    assert list(not_vouched_for(folder / STAMPS, roots, other.certificate))
    (stamp,) = (folder / STAMPS).iterdir()
    whole = bytearray(stamp.read_bytes())
    whole[-1] ^= 1
    stamp.write_bytes(whole)
    assert any(stamp.name in sentence for sentence in check(folder).wrong)
    stamp.unlink()
    assert any("missing" in sentence for sentence in check(folder).wrong)


def test_an_authority_that_is_slow_or_silent_delays_nothing(tmp_path: Path) -> None:
    def slow(_: Asked) -> Told:
        time.sleep(1)
        return Told(500)

    said: list[Json] = []
    with served(slow) as server:
        stamper = Stamper(server.url, tmp_path / STAMPS)
        stamper.begin(said.append)
        began = time.monotonic()
        stamper.rooted("00" * 32)
        assert time.monotonic() - began < 0.1
        stamper.close()
    assert said == []


def test_a_stamp_on_something_else_is_not_taken(tmp_path: Path, authority: Authority) -> None:
    replies: list[bytes] = []

    def replays(asked: Asked) -> Told:
        replies.append(replies[0] if replies else authority(asked).body)
        return Told(body=replies[-1])

    said: list[Json] = []
    with served(replays) as server:
        stamper = Stamper(server.url, tmp_path / STAMPS)
        stamper.begin(said.append)
        stamper.rooted("00" * 32)
        stamper.rooted("11" * 32)
        stamper.close()
    assert [each["root"] for each in said] == ["00" * 32]


def test_an_authority_that_is_no_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match="--stamp nowhere: expected an address"):
        Stamper("nowhere", tmp_path)
