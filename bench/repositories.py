"""Measures repositories: a pull of many playbooks, the list of them, a pull that changes some, and activating one that waits.

    python3 bench/repositories.py VEDETTE [--playbooks N] [--checkout GIT --branches OLD NEW]

VEDETTE is the program. With --checkout, a git directory with the branches of github.com/phantomcyber/playbooks, the two branches take the place
of the N made-up playbooks: the first is pulled, then the other. Prints a line for each step, in seconds.
"""

import argparse
import base64
import json
import os
import pathlib
import re
import secrets
import subprocess
import tempfile
import time
import urllib.request

SOURCE = "import phantom.rules as phantom\n\n\ndef on_start(container):\n    phantom.debug('%s')\n    look(container=container)\n\n\ndef look(container=None, **kwargs):\n    phantom.debug('looks')\n\n\ndef on_finish(container, summary):\n    return\n"


def git(folder, *arguments):
    about = {"GIT_AUTHOR_NAME": "Bench", "GIT_AUTHOR_EMAIL": "bench@localhost", "GIT_COMMITTER_NAME": "Bench", "GIT_COMMITTER_EMAIL": "bench@localhost", "GIT_CONFIG_GLOBAL": "/dev/null"}
    return subprocess.run(["git", "-C", folder, *arguments], check=True, stdout=subprocess.PIPE, env={**os.environ, **about}).stdout.decode().strip()


class Server:
    def __init__(self, program, data, root):
        self._password = secrets.token_hex(16)
        self._process = subprocess.Popen(
            [program, "serve", "--data", data, "--urls", "http://127.0.0.1:0", "--repository-root", root], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "VEDETTE_ADMIN_PASSWORD": self._password})
        for line in self._process.stdout:
            found = re.search(r"Vedette listens on (http://\S+?)/?\s*$", line)
            if found:
                self._url = found[1]
                break

    def ask(self, path, body=None):
        request = urllib.request.Request(self._url + path, data=None if body is None else json.dumps(body).encode())
        request.add_header("Authorization", "Basic " + base64.b64encode(("admin:" + self._password).encode()).decode())
        with urllib.request.urlopen(request, timeout=600) as answer:
            return json.load(answer)

    def close(self):
        self._process.terminate()
        self._process.wait(30)


def timed(what, act):
    began = time.monotonic()
    answer = act()
    print("%-52s %8.2f s" % (what, time.monotonic() - began), flush=True)
    return answer


def made_up(folder, count):
    bare, work = str(folder / "playbooks.git"), folder / "work"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(work)], check=True)

    def commit(numbers, word):
        for number in numbers:
            (work / ("playbook_%04d.py" % number)).write_text(SOURCE % ("%s %d" % (word, number)))
            (work / ("playbook_%04d.json" % number)).write_text('{"python_version":"3","labels":["events"],"category":"Bench"}')
        git(str(work), "add", "--all")
        git(str(work), "commit", "--quiet", "--message", word)
        git(str(work), "push", "--quiet", bare, "HEAD:main")

    commit(range(count), "first")
    return bare, "main", "main", lambda: commit(range(0, count, 20), "second")


def public(folder, checkout, old, new):
    """The branches one after the other, without pictures: a file that the checkout does not hold is left out."""
    bare, work = str(folder / "playbooks.git"), folder / "work"
    subprocess.run(["git", "init", "--quiet", "--bare", bare], check=True)
    subprocess.run(["git", "init", "--quiet", str(work)], check=True)
    names = git(checkout, "for-each-ref", "--format=%(refname)").split()
    for branch in (old, new):
        name = next(one for one in names if one.rpartition("/")[2] == branch)
        git(str(work), "rm", "-r", "--quiet", "--ignore-unmatch", "--cached", ".")
        subprocess.run(["git", "-C", str(work), "clean", "--quiet", "--force", "-d", "-x"], check=True)
        for line in git(checkout, "ls-tree", "-r", "-z", name).split("\0"):
            about, _, path = line.partition("\t")
            if path.endswith((".py", ".json")):
                read = subprocess.run(["git", "-C", checkout, "cat-file", "blob", about.split()[2]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
                if read.returncode == 0:
                    (work / path).parent.mkdir(parents=True, exist_ok=True)
                    (work / path).write_bytes(read.stdout)
        git(str(work), "add", "--all", "--force")
        git(str(work), "commit", "--quiet", "--message", branch)
        git(str(work), "push", "--quiet", bare, "HEAD:refs/heads/%s" % branch)
    return bare, old, new, lambda: None


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("vedette")
    arguments.add_argument("--playbooks", type=int, default=2000)
    arguments.add_argument("--checkout")
    arguments.add_argument("--branches", nargs=2, default=("6.2", "6.3"))
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="vedette-bench-") as name:
        folder = pathlib.Path(name)
        bare, old, new, change = public(folder, given.checkout, *given.branches) if given.checkout else made_up(folder, given.playbooks)
        server = Server(given.vedette, str(folder / "data"), name)
        try:
            number = server.ask("/rest/scm", {"name": "bench", "uri": "file://" + bare, "branch": old})["id"]
            pulled = timed("first pull", lambda: server.ask("/rest/scm/%d" % number, {"pull": True}))
            print("  %d taken, %d notes" % (len(pulled["taken"]), len(pulled["notes"])))
            listed = timed("list, with metadata", lambda: server.ask("/rest/playbook?_filter_scm=%d&page_size=0" % number))["data"]
            print("  %d listed, %d can run" % (len(listed), sum(one["passed_validation"] for one in listed)))
            timed("pull that brings nothing", lambda: server.ask("/rest/scm/%d" % number, {"pull": True}))
            first = next(one for one in sorted(listed, key=lambda one: one["name"]) if one["passed_validation"] and one["playbook_type"] == "automation")
            timed("activate one", lambda: server.ask("/rest/playbook/%d" % first["id"], {"active": True}))
            before = server.ask("/rest/scm/%d" % number)["head"]
            change()
            server.ask("/rest/scm/%d" % number, {"branch": new})
            pulled = timed("pull of the next state", lambda: server.ask("/rest/scm/%d" % number, {"pull": True, "force": True}))
            print("  %d taken, %d wait, %d gone" % (len(pulled["taken"]), len(pulled["waiting"]), len(pulled["gone"])))
            differing = timed("what differs, block by block", lambda: server.ask("/rest/scm/%d/diff?from=%s&to=%s" % (number, before, pulled["commit"])))["data"]
            blocks = [block["status"] for diff in differing for block in diff["blocks"]]
            print("  %d playbooks differ: %d blocks came, %d changed, %d went; %d asks are new" % (
                len(differing), blocks.count("came"), blocks.count("changed"), blocks.count("went"), sum(len(diff["asks"]) for diff in differing)))
            if pulled["waiting"]:
                timed("take one that waits", lambda: server.ask("/rest/scm/%d/take" % number, {"playbooks": [pulled["waiting"][0]["name"]]}))
                timed("roll it back", lambda: server.ask("/rest/scm/%d/rollback" % number, {"playbook": pulled["waiting"][0]["name"]}))
        finally:
            server.close()


if __name__ == "__main__":
    main()
