"""What pydantic finds wrong, said at its place in the file and in the words of this language."""

from collections.abc import Iterable, Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from engine.book.finding import Finding, Path, hint
from engine.book.sentences import ONE_VALUE, PATTERNS, SENTENCES, SHAPES
from engine.book.text import Node

# What pydantic adds to the path for each kind of plain value it tried.
UNION_STEPS = frozenset({("bool",), ("int",), ("decimal",), ("str",)})
MAPPINGS = frozenset({"model_type", "model_attributes_type"})
FULL_WIDTH = "、：，。；（）【】｛｝“”‘’"


def explain(error: ValidationError, root: Node, model: type[BaseModel]) -> Iterator[Finding]:
    """One finding for each mistake; the attempts of a union at one value are one mistake."""
    told: set[tuple[str, int, int, str]] = set()
    errors = error.errors(include_url=False)
    for each in errors:
        if each["type"] == "too_short" and _filled(each["loc"], errors):
            continue
        finding = _finding(each, root, model)
        spot = (finding.file, finding.line, finding.column, finding.path)
        if spot not in told:
            told.add(spot)
            yield finding


def _filled(path: Path, errors: Iterable[Mapping[str, Any]]) -> bool:
    """Whether a list is short only because what stands in it is wrong, which is told."""
    return any(each["loc"][: len(path)] == path and len(each["loc"]) > len(path) for each in errors)


def fields_of(model: type[BaseModel]) -> tuple[str, ...]:
    """The keys an author may write."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def model_at(annotation: Any, path: Path) -> type[BaseModel] | None:
    """The model that describes what stands at the path."""
    if get_origin(annotation) is Annotated:
        return model_at(get_args(annotation)[0], path)
    if get_origin(annotation) in (Union, UnionType):
        return next((found for part in get_args(annotation) if (found := model_at(part, path))), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _model_in(annotation, path)
    if get_origin(annotation) in (dict, tuple, list) and path:
        inner = get_args(annotation)
        return model_at(inner[1] if get_origin(annotation) is dict else inner[0], path[1:])
    return None


def _model_in(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    if not path:
        return model
    for name, field in model.model_fields.items():
        if path[0] in (name, field.alias):
            return model_at(field.annotation, path[1:])
    return None


def _finding(each: Mapping[str, Any], root: Node, model: type[BaseModel]) -> Finding:
    path: Path = tuple(each["loc"])
    kind: str = each["type"]
    if kind == "extra_forbidden":
        return _unknown_key(path, root, model)
    if kind == "missing":
        return _missing(path, root)
    if path[-1:] == ("[key]",):
        return _bad_id(path[:-1], root)
    if kind == "value_error":
        return _broken_rule(path, root, str(each["ctx"]["error"]))
    return _wrong_value(path, root, model, kind, each)


def _unknown_key(path: Path, root: Node, model: type[BaseModel]) -> Finding:
    word = str(path[-1])
    owner = model_at(model, path[:-1])
    zh, en, near = hint(word, fields_of(owner) if owner else ())
    if near is None and root.find(path).value is None:  # {en: Two thirds, then more}
        zh, en = f"{zh}；花括号里的文字含有逗号时要加引号", f"{en}; quote a text with a comma inside {{ }}"
    place = root.place_of(path, key=True)
    return Finding.at(
        place,
        "unknown_key",
        path=root.spelled(path),
        zh=f"没有 {word} 这个键{zh}",
        en=f"unknown key {word}{en}",
        suggestion=near,
    )


def _missing(path: Path, root: Node) -> Finding:
    place = root.place_of(path[:-1], key=True)
    return Finding.at(
        place, "missing", path=root.spelled(path), zh=f"缺少 {path[-1]}", en=f"{path[-1]} is missing"
    )


def _bad_id(path: Path, root: Node) -> Finding:
    word = path[-1]
    zh = f"标识 {word} 只能用小写英文字母、数字和下划线，以字母开头"
    en = f"the id {word} may hold only small letters a-z, digits and _, beginning with a letter"
    return Finding.at(root.place_of(path, key=True), "bad_id", path=path, zh=zh, en=en)


def _broken_rule(path: Path, root: Node, en: str) -> Finding:
    return Finding.at(
        root.place_of(path, key=True), "wrong_shape", path=root.spelled(path), zh=SENTENCES.get(en, en), en=en
    )


def _wrong_value(
    path: Path, root: Node, model: type[BaseModel], kind: str, each: Mapping[str, Any]
) -> Finding:
    written = root.written(path)
    value = root.find(written).value
    if kind == "literal_error":
        return _not_listed(written, root, str(value), str(each["ctx"]["expected"]))
    zh, en = _said(kind, each) if path[-1:] not in UNION_STEPS else ONE_VALUE
    context = {name: str(part) for name, part in each.get("ctx", {}).items()}
    zh, en = zh.format_map(context), en.format_map(context)
    if isinstance(value, str) and any(sign in FULL_WIDTH for sign in value):
        zh, en = f"{zh}(其中有全角标点)", f"{en} (it contains full-width punctuation)"
    shown_zh, shown_en = _shown(value)
    place = root.find(written).place
    owner = model_at(model, path) if kind in MAPPINGS else None
    if owner is not None and isinstance(value, str) and value in owner.model_fields:
        more = "true" if owner.model_fields[str(value)].annotation is bool else "…"
        zh, en = f"{zh}：{{{value}: {more}}}", f"{en}: {{{value}: {more}}}"
    return Finding.at(place, "wrong_value", path=written, zh=f"{shown_zh}{zh}", en=f"{shown_en}{en}")


def _said(kind: str, each: Mapping[str, Any]) -> tuple[str, str]:
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(str(each["ctx"]["pattern"]), SHAPES[kind])
    return SHAPES.get(kind, ("写法不对", "is not written as it should be"))


def _not_listed(path: Path, root: Node, value: str, expected: str) -> Finding:
    choices = [part.strip("' ") for part in expected.replace(" or ", ",").split(",") if part.strip("' ")]
    zh, en, near = hint(value, choices)
    place = root.find(path).place
    return Finding.at(
        place,
        "not_one_of",
        path=path,
        zh=f"不能写 {value}{zh}",
        en=f"{value} is not allowed here{en}",
        suggestion=near,
    )


def _shown(value: object) -> tuple[str, str]:
    if isinstance(value, dict):
        return "一组键值", "a mapping "
    if isinstance(value, list):
        return "一个列表", "a list "
    if value is None:
        return "空值", "an empty value "
    text = str(value).lower() if isinstance(value, bool) else str(value)
    short = text if len(text) <= 40 else text[:40] + "…"
    return f"{short} ", f"{short} "
