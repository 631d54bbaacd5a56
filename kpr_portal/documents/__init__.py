"""Documents: HTML to tagged PDF, and a store where each document has a key of its own.

Deleting the key erases the document everywhere, backups included, once the keys' own backups turn.
"""
