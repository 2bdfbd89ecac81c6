"""The turn that is being served: what it was handed, and its line to the engine."""

import builtins
import threading

from vedette_worker import clock
from vedette_worker.channel import Closed, decode, encode, framed

DEBUG, PRINT, ERROR = 10, 20, 40
_LINES_IN_A_FRAME = 64


class NotAvailable(NotImplementedError):
    """A function of the API that this version of Vedette does not have."""


class Turn:
    __slots__ = ("_channel", "_lock", "_pending", "_lines", "_lines_left", "_bytes_left", "_largest", "handed",
                 "in_custom_function", "run_data", "formats", "format_lists")

    def __init__(self, channel, message):
        self._channel = channel
        self._lock = threading.RLock()
        self._pending = []
        self._lines = []
        self._lines_left = message["log_lines"]
        self._bytes_left = message["log_bytes"]
        self._largest = message["frame"]
        handed = self.handed = message["handed"]
        self.in_custom_function = message["cf"]
        self.run_data = handed.get("run_data") or {}
        self.formats = handed.get("formats") or {}
        self.format_lists = handed.get("format_lists") or {}

    def log(self, level, line):
        """Gathered, and sent before the next call; past the limit of a turn the rest is left out, which the log says."""
        if self._lines_left <= 0:
            return
        with self._lock:
            self._lines_left -= 1
            self._bytes_left -= len(line.encode("utf-8", "replace"))
            if self._lines_left <= 0 or self._bytes_left < 256:
                self._lines_left = 0
                level, line = ERROR, "the log of this turn is full, the rest of it is left out"
            self._lines.append((level, line))
            if len(self._lines) >= _LINES_IN_A_FRAME:
                self.flush_log()
                self._flush()

    def flush_log(self):
        if self._lines:
            self._pending.append(framed(encode({"l": self._lines})))
            self._lines = []

    def pending(self, body):
        self._pending.append(framed(body))

    def _flush(self):
        if self._pending:
            data = b"".join(self._pending)
            self._pending.clear()
            self._channel.send(data)

    def _body(self, kind, name, arguments):
        body = encode({kind: name, "a": arguments})
        if len(body) > self._largest:
            raise ValueError("phantom.%s was given %d bytes, more than the %d that are allowed" % (name, len(body), self._largest))
        return body

    def tell(self, name, arguments):
        body = self._body("t", name, arguments)
        with self._lock:
            self._pending.append(framed(body))
            if len(self._pending) >= _LINES_IN_A_FRAME:
                self._flush()

    def call(self, name, arguments):
        body = self._body("c", name, arguments)
        with self._lock:
            self.flush_log()
            readings = clock.new_readings()
            if readings:
                self._pending.append(framed(encode({"k": readings})))
            if self._pending:
                self._pending.append(framed(body))
                self._flush()
            else:
                self._channel.send(framed(body))
            answer = decode(self._channel.read())
        if "v" in answer:
            return answer["v"]
        raise _exception(answer["x"])(answer["m"])

    def drop(self):
        self._pending.clear()
        self._lines.clear()

    def finish(self, body):
        if len(body) > self._largest:
            body = encode({"e": {"type": "ValueError", "message": "the value returned has %d bytes, more than the %d that are allowed"
                                 % (len(body), self._largest), "traceback": "", "line": 0}, "last": True})
        self._pending.append(framed(body))
        self._flush()


def _exception(name):
    if name == "NotAvailable":
        return NotAvailable
    found = getattr(builtins, name, None)
    return found if isinstance(found, type) and issubclass(found, Exception) else RuntimeError


turn = None


def begin(channel, message):
    global turn
    turn = Turn(channel, message)
    return turn


def end():
    global turn
    turn = None
