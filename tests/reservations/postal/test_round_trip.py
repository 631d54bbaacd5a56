"""Forms as they come back to the caseworker's desk: their content is read through either code, and never another.

The pages are made anew, from contents that hypothesis makes and damages drawn from seeds: the same each time, so
that a share that is not reached is a fact and no accident. A page that is not read is kept, with its seed and what
happened to it, in pytest's cache folder under `desk`.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import cycle, islice

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from reservations.postal import form_page
from reservations.postal.answers import FormAnswers, Named
from reservations.postal.bases import CHILD_WELFARE, NEXT_OF_KIN, PARENT, SELF
from reservations.postal.code import CodeRefused, FormKind, Refused, write
from reservations.postal.kinds import INSIGHT, RESERVATION, all_forms
from reservations.postal.reading import read_form
from reservations.postal.symbol import draw
from tests.reservations.postal import contents
from tests.reservations.postal.contents import NUMBERS, fullest
from tests.reservations.postal.desk import damaged, drawn_damage, drawn_page, printed
from tests.reservations.postal.rings import FIXED

pytestmark = pytest.mark.speaks_numbers


def made(count, of=contents.contents):
    """So many contents, the same each time."""
    found = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(of)
    def gather(content):
        found.append(content)

    gather()
    return list(islice(cycle(found), count))


@dataclass
class Tally:
    """How many pages were read, in all and under each damage; the pages that were not are kept."""

    folder: object
    read: Counter = field(default_factory=Counter)
    all: Counter = field(default_factory=Counter)
    missed: list = field(default_factory=list)

    def count(self, sheets, content, damage):
        """Read the damaged sheets of one form. They say what was written, or nothing at all.

        The coffee is over one code of the form, wherever it is; all else happens to every sheet.
        """
        seen, found, refused = [], [], set()
        for sheet in sheets:
            before = sum(len(other.codes) for other, _ in seen)
            coffee = None if damage.coffee is None else damage.coffee - before
            stained = coffee if coffee in range(len(sheet.codes)) else None
            seen.append((sheet, damaged(sheet, replace(damage, coffee=stained))))
        for _, picture in seen:
            try:
                found.append(read_form(picture, prover=FIXED))
            except CodeRefused as refusal:
                refused.add(refusal.reason)
        assert found in ([], [content], [content] * 2)
        assert refused <= {Refused.NO_CODE}
        for happened in ("all", *damage.names):
            self.all[happened] += 1
            self.read[happened] += bool(found)
        if not found:
            self.keep(seen, content, damage)

    def keep(self, seen, content, damage):
        name = f"{seen[0][0].dpi}-{damage.seed}"
        self.missed.append(name)
        (self.folder / f"{name}.txt").write_text(f"{damage}\n{content.fields}\n", encoding="utf-8")
        for number, (_, picture) in enumerate(seen):
            picture.save(self.folder / f"{name}-{number}.png")

    def __str__(self):
        return "\n".join(f"{self.read[name]:5} of {self.all[name]:5}  {name}" for name in sorted(self.all))


@pytest.fixture
def tally(request, capsys):
    tally = Tally(request.config.cache.mkdir("desk"))
    yield tally
    if request.node.get_closest_marker("soak"):
        with capsys.disabled():
            print(f"\n{request.node.name}\n{tally}\nnot read: {tally.missed}")  # noqa: T201 -- the measured share


SOAK = pytest.mark.soak


@pytest.mark.parametrize(
    ("dpi", "pages"),
    [
        (150, 30),
        (200, 100),
        (300, 20),
        pytest.param(150, 300, marks=SOAK),
        pytest.param(200, 1_000, marks=SOAK),
        pytest.param(300, 300, marks=SOAK),
    ],
)
def test_pages_from_the_desk_give_their_content_and_never_another(dpi, pages, tally):
    for seed, content in enumerate(made(pages)):
        page = drawn_page(draw(write(content, prover=FIXED)), dpi=dpi)

        tally.count([page], content, drawn_damage(seed))

    if dpi >= 200:
        assert len(tally.missed) <= pages // 100, f"\n{tally}\n{tally.missed}"


@pytest.mark.parametrize(
    ("dpi", "pages"), [(200, 30), pytest.param(200, 500, marks=SOAK), pytest.param(300, 200, marks=SOAK)]
)
def test_pages_of_the_longest_contents_give_them_too(dpi, pages, tally):
    """Their codes have the finest modules."""
    finest = set()
    for seed, content in enumerate(made(pages, of=contents.longest)):
        symbol = draw(write(content, prover=FIXED))
        finest.add(symbol.side)

        tally.count([drawn_page(symbol, dpi=dpi)], content, drawn_damage(1_000 + seed))

    longest = [write(fullest(form, basis).content(), prover=FIXED) for form, basis in all_forms()]
    assert max(finest) == max(draw(written).side for written in longest)
    assert len(tally.missed) <= pages // 100, f"\n{tally}\n{tally.missed}"


A_CHILD = Named("Áŋŋá Ærlig-Łódź", NUMBERS[3])
A_PARENT = Named("Øystein Þór Кузнецов", NUMBERS[4])
FORMS = {
    "a child's reservation": fullest(RESERVATION, PARENT).with_(person=A_CHILD, signer=A_PARENT),
    "with the longest names": fullest(RESERVATION, CHILD_WELFARE),
    "in large print": fullest(RESERVATION, NEXT_OF_KIN, place=1).with_(language="nn", large_print=True),
    "insight, one's own": fullest(INSIGHT, SELF).with_(person=A_PARENT),
    "blank": FormAnswers(FormKind.RESERVATION, "self", "nb"),
}


@pytest.mark.parametrize("answers", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize(("dpi", "times"), [(200, 2), pytest.param(200, 100, marks=SOAK)])
def test_real_form_comes_back_with_its_content(answers, dpi, times, tally, monkeypatch):
    monkeypatch.setattr(form_page, "keyring", lambda: FIXED)  # the embedded one is another each time
    sheets = [sheet for sheet in printed(form_page.make_form(answers), dpi=dpi) if sheet.codes]

    assert sum(len(sheet.codes) for sheet in sheets) == 2
    for seed in range(times):
        tally.count(sheets, answers.content(), drawn_damage(seed))

    assert len(tally.missed) <= times // 100, f"\n{tally}\n{tally.missed}"
