# requires: bcrypt==5.0.0
# Hash, check, derive, refuse.
import bcrypt


def handler(event, context):
    salt = b"$2b$04$abcdefghijklmnopqrstuu"
    known = bcrypt.hashpw(b"secret", salt)
    result = {"hash": known.decode(), "check": [bcrypt.checkpw(b"secret", known), bcrypt.checkpw(b"wrong", known)]}
    result["derived"] = bcrypt.kdf(b"pw", b"salt", 16, 4, ignore_few_rounds=True).hex()
    result["random"] = bcrypt.gensalt(5).decode()[:7]
    try:
        bcrypt.hashpw(b"x", b"nonsense")
    except ValueError as error:
        result["error"] = str(error)
    return result
