"""Tries, inside a child whose sandbox is complete, what a hostile playbook would try. Each must be denied."""

import ctypes
import os
import socket

_libc = ctypes.CDLL(None, use_errno=True)


def _read(path):
    with open(path, "rb") as file:
        file.read(1)


def _write(folder):
    path = os.path.join(folder, ".vedette-probe-%d" % os.getpid())
    number = os.open(path, os.O_CREAT | os.O_WRONLY, 0o600)
    os.close(number)
    os.unlink(path)


def _open(family, kind):
    socket.socket(family, kind).close()


def _connect(path):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.connect(path)


def _start():
    pid = os.posix_spawn("/bin/true", ["true"], {})
    os.waitpid(pid, 0)


def _fork():
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)


def _trace():
    if _libc.ptrace(16, os.getppid(), None, None) != 0:  # PTRACE_ATTACH
        raise OSError(ctypes.get_errno(), "ptrace")


def _unshare():
    if _libc.unshare(0x10000000) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


def run(order):
    tries = [
        ("read a file of the data folder", lambda: _read(order["canary"])),
        ("read /etc/shadow", lambda: _read("/etc/shadow")),
        ("read /etc/passwd", lambda: _read("/etc/passwd")),
        ("list the root folder", lambda: os.listdir("/")),
        ("write beside the scratch folder", lambda: _write(order["outside"])),
        ("write to /tmp", lambda: _write("/tmp")),
        ("write to the folder of the program", lambda: _write(order["program"])),
        ("open an IPv4 socket", lambda: _open(socket.AF_INET, socket.SOCK_STREAM)),
        ("open an IPv6 socket", lambda: _open(socket.AF_INET6, socket.SOCK_STREAM)),
        ("open a UDP socket", lambda: _open(socket.AF_INET, socket.SOCK_DGRAM)),
        ("open a netlink socket", lambda: _open(socket.AF_NETLINK, socket.SOCK_RAW)),
        ("connect to a Unix socket by path", lambda: _connect(order["socket"])),
        ("start a program", _start),
        ("fork", _fork),
        ("signal the parent", lambda: os.kill(os.getppid(), 0)),
        ("trace the parent", _trace),
        ("read the parent's environment", lambda: _read("/proc/%d/environ" % os.getppid())),
        ("enter a new namespace", _unshare),
    ]
    results = []
    for name, attempt in tries:
        try:
            attempt()
        except FileNotFoundError as error:
            # Not there at all: nothing was reached, but nothing was proven either, unless it hides /proc.
            results.append({"name": name, "denied": True, "detail": str(error)})
        except OSError as error:
            results.append({"name": name, "denied": True, "detail": error.strerror or str(error)})
        else:
            results.append({"name": name, "denied": False, "detail": "was possible"})
    return results
