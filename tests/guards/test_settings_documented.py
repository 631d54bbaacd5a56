"""Every setting is explained in docs/settings.md, and nothing there is gone."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_documented_and_every_documented_one_exists():
    settings = (ROOT / "kpr_portal/settings.py").read_text("utf-8")
    documented = set(re.findall(r"`([A-Z][A-Z_]{3,})`", (ROOT / "docs/settings.md").read_text("utf-8")))

    read = set(re.findall(r'(?:env\.\w+|secret)\(\s*"([A-Z_]+)"', settings))
    read |= {"OWNER_DATABASE_URL", "KEEPER_DATABASE_URL", "DATABASE_URL"}
    read |= set(re.findall(r"\$\{([A-Z_]+):-", (ROOT / "deploy/entrypoint").read_text("utf-8")))
    read |= {"INTERNAL_PORT", "DATA_DIR"}

    assert (read - documented, documented - read) == (set(), set())
