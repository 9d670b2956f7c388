"""Inputs that are no zip."""

import gzip
import io
import os
import struct
import tarfile

from case import accept, refuse
from zipbuild import TEXT, Zip


def entry(name, data=TEXT, kind=tarfile.REGTYPE, target="", mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode = kind, target, mode
    info.size = len(data) if kind == tarfile.REGTYPE else 0
    return info, data


def tar(*entries, **more):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=more.get("format", tarfile.PAX_FORMAT)) as into:
        for info, data in entries:
            into.addfile(info, io.BytesIO(data) if info.isreg() else None)
    return out.getvalue()


def pack(data):
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb", mtime=0, filename="") as into:
        into.write(data)
    return out.getvalue()


def noise(size):
    """Bytes that hardly compress, the same every time."""
    state, out = 1, bytearray()
    while len(out) < size:
        state = (state * 6364136223846793005 + 1442695040888963407) & ((1 << 64) - 1)
        out += struct.pack("<I", state >> 32)
    return bytes(out[:size])


TAR_NAMES = {
    "tar_dotdot": ("../x.txt", r"\.\./x\.txt.*'\.\.'"),
    "tar_absolute": ("/etc/x.txt", r"/etc/x\.txt.*absolute"),
    "tar_backslash": ("a\\b.txt", r"b\.txt.*backslash"),
    "tar_component_256": ("n" * 256, r"255"),
}


def register_tar_names():
    for case, (name, pattern) in TAR_NAMES.items():
        def make(name=name):
            return tar(entry("first.txt"), entry(name))
        make.__name__ = case
        refuse(pattern, ".tar")(make)


register_tar_names()


@refuse(r"link.*absolute", ".tar")
def tar_link_absolute():
    return tar(entry("a.txt"), entry("link", kind=tarfile.SYMTYPE, target="/etc/passwd"))


@refuse(r"link.*leaves", ".tar")
def tar_link_escapes():
    return tar(entry("a.txt"), entry("link", kind=tarfile.SYMTYPE, target="../../etc"))


@refuse(r"link/x\.txt.*symbolic link", ".tar")
def tar_entry_below_link():
    return tar(entry("dir/a.txt"), entry("link", kind=tarfile.SYMTYPE, target="dir"),
               entry("link/x.txt"))


@refuse(r"hard.*(link|absolute)", ".tar")
def tar_hard_link_outside():
    return tar(entry("a.txt"), entry("hard", kind=tarfile.LNKTYPE, target="/etc/passwd"))


@refuse(r"hard.*link", ".tar")
def tar_hard_link_to_nothing():
    return tar(entry("a.txt"), entry("hard", kind=tarfile.LNKTYPE, target="missing.txt"))


@refuse(r"twice\.txt.*more than once", ".tar")
def tar_duplicate():
    return tar(entry("twice.txt", b"one"), entry("twice.txt", b"two"))


@refuse(r"device.*only files, directories", ".tar")
def tar_character_device():
    return tar(entry("device", kind=tarfile.CHRTYPE))


@refuse(r"pipe.*only files, directories", ".tar")
def tar_fifo():
    return tar(entry("pipe", kind=tarfile.FIFOTYPE))


@refuse(r"(truncated|damaged|corrupt|end)", ".tar.gz")
def tar_gz_truncated():
    data = pack(tar(entry("a.bin", noise(40000)), entry("b.txt")))
    return data[:len(data) // 2]


@refuse(r"(truncated|damaged|corrupt|end)", ".tar")
def tar_truncated_in_data():
    return tar(entry("a.bin", noise(40000)))[:20000]


@refuse(r"(truncated|damaged|corrupt|CRC|crc|check)", ".tar.gz")
def tar_gz_wrong_crc():
    data = bytearray(pack(tar(entry("a.bin", noise(4000)), entry("b.txt"))))
    data[200] ^= 0x10
    return bytes(data)


@refuse(r"--max-unpacked", ".tar.gz", args="--max-unpacked 1M")
def tar_bomb():
    return pack(tar(entry("zeros.bin", b"\0" * (8 << 20))))


@refuse(r"--max-unpacked", ".tar.gz", args="--max-unpacked 1M")
def tar_bomb_many_members():
    return pack(tar(*[entry("%02d.bin" % i, b"\0" * (32 << 10)) for i in range(40)]))


@refuse(r"(empty|no members|no files?|nothing|holds no|format)", ".tar")
def tar_empty():
    return tar()


@refuse(r"(format|neither|not a|archive)", ".so")
def elf_file():
    head = b"\x7fELF\x02\x01\x01" + b"\0" * 9
    return head + struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 0, 64, 0, 0) + b"\0" * 4000


@refuse(r"LFS|lfs")
def git_lfs_pointer():
    return (b"version https://git-lfs.github.com/spec/v1\n"
            b"oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\n"
            b"size 12345\n")


@refuse(r"(format|neither|not a|archive)")
def html_page():
    return b"<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>\n"


@refuse(r"(format|neither|not a|archive)", ".bin")
def random_bytes():
    return noise(5000)


@refuse(r"(format|neither|not a|archive)", ".gz")
def gzip_of_no_archive():
    return pack(b"only text, no archive\n" * 40)


@refuse(r"(format|neither|not a|archive|passwd)", ".mtree")
def mtree_that_names_files_of_this_machine():
    """libarchive would read them if its mtree reader were enabled."""
    return b"#mtree\n./stolen.txt type=file mode=0644 contents=/etc/passwd\n"


@refuse(r"(format|neither|not a|archive)", ".lrz")
def lrzip_that_starts_a_program():
    """libarchive would run lrzip if that filter were enabled."""
    return b"LRZI\x00\x06" + b"\0" * 200


@refuse(r"pipe.*only files, directories", "", at_path=True)
def directory_with_fifo(path):
    os.mkdir(path)
    with open(os.path.join(path, "a.txt"), "wb") as out:
        out.write(TEXT)
    os.mkfifo(os.path.join(path, "pipe"))


@refuse(r"link.*(leaves|absolute)", "", at_path=True)
def directory_with_escaping_link(path):
    os.mkdir(path)
    with open(os.path.join(path, "a.txt"), "wb") as out:
        out.write(TEXT)
    os.symlink("../../etc/passwd", os.path.join(path, "link"))


@refuse(r"(empty|no files?|nothing|holds no)", "", at_path=True)
def directory_empty(path):
    os.mkdir(path)


@refuse(r"no (such )?file", ".zip", at_path=True)
def input_is_missing(path):
    del path


@refuse(r"(truncated|end|zip|cut|EOCD)", "", at_path=True)
def stdin_zip_truncated(path):
    with open(path, "wb") as out:
        out.write(Zip().add("a.txt").add("b.txt").bytes()[:-10])


@refuse(r"(lie\.txt).*(CRC|check ?sum)", "")
def stdin_zip_wrong_crc():
    return Zip().add("a.txt").add("lie.txt", both={"crc": 1}).bytes()


@refuse(r"(empty|nothing|neither|format)", "")
def stdin_empty():
    return b""


# --- sound ones -------------------------------------------------------------------------------

@accept(suffix=".tar.gz")
def good_tar():
    return pack(tar(entry("./a.txt"), entry("./bin/run", b"#!/bin/sh\n", mode=0o755),
                    entry("./link", kind=tarfile.SYMTYPE, target="a.txt")))


@accept(suffix=".tar")
def good_tar_of_dot():
    return tar(entry("./", kind=tarfile.DIRTYPE), entry("./dir/", kind=tarfile.DIRTYPE),
               entry("./dir/a.txt"), entry("./empty/", kind=tarfile.DIRTYPE))


@accept(suffix=".tar")
def good_tar_hard_link():
    return tar(entry("a.txt"), entry("b.txt", kind=tarfile.LNKTYPE, target="a.txt"))


@accept(suffix=".tar")
def good_tar_gnu_long_name():
    return tar(entry("/".join(["d" * 90] * 4)), format=tarfile.GNU_FORMAT)


@accept(suffix=".tar")
def good_tar_utf8():
    return tar(entry("na\u00efve/\u65e5\u672c.txt"))


@accept(suffix="", at_path=True)
def good_directory(path):
    os.makedirs(os.path.join(path, "sub", "empty"))
    for name, mode in (("a.txt", 0o644), ("sub/run", 0o755)):
        with open(os.path.join(path, name), "wb") as out:
            out.write(TEXT)
        os.chmod(os.path.join(path, name), mode)
    os.symlink("sub/run", os.path.join(path, "link"))


@accept(suffix="")
def stdin_good_zip():
    return Zip().add("a.txt").add("b/c.txt").bytes()


@accept(suffix="")
def stdin_good_tar_gz():
    return pack(tar(entry("a.txt"), entry("b/c.txt")))
