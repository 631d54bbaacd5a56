"""The blank forms as files and as pages: made once of what is there, whole or not at all, and always answered."""

import os
import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as portal
from django.test import Client

from reservations.postal.bases import GUARDIAN, SELF
from reservations.postal.blank import BlankForm, all_blank, make_all, make_one, write_whole
from reservations.postal.blank_inputs import BEGUN, DONE, are_made, fingerprint
from reservations.postal.form_page import blank_path, blank_print_path
from reservations.postal.kinds import INSIGHT, RESERVATION, all_forms
from tests.reservations.postal.printed import text_of
from tests.support.browser import looks
from tests.support.html import mistakes

FEW = [
    BlankForm(RESERVATION, SELF, "nb", large_print=False),
    BlankForm(RESERVATION, SELF, "nn", large_print=True),
    BlankForm(INSIGHT, GUARDIAN, "en", large_print=False),
]
FORM, BASIS = RESERVATION, SELF


def addresses(form=FORM, basis=BASIS, language="nb"):
    """Where this form is: the PDF, the PDF in large print, and the page to print."""
    normal, large = (blank_path(form, basis, language=language, large_print=big) for big in (False, True))
    return normal, large, blank_print_path(form, basis, language=language, large_print=False)


def count(_done, _of):
    """Nobody listens."""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A folder with a few blank forms, and nothing else."""
    folder = tmp_path_factory.mktemp("blank-forms")
    make_all(FEW, folder, of="then", processes=1, made=count)
    return folder


@pytest.fixture
def folder(made, settings):
    settings.BLANK_FORMS_DIR = made
    return made


@pytest.fixture
def nothing_else(settings, queue_gone):
    """No server of any kind answers. The database is out of reach too: these tests do not ask for it."""
    settings.REDIS_URL = settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    caches = {name: {**cache, "LOCATION": "redis://127.0.0.1:1/0"} for name, cache in settings.CACHES.items()}
    settings.CACHES = caches


def test_there_is_one_of_every_form_for_everybody_in_every_language_and_size():
    names = [blank.name for blank in all_blank()]

    assert len(names) == len(set(names)) == len(list(all_forms())) * 3 * 2
    assert (names[0], names[-1].split("/")[0]) == ("nb/reservasjon-meg-selv.pdf", "en")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_addresses_say_what_they_lead_to(language):
    prefix = "" if language == "nb" else f"/{language}"

    assert addresses(language=language) == (
        f"{prefix}/skjema/tomt/reservasjon/meg-selv.pdf",
        f"{prefix}/skjema/tomt/reservasjon/meg-selv/stor.pdf",
        f"{prefix}/skjema/tomt/reservasjon/meg-selv/utskrift/",
    )
    assert blank_print_path(FORM, BASIS, language=language, large_print=True).endswith("/utskrift/#stor")


def test_form_is_given_as_it_was_made_with_no_server_there(folder, nothing_else):
    pdf, _, page = addresses()
    response = Client().get(pdf)

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert response.content == (folder / "nb/reservasjon-meg-selv.pdf").read_bytes()
    assert response["Content-Disposition"] == 'inline; filename="kpr-reservasjon-meg-selv.pdf"'
    assert (response["Cache-Control"], response["Content-Language"]) == ("public, max-age=3600", "nb")
    assert Client().get(page).status_code == 200


def test_signed_in_people_get_it_with_no_server_there_too(folder, nothing_else):
    """Their session is in the database: nobody looks for it."""
    client = Client()
    client.cookies[portal.SESSION_COOKIE_NAME] = "0" * 32

    answers = [client.get(address) for address in addresses()]

    assert [answer.status_code for answer in answers] == [200, 503, 200]
    assert {answer["Cache-Control"] for answer in answers} == {"private, no-store"}


def test_form_that_has_not_changed_is_not_sent_again(folder):
    pdf, _, _ = addresses()
    first = Client().get(pdf)
    again = Client().get(pdf, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Client().get(pdf, headers={"If-None-Match": '"other"'}).status_code == 200


def test_form_is_only_ever_read(folder, db):
    assert [Client().post(address).status_code for address in addresses()] == [405, 405, 405]
    assert Client().head(addresses()[0]).status_code == 200


@pytest.mark.parametrize("large_print", [False, True])
def test_form_that_is_not_made_yet_has_a_page_with_the_telephone_and_the_page_to_print(
    tmp_path, settings, nothing_else, large_print
):
    settings.BLANK_FORMS_DIR, settings.OWNER_PHONE = tmp_path, "22 33 44 55"
    response = Client().get(blank_path(FORM, BASIS, language="nb", large_print=large_print))
    text = response.content.decode()

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert "Skjemaet er ikke klart ennå" in text
    assert "22 33 44 55" in text
    assert f'href="{blank_print_path(FORM, BASIS, language="nb", large_print=large_print)}"' in text
    assert "Traceback" not in text


@pytest.mark.parametrize(
    "address",
    [
        "/skjema/tomt/reservasjon/avdod.pdf",
        "/skjema/tomt/reservasjon/avdod/utskrift/",
        "/skjema/tomt/ukjent/meg-selv.pdf",
        "/skjema/tomt/reservasjon/ukjent/stor.pdf",
        "/skjema/tomt/reservasjon/..%2f..%2fmeg-selv.pdf",
        "/skjema/tomt/reservasjon/meg-selv.pdf/",
    ],
)
def test_form_that_does_not_exist_is_not_found(folder, db, address):
    assert Client().get(address).status_code == 404


def test_pages_of_a_pressed_portal_wait_and_the_forms_do_not(folder, settings, nothing_else):
    settings.PRESSURE_REQUESTS = 0

    assert Client().get(addresses()[0]).status_code == 200
    assert Client().get("/personvern/").status_code == 503


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_page_to_print_is_accessible_and_fits(look_at, language):
    assert look_at(addresses(INSIGHT, GUARDIAN, language)[2], looks) == ([], 0)


def test_page_to_print_is_valid_html_and_sends_nothing(client, tmp_path):
    pages = {
        f"{form.slug}-{basis.slug}": client.get(addresses(form, basis)[2]).content
        for form, basis in all_forms()
    }
    for name, page in pages.items():
        (tmp_path / f"{name}.html").write_bytes(page)

    assert mistakes(tmp_path) == []
    assert [name for name, page in pages.items() if re.search(rb"<form|<script(?! src)|<button", page)] == []


def printed_pages(look_at, address):
    """How many sheets it is printed on, and what of the frame is printed too."""

    def see(page):
        content = page.pdf(prefer_css_page_size=True)
        page.emulate_media(media="print")
        return len(re.findall(rb"/Type\s*/Page\b", content)), page.locator(
            "nav:visible, footer:visible"
        ).count()

    return look_at(address, see)


def test_page_to_print_is_one_sheet_and_nothing_of_the_frame(look_at):
    assert printed_pages(look_at, addresses()[2]) == (1, 0)
    assert printed_pages(look_at, addresses(RESERVATION, GUARDIAN)[2]) == (2, 0)


def test_one_link_makes_the_page_large(look_at):
    def see(page):
        before = page.locator("article h3").first.evaluate("e => getComputedStyle(e).fontSize")
        page.get_by_role("link", name="Stor skrift").click()
        after = page.locator("article h3").first.evaluate("e => getComputedStyle(e).fontSize")
        return [float(size.removesuffix("px")) for size in (before, after)]

    before, after = look_at(addresses()[2], see)
    assert after >= 24 > before  # 18 points


def test_fingerprint_follows_the_texts_the_look_and_the_settings_of_the_owner(tmp_path):
    for name in (
        "templates/postal/form/body.html",
        "static/print/form.css",
        "locale/nn/LC_MESSAGES/django.mo",
    ):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text("a")
    environment = {"OWNER_PHONE": "1", "PORT": "1", "OWNER_DATABASE_URL": "1"}
    before = fingerprint(environment, root=tmp_path)
    seen = {before}

    for name in ("OWNER_PHONE", "POSTAL_MARK", "LAW_POSTAL_COPY_OF_ID", "ENQUIRY_ANSWER_DAYS"):
        seen.add(fingerprint({**environment, name: "2"}, root=tmp_path))
    for file in tmp_path.rglob("*.*"):
        file.write_text("b")
        seen.add(fingerprint(environment, root=tmp_path))
    assert len(seen) == 8
    same = {**environment, "PORT": "2", "OWNER_DATABASE_URL": "2"}
    assert fingerprint(same, root=tmp_path) in seen


def test_what_forms_are_made_of_is_there():
    assert fingerprint({}, root=portal.BASE_DIR) != fingerprint({}, root=Path("/nowhere"))


def test_forms_of_what_was_are_not_those_of_what_is(made):
    assert (are_made(made, of="then"), are_made(made, of="now"), are_made(made / "nn", of="then")) == (
        True,
        False,
        False,
    )


def test_making_again_goes_on_where_an_ended_run_left_it(made, tmp_path):
    told = []
    make_all(FEW[:1], tmp_path, of="now", processes=1, made=count)
    first = (tmp_path / FEW[0].name).stat().st_ino
    (tmp_path / DONE).unlink()  # as if it had been ended here

    make_all(FEW[:2], tmp_path, of="now", processes=1, made=lambda *done: told.append(done))

    assert told == [(2, 2)]
    assert (tmp_path / FEW[0].name).stat().st_ino == first
    assert are_made(tmp_path, of="now")


def test_other_inputs_make_every_form_anew_and_remove_what_is_no_more(tmp_path):
    make_all(FEW[:2], tmp_path, of="then", processes=1, made=count)
    told = []
    make_all(FEW[:1], tmp_path, of="now", processes=1, made=lambda *done: told.append(done))

    assert told == [(1, 1)]
    files = sorted(file.relative_to(tmp_path).as_posix() for file in tmp_path.rglob("*") if file.is_file())
    assert files == sorted([BEGUN, DONE, FEW[0].name])


def test_making_in_parallel_gives_the_same_files_and_leaves_no_fonts(made, tmp_path):
    """In a process of its own: helpers are forked, and a test has threads."""
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    code = (
        "import django; django.setup()\n"
        "from pathlib import Path\n"
        "from tests.reservations.postal.test_blank import FEW, count\n"
        "from reservations.postal.blank import make_all\n"
        f"make_all(FEW, Path({str(tmp_path / 'made')!r}), of='then', processes=2, made=count)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        check=True,
        cwd=portal.BASE_DIR,
        env={**os.environ, "TMPDIR": str(temporary)},
    )

    assert [text_of((tmp_path / "made" / blank.name).read_bytes()) for blank in FEW] == [
        text_of((made / blank.name).read_bytes()) for blank in FEW
    ]
    assert list(temporary.iterdir()) == []


def test_file_is_whole_or_as_it_was(tmp_path):
    """The disk takes no more in the middle of a file."""
    file = tmp_path / "nb" / "form.pdf"
    write_whole(file, b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            write_whole(file, b"x" * 100_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)

    assert file.read_bytes() == b"before"
    assert list(file.parent.iterdir()) == [file]


def test_form_is_the_same_however_often_it_is_made(made):
    assert make_one(FEW[0]) == (made / FEW[0].name).read_bytes()
