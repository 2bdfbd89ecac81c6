"""Started by the server: puts on the sandbox, loads what playbooks need, and forks a child whenever it is asked for one.

It never sees a playbook, a secret of one or its data. Configuration comes over standard input, so that nothing of it is
in the list of processes.
"""

import sys

if sys.version_info < (3, 9):  # Before anything that an older interpreter does not know; the server turns it into a sentence.
    sys.stderr.write("too old: %d.%d.%d" % tuple(sys.version_info[:3]))
    sys.stderr.flush()
    sys.exit(39)

import gc
import json
import os
import resource
import signal
import socket
import time

_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[0] = _FOLDER

# Loaded once and shared by every child: what nearly every playbook imports.
import ast, base64, bisect, calendar, collections, collections.abc, copy, csv, dataclasses, datetime, decimal, difflib  # noqa: E401,E402
import email.utils, enum, fnmatch, fractions, functools, hashlib, heapq, hmac, html, html.parser, io, ipaddress  # noqa: E401,E402
import itertools, linecache, math, operator, random, re, statistics, string, struct, tempfile, textwrap, traceback  # noqa: E401,E402
import types, typing, unicodedata, urllib.parse, uuid, xml.etree.ElementTree, zlib, zoneinfo, _strptime  # noqa: E401,E402
import encodings.idna, encodings.latin_1, encodings.ascii, encodings.utf_16  # noqa: E401,E402

from vedette_worker import child, clock, probes, sandbox, tmpfolder  # noqa: E402
from vedette_worker.channel import Channel, Closed, decode, encode, framed  # noqa: E402
import phantom.rules, phantom.utils, phantom.vault  # noqa: E401,E402
from phantom import _libraries  # noqa: E402


def _silence(numbers):
    nothing = os.open("/dev/null", os.O_RDWR)
    for number in numbers:
        os.dup2(nothing, number)
    os.close(nothing)


def _keep_waiting(pid):
    """The process the server started only waits: the zygote proper is the first of its own process numbers."""
    _silence((0, 1))
    os.closerange(3, 256)
    _, status = os.waitpid(pid, 0)
    os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _reap():
    """Children that have ended; waited for, so that their processor time is counted as this process's."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass  # none is left


def main():
    order = json.loads(sys.stdin.buffer.readline())
    # What the server itself inherited, from a shell or a service manager, is no business of a playbook.
    os.closerange(3, 65536)
    os.environ.clear()
    os.environ["TZ"] = "UTC"
    time.tzset()
    os.umask(0o077)
    box = sandbox.Sandbox(order["without"])
    readable = sandbox.interpreter_folders() + order["readable"]
    sys.path += order["packages"]
    _libraries.install()
    separate = box.take("namespaces", sandbox.unshare)
    if separate:
        pid = os.fork()
        if pid:
            _keep_waiting(pid)
        sandbox.die_with_parent()
    uid = order["uid"]
    if os.geteuid() == 0 and "user" not in order["without"]:
        for path in (order["folder"], order["socket"], order["scratch"]):
            os.chown(path, uid, uid)
    control = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    control.connect(order["socket"])
    os.chdir(order["scratch"])
    base = sandbox.address_space()
    box.close_zygote(readable, order["scratch"], uid)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    channel = Channel(control)
    channel.send(framed(encode({
        "hello": order["secret"], "zygote": True, "measures": box.measures, "python": sys.version.split()[0]})))
    _silence((0, 1, 2))
    tmpfolder.install()
    gc.collect()
    gc.freeze()
    parent = os.getpid()
    try:
        while True:
            request = decode(channel.read())
            _reap()
            if os.fork() == 0:
                control.close()
                child.live(request, order["socket"], order["scratch"], box, base, parent)
    except Closed:
        return


if __name__ == "__main__":
    main()
    os._exit(0)
