"""What each source declares holds together, and tells a person what they need."""

from datetime import date

import pytest
from django.utils import translation

from insight.catalogue import ReadableRecord
from insight.codes import claims, diagnoses, iplos
from insight.sources import section_of, source_of, source_of_section, sources


@pytest.mark.parametrize("source", sources(), ids=lambda source: source.slug)
class TestDeclaration:
    def test_every_text_is_there(self, source):
        texts = [
            source.title,
            source.about,
            source.complete_note,
            source.lag,
            source.reported_by,
            *source.not_included,
        ]
        texts += [text for section in source.sections for text in (section.title, section.about)]
        texts += [text for variable in source.variables for text in (variable.label, variable.meaning)]

        assert [text for text in texts if not str(text).strip()] == []

    def test_variables_are_named_once_and_coded_ones_have_labels(self, source):
        names = [variable.name for variable in source.variables]

        assert len(names) == len(set(names))
        assert [system.oid for system in source.code_systems() if not (system.labels or system.explain)] == []

    def test_every_section_has_a_sentence_for_a_bare_record(self, source):
        for section in source.sections:
            bare = ReadableRecord(section.slug, date(2026, 1, 1), None, "", {"diagnoses": ["ICPC-2:K86"]})
            assert source.sentence(bare).endswith(".")

    def test_unknown_code_shows_as_such(self, source):
        for system in source.code_systems():
            assert (system.knows("?9"), system.label("?9")) == (False, "ukjent kode ?9")


def test_sections_belong_to_one_source_each():
    slugs = [section.slug for source in sources() for section in source.sections]

    assert len(slugs) == len(set(slugs))
    assert {slug: source_of_section(slug).section(slug) for slug in slugs} == {
        slug: section_of(slug) for slug in slugs
    }


@pytest.mark.parametrize(
    ("coded", "label"),
    [
        ("ICPC-2:K86", "høyt blodtrykk (K86)"),
        ("ICPC-2:K99", "hjerte og kretsløp (K99)"),
        ("ICPC-2:P76", "psykisk lidelse (P76)"),
        ("ICD-10:F20.0", "psykisk helse og atferd (F20.0)"),
        ("ICD-10:D50", "blod og immunforsvar (D50)"),
        ("ICD-10:T98", "skader og forgiftninger (T98)"),
        ("ICPC-2:J01", "ukjent kode ICPC-2:J01"),
        ("XX:K86", "ukjent kode XX:K86"),
    ],
)
def test_diagnosis_reads_as_its_chapter_or_group(coded, label):
    assert diagnoses.DIAGNOSIS.label(coded) == label


@pytest.mark.parametrize(
    ("slug", "variables", "sensitive"),
    [
        ("kuhr", {"diagnoses": ["ICPC-2:K86"]}, False),
        ("kuhr", {"diagnoses": ["ICPC-2:K86", "ICPC-2:P76"]}, True),
        ("kuhr", {"diagnoses": ["ICD-10:F32"]}, True),
        ("kuhr", {}, False),
        *(("iplos-hendelser", {"service_type": code}, True) for code in ("14", "23", "24")),
        ("iplos-hendelser", {"service_type": "15"}, False),
        *(("iplos-aarlig", {"service_type": code}, True) for code in ("14", "23", "24")),
        ("iplos-aarlig", {"diagnoses": ["ICPC-2:P70"]}, True),
        ("iplos-aarlig", {"household": "1"}, False),
    ],
)
def test_coercion_and_psychiatry_are_sensitive(slug, variables, sensitive):
    assert source_of(slug).is_sensitive(variables) is sensitive


def test_tariffs_tell_what_kind_of_contact_it_was():
    assert [claims.contact_kind([code]) for code in ("2ad", "2ae", "11ad", "1bd", "L36", "X99")] == [
        "konsultasjon",
        "e-konsultasjon",
        "sykebesøk",
        "brev, telefon eller melding",
        "dialogmøte med NAV",
        None,
    ]


def test_sight_and_hearing_have_values_of_their_own():
    assert [iplos.function_values(code).label("5") for code in ("13", "14", "7")] == [
        "blind",
        "døv",
        "fullt behov for hjelp",
    ]


def test_label_that_is_kept_keeps_to_the_language_of_the_page():
    def in_language(language):
        with translation.override(language):
            return claims.RESULT.label("A"), claims.RESULT.label("?")

    kept = [in_language(language) for language in ("nb", "en", "nb")]

    assert (kept[0], kept[0] != kept[1]) == (kept[2], True)
