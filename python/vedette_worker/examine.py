"""What can be said of a playbook without running it: its blocks, branches, what it asks for, and mistakes that show in the text."""

import ast
import difflib
import inspect
import re

from phantom import rules
from vedette_worker import places, shapes, source

# What a person answers counts as an action of its name.
_PROMPTS = ("prompt", "prompt2", "task")
_ASKING = {"act": "action", "custom_function": "custom_function", "playbook": "playbook"}
_PATH = re.compile(r"([A-Za-z_]\w*):((?:action_result|custom_function_result|playbook_output|artifact|formatted_data|filtered-data)[\w.:*\-]*)")
_ARTIFACT = re.compile(r"artifact:\*\.([\w.*\-]+)")
# A field that is handed to a function by its name, to be looked for.
_FIELD_ARGUMENT = re.compile(r"(?:cef_)?fields?(?:_list|_names?)?")
_FIELD_NAMES = re.compile(r"\w+(?:\s*,\s*\w+)*")
_JOINED = {"action_names": "act", "custom_function_names": "custom_function", "playbook_names": "playbook"}
_MODULES = frozenset(("rules", "utils", "vault", "requests"))
_PYTHON2_NAMES = {"unicode": "str", "basestring": "str", "xrange": "range", "unichr": "chr", "raw_input": "input", "long": "int",
                  "reduce": "functools.reduce"}
_PYTHON2_METHODS = {"iteritems": "items", "itervalues": "values", "iterkeys": "keys", "has_key": "in"}
_PYTHON2_MODULES = {"urllib2": "urllib.request", "urlparse": "urllib.parse", "StringIO": "io", "ConfigParser": "configparser",
                    "httplib": "http.client", "Queue": "queue", "cPickle": "pickle"}


def _text(node):
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _texts(node):
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        each = [_text(one) for one in node.elts]
        return each if None not in each else None
    one = _text(node) if node is not None else None
    return None if one is None else [one]


def _api(call):
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "phantom":
        return function.attr
    return None


def _misuse(call, name):
    """What is wrong with a call of the API: the rule and a sentence; None for nothing. What is only known when it runs is let pass."""
    if name in _MODULES:
        return None
    if name not in vars(rules):
        near = difflib.get_close_matches(name, [each for each in vars(rules) if callable(vars(rules)[each])], 1)
        return "api", "phantom.%s does not exist%s." % (name, ": do you mean phantom.%s" % near[0] if near else ": leave it out")
    try:
        parameters = inspect.signature(vars(rules)[name]).parameters.values()
    except (TypeError, ValueError):
        return None
    kinds = [each.kind for each in parameters]
    named = [each.name for each in parameters if each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY)]
    placed = [each.name for each in parameters if each.kind == each.POSITIONAL_OR_KEYWORD]
    takes = "it takes: %s" % ", ".join(named) if named else "it takes none"
    given = [keyword.arg for keyword in call.keywords if keyword.arg is not None]
    if inspect.Parameter.VAR_KEYWORD not in kinds:
        for unknown in given:
            if unknown not in named:
                return "argument", "phantom.%s has no argument \"%s\"; %s." % (name, unknown, takes)
    if any(isinstance(each, ast.Starred) for each in call.args):
        return None
    if len(call.args) > len(placed) and inspect.Parameter.VAR_POSITIONAL not in kinds:
        return "argument", "phantom.%s is given %d arguments in a row and takes %d; %s." % (name, len(call.args), len(placed), takes)
    twice = [each for each in placed[:len(call.args)] if each in given]
    if twice:
        return "argument", "phantom.%s is given \"%s\" twice: once by its place and once by its name." % (name, twice[0])
    if all(keyword.arg is not None for keyword in call.keywords):
        for each in parameters:
            if each.default is each.empty and each.kind in (each.POSITIONAL_OR_KEYWORD, each.KEYWORD_ONLY) and each.name not in given + placed[:len(call.args)]:
                return "argument", "phantom.%s needs the argument \"%s\", which is not given here." % (name, each.name)
    return None


def _argument(call, name, position=None):
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    if position is not None and len(call.args) > position:
        return call.args[position]
    return None


def _keys(node, function):
    """The names of parameters, where they stand in the text: in the call, or appended to the list that is handed over."""
    dicts = []
    if isinstance(node, (ast.List, ast.Tuple)):
        dicts = [one for one in node.elts if isinstance(one, ast.Dict)]
    elif isinstance(node, ast.ListComp) and isinstance(node.elt, ast.Dict):
        dicts = [node.elt]
    elif isinstance(node, ast.Name):
        for inner in ast.walk(function):
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute) and inner.func.attr == "append" \
                    and isinstance(inner.func.value, ast.Name) and inner.func.value.id == node.id and inner.args and isinstance(inner.args[0], ast.Dict):
                dicts.append(inner.args[0])
    found = []
    for one in dicts:
        for key in one.keys:
            if _text(key) is None:
                return None
            if key.value not in found:
                found.append(key.value)
    return found or None


class _Examined:
    def __init__(self, tree):
        self.functions = {node.name: node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        self.names = set(self.functions)
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                self.names.add(node.id)
            elif isinstance(node, ast.arg):
                self.names.add(node.arg)
            elif isinstance(node, (ast.Import, ast.ImportFrom)):
                self.names.update((alias.asname or alias.name).split(".")[0] for alias in node.names)
            elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                self.names.add(node.name)
        # The name may stand for something else: only the module of the API is looked at.
        self.of_rules = any(isinstance(node, ast.Import) and any((each.name, each.asname) == ("phantom.rules", "phantom") for each in node.names) for node in ast.walk(tree))
        self.findings = []
        self.asked = []
        self.prompts = set()
        self.paths = {}
        self.fields = []
        self._walk(tree, "", None)
        self._joins()
        self._datapaths()

    def say(self, rule, line, block, message):
        finding = {"rule": rule, "line": line, "block": block, "message": message}
        if finding not in self.findings:
            self.findings.append(finding)

    def _walk(self, node, block, function):
        for child in ast.iter_child_nodes(node):
            inside, inner = block, function
            if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)) and function is None:
                inside, inner = child.name, child
            if isinstance(child, ast.Call):
                self._call(child, inside, inner if inner is not None else node)
            elif isinstance(child, ast.Constant) and isinstance(child.value, str):
                for name, path in _PATH.findall(child.value):
                    if name not in ("artifact", "container"):
                        self.paths.setdefault((name, path), (child.lineno, inside))
                for field in _ARTIFACT.findall(child.value):
                    if field not in self.fields:
                        self.fields.append(field)
            elif isinstance(child, ast.Dict):
                self._named_fields(child)
            self._old(child, inside)
            self._walk(child, inside, inner)

    def _named_fields(self, node):
        for key, value in zip(node.keys, node.values):
            if _FIELD_ARGUMENT.fullmatch(_text(key) or "") and _FIELD_NAMES.fullmatch(_text(value) or ""):
                self.fields += [field for field in ("cef." + each.strip() for each in value.value.split(",")) if field not in self.fields]

    def _old(self, node, block):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _PYTHON2_NAMES and node.id not in self.names:
            self.say("python2", node.lineno, block, "%s exists in Python 2 only: write %s." % (node.id, _PYTHON2_NAMES[node.id]))
        elif isinstance(node, ast.Attribute) and node.attr in _PYTHON2_METHODS:
            self.say("python2", node.lineno, block, ".%s() exists in Python 2 only: write %s." % (node.attr, _PYTHON2_METHODS[node.attr]))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            for module in modules:
                if module in _PYTHON2_MODULES:
                    self.say("python2", node.lineno, block, "The module %s exists in Python 2 only: import %s." % (module, _PYTHON2_MODULES[module]))

    def _call(self, call, block, function):
        name = _api(call)
        if name is None:
            return
        wrong = _misuse(call, name) if self.of_rules else None
        if wrong is not None:
            self.say(wrong[0], call.lineno, block, wrong[1])
        callback = _argument(call, "callback", {"act": 4, "custom_function": 2}.get(name))
        target = callback.id if isinstance(callback, ast.Name) else _text(callback) if callback is not None else None
        if target is not None and target not in self.names:
            self.say("callback", call.lineno, block, "The callback %s does not exist: define a function of that name, or name another." % target)
        if name in _PROMPTS:
            self.prompts.add(_text(_argument(call, "name")) if _argument(call, "name") is not None else None)
        if name not in _ASKING:
            return
        what = _text(_argument(call, _ASKING[name], 0)) if _argument(call, _ASKING[name], 0) is not None else None
        named = _argument(call, "name")
        app = _argument(call, "app")
        self.asked.append({
            "kind": name, "what": what, "block": block, "line": call.lineno,
            "name": _text(named) if named is not None else None,
            "dynamic": named is not None and _text(named) is None or what is None,
            "assets": _texts(_argument(call, "assets", 2)) if name == "act" else None,
            "app": _text(app) if app is not None else None,
            "parameters": _keys(_argument(call, "parameters", 1), function) if name == "act" else None,
            "callback": target, "looks": self._looks(target, set()),
        })

    def _looks(self, function, seen):
        """Whether a callback, or what it calls, looks at how the action ended."""
        node = self.functions.get(function)
        if node is None or function in seen:
            return False
        seen.add(function)
        for inner in ast.walk(node):
            if isinstance(inner, ast.Name) and inner.id == "success" and isinstance(inner.ctx, ast.Load):
                return True
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and (
                    inner.value == "status" or "action_result.status" in inner.value or inner.value.endswith(".status")):
                return True
            if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and self._looks(inner.func.id, seen):
                return True
        return False

    def _joins(self):
        names = {(one["kind"], one["name"]) for one in self.asked} | {("act", name) for name in self.prompts}
        unsure = {one["kind"] for one in self.asked if one["dynamic"]}
        for function in self.functions.values():
            for call in ast.walk(function):
                if not isinstance(call, ast.Call) or _api(call) not in ("completed", "actions_done"):
                    continue
                for argument, kind in _JOINED.items():
                    for each in _texts(_argument(call, argument, 0 if argument == "action_names" else None)) or []:
                        if (kind, each) not in names and kind not in unsure:
                            self.say("join", call.lineno, function.name,
                                     "%s waits for \"%s\", and nothing of that name is ever asked for: it never goes on. Give phantom.%s name=\"%s\", or leave it out here."
                                     % (function.name, each, kind, each))

    def _datapaths(self):
        names = {one["name"] for one in self.asked if one["kind"] == "act"} | self.prompts
        unsure = any(one["dynamic"] for one in self.asked if one["kind"] == "act")
        for (name, path), (line, block) in self.paths.items():
            if path.startswith("action_result") and name not in names and not unsure:
                self.say("datapath", line, block, "\"%s:%s\" names the action \"%s\", which this playbook never asks for: correct the name." % (name, path, name))


def _blocks(tree):
    """The functions that the engine or another block calls: marked in the modern era, taking a container before."""
    tops = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    marked = [node for node in tops if any("playbook_block" in ast.unparse(each) for each in node.decorator_list)]
    called = marked or [node for node in tops if node.name in ("on_start", "on_finish") or "container" in [each.arg for each in node.args.args]]
    return [{"name": node.name, "line": min([node.lineno] + [each.lineno for each in node.decorator_list]), "end": node.end_lineno} for node in tops if node in called or node.name in ("on_start", "on_finish")]


def examine(name, data, python2):
    """As source.check, and more of it, in one reading."""
    checked, tree = source.checked(name, data, python2)
    if tree is None:
        return checked
    found = _Examined(tree)
    if python2:
        found.findings = [each for each in found.findings if each["rule"] != "python2"]
    blocks = _blocks(tree)
    _, lines, branches = places.watched(tree)
    first = {}
    for line, function in lines.items():
        first.setdefault(function, line)
    return dict(
        checked, blocks=blocks, branches=branches, lines=sorted(lines), asked=found.asked, fields=found.fields, findings=found.findings,
        reads=shapes.reads(tree, found.asked),
        first={each["name"]: first.get(each["name"], 0) for each in blocks},
        paths=[{"name": key, "path": path, "line": line, "block": block} for (key, path), (line, block) in found.paths.items()])
