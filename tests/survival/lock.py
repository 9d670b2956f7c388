"""Writes tests/survival/locks/NAME.txt; scripts/survival-lock says how."""

import json
import os
import re
import subprocess
import sys
import tempfile

import case as cases

VERSION = "%d.%d" % sys.version_info[:2]
HEAD = f"# CPython {VERSION}, manylinux x86-64. Made by: scripts/survival-lock %s\n"


def resolve(case):
    """The wheels that pip would install, as lock lines."""
    target = subprocess.run(
        [os.path.join(cases.ROOT, "scripts", "pip-target"), VERSION], check=True, capture_output=True, text=True
    ).stdout.split()
    with tempfile.TemporaryDirectory() as scratch:
        report = os.path.join(scratch, "report.json")
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
        command += ["--dry-run", "--ignore-installed", "--report", report, "--target", scratch, *target]
        subprocess.run([*command, *case.requires], check=True)
        with open(report, encoding="utf-8") as file:
            found = json.load(file)["install"]
    lines = []
    for item in found:
        name = re.sub(r"[-_.]+", "-", item["metadata"]["name"]).lower()
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={item['metadata']['version']} --hash=sha256:{sha256}\n")
    return sorted(lines)


def main(names):
    for name in names or [n for n in cases.all_names() if not os.path.exists(cases.load(n).lock)]:
        case = cases.load(name)
        if not case.requires or not all("==" in pin for pin in case.requires):
            sys.exit(f"survival-lock: {name}: '# requires:' must pin exactly: NAME==VERSION")
        try:
            lines = resolve(case)
        except subprocess.CalledProcessError:
            sys.exit(f"survival-lock: {name}: pip could not resolve {' '.join(case.requires)}")
        with open(case.lock, "w", encoding="utf-8") as file:
            file.write(HEAD % name + "".join(lines))
        print(f"survival-lock: {name}: {len(lines)} wheels")


if __name__ == "__main__":
    main(sys.argv[1:])
