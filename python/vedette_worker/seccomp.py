"""System calls that a worker may not make, as a BPF program for seccomp.

Two layers: one on the zygote, inherited by every fork, and a stricter one that a child puts on itself when its own
connection is open. What neither knows, because the kernel is newer than this list, does not exist for a worker.
"""

import ctypes
import errno
import platform
import struct

_MACHINES = {
    "x86_64": (0xC000003E, {
        "execve": 59, "execveat": 322, "ptrace": 101, "process_vm_readv": 310, "process_vm_writev": 311, "kcmp": 312,
        "unshare": 272, "setns": 308, "mount": 165, "umount2": 166, "pivot_root": 155, "chroot": 161,
        "kexec_load": 246, "kexec_file_load": 320, "init_module": 175, "finit_module": 313, "delete_module": 176,
        "bpf": 321, "perf_event_open": 298, "userfaultfd": 323, "keyctl": 250, "add_key": 248, "request_key": 249,
        "open_by_handle_at": 304, "name_to_handle_at": 303, "reboot": 169, "swapon": 167, "swapoff": 168,
        "quotactl": 179, "acct": 163, "settimeofday": 164, "clock_settime": 227, "adjtimex": 159,
        "clock_adjtime": 305, "sethostname": 170, "setdomainname": 171, "iopl": 172, "ioperm": 173,
        "personality": 135, "syslog": 103, "vhangup": 153, "fanotify_init": 300, "modify_ldt": 154, "uselib": 134,
        "shmget": 29, "shmat": 30, "shmctl": 31, "semget": 64, "msgget": 68, "mq_open": 240,
        "socket": 41, "connect": 42, "bind": 49, "listen": 50, "accept": 43, "accept4": 288, "socketpair": 53,
        "sendmsg": 46, "sendmmsg": 307,
        "fork": 57, "vfork": 58, "clone": 56, "kill": 62, "tkill": 200, "tgkill": 234, "rt_sigqueueinfo": 129,
        "rt_tgsigqueueinfo": 297, "prctl": 157, "seccomp": 317, "setsid": 112, "setpgid": 109,
        "chmod": 90, "fchmod": 91, "fchmodat": 268, "chown": 92, "fchown": 93, "lchown": 94, "fchownat": 260,
        "setxattr": 188, "lsetxattr": 189, "fsetxattr": 190, "removexattr": 197, "lremovexattr": 198,
        "fremovexattr": 199, "utime": 132, "utimes": 235, "utimensat": 280, "futimesat": 261,
        "inotify_init": 253, "inotify_init1": 294, "truncate": 76, "mknod": 133, "mknodat": 259,
        "sched_setscheduler": 144, "setpriority": 141, "ioprio_set": 251, "sched_setparam": 142, "sched_setaffinity": 203,
        "sched_setattr": 314, "migrate_pages": 256, "move_pages": 279, "prlimit64": 302,
    }),
    "aarch64": (0xC00000B7, {
        "execve": 221, "execveat": 281, "ptrace": 117, "process_vm_readv": 270, "process_vm_writev": 271, "kcmp": 272,
        "unshare": 97, "setns": 268, "mount": 40, "umount2": 39, "pivot_root": 41, "chroot": 51,
        "kexec_load": 104, "kexec_file_load": 294, "init_module": 105, "finit_module": 273, "delete_module": 106,
        "bpf": 280, "perf_event_open": 241, "userfaultfd": 282, "keyctl": 219, "add_key": 217, "request_key": 218,
        "open_by_handle_at": 265, "name_to_handle_at": 264, "reboot": 142, "swapon": 224, "swapoff": 225,
        "quotactl": 60, "acct": 89, "settimeofday": 170, "clock_settime": 112, "adjtimex": 171,
        "clock_adjtime": 266, "sethostname": 161, "setdomainname": 162,
        "personality": 92, "syslog": 116, "vhangup": 58, "fanotify_init": 262,
        "shmget": 194, "shmat": 196, "shmctl": 195, "semget": 190, "msgget": 186, "mq_open": 180,
        "socket": 198, "connect": 203, "bind": 200, "listen": 201, "accept": 202, "accept4": 242, "socketpair": 199,
        "sendmsg": 211, "sendmmsg": 269,
        "clone": 220, "kill": 129, "tkill": 130, "tgkill": 131, "rt_sigqueueinfo": 138,
        "rt_tgsigqueueinfo": 240, "prctl": 167, "seccomp": 277, "setsid": 157, "setpgid": 154,
        "fchmod": 52, "fchmodat": 53, "fchown": 55, "fchownat": 54,
        "setxattr": 5, "lsetxattr": 6, "fsetxattr": 7, "removexattr": 14, "lremovexattr": 15, "fremovexattr": 16,
        "utimensat": 88, "inotify_init1": 26, "truncate": 45, "mknodat": 33,
        "sched_setscheduler": 119, "setpriority": 140, "ioprio_set": 30, "sched_setparam": 118, "sched_setaffinity": 122,
        "sched_setattr": 274, "migrate_pages": 238, "move_pages": 239, "prlimit64": 261,
    }),
}

# From 424 on every machine has the same numbers.
_SHARED = {
    "pidfd_send_signal": 424, "io_uring_setup": 425, "io_uring_enter": 426, "io_uring_register": 427,
    "open_tree": 428, "move_mount": 429, "fsopen": 430, "fsconfig": 431, "fsmount": 432, "fspick": 433,
    "pidfd_open": 434, "clone3": 435, "pidfd_getfd": 438, "process_madvise": 440, "mount_setattr": 442, "landlock_create_ruleset": 444,
    "landlock_add_rule": 445, "landlock_restrict_self": 446, "memfd_secret": 447, "process_mrelease": 448,
    "fchmodat2": 452,
}
_HIGHEST_KNOWN = 462

_NEVER = (
    "execve execveat ptrace process_vm_readv process_vm_writev kcmp unshare setns mount umount2 pivot_root chroot "
    "kexec_load kexec_file_load init_module finit_module delete_module bpf perf_event_open userfaultfd keyctl add_key "
    "request_key open_by_handle_at name_to_handle_at reboot swapon swapoff quotactl acct settimeofday clock_settime "
    "adjtimex clock_adjtime sethostname setdomainname iopl ioperm personality syslog vhangup fanotify_init modify_ldt "
    "uselib shmget shmat shmctl semget msgget mq_open pidfd_send_signal pidfd_open pidfd_getfd io_uring_setup "
    "io_uring_enter io_uring_register open_tree move_mount fsopen fsconfig fsmount fspick mount_setattr memfd_secret "
    "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo bind listen accept accept4 socketpair mknod mknodat"
).split()

# chmod, chown, attributes, times and truncate by path: Landlock does not cover them (truncate only from its third version on).
_NOT_IN_A_CHILD = (
    "socket connect sendmsg sendmmsg fork vfork prctl seccomp setsid setpgid chmod fchmod fchmodat fchmodat2 chown "
    "fchown lchown fchownat setxattr lsetxattr fsetxattr removexattr lremovexattr fremovexattr utime utimes utimensat "
    "futimesat inotify_init inotify_init1 truncate landlock_create_ruleset landlock_add_rule landlock_restrict_self "
    "sched_setscheduler sched_setparam sched_setaffinity sched_setattr setpriority ioprio_set migrate_pages move_pages "
    "process_madvise process_mrelease"
).split()

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_AF_UNIX, _CLONE_THREAD = 1, 0x00010000


def _line(code, value, when_true=0, when_false=0):
    return struct.pack("<HBBI", code, when_true, when_false, value)


def program(child):
    """The filter for a child, or for the zygote; None on a machine whose numbers we do not know."""
    known = _MACHINES.get(platform.machine())
    if known is None:
        return None
    architecture, numbers = known
    numbers = {**numbers, **_SHARED}
    refuse, unknown = _REFUSE | errno.EPERM, _REFUSE | errno.ENOSYS
    lines = [
        _line(_LOAD, _ARCHITECTURE),
        _line(_EQUAL, architecture, 1, 0),
        _line(_RETURN, _KILL),
        _line(_LOAD, _NUMBER),
        _line(_AT_LEAST, _HIGHEST_KNOWN + 1, 0, 1),
        _line(_RETURN, unknown),
    ]
    for name in _NEVER + (_NOT_IN_A_CHILD if child else []):
        number = numbers.get(name)
        if number is not None:
            lines += [_line(_EQUAL, number, 0, 1), _line(_RETURN, refuse)]
    if child:
        # A thread is allowed, a process is not; clone3 hides its flags in memory, so the C library is sent back to clone.
        lines += [_line(_EQUAL, numbers["clone3"], 0, 1), _line(_RETURN, unknown)]
        # A child asks for its own limits; those of another of the same user would be as good as a signal.
        lines += [
            _line(_EQUAL, numbers["prlimit64"], 0, 4),
            _line(_LOAD, _FIRST_ARGUMENT),
            _line(_EQUAL, 0, 1, 0),
            _line(_RETURN, refuse),
            _line(_RETURN, _ALLOW),
        ]
        lines += [
            _line(_EQUAL, numbers["clone"], 0, 4),
            _line(_LOAD, _FIRST_ARGUMENT),
            _line(_ANY_BIT, _CLONE_THREAD, 1, 0),
            _line(_RETURN, refuse),
            _line(_RETURN, _ALLOW),
        ]
    else:
        lines += [
            _line(_EQUAL, numbers["socket"], 0, 4),
            _line(_LOAD, _FIRST_ARGUMENT),
            _line(_EQUAL, _AF_UNIX, 1, 0),
            _line(_RETURN, refuse),
            _line(_RETURN, _ALLOW),
        ]
    lines.append(_line(_RETURN, _ALLOW))
    return Program(b"".join(lines))


class _Header(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)]


class Program:
    """A filter laid out in memory, so that a child only has to hand it over."""

    def __init__(self, code):
        self._code = ctypes.create_string_buffer(code, len(code))
        self.header = _Header(len(code) // 8, ctypes.addressof(self._code))
        self.address = ctypes.addressof(self.header)
