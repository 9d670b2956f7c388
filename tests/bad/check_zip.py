#!/usr/bin/env python3
"""Checks that zips are written as slim promises, byte for byte: check_zip.py ZIP…

Sorted names; one date, no time; version needed 20 (45 where zip64 is used), made by Unix 2.0; no
flag but bit 11, and that only where needed; no extra fields, comments, descriptors or gaps; four
modes; directories only where empty; zip64 only where forced; every size and CRC right.
"""

import struct
import sys
import zlib

MODES = (0o100644, 0o100755, 0o120777, 0o040755)
MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF


class Fault(Exception):
    pass


class Entry:
    def __init__(self, mode, content):
        self.mode, self.content = mode, content


def need(condition, text):
    if not condition:
        raise Fault(text)


def is_utf8(name):
    try:
        name.decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def read_end(data):
    """Count, size and offset of the directory, and where the end records begin."""
    need(len(data) >= 22 and data[-22:-18] == b"PK\x05\x06", "no end record in the last 22 bytes")
    disk, cd_disk, here, count, size, offset, clen = struct.unpack("<4H2IH", data[-18:])
    need((disk, cd_disk, clen) == (0, 0, 0), "disk numbers or comment in the end record")
    need(here == count, "two counts in the end record")
    begins = len(data) - 22
    forced = MAX16 == count or MAX32 in (size, offset)
    wide = begins >= 76 and data[begins - 20:begins - 16] == b"PK\x06\x07"
    need(wide == forced, "zip64 end record, but not needed" if wide else "zip64 end record is missing")
    if not wide:
        return count, size, offset, begins
    locator_disk, place, disks = struct.unpack("<IQI", data[begins - 16:begins])
    begins -= 76
    need((locator_disk, place, disks) == (0, begins, 1), "zip64 locator")
    sig, record, made, needed, disk, cd_disk, here, count, size, offset = struct.unpack(
        "<4sQ2H2I4Q", data[begins:begins + 56])
    need((sig, record, disk, cd_disk) == (b"PK\x06\x06", 44, 0, 0), "zip64 end record")
    need(here == count and needed == 45 and made >> 8 == 3, "zip64 end record")
    need(count >= MAX16 or size >= MAX32 or offset >= MAX32, "zip64 end record, but not needed")
    return count, size, offset, begins


def unpack(method, packed, size, name):
    if method == 0:
        return packed
    need(method == 8, "%r: method %d" % (name, method))
    inflater = zlib.decompressobj(-15)
    try:
        content = inflater.decompress(packed, size + 1) + inflater.flush()
    except zlib.error as error:
        raise Fault("%r: %s" % (name, error)) from error
    need(inflater.eof and not inflater.unused_data and not inflater.unconsumed_tail,
         "%r: data does not end where its deflate stream ends" % name)
    return content


def check_entry(data, at, offset):
    """The entry at `at`, whose local header must lie at `offset`: where the next ones are."""
    need(data[at:at + 4] == b"PK\x01\x02", "no entry at %d" % at)
    (made, needed, flags, method, time, date, crc, csz, usz, nlen, xlen, clen, disk, iattr, xattr,
     told) = struct.unpack("<6H3I5H2I", data[at + 4:at + 46])
    name = data[at + 46:at + 46 + nlen]
    need(csz != MAX32 and usz != MAX32 and told != MAX32, "%r: this checker stops at 4 GiB" % name)
    need(made == 0x0314, "%r: made by 0x%04x" % (name, made))
    need(needed == 20, "%r: needs version %d" % (name, needed))
    need((date, time) == (0x21, 0), "%r: date 0x%x, time 0x%x" % (name, date, time))
    utf8 = max(name, default=0) >= 0x80 and is_utf8(name)
    need(flags == (0x800 if utf8 else 0), "%r: flags 0x%x" % (name, flags))
    need((xlen, clen, disk, iattr) == (0, 0, 0, 0), "%r: extra, comment or attributes" % name)
    mode = xattr >> 16
    need(mode in MODES and xattr & 0xFFFF in (0, 0x10 if mode == 0o040755 else 0),
         "%r: mode %o, attributes 0x%x" % (name, mode, xattr & 0xFFFF))
    need(name.endswith(b"/") == (mode == 0o040755), "%r: slash and mode disagree" % name)
    need(told == offset, "%r: lies at %d, not %d" % (name, told, offset))
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", needed, flags, method, time, date, crc, csz, usz,
                        nlen, 0) + name
    need(data[offset:offset + len(local)] == local, "%r: local header differs" % name)
    packed = data[offset + len(local):offset + len(local) + csz]
    need(len(packed) == csz, "%r: data is cut" % name)
    content = unpack(method, packed, usz, name)
    need(len(content) == usz and zlib.crc32(content) == crc, "%r: size or CRC is wrong" % name)
    return name, Entry(mode, content), at + 46 + nlen, offset + len(local) + csz


def check_names(names):
    need(names == sorted(names), "names are not sorted by bytes")
    need(len(set(names)) == len(names), "a name occurs twice")
    for name in names:
        parts = name.rstrip(b"/").split(b"/")
        need(all(part not in (b"", b".", b"..") for part in parts), "%r: not a plain name" % name)
    above = {name[:i] for name in names for i in range(len(name) - 1) if name[i:i + 1] == b"/"}
    for name in names:
        need(name.rstrip(b"/") not in above, "%r: listed, but it is a directory with entries" % name)


def check(data):
    """The entries by name; raises Fault."""
    count, size, start, end = read_end(data)
    need(start + size == end, "directory does not end where the end record begins")
    at, offset, entries, names, total = start, 0, {}, [], 0
    for _ in range(count):
        name, entry, at, after = check_entry(data, at, offset)
        total += 76 + 2 * len(name) + (after - offset - 30 - len(name))
        offset = after
        names.append(name)
        entries[name] = entry
    need(at == end, "directory is longer than its entries")
    need(offset == start, "something lies between the members and the directory")
    need(total + 22 + (76 if end != len(data) - 22 else 0) == len(data), "size is not exact")
    check_names(names)
    return entries


def main(argv):
    failed = 0
    for path in argv[1:]:
        with open(path, "rb") as source:
            data = source.read()
        try:
            check(data)
        except Fault as fault:
            print("%s: %s" % (path, fault))
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv))
