"""The page: whole, offline, and closed to what a text might carry. (Seen in a browser by hand.)"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

import api

FOLDER = Path(api.__file__).parent / "page"
ASSETS = sorted(p.name for p in FOLDER.iterdir() if p.suffix != ".html")


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.labelled: list[str] = []
        self.inline = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [v for k, v in attrs if k in {"src", "href"} and v]
        self.ids += [v for k, v in attrs if k == "id" and v]
        self.words += [v for k, v in attrs if k == "data-text" and v]
        self.labelled += [v for k, v in attrs if k == "for" and v]
        handlers = any(k.startswith("on") or k == "style" for k, _ in attrs)
        self.inline |= handlers or tag == "style" or (tag == "script" and "src" not in given)


@pytest.fixture
def page(client: httpx.Client) -> Reader:
    reader = Reader()
    reader.feed(client.get("/").text)
    return reader


def test_page_is_served_with_its_headers(client: httpx.Client) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["referrer-policy"] == "no-referrer"
    again = client.get("/", headers={"If-None-Match": response.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ASSETS)
def test_assets_are_served(client: httpx.Client, name: str) -> None:
    response = client.get(f"/page/{name}")
    assert response.content == (FOLDER / name).read_bytes()
    kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
    assert response.headers["content-type"].startswith(kinds[Path(name).suffix])
    assert "content-security-policy" in response.headers


def test_nothing_comes_from_elsewhere(client: httpx.Client, page: Reader) -> None:
    assert not page.inline
    for target in page.links:
        assert target.startswith(("/", "#")), target
        if target.startswith("/page/"):
            assert client.get(target).status_code == 200
    for name in ASSETS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(r"(?<!xmlns=\")https?://", text), name
        for imported in re.findall(r'from "([^"]+)"', text):
            assert client.get(imported).status_code == 200


def test_scripts_never_make_markup_of_text() -> None:
    for name in ASSETS:
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text
        )


def test_every_word_stands_in_both_languages(page: Reader) -> None:
    text = (FOLDER / "words.js").read_text(encoding="utf-8")
    chinese, english = (
        set(re.findall(r"(?:^ +|, )(\w+): \"", block, re.MULTILINE))
        for block in re.findall(r"(?:zh|en): \{(.*?)\n  \}", text, re.DOTALL)
    )
    assert chinese == english
    used = set(page.words)
    for script in FOLDER.glob("*.js"):
        used |= set(re.findall(r'word\("(\w+)"', script.read_text(encoding="utf-8")))
    assert used <= chinese
    assert len(chinese) > 40


def test_ids_are_unique_and_labels_point_somewhere(page: Reader) -> None:
    assert len(page.ids) == len(set(page.ids))
    assert set(page.labelled) <= set(page.ids)
    scripts = "".join(p.read_text(encoding="utf-8") for p in FOLDER.glob("*.js"))
    assert set(re.findall(r'\$\("([\w-]+)"\)', scripts)) <= set(page.ids)
