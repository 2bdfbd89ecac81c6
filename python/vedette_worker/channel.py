"""Frames: four bytes of length, little endian, then as many bytes of UTF-8 JSON (or, where a message announces it, raw bytes)."""

import json
import struct

_encode = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
_decode = json.JSONDecoder().decode
_length = struct.Struct("<I")
_pack = _length.pack
_unpack = _length.unpack_from


class Closed(Exception):
    """The other side has gone."""


def encode(value):
    """JSON text as bytes; half a surrogate pair, which UTF-8 cannot say, becomes a question mark."""
    text = _encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def decode(data):
    return _decode(str(data, "utf-8"))


def framed(body):
    return _pack(len(body)) + body


class Channel:
    __slots__ = ("_socket", "_receive", "send", "_rest")

    def __init__(self, socket):
        self._socket = socket
        self._receive = socket.recv
        self.send = socket.sendall
        self._rest = b""

    def read(self):
        """The bytes of the next frame."""
        data = self._rest or self._receive(65536)
        while True:
            have = len(data)
            if have >= 4:
                need = 4 + _unpack(data)[0]
                if have == need:
                    self._rest = b""
                    return data[4:]
                if have > need:
                    self._rest = data[need:]
                    return data[4:need]
                return self._long(data, need)
            more = self._receive(65536)
            if not more:
                raise Closed()
            data += more

    def _long(self, data, need):
        whole = bytearray(need)
        view = memoryview(whole)
        at = len(data)
        view[:at] = data
        while at < need:
            got = self._socket.recv_into(view[at:])
            if not got:
                raise Closed()
            at += got
        self._rest = b""
        return whole[4:]

    def close(self):
        self._socket.close()
