from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from kpr_portal.ground import clock
from kpr_portal.ui.models import OperationsNotice
from kpr_portal.ui.operations import put_up_notice, take_down_notice
from kpr_portal.ui.queries import current_notices, forget_notices

pytestmark = pytest.mark.django_db
TEXTS = {"nb": "Vi oppgraderer i natt.", "nn": "Vi oppgraderer i natt, nynorsk.", "en": "We upgrade tonight."}


@pytest.fixture(autouse=True)
def _nothing_kept():
    forget_notices()
    yield
    forget_notices()


def test_notice_stands_on_every_page_in_its_language(client):
    put_up_notice(**TEXTS)

    for prefix, language in (("", "nb"), ("/nn", "nn"), ("/en", "en")):
        assert client.get(f"{prefix}/kontakt/").content.decode().count(TEXTS[language]) == 1


@pytest.mark.parametrize(
    ("starts", "ends", "stands"),
    [(-1, None, True), (-1, 1, True), (1, None, False), (-2, -1, False)],
)
def test_notice_stands_in_its_time(starts, ends, stands):
    now = clock.now()
    put_up_notice(
        **TEXTS,
        starts_at=now + timedelta(hours=starts),
        ends_at=None if ends is None else now + timedelta(hours=ends),
    )

    assert bool(current_notices("nb")) is stands


def test_notices_are_asked_for_once_in_half_a_minute(django_assert_num_queries):
    current_notices("nb")

    with django_assert_num_queries(0):
        current_notices("en")


def test_taking_down_tells_whether_there_was_one():
    notice = put_up_notice(**TEXTS)

    assert take_down_notice(notice.id) is True
    assert take_down_notice(notice.id) is False


def test_notice_without_a_language_is_refused_by_the_database():
    with pytest.raises(IntegrityError), transaction.atomic():
        put_up_notice(**TEXTS | {"nn": ""})


def test_command_puts_up_lists_and_removes():
    out = StringIO()
    arguments = [f"--{language}={text}" for language, text in TEXTS.items()]

    call_command("notice", "add", *arguments, "--from=2027-06-03 14:05", stdout=out)
    notice = OperationsNotice.objects.get()
    call_command("notice", "list", stdout=out)
    call_command("notice", "remove", str(notice.id), stdout=out)

    assert out.getvalue().splitlines() == [
        f"Notice {notice.id} is up.",
        f"{notice.id}: 2027-06-03 14:05 / -: Vi oppgraderer i natt.",
    ]
    assert OperationsNotice.objects.count() == 0


def test_command_refuses_an_end_before_the_start():
    arguments = [f"--{language}={text}" for language, text in TEXTS.items()]

    with pytest.raises(CommandError):
        call_command("notice", "add", *arguments, "--from=2027-06-03 14:05", "--to=2027-06-03 14:00")
