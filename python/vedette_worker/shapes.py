"""What a playbook reads out of results beyond its datapaths: `row[0]["fields"]["key"]` says that there are fields with a key.

Followed from collect2, collect, parse_success and the results of a callback, through loops, comprehensions, assignments, subscripts and
helper functions. What cannot be followed is left out.
"""

import ast

# A shape is one of these: rows of collect2, one row, a list of something, a few things side by side, one app run, a place in a result.
_ROWS, _ROW, _EACH, _TUPLE, _RUN, _AT = "rows", "row", "each", "tuple", "run", "at"
_SAVED = "saved:"
_SAME = frozenset(("list", "sorted", "set", "reversed", "tuple", "filter"))


def _constant(node, kind):
    return node.value if isinstance(node, ast.Constant) and type(node.value) is kind else None


class _Reader:
    def __init__(self, callbacks, functions):
        self._callbacks = callbacks
        self._functions = functions
        self._within = []
        self.reads = []

    def function(self, node):
        self._names = {}
        self._own = self._callbacks.get(node.name, ())
        arguments = [each.arg for each in node.args.args]
        if self._own and len(arguments) > 3:
            self._names[arguments[3]] = (_EACH, (_RUN,))
        for statement in node.body:
            self._statement(statement)

    def _called(self, node, given, named):
        """What a function does with what it is handed, where anything of that is known."""
        shapes = dict(zip([each.arg for each in node.args.args], given), **named)
        if node in self._within or not any(shapes.values()):
            return
        outer, self._names = self._names, shapes
        self._within.append(node)
        for statement in node.body:
            self._statement(statement)
        self._within.pop()
        self._names = outer

    def _statement(self, node):
        if isinstance(node, ast.Assign):
            shape = self._of(node.value)
            for target in node.targets:
                self._bind(target, shape)
            return
        if isinstance(node, (ast.For, ast.AsyncFor)):
            self._bind(node.target, self._item(self._of(node.iter)))
            for inner in node.body + node.orelse:
                self._statement(inner)
            return
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                self._of(child)
            else:
                self._statement(child)

    def _bind(self, target, shape):
        if isinstance(target, ast.Name):
            self._names[target.id] = shape
        elif isinstance(target, (ast.Tuple, ast.List)):
            for number, each in enumerate(target.elts):
                self._bind(each, self._at_number(shape, number))
        else:
            self._of(target)

    def _item(self, shape):
        if shape is None:
            return None
        if shape[0] == _ROWS:
            return (_ROW, shape[1])
        if shape[0] == _EACH:
            return shape[1]
        return self._step(shape, "*") if shape[0] == _AT else None

    def _step(self, shape, key):
        found = (_AT, [(name, path + "." + key) for name, path in shape[1]])
        # Of what was saved nothing else tells that it is a list.
        self._keep(place for place in found[1] if place[0].startswith(_SAVED))
        return found

    def _keep(self, places):
        self.reads += [place for place in places if place not in self.reads]

    def _place(self, path):
        """A datapath as a place in the result of one block; of each block that this function is called back by, where it names none."""
        if path is None:
            return None
        name, colon, rest = path.rpartition(":")
        if rest.split(".")[0] != "action_result":
            return None
        name = name.rpartition(":")[2]
        if colon:
            return (_AT, [(name, rest)])
        found = (_AT, [(each, rest) for each in self._own])
        self._keep(found[1])  # without a name no datapath tells whose it is
        return found

    def _at_number(self, shape, number):
        if shape is None:
            return None
        if shape[0] in (_ROW, _TUPLE):
            inside = shape[1][number] if number is not None and -len(shape[1]) <= number < len(shape[1]) else None
            return self._place(inside) if shape[0] == _ROW else inside
        if shape[0] == _AT and number is not None and number >= 0:
            return self._step(shape, str(number))
        return self._item(shape)

    def _read(self, shape, key):
        if shape[0] == _RUN:
            return (_EACH, (_AT, [(name, "action_result") for name in self._own])) if key == "action_results" else None
        if shape[0] != _AT:
            return None
        found = self._step(shape, key)
        self._keep(found[1])
        return found

    def _of(self, node):
        if isinstance(node, ast.Name):
            return self._names.get(node.id)
        if isinstance(node, ast.Call):
            return self._call(node)
        if isinstance(node, ast.Subscript):
            inner = self._of(node.value)
            key = node.slice
            self._of(key)
            if inner is None or isinstance(key, ast.Slice):
                return inner
            text = _constant(key, str)
            if text is not None:
                return self._read(inner, text)
            number = _constant(key.operand if isinstance(key, ast.UnaryOp) else key, int)
            return self._at_number(inner, None if number is None else -number if isinstance(key, ast.UnaryOp) else number)
        if isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)):
            for each in node.generators:
                self._bind(each.target, self._item(self._of(each.iter)))
                for condition in each.ifs:
                    self._of(condition)
            if isinstance(node, ast.DictComp):
                self._of(node.key), self._of(node.value)
                return None
            return (_EACH, self._of(node.elt))
        shapes = [self._of(child) for child in ast.iter_child_nodes(node) if isinstance(child, ast.expr)]
        return next((shape for shape in shapes if shape is not None), None) if isinstance(node, (ast.BoolOp, ast.IfExp)) else None

    def _call(self, node):
        given = [self._of(each) for each in node.args]
        named = {each.arg: each.value for each in node.keywords}
        shapes = {name: self._of(value) for name, value in named.items()}
        function = node.func
        if isinstance(function, ast.Name):
            if function.id in self._functions:
                self._called(self._functions[function.id], given, shapes)
                return None
            if function.id in _SAME and given:
                return given[-1 if function.id == "filter" else 0]
            if function.id == "enumerate" and given:
                return (_EACH, (_TUPLE, [None, self._item(given[0])]))
            if function.id == "zip":
                return (_EACH, (_TUPLE, [self._item(each) for each in given]))
            return None
        if not isinstance(function, ast.Attribute):
            return None
        if not (isinstance(function.value, ast.Name) and function.value.id in ("phantom", "json")):
            inner = self._of(function.value)
            if function.attr in ("items", "values", "keys") and inner is not None and inner[0] == _AT:
                value = self._read(inner, "example")  # whatever its keys are: it is an object
                return (_EACH, {"items": (_TUPLE, [None, value]), "values": value, "keys": None}[function.attr])
            text = _constant(node.args[0], str) if node.args else None
            return self._read(inner, text) if function.attr == "get" and inner is not None and text is not None else None
        if function.attr == "collect2":
            paths = named.get("datapath")
            return (_ROWS, [_constant(each, str) for each in paths.elts]) if isinstance(paths, ast.List) else None
        if function.attr == "collect" and len(node.args) > 1:
            if isinstance(node.args[1], ast.List):
                return (_ROWS, [_constant(each, str) for each in node.args[1].elts])
            place = self._place(_constant(node.args[1], str))
            return (_EACH, place) if place else None
        if function.attr == "parse_success":
            return (_EACH, (_AT, [(name, "action_result.data.*") for name in self._own]))
        if function.attr in ("parse_results", "get_successful_action_results_v2"):
            return (_EACH, (_AT, [(name, "action_result") for name in self._own]))
        if function.attr == "get_data":
            key = _constant(named.get("key") or (node.args[0] if node.args else None), str)
            return (_AT, [(_SAVED + key, "value")]) if key else None
        if function.attr == "get_raw_data":
            return (_AT, [("container", "data")])
        return given[0] if function.attr == "loads" and given and given[0] == (_AT, [("container", "data")]) else None


def reads(tree, asked):
    """Pairs of a block (or an action, for one without a name; or `container`, or `saved:` and a key) and a place in its result."""
    functions = [node for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    callbacks = {}
    for each in asked:
        if each["kind"] == "act" and each["callback"]:
            callbacks.setdefault(each["callback"], []).extend(name for name in (each["name"] or each["what"],) if name)
    reader = _Reader(callbacks, {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name not in callbacks})
    for function in functions:
        reader.function(function)
    return [{"name": name, "path": path} for name, path in reader.reads]
