"""Where the file of a finding lies: findings name files as their book does."""

from pathlib import Path

from engine.book.finding import Finding

# Rooms lie side by side, in a checkout as in an installed duban.
ROOMS = Path(__file__).parents[2]
LIBRARIES = ("rules/library/", "workflows/library/")


def path_of(folder: Path, finding: Finding) -> Path:
    """Below the folder of the book, or in a library of duban's own."""
    if finding.file.startswith(LIBRARIES):
        return ROOMS / finding.file
    return Path(finding.file) if finding.file == str(folder) else folder / finding.file


def shown_path(folder: Path, finding: Finding) -> str:
    """As seen from the working folder, with / between the parts, because reports travel."""
    path = path_of(folder, finding).resolve()
    here = Path.cwd().resolve()
    return path.relative_to(here).as_posix() if path.is_relative_to(here) else path.as_posix()
