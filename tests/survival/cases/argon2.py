# requires: argon2-cffi==25.1.0
# Hash, verify, parameters, errors.
from argon2 import PasswordHasher, Type, exceptions, extract_parameters, low_level, profiles


def handler(event, context):
    hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    known = hasher.hash("pw", salt=bytes(16))
    result = {"hash": known, "ok": hasher.verify(known, "pw"), "old": hasher.check_needs_rehash(known)}
    errors = []
    for value, password in ((known, "no"), ("nonsense", "pw")):
        try:
            hasher.verify(value, password)
        except (exceptions.VerifyMismatchError, exceptions.InvalidHashError) as error:
            errors.append(type(error).__name__)
    result["errors"] = errors
    result["raw"] = low_level.hash_secret_raw(b"s", bytes(8), 1, 64, 1, 16, Type.ID).hex()
    result["parameters"] = str(extract_parameters(known))
    result["profile"] = profiles.CHEAPEST.memory_cost
    return result
