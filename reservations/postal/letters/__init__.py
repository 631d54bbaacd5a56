"""Letters: from what is owed to somebody to what lies ready for the post.

`operations.owe_letter` writes, in the caller's transaction, that a letter is owed, and with what; the task
`postal.make_letter` asks the registers for address and language, makes both copies and queues the letter for
posting. `posting` is about the queue: what is posted, withdrawn or tried again. `due` turns notices that mail
cannot reach into letters. `kinds` has the texts; a letter is made of nothing else but them and its values, so
that the version of its text tells all that was fixed in it.
"""
