"""Our own keys: made, handed in, changed without anybody noticing, and never shown."""

import json
import stat
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from kpr_portal.ground import clock
from kpr_portal.login.oidc.client_key import client_key

PUBLIC = {"kty", "n", "e", "kid", "alg", "use"}


def run(action, file):
    """The public keys that are printed, and what is said of each."""
    said, aside = StringIO(), StringIO()
    call_command("client_keys", action, str(file), stdout=said, stderr=aside)
    return json.loads(said.getvalue())["keys"], aside.getvalue().splitlines()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "idporten.jwk"


def test_the_file_is_the_owners_alone_and_only_public_parts_are_printed(file):
    (key,), (told,) = run("new", file)

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(key) == PUBLIC
    assert (key["alg"], key["use"], key["kty"]) == ("RS256", "sig", "RSA")
    by = (clock.now() + timedelta(days=365)).date()
    assert told == f"{key['kid']}: in use, to be replaced before {by}"
    assert client_key(str(file)).headers == {"kid": key["kid"]}
    assert run("show", file)[0] == [key]


def test_a_rotation_overlaps_all_the_way(file):
    (first,), _ = run("new", file)
    both, told = run("next", file)
    second = both[1]
    assert both[0] == first
    assert [line.partition(",")[0] for line in told] == [
        f"{first['kid']}: in use",
        f"{second['kid']}: waiting",
    ]
    assert client_key(str(file)).headers == {"kid": first["kid"]}

    assert run("switch", file)[0] == [second, first]
    assert client_key(str(file)).headers == {"kid": second["kid"]}

    assert run("retire", file)[0] == [second]
    assert client_key(str(file)).headers == {"kid": second["kid"]}
    assert first["n"] not in file.read_text()


def test_people_sign_in_at_every_step_of_a_rotation(idporten, visitor, another_visitor, settings, file):
    """The issuer knows what is handed in, and checks each statement as ID-porten does."""
    settings.IDPORTEN_CLIENT_JWK_FILE = str(file)
    before = idporten.client_key
    try:
        (idporten.client_key,), _ = run("new", file)
        visitor.sign_in(idporten)
        (_, handed_in), _ = run("next", file)
        another_visitor.sign_in(idporten)
        idporten.client_key = handed_in
        run("switch", file)
        visitor.sign_in(idporten, query="?paa_nytt=1&next=/kontakt/")
        run("retire", file)
        home = another_visitor.sign_in(idporten, query="?paa_nytt=1&next=/kontakt/")
    finally:
        idporten.client_key = before

    assert visitor.is_signed_in
    assert home["Location"] == "/kontakt/"


def test_an_old_key_is_told_of_in_time(file):
    run("new", file)
    with clock.shift(timedelta(days=334)):
        assert not run("show", file)[1][0].endswith("ROTATE IT")
    with clock.shift(timedelta(days=336)):
        assert run("show", file)[1][0].endswith("ROTATE IT")


def test_a_key_is_never_overwritten_and_no_more_are_made_than_can_be_handed_in(file):
    run("new", file)
    kept = file.read_text()
    with pytest.raises(CommandError, match="never overwritten"):
        run("new", file)
    assert file.read_text() == kept

    for _ in range(4):
        run("next", file)
    with pytest.raises(CommandError, match="5 keys"):
        run("next", file)


@pytest.mark.parametrize(("content", "message"), [(None, "cannot be read"), ("{}", "no JSON Web Key")])
def test_a_file_that_is_no_use_is_told(content, message, file):
    if content is not None:
        Path(file).write_text(content)

    with pytest.raises(CommandError, match=message):
        run("show", file)
