"""Becomes the program that a JSON file describes: `command`, and the whole `environment`.

    python launch.py PROGRAM.json

The supervisor's own configuration has quoting rules of its own and no place for secrets; a JSON file has
neither problem. It imports nothing of the portal, so that it costs no time.
"""

import json
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    program = json.loads(Path(sys.argv[1]).read_text())
    os.execvpe(program["command"][0], program["command"], program["environment"])  # noqa: S606 -- our own file
