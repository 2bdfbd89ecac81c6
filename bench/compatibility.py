"""Tries the public playbooks: every release branch of a checkout of them, each playbook on made-up answers.

    python3 bench/compatibility.py CHECKOUT [--vedette FILE] [--work FOLDER] [--newest] [--errors]

CHECKOUT is a git directory with the branches of github.com/phantomcyber/playbooks. Prints the tables of docs/compatibility.md: files and
distinct versions (by SHA-256) of each branch, how many passed, errors of each kind; --errors adds what went wrong, version by version.
--newest tries each version only in the newest branch that has it, which is quicker. Reports and branches are left in --work.
"""

import argparse
import collections
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

KINDS = ("api", "playbook", "answer")


def git(checkout, *arguments, given=None):
    return subprocess.run(["git", "-C", checkout, *arguments], input=given, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout


def release_branches(checkout):
    names = git(checkout, "for-each-ref", "--format=%(refname)", "refs/heads", "refs/remotes").decode().split()
    found = {name.rpartition("/")[2]: name for name in names if re.fullmatch(r"\d+\.\d+", name.rpartition("/")[2])}
    return {branch: found[branch] for branch in sorted(found, key=lambda one: [int(part) for part in one.split(".")])}


def export(checkout, ref, folder):
    """The branch's files without pictures; a file that this checkout does not hold is left out, which `git archive` would not bear."""
    for line in git(checkout, "ls-tree", "-r", "-z", ref).decode().split("\0"):
        about, _, path = line.partition("\t")
        if not path.endswith((".py", ".json")):
            continue
        target = folder / path
        if not target.exists():
            data = git(checkout, "cat-file", "blob", about.split()[2])
            if data:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)


def is_playbook(path):
    return "custom_functions" not in path.parts and b"def on_start(" in path.read_bytes()


def table(header, rows):
    print("| " + " | ".join(header) + " |\n| " + " | ".join(["---"] + ["--:"] * (len(header) - 1)) + " |")
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def counts(tried):
    """Passed, then how many have an error of each kind."""
    kinds = [{error["kind"] for case in one["cases"] for error in case["errors"]} for one in tried]
    passed = sum(all(case["status"] == "passed" for case in one["cases"]) for one in tried)
    return [passed] + [sum(kind in each for each in kinds) for kind in KINDS]


def main():
    reader = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    reader.add_argument("checkout")
    reader.add_argument("--vedette", default=str(pathlib.Path(__file__).parent.parent / "src/Vedette/bin/Release/net10.0/vedette"))
    reader.add_argument("--work", default=None)
    reader.add_argument("--newest", action="store_true")
    reader.add_argument("--errors", action="store_true")
    given = reader.parse_args()
    work = pathlib.Path(given.work or tempfile.mkdtemp(prefix="vedette-compatibility-"))

    branches = release_branches(given.checkout)
    if not branches:
        sys.exit("%s holds no release branch: clone the repository with all its branches." % given.checkout)
    files = {}
    for branch, ref in branches.items():
        export(given.checkout, ref, work / branch)
        files[branch] = [path for path in sorted((work / branch).rglob("*.py")) if is_playbook(path)]
    newest = {hashlib.sha256(path.read_bytes()).hexdigest(): path for paths in files.values() for path in paths}
    asked = list(newest.values()) if given.newest else [path for paths in files.values() for path in paths]
    report = work / "report.json"
    report.unlink(missing_ok=True)
    subprocess.run([given.vedette, "playbook", "test", *map(str, asked), "--json", str(report)], stdout=subprocess.DEVNULL, check=False)
    tried = json.loads(report.read_text("utf-8"))["playbooks"]

    of_branch, of_version = collections.defaultdict(list), collections.defaultdict(list)
    for one in tried:
        of_branch[pathlib.Path(one["path"]).relative_to(work).parts[0]].append(one)
        of_version[one["sha256"]].append(one)
    # A version has passed when it has in every branch that holds it, and has the errors that it had in any.
    versions = [{"cases": [case for one in same for case in one["cases"]]} for same in of_version.values()]
    header = ["Branch", "Files", "Versions", "Passed", *KINDS]
    rows = [[branch, len(same), len({one["sha256"] for one in same}), *counts(same)] for branch, same in ((branch, of_branch[branch]) for branch in branches) if same]
    table(header, rows + [["all", len(tried), len(versions), *counts(versions)]])
    passed = counts(versions)[0]
    print("%d of %d versions passed in every branch that has them: %.1f %%." % (passed, len(versions), 100 * passed / len(versions)))

    if given.errors:
        print()
        for same in sorted(of_version.values(), key=lambda one: one[0]["path"]):
            said = collections.defaultdict(list)
            for one in same:
                for case in one["cases"]:
                    for error in case["errors"]:
                        said[(error["kind"], error["line"], error["message"])].append(pathlib.Path(one["path"]).relative_to(work).parts[0])
                    if case["status"] != "passed" and not case["errors"]:
                        said[("failed", 0, "; ".join(case.get("failures", [])))].append(pathlib.Path(one["path"]).relative_to(work).parts[0])
            for (kind, line, message), where in sorted(said.items()):
                print("%s %s:%d (%s) %s" % (kind, os.path.basename(same[0]["path"]), line, ", ".join(sorted(set(where))), message))


if __name__ == "__main__":
    main()
