"""Parameters put in their places: a value that reads `params.<name>` becomes the value of that parameter.

Conditions and expressions (`if`, `require`, `=…`) keep the name, because there a parameter is a fact.
"""

from collections.abc import Mapping
from decimal import Decimal

from engine.book.finding import Finding, Path, Place, hint
from engine.book.text import Node, Scalar, Value

PREFIX = "params."
FACTS_UNDER = frozenset({"if", "require"})
CALCULATED = frozenset({"measures", "formulas"})  # sections in which `is` is an expression too


def override(root: Node, values: Mapping[str, Scalar]) -> tuple[Node, tuple[Finding, ...]]:
    """The book with other values for some parameters, as a test or a simulation wants them."""
    if not values or not isinstance(root.value, dict):
        return root, ()
    params = root.value.get("params", Node({}, root.place))
    assert isinstance(params.value, dict)
    changed, findings = dict(params.value), []
    for name, value in values.items():
        param = changed.get(name)
        if param is None or not isinstance(param.value, dict):
            zh, en, near = hint(name, params.value)
            place = Place(root.place.file)
            findings.append(
                Finding.at(
                    place,
                    "unknown_param",
                    path=("params", name),
                    zh=f"没有参数 {name}{zh}",
                    en=f"unknown parameter {name}{en}",
                    suggestion=near,
                )
            )
            continue
        old = param.find(("value",))
        new = Node(of_kind(old.value, value), old.place)
        changed[name] = Node({**param.value, "value": new}, param.place, param.keys)
    whole = {**root.value, "params": Node(changed, params.place, params.keys)}
    return Node(whole, root.place, root.keys), tuple(findings)


def of_kind(old: Value, new: Value) -> Value:
    """`10` for what was `10.0`: a whole number where conditions reckon with decimals."""
    whole = isinstance(new, int) and not isinstance(new, bool)
    return Decimal(new) if whole and isinstance(old, Decimal) else new  # type: ignore[arg-type]


def substitute(root: Node) -> tuple[Node, tuple[Finding, ...], frozenset[str]]:
    """The tree with parameters put in, what could not be, and the names of those that were."""
    if not isinstance(root.value, dict):
        return root, (), frozenset()
    substitution = _Substitution(root.value.get("params"))
    values = {
        section: node if section == "params" else substitution.replace(node, (section,))
        for section, node in root.value.items()
    }
    whole = Node(values, root.place, root.keys)
    return whole, tuple(substitution.findings), frozenset(substitution.put)


class _Substitution:
    def __init__(self, params: Node | None) -> None:
        known = params.value if params is not None and isinstance(params.value, dict) else {}
        self.values = {
            name: node.value["value"].value
            for name, node in known.items()
            if isinstance(node.value, dict) and "value" in node.value
        }
        self.findings: list[Finding] = []
        self.put: set[str] = set()

    def replace(self, node: Node, path: Path) -> Node:
        if isinstance(node.value, dict):
            return self._mapping(node, node.value, path)
        if isinstance(node.value, list):
            entries = [self.replace(entry, (*path, at)) for at, entry in enumerate(node.value)]
            return node if all(map(_same, entries, node.value)) else Node(entries, node.place)
        if isinstance(node.value, str) and node.value.startswith(PREFIX):
            return self._value(node, node.value.removeprefix(PREFIX), path)
        return node

    def _mapping(self, node: Node, values: dict[str, Node], path: Path) -> Node:
        changed = {
            key: value if _is_expression(path, key) else self.replace(value, (*path, key))
            for key, value in values.items()
        }
        same = all(changed[key] is value for key, value in values.items())
        return node if same else Node(changed, node.place, node.keys)

    def _value(self, node: Node, name: str, path: Path) -> Node:
        if name in self.values and isinstance(self.values[name], bool | int | Decimal | str):
            self.put.add(name)
            return Node(self.values[name], node.place)
        zh, en, near = hint(name, self.values)
        finding = Finding.at(
            node.place,
            "unknown_param",
            path=path,
            zh=f"没有参数 {name}{zh}",
            en=f"unknown parameter {name}{en}",
            suggestion=near,
        )
        self.findings.append(finding)
        return node


def _is_expression(path: Path, key: str) -> bool:
    return (
        key in FACTS_UNDER
        or (key == "is" and path[0] in CALCULATED)
        or (key == "fact" and path[0] == "tests")
    )


def _same(one: object, other: object) -> bool:
    return one is other
