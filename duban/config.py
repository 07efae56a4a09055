"""Configuration: what flags say, else the environment (DUBAN_…), else duban.yaml, else what is usual.

    store: sqlite:///duban.db      (or duban.db, or postgresql://duban@host/database?schema=office)
    book: books/office
    lang: zh
    heartbeat_seconds: 30
    channel: {kind: smtp, host: mail.office.example, security: starttls, sender: duban@office.example}

A channel's password comes from DUBAN_CHANNEL_PASSWORD or the file that `password_file` names, a database's
from PGPASSWORD or ~/.pgpass; never from duban.yaml.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError

from engine.book.finding import BookError, Finding, Place, hint
from engine.book.sentences import SHAPES
from engine.book.text import Node, read_yaml

PREFIX = "DUBAN_"
FOR_TESTS = "DUBAN_TEST_"
USUAL_FILE = "duban.yaml"
PASSWORD = ("channel", "password")
PASSWORD_IN_URL = re.compile(r"\w+(\+\w+)?://[^/?@:]*:[^/?@]+@")
KeyPath = tuple[str, ...]
MailAddress = Annotated[str, Field(pattern=r"^[A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+$")]
Host = Annotated[str, Field(pattern=r"^[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?$", max_length=253)]


class ConfigError(BookError):
    """Not configured as it should be. Its findings say all that is wrong."""


class Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FileSettings(Model):
    kind: Literal["file"] = "file"
    folder: str = Field(default="outbox", min_length=1)
    sender: MailAddress = "duban@localhost"


class SmtpSettings(Model):
    kind: Literal["smtp"]
    host: Host
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: SecretStr = SecretStr("")
    password_file: str | None = None
    ca_file: str | None = None  # certificates to trust beside those of the system's list
    local_hostname: Host | None = None  # how this machine introduces itself
    timeout_seconds: int = Field(default=60, ge=1, le=60)  # for each answer of the server
    sender: MailAddress


def store_url(text: object) -> object:
    """A file by its path: what ends in .db and is no address."""
    return (
        f"sqlite:///{text}" if isinstance(text, str) and text.endswith(".db") and "://" not in text else text
    )


class Settings(Model):
    store: Annotated[str, BeforeValidator(store_url)] = Field(default="sqlite:///duban.db", min_length=1)
    book: str | None = None
    lang: Literal["zh", "en"] | None = None  # none: as LANG says
    heartbeat_seconds: int = Field(default=30, ge=1, le=3600)
    health_port: int | None = Field(default=None, ge=0, le=65535)  # none: no answers; 0: any free one
    channel: Annotated[FileSettings | SmtpSettings, Field(discriminator="kind")] = FileSettings()


CHANNEL_KEYS = tuple(dict.fromkeys([*FileSettings.model_fields, *SmtpSettings.model_fields]))
TOP_KEYS = tuple(name for name in Settings.model_fields if name != "channel")
VARIABLES: Mapping[str, KeyPath] = {
    **{PREFIX + name.upper(): (name,) for name in TOP_KEYS},
    **{f"{PREFIX}CHANNEL_{name.upper()}": ("channel", name) for name in CHANNEL_KEYS},
}

# Which file to read, and what belongs to one command or to the shell: nothing that duban.yaml could say.
KNOWN = (*VARIABLES, *(PREFIX + name for name in ("CONFIG", "AS", "NOW", "DEBUG")))


def load_settings(
    flags: Mapping[str, object], environment: Mapping[str, str], file: Path | None = None
) -> Settings:
    """`flags` by key, a channel's as "channel.host"; None is not given. Raises ConfigError."""
    file = file or _usual_file(environment)
    tree, findings = _read(file) if file else (Node({}, Place(USUAL_FILE)), [])
    findings += [*_unknown_variables(environment), *_open_password(tree), *_password_in_store(tree)]
    given: dict[KeyPath, object] = {
        path: environment[name] for name, path in VARIABLES.items() if name in environment
    }
    given |= {tuple(name.split(".")): value for name, value in flags.items() if value is not None}
    if not findings:
        try:
            return _with_password(Settings.model_validate(_merge(tree.plain(), given)))
        except ValidationError as error:
            findings += [_finding(each, tree, given) for each in error.errors(include_input=False)]
    raise ConfigError(findings)


def _usual_file(environment: Mapping[str, str]) -> Path | None:
    if "DUBAN_CONFIG" in environment:
        return Path(environment["DUBAN_CONFIG"])
    usual = Path(USUAL_FILE)
    return usual if usual.exists() else None


def _read(file: Path) -> tuple[Node, list[Finding]]:
    place = Place(str(file))
    try:
        tree, findings = read_yaml(file.read_bytes(), str(file))
    except OSError as error:
        return Node({}, place), [_unreadable(place, error)]
    if tree is None or not isinstance(tree.value, dict):
        zh, en = "应写成 键: 值，例如 lang: zh", "is written as key: value, for example lang: zh"
        return Node({}, place), [*findings] or [Finding.at(place, "wrong_kind", zh=zh, en=en)]
    return tree, [finding for finding in findings if finding.severity == "error"]


def _unknown_variables(environment: Mapping[str, str]) -> Iterator[Finding]:
    for name in sorted(environment):
        if name.startswith(PREFIX) and not name.startswith(FOR_TESTS) and name not in KNOWN:
            zh, en, near = hint(name, KNOWN)
            zh, en = f"没有这个环境变量{zh}", f"there is no such variable{en}"
            yield Finding.at(Place(name), "unknown_variable", zh=zh, en=en, suggestion=near)


def _open_password(tree: Node) -> Iterator[Finding]:
    channel = tree.find(("channel",)).value
    if isinstance(channel, dict) and "password" in channel:
        zh = "密码不应写在配置文件里，请改用 password_file 或环境变量 DUBAN_CHANNEL_PASSWORD"
        en = "a password does not belong in this file: use password_file or DUBAN_CHANNEL_PASSWORD"
        yield Finding.at(tree.place_of(PASSWORD, key=True), "password", path=PASSWORD, zh=zh, en=en)


def _password_in_store(tree: Node) -> Iterator[Finding]:
    store = tree.find(("store",)).value
    if isinstance(store, str) and PASSWORD_IN_URL.match(store):
        zh = "数据库密码不应写在配置文件里，请改用 ~/.pgpass 或环境变量 PGPASSWORD"
        en = "the database's password does not belong in this file: use ~/.pgpass or PGPASSWORD"
        yield Finding.at(tree.place_of(("store",)), "password", path=("store",), zh=zh, en=en)


def _merge(written: dict[str, Any], given: Mapping[KeyPath, object]) -> dict[str, Any]:
    merged = dict(written)
    kind = given.get(("channel", "kind"))
    channel = merged.get("channel")
    if isinstance(channel, dict) and kind not in (None, channel.get("kind", "file")):
        merged["channel"] = {}  # another kind of channel: what the file says is not about it
    for path, value in given.items():
        if path[0] == "channel" and len(path) > 1:
            merged["channel"] = {**(merged.get("channel") or {}), path[1]: value}
        else:
            merged[path[0]] = value
    if isinstance(merged.get("channel"), dict):
        merged["channel"] = {"kind": "file", **merged["channel"]}
    return merged


def _with_password(settings: Settings) -> Settings:
    channel = settings.channel
    if not isinstance(channel, SmtpSettings):
        return settings
    if channel.password_file and not channel.password.get_secret_value():
        try:
            password = Path(channel.password_file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError([_unreadable(Place(channel.password_file), error)]) from error
        channel = channel.model_copy(update={"password": SecretStr(password)})
    if channel.user and channel.security == "none":
        zh = "未加密的连接不能发送密码:security 请写 starttls 或 tls,或删去 user"
        en = "a password would travel in the clear: write security: starttls or tls, or drop user"
        raise ConfigError([Finding.at(Place(USUAL_FILE), "clear_password", path=PASSWORD, zh=zh, en=en)])
    return settings.model_copy(update={"channel": channel})


def _finding(error: Any, tree: Node, given: Mapping[KeyPath, object]) -> Finding:
    path: KeyPath = tuple(str(step) for step in error["loc"] if step not in ("file", "smtp"))
    kind, context = error["type"], error.get("ctx", {})
    variable = PREFIX + "_".join(path).upper()
    zh, en = SHAPES.get(kind, ("不对", error["msg"][:1].lower() + error["msg"][1:]))
    if kind == "extra_forbidden":
        zh, en, _ = hint(path[-1], CHANNEL_KEYS if len(path) > 1 else Settings.model_fields)
        zh, en = f"没有这一项{zh}", f"there is no such key{en}"
    elif kind == "missing":
        zh, en = f"没有写；请写在 {USUAL_FILE} 中或设 {variable}", f"is missing: write it, or set {variable}"
    elif kind in ("literal_error", "union_tag_invalid"):
        known = context.get("expected") or context.get("expected_tags")
        zh, en = f"只能是 {known}", f"must be {known}"
    place = Place(variable) if path in given else tree.place_of(path, key=kind == "extra_forbidden")
    return Finding.at(place, kind, path=path, zh=zh.format(**context), en=en.format(**context))


def _unreadable(place: Place, error: OSError | UnicodeDecodeError) -> Finding:
    why = getattr(error, "strerror", None) or str(error)
    zh, en = f"读不出文件：{why}；请更正路径或权限", f"cannot be read: {why}; correct the path or its rights"
    return Finding.at(place, "unreadable", zh=zh, en=en)
