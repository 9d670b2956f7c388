"""Sizes, checksums, streams and methods that lie."""

import bz2
import struct
import zlib

from case import refuse
from zipbuild import (DEFLATED, FLAG_DESCRIPTOR, FLAG_ENCRYPTED, FLAG_MASKED, FLAG_PATCH,
                      FLAG_STRONG, FLAG_UTF8, MAX32, STORED, TEXT, Zip, deflate, extra,
                      zip64_extra)

TARGET = "lie.txt"


def member(**more):
    return Zip().add("first.txt").add(TARGET, **more).add("last.txt").bytes()


# --- sizes that both headers agree on ---------------------------------------------------------

@refuse(r"lie\.txt.*(size|unpack|bytes)")
def size_too_small():
    return member(both={"usz": 5})


@refuse(r"lie\.txt.*(size|unpack|bytes)")
def size_zero_with_data():
    return member(both={"usz": 0})


@refuse(r"lie\.txt.*(size|unpack|bytes)")
def size_one_too_big():
    return member(both={"usz": len(TEXT) + 1})


@refuse(r"lie\.txt.*(size|unpack|bytes)")
def size_too_big():
    return member(both={"usz": 1000})


@refuse(r"lie\.txt.*more than deflate can make")
def size_huge():
    return member(both={"usz": 0xFFFFFFF0})


@refuse(r"lie\.txt.*(size|data|outside|beyond|overlap)")
def packed_size_too_big():
    return member(both={"csz": 10 ** 6})


@refuse(r"lie\.txt.*(size|data|outside|beyond|overlap)")
def packed_size_4g():
    return member(both={"csz": 0xFFFFFFFE})


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def packed_size_too_small():
    return member(both={"csz": 4})


@refuse(r"lie\.txt.*overlap")
def packed_size_reaches_next_header():
    return member(both={"csz": len(deflate(TEXT)) + 3})


@refuse(r"lie\.txt.*(overlap|director)")
def packed_size_reaches_central_directory():
    return Zip().add(TARGET, both={"csz": len(deflate(TEXT)) + 10}).bytes()


@refuse(r"lie\.txt.*(size|stored)")
def stored_sizes_differ():
    return member(method=STORED, both={"usz": len(TEXT) + 1})


@refuse(r"lie\.txt.*(size|stored)")
def stored_size_smaller():
    return member(method=STORED, both={"usz": len(TEXT) - 1})


# --- streams ----------------------------------------------------------------------------------

@refuse(r"lie\.txt.*(CRC|check ?sum)")
def crc_wrong():
    return member(both={"crc": zlib.crc32(TEXT) ^ 1})


@refuse(r"lie\.txt.*(CRC|check ?sum)")
def crc_wrong_stored():
    return member(method=STORED, both={"crc": zlib.crc32(TEXT) ^ 1})


@refuse(r"lie\.txt.*(CRC|check ?sum)")
def crc_wrong_empty_file():
    return member(data=b"", method=STORED, both={"crc": 1})


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_invalid():
    return member(packed=b"\xff" * 20)


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_reserved_block():
    return member(packed=b"\x07" + b"\x00" * 30)


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_truncated():
    return member(packed=deflate(TEXT)[:-3])


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_empty():
    return member(packed=b"")


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream|behind|after)")
def deflate_junk_after():
    return member(packed=deflate(TEXT) + b"junk")


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream|behind|after)")
def deflate_second_stream_after():
    return member(packed=deflate(TEXT) + deflate(b"hidden"))


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_distance_too_far():
    return member(data=b"a" * 20, packed=bytes([0x4B, 0x04, 0x42, 0x00]))


@refuse(r"lie\.txt.*(deflate|corrupt|damaged|inflate|stream)")
def deflate_with_zlib_wrapper():
    return member(packed=zlib.compress(TEXT))


# --- bounds -----------------------------------------------------------------------------------

@refuse(r"--max-unpacked", args="--max-unpacked 1M")
def bomb_ratio_honest():
    return Zip().add("zeros.bin", b"\0" * (8 << 20)).bytes()


@refuse(r"--max-unpacked", args="--max-unpacked 1M")
def bomb_many_members():
    zip_ = Zip()
    for i in range(40):
        zip_.add("%02d.bin" % i, b"\0" * (32 << 10))
    return zip_.bytes()


@refuse(r"--max-unpacked", args="--max-unpacked 101")
def bomb_one_byte_over():
    return Zip().add("a.txt", b"a" * 51).add("b.txt", b"b" * 51).bytes()


@refuse(r"lie\.txt.*more than deflate can make")
def bomb_ratio_impossible():
    packed = deflate(TEXT)
    return member(packed=packed, both={"usz": 1032 * len(packed) + 65})


@refuse(r"(unpack|size|ratio|possible)")
def bomb_sizes_that_sum_past_2_64():
    zip_ = Zip()
    for i in range(3):
        field = zip64_extra((1 << 63) - 1, len(deflate(TEXT)))
        zip_.add("%d.bin" % i, both={"usz": MAX32, "csz": MAX32, "extra": field, "need": 45})
    return zip_.bytes()


# --- data descriptors -------------------------------------------------------------------------

@refuse(r"lie\.txt.*(descriptor|CRC)")
def descriptor_crc_differs():
    return Zip().streamed(TARGET, crc=1).add("last.txt").bytes()


@refuse(r"lie\.txt.*(descriptor|size)")
def descriptor_size_differs():
    return Zip().streamed(TARGET, usz=7).add("last.txt").bytes()


@refuse(r"lie\.txt.*(descriptor|size)")
def descriptor_packed_size_differs():
    return Zip().streamed(TARGET, csz=7).add("last.txt").bytes()


@refuse(r"lie\.txt.*(descriptor|size|CRC)")
def descriptor_without_signature_differs():
    return Zip().streamed(TARGET, signature=False, usz=7).add("last.txt").bytes()


@refuse(r"lie\.txt.*descriptor")
def descriptor_missing():
    return Zip().add(TARGET, flags=FLAG_DESCRIPTOR, local={"crc": 0, "csz": 0, "usz": 0}) \
        .add("last.txt").bytes()


@refuse(r"lie\.txt.*(descriptor|overlap)")
def descriptor_missing_before_directory():
    return Zip().add(TARGET, flags=FLAG_DESCRIPTOR,
                     local={"crc": 0, "csz": 0, "usz": 0}).bytes()


@refuse(r"lie\.txt.*(differ|disagree|local)")
def descriptor_with_lying_local_sizes():
    return Zip().add("first.txt").add(
        TARGET, flags=FLAG_DESCRIPTOR, local={"crc": 0, "csz": 3, "usz": 4},
        tail=b"PK\x07\x08" + struct.pack("<III", zlib.crc32(TEXT), len(deflate(TEXT)), len(TEXT))
    ).bytes()


@refuse(r"lie\.txt.*(differ|disagree|local|descriptor)")
def descriptor_flag_in_local_header_only():
    return member(local={"flags": FLAG_DESCRIPTOR, "crc": 0, "csz": 0, "usz": 0})


@refuse(r"lie\.txt.*(differ|disagree|local|descriptor)")
def descriptor_flag_in_directory_only():
    return member(local={"crc": 0, "csz": 0, "usz": 0}, central={"flags": FLAG_DESCRIPTOR})


# --- encryption and methods -------------------------------------------------------------------

@refuse(r"lie\.txt.*encrypt")
def encrypted():
    return member(packed=b"\x55" * 12 + deflate(TEXT), flags=FLAG_ENCRYPTED)


@refuse(r"lie\.txt.*encrypt")
def encrypted_says_the_local_header():
    return member(local={"flags": FLAG_ENCRYPTED})


@refuse(r"lie\.txt.*encrypt")
def encrypted_strong():
    return member(packed=b"\x55" * 40, flags=FLAG_ENCRYPTED | FLAG_STRONG,
                  both={"need": 50, "extra": extra(0x0017, struct.pack("<HHHH", 2, 0x660E, 128, 1))})


@refuse(r"lie\.txt.*encrypt")
def encrypted_aes():
    field = extra(0x9901, struct.pack("<H2sBH", 2, b"AE", 3, DEFLATED))
    return member(packed=b"\x55" * 40, flags=FLAG_ENCRYPTED,
                  both={"method": 99, "need": 51, "extra": field})


@refuse(r"lie\.txt.*(method|encrypt|compress)")
def method_99_without_flag():
    return member(both={"method": 99})


@refuse(r"lie\.txt.*(encrypt|mask)")
def encrypted_headers_masked():
    return member(flags=FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED)


@refuse(r"lie\.txt.*(encrypt|mask|flag)")
def masked_flag_alone():
    return member(flags=FLAG_MASKED)


@refuse(r"lie\.txt.*patch")
def patched_data():
    return member(flags=FLAG_PATCH)


@refuse(r"lie\.txt.*(method|bzip2|compress|damaged|corrupt|read)")
def method_bzip2_holds_deflate():
    return member(both={"method": 12, "need": 46})


@refuse(r"lie\.txt.*(method|lzma|compress|damaged|corrupt|read)")
def method_lzma_holds_deflate():
    return member(both={"method": 14, "need": 63})


@refuse(r"lie\.txt.*(method|compress|damaged|corrupt|read)")
def method_unknown():
    return member(both={"method": 77})


@refuse(r"lie\.txt.*(method|compress|damaged|corrupt|read)")
def method_shrink():
    return member(both={"method": 1})


@refuse(r"lie\.txt.*(CRC|check ?sum|damaged|corrupt)")
def method_bzip2_wrong_crc():
    return member(packed=bz2.compress(TEXT), both={"method": 12, "need": 46, "crc": 5})


@refuse(r"lie\.txt.*(size|damaged|corrupt|CRC|bytes)")
def method_bzip2_size_too_small():
    return member(packed=bz2.compress(TEXT), both={"method": 12, "need": 46, "usz": 5})


@refuse(r"lie\.txt.*(size|damaged|corrupt|CRC|bytes)")
def method_bzip2_size_too_big():
    return member(packed=bz2.compress(TEXT), both={"method": 12, "need": 46, "usz": 500})


@refuse(r"lie\.txt.*(size|ratio|possible|unpack|damaged|corrupt|bytes)")
def method_bzip2_size_4g():
    return member(packed=bz2.compress(TEXT), both={"method": 12, "need": 46, "usz": 0xFFFFFF00})


# --- headers that disagree --------------------------------------------------------------------

DISAGREE = r"lie\.txt.*(differ|disagree|local|mismatch)"


@refuse(DISAGREE)
def mismatch_name():
    return member(local={"name": b"l1e.txt"})


@refuse(DISAGREE)
def mismatch_name_length():
    return member(local={"name": b"lie.txt.py"})


@refuse(DISAGREE)
def mismatch_crc():
    return member(local={"crc": 1})


@refuse(DISAGREE)
def mismatch_crc_zero_without_descriptor():
    return member(local={"crc": 0})


@refuse(DISAGREE)
def mismatch_size():
    return member(local={"usz": 5})


@refuse(DISAGREE)
def mismatch_packed_size():
    return member(local={"csz": 5})


@refuse(DISAGREE)
def mismatch_method():
    return member(local={"method": STORED})


@refuse(DISAGREE)
def mismatch_size_in_zip64_extra():
    field = zip64_extra(len(TEXT) + 1, len(deflate(TEXT)))
    return member(local={"usz": MAX32, "csz": MAX32, "extra": field, "need": 45})


@refuse(DISAGREE)
def mismatch_utf8_flag():
    """Readers would decode the name in two ways."""
    return Zip().add("first.txt").add("lie.txt-\u00e9", local={"flags": FLAG_UTF8}).bytes()
