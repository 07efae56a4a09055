"""Results of a book's tests as JUnit XML, one test case a story."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

# What XML 1.0 cannot hold, even escaped.
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, kw_only=True)
class Story:
    """`seconds` by the clock on the wall; `failures` begin with the step."""

    name: str
    label: str
    seconds: float
    failures: Sequence[str]


def junit(book: str, stories: Sequence[Story]) -> str:
    failed = sum(bool(story.failures) for story in stories)
    counts = {
        "tests": str(len(stories)),
        "failures": str(failed),
        "errors": "0",
        "skipped": "0",
        "time": f"{sum(story.seconds for story in stories):.3f}",
    }
    root = Element("testsuites", {"name": "duban", **counts})
    suite = SubElement(root, "testsuite", {"name": book, **counts})
    for story in stories:
        add(suite, book, story)
    indent(root)
    declaration = '<?xml version="1.0" encoding="UTF-8"?>\n'
    return declaration + tostring(root, encoding="unicode") + "\n"


def add(suite: Element, book: str, story: Story) -> None:
    about = {"classname": book, "name": story.name, "time": f"{story.seconds:.3f}"}
    case = SubElement(suite, "testcase", about)
    properties = SubElement(case, "properties")
    SubElement(properties, "property", {"name": "label", "value": harmless(story.label)})
    if story.failures:
        failure = SubElement(case, "failure", {"message": harmless(story.failures[0]), "type": "story"})
        failure.text = harmless("\n".join(story.failures))


def harmless(text: str) -> str:
    return FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text)
