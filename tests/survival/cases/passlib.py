# requires: passlib==1.7.4 setuptools==80.10.2 bcrypt==4.0.1 argon2-cffi==25.1.0
# Hashes by name from a registry of module names, a context, an htpasswd file, errors.
import warnings

warnings.simplefilter("ignore")
from passlib import hash as hashes
from passlib import pwd, totp
from passlib.apache import HtpasswdFile
from passlib.context import CryptContext
from passlib.exc import UnknownHashError


def handler(event, context):
    chosen = CryptContext(
        ["argon2", "bcrypt", "pbkdf2_sha256", "md5_crypt", "django_salted_sha1", "ldap_salted_sha1"],
        deprecated="auto",
        bcrypt__rounds=4,
    )
    known = {
        "md5": hashes.md5_crypt.using(salt="abcdefgh").hash("pw"),
        "sha512": hashes.sha512_crypt.using(salt="abcdefgh", rounds=1000).hash("pw"),
        "pbkdf2": hashes.pbkdf2_sha256.using(salt=b"salt", rounds=10).hash("pw"),
        "bcrypt": hashes.bcrypt.using(salt="abcdefghijklmnopqrstuu", rounds=4).hash("pw"),
        "mssql": hashes.mssql2005.using(salt=b"1234").hash("pw"),
        "nt": hashes.nthash.hash("pw"),
        "scram": hashes.scram.using(salt=b"salt", rounds=10).hash("pw"),
    }
    file = HtpasswdFile.from_string(b"u:" + known["md5"].replace("$1$", "$apr1$").encode())
    errors = []
    for attempt in (
        lambda: chosen.verify("x", "nonsense"),
        lambda: hashes.none_such,
        lambda: CryptContext(["none_such"]),
    ):
        try:
            attempt()
        except (UnknownHashError, AttributeError, KeyError) as error:
            errors.append(f"{type(error).__name__}: {error}")
    return {
        "known": known,
        "verify": [
            chosen.verify("pw", known["bcrypt"]),
            chosen.needs_update(known["md5"]),
            chosen.identify(known["pbkdf2"]),
        ],
        "argon": chosen.verify("pw", chosen.hash("pw")),
        "users": file.users(),
        "words": len(pwd.genphrase(length=4).split()),
        "totp": totp.TOTP("JBSWY3DPEHPK3PXP").generate(59).token,
        "errors": errors,
    }
