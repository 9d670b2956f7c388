# requires: cryptography==50.0.2
# ci: yes
# Fernet, RSA, a certificate, SSH and PKCS 12 serialization: Rust and cffi underneath.
import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from cryptography.x509.oid import NameOID


def handler(event, context):
    box = Fernet(b"cw_0x689RpI-jtRR7oE8h_eQsKImvJapLeSbXpwF4e4=")
    result = {"fernet": box.decrypt(box.encrypt(b"secret")).decode()}
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "slim.example")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(datetime.datetime(2024, 1, 1))
        .not_valid_after(datetime.datetime(2034, 1, 1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("a.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    again = x509.load_pem_x509_certificate(certificate.public_bytes(serialization.Encoding.PEM))
    result["subject"] = again.subject.rfc4514_string()
    result["names"] = again.extensions.get_extension_for_class(x509.SubjectAlternativeName).value.get_values_for_type(
        x509.DNSName
    )
    signature = key.sign(b"data", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    try:
        key.public_key().verify(signature, b"other", padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())
    except InvalidSignature:
        result["signature"] = "invalid"
    try:
        box.decrypt(b"nonsense")
    except InvalidToken as error:
        result["token"] = type(error).__name__
    bundle = pkcs12.serialize_key_and_certificates(
        b"k", key, certificate, None, serialization.BestAvailableEncryption(b"pw")
    )
    result["pkcs12"] = pkcs12.load_key_and_certificates(bundle, b"pw")[1].serial_number
    ssh = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    result["ssh"] = ssh.public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH).decode()
    result["curve"] = ec.derive_private_key(5, ec.SECP256R1()).public_key().public_numbers().x % 1000
    result["gcm"] = AESGCM(bytes(16)).encrypt(bytes(12), b"x", None).hex()
    result["chacha"] = ChaCha20Poly1305(bytes(32)).encrypt(bytes(12), b"x", None).hex()
    result["scrypt"] = Scrypt(salt=b"s", length=16, n=16, r=8, p=1).derive(b"pw").hex()
    result["totp"] = TOTP(bytes(20), 6, hashes.SHA1(), 30).generate(59).decode()
    return result
