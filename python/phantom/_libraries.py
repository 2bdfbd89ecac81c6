"""The few libraries of others that playbooks import, so far as playbooks use them. A real one that is installed goes before.

simplejson is json; xmltodict.parse; dateutil.parser.parse for the usual forms of a date; django.utils.dateparse.parse_datetime and
django.template; six, so far as playbooks that ran on Python 2 too need it.
"""

import builtins
import email.utils
import functools
import importlib
import importlib.util
import io
import json
import re
import sys
import types
import urllib
import xml.etree.ElementTree

from vedette_worker import clock  # noqa: F401  before the next line: the clock of a playbook is the recorded one
from datetime import datetime, timedelta, timezone

from phantom import _templates, rules

_ISO = re.compile(
    r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ]?(\d{1,2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,6})\d*)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?", re.IGNORECASE)
_FORMS = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d", "%b %d %Y %H:%M:%S", "%B %d %Y", "%b %d %Y",
          "%d %b %Y %H:%M:%S", "%d %b %Y", "%d %B %Y", "%d-%b-%Y", "%a %b %d %H:%M:%S %Y")


class ParserError(ValueError):
    """A date in a form that is not known here."""


def _zone(text):
    if text is None:
        return None
    if text[0] not in "+-":
        return timezone.utc
    digits = text[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:] or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _iso(text):
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    return datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), int((fraction or "").ljust(6, "0")), _zone(zone))


def parse(timestr, parserinfo=None, ignoretz=False, **_):
    text = timestr.decode() if isinstance(timestr, bytes) else timestr
    if not isinstance(text, str):
        raise TypeError("Parser must be a string, not %s" % type(text).__name__)
    text = text.strip()
    found = _iso(text)
    if found is None:
        try:
            found = email.utils.parsedate_to_datetime(text)
        except (TypeError, ValueError, IndexError):
            found = None
    for form in _FORMS if found is None else ():
        try:
            found = datetime.strptime(text.replace(",", ""), form)
            break
        except ValueError:
            continue
    if found is None:
        raise ParserError("Unknown string format: %s" % text)
    return found.replace(tzinfo=None) if ignoretz else found


def parse_datetime(value):
    """None for what is no date with a time, as Django has it."""
    return _iso(value) if ":" in value else None


def _element(node):
    inside = {"@" + key: value for key, value in node.attrib.items()}
    for child in node:
        value = _element(child)
        if child.tag not in inside:
            inside[child.tag] = value
        elif isinstance(inside[child.tag], list):
            inside[child.tag].append(value)
        else:
            inside[child.tag] = [inside[child.tag], value]
    text = (node.text or "").strip()
    if not inside:
        return text or None
    if text:
        inside["#text"] = text
    return inside


def parse_xml(xml_input, encoding=None, **_):
    """Elements as dicts, attributes with an @ before them, repeated elements as lists."""
    root = xml.etree.ElementTree.fromstring(xml_input)
    return {root.tag: _element(root)}


def _six():
    """The names that are the same in Python 2 and 3: here those of 3."""
    moves = _module("six.moves", range=range, zip=zip, map=map, filter=filter, input=input, builtins=builtins, urllib=urllib, StringIO=io.StringIO,
                    cStringIO=io.StringIO, reduce=functools.reduce)
    six = _module(
        "six", PY2=False, PY3=True, string_types=(str,), text_type=str, binary_type=bytes, integer_types=(int,), class_types=(type,), moves=moves,
        StringIO=io.StringIO, BytesIO=io.BytesIO, u=str,
        iteritems=lambda values: iter(values.items()), iterkeys=iter, itervalues=lambda values: iter(values.values()),
        ensure_str=lambda value, encoding="utf-8", errors="strict": value.decode(encoding, errors) if isinstance(value, bytes) else value,
        ensure_text=lambda value, encoding="utf-8", errors="strict": value.decode(encoding, errors) if isinstance(value, bytes) else value,
        ensure_binary=lambda value, encoding="utf-8", errors="strict": value.encode(encoding, errors) if isinstance(value, str) else value)
    return {"six": six, "six.moves": moves}


def _module(name, **contents):
    module = types.ModuleType(name)
    vars(module).update(contents)
    return module


def install():
    """Once, in the zygote, after the folders with further packages are known."""
    packages = {"simplejson": {"simplejson": json}}
    parser = _module("dateutil.parser", parse=parse, isoparse=parse, ParserError=ParserError)
    packages["dateutil"] = {"dateutil": _module("dateutil", parser=parser), "dateutil.parser": parser}
    dateparse = _module("django.utils.dateparse", parse_datetime=parse_datetime)
    utils = _module("django.utils", dateparse=dateparse)
    template = _module("django.template", Template=_templates.Template, Context=_templates.Context, TemplateSyntaxError=_templates.TemplateSyntaxError)
    packages["django"] = {
        "django": _module("django", utils=utils, template=template), "django.utils": utils, "django.utils.dateparse": dateparse, "django.template": template}
    packages["six"] = _six()
    packages["xmltodict"] = {"xmltodict": _module("xmltodict", parse=parse_xml)}
    for name, modules in packages.items():
        if name not in sys.modules and importlib.util.find_spec(name) is None:
            sys.modules.update(modules)
    rules.dateutil, rules.six = importlib.import_module("dateutil"), importlib.import_module("six")
