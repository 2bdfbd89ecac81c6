"""Which places of a source were reached: only in a trial, where the engine asks for it. A turn of a live run compiles the source as it is."""

import ast

MARK = "__vedette_at__"
# Below it a place is a line; from it on, one of the two ways out of a branch.
FIRST_BRANCH = 10_000_000


class _Watch(ast.NodeTransformer):
    def __init__(self):
        self.lines = {}
        self.branches = []
        self._function = ""

    def _mark(self, place, like):
        call = ast.Expr(ast.Call(ast.Name(MARK, ast.Load()), [ast.Constant(place)], []))
        return ast.fix_missing_locations(ast.copy_location(call, like))

    def _branch(self, node, text, outcome):
        place = FIRST_BRANCH + len(self.branches)
        self.branches.append({"id": place, "line": node.lineno, "block": self._function, "text": text, "outcome": outcome})
        return self._mark(place, node)

    def _body(self, statements, may_begin=False):
        watched = []
        for at, statement in enumerate(statements):
            told = may_begin and at == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
            if not told and not future and not isinstance(statement, (ast.Global, ast.Nonlocal)):
                self.lines.setdefault(statement.lineno, self._function)
                watched.append(self._mark(statement.lineno, statement))
            watched.append(self.visit(statement))
        return watched

    def visit_Module(self, node):
        node.body = self._body(node.body, True)
        return node

    def visit_FunctionDef(self, node):
        outer = self._function
        self._function = outer or node.name
        node.body = self._body(node.body, True)
        self._function = outer
        return node

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        node.body = self._body(node.body, True)
        return node

    def visit_If(self, node):
        text = "if " + _short(node.test)
        taken, other = self._branch(node, text, "yes"), self._branch(node, text, "no")
        # An elif is no line of its own: it is reached by the other way out of the one above.
        lone = len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If)
        node.body = [taken] + self._body(node.body)
        node.orelse = [other] + ([self.visit(node.orelse[0])] if lone else self._body(node.orelse))
        return node

    def _loop(self, node):
        node.body = self._body(node.body)
        node.orelse = self._body(node.orelse)
        return node

    visit_For = visit_AsyncFor = visit_While = _loop

    def visit_With(self, node):
        node.body = self._body(node.body)
        return node

    visit_AsyncWith = visit_With

    def visit_Try(self, node):
        node.body = self._body(node.body)
        for handler in node.handlers:
            mark = self._branch(handler, "except" + (" " + _short(handler.type) if handler.type else ""), "raised")
            handler.body = [mark] + self._body(handler.body)
        node.orelse = self._body(node.orelse)
        node.finalbody = self._body(node.finalbody)
        return node

    visit_TryStar = visit_Try

    def visit_Match(self, node):
        for case in node.cases:
            mark = self._branch(case.pattern, "case " + _short(case.pattern), "matched")
            case.body = [mark] + self._body(case.body)
        return node


def _short(node):
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 80 else text[:79] + "\u2026"


def watched(tree):
    """The tree with a mark at every line and branch, and what there is to reach."""
    watch = _Watch()
    return watch.visit(tree), watch.lines, watch.branches
