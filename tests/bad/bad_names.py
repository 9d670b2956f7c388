"""Names that a member must not have."""

import struct
import zlib

from case import refuse
from zipbuild import DOS, FLAG_UTF8, Zip, extra


def with_name(name, **more):
    return Zip().add("first.txt").add(name, **more).bytes()


@refuse(r"/abs\.txt.*absolute")
def name_absolute():
    return with_name("/abs.txt")


@refuse(r"absolute|name|empty")
def name_root():
    return with_name("/", data=b"", method=0, mode=0o040755)


@refuse(r"\.\./x\.txt.*'\.\.'")
def name_dotdot():
    return with_name("../x.txt")


@refuse(r"a/\.\./\.\./x\.txt.*'\.\.'")
def name_dotdot_inside():
    return with_name("a/../../x.txt")


@refuse(r"a/b/\.\./x\.txt.*'\.\.'")
def name_dotdot_that_stays_inside():
    return with_name("a/b/../x.txt")


@refuse(r"a/\.\..*'\.\.'")
def name_dotdot_last():
    return with_name("a/..")


@refuse(r"a/\.\./.*'\.\.'")
def name_dotdot_directory():
    return with_name("a/../", data=b"", method=0, mode=0o040755)


@refuse(r"C:/x\.txt.*drive")
def name_drive_letter():
    return with_name("C:/x.txt")


@refuse(r"evil\.txt.*backslash")
def name_backslash_dotdot_by_unix():
    return with_name("..\\..\\evil.txt")


@refuse(r"a\.txt.*backslash")
def name_backslash_by_dos():
    return with_name("dir\\a.txt", made=DOS, central={"xattr": 0x20})


@refuse(r"a\.txt\\x00\.py.*NUL")
def name_nul():
    return with_name("a.txt\0.py")


@refuse(r"name")
def name_empty():
    return with_name("")


@refuse(r"name")
def name_dot():
    return with_name(".")


@refuse(r"name")
def name_dots_and_slashes_file():
    return with_name("././.")


@refuse(r"n{40}.*255 bytes")
def name_component_256():
    return with_name("dir/" + "n" * 256)


@refuse(r"4000 bytes")
def name_4001_bytes():
    return with_name("/".join(["d" * 199] * 20) + "/x")


@refuse(r"4000 bytes")
def name_6001_bytes_3000_levels():
    return with_name("d/" * 3000 + "x")


@refuse(r"bad-\\xff\\xfe.*UTF-8")
def name_invalid_utf8_flagged():
    return with_name(b"bad-\xff\xfe.txt", flags=FLAG_UTF8)


@refuse(r"a\\xc0\\xafb.*UTF-8")
def name_overlong_utf8_flagged():
    return with_name(b"a\xc0\xafb.txt", flags=FLAG_UTF8)


@refuse(r"a\\xed\\xa0\\x80.*UTF-8")
def name_surrogate_flagged():
    return with_name(b"a\xed\xa0\x80.txt", flags=FLAG_UTF8)


def unicode_path(name, told):
    return extra(0x7075, struct.pack("<BI", 1, zlib.crc32(name)) + told)


@refuse(r"a\.txt.*another name")
def name_unicode_path_differs():
    field = unicode_path(b"a.txt", b"evil.txt")
    return with_name("a.txt", both={"extra": field})


@refuse(r"a\.txt.*another name")
def name_unicode_path_differs_central_only():
    field = unicode_path(b"a.txt", b"evil.txt")
    return with_name("a.txt", central={"extra": field})


@refuse(r"a\.txt.*0x7075.*(another name|twice)")
def name_unicode_path_twice():
    field = unicode_path(b"a.txt", b"evil.txt") + unicode_path(b"a.txt", b"a.txt")
    return with_name("a.txt", both={"extra": field})


@refuse(r"a\.txt.*another name")
def name_unicode_path_differs_local_only():
    field = unicode_path(b"a.txt", b"evil.txt")
    return with_name("a.txt", local={"extra": field})


@refuse(r"twice\.txt.*(more than once|duplicate|twice)")
def duplicate():
    return Zip().add("twice.txt", b"one").add("other.txt").add("twice.txt", b"two").bytes()


@refuse(r"[fa]\.txt.*more than once.*2")
def duplicate_all():
    zip_ = Zip()
    for name in ["a.txt", "f.txt"] * 2:
        zip_.add(name)
    return zip_.bytes()


@refuse(r"a\.txt.*more than once")
def duplicate_after_normalising():
    return Zip().add("a.txt", b"one").add("./a.txt", b"two").bytes()


@refuse(r"dir/a\.txt.*more than once")
def duplicate_after_slashes():
    return Zip().add("dir/a.txt", b"one").add("dir//a.txt", b"two").bytes()


@refuse(r"a.*(file and a directory|directory)")
def file_as_directory():
    return Zip().add("a").add("a/b.txt").bytes()


@refuse(r"a.*(file and a directory|directory)")
def file_as_directory_child_first():
    return Zip().add("a/b/c.txt").add("a!").add("a").bytes()


@refuse(r"a.*(file and a directory|directory|more than once)")
def file_as_empty_directory():
    return Zip().add("a").dir("a/").bytes()


@refuse(r"dir/.*directory")
def directory_with_data():
    return Zip().add("dir/", b"data", 0, mode=0o040755).bytes()


@refuse(r"dir/.*directory")
def directory_with_data_regular_mode():
    return Zip().add("dir/", b"data", 0).bytes()
