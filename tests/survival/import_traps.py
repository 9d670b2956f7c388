"""Small packages that reach a module or a file by one way each: python import_traps.py SLIM DIRECTORY.

import_traps.txt has them: "=== name", then files under "--- path". All but app.py belongs to distributions, one for
each name at the top. The handler has to return the same from the original and from what slim made of it.
"""

import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))


def load():
    """Name and files, by path, of every trap."""
    traps, files, lines = {}, None, None
    with open(os.path.join(HERE, "import_traps.txt"), encoding="utf-8") as text:
        for line in text:
            if line.startswith("=== "):
                files = traps.setdefault(line[4:].strip(), {})
            elif line.startswith("--- "):
                lines = files.setdefault(line[4:].strip(), [])
            else:
                lines.append(line)
    return traps


def write(directory, path, text):
    path = os.path.join(directory, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def lay_out(files, directory):
    for path, lines in files.items():
        write(directory, path, "".join(lines))
    owned = [path for path in files if path != "app.py" and ".dist-info/" not in path]
    for top in {path.split("/")[0] for path in owned}:
        name = top.removesuffix(".py")
        info = f"{name}-1.2.dist-info"
        unused = [f"{top}/unused_zz.py"] if f"{top}/__init__.py" in files else []
        for path in unused:
            write(directory, path, "")
        write(directory, f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.2\n")
        record = [path for path in [*owned, *unused] if path.split("/")[0] == top]
        record += [path for path in files if path.startswith(info)] + [f"{info}/METADATA", f"{info}/RECORD"]
        write(directory, f"{info}/RECORD", "".join(path + ",,\n" for path in record))


def call(package, event):
    runner = os.path.join(HERE, "run_handler.py")
    done = subprocess.run(
        [sys.executable, "-I", "-S", runner, package, "app.handler", event], capture_output=True, text=True
    )
    return done.stdout or "".join(done.stderr.splitlines()[-1:])


def run(slim, directory, name, files):
    """What is wrong, or None."""
    place = os.path.join(directory, name)
    task = os.path.join(place, "task")
    lay_out(files, os.path.join(place, "pkg"))
    write(place, "event.json", "null")
    shutil.copytree(os.path.join(place, "pkg"), task)
    before = call(task, os.path.join(place, "event.json"))
    shutil.rmtree(task)
    try:
        json.loads(before)
    except ValueError:
        return f"fails before slim: {before}"
    command = [slim, "pkg", "-o", "out.zip", "--quiet", "--no-config", "--runtime", "python%d.%d" % sys.version_info[:2]]
    subprocess.run(command, cwd=place, check=True)
    with zipfile.ZipFile(os.path.join(place, "out.zip")) as archive:
        archive.extractall(task)
    after = call(task, os.path.join(place, "event.json"))
    return None if before == after else f"{before.strip()} became {after.strip()}"


def main(slim, directory):
    traps = load()
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda trap: run(os.path.abspath(slim), directory, *trap), traps.items())
        broken = [f"{name}: {wrong}" for name, wrong in zip(traps, found) if wrong]
    print("\n".join(broken))
    sys.exit(1 if broken or len(traps) < 40 else 0)


if __name__ == "__main__":
    main(*sys.argv[1:])
