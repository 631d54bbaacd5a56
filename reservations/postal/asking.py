"""Which question a form still asks, and how its page shows it. An answer counts while its own check would take it.

What is answered later can undo an earlier answer, and so can a birthday: a child of four need not have been heard,
and one of ten must.
"""

from dataclasses import replace

from reservations.postal.choices_form import StepForm
from reservations.postal.forms import form_class
from reservations.postal.steps import Draft, Step


def checked(draft: Draft) -> Draft:
    """The draft in which a step is answered only where its answer would be taken if it was sent again now.

    What was answered stands in it all the same.
    """
    holds = frozenset(step for step in draft.answered if _sent_again(step, draft).is_valid())
    return replace(draft, answered=holds)


def asked_again(step: Step, draft: Draft) -> StepForm:
    """The form of a step, with what was answered before; and with its faults where that will no longer do."""
    again = _sent_again(step, draft)
    if step in draft.answered and not again.is_valid():
        return again
    return form_class(step, draft)(draft=draft)


def _sent_again(step: Step, draft: Draft) -> StepForm:
    form = form_class(step, draft)
    empty = form(draft=draft)
    said = {name: empty.get_initial_for_field(field, name) for name, field in empty.fields.items()}
    return form(said, draft=draft)
