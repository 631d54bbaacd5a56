"""The queue of the post: seen and found by whoever is impartial, and written down."""

import re
from datetime import date
from http import HTTPStatus

import pytest
from django.urls import reverse

from kpr_portal.audit.models import AccessLogEntry, Outcome
from kpr_portal.documents.queries import read_document
from kpr_portal.notices.models import OwedWork
from kpr_portal.people.letters import NoLetter
from kpr_portal.people.models import Role
from kpr_portal.people.population_register import Marriage
from reservations.casework.hindrances import HINDRANCES
from reservations.postal.bases import SELF
from reservations.postal.kinds import INSIGHT
from reservations.postal.letters.queries import to_post
from reservations.postal.models import PostingEnd
from reservations.postal.ordering import MAKE_ORDERED, OrderedForm, make_ordered_form, order_form
from reservations.references import new_reference
from tests.reservations.casework.queue_of_post import (
    LIST,
    OWN,
    about_another,
    hindered,
    logged,
    messages_on,
    page,
    press,
    printed,
    text_of,
    waiting,
)
from tests.reservations.postal.letters.conftest import make_all
from tests.support.browser import looks
from tests.support.family import number_of
from tests.support.html import mistakes
from tests.support.sign_in import sign_in

pytestmark = [pytest.mark.django_db]

QUERIES = 7


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
