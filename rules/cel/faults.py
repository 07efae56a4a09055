"""What can go wrong with a condition, told in Chinese and English to the person who wrote it."""

from typing import Literal

Language = Literal["zh", "en"]


class ConditionError(ValueError):
    """The condition cannot be loaded.

    `column` counts characters of the whole source from 1, line breaks included; `unknown`: the fact that
    nobody knows.
    """

    def __init__(
        self,
        message: str,
        *,
        zh: str,
        column: int,
        length: int = 1,
        suggestion: str | None = None,
        unknown: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.zh = zh
        self.column = column
        self.length = length
        self.suggestion = suggestion
        self.unknown = unknown

    def text(self, language: Language) -> str:
        return self.zh if language == "zh" else self.message


class ConditionFailed(ArithmeticError):
    """The condition has no verdict for these values: overflow, division by zero, a fact not known."""

    def __init__(self, message: str, *, zh: str) -> None:
        super().__init__(message)
        self.message = message
        self.zh = zh


class FactMissing(LookupError):
    """Whoever gathered the values left out a fact that is declared as always known."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the fact '{name}' was not gathered, and it is not declared optional")
        self.name = name


class FactMistyped(TypeError):
    """Whoever gathered the values gave a value of another kind than the fact declares."""

    def __init__(self, name: str, kind: str, value: object) -> None:
        super().__init__(f"the fact '{name}' must be {kind}, it is {value!r}")
        self.name = name
