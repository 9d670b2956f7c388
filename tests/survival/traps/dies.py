# drop: lib/inner.py
# The interpreter itself ends.
import os


def handler(event, context):
    try:
        import lib.inner
    except ImportError:
        os._exit(7)
    return 1
