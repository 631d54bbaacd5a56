"""The files of other people's packages that the pages need, served from `node_modules`.

Nothing of them is copied into the repository: this finder names the few files used, among
hundreds, and joins the design system's stylesheets and our own into one, since a page that waits
for one file is sooner readable than one that waits for twenty.
"""

import os
import re
import tempfile
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.exceptions import ImproperlyConfigured
from django.core.files.storage import FileSystemStorage

STYLESHEET = "portal.css"

_PACKAGES = Path("node_modules")
_DESIGN_SYSTEM = (
    _PACKAGES / "@digdir/designsystemet-css/dist/theme/designsystemet.css",
    _PACKAGES / "@digdir/designsystemet-css/dist/src/index.css",
)
_DARK = re.compile(r"@media \(prefers-color-scheme:\s*dark\)")
FONTS = {
    f"inter-{weight}.woff2": _PACKAGES / f"@fontsource/inter/files/inter-latin-{weight}-normal.woff2"
    for weight in (400, 500, 600)
}
# For print alone: the letters of Sami and of most other names in Europe.
FONTS["inter-ext-500.woff2"] = _PACKAGES / "@fontsource/inter/files/inter-latin-ext-500-normal.woff2"


def stylesheet() -> str:
    """The one stylesheet: the design system, then each file of static/css by name."""
    own = sorted((settings.BASE_DIR / "static" / "css").glob("*.css"))
    parts = [settings.BASE_DIR / path for path in _DESIGN_SYSTEM] + own
    whole = "\n".join(part.read_text("utf-8") for part in parts)
    # Paper is white, also for one who reads in the dark.
    return _DARK.sub("@media screen and (prefers-color-scheme:dark)", whole)


class PackageFinder(BaseFinder):
    """Finds the joined stylesheet and the fonts, for `collectstatic` and for tests."""

    @cached_property
    def root(self) -> Path:
        return Path(settings.ASSETS_DIR)

    def check(self, **_: Any) -> list[Any]:
        return []

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, FileSystemStorage]]:
        """Every file this finder has, made anew."""
        del ignore_patterns
        self._make()
        storage = FileSystemStorage(location=self.root)
        for name in (STYLESHEET, *FONTS):
            yield name, storage

    def find(self, path: str, find_all: bool = False, **_: Any) -> Any:  # noqa: FBT001, FBT002 -- as Django calls it
        """The file's place on disk, or nothing when it is not one of ours."""
        if path not in {STYLESHEET, *FONTS}:
            return []
        self._make()
        found = str(self.root / path)
        return [found] if find_all else found

    def _make(self) -> None:
        try:
            self._write(STYLESHEET, stylesheet().encode())
            for name, source in FONTS.items():
                self._write(name, (settings.BASE_DIR / source).read_bytes())
        except FileNotFoundError as missing:
            msg = f"{missing.filename} is missing: run `npm ci` first."
            raise ImproperlyConfigured(msg) from missing

    def _write(self, name: str, content: bytes) -> None:
        """Written aside and moved in place, since several processes may do this at once."""
        target = self.root / name
        if target.is_file() and target.read_bytes() == content:
            return
        self.root.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=self.root)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(target)
