"""What the tests claim to prove, read from their sources without importing or running them.

A claim is a `@pytest.mark.req("RET-005", ...)` on a test, on its class or one of the class's bases in the
same file, in a `pytestmark`, or in the `marks` of a `pytest.param`. Marks and parameter lists may be
given a name at the top of the file. A test that is always skipped or expected to fail proves nothing.

Transcripts (`tests/**/transcripts/*.txt`) are tests too: their line `req: BOT-003 ORD-008` is a claim.
"""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PROVES_NOTHING = {"skip", "xfail"}

TestFunction = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Claim:
    """One requirement id in one mark, and the tests under that mark that count as proof.

    `id` is None where a mark's argument is not a plain string, so that no reader can tell what it claims.
    `misplaced`: the mark stands over no test at all, not even one that is skipped.
    """

    id: str | None
    place: str
    tests: tuple[str, ...]
    misplaced: bool


def read_claims(tests: Path, root: Path) -> list[Claim]:
    """All claims below `tests` (a folder or one file), in the order of files and lines.

    Places (`tests/a/test_b.py:12`) and test ids (`tests/a/test_b.py::test_c`) are relative to `root`.
    Raises SyntaxError, with its `filename` relative to `root`, for a file that Python cannot read.
    """
    files = [tests] if tests.is_file() else sorted(tests.rglob("*.py"))
    claims = [claim for file in files for claim in _claims_of_file(file, file.relative_to(root).as_posix())]
    if tests.is_file():
        return claims
    for file in sorted(tests.rglob("transcripts/*.txt")):
        claims += _claims_of_transcript(file, file.relative_to(root).as_posix())
    return claims


def _claims_of_transcript(file: Path, name: str) -> list[Claim]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    return [
        Claim(requirement, f"{name}:{number}", (name,), misplaced=False)
        for number, line in lines
        if line.startswith("req: ")
        for requirement in line.removeprefix("req: ").split()
    ]


def _claims_of_file(file: Path, name: str) -> list[Claim]:
    source = file.read_text(encoding="utf-8")
    if ".req" not in source:
        return []
    module = _Module(ast.parse(source, filename=name), name)
    if file.name.startswith("test_") or file.name.endswith("_test.py"):
        module.collect(module.tree.body, name, [])
    return module.claims()


@dataclass
class _Module:
    """One test file: its names, and which tests stand under which mark (by the mark's syntax node)."""

    tree: ast.Module
    name: str
    assigned: dict[str, ast.expr] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    tests_under: dict[ast.Call, dict[str, None]] = field(default_factory=dict)
    proves_nothing: set[ast.Call] = field(default_factory=set)

    def __post_init__(self) -> None:
        for statement in _statements(self.tree.body):
            if isinstance(statement, ast.ClassDef):
                self.classes[statement.name] = statement
            self.assigned.update(_assignments(statement))

    def collect(self, body: Sequence[ast.stmt], prefix: str, inherited: list[ast.expr]) -> None:
        """Note each test of `body` under its own marks and those it inherits."""
        applied = inherited + (self._pytestmark(body) if prefix == self.name else [])
        for statement in _statements(body):
            if isinstance(statement, TestFunction) and statement.name.startswith("test"):
                marks = applied + self._spread(statement.decorator_list)
                self._note(f"{prefix}::{statement.name}", marks)
            elif isinstance(statement, ast.ClassDef) and statement.name.startswith("Test"):
                self._collect_class(statement, f"{prefix}::{statement.name}", applied)

    def _collect_class(self, node: ast.ClassDef, prefix: str, inherited: list[ast.expr]) -> None:
        line = self._ancestry(node)
        applied = list(inherited)
        members: dict[str, ast.stmt] = {}
        for ancestor in line:
            applied += self._spread(ancestor.decorator_list) + self._pytestmark(ancestor.body)
            for member in _statements(ancestor.body):
                if isinstance(member, TestFunction | ast.ClassDef):
                    members.setdefault(member.name, member)
        self.collect(list(members.values()), prefix, applied)

    def _ancestry(self, node: ast.ClassDef) -> list[ast.ClassDef]:
        line = [node]
        for base in node.bases:
            known = self.classes.get(base.id) if isinstance(base, ast.Name) else None
            if known is not None and known is not node:
                line += [ancestor for ancestor in self._ancestry(known) if ancestor not in line]
        return line

    def _pytestmark(self, body: Sequence[ast.stmt]) -> list[ast.expr]:
        values = [_assignments(statement).get("pytestmark") for statement in _statements(body)]
        return self._spread([value for value in values if value is not None])

    def _spread(self, applied: Sequence[ast.expr]) -> list[ast.expr]:
        """Marks one by one: lists opened, names replaced by what they stand for."""
        single: list[ast.expr] = []
        for mark in applied:
            if isinstance(mark, ast.List | ast.Tuple):
                single += self._spread(mark.elts)
            elif isinstance(mark, ast.Name) and mark.id in self.assigned:
                single += self._spread([self.assigned[mark.id]])
            else:
                single.append(mark)
        return single

    def _note(self, test: str, applied: list[ast.expr]) -> None:
        excused = any(_mark_name(mark) in PROVES_NOTHING for mark in applied)
        for mark in applied:
            for claim, param_excused in self._claims_in(mark):
                if excused or param_excused:
                    self.proves_nothing.add(claim)
                else:
                    self.tests_under.setdefault(claim, {})[test] = None

    def _claims_in(
        self, node: ast.AST, excused: bool = False, seen: frozenset[str] = frozenset()
    ) -> Iterator[tuple[ast.Call, bool]]:
        """The `req` marks in an expression, each with whether its `pytest.param` is skipped or to fail."""
        if isinstance(node, ast.Call) and _mark_name(node) == "req":
            yield node, excused
            return
        if isinstance(node, ast.Name) and node.id in self.assigned and node.id not in seen:
            yield from self._claims_in(self.assigned[node.id], excused, seen | {node.id})
            return
        if isinstance(node, ast.Call) and _last_name(node.func) == "param":
            marks = self._spread([word.value for word in node.keywords if word.arg == "marks"])
            excused = excused or any(_mark_name(mark) in PROVES_NOTHING for mark in marks)
        for child in ast.iter_child_nodes(node):
            yield from self._claims_in(child, excused, seen)

    def claims(self) -> list[Claim]:
        """Every claim of the file, in the order of its lines."""
        marks = [
            node for node in ast.walk(self.tree) if isinstance(node, ast.Call) and _mark_name(node) == "req"
        ]
        marks.sort(key=lambda mark: (mark.lineno, mark.col_offset))
        return [claim for mark in marks for claim in self._claims_of(mark)]

    def _claims_of(self, mark: ast.Call) -> Iterator[Claim]:
        tests = tuple(self.tests_under.get(mark, ()))
        misplaced = not tests and mark not in self.proves_nothing
        # A mark without ids, or with named ones, is one unreadable claim: the mark itself is no string.
        for argument in mark.args if mark.args and not mark.keywords else [mark]:
            yield Claim(_plain_string(argument), f"{self.name}:{argument.lineno}", tests, misplaced)


def _statements(body: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, looking into `if`, `try` and `with`, but not into functions or classes."""
    for statement in body:
        if isinstance(statement, ast.If | ast.Try | ast.With):
            for part in ("body", "handlers", "orelse", "finalbody"):
                for inner in getattr(statement, part, []):
                    yield from _statements(inner.body if isinstance(inner, ast.ExceptHandler) else [inner])
        else:
            yield statement


def _assignments(statement: ast.stmt) -> dict[str, ast.expr]:
    if isinstance(statement, ast.Assign):
        return {target.id: statement.value for target in statement.targets if isinstance(target, ast.Name)}
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name) and statement.value:
        return {statement.target.id: statement.value}
    return {}


def _mark_name(node: ast.AST) -> str | None:
    """`req` for `pytest.mark.req(...)`, `mark.req(...)` or `pytest.mark.req`."""
    mark = node.func if isinstance(node, ast.Call) else node
    if isinstance(mark, ast.Attribute) and _last_name(mark.value) == "mark":
        return mark.attr
    return None


def _last_name(node: ast.AST) -> str | None:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else None


def _plain_string(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None
