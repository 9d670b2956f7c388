# requires: pgserver==0.1.4
# Programs whose dynamic section lies on the pages of a segment, behind its end, and their libraries.
import os
import subprocess

import pgserver
from pgserver._commands import POSTGRES_BIN_PATH


def handler(event, context):
    found = {}
    for name in ("initdb", "postgres", "psql", "pg_ctl", "pg_dump"):
        done = subprocess.run([os.path.join(POSTGRES_BIN_PATH, name), "--version"], capture_output=True, text=True)
        found[name] = [done.returncode, done.stdout]
    found["ctl"] = callable(pgserver.pg_ctl)
    return found
