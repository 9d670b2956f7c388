"""Zips built field by field, so that every defect is exact.

A Zip is right unless told otherwise: each header field can be overridden by itself, in the
local header, in the central directory or in the end record, and nothing else moves.
"""

import struct
import zlib

STORED = 0
DEFLATED = 8

FLAG_ENCRYPTED = 1 << 0
FLAG_DESCRIPTOR = 1 << 3
FLAG_PATCH = 1 << 5
FLAG_STRONG = 1 << 6
FLAG_UTF8 = 1 << 11
FLAG_MASKED = 1 << 13

UNIX = 0x031E
DOS = 0x0014
DATE = 0x5821  # 2024-01-01: input times must not reach the output
TIME = 0x6000

TEXT = b"hello, hello, hello, hello, world\n"

LOCAL_SIZE = 30
CENTRAL_SIZE = 46
END_SIZE = 22
MAX16 = 0xFFFF
MAX32 = 0xFFFFFFFF


def deflate(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


def extra(tag, body):
    """One extra field."""
    return struct.pack("<HH", tag, len(body)) + body


def zip64_extra(*values):
    """The zip64 extra field of sizes and offset, in that order."""
    return extra(0x0001, struct.pack("<%dQ" % len(values), *values))


def to_bytes(name):
    return name if isinstance(name, bytes) else name.encode("utf-8")


def local_header(f):
    return struct.pack(
        "<4s5H3I2H", f["sig"], f["need"], f["flags"], f["method"], f["time"], f["date"],
        f["crc"], f["csz"], f["usz"], f.get("nlen", len(f["name"])),
        f.get("xlen", len(f["extra"]))) + f["name"] + f["extra"]


def central_header(f):
    return struct.pack(
        "<4s6H3I5H2I", f["sig"], f["made"], f["need"], f["flags"], f["method"], f["time"],
        f["date"], f["crc"], f["csz"], f["usz"], f.get("nlen", len(f["name"])),
        f.get("xlen", len(f["extra"])), f.get("clen", len(f["comment"])), f["disk"], 0,
        f["xattr"], f["offset"]) + f["name"] + f["extra"] + f["comment"]


def descriptor(crc, csz, usz, signature=True, wide=False):
    body = struct.pack("<IQQ" if wide else "<III", crc, csz, usz)
    return (b"PK\x07\x08" if signature else b"") + body


class Zip:
    """Members in the order they were added; to_bytes() lays them out."""

    def __init__(self):
        self.members = []

    def add(self, name, data=TEXT, method=DEFLATED, packed=None, mode=0o100644, made=UNIX,
            flags=0, both=None, local=None, central=None, tail=b"", gap=b""):
        """A member. both, local, central: header fields to override. packed: the bytes as
        they lie in the zip. tail: what follows them (a descriptor). gap: what lies before the
        local header. Without local header: local=False, and central must say the offset."""
        name = to_bytes(name)
        if packed is None:
            packed = deflate(data) if method == DEFLATED else data
        fields = {
            "need": 20, "flags": flags, "method": method, "time": TIME, "date": DATE,
            "crc": zlib.crc32(data), "csz": len(packed), "usz": len(data),
            "name": name, "extra": b"",
        }
        fields.update(both or {})
        head = None
        if local is not False:
            head = dict(fields, sig=b"PK\x03\x04")
            head.update(local or {})
        entry = dict(fields, sig=b"PK\x01\x02", made=made, comment=b"", disk=0,
                     xattr=(mode << 16) | (0x10 if mode & 0o170000 == 0o040000 else 0))
        entry.update(central or {})
        self.members.append((gap, head, packed + tail, entry))
        return self

    def streamed(self, name, data=TEXT, method=DEFLATED, signature=True, wide=False, **lies):
        """A member with a data descriptor and zeros in the local header; lies: crc, csz, usz
        of the descriptor."""
        packed = deflate(data) if method == DEFLATED else data
        told = {"crc": zlib.crc32(data), "csz": len(packed), "usz": len(data)}
        told.update(lies)
        local = {"crc": 0, "csz": 0, "usz": 0}
        if wide:
            local = {"crc": 0, "csz": MAX32, "usz": MAX32, "extra": zip64_extra(0, 0), "need": 45}
        return self.add(name, data, method, packed, flags=FLAG_DESCRIPTOR, local=local,
                        tail=descriptor(told["crc"], told["csz"], told["usz"], signature, wide))

    def link(self, name, target, **more):
        return self.add(name, to_bytes(target), STORED, mode=0o120777, **more)

    def dir(self, name, **more):
        return self.add(name, b"", STORED, mode=0o040755, **more)

    def body(self, base=0):
        """The local part, and the central headers; base is added to every offset."""
        out = bytearray()
        entries = []
        for gap, head, data, entry in self.members:
            out += gap
            entry = dict(entry)
            entry.setdefault("offset", base + len(out))
            if head is not None:
                out += local_header(head) + data
            entries.append(central_header(entry))
        return bytes(out), entries

    def bytes(self, prefix=b"", base=None, end=None, comment=b"", after=b"", zip64=None,
              directory_tail=b"", before_end=b""):
        """The file. base: what offsets of members count from (default: the prefix is counted
        in). end: fields of the end record to override. zip64: None, or a dict of fields of
        the zip64 end record ({} is a right one). directory_tail: more bytes that the
        directory's size counts in; before_end: bytes that nothing counts."""
        base = len(prefix) if base is None else base
        body, entries = self.body(base)
        directory = b"".join(entries) + directory_tail
        count, start = len(entries), len(prefix) + len(body)
        fields = {"disk": 0, "cd_disk": 0, "here": count, "count": count,
                  "size": len(directory), "offset": start, "clen": len(comment)}
        wide = b""
        if zip64 is not None:
            wide = zip64_end(dict(fields), zip64, start + len(directory))
            fields.update(here=MAX16, count=MAX16, size=MAX32, offset=MAX32)
        fields.update(end or {})
        return (prefix + body + directory + wide + before_end
                + end_record(fields) + comment + after)


def end_record(f):
    return struct.pack("<4s4H2IH", b"PK\x05\x06", f["disk"], f["cd_disk"], f["here"], f["count"],
                       f["size"], f["offset"], f["clen"])


def zip64_end(fields, lies, place):
    f = dict(fields, sig=b"PK\x06\x06", record=44, made=45, need=45, locator_sig=b"PK\x06\x07",
             locator_disk=0, place=place, disks=1, more=b"")
    f.update(lies)
    record = struct.pack("<4sQ2H2I4Q", f["sig"], f["record"], f["made"], f["need"], f["disk"],
                         f["cd_disk"], f["here"], f["count"], f["size"], f["offset"])
    locator = struct.pack("<4sIQI", f["locator_sig"], f["locator_disk"], f["place"], f["disks"])
    return record + f["more"] + locator


def quoted_overlap(count, kernel):
    """David Fifield's bomb: every stream but the last opens with a stored, non-final block
    that quotes the next local header, and so contains all streams behind it."""
    content, stream = kernel, deflate(kernel)
    parts, entries = [stream], []
    for i in reversed(range(count)):
        fields = {"need": 20, "flags": 0, "method": DEFLATED, "time": TIME, "date": DATE,
                  "crc": zlib.crc32(content), "csz": len(stream), "usz": len(content),
                  "name": b"%02d.txt" % i, "extra": b""}
        head = local_header(dict(fields, sig=b"PK\x03\x04"))
        entries.append(dict(fields, sig=b"PK\x01\x02", made=UNIX, comment=b"", disk=0,
                            xattr=0o100644 << 16))
        parts.append(head)
        if i:
            quote = b"\x00" + struct.pack("<HH", len(head), len(head) ^ 0xFFFF)
            content, stream = head + content, quote + head + stream
            parts.append(quote)
    body = b"".join(reversed(parts))
    directory, offset = b"", 0
    for entry in reversed(entries):
        directory += central_header(dict(entry, offset=offset))
        offset += LOCAL_SIZE + len(entry["name"]) + 5
    return body + directory + end_record(
        {"disk": 0, "cd_disk": 0, "here": count, "count": count, "size": len(directory),
         "offset": len(body), "clen": 0})
