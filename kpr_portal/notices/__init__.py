"""Owed work, and notices to people. A notice is handed an address and never looks one up.

Whatever must follow a change (a receipt, a letter, a notice) is owed as a row in the change's own
transaction. The queue is only a nudge: losing it loses nothing, for a sweep finds what is overdue
(docs/architecture.md, decision 8).
"""
