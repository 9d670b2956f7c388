"""What libarchive reads from an archive: the oracle on good input, opened by file name (so that
zips are read by their directory) under a UTF-8 locale. Directories are read directly."""

import ctypes
import ctypes.util
import locale
import os
import stat
import zipfile

LINK, DIR, REGULAR = 0o120000, 0o040000, 0o100000


class Found:
    def __init__(self, kind, exec_, content):
        self.kind, self.exec, self.content = kind, exec_, content

    def __eq__(self, other):
        return vars(self) == vars(other)

    def __repr__(self):
        return "%o %s %r" % (self.kind, "exec" if self.exec else "-", self.content[:60])


def library():
    name = ctypes.util.find_library("archive") or "libarchive.so.13"
    lib = ctypes.CDLL(name)
    for function in ("archive_read_new", "archive_entry_pathname", "archive_entry_symlink",
                     "archive_entry_hardlink", "archive_error_string"):
        getattr(lib, function).restype = ctypes.c_void_p
    lib.archive_read_data.restype = ctypes.c_ssize_t
    return lib


def text(pointer):
    return ctypes.string_at(pointer) if pointer else None


def read_archive(path):
    """Names, normalised, to what lies there."""
    for name in ("C.UTF-8", "en_US.UTF-8", ""):
        try:
            locale.setlocale(locale.LC_CTYPE, name)
            break
        except locale.Error:
            continue
    lib = library()
    handle = ctypes.c_void_p(lib.archive_read_new())
    lib.archive_read_support_filter_all(handle)
    for kind in ("zip_seekable", "tar"):
        getattr(lib, "archive_read_support_format_" + kind)(handle)
    found = {}
    try:
        if lib.archive_read_open_filename(handle, os.fsencode(path), 1 << 16) != 0:
            raise RuntimeError(text(lib.archive_error_string(handle)))
        while next_entry(lib, handle, found):
            pass
    finally:
        lib.archive_read_free(handle)
    return tidy(found)


def next_entry(lib, handle, found):
    entry = ctypes.c_void_p()
    code = lib.archive_read_next_header(handle, ctypes.byref(entry))
    if code == 1:
        return False
    if code != 0:
        raise RuntimeError("%d: %r" % (code, text(lib.archive_error_string(handle))))
    name = text(lib.archive_entry_pathname(entry))
    kind = lib.archive_entry_filetype(entry) & 0o170000
    linked = text(lib.archive_entry_hardlink(entry))
    if linked is not None:
        found[plain(name)] = found[plain(linked)]
    elif kind == LINK:
        found[plain(name)] = Found(LINK, False, text(lib.archive_entry_symlink(entry)))
    elif kind == DIR:
        found[plain(name)] = Found(DIR, False, b"")
    else:
        runs = bool(lib.archive_entry_perm(entry) & 0o111)
        found[plain(name)] = Found(REGULAR, runs, content(lib, handle))
    return True


def content(lib, handle):
    parts, buffer = [], ctypes.create_string_buffer(1 << 16)
    while True:
        got = lib.archive_read_data(handle, buffer, len(buffer))
        if got < 0:
            raise RuntimeError(text(lib.archive_error_string(handle)))
        if got == 0:
            return b"".join(parts)
        parts.append(buffer.raw[:got])


def plain(name):
    return b"/".join(part for part in name.split(b"/") if part not in (b"", b"."))


def tidy(found):
    """Without the root, and without directories that hold something."""
    above = {name[:i] for name in found for i in range(len(name)) if name[i:i + 1] == b"/"}
    return {name: what for name, what in found.items()
            if name and not (what.kind == DIR and name in above)}


def read_directory(path):
    root, found = os.fsencode(path), {}
    for where, dirs, files in os.walk(root):
        for name in dirs + files:
            full = os.path.join(where, name)
            mode = os.lstat(full).st_mode
            place = os.path.relpath(full, root)
            if stat.S_ISLNK(mode):
                found[place] = Found(LINK, False, os.readlink(full))
            elif stat.S_ISDIR(mode):
                found[place] = Found(DIR, False, b"")
            else:
                with open(full, "rb") as source:
                    found[place] = Found(REGULAR, bool(mode & 0o111), source.read())
    return tidy(found)


def read_python(path):
    """Plain files only; for zips whose comment is longer than the 16 KiB that libarchive searches."""
    with zipfile.ZipFile(path) as opened:
        return {plain(os.fsencode(info.filename)): Found(
            REGULAR, bool(info.external_attr >> 16 & 0o111), opened.read(info))
                for info in opened.infolist()}


def has_long_comment(path):
    with open(path, "rb") as source:
        data = source.read()
    end = data.rfind(b"PK\x05\x06")
    return data[:2] == b"PK" and end >= 0 and len(data) - end > 16000


def read(path):
    if os.path.isdir(path):
        return read_directory(path)
    return read_python(path) if has_long_comment(path) else read_archive(path)
