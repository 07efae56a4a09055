"""What all shapes of a book share: names, labels, strictness, and `x` for `[x]`."""

from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Address = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=120)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Scalar = bool | int | Decimal | str
Roll = Literal["none", "back", "forward"]
LANGUAGES = ("zh", "en")


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def listed(*keys: str) -> Any:
    """A validator that lets an author write `x` for `[x]` in the given keys."""

    def widen(data: object) -> object:
        if not isinstance(data, dict):
            return data
        return {
            key: [value] if key in keys and isinstance(value, str) else value for key, value in data.items()
        }

    return model_validator(mode="before")(staticmethod(widen))


class Named(Model):
    """What has its words in Chinese, in English, or in both: in one alone they read the same in the other.

    `alone`: a text by itself may stand for it, and is of no language.
    """

    alone: ClassVar[bool] = False

    @model_validator(mode="before")
    @classmethod
    def _in_both_languages(cls, data: object) -> object:
        if cls.alone and isinstance(data, str):
            return dict.fromkeys(LANGUAGES, data)
        if not isinstance(data, dict):
            return data
        given = [data[key] for key in LANGUAGES if data.get(key) is not None]
        # Where a key is misspelt, that says better what is missing.
        if not given and {field.alias or name for name, field in cls.model_fields.items()}.issuperset(data):
            raise ValueError("words are missing: write `zh` or `en`, one of the two is enough")
        return {**data, **dict.fromkeys(LANGUAGES, given[0])} if len(given) == 1 else data


class Label(Named):
    """What people read: a text, or one in each language."""

    alone = True

    zh: str = Field(min_length=1, description="中文 | Chinese")
    en: str = Field(min_length=1, description="英文 | English")
