# drop: lib/inner.py
# A module that is needed is gone.
def handler(event, context):
    import lib.inner

    return lib.inner.value
