"""What the daemon answers on its local port."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from duban.config import Settings
from duban.health.examination import examine
from duban.health.server import TEXT, Answer, Page, told

if TYPE_CHECKING:
    from duban.daemon import Daemon


def pages(daemon: "Daemon", settings: Settings) -> dict[str, Page]:
    def health() -> Answer:
        return told(daemon.is_alive())

    def ready() -> Answer:
        found = list(examine(daemon.office, settings, daemon.read(), virtual=False))
        bad = [each for each in found if each.level == "bad"]
        ill = [{"about": each.about, "zh": each.text.zh, "en": each.text.en} for each in bad]
        return told(daemon.is_alive() and not ill, findings=ill)

    def metrics() -> Answer:
        return HTTPStatus.OK, TEXT, daemon.metrics.text()

    return {"/health": health, "/ready": ready, "/metrics": metrics}
