from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate


class GroundConfig(AppConfig):
    name = "kpr_portal.ground"
    label = "ground"

    def ready(self) -> None:
        from kpr_portal.ground.grants import grant_after_migrate  # noqa: PLC0415 -- apps not loaded before

        post_migrate.connect(grant_after_migrate, sender=self)
        if settings.PRODUCTION:
            from kpr_portal.ground.keyring import keyring  # noqa: PLC0415 -- apps not loaded before

            keyring()  # one that is missing, broken or a demo's stops the start
