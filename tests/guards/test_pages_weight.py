"""The first page is small: somebody on a slow line reads it too."""

from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders

KILOBYTE = 1_000


def weight(content):
    return len(brotli.compress(content))


@pytest.mark.django_db
def test_first_page_weighs_under_60_kilobytes_without_fonts_and_150_with(client):
    page = client.get("/").content
    files = {
        name: Path(finders.find(name)).read_bytes()
        for name in ("portal.css", "favicon.svg", "inter-400.woff2", "inter-500.woff2", "inter-600.woff2")
    }
    fonts = sum(len(content) for name, content in files.items() if name.endswith("woff2"))
    rest = weight(page) + sum(
        weight(content) for name, content in files.items() if not name.endswith("woff2")
    )

    assert rest < 60 * KILOBYTE
    assert rest + fonts < 150 * KILOBYTE
    assert page.count(b'rel="stylesheet"') == 1
    assert page.count(b"<script") == 0
