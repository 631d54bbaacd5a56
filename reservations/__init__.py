"""The law of reservations, and their register. Read ``rules.py`` first, then ``operations.py``.

Whoever wants a reservation placed or lifted, through whichever channel, calls ``operations.place`` or
``operations.lift``; whoever asks what is in force asks ``queries``.
"""
