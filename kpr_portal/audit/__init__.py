"""The access log: who looked at whom, in what role, for what reason. Append-only, by month.

Written in the request's own transaction: no log row, no page. A refused attempt is written in a
transaction of its own, before the refusal is raised. The log is for accountability and for the
person's own insight (helseregisterloven § 24 second paragraph); no feature reads it to decide.
"""
