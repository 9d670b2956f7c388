"""Zips that are odd, but sound: slim must take them, and say what it did about them."""

import io
import lzma
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib

from case import accept, refuse, skip
from zipbuild import (DEFLATED, DOS, FLAG_UTF8, MAX32, STORED, TEXT, Zip, central_header, deflate,
                      extra, zip64_extra)


@accept()
def good_plain():
    return Zip().add("b.txt").add("a.txt", b"other\n").add("bin/run", mode=0o100755).bytes()


@accept()
def good_stored():
    return Zip().add("a.txt", method=STORED).add("b.bin", b"\x00\xff", STORED).bytes()


@accept()
def good_private_modes():
    """0600 and 0700 would be unreadable on Lambda."""
    return Zip().add("a.txt", mode=0o100600).add("b.sh", mode=0o100700).bytes()


@accept()
def good_no_mode_at_all():
    return Zip().add("a.txt", mode=0).add("b.txt", made=DOS, central={"xattr": 0x20}).bytes()


@accept()
def good_descriptor():
    return Zip().streamed("a.txt").streamed("b.txt").bytes()


@accept()
def good_descriptor_without_signature():
    return Zip().streamed("a.txt", signature=False).streamed("b.txt", signature=False).bytes()


@accept()
def good_descriptor_whose_crc_is_the_signature():
    """Without signature, and the content's CRC-32 is the signature's four bytes."""
    data = forge(b"content that ends in four chosen bytes: ", 0x08074B50)
    return Zip().streamed("a.txt", data, signature=False).add("b.txt").bytes()


@accept()
def good_descriptor_stored():
    """As the Serverless Framework writes them."""
    zip_ = Zip().streamed("a.txt", method=STORED)
    return zip_.streamed("b.txt", b"PK\x03\x04PK\x07\x08PK\x01\x02", STORED).bytes()


@accept()
def good_descriptor_with_local_sizes():
    """Bit 3, and the local header tells the truth all the same."""
    packed = deflate(TEXT)
    tail = b"PK\x07\x08" + struct.pack("<III", zlib.crc32(TEXT), len(packed), len(TEXT))
    return Zip().add("a.txt", flags=8, tail=tail).add("b.txt").bytes()


@accept()
def good_descriptor_zip64():
    return Zip().streamed("a.txt", wide=True).add("b.txt").bytes()


@accept()
def good_descriptor_zip64_without_signature():
    return Zip().streamed("a.txt", wide=True, signature=False).add("b.txt").bytes()


@accept()
def good_zip64_member():
    field = zip64_extra(len(TEXT), len(deflate(TEXT)))
    return Zip().add("a.txt", both={"usz": MAX32, "csz": MAX32, "extra": field, "need": 45}) \
        .add("b.txt").bytes()


@accept()
def good_zip64_member_and_offset():
    size = len(deflate(TEXT))
    return Zip().add("a.txt").add(
        "b.txt", both={"usz": MAX32, "csz": MAX32, "extra": zip64_extra(len(TEXT), size), "need": 45},
        central={"offset": MAX32, "extra": zip64_extra(len(TEXT), size, 30 + 5 + size)}).bytes()


@accept()
def good_zip64_only_in_local_header():
    """As Python's ZipFile.open(..., force_zip64=True) writes it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        info = zipfile.ZipInfo("a.txt", (2024, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        with into.open(info, "w", force_zip64=True) as member:
            member.write(TEXT)
    return out.getvalue()


@accept()
def good_zip64_end():
    return Zip().add("a.txt").add("b.txt").bytes(zip64={})


@accept()
def good_zip64_end_with_data():
    """The extensible data sector of APPNOTE 4.3.14.2."""
    return Zip().add("a.txt").bytes(zip64={"record": 44 + 10, "more": b"\x01\x00\x04\x00\x00\x00abcd"})


@accept()
def good_many_members():
    """70,000: zip64 is forced, in and out."""
    zip_ = Zip()
    for i in range(70000):
        zip_.add("d%02x/%04x" % (i % 251, i), b"%d" % i, STORED)
    count = len(zip_.members)
    return zip_.bytes(zip64={"here": count, "count": count})


@accept()
def good_name_utf8():
    return Zip().add("na\u00efve/\u65e5\u672c\u8a9e.txt", flags=FLAG_UTF8).bytes()


@accept()
def good_name_utf8_without_flag():
    return Zip().add("na\u00efve/\u65e5\u672c\u8a9e.txt").bytes()


@accept()
def good_name_ascii_with_flag():
    return Zip().add("plain.txt", flags=FLAG_UTF8).bytes()


@accept(r"SLIM111.*caf\\?\\xe9")
def good_name_not_utf8():
    return Zip().add(b"caf\xe9.txt").add("b.txt").bytes()


@accept()
def good_name_unicode_path_same():
    name = "na\u00efve.txt".encode()
    field = extra(0x7075, struct.pack("<BI", 1, zlib.crc32(name)) + name)
    return Zip().add(name, both={"extra": field}).bytes()


@accept()
def good_name_unicode_path_too_short():
    """Too short to name anything: nobody can be led astray by it."""
    return Zip().add("a.txt", both={"extra": extra(0x7075, b"\x01\x00")}).bytes()


@accept(r"SLIM110.*[Rr]eadme")
def good_name_case_collision():
    return Zip().add("README.txt").add("readme.txt", b"other").bytes()


@accept()
def good_name_odd():
    return Zip().add("new\nline.txt").add("esc\x1b[31m.txt").add("rtl\u202etxt.py") \
        .add(" space ").add("-rf").add("a:b").add("...").add("tab\t").add("~").add("*?[x]").bytes()


@accept()
def good_name_255():
    return Zip().add("dir/" + "n" * 255).bytes()


@accept(r"SLIM112.*b\.txt")
def good_name_normalised():
    return Zip().add("./a//b.txt").add("c/./d.txt").bytes()


@accept(r"SLIM115")
def good_prefix():
    return Zip().add("a.txt").add("b.txt").bytes(prefix=b"#!/usr/bin/env python3\n")


@accept(r"SLIM115")
def good_prefix_zip64():
    return Zip().add("a.txt").bytes(prefix=b"MZ" + b"\0" * 500, zip64={})


@accept(r"SLIM114")
def good_hidden_member():
    hidden = Zip().add("hidden.txt", b"hidden").body()[0]
    return Zip().add("a.txt").add("b.txt", gap=hidden).bytes()


@accept(r"SLIM114")
def good_gap_before_directory():
    return Zip().add("a.txt").add("b.txt", tail=b"\0" * 16).bytes()


@accept()
def good_order_of_data_differs():
    """The directory lists the members in another order than their data."""
    zip_ = Zip().add("a.txt").add("b.txt", b"other").add("c.txt", b"third")
    body, entries = zip_.body()
    offsets = [struct.unpack_from("<I", e, 42)[0] for e in entries]
    turned = Zip()
    for (_, head, data, entry), offset in reversed(list(zip(zip_.members, offsets))):
        turned.members.append((b"", None, b"", dict(entry, offset=offset)))
    directory = b"".join(central_header(m[3]) for m in turned.members)
    end = zip_.bytes()[-22:]
    return body + directory + end


@accept()
def good_link():
    return Zip().add("dir/a.txt").link("link", "dir/a.txt").link("dir/up", "../dir/./a.txt") \
        .link("to-dir", "dir").bytes()


@accept()
def good_link_deflated():
    target = "a-rather-long-name-" * 5 + ".txt"
    return Zip().add(target).add("link", target.encode(), DEFLATED, mode=0o120777).bytes()


@accept()
def good_link_to_root():
    return Zip().add("dir/a.txt").link("dir/root", "..").bytes()


@accept(r"SLIM118.*link")
def good_link_dangling():
    return Zip().add("a.txt").link("link", "missing.txt").bytes()


@accept(r"SLIM118.*l[12]")
def good_link_loop():
    return Zip().add("a.txt").link("l1", "l2").link("l2", "l1").bytes()


@accept(r"SLIM113.*tool")
def good_suid():
    return Zip().add("tool", mode=0o104755).add("a.txt").bytes()


@accept()
def good_empty_directories():
    return Zip().add("full/a.txt").dir("full/").dir("empty/").dir("deep/er/").dir("deep/").bytes()


@accept()
def good_directories_with_odd_modes():
    """drw-rw-rw- has broken Lambda before."""
    return Zip().dir("dir/", central={"xattr": 0o040666 << 16 | 0x10}).add("dir/a.txt") \
        .dir("e/", central={"xattr": 0o040000 << 16 | 0x10}).bytes()


@accept()
def good_directory_deflated():
    """Java packs the nothing in a directory to two bytes, and adds a descriptor."""
    return Zip().streamed("dir/", b"").dir("e/").add("f.txt").bytes()


@accept()
def good_directory_order():
    """'-' sorts before '/': where the empty directory goes depends on its slash."""
    return Zip().dir("dir/").add("dir-x").add("dir0").bytes()


@accept()
def good_directory_as_dot():
    """As `bsdtar --format zip -cf x.zip .` begins."""
    return Zip().dir("./").add("a.txt").bytes()


@accept()
def good_empty_files():
    return Zip().add("stored.txt", b"", STORED).add("deflated.txt", b"", DEFLATED).bytes()


@accept()
def good_level_bits():
    return Zip().add("a.txt", flags=2).add("b.txt", flags=4).add("c.txt", flags=6).bytes()


@accept()
def good_infozip_extras():
    local = extra(0x5455, struct.pack("<BII", 3, 1, 2)) + extra(0x7875, b"\x01\x04\0\0\0\0\x04\0\0\0\0")
    central = extra(0x5455, struct.pack("<BI", 3, 1)) + extra(0x7875, b"\x01\x04\0\0\0\0\x04\0\0\0\0")
    return Zip().add("a.txt", local={"extra": local}, central={"extra": central}).bytes()


@accept()
def good_jar_extra():
    return Zip().add("META-INF/x.txt", both={"extra": extra(0xCAFE, b"")}).bytes()


@accept()
def good_version_needed_45():
    return Zip().add("a.txt", both={"need": 45}).bytes()


@accept()
def good_comment():
    return Zip().add("a.txt", central={"comment": b"of a member"}).bytes(comment=b"of the zip")


@accept()
def good_comment_huge():
    return Zip().add("a.txt").bytes(comment=b"c" * 65535)


@accept()
def good_text_flag():
    """Internal attributes, times and a maker that nobody needs."""
    return Zip().add("a.txt", both={"time": 0xFFFF, "date": 0xFFFF}, made=0x0363).bytes()


@accept()
def good_ratio():
    """1 MiB of zeros packs a thousand to one, and is no bomb."""
    return Zip().add("zeros.bin", b"\0" * (1 << 20)).bytes()


@accept(args="--max-unpacked 102")
def good_exactly_max_unpacked():
    return Zip().add("a.txt", b"a" * 51).add("b.txt", b"b" * 51).bytes()


@accept()
def good_zip_in_zip():
    inner = Zip().add("inner.txt").bytes()
    return Zip().add("inner.zip", inner, STORED).add("b.txt").bytes()


def python_zip(method):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as into:
        for name, data in (("a.txt", TEXT), ("dir/b.txt", TEXT * 50)):
            info = zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0))
            info.compress_type = method
            info.external_attr = 0o100644 << 16
            into.writestr(info, data)
    return out.getvalue()


@accept()
def good_by_python():
    return python_zip(zipfile.ZIP_DEFLATED)


@accept(r"SLIM116")
def good_bzip2():
    return python_zip(zipfile.ZIP_BZIP2)


@accept(r"SLIM116")
def good_lzma():
    return python_zip(zipfile.ZIP_LZMA)


@accept(r"SLIM116")
def good_lzma_dictionary_of_4_gib():
    """Five bytes ask the decoder for 4 GiB; the content needs none of it."""
    packed = bytearray(lzma.compress(TEXT, lzma.FORMAT_ALONE))
    packed[1:5] = b"\xff" * 4
    packed = b"\x09\x04\x05\x00" + bytes(packed[:5] + packed[13:])
    return Zip().add("a.txt", packed=packed, flags=2, both={"method": 14, "need": 63}).bytes()


@accept(suffix="-1.0-py3-none-any.whl")
def good_wheel():
    info = "good_wheel-1.0.dist-info/"
    files = [
        ("good_wheel/__init__.py", b"from good_wheel.core import answer\n"),
        ("good_wheel/core.py", b"answer = 42\n"),
        ("good_wheel/data.json", b"{}\n"),
        ("good_wheel-1.0.data/data/share/x.txt", TEXT),
        (info + "METADATA", b"Metadata-Version: 2.1\nName: good-wheel\nVersion: 1.0\n"),
        (info + "WHEEL", b"Wheel-Version: 1.0\nGenerator: x\nRoot-Is-Purelib: true\nTag: py3-none-any\n"),
    ]
    record = "".join("%s,,%d\n" % (name, len(data)) for name, data in files)
    files.append((info + "RECORD", (record + info + "RECORD,,\n").encode()))
    zip_ = Zip()
    for name, data in files:
        zip_.add(name, data)
    return zip_.bytes()


def forge(data, crc):
    """data and four more bytes, so that the CRC-32 of all is crc."""
    table = [0] * 256
    for i in range(256):
        value = i
        for _ in range(8):
            value = value >> 1 ^ (0xEDB88320 if value & 1 else 0)
        table[i] = value
    want = crc ^ MAX32
    for _ in range(4):
        index = next(i for i in range(256) if table[i] >> 24 == want >> 24)
        want = (want ^ table[index]) << 8 & MAX32 | index
    return data + struct.pack("<I", want ^ zlib.crc32(data) ^ MAX32)


# --- by other tools, where they are there -------------------------------------------------------

def tree(root):
    os.makedirs(os.path.join(root, "pkg", "empty"))
    for name, data, mode in (("app.py", b"print(1)\n" * 20, 0o644), ("pkg/run", TEXT, 0o755),
                             ("pkg/na\u00efve.txt", TEXT, 0o644), ("pkg/nothing", b"", 0o644)):
        path = os.path.join(root, name)
        with open(path, "wb") as out:
            out.write(data)
        os.chmod(path, mode)
        os.utime(path, (1700000000, 1700000000))
    os.symlink("pkg/run", os.path.join(root, "link"))


def by_tool(path, *command, **more):
    """Runs command in a tree of files; it writes to path, or to standard output."""
    with tempfile.TemporaryDirectory() as root:
        tree(root)
        with open(os.devnull, "rb") as nothing:
            done = subprocess.run(command, cwd=root, stdin=more.get("stdin", nothing),
                                  stdout=subprocess.PIPE, check=True)
        if more.get("piped"):
            with open(path, "wb") as out:
                out.write(done.stdout)


def tool_case(name, tool, *command, **more):
    """note: what slim has to say. refused: the error, for what slim cannot read."""
    if not shutil.which(tool):
        skip(name + ".zip", "there is no " + tool)
        return
    fate = refuse(more.pop("refused"), at_path=True) if "refused" in more else \
        accept(more.pop("note", "-"), at_path=True)

    def make(path):
        by_tool(path, tool, *[path if word == "OUT" else word for word in command], **more)
    make.__name__ = name
    fate(make)


def seven_zip_case(name, method, *what, **more):
    tool = "7z" if shutil.which("7z") else "7zz"
    tool_case(name, tool, "a", "-bd", "-tzip", "-mtc=off", "-snl", "-mm=" + method, "OUT", *what, **more)


tool_case("good_by_zip", "zip", "-q", "-r", "-9", "-y", "OUT", ".")
tool_case("good_by_zip_minimal", "zip", "-q", "-r", "-X", "-D", "-y", "OUT", ".")
# Without the link: zip stores those, which it cannot do on every pipe.
tool_case("good_by_zip_streamed", "zip", "-q", "-r", "-", "app.py", "pkg", piped=True)
tool_case("good_by_zip_forced_zip64", "zip", "-q", "-r", "-y", "-fz", "OUT", ".")
tool_case("good_by_bsdtar", "bsdtar", "--format", "zip", "-cf", "OUT", ".")
tool_case("good_by_bsdtar_names", "bsdtar", "--format", "zip", "-cf", "OUT", "app.py", "pkg", "link")
seven_zip_case("good_by_7z", "Deflate", ".")
seven_zip_case("good_by_7z_bzip2", "BZip2", "app.py", note="SLIM116")
seven_zip_case("good_by_7z_ppmd", "PPMd", "app.py", note="SLIM116")
seven_zip_case("bad_by_7z_deflate64", "Deflate64", "app.py", refused=r"app\.py.*unpacked")
