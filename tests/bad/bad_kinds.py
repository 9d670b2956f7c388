"""Members that are neither sound files nor sound links."""

from case import refuse
from zipbuild import STORED, Zip


@refuse(r"link.*absolute")
def link_absolute():
    return Zip().add("a.txt").link("link", "/etc/passwd").bytes()


@refuse(r"dir/link.*leaves")
def link_escapes():
    return Zip().add("a.txt").link("dir/link", "../../etc/passwd").bytes()


@refuse(r"link.*leaves")
def link_escapes_from_root():
    return Zip().add("a.txt").link("link", "..").bytes()


@refuse(r"link.*leaves")
def link_escapes_and_returns():
    return Zip().add("a.txt").link("link", "../task/a.txt").bytes()


@refuse(r"out.*leaves")
def link_escapes_through_link():
    """By its text alone `out` stays inside: only following `up` shows that it leaves."""
    zip_ = Zip().add("a/b/c.txt").link("a/b/up", "../..")
    return zip_.link("out", "a/b/up/../etc").bytes()


@refuse(r"l[123].*leaves")
def link_escapes_through_chain():
    zip_ = Zip().add("d/e/f.txt").link("l1", "d/l2").link("d/l2", "e/l3")
    return zip_.link("d/e/l3", "../../../x").bytes()


@refuse(r"link/below\.txt.*symbolic link")
def link_with_entry_below():
    return Zip().add("dir/a.txt").link("link", "dir").add("link/below.txt").bytes()


@refuse(r"link/x/y/below\.txt.*symbolic link")
def link_with_entry_deep_below():
    return Zip().add("dir/a.txt").add("link/x/y/below.txt").link("link", "dir").bytes()


@refuse(r"link.*(more than once|symbolic link)")
def link_and_directory():
    return Zip().link("link", "dir").dir("link/").add("dir/a.txt").bytes()


@refuse(r"link/.*symbolic link")
def link_named_as_directory():
    return Zip().add("a.txt").link("link/", "a.txt").bytes()


@refuse(r"link.*(target|symbolic link)")
def link_empty_target():
    return Zip().add("a.txt").link("link", "").bytes()


@refuse(r"link.*(target|symbolic link)")
def link_nul_in_target():
    return Zip().add("a.txt").link("link", b"a.txt\0/../..").bytes()


@refuse(r"link.*(target|symbolic link)")
def link_huge_target():
    return Zip().add("a.txt").link("link", "x/" * 3000).bytes()


@refuse(r"link.*(CRC|check ?sum)")
def link_wrong_crc():
    return Zip().add("a.txt").link("link", "a.txt", both={"crc": 1}).bytes()


def special(kind):
    return Zip().add("a.txt").add("special", b"", STORED, mode=kind | 0o644).bytes()


@refuse(r"special.*device")
def character_device():
    return special(0o020000)


@refuse(r"special.*device")
def block_device():
    return special(0o060000)


@refuse(r"special.*pipe")
def fifo():
    return special(0o010000)


@refuse(r"special.*socket")
def socket():
    return special(0o140000)


@refuse(r"special.*only files, directories and symbolic links")
def unknown_kind():
    return special(0o150000)
