"""The queue, the database or the worker is lost in the middle: no choice is, and the pages say how it stands."""

from datetime import timedelta

import pytest

from kpr_portal.documents.models import StoredDocument
from kpr_portal.embedded.population_named import number_of
from kpr_portal.ground import clock
from kpr_portal.notices.models import OwedAttempt, OwedWork
from kpr_portal.notices.tasks import sweep
from reservations.models import Receipt, ReservationEntry
from tests.support.journey_people import known_to_the_register
from tests.support.journey_servers import database_away, nobody_may_write, wait_for

R1 = "Ikke utlever fødselsnummeret mitt"


@pytest.fixture
def lett(begin):
    """Lett Fjær, signed in, before the button that reserves."""
    known_to_the_register("nothing_held")
    journey = begin()
    journey.given_i_am_signed_in_as(number_of("nothing_held"))
    journey.given_the_window_has_a_clock_of_its_own()
    journey.when_i_open("/reservasjon/withhold_national_id/reserver/")
    journey.then_the_page_is(R1)
    return journey


def swept():
    """What beat asks for every few seconds, a little later than now."""
    with clock.shift(timedelta(seconds=30)):
        return sweep()


def made_once():
    """How many receipts there are, with how many documents, by how many attempts."""
    return Receipt.objects.count(), StoredDocument.objects.count(), OwedAttempt.objects.count()


def test_a_choice_holds_without_the_queue_and_its_receipt_is_made_later(lett, queue, worker):
    queue.go_away()

    lett.when_i_press(f"Ja, reserver meg: {R1}")
    lett.then_the_page_is("Kvittering: Du har reservert deg")
    lett.then_i_read("Valget ditt er lagret. Kvitteringen som PDF blir laget nå")
    assert (ReservationEntry.objects.count(), OwedWork.objects.count(), made_once()) == (1, 1, (0, 0, 0))

    queue.come_back()
    worker.start()
    assert swept() == 1
    wait_for(lambda: made_once() == (1, 2, 1), worker=worker)
    lett.when_time_passes_in_the_window(minutes=1)
    lett.then_there_is_a_link("Åpne kvitteringen som PDF")


def test_a_worker_killed_over_a_receipt_leaves_it_to_the_next_and_it_is_made_once(lett, worker):
    with nobody_may_write("reservations_receipt") as somebody_waits:
        lett.when_i_press(f"Ja, reserver meg: {R1}")
        lett.then_the_page_is("Kvittering: Du har reservert deg")
        wait_for(somebody_waits, worker=worker)
        worker.kill()
    assert made_once() == (0, 0, 0)

    worker.start()
    assert swept() == 1
    wait_for(lambda: made_once() == (1, 2, 1), worker=worker)
    lett.when_time_passes_in_the_window(minutes=1)
    lett.then_there_is_a_link("Åpne kvitteringen som PDF")


def test_a_page_without_the_database_says_so_and_recovers_by_itself(lett):
    with database_away():
        lett.when_i_open("/reservasjon/historikk/")
        lett.then_the_page_is("Tjenesten er ikke tilgjengelig akkurat nå")
        lett.then_i_read("Siden prøver igjen av seg selv.")

    lett.when_time_passes_in_the_window(minutes=0.5)
    lett.then_the_page_is("Alle endringer og kvitteringer")
    lett.then_i_read("Du er logget inn som Lett Fjær")


def test_a_choice_without_the_database_is_not_made_at_all_and_can_be_made_again(lett):
    with database_away():
        lett.when_i_press(f"Ja, reserver meg: {R1}")
        lett.then_the_page_is("Tjenesten er ikke tilgjengelig akkurat nå")
        lett.then_i_read("Se etter om det du gjorde, står der, før du gjør det på nytt.")
    assert (ReservationEntry.objects.count(), OwedWork.objects.count()) == (0, 0)

    lett.when_i_open("/reservasjon/")
    lett.when_i_follow(f"Reserver meg: {R1}")
    lett.when_i_press(f"Ja, reserver meg: {R1}")
    lett.then_the_page_is("Kvittering: Du har reservert deg")
    assert ReservationEntry.objects.count() == 1


def test_blank_forms_are_there_without_database_queue_and_worker_also_for_who_is_signed_in(
    lett, queue, worker
):
    queue.go_away()
    worker.kill()
    with database_away():
        lett.when_i_open("/skjema/tomt/reservasjon/meg-selv/utskrift/")
        lett.then_the_page_is("Reservere seg, eller oppheve en reservasjon: Meg selv")
        lett.then_there_is_a_link("Skjemaet som PDF")
