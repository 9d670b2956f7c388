# requires: pynacl==1.6.2
# Boxes, signatures, Argon2; the cffi module reaches _cffi_backend by itself.
from nacl import encoding, exceptions, hash, pwhash, secret, signing, utils
from nacl.public import Box, PrivateKey, SealedBox


def handler(event, context):
    one, two = PrivateKey(bytes(range(32))), PrivateKey(bytes(range(1, 33)))
    message = Box(one, two.public_key).encrypt(b"hi", bytes(24))
    key = signing.SigningKey(bytes(32))
    signed = key.sign(b"text")
    result = {
        "box": Box(two, one.public_key).decrypt(message).decode(),
        "sealed": SealedBox(one).decrypt(SealedBox(one.public_key).encrypt(b"x")).decode(),
        "secret": secret.SecretBox(bytes(32)).encrypt(b"x", bytes(24), encoder=encoding.HexEncoder).decode(),
        "signature": signed.signature.hex(),
        "verify": key.verify_key.encode(encoding.Base64Encoder).decode(),
        "hash": hash.blake2b(b"x", encoder=encoding.HexEncoder).decode(),
        "argon": pwhash.argon2id.kdf(16, b"pw", bytes(16), opslimit=1, memlimit=8192).hex(),
        "random": len(utils.random(8)),
    }
    try:
        key.verify_key.verify(b"other", signed.signature)
    except exceptions.BadSignatureError as error:
        result["error"] = str(error)
    return result
