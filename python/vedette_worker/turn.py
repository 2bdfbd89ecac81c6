"""A turn: one call of one function of a playbook, in a fresh module, after which nothing of it is left."""

import _thread
import builtins
import gc
import linecache
import os
import resource
import select
import shutil
import sys
import traceback
import types

from phantom import _api, _link
from vedette_worker import clock, places, source
from vedette_worker.channel import encode, framed

_VARIABLE_KEYWORDS = 0x08
_MOST_FILES = 1024


class _Prints:
    """What a playbook prints is a line of its log."""
    encoding = "utf-8"
    errors = "replace"

    def __init__(self, level):
        self._level = level
        self._part = ""

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        lines = (self._part + text).split("\n") if self._part else text.split("\n")
        self._part = lines.pop()
        for line in lines:
            _link.turn.log(self._level, line)
        if len(self._part) > 65536:
            self.finish()
        return len(text)

    def finish(self):
        if self._part:
            part, self._part = self._part, ""
            _link.turn.log(self._level, part)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def flush(self):
        pass

    def isatty(self):
        return False

    def writable(self):
        return True


class Keeper:
    """What a child looked like before its first turn, and how to make it look so again."""

    def __init__(self, scratch):
        self._scratch = scratch
        self._environment = dict(os.environ._data)
        self._builtins = dict(vars(builtins))
        self._path = list(sys.path)
        self._threads = _thread._count()
        self._trusted = tuple(path + os.sep for path in self._path)
        self._known = set(sys.modules)
        self._codes = {}
        self._stdout, self._stderr = _Prints(_link.PRINT), _Prints(_link.ERROR)
        sys.stdout, sys.stderr, sys.stdin = self._stdout, self._stderr, None
        self._spare = select.poll()
        self._spares = 0
        for number in range(min(resource.getrlimit(resource.RLIMIT_NOFILE)[0], _MOST_FILES)):
            try:
                os.fstat(number)
            except OSError:
                self._spare.register(number, 0)
                self._spares += 1

    def code(self, message, text):
        watch = "watch" in message
        known = self._codes.get((message["hash"], watch))
        if known is None:
            if text is None:
                raise RuntimeError("the source of %s did not arrive" % message["name"])
            known = self._codes[(message["hash"], watch)] = source.compiled(message["name"], text, message["py2"], watch)
        return known

    def finish_prints(self):
        self._stdout.finish()
        self._stderr.finish()

    def clean(self):
        """True when nothing is left that the next turn could find."""
        if _thread._count() != self._threads:
            return False
        if sys.stdout is not self._stdout or sys.stderr is not self._stderr or sys.path != self._path:
            return False
        if os.environ._data != self._environment:
            os.environ.clear()
            for key, value in self._environment.items():
                os.environ[os.fsdecode(key)] = os.fsdecode(value)
        if vars(builtins) != self._builtins:
            return False
        if len(sys.modules) != len(self._known) and not self._forget_modules():
            return False
        if os.getcwd() != self._scratch:
            os.chdir(self._scratch)
        os.umask(0o077)
        if not self._all_closed():
            gc.collect()
            if not self._all_closed():
                return False
        with os.scandir(self._scratch) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
        return True

    def _all_closed(self):
        """No number that was free at first is open now: one call for all of them, which names those that are closed."""
        return len(self._spare.poll(0)) == self._spares

    def _forget_modules(self):
        """A module of the interpreter's library may stay loaded; one from anywhere else ends the child."""
        for name in list(sys.modules):
            if name in self._known:
                continue
            specification = getattr(sys.modules[name], "__spec__", None)
            origin = getattr(specification, "origin", None)
            if origin in ("built-in", "frozen") or (isinstance(origin, str) and origin.startswith(self._trusted)):
                self._known.add(name)
            else:
                return False
        return True


def _failure(error, name, text):
    line = 0
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == name:
            line = trace.tb_lineno
        trace = trace.tb_next
    if isinstance(error, SyntaxError) and error.filename == name:
        line = error.lineno or line
    if text is not None:
        linecache.cache[name] = (len(text), None, text.splitlines(True), name)
    try:
        message = str(error)
    except Exception as second:  # an exception of the playbook's own making may fail even to say what it is
        message = "(its text could not be had: %s)" % type(second).__name__
    lines = traceback.format_exception(type(error), error, _outer(error.__traceback__, name), limit=-40)
    return {"type": type(error).__name__, "message": message[:100_000], "traceback": "".join(lines)[-100_000:], "line": line}


def _outer(trace, name):
    """The traceback from the playbook's first line on: what called it is no business of its author."""
    at = trace
    while at is not None and at.tb_frame.f_code.co_filename != name:
        at = at.tb_next
    return at or trace


def _accepted(function, keywords):
    inner = function
    while hasattr(inner, "__wrapped__"):
        inner = inner.__wrapped__
    code = getattr(inner, "__code__", None)
    if code is None or code.co_flags & _VARIABLE_KEYWORDS:
        return keywords
    names = code.co_varnames[:code.co_argcount + code.co_kwonlyargcount]
    return {key: value for key, value in keywords.items() if key in names}


def run(channel, keeper, message, text):
    """Runs it and answers; False when this child must serve nothing more."""
    current = _link.begin(channel, message)
    clock.start(message["clock"], message["seed"], message.get("now"))
    name = message["name"]
    lines, module, reached, end = None, None, True, None
    watched = set() if "watch" in message else None
    try:
        try:
            code, reached, lines = keeper.code(message, text)
            module = types.ModuleType(name.rpartition("/")[2].partition(".")[0])
            space = module.__dict__
            space["__file__"] = name
            if watched is not None:
                space[places.MARK] = watched.add
            if message["py2"]:
                space.update(source.python2_names())
                for alias, each in source.PYTHON2_MODULES.items():
                    sys.modules.setdefault(alias, each)
                    keeper._known.add(alias)
                if "container" in code.co_names:
                    # In the days of Python 2 it was a name of the module: some have it as the default of an argument.
                    space["container"] = _api.get_container(current.handed.get("container_id"))
            exec(code, space)
            function = space.get(message["function"])
            value, keywords = None, message["kwargs"]
            if function is not None or not message["optional"]:
                if not callable(function):
                    raise AttributeError("there is no function %s in %s" % (message["function"], name))
                value = function(*message["args"], **(_accepted(function, keywords) if keywords else keywords))
            end = b'{"r":' + encode(value if message["cf"] else None) + b"}"
        except MemoryError:
            raise
        except BaseException as error:  # SystemExit and KeyboardInterrupt end a turn like any other
            end = encode({"e": _failure(error, name, lines)})
        keeper.finish_prints()
        current.flush_log()
    except MemoryError:
        module = space = function = value = message = None
        current.drop()
        channel.send(framed(b'{"m":true}'))
        return False
    failed = end.startswith(b'{"e"')
    # The module's names hold its functions and these the names: cut the ring, so that nothing waits for the collector.
    if module is not None:
        space.clear()
    module = space = function = value = keywords = None
    message.clear()
    readings = clock.new_readings()
    if readings:
        current.pending(encode({"k": readings}))
    if watched is not None:
        current.pending(encode({"p": sorted(watched)}))
    left = failed or reached
    if not left:
        try:
            left = not keeper.clean()
        except OSError:
            left = True
    current.finish(end[:-1] + (b',"last":true}' if left else b"}"))
    _link.end()
    return not left
