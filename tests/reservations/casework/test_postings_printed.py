"""The queue of the post, printed: one at a time or all of them, and each written down."""

import io
import re
from datetime import date, timedelta
from http import HTTPStatus

import pikepdf
import pytest
from django.urls import reverse

from kpr_portal.audit.models import Outcome
from kpr_portal.documents.joining import join_pdfs
from kpr_portal.documents.operations import erase_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.people.letters import NoLetter
from kpr_portal.people.population_register import Protection
from kpr_portal.ui.formats import moment
from reservations.casework.hindrances import HINDRANCES
from reservations.postal.letters.kinds import REFUSAL
from reservations.postal.letters.operations import queue_for_posting
from reservations.postal.letters.queries import to_post
from reservations.postal.models import Posting, PostingEnd, PostingPrint
from tests.conftest import database_role
from tests.reservations.casework.queue_of_post import (
    LIST,
    OWN,
    logged,
    messages_on,
    page,
    press,
    printed,
    text_of,
    waiting,
)
from tests.reservations.postal.letters.conftest import a_form, make_all

pytestmark = [pytest.mark.django_db]

NONE_PRINTED = "Ingenting ble skrevet ut. Åpne brevene ett for ett for å se hvorfor."


class TestPrinting:
    def test_letter_is_opened_as_it_was_made_and_logged(self, client, family, caseworker):
        posting = waiting(family)

        response = page(client, "casework:posting_pdf", posting.key)

        assert response["Content-Type"] == "application/pdf"
        assert response["Content-Disposition"] == f'inline; filename="utsending-{posting.key}.pdf"'
        assert response.content == read_document(posting.letter.screen).content
        assert logged(posting.recipient) == [("casework.print_posting", Outcome.SEEN, *OWN)]

    def test_form_follows_its_cover_letter_on_a_new_sheet(self, client, family, caseworker):
        queue_for_posting(a_form(), recipient=family.person("much_data"), by=None, title="Be om innsyn")
        make_all()

        content = page(client, "casework:posting_pdf", to_post().get().key).content

        pages = text_of(content).split("\f")[:-1]
        assert ["Her er skjemaet du ba om" in pages[0], pages[1].strip(), "bestilt" in pages[2]] == [
            True,
            "",
            True,
        ]

    def test_all_are_printed_as_one_and_each_is_logged(self, client, family, caseworker):
        rows = [waiting(family), waiting(family, "parent", REFUSAL)]

        response = press(client, LIST, *(row.key for row in rows), do="print", follow=False)

        text = text_of(response.content)
        assert [row.letter.number in text for row in rows] == [True, True]
        assert [len(logged(row.recipient)) for row in rows] == [1, 1]
        with pikepdf.open(io.BytesIO(response.content)) as pdf:
            assert len(pdf.pages) == 3

    def test_page_and_list_say_when_it_was_printed(self, client, family, caseworker):
        posting = waiting(family)
        before = [
            page(client).content.decode(),
            page(client, "casework:posting", posting.key).content.decode(),
        ]

        page(client, "casework:posting_pdf", posting.key)
        with clock.shift(timedelta(minutes=9)):
            press(client, LIST, posting.key, do="print", follow=False)
        after = [
            page(client).content.decode(),
            page(client, "casework:posting", posting.key).content.decode(),
        ]

        first, again = (moment(at) for at in PostingPrint.objects.order_by("at").values_list("at", flat=True))
        assert ["Ikke skrevet ut ennå" in before[0], "Ikke ennå" in before[1]] == [True, True]
        assert f"Skrevet ut {again}<" in after[0]
        assert f"<dd>{again}<br>{first}</dd>" in after[1]
        assert set(PostingPrint.objects.values_list("posting", "by")) == {(posting.pk, caseworker.pk)}

    def test_main_button_is_to_print_and_then_to_mark(self, client, family, caseworker):
        posting = waiting(family)
        main = []
        for _turn in range(2):
            html = page(client, "casework:posting", posting.key).content.decode().partition("<main")[2]
            buttons = re.findall(r'<(?:a|button) class="ds-button"([^>]*)>\s*([^<]*?)\s*<', html)
            main.append([text for attributes, text in buttons if "data-variant" not in attributes][:1])
            printed(family, posting)

        assert main == [["Skriv ut (PDF)"], ["Merk som postlagt"]]

    def test_asking_for_the_head_alone_prints_nothing(self, client, family, caseworker):
        posting = waiting(family)

        response = client.head(reverse("casework:posting_pdf", args=[posting.key]))

        assert (response.status_code, PostingPrint.objects.count()) == (HTTPStatus.METHOD_NOT_ALLOWED, 0)

    def test_what_could_not_be_opened_is_not_printed(self, client, family, caseworker):
        posting = waiting(family)
        with database_role("keeper"):
            erase_document(posting.letter.screen)

        page(client, "casework:posting_pdf", posting.key)
        press(client, LIST, posting.key, do="print")

        assert PostingPrint.objects.count() == 0

    def test_printing_nothing_says_so(self, client, caseworker):
        response = press(client, LIST, "not-a-key", do="print")

        assert messages_on(response) == [NONE_PRINTED]

    def test_what_lies_there_and_is_not_printed_is_not_said_to_lie_elsewhere(
        self, client, family, caseworker, settings
    ):
        posting = waiting(family)
        settings.POPULATION_REGISTER = "tests.people.test_letters.Away"  # nobody is known to be impartial

        response = press(client, LIST, posting.key, do="print")

        assert messages_on(response) == [NONE_PRINTED]

    def test_letter_whose_document_is_gone_says_so(self, client, family, caseworker):
        posting = waiting(family)
        with database_role("keeper"):
            erase_document(posting.letter.screen)

        response = page(client, "casework:posting_pdf", posting.key, follow=True)

        assert messages_on(response) == ["Dette finnes ikke lenger. Det er slettet fordi tiden er ute."]

    def test_who_died_since_is_not_printed_or_marked(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        family.change("much_data", death_date=clock.today())

        opened = page(client, "casework:posting_pdf", posting.key, follow=True)
        marked = press(client, LIST, posting.key)

        assert "registrert som død" in messages_on(opened)[0]
        assert messages_on(marked) == [
            f"Ett brev skal ikke sendes likevel: {posting.letter.number}. Åpne det for å se hvorfor."
        ]
        assert PostingEnd.objects.count() == 0

    def test_whose_address_is_hidden_since_is_not_printed_or_marked(self, client, family, caseworker):
        """The letter has the address of before on it, where somebody may still live whom the person fled from."""
        posting, other = printed(family, waiting(family), waiting(family, "parent")), Posting.objects.last()
        family.change("much_data", address=None, protection=Protection.STRICTLY_CONFIDENTIAL)

        opened = page(client, "casework:posting_pdf", posting.key, follow=True)
        together = press(client, LIST, posting.key, other.key, do="print", follow=False)
        marked = press(client, LIST, posting.key, other.key)

        assert messages_on(opened) == [
            "Adressen er blitt strengt fortrolig etter at brevet ble laget. Brevet skal ikke sendes. Trekk det tilbake."
        ]
        assert posting.letter.number not in text_of(together.content)
        left = f"Ett brev skal ikke sendes likevel: {posting.letter.number}. Åpne det for å se hvorfor."
        # of printing, and then of marking
        assert messages_on(marked) == [left, "Ett brev er merket som postlagt.", left]
        assert [end.posting for end in PostingEnd.objects.all()] == [other]

    @pytest.mark.parametrize(
        ("changed", "why"),
        [
            ({"death_date": date(2026, 1, 1)}, NoLetter.DEAD),
            (
                {"address": None, "protection": Protection.STRICTLY_CONFIDENTIAL},
                NoLetter.STRICTLY_CONFIDENTIAL,
            ),
        ],
    )
    def test_page_says_why_it_is_not_to_be_sent_any_more(self, client, family, caseworker, changed, why):
        posting = waiting(family)
        family.change("much_data", **changed)

        html = page(client, "casework:posting", posting.key).content.decode()

        assert (str(HINDRANCES[why].why) in html, str(HINDRANCES[why].to_do) in html) == (True, True)

    def test_one_document_is_joined_to_nothing(self):
        assert join_pdfs([[b"%PDF-as it is"]]) == b"%PDF-as it is"


def test_what_has_been_posted_is_not_printed_again(client, family, caseworker):
    posting = printed(family, waiting(family))
    press(client, LIST, posting.key)

    assert page(client, "casework:posting_pdf", posting.key).status_code != HTTPStatus.OK
