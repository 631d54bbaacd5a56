"""What is typed to do harm stands on the form as text, or is not printed at all; and nothing is ever fetched."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from kpr_portal.ground.keyring import keyring
from reservations.postal.answers import MOST_DETAILS, MOST_NAME_BYTES, Helper, Named
from reservations.postal.bases import PARENT, SELF
from reservations.postal.code import Tag, read
from reservations.postal.form_page import form_html, make_form
from reservations.postal.kinds import ERASE_OR_BLOCK, HELPER_INSIGHT, INSIGHT
from reservations.postal.printed_text import cleaned, plain, plain_line, shortened
from tests.reservations.postal.printed import CHILD, codes, filled, pages, pictures, text_of

TURNED = "\u202e\u2066\u200f\u061c"  # each turns the writing around, or the side it begins on
MARKUP = [
    '<script>alert("1")</script>',
    "<b>Ola</b>",
    "{{ settings.SECRET_KEY }}{% now 'Y' %}",
    "</p></section></body></html>Ola",
    "&lt;Ola&amp;",
    "<!-- Ola -->",
    "=2+5+cmd|' /C calc'!A0",
    "Ola\u00ad’\"';--",
]


def named(name, form=INSIGHT):
    return filled(form, SELF).with_(person=Named(name, CHILD))


@pytest.fixture
def listener():
    """A server of ours, and the addresses that anybody has asked it for."""
    asked = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("typed", MARKUP)
def test_markup_is_text(typed):
    shown = plain_line(typed, most=MOST_NAME_BYTES)

    text = text_of(make_form(named(typed)))

    assert "".join(shown.split()) in "".join(text.split())


@pytest.mark.parametrize(
    "typed",
    [
        '<img src="{0}/a.png">',
        '<link rel="stylesheet" href="{0}/a.css">',
        '</title></head><link rel="stylesheet" href="{0}/b.css">',
        "<style>@import url({0}/c.css);</style>",
        '<p style="background:url({0}/d.png)">',
        '<svg><image href="{0}/e.svg"/></svg>',
        '<iframe src="{0}/f"></iframe>',
    ],
)
def test_nothing_is_fetched_from_the_network(listener, typed):
    address, asked = listener
    attack = typed.format(address)
    answers = filled(ERASE_OR_BLOCK, SELF).with_(details=attack, person=Named(attack[:70], CHILD))

    pdf = make_form(answers)

    assert asked == []
    assert attack[:30].replace(" ", "") in text_of(pdf).replace(" ", "")


@pytest.mark.parametrize("scheme", ["file://{0}", "data:text/css,p{{content:'hemmelig'}}"])
def test_nothing_is_read_from_a_file_or_from_the_address_itself(tmp_path, scheme):
    secret = tmp_path / "secret.css"
    secret.write_text("p::after { content: 'hemmelig' }")
    attack = f'<link rel="stylesheet" href="{scheme.format(secret)}">'

    text = text_of(make_form(filled(ERASE_OR_BLOCK, SELF).with_(details=attack)))

    assert text.count("hemmelig") == attack.count("hemmelig")


def test_marks_that_turn_the_writing_never_reach_the_page_or_the_code():
    answers = cleaned(named(f"Ola{TURNED} Nordmann"))
    (_, written), *_ = codes(pictures(make_form(named(f"Ola{TURNED} Nordmann")))[0])

    assert answers.person.name == "Ola Nordmann"
    assert read(written, prover=keyring()).fields[Tag.PERSON_NAME] == "Ola Nordmann"
    assert [mark for mark in TURNED if mark in form_html(answers)] == []


def test_writing_from_right_to_left_turns_nothing_but_itself():
    html = form_html(cleaned(named("שרה לוי")))

    assert "<bdi>שרה לוי</bdi>" in html


def test_control_characters_are_left_out():
    assert plain("a\x00\x07b\x1b[31mc\x7f\x9d\ufeff\ue000d", most=100) == "ab[31mcd"
    assert plain_line("a\nb\r\nc\td\u2028e\x0bf", most=100) == "a b c d e f"
    assert plain("a\r\nb\u2029c\x85d", most=100) == "a\nb\nc\nd"


def test_letters_are_written_in_one_way():
    assert plain_line("A\u030ase", most=100) == "Åse"


def test_joiners_of_a_name_stay():
    assert plain_line("علی\u200cرضا", most=100) == "علی\u200cرضا"


@pytest.mark.parametrize("typed", ["\ud800", "Ola \udfff", "\ud83d Ola"])
def test_lone_surrogate_is_refused(typed):
    with pytest.raises(ValueError, match="surrogates not allowed"):
        make_form(named(typed))


def test_ten_thousand_characters_are_cut_and_the_form_stays_a_form():
    long = filled(HELPER_INSIGHT, PARENT).with_(
        person=Named("Å" * 10_000, CHILD), helper=Helper("b" * 10_000, "c" * 10_000, "d\n" * 10_000)
    )

    made = cleaned(long)

    assert (made.person.name, made.helper.name) == ("Å" * MOST_NAME_BYTES, "b" * MOST_NAME_BYTES)
    assert len(plain("e" * 10_000, most=MOST_DETAILS)) == MOST_DETAILS
    assert pages(make_form(long)) <= 6


def test_name_is_never_cut_in_the_middle_of_a_letter():
    long = filled(HELPER_INSIGHT, PARENT).with_(person=Named("a" + "ạ" * 100, CHILD))

    assert cleaned(long).person.name == "a" + "ạ" * (MOST_NAME_BYTES // 2 - 1)


def test_emoji_is_printed_and_read_back():
    (_, written), *_ = codes(pictures(make_form(named("Ola 🦊 Nordmann")))[0])

    assert read(written, prover=keyring()).fields[Tag.PERSON_NAME] == "Ola 🦊 Nordmann"


def test_nothing_of_it_stands_in_an_error():
    with pytest.raises(ValueError, match="surrogates") as refused:
        make_form(named("Hemmelig Navn\ud800"))

    assert "Navn" not in str(refused.value)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rolig Fjell", "Rolig Fjell"),
        ("Rolig Glad Fjell", "Rolig Glad…"),
        ("Rolig Gladere Fjell", "Rolig…"),
        ("Ø" * 20, "Ø" * 11 + "…"),
    ],
)
def test_long_name_is_cut_between_its_parts_for_the_head_of_a_sheet(name, shown):
    assert shortened(name, most=12) == shown
    assert len(shown) <= 12
