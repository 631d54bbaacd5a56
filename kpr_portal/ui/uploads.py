"""Files that come with a request (FILE_UPLOAD_HANDLERS)."""

from typing import Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler


class NoUploads(FileUploadHandler):
    """Refuses, as 400, any file before a byte of it is kept.

    Whoever wants to could else fill the disk, signed in or not: forms are read for their CSRF token. A view
    that does take files names handlers of its own (`request.upload_handlers`), with limits.
    """

    def new_file(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        msg = "No file is taken here."
        raise RequestDataTooBig(msg)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Never called: there is no file."""

    def file_complete(self, file_size: int) -> None:
        """Never called: there is no file."""
