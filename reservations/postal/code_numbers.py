"""What stands as one byte in a form's code: a number for each basis, each choice and each tick.

In words they would take a third of the code, and a code of fewer bytes has larger modules. A new one takes the next
number of its list; none is ever used again for another thing. Pure. docs/form-code.md lists them for others, and
tests hold the lists to the page and to what can be chosen.
"""

from __future__ import annotations

from collections.abc import Mapping

BASES: Mapping[str, int] = {
    "self": 1,
    "parent": 2,
    "guardian": 3,
    "attorney": 4,
    "next_of_kin": 5,
    "child_welfare": 6,
    "foster_care": 7,
    "relative_of_dead": 8,
}
CHOICES: Mapping[str, int] = {
    "withhold_national_id+": 1,
    "withhold_national_id-": 2,
    "purpose_2+": 3,
    "purpose_2-": 4,
    "records+": 5,
    "releases+": 6,
    "accesses+": 7,
    "retention_limit+": 8,
    "retention_limit-": 9,
    "erase+": 10,
    "block+": 11,
}
TICKS: Mapping[str, int] = {
    "heard": 1,
    "keep_from_parents": 2,
    "answer_in_nb": 3,
    "answer_in_nn": 4,
    "answer_in_en": 5,
}
