# requires: pyjwt[crypto]==2.15.1
# HMAC, RSA and EdDSA tokens, key sets, each error.
import jwt
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from jwt.algorithms import RSAAlgorithm


def handler(event, context):
    secret = "0123456789abcdef0123456789abcdef"
    token = jwt.encode({"sub": "u1", "aud": "a"}, secret, algorithm="HS256", headers={"kid": "k1"})
    result = {
        "hs": token,
        "claims": jwt.decode(token, secret, algorithms=["HS256"], audience="a"),
        "header": jwt.get_unverified_header(token),
    }
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    signed = jwt.encode({"n": 1}, key, algorithm="RS256")
    public = jwt.PyJWK.from_json(RSAAlgorithm.to_jwk(key.public_key()))
    result["rs"] = jwt.decode(signed, public.key, algorithms=["RS256"])
    pair = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
    result["ed"] = jwt.encode({"n": 2}, pair, algorithm="EdDSA")
    errors = []
    for attempt in (
        lambda: jwt.decode(token, "x" * 32, algorithms=["HS256"], audience="a"),
        lambda: jwt.decode(token, secret, algorithms=["HS256"]),
        lambda: jwt.decode(jwt.encode({"exp": 1}, secret), secret, algorithms=["HS256"]),
        lambda: jwt.decode("a.b", secret, algorithms=["HS256"]),
        lambda: jwt.encode({}, secret, algorithm="XX1"),
    ):
        try:
            errors.append(attempt())
        except (jwt.PyJWTError, NotImplementedError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    result["errors"] = errors
    return result
