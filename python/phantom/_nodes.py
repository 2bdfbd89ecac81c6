"""The nodes of a template that was read: each makes text of the values in a context."""

import re

from phantom import _filters
from phantom._filters import SafeText, shown


class Text:
    def __init__(self, text):
        self._text = text

    def render(self, context):
        return self._text


class If:
    def __init__(self, branches):
        self._branches = branches

    def render(self, context):
        return next((body.render(context) for condition, body in self._branches if condition is None or condition.true(context)), "")


class For:
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


class With:
    def __init__(self, values, body):
        self._values, self._body = values, body

    def render(self, context):
        context.push({name: value.value(context) for name, value in self._values.items()})
        text = self._body.render(context)
        context.pop()
        return text


class Escaping:
    def __init__(self, on, body):
        self._on, self._body = on, body

    def render(self, context):
        before, context.autoescape = context.autoescape, self._on
        text = self._body.render(context)
        context.autoescape = before
        return text


class Filtering:
    def __init__(self, expression, body):
        self._expression, self._body = expression, body

    def render(self, context):
        context.push({"var": SafeText(self._body.render(context))})
        text = self._expression.render(context)
        context.pop()
        return text


class Spaceless:
    def __init__(self, body):
        self._body = body

    def render(self, context):
        return re.sub(r">\s+<", "><", self._body.render(context).strip())


class FirstOf:
    def __init__(self, expressions):
        self._expressions = expressions

    def render(self, context):
        return next((each.render(context) for each in self._expressions if each.value(context, None)), "")


class Cycle:
    def __init__(self, expressions):
        self._expressions = expressions

    def render(self, context):
        at = context.kept.get(self, 0)
        context.kept[self] = at + 1
        return self._expressions[at % len(self._expressions)].render(context)


class Now:
    def __init__(self, form):
        self._form = form

    def render(self, context):
        return _filters.now(shown(self._form.value(context)))


class Body:
    def __init__(self, nodes):
        self._nodes = nodes

    def render(self, context):
        return "".join(node.render(context) for node in self._nodes)
