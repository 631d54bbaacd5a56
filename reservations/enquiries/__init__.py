"""Enquiries: what a person asks of the register's owner, each with a reference and an answer to come.

A part of the core of reservations, for every part of the portal leads here; casework makes cases of them.
"""
