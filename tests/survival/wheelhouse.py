"""The wheels of a lock, downloaded, installed and laid out as a package; everything is done once and kept."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

import case as cases

BUILD = os.path.join(cases.ROOT, "build", "survival")
WHEELS = os.path.join(BUILD, "wheels")
DISTS = os.path.join(BUILD, "dists")
VERSION = "%d.%d" % sys.version_info[:2]
OFFLINE = re.compile(r"retrying|connection|timed out|could not fetch|no-index|temporary failure", re.I)


class Unreachable(Exception):
    """PyPI cannot be reached, and a wheel is not here yet."""


def pip(*args):
    command = [sys.executable, "-m", "pip", *args, "--quiet", "--no-input", "--disable-pip-version-check"]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"})


def target(machine, version=VERSION):
    script = os.path.join(cases.ROOT, "scripts", "pip-target")
    return subprocess.run([script, version, machine], check=True, capture_output=True, text=True).stdout.split()


def place_of(pin):
    name, version, sha256 = pin
    return f"{name}-{version}-{sha256[:12]}"


def wheel_of(pin):
    """The wheel's path in the store, or None."""
    place = os.path.join(WHEELS, place_of(pin))
    return next((os.path.join(place, f) for f in os.listdir(place)), None) if os.path.isdir(place) else None


def download(pins, machine, version=VERSION):
    """Brings the wheels that are not here yet; pip checks their hashes."""
    os.makedirs(WHEELS, exist_ok=True)
    missing = [pin for pin in pins if wheel_of(pin) is None]
    if not missing:
        return
    new = tempfile.mkdtemp(prefix=".new-", dir=WHEELS)
    try:
        lock = os.path.join(new, "lock.txt")
        with open(lock, "w", encoding="utf-8") as file:
            file.writelines(f"{n}=={v} --hash=sha256:{s}\n" for n, v, s in missing)
        done = pip("download", "--no-deps", "--require-hashes", "--retries", "2", *target(machine, version), "--dest", new, "-r", lock)
        if done.returncode != 0:
            if OFFLINE.search(done.stderr) or os.environ.get("PIP_NO_INDEX"):
                raise Unreachable
            raise RuntimeError("pip download: " + done.stderr.strip())
        by_hash = {}
        for name in os.listdir(new):
            with open(os.path.join(new, name), "rb") as file:
                by_hash[hashlib.file_digest(file, "sha256").hexdigest()] = name
        for pin in missing:
            place = os.path.join(new, place_of(pin))
            os.mkdir(place)
            os.rename(os.path.join(new, by_hash[pin[2]]), os.path.join(place, by_hash[pin[2]]))
            publish(place, os.path.join(WHEELS, place_of(pin)))
    finally:
        shutil.rmtree(new, ignore_errors=True)


def publish(new, place):
    """Renames new to place, unless another process was quicker."""
    try:
        os.rename(new, place)
    except OSError:
        if not os.path.isdir(place):
            raise
        shutil.rmtree(new)


def install(pin, machine):
    """The directory into which pip has installed the wheel, as users do: compiled."""
    place = os.path.join(DISTS, f"{place_of(pin)}-{VERSION}")
    if not os.path.isdir(place):
        new = tempfile.mkdtemp(prefix=".new-", dir=DISTS)
        # Found through --find-links rather than by its path, which pip would write into a direct_url.json.
        links = ["--no-index", "--find-links", os.path.dirname(wheel_of(pin))]
        done = pip("install", "--no-deps", *target(machine), *links, "--target", new, f"{pin[0]}=={pin[1]}")
        if done.returncode != 0:
            raise RuntimeError("pip install: " + done.stderr.strip())
        publish(new, place)
    return place


def lay_out_wheels(pins, directory, machine="x86_64"):
    """directory becomes the trees of the wheels, by hard links."""
    os.makedirs(DISTS, exist_ok=True)
    download(pins, machine)
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    for pin in pins:
        top = install(pin, machine)
        for folder, _, files in os.walk(top):
            into = os.path.join(directory, os.path.relpath(folder, top))
            os.makedirs(into, exist_ok=True)
            for name in files:
                if not os.path.exists(os.path.join(into, name)):
                    os.link(os.path.join(folder, name), os.path.join(into, name))


def lay_out(case, directory):
    """directory becomes the case's package: its wheels, and the case as app.py."""
    lay_out_wheels(case.wheels(), directory)
    if os.path.isdir(case.files):
        shutil.copytree(case.files, directory, dirs_exist_ok=True)
    shutil.copyfile(case.path, os.path.join(directory, "app.py"))
