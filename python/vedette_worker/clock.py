"""Time and chance as a playbook sees them: recorded, and given again when a turn is run again."""

import datetime as _datetime
import random as _random
import time as _time
import uuid as _uuid

_real_time, _real_sleep = _time.time, _time.sleep
_real_gmtime, _real_strftime = _time.gmtime, _time.strftime
_real_datetime, _real_date = _datetime.datetime, _datetime.date
_utc = _datetime.timezone.utc

_again = iter(())
_read = []
_chance = _random.Random(0)
_simulated = None


def start(readings, seed, simulated=None):
    """With a simulated time nothing waits: a sleep moves it on."""
    global _again, _simulated
    _again = iter(readings)
    _simulated = simulated
    _read.clear()
    _random.seed(seed)
    _chance.seed(seed ^ 0x5DEECE66D5DEECE6)


def new_readings():
    """The readings since the last time this was asked."""
    if not _read:
        return None
    readings = _read[:]
    _read.clear()
    return readings


def now():
    for reading in _again:
        return reading
    reading = _real_time() if _simulated is None else _tick()
    _read.append(reading)
    return reading


def _tick():
    global _simulated
    _simulated += 0.000_001
    return _simulated


def _sleep(seconds):
    global _simulated
    if _simulated is None:
        _real_sleep(seconds)
    elif seconds < 0:
        raise ValueError("sleep length must be non-negative")
    else:
        _simulated += seconds


def _time_ns():
    return int(now() * 1_000_000_000)


def _gmtime(seconds=None):
    return _real_gmtime(now() if seconds is None else seconds)


def _strftime(format, when=None):
    return _real_strftime(format, _gmtime() if when is None else when)


def _ctime(seconds=None):
    return _time.asctime(_gmtime(seconds))


class _AsDate(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _real_date)

    def __subclasscheck__(cls, other):
        return issubclass(other, _real_date)


class _AsDatetime(type):
    def __instancecheck__(cls, value):
        return isinstance(value, _real_datetime)

    def __subclasscheck__(cls, other):
        return issubclass(other, _real_datetime)


class date(_real_date, metaclass=_AsDate):
    __slots__ = ()

    @classmethod
    def today(cls):
        return cls.fromtimestamp(now())


class datetime(_real_datetime, metaclass=_AsDatetime):
    __slots__ = ()

    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(now(), tz)

    @classmethod
    def utcnow(cls):
        return cls.fromtimestamp(now(), _utc).replace(tzinfo=None)

    @classmethod
    def today(cls):
        return cls.fromtimestamp(now())


for _class in (date, datetime):
    _class.__module__ = "datetime"
    _class.__qualname__ = _class.__name__


def _uuid4():
    return _uuid.UUID(int=_chance.getrandbits(128), version=4)


def _uuid1(node=None, clock_seq=None):
    ticks = int(now() * 10_000_000) + 0x01B21DD213814000
    low, middle, high = ticks & 0xFFFFFFFF, (ticks >> 32) & 0xFFFF, (ticks >> 48) & 0x0FFF
    if clock_seq is None:
        clock_seq = _chance.getrandbits(14)
    if node is None:
        node = _chance.getrandbits(48) | 0x010000000000
    return _uuid.UUID(fields=(low, middle, high, (clock_seq >> 8) & 0x3F, clock_seq & 0xFF, node), version=1)


_real_sample = _random.sample


def _sample(population, k, **counts):
    """Takes a set too, as the interpreters did that playbooks were written for."""
    return _real_sample(list(population) if isinstance(population, (set, frozenset)) else population, k, **counts)


def install():
    """Once, in the zygote."""
    _random.sample = _sample
    _time.time, _time.time_ns, _time.sleep = now, _time_ns, _sleep
    _time.gmtime = _time.localtime = _gmtime
    _time.strftime, _time.ctime = _strftime, _ctime
    _datetime.date, _datetime.datetime = date, datetime
    _uuid.uuid4, _uuid.uuid1 = _uuid4, _uuid1


install()
