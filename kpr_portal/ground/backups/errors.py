"""Why a backup is not made, or not restored."""


class BackupRefused(Exception):
    """Nothing was done; the message says why in one sentence, and what to do."""
