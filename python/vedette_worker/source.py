"""Source text: compiling it, what it defines, what it reaches for, and the layer for playbooks written for Python 2."""

import ast
import builtins
import io
import re
import sys
import tokenize
import types
import urllib.parse

from vedette_worker import places

# Reaching for one of these, a playbook gets to the interpreter's own state: its child serves nothing else afterwards.
_INNER_MODULES = frozenset(
    "sys threading _thread logging gc ctypes inspect importlib signal warnings atexit multiprocessing concurrent asyncio "
    "builtins weakref codecs imp pkgutil runpy code codeop subprocess socket pickle marshal site trace tracemalloc "
    "faulthandler resource mmap fcntl pty select selectors vedette_worker".split())
_INNER_NAMES = frozenset("exec eval compile setattr delattr vars globals __import__ __builtins__ breakpoint".split())
_HARMLESS_DUNDERS = frozenset("__name__ __class__ __doc__ __init__ __str__ __repr__ __len__ __iter__ __enter__ __exit__".split())
_CHANGERS = frozenset("update append extend insert clear pop popitem setdefault remove __setitem__".split())


def _root(node):
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _is_inner(name):
    """The inside of the interpreter, or what begins with an underscore in any module: `phantom._link` holds the line to the engine."""
    parts = name.split(".")
    return parts[0] in _INNER_MODULES or any(part.startswith("_") and not part.startswith("__") for part in parts)


def reaches(tree):
    """What in this module could leave something behind in the interpreter, each named with its line."""
    found = {}
    modules, taken = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            taken.update(alias.asname or alias.name for alias in node.names)
    for node in ast.walk(tree):
        name = None
        if isinstance(node, ast.Import):
            name = next((alias.name for alias in node.names if _is_inner(alias.name)), None)
        elif isinstance(node, ast.ImportFrom):
            name = next((full for full in ["%s.%s" % (node.module or "", alias.name) for alias in node.names] if _is_inner(full)), None)
        elif isinstance(node, ast.Name):
            if node.id in _INNER_NAMES:
                name = node.id
        elif isinstance(node, ast.Attribute):
            if node.attr.startswith("__") and node.attr not in _HARMLESS_DUNDERS:
                name = node.attr
            elif node.attr in _INNER_MODULES and isinstance(node.value, ast.Name) and node.value.id in modules | taken:
                name = ast.unparse(node)
            elif node.attr.startswith("_") and not node.attr.startswith("__") and _root(node) in modules | taken:
                name = node.attr
            elif not isinstance(node.ctx, ast.Load) and _root(node) not in ("self", "cls"):
                name = "an assignment to ." + node.attr
        elif isinstance(node, ast.Subscript):
            if not isinstance(node.ctx, ast.Load) and (
                    isinstance(node.value, ast.Attribute) and _root(node) in modules or _root(node) in taken):
                name = "an assignment into " + ast.unparse(node.value)
        elif isinstance(node, ast.Call):
            function = node.func
            if isinstance(function, ast.Attribute) and function.attr in _CHANGERS and (
                    isinstance(function.value, ast.Attribute) and _root(function) in modules or _root(function) in taken):
                name = ast.unparse(function)
        if name is not None:
            found.setdefault(name, getattr(node, "lineno", 0))
    return [{"name": name, "line": line} for name, line in sorted(found.items(), key=lambda item: item[1])]


def _text(data):
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return data.decode(encoding).replace("\r\n", "\n")


def _expand(text):
    """Leading tabs to columns of eight, as Python 2 counted them."""
    lines = []
    for line in text.split("\n"):
        body = line.lstrip(" \t")
        lines.append(line[:len(line) - len(body)].expandtabs(8) + body)
    return "\n".join(lines)


class _Python2Methods(ast.NodeTransformer):
    _NAMES = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys"}

    def visit_Call(self, node):
        self.generic_visit(node)
        function = node.func
        if isinstance(function, ast.Attribute):
            if function.attr in self._NAMES and not node.args:
                function.attr = self._NAMES[function.attr]
            elif function.attr == "has_key" and len(node.args) == 1:
                return ast.copy_location(ast.Compare(node.args[0], [ast.In()], [function.value]), node)
        return node


def parse(name, data, python2):
    text = _text(data)
    if python2:
        text = _expand(text)
    tree = ast.parse(text, name)
    if python2:
        tree = ast.fix_missing_locations(_Python2Methods().visit(tree))
    return text, tree


def compiled(name, data, python2, watch=False):
    text, tree = parse(name, data, python2)
    reached = bool(reaches(tree))
    if watch:
        tree = places.watched(tree)[0]
    return compile(tree, name, "exec", dont_inherit=True), reached, text


def check(name, data, python2):
    return checked(name, data, python2)[0]


def checked(name, data, python2):
    """What a compiler says of it, and the tree; None for one that does not compile."""
    try:
        _, tree = parse(name, data, python2)
        compile(tree, name, "exec", dont_inherit=True)
    except SyntaxError as error:
        return {"ok": False, "line": error.lineno or 0, "message": error.msg or str(error)}, None
    except (ValueError, RecursionError, MemoryError) as error:
        return {"ok": False, "line": 0, "message": "%s: %s" % (type(error).__name__, error)}, None
    functions = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return {"ok": True, "line": 0, "message": "", "functions": functions, "reaches": reaches(tree)}, tree


def _listed(function):
    def listed(*arguments):
        return list(function(*arguments))
    listed.__name__ = function.__name__
    return listed


_FILTER, _MAP, _ZIP = _listed(filter), _listed(map), _listed(zip)


def python2_names():
    """What a module of Python 2 finds among its names."""
    return {"unicode": str, "basestring": str, "long": int, "xrange": range, "unichr": chr, "raw_input": input,
            "reduce": __import__("functools").reduce, "filter": _FILTER, "map": _MAP, "zip": _ZIP}


def _alias(name, *sources):
    module = types.ModuleType(name)
    for each in sources:
        for key, value in vars(each).items():
            if not key.startswith("_"):
                setattr(module, key, value)
    return module


PYTHON2_MODULES = {
    "urlparse": urllib.parse,
    "StringIO": _alias("StringIO", io),
    "urllib2": _alias("urllib2", urllib.parse),
}
