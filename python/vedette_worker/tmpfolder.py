"""The folder `/opt/phantom/vault/tmp`, which playbooks write to by that name, is the child's own scratch folder.

The name is translated in the functions that open and look at files, because a child may mount nothing.
"""

import builtins
import io
import os

NAME = "/opt/phantom/vault/tmp"
_BELOW = NAME + "/"
_scratch = None


def begin(scratch):
    global _scratch
    _scratch = scratch


def scratch():
    return _scratch


def real(path):
    """Where a path leads; what is no path, or another one, stays as it is."""
    if _scratch is None or isinstance(path, int):
        return path
    try:
        text = os.fspath(path)
    except TypeError:
        return path
    if isinstance(text, str) and text.startswith(NAME) and (text == NAME or text.startswith(_BELOW)):
        return _scratch + text[len(NAME):]
    return path


def _translated(function, count):
    def translated(*arguments, **keywords):
        if arguments:
            arguments = tuple(real(one) for one in arguments[:count]) + arguments[count:]
        return function(*arguments, **keywords)
    translated.__name__, translated.__qualname__, translated.__doc__ = function.__name__, function.__name__, function.__doc__
    return translated


def install():
    builtins.open = io.open = _translated(builtins.open, 1)
    for name, paths in (("open", 1), ("stat", 1), ("lstat", 1), ("access", 1), ("mkdir", 1), ("rmdir", 1), ("listdir", 1), ("scandir", 1),
                        ("remove", 1), ("unlink", 1), ("chdir", 1), ("rename", 2), ("replace", 2)):
        setattr(os, name, _translated(getattr(os, name), paths))
