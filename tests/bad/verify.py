#!/usr/bin/env python3
"""Judges one accepted input: verify.py INPUT OUT.zip REPORT.json PATTERN

OUT.zip must be written as promised (check_zip.py), be read by Python and libarchive, hold
exactly what libarchive reads from INPUT; the report's notes must match PATTERN ("-": no note
about the input at all). Prints what is wrong, a line each.
"""

import io
import json
import os
import re
import sys
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import check_zip  # noqa: E402
import oracle  # noqa: E402


def as_found(entries):
    kinds = {0o100644: (oracle.REGULAR, False), 0o100755: (oracle.REGULAR, True),
             0o120777: (oracle.LINK, False), 0o040755: (oracle.DIR, False)}
    return {name.rstrip(b"/"): oracle.Found(*kinds[entry.mode], entry.content)
            for name, entry in entries.items()}


def differences(expected, got, who):
    out = []
    for name in sorted(set(expected) | set(got)):
        if expected.get(name) != got.get(name):
            out.append("%s: %r: expected %r, got %r" % (who, name, expected.get(name), got.get(name)))
    return out[:5]


def check_output(source, path):
    with open(path, "rb") as handle:
        data = handle.read()
    try:
        entries = as_found(check_zip.check(data))
    except check_zip.Fault as fault:
        return ["not as promised: %s" % fault]
    wrong = differences(oracle.read(source), entries, "contents")
    wrong += differences(entries, oracle.read(path), "libarchive reads the output")
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        bad = opened.testzip()
        if bad is not None or len(opened.namelist()) != len(entries):
            wrong.append("Python cannot read %r" % bad)
    return wrong


def notes(value):
    """Every note in the report, wherever it hangs, as one line of text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "notes" and isinstance(inner, list):
                for note in inner:
                    yield json.dumps(note, ensure_ascii=False, sort_keys=True)
            else:
                yield from notes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from notes(inner)


def check_notes(path, pattern):
    with open(path, encoding="utf-8", errors="surrogateescape") as handle:
        try:
            found = list(notes(json.load(handle)))
        except ValueError as error:
            return ["the report is no JSON: %s" % error]
    if pattern == "-":
        return ["unexpected note: " + note for note in found if re.search(r"SLIM11[0-8]", note)]
    if any(re.search(pattern, note) for note in found):
        return []
    return ["no note matches %s: %s" % (pattern, "; ".join(found) or "there is none")]


def main(argv):
    source, out, report, pattern = argv[1:]
    wrong = check_output(source, out) + check_notes(report, pattern)
    for line in wrong:
        print(line.encode("ascii", "backslashreplace").decode())
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
