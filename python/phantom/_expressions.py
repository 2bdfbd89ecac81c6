"""What stands in a template's braces: values with dots and filters, and the conditions behind `if`."""

import re

from phantom import _filters
from phantom._filters import SafeText, escaped, shown

_FILTERED = re.compile(r"""\|\s*(\w+)(?::(_\("[^"]*"\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.+-]+))?\s*""")
_OPERAND = re.compile(r"""_?\(?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)?|[\w.+-]+""")


class TemplateSyntaxError(ValueError):
    """A template that cannot be read."""


class _Missing(Exception):
    """A name that the context does not have."""


def _step(value, name):
    """One step of a dotted name: a key, else an attribute, else a place in a list. What begins with an underscore is out of reach."""
    if name.startswith("_"):
        raise TemplateSyntaxError("names may not begin with an underscore: %s" % name)
    try:
        found = value[name]
    except (TypeError, KeyError, IndexError, ValueError, AttributeError):
        try:
            found = getattr(value, name)
        except AttributeError:
            try:
                found = value[int(name)]
            except (TypeError, KeyError, IndexError, ValueError):
                raise _Missing(name) from None
    return found() if callable(found) else found


def _operand(text):
    """A function of the context: a text, a number or a dotted name."""
    quoted = _OPERAND.fullmatch(text)
    if quoted and quoted.group(1):
        literal = SafeText(re.sub(r"\\(.)", r"\1", quoted.group(1)[1:-1]))
        return lambda context: literal
    try:
        number = float(text) if "." in text or "e" in text.lower() else int(text)
        return lambda context: number
    except ValueError:
        pass
    first, *rest = text.split(".")
    if not re.fullmatch(r"\w+", first) or not all(re.fullmatch(r"\w+", each) for each in rest):
        raise TemplateSyntaxError("this is no name: %s" % text)
    if first.startswith("_") or any(each.startswith("_") for each in rest):
        raise TemplateSyntaxError("names may not begin with an underscore: %s" % text)

    def named(context):
        if first not in context:
            raise _Missing(first)
        value = context[first]
        value = value() if callable(value) else value
        for each in rest:
            value = _step(value, each)
        return value
    return named


class Expression:
    """A value and the filters it goes through."""

    def __init__(self, text):
        text = text.strip()
        found = _OPERAND.match(text)
        if not found:
            raise TemplateSyntaxError("this is no expression: %s" % text)
        self._operand = _operand(found.group(0))
        self._filters = []
        at = found.end()
        while text[at:].strip():
            each = _FILTERED.match(text, at + len(text[at:]) - len(text[at:].lstrip()))
            if not each:
                raise TemplateSyntaxError("this is no expression: %s" % text)
            name, argument = each.groups()
            if name not in _filters.ALL:
                raise TemplateSyntaxError("the filter %s is not known; known are: %s" % (name, ", ".join(sorted(_filters.ALL))))
            if not _filters.ALL[name].least <= (argument is not None) <= _filters.ALL[name].most:
                raise TemplateSyntaxError("the filter %s takes %s" % (name, "no argument" if argument is not None else "an argument"))
            self._filters.append((_filters.ALL[name], () if argument is None else (_operand(argument),)))
            at = each.end()

    def value(self, context, missing=""):
        try:
            value = self._operand(context)
        except _Missing:
            value = missing
        for function, arguments in self._filters:
            try:
                given = [each(context) for each in arguments]
            except _Missing as name:
                raise TemplateSyntaxError("%s, which a filter is given, is not in the context" % name) from None
            value = function.apply(value, given, context.autoescape)
        return value

    def render(self, context):
        value = shown(self.value(context))
        return escaped(value) if context.autoescape else value


_RANKS = {"or": 1, "and": 2, "not": 3, "in": 4, "not in": 4, "is": 4, "is not": 4, "==": 4, "!=": 4, "<": 4, ">": 4, "<=": 4, ">=": 4}
_COMPARED = {
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b, "is": lambda a, b: a is b, "is not": lambda a, b: a is not b,
    "==": lambda a, b: a == b, "!=": lambda a, b: a != b, "<": lambda a, b: a < b, ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b, ">=": lambda a, b: a >= b,
}


class Condition:
    """What stands behind `if`: not before and, and before or. What cannot be compared is not so."""

    def __init__(self, bits):
        self._bits = []
        for bit in bits:
            if self._bits and (self._bits[-1], bit) in (("not", "in"), ("is", "not")):
                self._bits[-1] += " " + bit
            else:
                self._bits.append(bit)
        self._at = 0
        self.true = self._read(0)
        if self._at < len(self._bits):
            raise TemplateSyntaxError("this does not belong into a condition: %s" % self._bits[self._at])

    def _next(self):
        if self._at >= len(self._bits):
            raise TemplateSyntaxError("the condition ends too early")
        self._at += 1
        return self._bits[self._at - 1]

    def _read(self, rank):
        bit = self._next()
        if bit == "not":
            inner = self._read(_RANKS["not"])
            left = lambda context: not inner(context)  # noqa: E731
        elif bit in _RANKS:
            raise TemplateSyntaxError("this does not belong at the beginning of a condition: %s" % bit)
        else:
            expression = Expression(bit)
            left = lambda context: expression.value(context, None)  # noqa: E731
        while self._at < len(self._bits) and _RANKS.get(self._bits[self._at], 0) > rank:
            operator = self._next()
            left = self._joined(operator, left, self._read(_RANKS[operator]))
        return left

    @staticmethod
    def _joined(operator, left, right):
        if operator == "and":
            return lambda context: left(context) and right(context)
        if operator == "or":
            return lambda context: left(context) or right(context)
        if operator not in _COMPARED:
            raise TemplateSyntaxError("this does not belong between two values: %s" % operator)

        def compared(context):
            try:
                return _COMPARED[operator](left(context), right(context))
            except (TypeError, ValueError):
                return False
        return compared
