# event: {"n": 3}
# drop: unused.py
# Survives: what goes is not used, and what is missing was missing before.
import os
import sys

import used

try:
    import absent
except ImportError:
    absent = None


def handler(event, context):
    outside = [p for p in sys.path if "site-packages" in p]
    print("printed in", os.getcwd())
    return [used.value, event["n"], absent, outside, os.environ["LAMBDA_TASK_ROOT"] == os.getcwd()]
