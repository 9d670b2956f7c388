# A case that differs from itself says nothing.
import os


def handler(event, context):
    return os.urandom(8).hex()
