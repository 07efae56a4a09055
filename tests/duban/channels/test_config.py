"""Flags before the environment before the file; what is wrong is said with its place and the way out."""

import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from duban.channels import open_channels
from duban.channels.file import FileChannel
from duban.channels.smtp import SmtpChannel
from duban.config import ConfigError, FileSettings, Settings, SmtpSettings, load_settings

MAIL = """\
store: sqlite:///office.db
book: books/office
lang: en
heartbeat_seconds: 60
channel:
  kind: smtp
  host: mail.office.example
  sender: duban@office.example
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def load(text: str | None = None, environment: Mapping[str, str] | None = None, **flags: object) -> Settings:
    file = Path("duban.yaml")
    if text is not None:
        file.write_text(text, "utf-8")
    dotted = {name.replace("__", "."): value for name, value in flags.items()}
    return load_settings(dotted, environment or {})


@pytest.mark.usefixtures("folder")
class TestSettings:
    def test_nothing_is_needed_to_begin(self) -> None:
        assert load() == Settings()
        assert Settings().channel == FileSettings(folder="outbox")

    def test_the_file_is_read(self) -> None:
        settings = load(MAIL)
        assert (settings.store, settings.heartbeat_seconds) == ("sqlite:///office.db", 60)
        assert isinstance(settings.channel, SmtpSettings)
        assert (settings.channel.host, settings.channel.port) == ("mail.office.example", 587)

    def test_the_environment_goes_before_the_file_and_a_flag_before_both(self) -> None:
        environment = {"DUBAN_STORE": "sqlite:///environment.db", "DUBAN_CHANNEL_PORT": "25", "PATH": "x"}
        settings = load(MAIL, environment, store="sqlite:///flag.db", book=None)
        assert isinstance(settings.channel, SmtpSettings)
        assert (settings.store, settings.book) == ("sqlite:///flag.db", "books/office")
        assert (settings.channel.port, settings.channel.host) == (25, "mail.office.example")

    def test_another_kind_of_channel_leaves_what_the_file_says_of_the_first(self) -> None:
        settings = load(MAIL, channel__kind="file", channel__folder="elsewhere")
        assert settings.channel == FileSettings(folder="elsewhere")

    def test_another_file_may_be_named(self, folder: Path) -> None:
        (folder / "other.yaml").write_text("lang: zh\n")
        assert load(environment={"DUBAN_CONFIG": "other.yaml"}).lang == "zh"

    def test_the_password_comes_from_a_file_or_the_environment_and_is_never_shown(self, folder: Path) -> None:
        (folder / "secret").write_text("swordfish\n")
        for settings in (
            load(MAIL, channel__password_file="secret"),
            load(MAIL, {"DUBAN_CHANNEL_PASSWORD": "swordfish"}),
        ):
            assert isinstance(settings.channel, SmtpSettings)
            assert settings.channel.password.get_secret_value() == "swordfish"
            assert "swordfish" not in repr(settings)

    @pytest.mark.parametrize(
        ("text", "flags", "sentence"),
        [
            ("lnag: zh\n", {}, "duban.yaml:1:1: lnag: there is no such key, did you mean lang?"),
            ("lang: fr\n", {}, "duban.yaml:1:7: lang: must be 'zh' or 'en'"),
            ("heartbeat_seconds: 0\n", {}, "duban.yaml:1:20: heartbeat_seconds: must be at least 1"),
            ("store: 5\n", {}, "duban.yaml:1:8: store: must be text"),
            ("- lang\n", {}, "duban.yaml:1:1: is written as key: value"),
            ("lang: zh\nlang: en\n", {}, "duban.yaml:2:1: the key lang is written twice"),
            ("channel: {kind: pigeon}\n", {}, "duban.yaml:1:10: channel: must be 'file', 'smtp'"),
            ("channel: {kind: smtp}\n", {}, "channel.host: is missing: write it, or set DUBAN_CHANNEL_HOST"),
            (
                MAIL + "  hots: x\n",
                {},
                "duban.yaml:9:3: channel.hots: there is no such key, did you mean host?",
            ),
            (
                "store: postgresql://duban:x@host/office\n",
                {},
                "duban.yaml:1:8: store: the database's password",
            ),
            (MAIL + "  password: x\n", {}, "duban.yaml:9:3: channel.password: a password does not belong"),
            (MAIL + "  user: duban\n  security: none\n", {}, "a password would travel in the clear"),
            (MAIL + "  password_file: gone\n", {}, "gone:1:1: cannot be read: No such file"),
            (MAIL, {"channel.host": "a\r\nb"}, "DUBAN_CHANNEL_HOST:1:1: channel.host: is not of the form"),
            (MAIL, {"channel.sender": "督查室"}, "channel.sender: is not of the form"),
        ],
    )
    def test_what_is_wrong_is_said(self, text: str, flags: Mapping[str, object], sentence: str) -> None:
        Path("duban.yaml").write_text(text, "utf-8")
        with pytest.raises(ConfigError) as error:
            load_settings(flags, {})
        assert sentence in error.value.text("en")
        assert error.value.text("zh") != error.value.text("en")

    def test_a_misspelt_variable_is_not_ignored(self) -> None:
        with pytest.raises(ConfigError, match=r"DUBAN_STOER.*did you mean DUBAN_STORE"):
            load(environment={"DUBAN_STOER": "x", "DUBAN_TEST_POSTGRES": "x"})

    def test_what_belongs_to_a_command_is_known(self) -> None:
        """A misspelling of it is told with the right name, and it is never a setting."""
        own = {"DUBAN_AS": "mayor", "DUBAN_NOW": "2020-10-09", "DUBAN_DEBUG": "1"}
        assert load(environment=own | {"DUBAN_LANG": "en"}) == Settings(lang="en")
        with pytest.raises(ConfigError, match=r"DUBAN_NWO.*did you mean DUBAN_NOW"):
            load(environment={"DUBAN_NWO": "2020-10-09"})

    def test_a_named_file_must_be_there(self) -> None:
        with pytest.raises(ConfigError, match=r"gone\.yaml:1:1: cannot be read: No such file"):
            load(environment={"DUBAN_CONFIG": "gone.yaml"})

    def test_channels_are_opened_as_configured(self) -> None:
        assert isinstance(open_channels(load(), "督查室")["mail"], FileChannel)
        assert isinstance(open_channels(load(MAIL), "督查室")["mail"], SmtpChannel)

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
    def test_a_file_that_may_not_be_read_is_said(self, folder: Path) -> None:
        (folder / "duban.yaml").write_text(MAIL)
        (folder / "duban.yaml").chmod(0)
        with pytest.raises(ConfigError, match="Permission denied"):
            load()
