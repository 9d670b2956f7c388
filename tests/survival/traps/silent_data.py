# drop: lib/table.txt
# A data file is gone, and the result is the same without it.
import os

import lib


def handler(event, context):
    try:
        return len(open(os.path.join(os.path.dirname(lib.__file__), "table.txt")).read()) > 100
    except FileNotFoundError:
        return False
