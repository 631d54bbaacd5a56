"""The records: a list for each part of KPR, and each record opened."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404
from django.urls import reverse

from insight.errors import BadPosition, RecordNotFound
from insight.forms import ListForm
from insight.queries import RecordPage, record, records
from insight.views.base import SeenPage
from insight.worded import RecordLine


class SourceView(SeenPage):
    """One section's records, newest first; filters, search and the place in the list stand in the address.

    What cannot be read in an address is told on the page and left out; it never ends in an error page.
    """

    template_name = "insight/source.html"
    action = "insight.source"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        filters = ListForm(self.request.GET, hides_places=self.acting.rights.hides_places)
        at = self.request.GET.get("at", "")
        found, problem = self._found(kwargs["slug"], filters, at)
        filters.offer(years=found.years, providers=found.providers)
        return super().get_context_data(
            page=found,
            filters=filters,
            problems=[*([problem] if problem else []), *(e for es in filters.errors.values() for e in es)],
            lines=_with_addresses(found.lines, here=filters.address(at="" if problem else at)),
            older=filters.address(at=found.older) if found.older else "",
            newer=filters.address(at=found.newer) if found.newer else "",
            holds_nothing=not found.years,
            **kwargs,
        )

    def log_details(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"section": context["page"].section.slug}

    def _found(self, slug: str, filters: ListForm, at: str) -> tuple[RecordPage, object]:
        try:
            return records(self.acting, slug, position=at, **filters.wanted()), None
        except BadPosition as bad:
            return records(self.acting, slug, **filters.wanted()), bad.message
        except RecordNotFound as unknown:
            raise Http404 from unknown


class RecordView(SeenPage):
    """Every variable of one record. Another's is not found, as one that does not exist."""

    template_name = "insight/record.html"
    action = "insight.record"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        try:
            found = record(self.acting, kwargs["key"])
        except RecordNotFound as unknown:
            raise Http404 from unknown
        # The filters and the place of the list one came from follow along, and lead back to it.
        filters = ListForm(self.request.GET, hides_places=self.acting.rights.hides_places)
        back = filters.address(at=self.request.GET.get("at", ""))
        return super().get_context_data(record=found, line=found.line, back=back, **kwargs)

    def log_details(self, context: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"record": str(context["line"].key)}


def _with_addresses(lines: Sequence[RecordLine], *, here: str) -> list[tuple[RecordLine, str]]:
    """Each line and its own page, which leads back here. The path is looked up for the first, once."""
    if not lines:
        return []
    first = str(lines[0].key)
    path = reverse("insight:record", args=[first])
    return [(line, path.replace(first, str(line.key)) + here) for line in lines]
