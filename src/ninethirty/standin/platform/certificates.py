"""Certificates for drills: right, expired, somebody else's, or signed by nobody known."""

import ssl
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ninethirty.core.times import Instant
from ninethirty.standin.platform.scene import Wire

AUTHORITY = "authority.pem"
"""In the folder: what a client is to trust, so that one thing only is wrong with a certificate."""

ELSEWHERE = "elsewhere.example"


def tls(host: str, wire: Wire, folder: Path, now: Instant) -> ssl.SSLContext:
    """How a host with this trouble speaks TLS. Writes the authority and what it needs to `folder`.

    `now` is real: whoever checks a certificate goes by their own clock.
    """
    authority_key, authority = _authority(folder, now)
    key = ec.generate_private_key(ec.SECP256R1())
    signer_key, signer = (
        (key, _name(host)) if wire is Wire.TLS_CHAIN else (authority_key, authority)
    )
    expired = wire is Wire.TLS_EXPIRED
    certificate = (
        x509.CertificateBuilder()
        .subject_name(_name(host))
        .issuer_name(signer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=-1 if expired else 30))
        .add_extension(_names(host, wire), critical=False)
        .sign(signer_key, hashes.SHA256())
    )
    file = folder / f"{host.replace(':', '-')}.pem"
    file.write_bytes(_key_bytes(key) + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _names(host: str, wire: Wire) -> x509.SubjectAlternativeName:
    if wire is Wire.TLS_NAME:
        return x509.SubjectAlternativeName([x509.DNSName(ELSEWHERE)])
    return x509.SubjectAlternativeName([x509.IPAddress(ip_address(host))])


def _authority(folder: Path, now: Instant) -> tuple[ec.EllipticCurvePrivateKey, x509.Name]:
    """The same for every host of one folder."""
    name = _name("Authority example")
    key_file = folder / "authority.key"
    if key_file.exists():
        known = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(known, ec.EllipticCurvePrivateKey)
        return known, name
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=60))
        .not_valid_after(now + timedelta(days=60))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    key_file.write_bytes(_key_bytes(key))
    (folder / AUTHORITY).write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return key, name


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _key_bytes(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
