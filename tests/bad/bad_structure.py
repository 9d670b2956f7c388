"""Zips whose records do not fit together."""

import struct

from case import refuse
from zipbuild import (CENTRAL_SIZE, END_SIZE, LOCAL_SIZE, MAX16, MAX32, TEXT, Zip, deflate,
                      end_record, quoted_overlap, zip64_extra)

NAMES = ["a.txt", "b.txt", "c.txt"]


def three():
    zip_ = Zip()
    for name in NAMES:
        zip_.add(name)
    return zip_


def local_len(name="a.txt"):
    return LOCAL_SIZE + len(name) + len(deflate(TEXT))


# --- overlaps ---------------------------------------------------------------------------------

@refuse(r"a\.txt.*(overlap|more than once)")
def overlap_same_local_header():
    return Zip().add("a.txt").add("a.txt", local=False, packed=b"",
                                  central={"offset": 0, "csz": len(deflate(TEXT))}).bytes()


@refuse(r"[abc]\.txt.*(overlap|differ|local)")
def overlap_three_names_one_local_header():
    zip_ = Zip().add("a.txt")
    for name in NAMES[1:]:
        zip_.add(name, local=False, packed=b"", central={"offset": 0, "csz": len(deflate(TEXT))})
    return zip_.bytes()


@refuse(r"[0-9][0-9]\.txt.*overlap")
def overlap_quoted_bomb():
    return quoted_overlap(50, b"\0" * 20000)


@refuse(r"(outer\.bin|inner\.txt).*overlap")
def overlap_member_inside_stored_member():
    inner = Zip().add("inner.txt").body()[0]
    zip_ = Zip().add("outer.bin", inner, 0)
    return zip_.add("inner.txt", local=False, packed=b"",
                    central={"offset": LOCAL_SIZE + len("outer.bin"),
                             "csz": len(deflate(TEXT))}).bytes()


@refuse(r"(a|b)\.txt.*(overlap|descriptor)")
def overlap_of_descriptor():
    """The data descriptor of a.txt is the beginning of b.txt's local header."""
    return Zip().add("a.txt", flags=8, local={"crc": 0, "csz": 0, "usz": 0}).add("b.txt").bytes()


# --- places out of range ----------------------------------------------------------------------

@refuse(r"b\.txt.*(offset|outside|beyond|local)")
def local_offset_out_of_range():
    return Zip().add("a.txt").add("b.txt", central={"offset": 0x7FFFFFFF}).bytes()


@refuse(r"b\.txt.*(offset|outside|beyond|local)")
def local_offset_4g():
    return Zip().add("a.txt").add("b.txt", central={"offset": 0xFFFFFFFE}).bytes()


@refuse(r"b\.txt.*(offset|outside|beyond|local|overlap)")
def local_offset_in_central_directory():
    return Zip().add("a.txt").add("b.txt", central={"offset": 2 * local_len()}).bytes()


@refuse(r"b\.txt.*(local|header|signature)")
def local_offset_one_off():
    return Zip().add("a.txt").add("b.txt", central={"offset": local_len() + 1}).bytes()


@refuse(r"b\.txt.*(local|header|signature)")
def local_signature_wrong():
    return Zip().add("a.txt").add("b.txt", local={"sig": b"PK\x03\x05"}).bytes()


@refuse(r"b\.txt.*(local|header|name|differ|outside|overlap)")
def local_name_runs_out_of_file():
    return Zip().add("a.txt").add("b.txt", local={"nlen": 0xFFFF}).bytes()


@refuse(r"b\.txt.*(local|header|extra|outside|overlap)")
def local_extra_runs_out_of_file():
    return Zip().add("a.txt").add("b.txt", local={"xlen": 0xFFFF}).bytes()


@refuse(r"(central )?directory")
def central_offset_out_of_range():
    return three().bytes(end={"offset": 0x7FFFFFFF})


@refuse(r"(central )?directory")
def central_offset_too_small():
    return three().bytes(end={"offset": 10})


@refuse(r"(central )?directory")
def central_size_too_big():
    return three().bytes(end={"size": 0x7FFFFFFF})


@refuse(r"(central )?directory")
def central_size_one_too_big():
    size = 3 * (CENTRAL_SIZE + len("a.txt"))
    return three().bytes(end={"size": size + 1})


@refuse(r"(central )?directory")
def central_size_one_too_small():
    size = 3 * (CENTRAL_SIZE + len("a.txt"))
    return three().bytes(end={"size": size - 1})


@refuse(r"(central )?directory")
def central_size_zero():
    return three().bytes(end={"size": 0})


@refuse(r"directory")
def central_signature_wrong():
    return Zip().add("a.txt").add("b.txt", central={"sig": b"PK\x01\x03"}).bytes()


@refuse(r"directory")
def central_name_runs_out():
    return Zip().add("a.txt").add("b.txt", central={"nlen": 0xFFF0}).bytes()


@refuse(r"(b\.txt|directory).*(extra|directory|beyond|outside|short|cut)")
def central_extra_runs_out():
    return Zip().add("a.txt").add("b.txt", central={"xlen": 0xFFF0}).bytes()


@refuse(r"directory")
def central_comment_runs_out():
    return Zip().add("a.txt").add("b.txt", central={"clen": 0xFFF0}).bytes()


@refuse(r"directory")
def central_digital_signature():
    return three().bytes(directory_tail=b"PK\x05\x05" + struct.pack("<H", 16) + b"\x11" * 16)


@refuse(r"directory|end record|EOCD")
def central_gap_before_end_record():
    return three().bytes(before_end=b"junk between")


@refuse(r"archive extra|encrypt|directory|sign")
def central_encrypted():
    """APPNOTE 7: an archive extra data record, an encrypted directory, a version 2 zip64 end."""
    body, _ = three().body()
    record = b"PK\x06\x08" + struct.pack("<I", 8) + b"\x22" * 8
    directory = b"\x99" * 150
    start = len(body) + len(record)
    more = struct.pack("<HQQHHHH", 1, 150, 150, 0x660E, 128, 1, 0)
    wide = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44 + len(more), 62, 62, 0, 0, 3, 3, 150,
                       start) + more
    place = start + len(directory)
    locator = struct.pack("<4sIQI", b"PK\x06\x07", 0, place, 1)
    return body + record + directory + wide + locator + end_record(
        {"disk": 0, "cd_disk": 0, "here": MAX16, "count": MAX16, "size": MAX32,
         "offset": MAX32, "clen": 0})


# --- the end record ---------------------------------------------------------------------------

@refuse(r"(count|entries|members|director)")
def end_count_too_high():
    return three().bytes(end={"here": 500, "count": 500})


@refuse(r"(count|entries|members|director)")
def end_count_too_low():
    return three().bytes(end={"here": 1, "count": 1})


@refuse(r"(count|entries|members|director|empty)")
def end_count_zero():
    return three().bytes(end={"here": 0, "count": 0})


@refuse(r"(count|entries|members|director|disk|part)")
def end_counts_differ():
    return three().bytes(end={"here": 2})


@refuse(r"(count|entries|members|director)")
def end_count_wrapped():
    """65,537 members without zip64: the count has wrapped to 1."""
    zip_ = Zip()
    for i in range(MAX16 + 2):
        zip_.add("%x" % i, b"", 0)
    return zip_.bytes(end={"here": 1, "count": 1})


@refuse(r"end|directories|EOCD")
def end_record_in_comment():
    """Readers that look from the end find an empty zip."""
    return three().bytes(comment=Zip().bytes())


@refuse(r"end|directories|EOCD")
def end_record_in_comment_with_other_members():
    """A comment that is a zip of its own: which members there are depends on the reader."""
    outer = three()
    start = len(outer.bytes())
    body, entries = Zip().add("evil.txt", b"evil").body(start)
    directory = b"".join(entries)
    comment = body + directory + end_record(
        {"disk": 0, "cd_disk": 0, "here": 1, "count": 1, "size": len(directory),
         "offset": start + len(body), "clen": 0})
    return outer.bytes(comment=comment)


@refuse(r"end|directories|EOCD")
def end_record_in_member_that_reaches_the_end():
    """Stored data holds an end record of its own, whose comment is the rest of the file."""
    inner, entries = Zip().add("evil.txt", b"evil").body(LOCAL_SIZE + len("a.bin"))
    directory = b"".join(entries)
    rest = CENTRAL_SIZE + len("a.bin") + END_SIZE
    data = inner + directory + end_record(
        {"disk": 0, "cd_disk": 0, "here": 1, "count": 1, "size": len(directory),
         "offset": LOCAL_SIZE + len("a.bin") + len(inner), "clen": rest})
    return Zip().add("a.bin", data, 0).bytes()


@refuse(r"end|directories|EOCD|behind|after|trailing|junk")
def end_record_twice():
    data = three().bytes()
    return data + data[-END_SIZE:]


@refuse(r"end|EOCD|behind|after|trailing|junk|truncated")
def junk_after():
    return three().bytes(after=b"junk" * 25)


@refuse(r"end|EOCD|behind|after|trailing|junk|truncated")
def junk_after_one_byte():
    return three().bytes(after=b"\0")


@refuse(r"end|EOCD|comment|truncated")
def end_comment_longer_than_file():
    return three().bytes(end={"clen": 10})


@refuse(r"end|EOCD|comment|behind|after|trailing|junk")
def end_comment_shorter_than_file():
    return three().bytes(comment=b"comment", end={"clen": 3})


@refuse(r"offset|front|prefix|director|local")
def prefix_unadjusted():
    return three().bytes(prefix=b"#!/usr/bin/env python3\n", base=0,
                         end={"offset": len(three().body()[0])})


@refuse(r"a\.txt.*(offset|local|header)")
def prefix_adjusted_only_for_directory():
    return three().bytes(prefix=b"x" * 100, base=0)


@refuse(r"(empty|not a zip|nothing|neither|format)")
def empty_file():
    return b""


@refuse(r"(empty|no members|nothing|holds no)")
def end_record_only():
    return Zip().bytes()


@refuse(r"(empty|no members|nothing|holds no|director)")
def end_record_only_behind_junk():
    return Zip().bytes(prefix=b"x" * 40)


@refuse(r"(empty|no members|no files?|nothing|holds no)")
def only_the_root_directory():
    return Zip().dir("./").bytes()


# --- several parts ----------------------------------------------------------------------------

@refuse(r"(disk|part|volume|split)")
def multi_disk_end_record():
    return three().bytes(end={"disk": 1, "cd_disk": 1})


@refuse(r"(disk|part|volume|split)")
def multi_disk_directory_elsewhere():
    return three().bytes(end={"cd_disk": 1})


@refuse(r"b\.txt.*(disk|part|volume|split)")
def multi_disk_member():
    return Zip().add("a.txt").add("b.txt", central={"disk": 1}).bytes()


@refuse(r"(disk|part|volume|split)")
def multi_disk_zip64_locator():
    return three().bytes(zip64={"disks": 2})


@refuse(r"(disk|part|volume|split)")
def multi_disk_end_record_beside_zip64():
    return three().bytes(zip64={}, end={"disk": 1, "cd_disk": 1})


@refuse(r"(disk|part|volume|split|count|disagree)")
def end_counts_differ_beside_zip64():
    return three().bytes(zip64={}, end={"here": 2})


@refuse(r"(disk|part|volume|split)")
def multi_disk_zip64_record():
    return three().bytes(zip64={"disk": 1, "cd_disk": 1})


# --- extra fields -----------------------------------------------------------------------------

OVERLONG = struct.pack("<HH", 0x5455, 500) + b"\x01" * 5


@refuse(r"b\.txt.*extra")
def extra_overlong():
    return Zip().add("a.txt").add("b.txt", both={"extra": OVERLONG}).bytes()


@refuse(r"b\.txt.*extra")
def extra_overlong_in_directory():
    return Zip().add("a.txt").add("b.txt", central={"extra": OVERLONG}).bytes()


@refuse(r"b\.txt.*extra")
def extra_overlong_in_local_header():
    return Zip().add("a.txt").add("b.txt", local={"extra": OVERLONG}).bytes()


@refuse(r"b\.txt.*(zip64|extra|size)")
def extra_zip64_twice():
    size = len(deflate(TEXT))
    field = zip64_extra(len(TEXT), size) + zip64_extra(7, size)
    return Zip().add("a.txt").add("b.txt", both={"usz": MAX32, "csz": MAX32, "need": 45,
                                                 "extra": field}).bytes()


@refuse(r"b\.txt.*(zip64|extra|size)")
def extra_zip64_twice_first_lies():
    """Readers take the first, or the last."""
    size = len(deflate(TEXT))
    field = zip64_extra(7, size) + zip64_extra(len(TEXT), size)
    return Zip().add("a.txt").add("b.txt", both={"usz": MAX32, "csz": MAX32, "need": 45,
                                                 "extra": field}).bytes()


# --- zip64 ------------------------------------------------------------------------------------

def wide(**both):
    fields = {"usz": MAX32, "csz": MAX32, "need": 45}
    fields.update(both)
    return Zip().add("a.txt").add("b.txt", both=fields).bytes()


@refuse(r"b\.txt.*(size|zip64|outside|beyond|overlap|possible)")
def zip64_sizes_2_63():
    return wide(extra=zip64_extra(1 << 63, 1 << 63))


@refuse(r"b\.txt.*(size|zip64|outside|beyond|overlap|possible)")
def zip64_sizes_2_64_less_1():
    return wide(extra=zip64_extra((1 << 64) - 1, (1 << 64) - 1))


@refuse(r"b\.txt.*(size|zip64|possible|unpack|ratio)")
def zip64_unpacked_size_2_63():
    return wide(extra=zip64_extra(1 << 63, len(deflate(TEXT))))


@refuse(r"b\.txt.*64-bit")
def zip64_extra_too_short():
    return wide(extra=zip64_extra(len(TEXT)))


@refuse(r"b\.txt.*(zip64|size|outside|beyond|overlap|possible)")
def zip64_extra_missing():
    return wide()


@refuse(r"b\.txt.*(offset|outside|beyond|local|zip64)")
def zip64_offset_2_63():
    return Zip().add("a.txt").add("b.txt", central={
        "offset": MAX32, "extra": zip64_extra(1 << 63), "need": 45}).bytes()


@refuse(r"b\.txt.*(offset|outside|beyond|local|zip64)")
def zip64_offset_that_wraps():
    return Zip().add("a.txt").add("b.txt", central={
        "offset": MAX32, "extra": zip64_extra((1 << 64) - 8), "need": 45}).bytes()


ZIP64_END = r"(zip64|count|entries|members|director)"


@refuse(ZIP64_END)
def zip64_end_count_huge():
    return three().bytes(zip64={"here": 1 << 62, "count": 1 << 62})


@refuse(ZIP64_END)
def zip64_end_count_2_64_less_1():
    return three().bytes(zip64={"here": (1 << 64) - 1, "count": (1 << 64) - 1})


@refuse(ZIP64_END)
def zip64_end_count_too_low():
    return three().bytes(zip64={"here": 2, "count": 2})


@refuse(ZIP64_END)
def zip64_end_directory_offset_huge():
    return three().bytes(zip64={"offset": (1 << 64) - 100})


@refuse(ZIP64_END)
def zip64_end_directory_size_huge():
    return three().bytes(zip64={"size": (1 << 64) - 1})


@refuse(ZIP64_END)
def zip64_end_record_size_huge():
    return three().bytes(zip64={"record": (1 << 64) - 1})


@refuse(ZIP64_END)
def zip64_end_record_size_too_small():
    return three().bytes(zip64={"record": 10})


@refuse(ZIP64_END)
def zip64_end_signature_wrong():
    return three().bytes(zip64={"sig": b"PK\x06\x05"})


@refuse(ZIP64_END)
def zip64_locator_missing():
    return three().bytes(zip64={"locator_sig": b"PK\x06\x00"})


@refuse(ZIP64_END)
def zip64_locator_out_of_range():
    return three().bytes(zip64={"place": 1 << 40})


@refuse(ZIP64_END)
def zip64_locator_that_wraps():
    return three().bytes(zip64={"place": (1 << 64) - 10})


@refuse(ZIP64_END)
def zip64_locator_elsewhere():
    """A second zip64 end record, behind which nothing follows, is what the locator names."""
    data = three().bytes(zip64={})
    record = data[-END_SIZE - 20 - 56:-END_SIZE - 20]
    prefix_len = len(record)
    return three().bytes(prefix=record, zip64={"place": prefix_len - 56})


@refuse(ZIP64_END)
def zip64_end_contradicts_end_record():
    """The old record is whole and says 3; readers that believe the new one see 1."""
    plain = three()
    size = CENTRAL_SIZE + 5
    return plain.bytes(zip64={"here": 1, "count": 1, "size": size},
                       end={"here": 3, "count": 3, "size": 3 * size,
                            "offset": len(plain.body()[0])})


# --- truncation: every record, cut at its ends and inside --------------------------------------

def cut(length):
    return three().bytes()[:length]


def places():
    body, entries = three().body()
    first = len(body)
    second = first + len(entries[0])
    end = first + sum(map(len, entries))
    return {
        "in_first_signature": 3,
        "after_first_signature": 4,
        "in_first_local_header": 20,
        "after_first_local_header": LOCAL_SIZE + 5,
        "in_first_data": LOCAL_SIZE + 5 + 7,
        "after_first_member": local_len(),
        "in_half": (end + END_SIZE) // 2,
        "before_directory": first,
        "in_directory": first + 20,
        "after_first_entry": second,
        "before_end_record": end,
        "in_end_signature": end + 3,
        "last_10_bytes": end + END_SIZE - 10,
        "last_60_bytes": end + END_SIZE - 60,
        "last_byte": end + END_SIZE - 1,
    }


def register_cuts():
    for place, length in places().items():
        def make(length=length):
            return cut(length)
        make.__name__ = "cut_" + place
        refuse(r"(truncated|end|zip|format|cut|EOCD)")(make)

    def make_front():
        return three().bytes()[10:]
    make_front.__name__ = "cut_front"
    refuse(r"(offset|front|prefix|director|local)")(make_front)


register_cuts()
