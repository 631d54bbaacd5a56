"""The number as a value: what it accepts, why it refuses, and that it never prints itself."""

import copy
import json
import logging
import pickle
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.no import fodselsnummer

from kpr_portal.people.national_id import (
    MASK,
    ControlRule,
    InvalidNationalId,
    Kind,
    NationalId,
    Reason,
    Series,
    SyntheticPolicy,
    check_policy,
    control_digits,
)

ROOT = Path(__file__).resolve().parents[2]

# domain.md 3.4; unshifted numbers stand only here.
VALID_TODAY = {
    "13097248022": (Kind.FNR, Series.ORDINARY),
    "29029648784": (Kind.FNR, Series.ORDINARY),
    "29020075838": (Kind.FNR, Series.ORDINARY),
    "15021951940": (Kind.FNR, Series.ORDINARY),
    "53097248016": (Kind.DNR, Series.ORDINARY),
    "13527248013": (Kind.H, Series.PLUS_40),
    "10915596784": (Kind.FNR, Series.PLUS_80),
    "68467038838": (Kind.DNR, Series.PLUS_40),
    "50846202355": (Kind.DNR, Series.PLUS_80),
    "20914695016": (Kind.FNR, Series.PLUS_80),
    "21879498012": (Kind.FNR, Series.PLUS_80),
    "15507600333": (Kind.H, Series.PLUS_40),
    "55507608360": (Kind.DNR, Series.PLUS_40),
    "29422059278": (Kind.H, Series.PLUS_40),
    "69422056629": (Kind.DNR, Series.PLUS_40),
    "02013299997": (Kind.FNR, Series.ORDINARY),
    "30108299920": (Kind.FNR, Series.ORDINARY),
    "70108299914": (Kind.DNR, Series.ORDINARY),
    "41814061033": (Kind.DNR, Series.PLUS_80),
    "41814065640": (Kind.DNR, Series.PLUS_80),
    "41814075603": (Kind.DNR, Series.PLUS_80),
    "41810021827": (Kind.DNR, Series.PLUS_80),
    "41810025091": (Kind.DNR, Series.PLUS_80),
    "41810034422": (Kind.DNR, Series.PLUS_80),
    "01819012365": (Kind.FNR, Series.PLUS_80),
    "41819012359": (Kind.DNR, Series.PLUS_80),
}
VALID_FROM_2032_ONLY = {
    "30108299939": (Kind.FNR, Series.ORDINARY),
    "01819012373": (Kind.FNR, Series.PLUS_80),
    "01819012381": (Kind.FNR, Series.PLUS_80),
    "41819012367": (Kind.DNR, Series.PLUS_80),
    "41819012375": (Kind.DNR, Series.PLUS_80),
    "41819012383": (Kind.DNR, Series.PLUS_80),
}
INVALID = {
    "13097248023": Reason.K2,
    "32127248022": Reason.DATE,
    "13137248022": Reason.DATE,
    "29020112345": Reason.DATE,
    "1234567890": Reason.LENGTH,
    "123456789101": Reason.LENGTH,
    "": Reason.LENGTH,
    "1234567891A": Reason.LETTERS,
    "1309724802²": Reason.LETTERS,
    "١٣٠٩٧٢٤٨٠٢٢": Reason.LETTERS,
    "13057444850": Reason.K2,
    # The domain notes list these three as valid; their control digits are, but month 80 is month 0.
    "15808545141": Reason.DATE,
    "15808545168": Reason.DATE,
    "15808545176": Reason.DATE,
    "04250100286": Reason.DATE,  # month + 20, Nav's own series: nobody signs in or is reported with it
}
SYNTHETIC = "10915596784"


def refusal(text, *, rule=ControlRule.FROM_2032):
    with pytest.raises(InvalidNationalId) as refused:
        NationalId.parse(text, rule=rule)
    return refused.value.reason


def reason_or_none(text, *, rule=ControlRule.FROM_2032):
    try:
        NationalId.parse(text, rule=rule)
    except InvalidNationalId as refused:
        return refused.reason
    return None


@st.composite
def numbers(draw, *, series=None, kinds=tuple(Kind)):
    """Valid numbers of every kind and series, under both rules."""
    kind = draw(st.sampled_from(kinds))
    if kind is Kind.FH:
        nine = f"{draw(st.integers(8, 9))}{draw(st.integers(0, 10**8 - 1)):08}"
    else:
        day = draw(st.integers(1, 28)) + (40 if kind is Kind.DNR else 0)
        chosen = Series.PLUS_40 if kind is Kind.H else series or draw(st.sampled_from(_series_for(kind)))
        month = draw(st.integers(1, 12)) + chosen.value
        nine = f"{day:02}{month:02}{draw(st.integers(0, 99)):02}{draw(st.integers(0, 999)):03}"
    ends = [end for remainder in range(4) if (end := control_digits(nine, remainder=remainder))]
    if not ends:  # all four remainders lead to a control digit of 10: next individual number
        nine = f"{nine[:6]}{(int(nine[6:]) + 1) % 1000:03}"
        ends = [end for remainder in range(4) if (end := control_digits(nine, remainder=remainder))]
    return nine + draw(st.sampled_from(ends))


def _series_for(kind):
    return [Series.ORDINARY, Series.PLUS_65, Series.PLUS_80] + ([Series.PLUS_40] if kind is Kind.DNR else [])


class TestFormat:
    @pytest.mark.parametrize("text", VALID_TODAY)
    def test_valid_number_is_taken_under_both_rules(self, text):
        for rule in ControlRule:
            number = NationalId.parse(text, rule=rule)

            assert (number.digits, (number.kind, number.series)) == (text, VALID_TODAY[text])

    @pytest.mark.parametrize("text", VALID_FROM_2032_ONLY)
    def test_number_of_2032_is_refused_under_the_rule_of_1964(self, text):
        number = NationalId.parse(text)

        assert (number.kind, number.series) == VALID_FROM_2032_ONLY[text]
        assert refusal(text, rule=ControlRule.OF_1964) == Reason.K1

    @pytest.mark.parametrize(("text", "reason"), INVALID.items())
    def test_invalid_number_is_refused_with_its_reason(self, text, reason):
        assert refusal(text) == reason

    def test_first_control_digit_is_named_under_either_rule(self):
        assert refusal("13097248032", rule=ControlRule.OF_1964) == Reason.K1
        assert refusal("13097248072") == Reason.K1

    @pytest.mark.parametrize("text", ["02013299987", "02013299996"])
    def test_wrong_control_digits_are_refused(self, text):
        assert refusal(text) in {Reason.K1, Reason.K2}

    def test_plus_65_is_recognised_as_synthetic(self):
        nine = "157790123"  # 15 December 1990, month + 65
        number = NationalId(nine + control_digits(nine))

        assert (number.kind, number.series, number.is_synthetic) == (Kind.FNR, Series.PLUS_65, True)

    @pytest.mark.parametrize("first", ["8", "9"])
    def test_common_help_number_holds_no_date(self, first):
        nine = f"{first}99999912"
        number = NationalId(nine + control_digits(nine))

        assert (number.kind, number.code, number.is_synthetic) == (Kind.FH, "12", False)

    @pytest.mark.parametrize(
        ("text", "code"), [("13097248022", "1"), ("53097248016", "2"), ("13527248013", "3")]
    )
    def test_code_is_that_of_code_system_9032(self, text, code):
        assert NationalId(text).code == code

    @pytest.mark.parametrize("text", [" 109155 96784 ", "10 91 55 96784", "109155\N{NO-BREAK SPACE}96784\n"])
    def test_parse_ignores_spaces(self, text):
        assert NationalId.parse(text) == NationalId(SYNTHETIC)

    @given(number=numbers())
    def test_what_is_built_by_the_rule_is_taken(self, number):
        assert NationalId(number).digits == number

    @given(number=numbers(), place=st.integers(0, 10), step=st.integers(1, 9))
    def test_every_single_wrong_digit_is_refused(self, number, place, step):
        wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]

        assert reason_or_none(wrong) is not None

    @given(number=numbers(), place=st.integers(0, 9))
    def test_every_swap_of_neighbours_is_refused(self, number, place):
        swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]

        assert swapped == number or reason_or_none(swapped) is not None

    @given(text=st.text(max_size=14))
    def test_any_text_is_taken_or_refused_with_a_reason(self, text):
        assert reason_or_none(text) in {None, *Reason}


class TestOracles:
    """Two independent libraries, each where it follows the same rule as we do."""

    @given(number=numbers(series=Series.ORDINARY), change=st.integers(0, 99))
    def test_stdnum_agrees_on_ordinary_numbers_under_the_rule_of_1964(self, number, change):
        number = f"{number[:9]}{(int(number[9:]) + change) % 100:02}"
        theirs = fodselsnummer.is_valid(number)
        ours = reason_or_none(number, rule=ControlRule.OF_1964) is None

        # It reads the century and refuses help numbers, dates to come and gaps in the series; we never do.
        assert ours or not theirs
        assert theirs or not ours or not _has_a_past_century(number)

    def test_fnrvalidator_agrees_on_thousands_of_numbers(self):
        batch = sorted(_batch())
        script = (
            "const {idnr} = require('@navikt/fnrvalidator');"
            "const lines = require('fs').readFileSync(0, 'utf8').split('\\n');"
            "console.log(lines.map(l => { const r = idnr(l); return r.type || 'invalid' }).join('\\n'));"
        )
        node = Path(sys.executable).with_name("node")
        answer = subprocess.run(
            [str(node), "--input-type=commonjs", "-e", script],
            input="\n".join(batch),
            capture_output=True,
            text=True,
            check=True,
            cwd=ROOT,
        )

        assert dict(zip(batch, answer.stdout.split(), strict=True)) == {
            text: _as_they_name_it(text) for text in batch
        }


def _has_a_past_century(number):
    try:
        fodselsnummer.get_birth_date(number)
    except fodselsnummer.ValidationError:
        return False
    return int(number[4:6]) < 25


def _batch():
    """Vectors of every kind, each with every second control digit and some broken dates; no FH, no + 65."""
    seeds = [
        *VALID_TODAY,
        *VALID_FROM_2032_ONLY,
        *(text for text in INVALID if len(text) == 11 and text.isascii()),
    ]
    for seed in seeds:
        for end in range(100):
            yield f"{seed[:9]}{end:02}"
        for day in ("00", "29", "30", "31", "32", "69", "70", "71", "72"):
            for month in ("00", "01", "02", "12", "13", "41", "42", "52", "53", "81", "82", "92", "93"):
                nine = f"{day}{month}{seed[4:9]}"
                yield from (nine + end for rest in range(5) if (end := control_digits(nine, remainder=rest)))


def _as_they_name_it(text):
    try:
        number = NationalId(text)
    except InvalidNationalId:
        return "invalid"
    return {
        (Kind.FNR, Series.ORDINARY): "fnr",
        (Kind.FNR, Series.PLUS_80): "tnr",
        (Kind.H, Series.PLUS_40): "hnr",
        (Kind.DNR, Series.ORDINARY): "dnr",
        (Kind.DNR, Series.PLUS_40): "dnr-and-hnr",
        (Kind.DNR, Series.PLUS_80): "dnr-and-tnr",
    }[number.kind, number.series]


class TestPolicy:
    ORDINARY = "13097248022"
    HELP = "13527248013"
    DOLLY = "68467038838"

    @pytest.mark.parametrize(
        ("policy", "text", "reason"),
        [
            ("refuse", ORDINARY, None),
            ("refuse", HELP, None),
            ("refuse", SYNTHETIC, Reason.SYNTHETIC),
            ("refuse", DOLLY, Reason.SYNTHETIC),
            ("require", ORDINARY, Reason.NOT_SYNTHETIC),
            ("require", HELP, Reason.NOT_SYNTHETIC),
            ("require", SYNTHETIC, None),
            ("require", DOLLY, None),
            ("allow", ORDINARY, None),
            ("allow", SYNTHETIC, None),
        ],
    )
    def test_policy_decides_about_synthetic_numbers(self, policy, text, reason):
        assert self.refusal_by(policy, text) == reason

    @staticmethod
    def refusal_by(policy, text):
        try:
            check_policy(NationalId(text), policy=policy)
        except InvalidNationalId as refused:
            return refused.reason
        return None

    def test_unknown_policy_is_an_error(self):
        with pytest.raises(ValueError, match="maybe"):
            check_policy(NationalId(SYNTHETIC), policy="maybe")

    def test_policies_are_three(self):
        assert [policy.value for policy in SyntheticPolicy] == ["refuse", "require", "allow"]


class TestSecrecy:
    NUMBER = NationalId(SYNTHETIC)

    @pytest.mark.parametrize(
        "text",
        [
            repr(NUMBER),
            str(NUMBER),
            f"{NUMBER}",
            f"{NUMBER!r}",
            f"{NUMBER:}",
            "%s" % NUMBER,  # noqa: UP031 -- the old way must mask too
            "%r" % NUMBER,  # noqa: UP031 -- as above
            "{}".format(NUMBER),  # noqa: UP032 -- as above
            format(NUMBER),
        ],
    )
    def test_every_way_of_printing_gives_the_mask(self, text):
        assert text == MASK

    def test_padding_pads_the_mask(self):
        assert f"{self.NUMBER:>20}" == MASK.rjust(20)

    def test_containers_and_logs_show_the_mask(self, caplog):
        logging.getLogger("test").warning("met %s in %r", self.NUMBER, {"pid": self.NUMBER})

        assert caplog.messages == [f"met {MASK} in {{'pid': {MASK}}}"]

    def test_json_refuses_it_and_masks_it_where_told_to_print_anything(self):
        with pytest.raises(TypeError):
            json.dumps({"pid": self.NUMBER})

        assert json.dumps(self.NUMBER, default=str) == f'"{MASK}"'

    def test_pickle_refuses_it(self):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(TypeError):
                pickle.dumps(self.NUMBER, protocol)

    def test_copies_are_the_same_value(self):
        assert (copy.copy(self.NUMBER), copy.deepcopy([self.NUMBER])) == (self.NUMBER, [self.NUMBER])

    @pytest.mark.parametrize("text", INVALID)
    def test_refusal_never_holds_the_text(self, text):
        with pytest.raises(InvalidNationalId) as refused:
            NationalId.parse(text)

        lines = "".join(traceback.format_exception(refused.value))
        assert (str(refused.value), refused.value.__cause__, refused.value.__context__) == (
            INVALID[text],
            None,
            None,
        )
        assert not text or text not in lines.replace(__file__, "")

    def test_it_cannot_be_changed(self):
        with pytest.raises(AttributeError):
            self.NUMBER._digits = "0"
        with pytest.raises(AttributeError):
            self.NUMBER.note = "0"
        with pytest.raises(AttributeError):
            del self.NUMBER._digits
        assert not hasattr(self.NUMBER, "__dict__")

    def test_equal_numbers_are_one_key(self):
        twin = NationalId(SYNTHETIC)

        assert {self.NUMBER: 1, twin: 2} == {twin: 2}
        assert self.NUMBER != SYNTHETIC

    def test_module_imports_the_standard_library_alone(self):
        lines = (ROOT / "kpr_portal/people/national_id.py").read_text().splitlines()

        assert [line for line in lines if line.startswith(("import ", "from "))] == [
            "from enum import Enum, StrEnum",
            "from typing import Final, NoReturn, Self",
        ]
