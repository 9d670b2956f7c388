"""Runs a function as Lambda does: python -I -S run_handler.py PACKAGE MODULE.FUNCTION EVENT.json

The package directory stands for /var/task: it is the first entry of sys.path and the current directory, there is
nothing beside it but the standard library, and it cannot be written to. Prints the result as JSON.
"""

import errno
import importlib
import json
import os
import sys


def read_only(root):
    """Refuses to write below root; permissions would not stop root."""

    def audit(event, args):
        if event != "open" or not isinstance(args[0], (str, bytes)):
            return
        mode, flags = args[1] or "", args[2] or 0
        writes = flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(mode) & set("wxa+")
        if writes and os.path.abspath(os.fsdecode(args[0])).startswith(root + os.sep):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), args[0])

    sys.addaudithook(audit)


def main(package, handler, event):
    root = os.path.realpath(package)
    with open(event, encoding="utf-8") as file:
        event = json.load(file)
    for name in [name for name in os.environ if name.startswith(("AWS_", "PYTHON"))]:
        del os.environ[name]
    os.environ.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_DEFAULT_REGION="eu-central-1",
        AWS_EC2_METADATA_DISABLED="true",
        AWS_LAMBDA_FUNCTION_NAME="sample",
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        LAMBDA_TASK_ROOT=root,
    )
    if not (sys.flags.isolated and sys.flags.no_site):
        sys.exit("run_handler.py needs python -I -S")
    os.chdir(root)
    sys.path.insert(0, root)
    sys.dont_write_bytecode = True
    read_only(root)
    module, _, function = handler.rpartition(".")
    result = getattr(importlib.import_module(module), function)(event, None)
    json.dump(result, sys.stdout, indent=1, sort_keys=True)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
