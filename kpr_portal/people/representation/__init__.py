"""Acting for another: the rows that say who may, the one function that reads them, and what changes them.

`rights.py` is the law, and asks nobody anything. `queries.py` asks it with what the rows and the register say
at that moment: no answer is ever kept. `from_register.py`, `powers.py` and `blocks.py` write
the rows.
"""
