"""Templates in the language of Django, so far as the text of a report or a mail needs it: Template, Context and render_template.

A tag or filter that is not known here is a TemplateSyntaxError that names it. There are no files, so nothing is included or extended.
"""

import re

from phantom import _nodes
from phantom._expressions import Condition, Expression, TemplateSyntaxError
from phantom._filters import SafeText

_TOKENS = re.compile(r"(\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\})")
_BITS = re.compile(r"""((?:[^\s'"]*(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')[^\s'"]*)+|\S+)""")
_DEEPEST = 50
_SIGNS = {"openblock": "{%", "closeblock": "%}", "openvariable": "{{", "closevariable": "}}", "openbrace": "{", "closebrace": "}",
          "opencomment": "{#", "closecomment": "#}"}


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
                nodes.append(_nodes.Text(token))
            elif token.startswith("{{"):
                nodes.append(Expression(token[2:-2]))
            elif token.startswith("{%"):
                bits = _BITS.findall(token[2:-2])
                if bits and bits[0] in ends:
                    self._depth -= 1
                    return _nodes.Body(nodes), bits
                nodes.append(self._tag(bits))
        if ends:
            raise TemplateSyntaxError("a tag is not closed: %s is missing" % ends[-1])
        return _nodes.Body(nodes), []

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
        branches, condition = [], Condition(bits)
        while True:
            body, ended = self.body("elif", "else", "endif")
            branches.append((condition, body))
            if ended[0] == "endif":
                return _nodes.If(branches)
            condition = Condition(ended[1:]) if ended[0] == "elif" else None

    def _same(self, bits, operator, end):
        if len(bits) != 2:
            raise TemplateSyntaxError("%s takes two values" % end[3:])
        condition = Condition([bits[0], operator, bits[1]])
        body, ended = self.body("else", end)
        branches = [(condition, body)]
        if ended[0] == "else":
            branches.append((None, self.body(end)[0]))
        return _nodes.If(branches)

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
        return _nodes.For(names, Expression(bits[-1]), backwards, body, empty)

    def _tag_with(self, bits):
        if len(bits) == 3 and bits[1] == "as":
            values = {bits[2]: Expression(bits[0])}
        else:
            pairs = [each.partition("=") for each in bits]
            if not pairs or not all(middle for _, middle, _ in pairs):
                raise TemplateSyntaxError("with needs the form: with NAME=VALUE")
            values = {name: Expression(value) for name, _, value in pairs}
        return _nodes.With(values, self.body("endwith")[0])

    def _tag_autoescape(self, bits):
        if bits not in (["on"], ["off"]):
            raise TemplateSyntaxError("autoescape is on or off")
        return _nodes.Escaping(bits == ["on"], self.body("endautoescape")[0])

    def _tag_filter(self, bits):
        return _nodes.Filtering(Expression("var|" + " ".join(bits)), self.body("endfilter")[0])

    def _tag_spaceless(self, bits):
        return _nodes.Spaceless(self.body("endspaceless")[0])

    def _tag_comment(self, bits):
        self._raw("endcomment")
        return _nodes.Text("")

    def _tag_verbatim(self, bits):
        return _nodes.Text(self._raw("endverbatim"))

    def _tag_firstof(self, bits):
        return _nodes.FirstOf([Expression(each) for each in bits])

    def _tag_cycle(self, bits):
        if not bits:
            raise TemplateSyntaxError("cycle needs values")
        return _nodes.Cycle([Expression(each) for each in bits])

    def _tag_now(self, bits):
        if len(bits) != 1:
            raise TemplateSyntaxError("now needs a form")
        return _nodes.Now(Expression(bits[0]))

    def _tag_templatetag(self, bits):
        if len(bits) != 1 or bits[0] not in _SIGNS:
            raise TemplateSyntaxError("templatetag knows: %s" % ", ".join(_SIGNS))
        return _nodes.Text(_SIGNS[bits[0]])


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
