"""The pages of the one form that this browser's cookie opens: its questions. Its end is in finishing.py.

There is nothing in any address: without the cookie there is no such page.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from kpr_portal.ground import clock
from kpr_portal.ground.limits import place_of, turned_away
from kpr_portal.login.requests import known
from reservations.catalogue import PURPOSES
from reservations.postal.ages import age_at, has_a_say
from reservations.postal.answers import FormAnswers
from reservations.postal.asking import asked_again, checked
from reservations.postal.choices_form import StepForm
from reservations.postal.cookie import Chosen, chosen_of, forgotten, key_of
from reservations.postal.form_page import enclosures
from reservations.postal.forms import form_class
from reservations.postal.kept import FormKey, Gone, Kept, Unreachable, keep, read, renew
from reservations.postal.law import ages_in_force
from reservations.postal.order import drop
from reservations.postal.steps import Draft, Step, UnknownStep
from reservations.postal.summary import lines

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

RETRY_AFTER_SECONDS = 30
MARK = "skjema"  # the field that says which form a page was opened for
LABELS = {
    Step.CHOICES: _("Valg"),
    Step.PERSON: _("Hvem det gjelder"),
    Step.SIGNER: _("Hvem som skriver under"),
    Step.HELPER: _("Hjelper"),
    Step.LANGUAGE: _("Språk"),
}
OVER = _("Se over")


def away(request: HttpRequest, chosen: Chosen | None, *, again: str, has_typed: bool = True) -> HttpResponse:
    """503: nothing can be kept or made just now; the blank form is there all the same.

    A page that was only read tries again by itself, so that whoever waits for a form gets it in the end. What was
    sent is to be sent again, from the page at `again`.
    """
    is_read = request.method in {"GET", "HEAD"}
    values = {
        "chosen": chosen,
        "again": again,
        "has_typed": has_typed,
        "retry_seconds": RETRY_AFTER_SECONDS if is_read else None,
    }
    return _try_later(render(request, "postal/away.html", values, status=HTTPStatus.SERVICE_UNAVAILABLE))


def opened(key: FormKey, request: HttpRequest) -> Kept:
    """The form of this key, for whoever is signed in now, or nobody. Raises Gone, Unreachable.

    What the register filled in is there only for whom it was filled in for: where another is signed in, or nobody
    any more, it is deleted at once. Unreachable too where it cannot be asked who this is.
    """
    found = read(key)
    person = known(request).citizen
    if found.draft.is_anothers(str(person.key) if person else ""):
        if known(request).unrecognised:
            raise Unreachable
        drop(key)
        raise Gone
    return found


class FormPage(View):
    """A page of the form that is open. Sets `self.key` and `self.kept`; the time begins anew where it `renews`.

    What was written on a page of another form is not taken by any of them: 409, and the open form is shown.
    Requests are counted by the form, so that those who share an address do not stand in each other's way; by the
    place alone where no form opens: who guesses at keys is stopped, and nobody else by that.
    """

    key: FormKey
    kept: Kept
    renews = True
    counts_itself = True  # kpr_portal/ground/limits.py
    _checked: tuple[Kept, Draft] | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        response = self._answer(request, *args, **kwargs)
        response["Cache-Control"] = "private, no-store"
        return response

    def _answer(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = key_of(request)
        if key is None:
            none_open = "postal/none_open.html"
            return self._too_many() or render(request, none_open, status=HTTPStatus.NOT_FOUND)
        self.key = key
        try:
            self.kept = opened(key, request)
            if (too_many := self._too_many(key)) is not None:
                return too_many
            if self.renews:
                renew(key)
            if request.method == "POST" and self.is_crossed and hasattr(self, "post"):
                return self.crossed()
            return super().dispatch(request, *args, **kwargs)
        except Unreachable:
            return self.away()
        except Gone:
            return self._too_many() or forgotten(self.over())

    def _too_many(self, key: FormKey | None = None) -> HttpResponse | None:
        """429 where the form of this key, or the place where none opens, has asked too often."""
        if not self.counts_itself:
            return None
        return turned_away(self.request, place=f"form:{key.id}" if key else place_of(self.request))

    @property
    def draft(self) -> Draft:
        """What has been answered, as far as it still holds."""
        if self._checked is None or self._checked[0] is not self.kept:
            self._checked = (self.kept, checked(self.kept.draft))
        return self._checked[1]

    @property
    def chosen(self) -> Chosen | None:
        """Which form it is, and for whom, also where it cannot be read; None where nobody can tell."""
        if hasattr(self, "kept"):
            return Chosen(self.kept.draft.form, self.kept.draft.basis)
        return chosen_of(self.request)

    def away(self) -> HttpResponse:
        """503: the form cannot be reached just now."""
        return away(self.request, self.chosen, again=reverse("postal:summary"))

    def over(self) -> HttpResponse:
        """410: the form is no more, for whatever reason.

        Which it was is told to whoever had a page of it open, and not to the next one at the same computer.
        """
        had_it_open = self.request.method == "POST" and not self.is_crossed
        values = {"chosen": chosen_of(self.request) if had_it_open else None, **_times()}
        return render(self.request, "postal/over.html", values, status=HTTPStatus.GONE)

    @property
    def is_crossed(self) -> bool:
        """Whether what came was written on a page of another form."""
        return self.request.POST.get(MARK) != self.key.mark

    def shown(self, template: str, *, status: HTTPStatus = HTTPStatus.OK, **values: Any) -> HttpResponse:
        """A page of the form."""
        draft = self.kept.draft
        return render(
            self.request,
            template,
            {
                "what": draft.form,
                "basis": draft.basis,
                "to_know": draft.form.to_know_of(draft.basis),
                "right": draft.form.right_of(draft.basis),
                "ages": ages_in_force(),
                "mark": self.key.mark,
                "is_fetched": self.kept.is_fetched,
                "until": self.kept.until if self.kept.is_fetched else None,
                **_times(),
                **values,
            },
            status=status,
        )

    def steps(self, at: Step | None) -> dict[str, Any]:
        """Where in the form one is, for the component; None is the summary."""
        asked = self.draft.steps
        place = asked.index(at) + 1 if at else len(asked) + 1
        return {"labels": [*(LABELS[step] for step in asked), OVER], "place": place}

    def crossed(self) -> HttpResponse:
        """409: what came was for another form. Nothing is changed, and the form that is open is shown."""
        step = self.draft.first_unanswered
        if step is None:
            return self.summed_up(status=HTTPStatus.CONFLICT, is_crossed=True)
        form = asked_again(step, self.kept.draft)
        return self.asked(step, form, status=HTTPStatus.CONFLICT, is_crossed=True)

    def asked(
        self,
        step: Step,
        form: StepForm,
        *,
        status: HTTPStatus = HTTPStatus.OK,
        is_crossed: bool = False,
        is_away: bool = False,
    ) -> HttpResponse:
        """The page of one question."""
        earlier = self.draft.before(step)
        return self.shown(
            "postal/step.html",
            status=status,
            form=form,
            step=step.value,
            heading=_heading(step, self.draft),
            is_known=step in self.draft.known,
            named=_named(step, self.draft),
            purposes=PURPOSES,
            enclose=enclosures(self.draft.basis),
            has_a_say=_has_a_say(self.draft),
            is_assessed=_is_assessed(self.draft),
            back=earlier[-1] if earlier else None,
            is_crossed=is_crossed,
            is_away=is_away,
            **self.steps(step),
        )

    def summed_up(self, *, status: HTTPStatus = HTTPStatus.OK, is_crossed: bool = False) -> HttpResponse:
        """The page of all that was answered."""
        return self.shown(
            "postal/summary.html",
            status=status,
            lines=lines(self.draft),
            is_crossed=is_crossed,
            **self.steps(None),
        )

    def onwards(self) -> HttpResponse:
        """To the first question without an answer, or to the summary."""
        step = self.draft.first_unanswered
        return redirect("postal:step", step) if step else redirect("postal:summary")


class StepView(FormPage):
    """One question."""

    @cached_property
    def step(self) -> Step:
        try:
            return Step(self.kwargs["step"])
        except ValueError as unknown:
            raise Http404 from unknown

    def get(self, _request: HttpRequest, step: str) -> HttpResponse:  # noqa: ARG002 -- the address's
        if not self._may_open():
            return self.onwards()
        return self.asked(self.step, asked_again(self.step, self.kept.draft))

    def post(self, request: HttpRequest, step: str) -> HttpResponse:  # noqa: ARG002 -- the address's
        if not self._may_open():
            return self.onwards()
        before = self.kept.draft  # with what no longer holds: it may hold again by what is answered now
        if "own" in request.POST and self.step in before.known:
            self._keep(before.ask_again(self.step, **_nobody(self.step)))
            return redirect("postal:step", self.step)
        form = form_class(self.step, before)(request.POST, draft=before)
        if not form.is_valid():
            return self.asked(self.step, form, status=HTTPStatus.UNPROCESSABLE_ENTITY)
        answered = before.supplement if self.step in before.known else before.answer
        self._keep(answered(self.step, **form.changes()))
        return self.onwards()

    def away(self) -> HttpResponse:
        """503; where something was typed here, this page with all of it, to be sent when it can be kept."""
        if self.request.method != "POST" or self.is_crossed or self.chosen is None:
            return super().away()
        if not hasattr(self, "kept"):
            self.kept = Kept(_unread(self.chosen, self.step, typed=self.request.POST))
        if self.step not in self.draft.steps:
            return super().away()
        form = form_class(self.step, self.kept.draft)(self.request.POST, draft=self.kept.draft)
        return _try_later(self.asked(self.step, form, status=HTTPStatus.SERVICE_UNAVAILABLE, is_away=True))

    def _may_open(self) -> bool:
        try:
            return self.draft.may_open(self.step)
        except UnknownStep as unknown:
            raise Http404 from unknown

    def _keep(self, draft: Draft) -> None:
        keep(self.key, draft)
        self.kept = read(self.key)


class SummaryView(FormPage):
    """All that was answered, each line with a way to change it, and the button that has the form made."""

    def get(self, _request: HttpRequest) -> HttpResponse:
        if self.draft.first_unanswered:
            return self.onwards()
        return self.summed_up()


def _unread(chosen: Chosen, step: Step, *, typed: Mapping[str, str]) -> Draft:
    """What can be known of a form that cannot be read, from its cookie and from what was sent from a page of it."""
    language = get_language() or settings.LANGUAGE_CODE
    answers = FormAnswers(chosen.form.kind, chosen.basis.code, language)
    is_known = step in {Step.PERSON, Step.SIGNER} and "name" not in typed
    return Draft(
        answers, known=frozenset({step} if is_known else ()), decides_alone=is_known and "keep" not in typed
    )


def _times() -> dict[str, int]:
    """How long a form is kept, for the pages that say so."""
    return {
        "form_minutes": settings.POSTAL_FORM_MINUTES,
        "form_hours": settings.POSTAL_FORM_MOST_HOURS,
        "fetched_minutes": settings.POSTAL_FETCHED_MINUTES,
    }


def _try_later(response: HttpResponse) -> HttpResponse:
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _heading(step: Step, draft: Draft) -> "StrOrPromise":
    return {
        Step.CHOICES: draft.form.title,
        Step.PERSON: draft.basis.person,
        Step.SIGNER: draft.basis.signer,
        Step.HELPER: _("Hvem skal hjelpe deg?"),
        Step.LANGUAGE: _("Språk og størrelse"),
    }[step]


def _nobody(step: Step) -> dict[str, Any]:
    return {"person": None, "born": None} if step is Step.PERSON else {"signer": None, "office": None}


def _named(step: Step, draft: Draft) -> str:
    """The name that the register knows, where this step asks for one."""
    named = {Step.PERSON: draft.answers.person, Step.SIGNER: draft.answers.signer}.get(step)
    return named.name if named and step in draft.known else ""


def _is_assessed(draft: Draft) -> bool:
    """Whether it asks for insight into a child who is so old that it is assessed."""
    born = draft.answers.born
    old_enough = born is not None and age_at(born, clock.today()) >= ages_in_force()["assessed"]
    return old_enough and draft.form.is_assessed(draft.basis)


def _has_a_say(draft: Draft) -> bool:
    """Whether it concerns a child who is old enough that what it wants weighs heavily."""
    born = draft.answers.born
    return born is not None and has_a_say(born, on=clock.today())
