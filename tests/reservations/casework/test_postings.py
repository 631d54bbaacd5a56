"""The queue of the post: seen, printed, marked and withdrawn by whoever is impartial, and written down."""

import io
import re
import subprocess
from datetime import date, timedelta
from http import HTTPStatus

import pikepdf
import pytest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.documents.joining import join_pdfs
from kpr_portal.documents.operations import erase_document
from kpr_portal.documents.queries import read_document
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedWork
from kpr_portal.notices.operations import tell
from kpr_portal.people.letters import NoLetter
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Marriage, Protection
from kpr_portal.ui.formats import moment
from reservations.casework.hindrances import HINDRANCES
from reservations.postal.bases import SELF
from reservations.postal.kinds import INSIGHT
from reservations.postal.letters.kinds import MESSAGE_WAITING, REFUSAL
from reservations.postal.letters.operations import owe_letter, owe_letter_of_notice, queue_for_posting
from reservations.postal.letters.posting import mark_posted, note_printed
from reservations.postal.letters.queries import not_to_post, to_post
from reservations.postal.models import Posting, PostingEnd, PostingPrint
from reservations.postal.ordering import MAKE_ORDERED, OrderedForm, make_ordered_form, order_form
from reservations.references import new_reference
from tests.conftest import database_role
from tests.reservations.postal.letters.conftest import a_form, made, make_all
from tests.support.at_once import at_once
from tests.support.browser import looks
from tests.support.family import number_of
from tests.support.html import mistakes
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db]

LIST = "casework:postings"
QUERIES = 7
NONE_PRINTED = "Ingenting ble skrevet ut. Åpne brevene ett for ett for å se hvorfor."


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


class TestSeeing:
    @pytest.mark.parametrize("count", [1, 3])
    def test_list_takes_the_same_number_of_queries_however_long(
        self, client, family, caseworker, count, django_assert_num_queries
    ):
        slugs = ["much_data", "parent", "child_8"][:count]
        rows = [waiting(family, slug) for slug in slugs]
        printed(family, *rows, *rows)
        none = [hindered(family) for _ in range(count)]

        page(client)  # the notices of the portal are kept for a while
        with django_assert_num_queries(QUERIES):
            response = page(client)

        assert [row for row, _title in response.context["rows"]] == rows
        assert [row for row, *_ in response.context["hindered_rows"]] == none

    def test_list_names_nobody_and_is_in_no_log(self, client, family, caseworker):
        posting, lost = waiting(family), hindered(family)

        html = page(client).content.decode()

        assert posting.letter.number in html
        assert "Folkeregisteret har ingen adresse." in html
        assert [name for name in ("Stødig", "Bjørk", "Fjern", "Kyst") if name in html] == []
        assert logged(posting.recipient) == logged(lost.recipient) == []

    def test_empty_list_says_so(self, client, caseworker):
        assert "Ingenting venter på å bli sendt." in page(client).content.decode()

    def test_list_is_paged(self, client, family, caseworker, monkeypatch):
        monkeypatch.setattr("reservations.casework.posting_views.A_PAGE", 1)
        first, second = waiting(family), waiting(family, "parent")

        response = client.get(reverse(LIST), {"page": 2})

        assert [row for row, _title in response.context["rows"]] == [second]
        press(client, LIST, printed(family, second).key)
        assert list(to_post()) == [first]

    def test_one_shows_for_whom_it_is_and_is_in_that_persons_log(self, client, family, caseworker):
        posting = waiting(family)

        html = page(client, "casework:posting", posting.key).content.decode()

        assert "Stødig Bjørk" in html
        assert logged(posting.recipient) == [("casework.posting", Outcome.SEEN, *OWN)]

    def test_name_of_somebody_protected_is_not_shown(self, client, family, caseworker):
        posting = waiting(family, "confidential")

        html = page(client, "casework:posting", posting.key).content.decode()

        assert "Dempet Tone" not in html
        assert "Navnet vises ikke" in html

    @pytest.mark.parametrize("why", NoLetter)
    def test_every_reason_has_words_and_something_to_do(self, why):
        assert str(HINDRANCES[why].why)
        assert str(HINDRANCES[why].to_do)

    @pytest.mark.parametrize(
        "role", [Role.APPROVER, Role.RELEASE_OFFICER, Role.AUDITOR], ids=lambda role: role.value
    )
    @pytest.mark.parametrize(
        "name", [LIST, "casework:posting", "casework:posting_pdf", "casework:withdraw_posting"]
    )
    def test_other_staff_are_not_let_in(self, client, family, role, name):
        posting = waiting(family)
        sign_in(client, family.person("auditor"), staff=True, roles=[role])
        arguments = () if name == LIST else (posting.key,)

        assert page(client, name, *arguments).status_code == HTTPStatus.FORBIDDEN

    def test_nothing_under_a_key_is_not_found(self, client, caseworker):
        for name in ("casework:posting", "casework:posting_pdf", "casework:withdraw_posting"):
            key = "7f0c2f1e-3f5b-4b44-9a52-0d8c1c1e9a11"
            assert page(client, name, key).status_code == HTTPStatus.NOT_FOUND


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


class TestMarking:
    def test_one_is_marked_as_posted(self, client, family, caseworker):
        posting = printed(family, waiting(family))

        response = press(client, LIST, posting.key)

        end = PostingEnd.objects.get()
        assert (end.posting, end.outcome, end.by) == (posting, "posted", caseworker)
        assert messages_on(response) == ["Ett brev er merket som postlagt."]
        assert logged(posting.recipient) == [("casework.posted", Outcome.SEEN, *OWN)]
        assert to_post().count() == 0

    def test_all_that_were_shown_are_marked_and_no_others(self, client, family, caseworker):
        shown = [waiting(family), waiting(family, "parent")]
        later = waiting(family, "child_8")
        printed(family, *shown, later)

        response = press(client, LIST, *(row.key for row in shown))

        assert list(to_post()) == [later]
        assert messages_on(response) == ["2 brev er merket som postlagt."]

    def test_what_nobody_has_printed_is_not_marked(self, client, family, caseworker):
        posting = waiting(family)

        response = press(client, LIST, posting.key)

        assert list(to_post()) == [posting]
        assert messages_on(response) == [
            "Ett brev ble ikke merket, fordi det ikke er skrevet ut ennå. Skriv det ut først."
        ]
        assert logged(posting.recipient) == []

    def test_of_several_those_not_printed_are_left_and_it_is_said(self, client, family, caseworker):
        done, *left = [waiting(family, slug) for slug in ("much_data", "parent", "child_8")]

        page(client, "casework:posting_pdf", done.key)
        response = press(client, LIST, done.key, *(row.key for row in left))

        assert list(to_post()) == left
        assert messages_on(response) == [
            "Ett brev er merket som postlagt.",
            "2 brev ble ikke merket, fordi de ikke er skrevet ut ennå. Skriv dem ut først.",
        ]

    def test_marked_again_is_left_as_it_is(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        press(client, LIST, posting.key)

        response = press(client, LIST, posting.key)

        assert PostingEnd.objects.count() == 1
        assert messages_on(response)[0].startswith("Ett brev ble ikke merket.")

    def test_what_has_no_letter_is_not_marked(self, client, family, caseworker):
        press(client, LIST, hindered(family).key)

        assert PostingEnd.objects.count() == 0

    def test_what_becomes_of_it_is_said_before_it_is_withdrawn(self, client, family, caseworker):
        form = about_another(family, "parent", "child_8")
        rows = [waiting(family), printed(family, waiting(family, "parent")), hindered(family), form]

        pages = [page(client, "casework:withdraw_posting", row.key).content.decode() for row in rows]

        assert ["Det kan ikke angres." in html for html in pages] == [True] * 4
        assert ["Makuler utskriften." in html for html in pages] == [False, True, False, False]
        assert ["Skjemaet blir slettet." in html for html in pages] == [False, False, False, True]
        assert ["Stødig Bjørk" in html for html in pages] == [True, False, False, False]
        assert PostingEnd.objects.count() == 0

    def test_page_of_one_leads_to_the_question_and_withdraws_nothing(self, client, family, caseworker):
        posting = waiting(family)
        asks = reverse("casework:withdraw_posting", args=[posting.key])

        html = page(client, "casework:posting", posting.key).content.decode()

        assert (f'href="{asks}"' in html, f'action="{asks}"' in html) == (True, False)

    def test_message_that_a_letter_tells_of_stays_where_it_is(self, client, family, caseworker):
        person = family.person("much_data")
        message = tell(person.key, kind="reservations.changed", title=_("Innsyn"), body=_("Innsyn"))
        owe_letter_of_notice(MESSAGE_WAITING, recipient=person, message=message.key)
        make_all()

        html = page(client, "casework:withdraw_posting", to_post().get().key).content.decode()

        assert "ligger fortsatt i KPR-portalen" in html

    def test_what_has_ended_is_not_asked_about(self, client, family, caseworker):
        posting = waiting(family)
        press(client, "casework:withdraw_posting", args=[posting.key])

        response = page(client, "casework:withdraw_posting", posting.key, follow=True)

        assert messages_on(response) == ["Dette er allerede postlagt eller trukket tilbake."]

    def test_withdrawn_is_not_sent(self, client, family, caseworker):
        posting = waiting(family)

        press(client, "casework:withdraw_posting", args=[posting.key])

        assert (PostingEnd.objects.get().outcome, to_post().count()) == ("withdrawn", 0)
        html = page(client, "casework:posting", posting.key).content.decode()
        assert "Trukket tilbake, " in html  # as a sentence begins
        assert ["Merk som postlagt" in html, "Skriv ut (PDF)" in html] == [False, False]

    def test_tried_again_comes_into_the_list_when_there_is_an_address(self, client, family, caseworker):
        posting = hindered(family)
        family.change("emigrated", address=family.entries["much_data"].address)

        press(client, "casework:retry_posting", args=[posting.key])
        make_all()

        assert (to_post().count(), not_to_post().count()) == (1, 0)

    def test_letter_that_is_made_is_not_made_again(self, client, family, caseworker):
        response = press(client, "casework:retry_posting", args=[waiting(family).key])

        assert messages_on(response) == ["Brevet er allerede laget."]

    def test_it_is_done_with_the_rights_of_the_web_role(self, client, family, caseworker):
        posting = waiting(family)

        with database_role("web"):
            page(client, "casework:posting_pdf", posting.key)
            press(client, LIST, posting.key)

        assert PostingEnd.objects.count() == 1


class TestFinding:
    def find(self, client, typed):
        return client.post(reverse(LIST), {"do": "find", "reference": typed})

    @pytest.mark.speaks_numbers
    def test_whoever_rings_with_either_reference_is_found(self, client, family, caseworker):
        """The form and the letter it lies with carry one and the same."""
        order_form(
            OrderedForm(
                INSIGHT, SELF, family.person("much_data"), None, ("records+",), "nb", large_print=False
            ),
            by=caseworker,
        )
        make_ordered_form(OwedWork.objects.get(task=MAKE_ORDERED).pk)
        make_all()
        posting = to_post().get()

        sheets = [posting.letter.screen, posting.order.enclosure]
        said = [set(re.findall(r"KPR-\w{4}-\w{4}", text_of(read_document(key).content))) for key in sheets]
        found = [self.find(client, typed.lower().replace("-", " ")) for typed in set.union(*said)]

        assert said == [{posting.letter.number}] * 2
        assert [page.url for page in found] == [reverse("casework:posting", args=[posting.key])]

    def test_what_has_been_posted_is_found(self, client, family, caseworker):
        posting = printed(family, waiting(family))
        press(client, LIST, posting.key)

        assert self.find(client, posting.letter.number).url.endswith(f"{posting.key}/")

    @pytest.mark.parametrize(
        ("typed", "says"),
        [
            ("", "Skriv referansen."),
            ("KPR-0000-0000", "Dette er ikke en av våre referanser."),
            ("x" * 1_000, "Dette er ikke en av våre referanser."),
            (new_reference(), "Vi har ikke noe brev med denne referansen nå."),
        ],
        ids=["nothing", "a_slip", "long", "unknown"],
    )
    def test_what_is_not_found_is_said_and_what_was_typed_is_kept(self, client, caseworker, typed, says):
        response = self.find(client, typed)

        html = response.content.decode()
        assert (response.status_code, says in html) == (HTTPStatus.UNPROCESSABLE_ENTITY, True)
        assert f'value="{typed}"' in html or not typed

    def test_she_finds_nothing_of_her_husband(self, client, family, caseworker):
        married = Marriage(number_of("much_data"), since=date(2001, 1, 1))
        posting = waiting(family)
        family.change("caseworker", spouses=(married,))

        found = self.find(client, posting.letter.number)

        assert "En annen må ta det" in messages_on(client.get(found.url, follow=True))[0]


@pytest.mark.django_db(transaction=True)
def test_two_caseworkers_at_once_post_it_once(family):
    posting = printed(family, waiting(family))
    by = family.person("caseworker")

    results = at_once(*[lambda: mark_posted(posting.key, by=by)] * 2)

    assert sorted(type(result).__name__ for result in results) == ["AlreadyEnded", "PostingEnd"]
    assert PostingEnd.objects.count() == 1


class TestImpartiality:
    @pytest.fixture
    def husbands(self, family, caseworker):
        """A letter to the caseworker's former husband."""
        married = Marriage(number_of("former_husband"), since=date(2001, 1, 1), until=date(2009, 1, 1))
        family.change("caseworker", spouses=(married,))
        return waiting(family, "former_husband")

    @pytest.mark.parametrize(
        "name", ["casework:posting", "casework:posting_pdf", "casework:withdraw_posting"]
    )
    def test_she_does_not_open_it(self, client, husbands, name):
        response = page(client, name, husbands.key, follow=True)

        assert "En annen må ta det" in messages_on(response)[0]
        assert [outcome for _, outcome, *_ in logged(husbands.recipient)] == [Outcome.REFUSED]

    def test_she_does_not_mark_or_print_it_among_others(self, client, family, husbands):
        other = waiting(family)

        pdf = press(client, LIST, husbands.key, other.key, do="print", follow=False).content
        press(client, LIST, husbands.key, other.key)

        assert husbands.letter.number not in text_of(pdf)
        assert list(to_post()) == [husbands]

    def test_she_does_not_withdraw_it(self, client, husbands):
        press(client, "casework:withdraw_posting", args=[husbands.key])

        assert list(to_post()) == [husbands]


@pytest.mark.usefixtures("caseworker")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", [LIST, "casework:posting", "casework:withdraw_posting"])
def test_pages_are_accessible_and_fit(look_at, family, name, scheme):
    posting, lost = printed(family, waiting(family)), hindered(family)

    for key in (posting.key, lost.key):
        path = reverse(name, args=() if name == LIST else (key,))
        assert look_at(path, looks, color_scheme=scheme) == ([], 0)


@pytest.mark.parametrize("name", [LIST, "casework:posting", "casework:withdraw_posting"])
def test_pages_are_valid_html(client, family, caseworker, name, tmp_path):
    posting, _lost = printed(family, waiting(family)), hindered(family)
    html = page(client, name, *([] if name == LIST else [posting.key])).content
    (tmp_path / "page.html").write_bytes(html)

    assert mistakes(tmp_path) == []


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


def test_whoever_is_near_the_one_a_form_is_about_sees_none_of_it(client, family, caseworker):
    posting = about_another(family, "parent", "much_data")
    husband = number_of("much_data")
    family.change("caseworker", spouses=(Marriage(husband, since=date(2001, 1, 1), until=date(2009, 1, 1)),))

    printed(family, posting)
    answers = [page(client, name, posting.key) for name in ("casework:posting", "casework:posting_pdf")]
    press(client, LIST, posting.key)

    assert {answer.status_code for answer in answers} == {HTTPStatus.FOUND}  # to the list, which says why
    assert not PostingEnd.objects.filter(posting=posting).exists()


def test_the_one_a_form_is_about_sees_that_it_was_opened(client, family, caseworker):
    posting = about_another(family, "parent", "much_data")

    page(client, "casework:posting_pdf", posting.key)

    logged = AccessLogEntry.objects.filter(action="casework.print_posting", actor=caseworker.key)
    assert {entry.subject for entry in logged} == {
        family.person(slug).key for slug in ("parent", "much_data")
    }


def test_what_has_been_posted_is_not_printed_again(client, family, caseworker):
    posting = printed(family, waiting(family))
    press(client, LIST, posting.key)

    assert page(client, "casework:posting_pdf", posting.key).status_code != HTTPStatus.OK
