"""Runs a handler as Lambda does and tells what it did: python -s -S -B run_case.py TASK HANDLER EVENT.json OUT.json

TASK stands for /var/task: it is the first entry of sys.path and the current directory, there is nothing beside it
but the standard library, it cannot be written to, and nothing but loopback can be connected to. OUT.json gets the result
or the exception, the files below TASK that were used, and the names and paths that were asked for.
"""

import errno
import sys

# Some hosts do not let us take the network away, so that Python refuses it too.
LOOPBACK = (None, "", b"", "127.0.0.1", b"127.0.0.1", "0.0.0.0", "::1", "::", "localhost", b"localhost")


class Watch:
    """What the handler opens below root, and which modules are looked for in vain."""

    def __init__(self, os, root):
        self.os = os
        self.root = root + os.sep
        self.opened = set()
        self.missed = set()

    def below(self, path):
        """path relative to root, or None."""
        try:
            path = self.os.path.abspath(self.os.fsdecode(path))
        except (TypeError, ValueError, OSError):
            return None
        return path[len(self.root) :] if path.startswith(self.root) else None

    def audit(self, event, args):
        if event == "open" and isinstance(args[0], (str, bytes)):
            os = self.os
            mode, flags = args[1] or "", args[2] or 0
            path = self.below(args[0])
            if path is None:
                return
            if flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT) or set(mode) & set("wxa+"):
                raise OSError(errno.EROFS, os.strerror(errno.EROFS), args[0])
            self.opened.add(path)
        elif event == "ctypes.dlopen" and isinstance(args[0], (str, bytes)):
            path = self.below(args[0])
            if path is not None:
                self.opened.add(path)
        elif event in ("socket.connect", "socket.sendto") and isinstance(args[1], tuple):
            if args[1][0] not in LOOPBACK:
                raise OSError(errno.ENETUNREACH, self.os.strerror(errno.ENETUNREACH))
        elif event == "socket.getaddrinfo" and args[0] not in LOOPBACK:
            import socket

            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    def find_spec(self, name, path=None, target=None):
        """The last finder of sys.meta_path: who asks here found nothing."""
        leaf = name.rpartition(".")[2]
        for entry in sys.path if path is None else list(path):
            if isinstance(entry, str):
                place = self.below(self.os.path.join(entry, leaf))
                if place is not None:
                    self.missed.add(place)
        return None

    def used(self):
        """Opened files, modules' own files and mapped shared objects, as they lie below root."""
        found = set(self.opened)
        for module in list(sys.modules.values()):
            for path in (getattr(module, "__file__", None), getattr(module, "__cached__", None)):
                if isinstance(path, str):
                    found.add(self.below(path))
        with open("/proc/self/maps", encoding="utf-8", errors="surrogateescape") as maps:
            for line in filter(lambda line: "/" in line, maps):
                found.add(self.below(line.rstrip("\n")[line.find("/") :]))
        found.discard(None)
        return {path for path in found if self.os.path.isfile(self.root + path)}


def call(os, root, handler, event):
    import importlib

    module, _, function = handler.rpartition(".")
    try:
        return {"result": getattr(importlib.import_module(module), function)(event, None)}
    except BaseException as caught:  # SystemExit too: whatever the function does is what is compared
        import traceback

        frames = traceback.format_exc().replace(root, "/var/task")
        wanted = getattr(caught, "filename", None) or getattr(caught, "name", None)
        message = str(caught).replace(root, "/var/task")
        return {"exception": [type(caught).__qualname__, message], "wanted": str(wanted), "traceback": frames}


def main(task, handler, event, out):
    import json
    import os

    root = os.path.realpath(task)
    with open(event, encoding="utf-8") as file:
        event = json.load(file)
    os.chdir(root)
    sys.path[0] = root
    watch = Watch(os, root)
    sys.meta_path.append(watch)
    sys.addaudithook(watch.audit)
    seen = call(os, root, handler, event)
    sys.stdout.flush()
    seen["used"] = sorted(watch.used())
    seen["opened"] = sorted(watch.opened)
    seen["missed"] = sorted(watch.missed)
    with open(out, "w", encoding="utf-8") as file:
        json.dump(seen, file, sort_keys=True)
    # Lambda does not end interpreters in order either.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
