"""What goes wrong for a user, each as one sentence with an exit code."""

from collections.abc import Iterable
from difflib import get_close_matches

from duban.texts import Language, Text

OK, FINDINGS, USAGE, CANNOT_RUN = 0, 1, 2, 3


class Mistake(Exception):
    """What, where, and the way out."""

    def __init__(self, zh: str, en: str, code: int = USAGE) -> None:
        super().__init__(en)
        self.text = Text(zh, en)
        self.code = code


def no_item(item: str) -> Mistake:
    """The same words whether it is sealed or does not exist (S2)."""
    return Mistake(
        f"没有事项 {item}；用 `duban item list --all` 查看",
        f"there is no item {item}; `duban item list --all` shows what there is",
    )


def unknown(what: Text, word: str, known: Iterable[str], way: str) -> Mistake:
    """Something named that is not there; `way` is the command that lists what is."""
    near = next(iter(get_close_matches(word, [*known], n=1, cutoff=0.6)), None)
    zh = f"没有{what.zh} {word}" + (f"，是不是 {near}？" if near else "；") + f"用 `{way}` 查看"
    en = (
        f"there is no {what.en} {word}"
        + (f", did you mean {near}?" if near else "")
        + f"; `{way}` lists them"
    )
    return Mistake(zh, en)


def explain(error: Exception, language: Language) -> tuple[str, int] | None:
    """The sentence and exit code of an error that is a user's or the machine's, not ours; else None."""
    if isinstance(error, Mistake):
        return error.text.in_(language), error.code
    from engine.book.finding import BookError
    from engine.deliver import Unresolvable
    from engine.office import UnknownBookError
    from engine.picks import PickError
    from engine.recover import Irreconcilable
    from store.errors import StoreError

    if isinstance(error, BookError):
        return error.text(language), FINDINGS
    if isinstance(error, Unresolvable | PickError | Irreconcilable):
        return Text(error.zh, error.en).in_(language), FINDINGS
    if isinstance(error, StoreError | UnknownBookError):
        from duban.chinese import in_chinese

        return in_chinese(str(error)) if language == "zh" else str(error), CANNOT_RUN
    if isinstance(error, OSError):
        place = f"{error.filename}: " if error.filename else ""
        way = Text("请检查路径、权限和磁盘", "check the path, the rights and the disk").in_(language)
        return f"{place}{error.strerror or error}; {way}", CANNOT_RUN
    return None
