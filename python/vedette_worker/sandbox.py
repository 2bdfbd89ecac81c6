"""What keeps a worker in: namespaces, another user, limits, Landlock, seccomp. Each measure says whether it was reached.

Whether the sum of them holds is not decided here but by trying (see probes).
"""

import ctypes
import os
import resource
import signal
import struct
import sys

from vedette_worker import seccomp

_libc = ctypes.CDLL(None, use_errno=True)
_prctl = _libc.prctl
_syscall = _libc.syscall

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS = 1, 4, 22, 38
_NEWUSER, _NEWPID, _NEWNET, _NEWIPC, _NEWUTS = 0x10000000, 0x20000000, 0x40000000, 0x08000000, 0x04000000
_CAPSET = {"x86_64": 126, "aarch64": 91}
_CREATE, _ADD, _RESTRICT = 444, 445, 446

_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_REFER, _TRUNCATE, _IOCTL = 1 << 13, 1 << 14, 1 << 15
_READ = _READ_FILE | _READ_DIR | _EXECUTE
_ALL_BY_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}


def _check(result, what):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, "%s: %s" % (what, os.strerror(number)))
    return result


def die_with_parent():
    _check(_prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0), "PR_SET_PDEATHSIG")


def not_dumpable():
    _check(_prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "PR_SET_DUMPABLE")


def no_new_privileges():
    _check(_prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")


def unshare():
    """Own process numbers, no network. As an ordinary user this needs a user namespace, which some systems forbid."""
    wanted = _NEWPID | _NEWNET | _NEWIPC | _NEWUTS
    if os.geteuid() == 0:
        _check(_libc.unshare(wanted), "unshare")
        return
    uid, gid = os.geteuid(), os.getegid()
    _check(_libc.unshare(wanted | _NEWUSER), "unshare")
    for name, text in (("setgroups", "deny"), ("uid_map", "%d %d 1" % (uid, uid)), ("gid_map", "%d %d 1" % (gid, gid))):
        with open("/proc/self/" + name, "w") as file:
            file.write(text)


def become(uid):
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def drop_capabilities():
    number = _CAPSET[os.uname().machine]
    header = ctypes.create_string_buffer(struct.pack("<II", 0x20080522, 0))
    nothing = ctypes.create_string_buffer(24)
    _check(_syscall(number, header, nothing), "capset")


def limit(kind, value):
    resource.setrlimit(kind, (value, value))


def address_space():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[0]) * resource.getpagesize()


class Landlock:
    """The folders of a worker, opened once in the zygote and named by number ever after."""

    def __init__(self, readable, writable):
        self.version = _check(_syscall(_CREATE, None, ctypes.c_size_t(0), 1), "landlock")
        self._all = _ALL_BY_VERSION.get(self.version, (1 << 16) - 1)
        self._readable = []
        for path in readable:
            if os.path.exists(path):
                access = _READ if os.path.isdir(path) else _READ_FILE | _EXECUTE
                self._readable.append((access, os.open(path, os.O_PATH | os.O_CLOEXEC)))
        for path in ("/dev/null", "/dev/urandom"):
            self._readable.append((_READ_FILE | (_WRITE_FILE if path.endswith("null") else 0), os.open(path, os.O_PATH | os.O_CLOEXEC)))
        self._readable = [(ctypes.create_string_buffer(struct.pack("<Qi", access & self._all, number)), number)
                          for access, number in self._readable]
        self._writable = writable

    def enforce(self, writable, alone):
        """Nothing but these folders from here on; `alone`: and no signal to anybody outside, no abstract socket."""
        attributes = struct.pack("<Q", self._all)
        if self.version >= 4:
            attributes += struct.pack("<Q", 3)  # neither bind nor connect by TCP: no port is ever named
        if self.version >= 6:
            attributes += struct.pack("<Q", 3 if alone else 0)
        ruleset = _check(_syscall(_CREATE, ctypes.create_string_buffer(attributes), ctypes.c_size_t(len(attributes)), 0), "landlock")
        try:
            for rule, _ in self._readable:
                _check(_syscall(_ADD, ruleset, 1, rule, 0), "landlock rule")
            folder = os.open(writable, os.O_PATH | os.O_CLOEXEC)
            try:
                # No file in scratch is ever a program, a device, a socket or a pipe.
                access = self._all & ~(_EXECUTE | _IOCTL | (1 << 6) | (1 << 9) | (1 << 10) | (1 << 11))
                rule = ctypes.create_string_buffer(struct.pack("<Qi", access, folder))
                _check(_syscall(_ADD, ruleset, 1, rule, 0), "landlock rule")
            finally:
                os.close(folder)
            _check(_syscall(_RESTRICT, ruleset, 0), "landlock_restrict_self")
        finally:
            os.close(ruleset)

    def forget(self):
        for _, number in self._readable:
            os.close(number)


def filter_calls(program):
    _check(_prctl(_PR_SET_SECCOMP, 2, ctypes.c_void_p(program.address), 0, 0), "PR_SET_SECCOMP")


def interpreter_folders():
    """Where the interpreter, its library and the shared objects it has loaded live."""
    folders = {os.path.dirname(os.__file__), os.path.realpath(sys.executable), "/etc/ld.so.cache", "/usr/share/zoneinfo"}
    folders.update(path for path in sys.path if os.path.isdir(path))
    with open("/proc/self/maps") as file:
        for line in file:
            path = line.split(None, 5)[-1].strip()
            if path.startswith("/") and ".so" in path:
                folders.add(os.path.dirname(os.path.realpath(path)))
    return sorted(folders)


class Sandbox:
    """The measures in the order in which they are taken, and which of them this machine allowed."""

    def __init__(self, without=()):
        self.measures = []
        self._without = set(without)
        self.landlock = None
        self._child_filter = None

    def take(self, name, act):
        if name in self._without:
            self.measures.append({"name": name, "on": False, "detail": "switched off by a setting"})
            return False
        try:
            detail = act()
        except (OSError, ValueError, KeyError) as error:
            self.measures.append({"name": name, "on": False, "detail": str(error)})
            return False
        self.measures.append({"name": name, "on": True, "detail": detail or ""})
        return True

    def close_zygote(self, readable, scratch, uid):
        if os.geteuid() == 0:
            self.take("user", lambda: become(uid) or "uid %d" % uid)
        die_with_parent()
        self.take("no_new_privs", no_new_privileges)
        self.take("capabilities", drop_capabilities)
        self.take("not_dumpable", not_dumpable)
        self.take("limits", self._limits)
        self.take("landlock", lambda: self._landlock(readable, scratch))
        self.take("seccomp", self._seccomp)

    def _limits(self):
        limit(resource.RLIMIT_CORE, 0)
        limit(resource.RLIMIT_NOFILE, 128)
        limit(resource.RLIMIT_FSIZE, 256 * 1024 * 1024)
        limit(resource.RLIMIT_MEMLOCK, 0)
        limit(resource.RLIMIT_MSGQUEUE, 0)
        if os.getuid() != 0:
            # Threads and processes of this user on the whole machine: a lid on a storm of threads, not a count.
            soft, hard = resource.getrlimit(resource.RLIMIT_NPROC)
            wanted = 4096 if hard == resource.RLIM_INFINITY else min(4096, hard)
            limit(resource.RLIMIT_NPROC, wanted)

    def _landlock(self, readable, scratch):
        self.landlock = Landlock(readable, scratch)
        self.landlock.enforce(scratch, False)
        return "version %d" % self.landlock.version

    def _seccomp(self):
        program = seccomp.program(False)
        self._child_filter = seccomp.program(True)
        if program is None:
            raise OSError("the system calls of %s are not known here" % os.uname().machine)
        filter_calls(program)

    def close_child(self, scratch, memory):
        """The stricter half, once a child's own connection is open. What fails here ends the child."""
        if self.landlock is not None:
            self.landlock.enforce(scratch, True)
            self.landlock.forget()
        limit(resource.RLIMIT_AS, memory)
        if self._child_filter is not None:
            filter_calls(self._child_filter)
