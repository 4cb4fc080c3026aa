"""A throw-away certificate authority and one certificate of it, so that a stand-in can speak TLS under a real name."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_CA = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Orderbell tests")])


def pem(key: PrivateKeyTypes) -> str:
    """A private key as unencrypted PKCS 8."""
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain).decode()


def write_certificates(folder: Path, host: str) -> tuple[Path, Path]:
    """Writes the authority's certificate, and key and certificate of `host`; returns the paths of the two files."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _authority(ca_key).sign(ca_key, hashes.SHA256())
    leaf = _leaf(host, key, ca_key).sign(ca_key, hashes.SHA256())
    ca_path, leaf_path = folder / "ca.pem", folder / "leaf.pem"
    ca_path.write_bytes(ca.public_bytes(serialization.Encoding.PEM))
    leaf_path.write_text(leaf.public_bytes(serialization.Encoding.PEM).decode() + pem(key))
    return ca_path, leaf_path


def _blank(subject: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(_CA).public_key(public_key)
    builder = builder.serial_number(x509.random_serial_number())
    return builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=2))


def _authority(key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    usage = dict.fromkeys(
        ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"), False
    )
    signs = x509.KeyUsage(**usage, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False)
    blank = _blank(_CA, key.public_key())
    blank = blank.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    blank = blank.add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    return blank.add_extension(signs, critical=True)


def _leaf(host: str, key: ec.EllipticCurvePrivateKey, ca_key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    blank = _blank(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), key.public_key())
    blank = blank.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    blank = blank.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    return blank.add_extension(issuer, critical=False)
