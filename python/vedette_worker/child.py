"""A child: one playbook version of one tenant and user, turn after turn, until it is told to stop or something is left over."""

import os
import random
import socket
import sys
import tempfile
import threading

from phantom import _link
from vedette_worker import clock, examine, probes, sandbox, source, tmpfolder, turn
from vedette_worker.channel import Channel, Closed, decode, encode, framed


def live(request, path, scratch_root, box, base, parent):
    """Never returns."""
    code = 70
    try:
        _live(request, path, scratch_root, box, base, parent)
        code = 0
    except Closed:
        code = 0
    finally:
        os._exit(code)


def _live(request, path, scratch_root, box, base, parent):
    sandbox.die_with_parent()
    if os.getppid() != parent:
        return
    link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    link.connect(path)
    channel = Channel(link)
    scratch = os.path.join(scratch_root, request["scratch"])
    os.mkdir(scratch, 0o700)
    os.chdir(scratch)
    tempfile.tempdir = scratch
    channel.send(framed(encode({"hello": request["secret"]})))
    box.close_child(scratch, base + request["memory"])
    del request["secret"]
    if request.get("probes"):
        channel.send(framed(encode({"probes": probes.run(request["probes"])})))
        # Who asked looks up this process while it greets it: it may not be gone by then.
        channel.read()
        return
    tmpfolder.begin(scratch)
    keeper = turn.Keeper(scratch)
    while True:
        message = decode(channel.read())
        if "turn" in message:
            text = bytes(channel.read()) if message["source"] else None
            if not turn.run(channel, keeper, message, text):
                return
        elif "examine" in message:
            channel.send(framed(encode(examine.examine(message["examine"], bytes(channel.read()), message["py2"]))))
        elif "check" in message:
            channel.send(framed(encode(source.check(message["check"], bytes(channel.read()), message["py2"]))))
