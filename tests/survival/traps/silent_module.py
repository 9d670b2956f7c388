# drop: lib/fast.py
# A module is gone, and the result is the same without it.
def handler(event, context):
    try:
        from lib import fast
    except ImportError:
        pass
    return 1
