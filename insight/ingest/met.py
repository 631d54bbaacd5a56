"""What is known between the files of one command."""

from insight.ingest.providers import Providers
from insight.ingest.subjects import Subjects


class Met:
    """Persons and providers met so far."""

    def __init__(self) -> None:
        self.subjects = Subjects()
        self.providers = Providers()
