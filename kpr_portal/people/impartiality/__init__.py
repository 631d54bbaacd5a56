"""Impartiality of staff (fvl § 6): who is shut out from whose case, looked up anew each time."""
