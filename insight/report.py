"""What the portal shows about a person, to take away: one structure, and from it the PDF and the JSON.

It holds what GDPR article 15(1) asks for beside the data. It is what the portal shows, and says so: records
withheld are told of without what they hold. A representative's copy holds what the rights of the moment show
them, and says what it leaves out: never who looked, and no national identity number. The JSON's names are stable
and English; what people read is in the language of the page. `static/schemas/insight-report.json` describes it;
a test holds the two together.
"""

import json
from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from insight.accesses import AccessesTo, DayOfAccess
from insight.article_15 import article_15
from insight.permissions import check_may_see, is_self
from insight.queries import every_record
from insight.representatives import seen_by_representatives
from insight.shown import ReleaseShown, log_complete_since, name_of_another, shown_releases, told
from insight.sources import sources
from insight.worded import RecordDetail, VariableLine
from kpr_portal.ground import clock
from kpr_portal.people.acting import Acting
from kpr_portal.people.queries import ids_of, keys_of, numbers_of
from reservations.permissions import may_see as may_see_reservations
from reservations.queries import Card, cards, history, registered
from reservations.releases.queries import log_facts, received_identified

FORMAT, VERSION = "kpr-portal-insight", 1
SCHEMA = "schemas/insight-report.json"


def gather(acting: Acting) -> dict[str, Any]:
    """Everything the portal shows about the person acted for, with the facts of GDPR article 15(1).

    Values are plain (text, numbers, dates, lists, dicts). The number of queries does not depend on how much
    there is. Raises NotAllowed where the actor may not see it.
    """
    check_may_see(acting=acting)
    records = [_record(found) for found in every_record(acting)]
    sees_reservations = may_see_reservations(acting=acting)
    return {
        "schema": settings.PUBLIC_URL + static(SCHEMA),
        "format": FORMAT,
        "version": VERSION,
        **_about(acting),
        "left_out": _left_out(acting),
        "language": get_language() or settings.LANGUAGE_CODE,
        "made_at": clock.now(),
        "subject": _subject(acting),
        **article_15(acting),
        "sources": [_source(source, records) for source in sources()],
        "records": records,
        "releases": _releases(acting),
        "accesses": _accesses(acting) if is_self(acting=acting) else None,
        "reservations": _reservations(acting) if sees_reservations else None,
    }


def as_json(report: dict[str, Any]) -> bytes:
    """The report as data: UTF-8, dates by ISO 8601."""
    return json.dumps(report, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def sections_with_records(report: dict[str, Any]) -> list[dict[str, Any]]:
    """The sections that hold something, each with its records by year: as the PDF shows them."""
    by_section: dict[str, dict[int, list[dict[str, Any]]]] = {}
    for record in report["records"]:
        by_section.setdefault(record["section"], {}).setdefault(record["date"].year, []).append(record)
    return [
        {**section, "source": source, "years": list(by_section[section["code"]].items())}
        for source in report["sources"]
        for section in source["sections"]
        if section["code"] in by_section
    ]


def _about(acting: Acting) -> dict[str, str]:
    if acting.is_self:
        return {
            "title": _("Det KPR-portalen viser om deg"),
            "about": _(
                "Dette er det KPR-portalen viser om deg. Det er ikke alt som kan finnes om deg i KPR: noe kan vi "
                "ikke knytte til deg når du logger inn, og noe er ikke med i portalen."
            ),
        }
    name = {"name": name_of_another(acting)}
    return {
        "title": _("Det KPR-portalen viser om %(name)s") % name,
        "about": _(
            "Dette er det KPR-portalen viser deg om %(name)s. Det er ikke alt som kan finnes om %(name)s i KPR. "
            "Der forklaringene sier «du» eller «din», er det %(name)s som menes."
        )
        % name,
    }


def _left_out(acting: Acting) -> list[str]:
    """What others would find in their own copy, in words."""
    if acting.is_self:
        return []
    left_out = [_("Hvem som har sett på opplysningene, vises bare for personen selv.")]
    if not may_see_reservations(acting=acting):
        left_out.append(_("Det du har rett til her for en annen, gjelder ikke reservasjon."))
    if acting.rights.hides_places:
        left_out.append(
            _(
                "Hvor hjelpen ble gitt, vises ikke her. Det vises bare for den som har samme adresse som barnet."
            )
        )
    return left_out


def _subject(acting: Acting) -> dict[str, Any]:
    """Who it is about. The numbers are clear in one's own report alone, which is kept only encrypted."""
    if not acting.is_self:
        return {"name": acting.name, "national_ids": []}
    known = registered(acting.subject)
    return {
        "name": known.name if known else "",
        "national_ids": [number.digits for number in numbers_of(acting.subject)],
    }


def _source(source: Any, records: list[dict[str, Any]]) -> dict[str, Any]:
    counts: dict[str, int] = {}
    for record in records:
        counts[record["section"]] = counts.get(record["section"], 0) + 1
    return {
        "code": source.slug,
        "title": str(source.title),
        "about": str(source.about),
        "reported_by": str(source.reported_by),
        "complete_from": source.complete_from,
        "complete_note": str(source.complete_note),
        "lag": str(source.lag),
        "not_included": [str(text) for text in source.not_included],
        "sections": [
            {"code": section.slug, "title": str(section.title), "count": counts.get(section.slug, 0)}
            for section in source.sections
        ],
        "variables": [
            {
                "code": variable.name,
                "label": str(variable.label),
                "meaning": str(variable.meaning),
                "code_system": variable.system.oid if variable.system else None,
            }
            for variable in source.variables
        ],
    }


def _record(found: RecordDetail) -> dict[str, Any]:
    line = found.line
    withheld = None
    if line.withheld is not None:
        withheld = {"provision": line.withheld.provision, "sentence": line.withheld.sentence}
    return {
        "key": str(line.key),
        "source": line.source.slug,
        "section": line.section.slug,
        "date": line.event_date,
        "end_date": line.end_date,
        "provider": line.provider,
        "text": line.sentence,
        "reported_at": found.reported_at,
        "corrected": found.corrected,
        "withheld": withheld,
        "variables": [_variable(variable) for variable in found.variables],
    }


def _variable(line: VariableLine) -> dict[str, Any]:
    return {"code": line.variable.name, "label": line.label, "value": line.value, "value_code": line.code}


def _releases(acting: Acting) -> dict[str, Any]:
    received, facts = received_identified(ids_of(acting.subject)), log_facts()
    return {
        "complete_since": log_complete_since(),
        "all_releases": facts.all_releases,
        "identified_releases": facts.identified_releases,
        "withheld": received.withheld,
        "gaps": [told(gap.told) for gap in facts.gaps],
        "received": [_release(release) for release in shown_releases(received.releases, acting=acting)],
    }


def _release(release: ReleaseShown) -> dict[str, Any]:
    return {
        "reference": release.reference,
        "recipient": release.recipient,
        "organisation_number": release.organisation_number,
        "recipient_kind": str(release.recipient_kind),
        "project": release.project,
        "about": release.about,
        "purpose": f"{release.purpose.title}. {release.purpose.sentence}",
        "legal_basis": str(release.legal_basis),
        "provision": release.provision,
        "decision_reference": release.decision_reference,
        "decision_date": release.decision_date,
        "released_on": release.released_on,
        "data_sets": release.sources,
        "period_from": release.period_from,
        "period_to": release.period_to,
        "identifier": str(release.identifier),
        "linked_with": release.linked_with,
        "codes": dict(release.codes),
    }


def _accesses(acting: Acting) -> dict[str, Any]:
    keys = keys_of(acting.subject)
    accesses = AccessesTo(keys)
    summary = accesses.summary()
    return {
        "by_others": [
            {
                "occurred_at": access.occurred_at,
                "who": str(access.who),
                "organisation": access.organisation,
                "what": str(access.what),
                "reason": str(access.reason),
            }
            for access in accesses.by_others(start=0, stop=summary.count - summary.by_representatives)
        ],
        "by_representatives": [
            {
                "occurred_at": seen.occurred_at,
                "who": str(seen.who),
                "what": str(seen.what),
            }
            for seen in seen_by_representatives(keys, start=0, stop=summary.by_representatives)
        ],
        "own_visits": [_day(day) for day in accesses.own_days()],
        "automatic": [_day(day) for day in accesses.automatic_days()],
        "covered": [str(source.title) for source in accesses.sources],
        "not_covered": [str(system) for system in settings.ACCESS_LOG_NOT_COVERED],
    }


def _day(day: DayOfAccess) -> dict[str, Any]:
    return {"day": day.day, "count": day.count, "what": [str(what) for what in day.what]}


def _status(card: Card, acting: Acting) -> str:
    if acting.is_self:
        return str(card.status)
    sentence = _("%(name)s er reservert") if card.in_force else _("%(name)s er ikke reservert")
    return sentence % {"name": name_of_another(acting)}


def _reservations(acting: Acting) -> dict[str, Any]:
    return {
        "now": [
            {
                "kind": card.kind.code,
                "title": str(card.kind.title),
                "in_force": card.in_force,
                "status": _status(card, acting),
                "since": card.began_with.effective_at if card.in_force and card.began_with else None,
            }
            for card in cards(acting=acting)
        ],
        "history": [
            {
                "reference": line.reference,
                "kind": line.kind.code,
                "title": str(line.kind.title),
                "action": line.action.value,
                "action_text": str(line.action_text),
                "effective_at": line.effective_at,
                "channel": str(line.channel),
                "performer": str(line.performer),
            }
            for line in history(acting=acting)
        ],
    }
