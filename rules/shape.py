"""What all shapes of a book share: names, labels, strictness, and `x` for `[x]`."""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Address = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$", max_length=120)]
TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$")]
Scalar = bool | int | Decimal | str
Roll = Literal["none", "back", "forward"]


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


class Label(Model):
    """What people read, in both languages."""

    zh: str = Field(min_length=1, description="中文 | Chinese")
    en: str = Field(min_length=1, description="英文 | English")
