# requires: pycryptodome==3.22.0
# ci: yes
# Shared objects with the suffix of extension modules, opened by cffi or ctypes: ciphers, hashes, keys.
from Crypto.Cipher import AES, ARC4, CAST, ChaCha20_Poly1305, DES3, PKCS1_OAEP, Blowfish, Salsa20
from Crypto.Hash import BLAKE2b, CMAC, HMAC, KangarooTwelve, MD4, Poly1305, RIPEMD160, SHA3_256, SHA512, SHAKE128
from Crypto.Protocol.KDF import HKDF, PBKDF2, bcrypt, bcrypt_check, scrypt
from Crypto.Protocol.SecretSharing import Shamir
from Crypto.PublicKey import DSA, ECC, RSA
from Crypto.Signature import DSS, eddsa, pss
from Crypto.Util.strxor import strxor


def handler(event, context):
    key = bytes(range(16))
    found = {}
    for mode in ("ECB", "CBC", "CFB", "OFB", "CTR", "GCM", "EAX", "CCM", "SIV", "OCB", "OPENPGP"):
        extra = (
            {}
            if mode in ("ECB",)
            else {"nonce": key[:8]} if mode in ("CTR", "GCM", "EAX", "CCM", "SIV", "OCB") else {"iv": key}
        )
        cipher = AES.new(key * (2 if mode == "SIV" else 1), getattr(AES, "MODE_" + mode), **extra)
        out = (
            cipher.encrypt_and_digest(b"x" * 32)
            if hasattr(cipher, "encrypt_and_digest")
            else [cipher.encrypt(b"x" * 32)]
        )
        found[mode] = out[-1].hex()[:16]
    found["other"] = [
        DES3.new(bytes(range(24)), DES3.MODE_ECB).encrypt(key).hex(),
        Blowfish.new(key, Blowfish.MODE_ECB).encrypt(key).hex(),
        CAST.new(key, CAST.MODE_ECB).encrypt(key).hex(),
        ARC4.new(key).encrypt(key).hex(),
        Salsa20.new(key, nonce=key[:8]).encrypt(key).hex(),
        ChaCha20_Poly1305.new(key=key * 2, nonce=key[:12]).encrypt_and_digest(key)[1].hex(),
    ]
    found["hash"] = [h.new(data=b"x").hexdigest()[:16] for h in (MD4, RIPEMD160, SHA3_256, SHA512)] + [
        BLAKE2b.new(data=b"x", digest_bits=256).hexdigest()[:8],
        SHAKE128.new(b"x").read(4).hex(),
        KangarooTwelve.new(b"x").read(4).hex(),
        CMAC.new(key, b"x", AES).hexdigest()[:8],
        HMAC.new(key, b"x").hexdigest()[:8],
        Poly1305.new(key=key * 2, cipher=AES, nonce=key, data=b"x").hexdigest()[:8],
    ]
    found["kdf"] = [
        HKDF(key, 16, key, SHA512).hex(),
        PBKDF2("p", key, 16, 10).hex(),
        scrypt("p", "s", 16, 16, 8, 1).hex(),
    ]
    bcrypt_check("p", bcrypt("p", 4))
    rsa = RSA.generate(2048)
    found["rsa"] = PKCS1_OAEP.new(rsa).decrypt(PKCS1_OAEP.new(rsa.public_key()).encrypt(b"x")).decode()
    pss.new(rsa.public_key()).verify(SHA512.new(b"x"), pss.new(rsa).sign(SHA512.new(b"x")))
    for curve in ("p256", "p521", "ed25519", "ed448"):
        ecc = ECC.generate(curve=curve)
        if curve.startswith("ed"):
            eddsa.new(ecc.public_key(), "rfc8032").verify(b"x", eddsa.new(ecc, "rfc8032").sign(b"x"))
        else:
            DSS.new(ecc.public_key(), "fips-186-3").verify(
                SHA512.new(b"x"), DSS.new(ecc, "fips-186-3").sign(SHA512.new(b"x"))
            )
        found[curve] = ecc.curve
    found["shares"] = Shamir.combine(Shamir.split(2, 3, key)[:2]) == key
    found["xor"] = strxor(b"ab", b"ba").hex()
    try:
        AES.new(b"short", AES.MODE_ECB)
    except ValueError as caught:
        found["error"] = str(caught)[:30]
    return found
