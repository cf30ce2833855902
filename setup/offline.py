"""Checks that a built site asks no server for anything: python -m setup.offline FOLDER."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser
from pathlib import Path

LOADED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src"}
"""Elements whose address the browser fetches by itself; an <a> waits for a click."""
FETCHED_LINKS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "dns-prefetch"}
_REMOTE = re.compile(r"^\s*(?:https?:)?//", re.IGNORECASE)
_IN_STYLE = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])\s*((?:https?:)?//[^"')\s]+)""")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        address = values.get(LOADED.get(tag, ""), "")
        if tag == "link" and set(values.get("rel", "").split()) & FETCHED_LINKS:
            address = values.get("href", "")
        if _REMOTE.match(address):
            self.addresses.append(address)


def remote_addresses(folder: Path) -> dict[str, list[str]]:
    """By page or style sheet: the addresses on other machines that it loads."""
    found: dict[str, list[str]] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix not in {".html", ".css"}:
            continue
        text = path.read_text(encoding="utf-8")
        addresses = _IN_STYLE.findall(text)
        if path.suffix == ".html":
            page = _Page()
            page.feed(text)
            addresses += page.addresses
        if addresses:
            found[str(path.relative_to(folder))] = addresses
    return found


def main() -> None:
    """End with a sentence where a page loads something from a server."""
    folder = Path(sys.argv[1])
    pages = len(list(folder.rglob("*.html")))
    if not pages:
        raise SystemExit(f"{folder} holds no page.")
    if found := remote_addresses(folder):
        lines = [f"{page}: {', '.join(addresses)}" for page, addresses in found.items()]
        raise SystemExit("These pages need a server:\n" + "\n".join(lines))
    print(f"{pages} pages, none of which loads anything from a server")


if __name__ == "__main__":
    main()
