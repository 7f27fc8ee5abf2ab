"""Small changes of code: each place in a function where one is made, and a seeded sample of them.

mutmut 3.8 leaves out functions with decorators, that is all compiled ones; cosmic-ray 8.7 rewrites the files of the
checkout, runs one command for all of them, and drops no statements, changes no returned values and no ends of slices.
"""

import ast
import difflib
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

_EACH_OTHER: Final = (
    *((ast.Add, ast.Sub), (ast.Mult, ast.Div), (ast.BitAnd, ast.BitOr), (ast.LShift, ast.RShift), (ast.And, ast.Or)),
    *((ast.Lt, ast.LtE), (ast.Gt, ast.GtE), (ast.Eq, ast.NotEq), (ast.Is, ast.IsNot), (ast.In, ast.NotIn)),
    *(("min", "max"), ("argmin", "argmax"), ("minimum", "maximum"), ("fmin", "fmax"), ("any", "all")),
    ("floor", "ceil"),
)
_ONE_WAY: Final = (
    (ast.MatMult, ast.Add),
    (ast.FloorDiv, ast.Mult),
    (ast.Mod, ast.FloorDiv),
    (ast.Pow, ast.Mult),
    (ast.BitXor, ast.BitAnd),
)
_OTHER: Final[dict[Any, Any]] = dict(_EACH_OTHER) | {new: old for old, new in _EACH_OTHER} | dict(_ONE_WAY)
_NOT_RUN: Final = ("annotation", "returns", "decorator_list", "type_params")
_DROPPED: Final = (ast.Assign, ast.AugAssign, ast.AnnAssign)
_NUMBERS: Final = ("int", "float", "Floats", "Indices", "Ints")

_Change = tuple[str, Callable[[], object]]


@dataclass(frozen=True)
class Place:
    """A place that can be changed: the function it is in, its line, how, and its number among those of the function."""

    path: str
    function: str
    line: int
    how: str
    number: int
    compiled: bool
    change: Callable[[], object] = field(compare=False)

    def rank(self, seed: int) -> str:
        """Return its place in the sample of a seed, which the other places have no part in."""
        words = f"{seed} {self.path} {self.function} {self.how} {self.number}"
        return hashlib.sha256(words.encode()).hexdigest()


def places(path: str, tree: ast.Module) -> Iterator[Place]:
    """Yield all places in the functions of a module; to change one is to change the tree."""
    for function, name in _functions(tree, ""):
        counts: dict[str, int] = {}
        compiled = any(ast.unparse(decorator).startswith("njit") for decorator in function.decorator_list)
        for node in _nodes(function):
            for how, change in _changes(node, ast.unparse(function.returns) if function.returns else ""):
                number = counts[how] = counts.get(how, -1) + 1
                yield Place(path, name, getattr(node, "lineno", function.lineno), how, number, compiled, change)


def sample(root: Path, paths: list[str], count: int, seed: int) -> list[Place]:
    """Return places in some modules, each as likely as any other, so that functions have their share by size."""
    found = [place for path in paths for place in places(path, ast.parse((root / path).read_text(encoding="utf-8")))]
    return sorted(found, key=lambda place: place.rank(seed))[:count]


def changed(source: str, place: Place) -> tuple[ast.Module, list[str]]:
    """Return a module with one place changed, and its lines before and after."""
    tree = ast.parse(source)
    next(other for other in list(places(place.path, tree)) if other == place).change()
    ast.fix_missing_locations(tree)
    before, after = ast.unparse(ast.parse(source)).splitlines(), ast.unparse(tree).splitlines()
    return tree, [line for line in difflib.unified_diff(before, after, n=0) if line[:2] not in {"--", "++", "@@"}]


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[ast.FunctionDef, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield child, prefix + child.name
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{child.name}.")


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in _NOT_RUN:
                yield from _nodes(child)


def _changes(node: Any, returns: str) -> Iterator[_Change]:
    """Yield the changes that a node allows: their kind, and what makes them."""
    match node:
        case ast.BinOp() | ast.AugAssign() | ast.BoolOp():
            yield "operator", partial(setattr, node, "op", _OTHER[type(node.op)]())
        case ast.Compare():
            for place, old in enumerate(node.ops):
                yield "comparison", partial(node.ops.__setitem__, place, _OTHER[type(old)]())
        case ast.Constant(value=int() | float()) if not isinstance(node.value, bool):
            yield "constant + 1", partial(setattr, node, "value", node.value + 1)
            yield "constant - 1", partial(setattr, node, "value", node.value - 1)
        case ast.UnaryOp():  # twice: not not, - -, ~~
            yield "sign", partial(setattr, node, "operand", ast.UnaryOp(node.op, node.operand))
        case ast.If() | ast.While() | ast.IfExp():
            yield "condition", partial(setattr, node, "test", ast.UnaryOp(ast.Not(), node.test))
        case ast.Return(value=ast.expr()) if ast.unparse(node.value) != "None":
            yield "return", partial(setattr, node, "value", _other_value(node.value, returns))
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER:
            yield "name", partial(setattr, node.func, "id", _OTHER[name])
        case ast.Call(func=ast.Attribute(attr=name)) if name in _OTHER:
            yield "name", partial(setattr, node.func, "attr", _OTHER[name])
        case ast.Subscript():
            yield from _changes_of_index(node)
        case ast.Slice():
            for end, operator in (("lower", ast.Add()), ("upper", ast.Sub())):
                if (old := getattr(node, end)) is not None:
                    yield "end of slice", partial(setattr, node, end, ast.BinOp(old, operator, ast.Constant(1)))
    yield from _drops(node)


def _changes_of_index(node: ast.Subscript) -> Iterator[_Change]:
    match node.slice:
        case ast.Tuple(elts=[first, second, *others]) if ast.dump(first) != ast.dump(second):
            yield "swapped index", partial(setattr, node.slice, "elts", [second, first, *others])
        case ast.Constant(value=0):
            yield "swapped index", partial(setattr, node, "slice", ast.UnaryOp(ast.USub(), ast.Constant(1)))
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=1)):
            yield "swapped index", partial(setattr, node, "slice", ast.Constant(0))


def _drops(node: ast.AST) -> Iterator[_Change]:
    """Yield the statements in a block that can be left out: assignments and calls."""
    for body in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
        for place, statement in enumerate(body if isinstance(body, list) else ()):
            is_call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
            if is_call or (isinstance(statement, _DROPPED) and statement.value is not None):
                yield "dropped", partial(body.__setitem__, place, ast.Pass())


def _other_value(value: ast.expr, returns: str) -> ast.expr:
    """Return an expression for another value of a type, None if there is none at hand."""
    if returns == "bool":
        return ast.UnaryOp(ast.Not(), value)
    return ast.BinOp(value, ast.Add(), ast.Constant(1)) if returns in _NUMBERS else ast.Constant(None)
