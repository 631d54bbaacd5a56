"""Letters in the queue of the post, and what a caseworker does with them at a browser."""

import subprocess

from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry
from reservations.postal.letters.kinds import MESSAGE_WAITING
from reservations.postal.letters.operations import owe_letter, queue_for_posting
from reservations.postal.letters.posting import note_printed
from reservations.postal.models import Posting
from tests.reservations.postal.letters.conftest import a_form, made, make_all

LIST = "casework:postings"


def waiting(family, slug="much_data", kind=MESSAGE_WAITING):
    return made(kind, family.person(slug)).posting


def printed(family, *postings):
    """The first of these, when all have been printed."""
    for posting in postings:
        note_printed(posting.key, by=family.person("caseworker_2"))
    return postings[0]


def hindered(family, slug="emigrated"):
    order = owe_letter(MESSAGE_WAITING, recipient=family.person(slug), by=None)
    make_all()
    return Posting.objects.get(order=order)


def page(client, name=LIST, *args, follow=False):
    return client.get(reverse(name, args=args), follow=follow)


def press(client, name, *keys, do="posted", follow=True, args=()):
    values = {"posting": [str(key) for key in keys], "do": do}
    return client.post(reverse(name, args=args), values, follow=follow)


def messages_on(response):
    return [str(message) for message in response.context["messages"]]


def text_of(pdf):
    done = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


def logged(person):
    rows = AccessLogEntry.objects.filter(subject=person.key, action__startswith="casework.")
    return [(row.action, row.outcome, row.role, row.organisation) for row in rows.order_by("occurred_at")]


OWN = ("caseworker", "Folkehelseinstituttet")


def about_another(family, recipient, concerned):
    """A form about one, queued for another."""
    queued = queue_for_posting(
        a_form(),
        recipient=family.person(recipient),
        concerned=family.person(concerned),
        by=None,
        title="Be om innsyn",
    )
    make_all()
    return Posting.objects.get(order=queued)
