"""The filters of templates: what `{{ value|filter:argument }}` makes of a value."""

import inspect
import json
import pprint
import re
import urllib.parse

from vedette_worker import clock  # noqa: F401  before the next line: the clock of a playbook is the recorded one
from datetime import date as _date, datetime, time as _time

_ESCAPES = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#39;"))


class SafeText(str):
    """Text that is HTML already: it is not escaped again."""

    __slots__ = ()


def escape(text):
    for sign, written in _ESCAPES:
        text = text.replace(sign, written)
    return SafeText(text)


def shown(value):
    return value if isinstance(value, str) else str(value)


def escaped(text):
    return text if isinstance(text, SafeText) else escape(text)


class _Filter:
    def __init__(self, function, keeps_safe, aware):
        self._function, self._keeps_safe, self._aware = function, keeps_safe, aware
        taken = [each for each in inspect.signature(function).parameters.values() if each.name not in ("autoescape", "function")][1:]
        self.most, self.least = len(taken), sum(each.default is each.empty for each in taken)

    def apply(self, value, given, autoescape):
        result = self._function(value, *given, autoescape=autoescape) if self._aware else self._function(value, *given)
        return SafeText(result) if self._keeps_safe and isinstance(value, SafeText) and isinstance(result, str) else result


ALL = {}


def _filter(keeps_safe=False, aware=False, name=None):
    """keeps_safe: HTML stays HTML. aware: it is told whether values are escaped, and answers with HTML."""
    def register(function):
        ALL[name or function.__name__.rstrip("_")] = _Filter(function, keeps_safe, aware)
        return function
    return register


def _number(value, otherwise=None):
    try:
        return int(value)
    except (TypeError, ValueError):
        return otherwise


# Text

for _name, _function in (
        ("upper", str.upper), ("lower", str.lower), ("capfirst", lambda text: text[:1].upper() + text[1:]),
        ("title", lambda text: re.sub(r"([a-z])'([A-Z])", lambda found: found.group(0).lower(), text.title())),
        ("striptags", lambda text: re.sub(r"<[^>]*>", "", text)), ("addslashes", lambda text: re.sub(r"([\\\"'])", r"\\\1", text)),
        ("slugify", lambda text: re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", text).strip().lower()))):
    _filter(keeps_safe=_name != "upper" and _name != "addslashes", name=_name)(lambda value, function=_function: function(shown(value)))


@_filter()
def safe(value):
    return SafeText(shown(value))


@_filter(name="escape")
def _escape(value):
    return escaped(shown(value))


@_filter()
def force_escape(value):
    return escape(shown(value))


@_filter()
def escapejs(value):
    return SafeText("".join("\\u%04X" % ord(sign) if sign in "\\'\"<>&=-;`\u2028\u2029" or ord(sign) < 32 else sign for sign in shown(value)))


@_filter()
def urlencode(value, safe="/"):
    return urllib.parse.quote(shown(value), safe=safe)


@_filter()
def cut(value, what):
    return shown(value).replace(shown(what), "")


@_filter(keeps_safe=True)
def truncatechars(value, most):
    text, most = shown(value), _number(most)
    return text if most is None or len(text) <= most else text[:max(most - 3, 0)] + "..."


@_filter(keeps_safe=True)
def truncatewords(value, most):
    words, most = shown(value).split(), _number(most)
    return shown(value) if most is None else " ".join(words) if len(words) <= most else " ".join(words[:most]) + " ..."


@_filter(keeps_safe=True)
def ljust(value, width):
    return shown(value).ljust(int(width))


@_filter(keeps_safe=True)
def rjust(value, width):
    return shown(value).rjust(int(width))


@_filter(keeps_safe=True)
def center(value, width):
    return shown(value).center(int(width))


@_filter()
def wordcount(value):
    return len(shown(value).split())


@_filter(aware=True)
def linebreaksbr(value, autoescape=True):
    text = re.sub(r"\r\n?", "\n", shown(value))
    text = escape(text) if autoescape and not isinstance(value, SafeText) else text
    return SafeText(text.replace("\n", "<br />"))


@_filter(aware=True)
def linebreaks(value, autoescape=True):
    text = re.sub(r"\r\n?", "\n", shown(value))
    text = escape(text) if autoescape and not isinstance(value, SafeText) else text
    return SafeText("\n\n".join("<p>%s</p>" % each.replace("\n", "<br />") for each in re.split(r"\n{2,}", text)))


@_filter()
def stringformat(value, form):
    try:
        return ("%" + shown(form)) % value
    except (TypeError, ValueError):
        return ""


@_filter(name="pprint")
def _pprint(value):
    return pprint.pformat(value)


@_filter()
def json_script(value, element):
    text = json.dumps(value)
    for sign in "<>&":
        text = text.replace(sign, "\\u%04X" % ord(sign))
    return SafeText('<script id="%s" type="application/json">%s</script>' % (escaped(shown(element)), text))


# What there is, and what not

@_filter()
def default(value, otherwise):
    return value or otherwise


@_filter()
def default_if_none(value, otherwise):
    return otherwise if value is None else value


@_filter()
def yesno(value, words="yes,no,maybe"):
    each = shown(words).split(",")
    if len(each) < 2:
        return value
    return (each[2] if len(each) > 2 else each[1]) if value is None else each[0] if value else each[1]


@_filter()
def pluralize(value, ends="s"):
    one, many = ends.split(",") if "," in ends else ("", ends)
    try:
        return one if float(value) == 1 else many
    except (TypeError, ValueError):
        try:
            return one if len(value) == 1 else many
        except TypeError:
            return ""


# Lists

@_filter()
def length(value):
    try:
        return len(value)
    except TypeError:
        return 0


@_filter()
def length_is(value, count):
    return length(value) == _number(count)


@_filter()
def first(value):
    return _at(value, 0)


@_filter()
def last(value):
    return _at(value, -1)


def _at(value, place):
    try:
        return value[place]
    except (IndexError, KeyError, TypeError):
        return ""


@_filter(aware=True)
def join(value, between, autoescape=True):
    try:
        each = [shown(one) for one in value]
    except TypeError:
        return value
    if not autoescape:
        return shown(between).join(each)
    return SafeText(escaped(shown(between)).join(escaped(one) for one in each))


@_filter(name="slice")
def _slice(value, places):
    try:
        return value[slice(*(int(each) if each else None for each in shown(places).split(":")))]
    except (TypeError, ValueError):
        return value


@_filter()
def make_list(value):
    return list(shown(value))


@_filter()
def safeseq(value):
    return [SafeText(shown(each)) for each in value]


def _sorted(value, key, backwards):
    def sought(item):
        for part in shown(key).split("."):
            item = item[part] if isinstance(item, dict) else item[int(part)] if part.isdigit() else getattr(item, part)
        return item
    if any(part.startswith("_") for part in shown(key).split(".")):
        return ""
    try:
        return sorted(value, key=sought, reverse=backwards)
    except (TypeError, KeyError, IndexError, AttributeError):
        return ""


@_filter()
def dictsort(value, key):
    return _sorted(value, key, False)


@_filter()
def dictsortreversed(value, key):
    return _sorted(value, key, True)


# Numbers and times

@_filter()
def add(value, more):
    if _number(value) is not None and _number(more) is not None:
        return int(value) + int(more)
    try:
        return value + more
    except TypeError:
        return ""


@_filter()
def divisibleby(value, by):
    return int(value) % int(by) == 0


@_filter()
def floatformat(value, places=-1):
    try:
        number, places = float(value), int(places)
    except (TypeError, ValueError):
        return ""
    return "%d" % number if places < 0 and number == int(number) else "%.*f" % (abs(places), number)


@_filter()
def filesizeformat(value):
    size = _number(value, 0)
    if size < 1024:
        return "%d byte%s" % (size, "" if size == 1 else "s")
    for unit in ("KB", "MB", "GB", "TB", "PB"):
        size /= 1024
        if size < 1024 or unit == "PB":
            return "%.1f %s" % (size, unit)
    return ""


_WRITTEN = {
    "Y": "%Y", "y": "%y", "m": "%m", "d": "%d", "H": "%H", "i": "%M", "s": "%S", "u": "%f", "D": "%a", "l": "%A", "M": "%b", "F": "%B", "A": "%p", "h": "%I",
}


def _form(value, form):
    """A time in the letters of the language; a letter that is not known stands for itself, as does one behind a backslash."""
    parts, at = [], 0
    while at < len(form):
        letter = form[at]
        at += 1
        if letter == "\\" and at < len(form):
            parts.append(form[at])
            at += 1
        elif letter in _WRITTEN:
            parts.append(value.strftime(_WRITTEN[letter]))
        elif letter in "jnGgNcUzNPa":
            parts.append(_other(value, letter))
        else:
            parts.append(letter)
    return "".join(parts)


def _other(value, letter):
    hour = getattr(value, "hour", 0)
    if letter == "c":
        return value.isoformat()
    if letter == "U":
        return str(int(value.timestamp()))
    if letter in "GgPa":
        half = "a.m." if hour < 12 else "p.m."
        minute = getattr(value, "minute", 0)
        clock_hour = str(hour % 12 or 12)
        return {"G": str(hour), "g": clock_hour, "a": half, "P": "%s%s %s" % (clock_hour, ":%02d" % minute if minute else "", half)}[letter]
    if letter == "z":
        return str(value.timetuple().tm_yday - 1)
    return {"j": str(value.day), "n": str(value.month), "N": value.strftime("%b" if value.month not in (3, 4, 5, 6, 7) else "%B") + (
        "." if value.month not in (3, 4, 5, 6, 7) else "")}[letter]


@_filter()
def date(value, form="N j, Y"):
    return _form(value, shown(form)) if isinstance(value, _date) else ""


@_filter()
def time(value, form="P"):
    return _form(value, shown(form)) if isinstance(value, (datetime, _time)) else ""


def now(form):
    return _form(datetime.now(), form)
