"""What can be wrong with a document."""


class DocumentGone(Exception):
    """The document was erased, or its time is over."""
