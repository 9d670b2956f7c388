"""Proves that slimmed functions still work: for real distributions from PyPI, a handler gives the same before and after.

scripts/survival [--subset ci] [--drop GLOB] [NAME...]   (tests/survival/README.md says more)
"""

import argparse
import concurrent.futures
import json
import os
import shutil
import subprocess
import sys
import zipfile

import case as cases
import verdict
import wheelhouse

HERE = cases.HERE
TIMEOUT = 300
SLIM = os.path.abspath(os.environ.get("SLIM", os.path.join(cases.ROOT, "build", "slim")))


class Broken(Exception):
    """The case itself is wrong: it says nothing about slim."""


def isolation():
    """The command before the interpreter that takes the network away, or nothing where that is not allowed."""
    command = ["unshare", "-rn", sys.executable, "-I", "-S", os.path.join(HERE, "loopback.py")]
    try:
        tried = subprocess.run([*command, sys.executable, "-c", ""], capture_output=True)
    except OSError:
        return []
    return command if tried.returncode == 0 else []


def tree_of(directory):
    """Files below directory: path to size, of a link its own."""
    found = {}
    for folder, _, files in os.walk(directory):
        for name in files:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, directory)] = os.lstat(path).st_size
    return found


def pack(directory, tree, target):
    """A zip as users make it."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as file:
        for path in sorted(tree):
            file.write(os.path.join(directory, path), path)


def unpack(source, directory):
    """Like unzip: with permissions, for some packages ship programs."""
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    subprocess.run(["unzip", "-qq", source, "-d", directory], check=True, stdin=subprocess.DEVNULL)


def slim(package, *options):
    done = subprocess.run([SLIM, package, "--json", "-vv", "--no-config", "-j1", *options], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"slim {' '.join(options)} exited with {done.returncode}: {done.stderr.strip()[-2000:]}")
    return json.loads(done.stdout)


class Run:
    """One case: its directories and its runs."""

    def __init__(self, case, prefix):
        self.case = case
        self.prefix = prefix
        self.place = os.path.join(wheelhouse.BUILD, "run", case.name)
        self.original = os.path.join(self.place, "original")
        self.slimmed = os.path.join(self.place, "slimmed")

    def path(self, name):
        return os.path.join(self.place, name)

    def environment(self):
        task = self.path("task")
        scratch = self.path("scratch")
        shutil.rmtree(scratch, ignore_errors=True)
        os.makedirs(scratch)
        return {
            "AWS_DEFAULT_REGION": "eu-central-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_EXECUTION_ENV": "AWS_Lambda_python" + wheelhouse.VERSION,
            "AWS_LAMBDA_FUNCTION_NAME": "survival",
            "AWS_REGION": "eu-central-1",
            "HOME": scratch,
            "LAMBDA_TASK_ROOT": task,
            "LANG": "C.UTF-8",
            "LD_LIBRARY_PATH": f"{task}:{task}/lib",
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PATH": "/usr/local/bin:/usr/bin:/bin",
            "PYTHONHASHSEED": "0",
            "TMPDIR": scratch,
            "TZ": "UTC",
            "_HANDLER": "app." + self.case.handler,
        }

    def observe(self, tree):
        """What the handler does in tree, which stands at the same path in every run."""
        out, event, task = self.path("out.json"), self.path("event.json"), self.path("task")
        with open(event, "w", encoding="utf-8") as file:
            json.dump(self.case.event, file)
        if os.path.exists(out):
            os.remove(out)
        os.rename(tree, task)
        try:
            command = [sys.executable, "-s", "-S", "-B", os.path.join(HERE, "run_case.py")]
            command += [task, "app." + self.case.handler, event, out]
            done = subprocess.run(
                [*self.prefix, *command], env=self.environment(), capture_output=True, timeout=TIMEOUT, stdin=subprocess.DEVNULL
            )
        finally:
            os.rename(task, tree)
        seen = {}
        if os.path.exists(out):
            with open(out, encoding="utf-8") as file:
                seen = json.load(file)
        seen["status"] = done.returncode
        seen["stdout"] = done.stdout.decode(errors="replace").replace(task, "/var/task")
        seen["stderr"] = done.stderr.decode(errors="replace")
        return seen

    def before(self):
        seen = self.observe(self.original)
        if "exception" in seen:
            raise Broken("the original fails:\n" + seen["traceback"])
        if "used" not in seen:
            raise Broken(f"the original ends with status {seen['status']}:\n{seen['stderr'][-2000:]}")
        return seen

    def run(self, drops):
        """The table's row, and what differs."""
        shutil.rmtree(self.place, ignore_errors=True)
        wheelhouse.lay_out(self.case, self.original)
        before = self.before()
        original = tree_of(self.original)
        package, small = self.path("package.zip"), self.path("slim.zip")
        pack(self.original, original, package)
        options = [f"--drop={glob}" for glob in drops + self.case.drop]
        report = slim(package, "-o", small, *options)
        patterns = slim(package, "--no-prune", *options)["totals"]["after"]["unzipped"]
        unpack(small, self.slimmed)
        slimmed = tree_of(self.slimmed)
        lines = self.compare(before, verdict.Wanted(original, slimmed, report))
        return verdict.measure(original, slimmed, patterns, set(before["used"])), lines

    def compare(self, before, wanted):
        lines = verdict.differences(before, self.observe(self.slimmed), wanted)
        if lines:
            again = verdict.differences(before, self.before(), verdict.Wanted([], [], {"files": []}))
            if again:
                raise Broken("the original gives another result the second time:\n" + "\n".join(again))
        return lines

    def clean(self):
        shutil.rmtree(self.place, ignore_errors=True)


def judge(case, prefix, drops, keep):
    """The case's TAP line without number, its comment lines, and its row."""
    run = Run(case, prefix)
    row = {"case": case.name, "distribution": ", ".join(case.requires), "survived": "no"}
    status, lines = "not ok", []
    try:
        measured, lines = run.run(drops)
        row.update(measured, survived="no" if lines else "yes")
        status = "not ok" if lines else "ok"
    except wheelhouse.Unreachable:
        row["survived"] = "skipped"
        return "ok", f"{case.name} # SKIP PyPI cannot be reached", [], row
    except Broken as caught:
        row["survived"] = "broken"
        lines = ["BROKEN CASE: " + str(caught)]
    except Exception as caught:  # one case's trouble is not the others'
        lines = [f"{type(caught).__name__}: {caught}"]
    if status == "ok" and not keep:
        run.clean()
    return status, case.name, lines, row


def megabytes(value):
    return f"{value / 1e6:.2f}"


def table(rows):
    """The rows as aligned text, with sums at the end."""
    head = ["case", "distribution", "before MB", "patterns", "graph", "code kept %", "traced %", "survived"]
    lines = [head]
    full = [row for row in rows if "before" in row]
    total = {key: sum(row[key] for row in full) for key in ("before", "patterns", "after", "code", "code_kept", "code_traced")}
    alive = sum(row["survived"] == "yes" for row in full)
    for row in [*full, {"case": "total", "distribution": "", "survived": f"{alive} of {len(rows)}", **total}]:
        sizes = [megabytes(row[key]) for key in ("before", "patterns", "after")]
        shares = [f"{verdict.share(row[key], row['code']):.1f}" for key in ("code_kept", "code_traced")]
        lines.append([row["case"], row["distribution"][:44], *sizes, *shares, row["survived"]])
    lines += [[row["case"], row["distribution"][:44], *["-"] * 5, row["survived"]] for row in rows if "before" not in row]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    return [
        "  ".join(c.rjust(w) if 2 <= i < 7 else c.ljust(w) for i, (c, w) in enumerate(zip(line, widths))).rstrip()
        for line in lines
    ]


def options():
    parser = argparse.ArgumentParser(prog="scripts/survival")
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--cases", default=cases.CASES, metavar="DIR", help="where the cases lie")
    parser.add_argument("--subset", choices=["ci"], help="only the cases that say '# ci: yes'")
    parser.add_argument("--drop", action="append", default=[], metavar="GLOB", help="drop this too: the case has to notice")
    parser.add_argument("--keep", action="store_true", help="leave build/survival/run/NAME as it is")
    parser.add_argument("--jobs", type=int, default=2)
    return parser.parse_args()


def report(rows, place):
    """Prints the table and leaves it in place, as text and as JSON."""
    rows.sort(key=lambda row: row["case"])
    text = table(rows)
    print("\n".join("# " + line for line in text), flush=True)
    with open(os.path.join(place, "table.txt"), "w", encoding="utf-8") as file:
        file.write("\n".join(text) + "\n")
    with open(os.path.join(place, "table.json"), "w", encoding="utf-8") as file:
        json.dump(rows, file, indent=1, sort_keys=True)


def main():
    args = options()
    chosen = [cases.load(name, args.cases) for name in args.names or cases.all_names(args.cases)]
    if args.subset:
        chosen = [case for case in chosen if case.ci]
    prefix = isolation()
    print(f"1..{len(chosen)}", flush=True)
    if not prefix:
        print("# no network namespace here: connections are refused inside Python only")
    rows, failed = [], 0
    with concurrent.futures.ThreadPoolExecutor(args.jobs) as pool:
        futures = [pool.submit(judge, case, prefix, args.drop, args.keep) for case in chosen]
        for number, future in enumerate(concurrent.futures.as_completed(futures), 1):
            status, name, lines, row = future.result()
            rows.append(row)
            failed += status != "ok"
            print(f"{status} {number} - {name}", flush=True)
            for line in lines:
                # On standard error, which prove passes on.
                print("\n".join(f"# {name}: {part}" for part in line.splitlines()), file=sys.stderr, flush=True)
    report(rows, wheelhouse.BUILD if args.cases == cases.CASES else os.path.join(wheelhouse.BUILD, "run"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
