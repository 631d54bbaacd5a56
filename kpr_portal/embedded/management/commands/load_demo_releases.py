"""`manage.py load_demo_releases`: what has left the demo's register, and for whom."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from kpr_portal.embedded.population_named import NAMED
from kpr_portal.embedded.releases import demo_releases
from kpr_portal.ground import clock
from kpr_portal.people.operations import person_for
from reservations.releases.models import Release
from reservations.releases.operations import record_release


class Command(BaseCommand):
    help = "Enters the demo's releases. Those that are in the log already are left as they are."

    def handle(self, *_args: Any, **_options: Any) -> None:
        if settings.PRODUCTION:
            msg = "Synthetic data is for demos and tests, never for production."
            raise CommandError(msg)
        (shown,) = (named for named in NAMED if named.slug == "much_data")
        person = person_for(shown.number)
        entered = 0
        for release in demo_releases(today=clock.today(), much_data=person.pk):
            if not Release.objects.filter(reference=release.facts["reference"]).exists():
                record_release(members=release.members(), **release.facts)
                entered += 1
        self.stdout.write(f"Entered {entered} releases.")
