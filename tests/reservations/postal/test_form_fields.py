"""The fields of a blank form, which can be filled in on a screen too."""

import re
import subprocess

from reservations.postal.bases import PARENT, SELF
from reservations.postal.kinds import (
    ERASE_OR_BLOCK,
    FORMS,
    INSIGHT,
    RESERVATION,
)
from tests.reservations.postal.printed import (
    blank,
    filled,
    opened,
    printed,
    text_of,
)


def test_nothing_asks_why():
    asked = [name for name, _ in fields_of(blank(ERASE_OR_BLOCK, SELF))]

    assert [name for name in asked if re.search("why|reason|cause", name)] == []
    assert [form.details for form in FORMS if form.details] == [ERASE_OR_BLOCK.details]


def fields_of(answers):
    """The name and the tool tip of every field, in their order."""
    with opened(printed(answers)) as pdf:
        return [(str(field.T), str(field.TU)) for field in pdf.Root.AcroForm.Fields]


def test_fields_of_a_blank_form_are_named_explained_and_in_order():
    fields = fields_of(blank(RESERVATION, PARENT))

    assert [name for name, _ in fields] == [
        "choice_withhold_national_id_place",
        "choice_withhold_national_id_lift",
        "choice_purpose_2_place",
        "choice_purpose_2_lift",
        "person_name",
        "person_number",
        "heard",
        "signer_name",
        "signer_number",
        "answer_in_nb",
        "answer_in_nn",
        "answer_in_en",
        "phone",
        "place",
        "date",
    ]
    told = [tip for _, tip in fields]
    assert told[0] == "Ikke utlever fødselsnummeret mitt: Reservere"
    assert told[4] == "Barnet skjemaet gjelder: Navn (fornavn og etternavn)"
    assert len(set(told)) == len(told)
    assert {str(page.Tabs) for page in opened(printed(blank(RESERVATION, PARENT))).pages} == {"/S"}


def test_number_is_a_row_of_eleven_boxes():
    with opened(printed(blank(INSIGHT, SELF))) as pdf:
        (number,) = [field for field in pdf.Root.AcroForm.Fields if str(field.T) == "person_number"]

        assert (int(number.MaxLen), int(number.Ff) & 1 << 24) == (11, 1 << 24)


def test_filled_form_has_no_fields():
    assert "/AcroForm" not in opened(printed(filled(RESERVATION, SELF))).Root


def test_norwegian_letters_can_be_typed_into_a_blank_form(tmp_path):
    made, typed, shown = (tmp_path / name for name in ("blank.pdf", "typed.pdf", "shown.pdf"))
    made.write_bytes(printed(blank(INSIGHT, SELF)))
    with opened(made.read_bytes()) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if str(field.T) == "person_name":
                field.V = "Åse Ærlig Øvrebø"
        pdf.save(typed)
    subprocess.run(["qpdf", "--generate-appearances", "--flatten-annotations=all", typed, shown], check=True)

    assert "Åse Ærlig Øvrebø" in text_of(shown.read_bytes())
