# drop: space/**
# A namespace package is gone, and the result is the same without it.
def handler(event, context):
    try:
        import space.inner
    except ImportError:
        pass
    return 1
