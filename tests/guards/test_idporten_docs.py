"""What docs/id-porten.md promises is so: each test it names is there, and each address is the registered one."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from kpr_portal import settings as portal
from kpr_portal.login.oidc.realms import RealmName, realm

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "id-porten.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)))
SECTIONS = {part.partition("\n")[0]: part for part in re.split(r"^## ", TEXT, flags=re.MULTILINE)}


def rows(section):
    """The rows of a section's tables, without their headings."""
    cells = [
        [c.strip() for c in line.split("|")[1:-1]] for line in section.splitlines() if line.startswith("|")
    ]
    return [row for row in cells if not set(row[0]) <= {"-"} and row[0] not in {"Verification", "What"}]


@pytest.mark.parametrize(("file", "name"), NAMED, ids=lambda value: value.rpartition("/")[2])
def test_every_test_it_names_is_there(file, name):
    assert re.search(rf"^def {name}\(", (ROOT / file).read_text("utf-8"), re.MULTILINE)


def test_every_verification_names_a_test():
    verified = rows(SECTIONS["What Digdir verifies"])

    assert [row[0] for row in verified if "::test_" not in row[1]] == []
    assert len(verified) >= 30


def test_every_address_to_register_is_the_one_that_is_used():
    told = set(re.findall(r"`PUBLIC_URL` \+ `([^`]+)`", TEXT))

    ours = {realm(name).callback_address.removeprefix(portal.PUBLIC_URL) for name in RealmName}
    assert told == ours | {reverse("login:signed_out"), reverse("login:signed_out_elsewhere")}


def test_every_setting_it_names_exists():
    named = set(re.findall(r"^\| ((?:`[A-Z_]+`(?:, )?)+) \|", SECTIONS["Settings"], re.MULTILINE))
    names = {name for cell in named for name in re.findall(r"[A-Z_]+", cell)}

    assert [name for name in sorted(names) if not hasattr(portal, name)] == []
    assert {"IDPORTEN_ISSUER", "STAFF_ISSUER", "SIGN_IN_ORIGINS"} <= names
