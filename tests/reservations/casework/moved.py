"""Letters whose recipient has moved since, and what a caseworker meets who opens one."""

import re
from uuid import uuid4

from django.urls import reverse

from kpr_portal.documents.operations import store_document
from kpr_portal.documents.queries import read_document
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.population_register import Address, Protection
from reservations.postal.bases import SELF
from reservations.postal.kinds import INSIGHT
from reservations.postal.letters.queries import to_post
from reservations.postal.models import Posting, PostingEnd
from reservations.postal.ordering import MAKE_ORDERED, OrderedForm, make_ordered_form, order_form
from tests.reservations.casework import queue_of_post
from tests.reservations.casework.queue_of_post import LIST
from tests.reservations.postal.letters.conftest import make_all

SAFE = Address(("Postboks 9 Sentrum",), "0101", "Oslo")


FLED = {"protection": Protection.CONFIDENTIAL, "address": SAFE}


def a_waiting_form(family):
    """A form ordered on the telephone, with its cover letter."""
    person, by = family.person("much_data"), family.person("caseworker")
    order_form(OrderedForm(INSIGHT, SELF, person, None, ("records+",), "nb", large_print=False), by=by)
    make_ordered_form(OwedWork.objects.get(task=MAKE_ORDERED).pk)
    make_all()
    return to_post().get()


def without_fingerprint(posting):
    """The same as it was before there were fingerprints."""
    PostingEnd.objects.create(posting=posting, outcome="made_anew")
    old = posting.letter
    old.pk, old.key, old.edition, old.window, old.window_key = None, uuid4(), 2, None, ""
    old.screen, old.archive = (
        store_document(read_document(key).content, media_type="application/pdf", title="x").key
        for key in (old.screen, old.archive)
    )
    old.save(force_insert=True)
    return Posting.objects.create(
        kind=posting.kind, order=posting.order, letter=old, recipient=posting.recipient
    )


def page(client, posting, name="casework:posting", *, follow=True):
    return client.get(reverse(name, args=[posting.key]), follow=follow)


def pdf(client, posting):
    return page(client, posting, "casework:posting_pdf")


def press(client, *postings, do="posted", follow=True):
    values = {"posting": [str(posting.key) for posting in postings], "do": do}
    return client.post(reverse(LIST), values, follow=follow)


def remake(client, posting):
    return client.post(reverse("casework:remake_posting", args=[posting.key]), follow=True)


def buttons_on(response):
    html = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return re.findall(r'<(?:a|button) class="ds-button"[^>]*>\s*([^<]*?)\s*<', html)


def text_of(content):
    return " ".join(queue_of_post.text_of(content).split())


def told_of(posting):
    """What whoever prints or marks several is told of one."""
    return (
        f"Ett brev har ikke adressen som står i Folkeregisteret nå: {posting.letter.number}. Makuler utskriften hvis "
        "det er skrevet ut. Åpne brevet for å lage det på nytt."
    )


def letters_text(letter):
    return text_of(read_document(letter.screen).content)
