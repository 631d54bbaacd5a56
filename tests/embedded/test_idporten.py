"""The local ID-porten, spoken to as the portal does it: what it demands, what it issues, how it signs out."""

import base64
import hashlib
import html
import json
import re
import secrets
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests

from kpr_portal.embedded.idporten import (
    CLIENT_IDS,
    ProviderConfig,
    portal_addresses,
    start_provider,
    write_people,
)
from kpr_portal.embedded.places import Places, remembered_ports

PORTAL_PORT = 8999
CITIZEN = {"number": "01810150000", "name": "Varm Kopp", "about": "ingenting registrert"}
CASEWORKER = {
    "number": "02810150000",
    "name": "Rolig Stol",
    "about": "saksbehandler",
    "roles": ["caseworker"],
    "organisation": "Folkehelseinstituttet",
}


def config_for(kind, folder):
    places = Places(folder)
    for part in (places.keys, places.run, places.idporten):
        part.mkdir(exist_ok=True)
    people = folder / f"{kind}-people.json"
    write_people(people, [CITIZEN] if kind == "idporten" else [CASEWORKER])
    port = remembered_ports(places, [kind])[kind]
    return ProviderConfig(
        kind=kind,
        port=port,
        portals=portal_addresses(PORTAL_PORT),
        people_file=people,
        keys=places.keys,
        folder=places.idporten,
    )


@pytest.fixture(scope="module")
def idporten(tmp_path_factory):
    with start_provider(config_for("idporten", tmp_path_factory.mktemp("idporten"))) as handle:
        yield handle


@pytest.fixture(scope="module")
def staff(tmp_path_factory):
    with start_provider(config_for("staff", tmp_path_factory.mktemp("staff"))) as handle:
        yield handle


class Client:
    """A correct client of the provider, and a browser beside it."""

    def __init__(self, handle):
        self.config = handle.config
        self.id = CLIENT_IDS[handle.config.kind]
        self.discovery = requests.get(f"{handle.issuer}/.well-known/openid-configuration", timeout=5).json()
        self.key = jwt.PyJWK.from_json(handle.config.client_jwk_file.read_text())
        self.browser = requests.Session()
        self.verifier = secrets.token_urlsafe(48)
        self.redirect_uri = handle.config._client()["redirect_uris"][0]

    def assertion(self):
        now = int(time.time())
        claims = {"iss": self.id, "sub": self.id, "aud": self.config.issuer, "iat": now, "exp": now + 60}
        return jwt.encode(
            {**claims, "jti": secrets.token_hex(8)}, self.key.key, "RS256", headers={"kid": self.key.key_id}
        )

    def authenticated(self, **fields):
        return {
            "client_id": self.id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": self.assertion(),
            **fields,
        }

    def request_fields(self, **changes):
        challenge = base64.urlsafe_b64encode(hashlib.sha256(self.verifier.encode()).digest()).rstrip(b"=")
        fields = {
            "response_type": "code",
            "scope": "openid profile",
            "redirect_uri": self.redirect_uri,
            "state": "a-state",
            "nonce": "a-nonce",
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
            "acr_values": "idporten-loa-high",
        }
        return {name: value for name, value in {**fields, **changes}.items() if value is not None}

    def push(self, **changes):
        return requests.post(
            self.discovery["pushed_authorization_request_endpoint"],
            data=self.authenticated(**self.request_fields(**changes)),
            timeout=5,
        )

    def start(self, **changes):
        """The first page the browser sees, or the portal's address when it is sent straight back."""
        pushed = self.push(**changes).json()
        address = self.discovery["authorization_endpoint"]
        query = {"client_id": self.id, "request_uri": pushed["request_uri"]}
        return self.follow(self.browser.get(address, params=query, allow_redirects=False, timeout=5))

    def follow(self, response):
        while response.is_redirect and not response.headers["Location"].startswith(self.redirect_uri):
            address = requests.compat.urljoin(response.url, response.headers["Location"])
            response = self.browser.get(address, allow_redirects=False, timeout=5)
        return response

    def post(self, page, **fields):
        return self.follow(self.browser.post(page.url, data=fields, allow_redirects=False, timeout=5))

    def token(self, response):
        returned = parse_qs(urlsplit(response.headers["Location"]).query)
        assert (returned["state"], returned["iss"]) == (["a-state"], [self.config.issuer])
        fields = {"grant_type": "authorization_code", "redirect_uri": self.redirect_uri}
        answer = requests.post(
            self.discovery["token_endpoint"],
            data=self.authenticated(code=returned["code"][0], code_verifier=self.verifier, **fields),
            timeout=5,
        ).json()
        keys = jwt.PyJWKClient(self.discovery["jwks_uri"])
        token = answer["id_token"]
        signing_key = keys.get_signing_key_from_jwt(token)
        return token, jwt.decode(token, signing_key, ["RS256"], audience=self.id, issuer=self.config.issuer)

    def sign_in(self, *, person=CITIZEN, level="idporten-loa-high", **changes):
        page = self.start(**changes)
        return self.token(self.post(page, person=person["number"], level=level))


def test_a_citizen_gets_the_claims_that_idporten_gives(idporten):
    _, claims = Client(idporten).sign_in(ui_locales="nn")

    assert {name: claims[name] for name in ("pid", "acr", "amr", "locale", "nonce", "iss")} == {
        "pid": CITIZEN["number"],
        "acr": "idporten-loa-high",
        "amr": ["TestID"],
        "locale": "nn",
        "nonce": "a-nonce",
        "iss": idporten.issuer,
    }
    assert {"sub", "sid", "auth_time", "exp", "iat", "aud"} <= claims.keys()
    assert CITIZEN["number"] not in claims["sub"]


def test_staff_get_their_roles_and_organisation(staff):
    _, claims = Client(staff).sign_in(person=CASEWORKER)

    assert {name: claims[name] for name in ("pid", "roles", "organisation")} == {
        "pid": CASEWORKER["number"],
        "roles": ["caseworker"],
        "organisation": "Folkehelseinstituttet",
    }


def test_a_number_may_be_typed_with_spaces(idporten):
    client = Client(idporten)
    page = client.start()

    _, claims = client.token(client.post(page, number="03810 150000", level="idporten-loa-high"))

    assert claims["pid"] == "03810150000"


@pytest.mark.parametrize("number", ["", "123", "03010150000", "0381015000x"])
def test_a_number_that_is_no_synthetic_one_is_asked_for_again(idporten, number):
    client = Client(idporten)

    page = client.post(client.start(), number=number)

    assert page.status_code == 422
    assert 'role="alert"' in page.text
    assert f'value="{number}"' in page.text


def test_staff_sign_in_only_from_the_list(staff):
    client = Client(staff)

    assert client.post(client.start(), number=CITIZEN["number"]).status_code == 422


def test_the_level_asked_for_is_the_lowest_one_can_choose(idporten):
    low, high = Client(idporten), Client(idporten)

    assert (
        low.sign_in(level="idporten-loa-substantial", acr_values=None)[1]["acr"] == "idporten-loa-substantial"
    )
    assert high.sign_in(level="idporten-loa-substantial")[1]["acr"] == "idporten-loa-high"


def test_a_session_signs_in_again_without_asking_until_told_to(idporten):
    client = Client(idporten)
    _, first = client.sign_in()

    _, again = client.token(client.start())
    page = client.start(prompt="login")

    assert (again["sid"], again["auth_time"]) == (first["sid"], first["auth_time"])
    assert "Velg testperson" in page.text


def test_a_session_of_a_lower_level_is_asked_for_the_higher(idporten):
    client = Client(idporten)
    client.sign_in(level="idporten-loa-substantial", acr_values="idporten-loa-substantial")

    assert "Velg testperson" in client.start(acr_values="idporten-loa-high").text


def test_another_person_may_sign_in_over_the_first(idporten):
    client = Client(idporten)
    client.sign_in()
    page = client.start(prompt="login")
    answer = client.browser.post(page.url, data={"number": "03810150000"}, allow_redirects=False, timeout=5)

    # The first person's session is ended in between, by a form that a browser sends by itself.
    while not answer.headers.get("Location", "").startswith(client.redirect_uri):
        if answer.is_redirect:
            address = requests.compat.urljoin(answer.url, answer.headers["Location"])
            answer = client.browser.get(address, allow_redirects=False, timeout=5)
        elif onwards := re.search(r'id="next" href="([^"]+)"', answer.text):
            answer = client.browser.get(html.unescape(onwards[1]), allow_redirects=False, timeout=5)
        else:
            action = re.search(r'action="([^"]+)"', answer.text)[1]
            fields = dict(re.findall(r'name="([^"]+)" value="([^"]+)"', answer.text))
            answer = client.browser.post(action, data=fields, allow_redirects=False, timeout=5)

    assert client.token(answer)[1]["pid"] == "03810150000"


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("nb", "Velg testperson"),
        ("nn", "Vel testperson"),
        ("en", "Choose a test person"),
        ("se", "Velg testperson"),
    ],
)
def test_the_page_speaks_the_language_asked_for(idporten, language, heading):
    page = Client(idporten).start(ui_locales=language)

    assert f"<h1>{heading}</h1>" in page.text


def test_a_cancelled_sign_in_comes_back_as_refused(idporten):
    client = Client(idporten)

    answer = client.post(client.start(), cancel="yes")

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["access_denied"]


def test_a_request_that_was_not_pushed_is_refused(idporten):
    client = Client(idporten)

    answer = client.browser.get(
        client.discovery["authorization_endpoint"],
        params={"client_id": client.id, **client.request_fields()},
        allow_redirects=False,
        timeout=5,
    )

    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["invalid_request"]


@pytest.mark.parametrize(
    "change", [{"code_challenge": None, "code_challenge_method": None}, {"code_challenge_method": "plain"}]
)
def test_a_request_without_pkce_s256_is_refused(idporten, change):
    assert Client(idporten).push(**change).json()["error"] == "invalid_request"


def test_a_client_without_its_key_is_refused(idporten):
    client = Client(idporten)

    answer = requests.post(
        client.discovery["pushed_authorization_request_endpoint"],
        data={"client_id": client.id, **client.request_fields()},
        timeout=5,
    )

    assert answer.json()["error"] == "invalid_client"


def test_signing_out_tells_the_portal_in_a_frame_and_goes_back_to_it(idporten):
    client = Client(idporten)
    token, claims = client.sign_in()

    page = client.browser.get(
        client.discovery["end_session_endpoint"],
        params={
            "id_token_hint": token,
            "post_logout_redirect_uri": f"http://127.0.0.1:{PORTAL_PORT}/",
            "state": "bye",
        },
        timeout=5,
    )

    frame = urlsplit(html.unescape(re.search(r'<iframe[^>]* src="([^"]+)"', page.text)[1]))
    assert (frame.netloc, frame.path) == (f"127.0.0.1:{PORTAL_PORT}", "/logg-inn/idporten/utlogget-utenfra/")
    assert parse_qs(frame.query) == {"iss": [idporten.issuer], "sid": [claims["sid"]]}
    assert f'href="http://127.0.0.1:{PORTAL_PORT}/?state=bye"' in page.text
    assert "Velg testperson" in client.start().text


def test_an_address_that_is_not_the_portals_is_never_gone_to_after_signing_out(idporten):
    client = Client(idporten)
    token, _ = client.sign_in()

    page = client.browser.get(
        client.discovery["end_session_endpoint"],
        params={"id_token_hint": token, "post_logout_redirect_uri": "http://127.0.0.1:1/"},
        timeout=5,
    )

    assert page.status_code == 400
    assert "post_logout_redirect_uri not registered" in page.text


def test_signing_out_without_a_token_asks_first_and_then_tells_the_portal(idporten):
    client = Client(idporten)
    _, claims = client.sign_in()

    page = client.browser.get(client.discovery["end_session_endpoint"], timeout=5)
    fields = dict(re.findall(r'name="(xsrf)" value="([^"]+)"', page.text))
    ended = client.browser.post(
        f"{idporten.issuer}/logout/confirm", data={**fields, "logout": "yes"}, timeout=5
    )

    assert claims["sid"] in ended.text


def test_the_providers_keys_stay_from_run_to_run(tmp_path):
    config = config_for("idporten", tmp_path)
    config.write()
    before = json.loads(config.file.read_text())
    config.write()

    assert json.loads(config.file.read_text()) == before
