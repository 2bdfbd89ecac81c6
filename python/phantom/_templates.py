"""Templates in the language of Django, so far as the text of a report or a mail needs it: Template, Context and render_template.

A tag or filter that is not known here is a TemplateSyntaxError that names it. There are no files, so nothing is included or extended.
"""

import re

from phantom import _filters
from phantom._filters import SafeText, escaped, shown

_TOKENS = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})")
_FILTERED = re.compile(r"""\|\s*(\w+)(?::(_\("[^"]*"\)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w.+-]+))?\s*""")
_OPERAND = re.compile(r"""_?\(?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)?|[\w.+-]+""")
_BITS = re.compile(r"""((?:[^\s'"]*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+|\S+)""")
_DEEPEST = 50


class TemplateSyntaxError(ValueError):
    """A template that cannot be read."""


class Context:
    """The values of a template: a stack of dictionaries, of which the upper ones hide the lower ones."""

    def __init__(self, dict_=None, autoescape=True, use_l10n=None, use_tz=None):
        self.dicts = [{"True": True, "False": False, "None": None}, dict(dict_ or {})]
        self.autoescape = autoescape
        self.kept = {}

    def push(self, *args, **kwargs):
        self.dicts.append(dict(*args, **kwargs))

    def pop(self):
        return self.dicts.pop()

    def update(self, values):
        self.dicts.append(dict(values))

    def get(self, key, otherwise=None):
        return next((values[key] for values in reversed(self.dicts) if key in values), otherwise)

    def flatten(self):
        return {key: value for values in self.dicts for key, value in values.items()}

    def __contains__(self, key):
        return any(key in values for values in self.dicts)

    def __getitem__(self, key):
        if key not in self:
            raise KeyError(key)
        return self.get(key)

    def __setitem__(self, key, value):
        self.dicts[-1][key] = value


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


class _Expression:
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


class _Condition:
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
            expression = _Expression(bit)
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


class _Text:
    def __init__(self, text):
        self._text = text

    def render(self, context):
        return self._text


class _If:
    def __init__(self, branches):
        self._branches = branches

    def render(self, context):
        return next((body.render(context) for condition, body in self._branches if condition is None or condition.true(context)), "")


class _For:
    def __init__(self, names, over, backwards, body, empty):
        self._names, self._over, self._backwards, self._body, self._empty = names, over, backwards, body, empty

    def render(self, context):
        over = self._over.value(context, None)
        items = [] if over is None else list(over)
        if self._backwards:
            items.reverse()
        if not items:
            return self._empty.render(context) if self._empty else ""
        parts = []
        outer = context.get("forloop", {})
        for at, item in enumerate(items):
            context.push({"forloop": {
                "counter": at + 1, "counter0": at, "revcounter": len(items) - at, "revcounter0": len(items) - at - 1,
                "first": at == 0, "last": at == len(items) - 1, "parentloop": outer}})
            if len(self._names) == 1:
                context[self._names[0]] = item
            else:
                each = list(item)
                if len(each) != len(self._names):
                    raise ValueError("need %d values to unpack in for loop; got %d" % (len(self._names), len(each)))
                context.dicts[-1].update(zip(self._names, each))
            parts.append(self._body.render(context))
            context.pop()
        return "".join(parts)


class _With:
    def __init__(self, values, body):
        self._values, self._body = values, body

    def render(self, context):
        context.push({name: value.value(context) for name, value in self._values.items()})
        text = self._body.render(context)
        context.pop()
        return text


class _Escaping:
    def __init__(self, on, body):
        self._on, self._body = on, body

    def render(self, context):
        before, context.autoescape = context.autoescape, self._on
        text = self._body.render(context)
        context.autoescape = before
        return text


class _Filtering:
    def __init__(self, expression, body):
        self._expression, self._body = expression, body

    def render(self, context):
        context.push({"var": SafeText(self._body.render(context))})
        text = self._expression.render(context)
        context.pop()
        return text


class _Spaceless:
    def __init__(self, body):
        self._body = body

    def render(self, context):
        return re.sub(r">\s+<", "><", self._body.render(context).strip())


class _FirstOf:
    def __init__(self, expressions):
        self._expressions = expressions

    def render(self, context):
        return next((each.render(context) for each in self._expressions if each.value(context, None)), "")


class _Cycle:
    def __init__(self, expressions):
        self._expressions = expressions

    def render(self, context):
        at = context.kept.get(self, 0)
        context.kept[self] = at + 1
        return self._expressions[at % len(self._expressions)].render(context)


class _Now:
    def __init__(self, form):
        self._form = form

    def render(self, context):
        return _filters.now(shown(self._form.value(context)))


class _Body:
    def __init__(self, nodes):
        self._nodes = nodes

    def render(self, context):
        return "".join(node.render(context) for node in self._nodes)


_SIGNS = {"openblock": "{%", "closeblock": "%}", "openvariable": "{{", "closevariable": "}}", "openbrace": "{", "closebrace": "}",
          "opencomment": "{#", "closecomment": "#}"}


class _Reader:
    def __init__(self, text):
        self._tokens = [each for each in _TOKENS.split(text) if each]
        self._at = 0
        self._depth = 0

    def body(self, *ends):
        """What stands before one of these tags, and the bits of that tag."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise TemplateSyntaxError("tags are nested more than %d deep" % _DEEPEST)
        nodes = []
        while self._at < len(self._tokens):
            token = self._tokens[self._at]
            self._at += 1
            if not _TOKENS.fullmatch(token):
                nodes.append(_Text(token))
            elif token.startswith("{{"):
                nodes.append(_Expression(token[2:-2]))
            elif token.startswith("{%"):
                bits = _BITS.findall(token[2:-2])
                if bits and bits[0] in ends:
                    self._depth -= 1
                    return _Body(nodes), bits
                nodes.append(self._tag(bits))
        if ends:
            raise TemplateSyntaxError("a tag is not closed: %s is missing" % ends[-1])
        return _Body(nodes), []

    def _tag(self, bits):
        name = bits[0] if bits else ""
        read = getattr(self, "_tag_" + name, None)
        if read is None:
            known = sorted(each[len("_tag_"):] for each in dir(self) if each.startswith("_tag_"))
            raise TemplateSyntaxError("the tag %s is not known; known are: %s" % (name or "without a name", ", ".join(known)))
        return read(bits[1:])

    def _raw(self, end):
        start = self._at
        while self._at < len(self._tokens):
            if self._tokens[self._at].startswith("{%") and self._tokens[self._at][2:-2].split() == [end]:
                self._at += 1
                return "".join(self._tokens[start:self._at - 1])
            self._at += 1
        raise TemplateSyntaxError("a tag is not closed: %s is missing" % end)

    def _tag_if(self, bits):
        branches, condition = [], _Condition(bits)
        while True:
            body, ended = self.body("elif", "else", "endif")
            branches.append((condition, body))
            if ended[0] == "endif":
                return _If(branches)
            condition = _Condition(ended[1:]) if ended[0] == "elif" else None

    def _same(self, bits, operator, end):
        if len(bits) != 2:
            raise TemplateSyntaxError("%s takes two values" % end[3:])
        condition = _Condition([bits[0], operator, bits[1]])
        body, ended = self.body("else", end)
        branches = [(condition, body)]
        if ended[0] == "else":
            branches.append((None, self.body(end)[0]))
        return _If(branches)

    def _tag_ifequal(self, bits):
        return self._same(bits, "==", "endifequal")

    def _tag_ifnotequal(self, bits):
        return self._same(bits, "!=", "endifnotequal")

    def _tag_for(self, bits):
        backwards = bits[-1:] == ["reversed"]
        bits = bits[:-1] if backwards else bits
        if len(bits) < 3 or bits[-2] != "in":
            raise TemplateSyntaxError("for needs the form: for NAME in VALUES")
        names = [each for each in re.split(r"[\s,]+", " ".join(bits[:-2])) if each]
        body, ended = self.body("empty", "endfor")
        empty = self.body("endfor")[0] if ended[0] == "empty" else None
        return _For(names, _Expression(bits[-1]), backwards, body, empty)

    def _tag_with(self, bits):
        if len(bits) == 3 and bits[1] == "as":
            values = {bits[2]: _Expression(bits[0])}
        else:
            pairs = [each.partition("=") for each in bits]
            if not pairs or not all(middle for _, middle, _ in pairs):
                raise TemplateSyntaxError("with needs the form: with NAME=VALUE")
            values = {name: _Expression(value) for name, _, value in pairs}
        return _With(values, self.body("endwith")[0])

    def _tag_autoescape(self, bits):
        if bits not in (["on"], ["off"]):
            raise TemplateSyntaxError("autoescape is on or off")
        return _Escaping(bits == ["on"], self.body("endautoescape")[0])

    def _tag_filter(self, bits):
        return _Filtering(_Expression("var|" + " ".join(bits)), self.body("endfilter")[0])

    def _tag_spaceless(self, bits):
        return _Spaceless(self.body("endspaceless")[0])

    def _tag_comment(self, bits):
        self._raw("endcomment")
        return _Text("")

    def _tag_verbatim(self, bits):
        return _Text(self._raw("endverbatim"))

    def _tag_firstof(self, bits):
        return _FirstOf([_Expression(each) for each in bits])

    def _tag_cycle(self, bits):
        if not bits:
            raise TemplateSyntaxError("cycle needs values")
        return _Cycle([_Expression(each) for each in bits])

    def _tag_now(self, bits):
        if len(bits) != 1:
            raise TemplateSyntaxError("now needs a form")
        return _Now(_Expression(bits[0]))

    def _tag_templatetag(self, bits):
        if len(bits) != 1 or bits[0] not in _SIGNS:
            raise TemplateSyntaxError("templatetag knows: %s" % ", ".join(_SIGNS))
        return _Text(_SIGNS[bits[0]])


class Template:
    """A text with {{ values }} and {% tags %}; errors in it are raised here, not when it is rendered."""

    def __init__(self, template_string, origin=None, name=None, engine=None):
        self.source, self.name, self.origin = str(template_string), name, origin
        self._body = _Reader(self.source).body()[0]

    def render(self, context=None):
        context = context if isinstance(context, Context) else Context(context)
        context.push()
        try:
            return SafeText(self._body.render(context))
        finally:
            context.pop()


def render_template(template, context):
    """The text of a template with the values of a dictionary; what is put in is escaped for HTML unless it is marked safe."""
    return str(Template(template).render(Context(context)))
