"""Links between the pages of the repository lead somewhere."""

from pathlib import Path

import pytest

from tests.docs.pages import ROOT, anchors, links, pages


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def dead(page: Path, link: str) -> str | None:
    """Why the link leads nowhere. Addresses on other machines are not asked."""
    if "://" in link or link.startswith("mailto:"):
        return None
    place, _, anchor = link.partition("#")
    target = (page.parent / place).resolve() if place else page
    if not target.exists():
        return "there is no such file"
    if anchor and anchor not in anchors(target):
        return f"there is no such heading; there are {', '.join(sorted(anchors(target)))}"
    return None


@pytest.mark.parametrize("page", pages(), ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    faults = [f"{link}: {why}" for link in links(page) if (why := dead(page, link))]
    assert not faults, "\n".join(faults)


def test_dead_links_are_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# A heading\n[a](other.md) [b](#a-heading) [c](#no-heading)\n", encoding="utf-8")
    assert [bool(dead(page, link)) for link in links(page)] == [True, False, True]


def test_every_page_can_be_reached() -> None:
    """From the README, by links alone."""
    start = (ROOT / "README.md").resolve()
    seen, ahead = {start}, [start]
    while ahead:
        page = ahead.pop()
        for link in links(page):
            target = (page.parent / link.partition("#")[0]).resolve()
            pointed = [*target.glob("*.md")] if target.is_dir() else [target]
            new = [each for each in pointed if each.suffix == ".md" and each.exists() and each not in seen]
            seen.update(new)
            ahead += new
    lost = [named(page) for page in pages() if page.resolve() not in seen]
    assert not lost, f"no link leads to {', '.join(lost)}"
