"""What forms' codes say, as hypothesis makes it, and as much as one form can say: of what can be chosen alone."""

from hypothesis import strategies as st

from reservations.postal.answers import (
    ANSWER_IN,
    HEARD,
    KEEP_FROM_PARENTS,
    LANGUAGES,
    MOST_NAME_BYTES,
    FormAnswers,
    Named,
    cut,
    has_room,
)
from reservations.postal.code import FormContent, FormKind, FormLanguage, Tag
from reservations.postal.kinds import all_forms
from tests.support.numbers import synthetic_numbers

ALPHABETS = (
    "abcdefghijklmnopqrstuvwxyzæøåÆØÅéèêóòôäöü",
    "áčđŋšŧžÁČĐŊŠŦŽïâ",  # Sami
    "ąćęłńóśźżŁŚŻ",
    "çğıöşüİŞ",
    "ăâđêôơưạảấầẩẫậắằẳẵặ",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюяІіЇїЄєҐґ",
    "αβγδεζηθικλμνξοπρστυφχψωΆΈΉ",
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويپچژگ",
    "אבגדהוזחטיכלמנסעפצקרשת",
    "अआइईउऊकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसहािीुूे",
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗",
    "김이박최정강조윤장임한오서신권황안송류홍",
    "aeouyn\u0301\u030a\u0308\u0327\u0328\u0304o\u0335",  # combining marks on Latin letters
    "-'’. ",
)
REFERENCE = "KPR-7F3K-94MX"
NUMBERS = [number.digits for number in synthetic_numbers(500)]

words = st.sampled_from(ALPHABETS).flatmap(
    lambda letters: st.text(st.sampled_from(letters), min_size=3, max_size=14)
)
names = (
    st.lists(words, min_size=2, max_size=6).map(" ".join).filter(lambda name: has_room(name) and name.strip())
)
long_names = st.sampled_from(ALPHABETS).flatmap(
    lambda letters: st.text(st.sampled_from(letters), min_size=MOST_NAME_BYTES, max_size=MOST_NAME_BYTES).map(
        cut
    )
)
numbers = st.sampled_from(NUMBERS)


def options_of(form, basis):
    """The codes that a box of each choice has: at most one of them is ticked."""
    return [[option.code for option in choice.options] for choice in form.signed_by(basis).choices()]


def ticks_of(basis, language):
    """The ticks that whoever signs on this basis can make, and the languages of the answer that are told."""
    ticks = [KEEP_FROM_PARENTS] * basis.is_self + [HEARD] * bool(basis.hears)
    return ticks, [ANSWER_IN + code for code in LANGUAGES if LANGUAGES[code] is not language]


@st.composite
def filled(draw, named=names):
    """What somebody has filled in. Mostly signed for another, since those codes say most."""
    form, basis = draw(st.sampled_from([pair for pair in all_forms() if not pair[1].is_self]))
    language = draw(st.sampled_from(FormLanguage))
    ticks, answer_in = ticks_of(basis, language)
    chosen = [draw(st.sampled_from(["", *options])) for options in options_of(form, basis)]
    ticked = [draw(st.sampled_from(["", *ticks])), draw(st.sampled_from(["", *answer_in]))]
    said = {
        Tag.PERSON_NAME: draw(named),
        Tag.PERSON_NUMBER: draw(numbers),
        Tag.SIGNER_NAME: draw(named),
        Tag.SIGNER_NUMBER: "" if basis.for_an_office else draw(numbers),
        Tag.BASIS: basis.code,
        Tag.CHOICES: ",".join(filter(None, chosen)),
        Tag.TICKS: ",".join(filter(None, ticked)),
        Tag.REFERENCE: draw(st.sampled_from(["", REFERENCE])),
    }
    return FormContent(form.kind, language, {tag: text for tag, text in said.items() if text})


blank = st.builds(FormContent, st.sampled_from(FormKind), st.sampled_from(FormLanguage))
longest = filled(long_names).map(
    lambda content: FormContent(content.kind, content.language, {**content.fields, Tag.REFERENCE: REFERENCE})
)
# One in ten is blank, and three are as long as a form's code can be.
contents = st.one_of(*[filled()] * 6, *[longest] * 3, blank)


def fullest(form, basis, *, name="Å" * MOST_NAME_BYTES, place=0):
    """A form that says all that it can: the longest names, every choice and tick, and a reference.

    `place` is which option of a choice is ticked, where it has so many.
    """
    return FormAnswers(
        kind=form.kind,
        basis=basis.code,
        language="en",
        answer_language="nb",
        person=Named(name, NUMBERS[0]),
        signer=None if basis.is_self else Named(name, "" if basis.for_an_office else NUMBERS[1]),
        choices=tuple(options[place % len(options)] for options in options_of(form, basis)),
        ticks=frozenset(ticks_of(basis, FormLanguage.ENGLISH)[0]),
        reference=REFERENCE,
    )
