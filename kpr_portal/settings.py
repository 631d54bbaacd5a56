"""Every setting of the portal. The environment is read here and nowhere else.

What a lawyer or the register's owner may change stands under "Owner and law", and is explained in
docs/settings.md. In production (`ENVIRONMENT=production`) a missing secret stops start-up.
"""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from kpr_portal.ground.logs import logging_config

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- Which environment -------------------------------------------------------------------------
ENVIRONMENT = env.str("ENVIRONMENT", default="demo")
if ENVIRONMENT not in {"demo", "test", "production"}:
    msg = "ENVIRONMENT is demo, test or production."
    raise ImproperlyConfigured(msg)
PRODUCTION = ENVIRONMENT == "production"


def secret(name: str) -> str:
    """A secret from the environment. In production its absence stops start-up, with a sentence."""
    value: str = env.str(name, default="")
    if not value and PRODUCTION:
        msg = f"{name} is missing. Production does not start without it (docs/operations.md)."
        raise ImproperlyConfigured(msg)
    return value


DEBUG = False
NO_SECRET = "only-for-commands-that-need-no-secret"  # noqa: S105 -- refused in production
SECRET_KEY = secret("SECRET_KEY") or NO_SECRET
if PRODUCTION and SECRET_KEY == NO_SECRET:
    msg = "SECRET_KEY is the one from the source code: anybody knows it."
    raise ImproperlyConfigured(msg)
if PRODUCTION and len(SECRET_KEY) < 50:  # noqa: PLR2004 -- what Django's own deployment check asks for
    msg = "SECRET_KEY is too short: 50 characters at least, made at random."
    raise ImproperlyConfigured(msg)
KEYRING_FILE = secret("KEYRING_FILE")
BACKUP_KEY_FILE = env.str("BACKUP_KEY_FILE", default="")  # the public half seals, the private one opens
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
# The address people use, without a final slash. Redirect addresses at ID-porten are made from it.
PUBLIC_URL = env.str("PUBLIC_URL", default="http://127.0.0.1:8000")
CLOCK_SHIFT_SECONDS = env.int("CLOCK_SHIFT_SECONDS", default=0)  # moves the clock of a demo
if PRODUCTION and CLOCK_SHIFT_SECONDS:
    msg = "CLOCK_SHIFT_SECONDS is for demos and tests. Production runs on the real time."
    raise ImproperlyConfigured(msg)

# Browsers do not keep apart the cookies of two ports: a demo on another port than the first has its own names.
_PORT = urlsplit(PUBLIC_URL).port
DEMOS_OWN = f"-{_PORT}" if ENVIRONMENT == "demo" and _PORT not in {None, 8000} else ""

# --- The house: what stands on what, lowest last (docs/architecture.md) --------------------------
INSTALLED_APPS = [
    "reservations.casework",
    "insight",
    "reservations.postal",
    "reservations.releases",
    "reservations",
    "kpr_portal.login",
    "kpr_portal.people",
    "kpr_portal.notices",
    "kpr_portal.documents",
    "kpr_portal.audit",
    "kpr_portal.ui",
    "kpr_portal.ground",
    "kpr_portal.embedded",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",  # its widget templates, for kpr_portal.ui.fields
    "csp",
    "django_prometheus",
    "django_structlog",
    "pgtrigger",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "kpr_portal.ui.middleware.RequestReferenceMiddleware",
    "kpr_portal.ground.request_log.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "kpr_portal.ui.middleware.HeadersMiddleware",
    "reservations.postal.blank_files.BlankFilesMiddleware",
    "kpr_portal.ground.pressure.PressureMiddleware",
    "kpr_portal.ui.middleware.UnavailableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "kpr_portal.login.middleware.ActingMiddleware",
    "kpr_portal.ground.limits.LimitsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "kpr_portal.urls"
WSGI_APPLICATION = "kpr_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SILENCED_SYSTEM_CHECKS: list[str] = []

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "kpr_portal.ui.context.site",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                ),
            ],
            "builtins": ["django.templatetags.i18n", "kpr_portal.ui.templatetags.ui"],
        },
    },
]

FORM_RENDERER = "kpr_portal.ui.fields.PortalRenderer"

# --- Database: one server, three logins (docs/architecture.md, decision 3) -----------------------
# KPR_ROLE says which of them this process uses: `web` (pages and the worker), `keeper` (retention)
# or `owner` (migrations). manage.py chooses for each command.
DATABASE_URLS = {
    "web": "DATABASE_URL",
    "owner": "OWNER_DATABASE_URL",
    "keeper": "KEEPER_DATABASE_URL",
}
DATABASE_ROLE = env.str("KPR_ROLE", default="web")
if DATABASE_ROLE not in DATABASE_URLS:
    msg = "KPR_ROLE is web, owner or keeper."
    raise ImproperlyConfigured(msg)
secret(DATABASE_URLS[DATABASE_ROLE])
DATABASE_NAMES = {"web": "kpr_web", "owner": "kpr_owner", "keeper": "kpr_keeper"}
DATABASES = {
    "default": {
        **env.db_url(
            DATABASE_URLS[DATABASE_ROLE],
            default=env.str("DATABASE_URL", default="postgresql://127.0.0.1:1/none"),
        ),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": env.int("CONN_MAX_AGE", default=60),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c search_path=public,vault -c lock_timeout=10s", "connect_timeout": 3},
        "TEST": {"NAME": env.str("TEST_DATABASE_NAME", default=None)},
    },
}

if PRODUCTION and DATABASE_ROLE == "web" and DATABASES["default"]["USER"] != DATABASE_NAMES["web"]:
    msg = "DATABASE_URL must log in as kpr_web: pages never have the rights of the owner or the keeper."
    raise ImproperlyConfigured(msg)

# --- Queue and cache -----------------------------------------------------------------------------
REDIS_URL = secret("REDIS_URL") or "redis://127.0.0.1:1/0"
CACHES = {
    "default": {
        "BACKEND": "kpr_portal.ground.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "kpr",
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 1},
    },
}
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "socket_connect_timeout": 0.5,
    "socket_timeout": 5,
    # A publisher gives up at once: work is owed as a row, the queue is only a nudge.
    "max_retries": 0,
}
CELERY_TASK_PUBLISH_RETRY = False
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_SOFT_TIME_LIMIT = 300
CELERY_TASK_TIME_LIMIT = 360
CELERY_BEAT_SCHEDULE_FILENAME = env.str("CELERY_BEAT_SCHEDULE_FILENAME", default="celerybeat-schedule")

# --- Sign-in -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "login.Account"
AUTHENTICATION_BACKENDS = ["kpr_portal.login.backends.NoLocalSignIn"]
AUTH_PASSWORD_VALIDATORS: list[dict[str, str]] = []
IDPORTEN_ISSUER = env.str("IDPORTEN_ISSUER", default="http://127.0.0.1:8001")
IDPORTEN_CLIENT_ID = env.str("IDPORTEN_CLIENT_ID", default="kpr-portal")
IDPORTEN_CLIENT_JWK_FILE = secret("IDPORTEN_CLIENT_JWK_FILE")
IDPORTEN_ACR = env.str("IDPORTEN_ACR", default="idporten-loa-high")
STAFF_ISSUER = env.str("STAFF_ISSUER", default="http://127.0.0.1:8002")
STAFF_CLIENT_ID = env.str("STAFF_CLIENT_ID", default="kpr-portal-staff")
STAFF_CLIENT_JWK_FILE = secret("STAFF_CLIENT_JWK_FILE")
STAFF_ACR = env.str("STAFF_ACR", default="idporten-loa-high")
# allauth gives the flow alone: it stores nothing, signs nobody up, and has no addresses of its own.
SOCIALACCOUNT_ADAPTER = "kpr_portal.login.adapter.SocialAccountAdapter"
SOCIALACCOUNT_ONLY = True
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
# RequestReferenceMiddleware sets it anew on every request, whatever came from outside.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "key"  # the person's key, never the dense id
MESSAGE_STORAGE = "kpr_portal.login.message_storage.SessionMessages"

# Where a sign-in form may lead, and who may frame the front-channel log-out view. ID-porten asks
# for sign-in at another host than its issuer.
SIGN_IN_ORIGINS = env.list(
    "SIGN_IN_ORIGINS",
    default=["https://idporten.no", "https://login.idporten.no", STAFF_ISSUER]
    if PRODUCTION
    else [IDPORTEN_ISSUER, STAFF_ISSUER],
)

SESSION_ENGINE = "kpr_portal.login.sessions"
SESSION_COOKIE_NAME = "__Host-session" if PRODUCTION else f"session{DEMOS_OWN}"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = PRODUCTION
# The browser keeps the cookie until it is closed. The limits are kept here, where no browser can change them,
# and one whose time is out can be told so and given back what they had typed.
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_IDLE_MINUTES = 30
SESSION_MAX_MINUTES = 120
CSRF_COOKIE_NAME = "__Host-csrf" if PRODUCTION else f"csrf{DEMOS_OWN}"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SAMESITE = "Lax"
# The key of a form that is being filled in for printing: no session, and gone when the browser is closed. With this
# prefix the browser keeps it to this host alone, which takes the path "/"; so it also follows into other languages.
FORM_COOKIE_NAME = "__Host-form" if PRODUCTION else f"form{DEMOS_OWN}"
CSRF_FAILURE_VIEW = "kpr_portal.ui.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PRODUCTION else []

# --- The browser's protection --------------------------------------------------------------------
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 63_072_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "font-src": [SELF],
        "img-src": [SELF, "data:"],  # exception 1: the design system draws its icons as data:
        "connect-src": [SELF],
        # exception 2: Chromium applies form-action to the redirect to ID-porten
        "form-action": [SELF, *SIGN_IN_ORIGINS],
        "frame-ancestors": [NONE],  # exception 3: the front-channel log-out view alone may be framed
        "base-uri": [NONE],
        "manifest-src": [SELF],
    },
}

# --- Languages: bokmål is the msgid --------------------------------------------------------------
LANGUAGE_CODE = "nb"
LANGUAGES = [("nb", "Bokmål"), ("nn", "Nynorsk"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = f"language{DEMOS_OWN}"
LANGUAGE_COOKIE_AGE = 31_536_000
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = PRODUCTION
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/Oslo"
USE_THOUSAND_SEPARATOR = True

# --- Static files --------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = env.path("STATIC_ROOT", default=str(BASE_DIR / "staticfiles"))()
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "kpr_portal.ui.assets.PackageFinder",  # the design system and the font, from node_modules
]
ASSETS_DIR = env.path("ASSETS_DIR", default=str(BASE_DIR / ".data" / "assets"))()
# The blank forms, made by `manage.py make_blank_forms` for what the settings say now.
BLANK_FORMS_DIR = env.path("BLANK_FORMS_DIR", default=str(BASE_DIR / ".data" / "blank-forms"))()
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no uploads are kept as files
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
if ENVIRONMENT == "test":  # straight from their sources: nothing has been collected
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True

# --- Logs ----------------------------------------------------------------------------------------
LOGGING_CONFIG = "kpr_portal.ground.logs.configure"
LOGGING = logging_config(json=PRODUCTION, level=env.str("LOG_LEVEL", default="INFO"))

# --- Limits by place; none limits a person's own choice -------------------------------------------
# How often, from one place: by view name, "times/seconds". Signed in, the place is the session, else the
# client's address. The reservation pages and signing out can never stand here (ground/limits.py).
LIMITS_BY_PLACE = {
    "login:sign_in": "600/60",  # a mobile network may have everybody behind one address
    "login:staff_sign_in": "60/60",
    "insight:data": "30/3600",  # made in the request; the PDF is ordered, and limited where it is
    "insight:file": "60/3600",
    "postal:begin": "600/600",  # a nursing home, or a mobile network, may have one address
    "postal:order": "100/600",  # each is a second of the worker's
    # The next five by the form that the key opens, and by the place where it opens none (reservations/postal):
    # whoever waits asks again each few seconds, many at one address; who guesses asks for ever.
    "postal:step": "600/600",
    "postal:summary": "600/600",
    "postal:made": "3000/600",
    "postal:pdf": "300/600",
    "postal:delete": "600/600",
    "casework:order_form": "60/600",  # each asks the population register of somebody
    **env.json("LIMITS_BY_PLACE", default={}),
}
if ENVIRONMENT == "test":  # journeys in parallel all come from one place; the limits' own tests set theirs
    LIMITS_BY_PLACE = {}
# Networks whose X-Forwarded-For is believed, such as 10.0.0.0/8; none: the address that connects.
TRUSTED_PROXIES = env.list("TRUSTED_PROXIES", default=[])
# Under pressure, more than this many requests at once in a process or a database this slow to answer, the
# choice pages stay open and the rest says it waits. Fewer than the server's threads, so that some are free.
PRESSURE_REQUESTS = env.int("PRESSURE_REQUESTS", default=12)
PRESSURE_DATABASE_SECONDS = env.float("PRESSURE_DATABASE_SECONDS", default=1.0)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_048_576
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
FILE_UPLOAD_HANDLERS = ["kpr_portal.ui.uploads.NoUploads"]
# PDFs of insight that one person may order in a day: a long one is a minute of work.
REPORTS_A_DAY = env.int("REPORTS_A_DAY", default=10)

# --- People --------------------------------------------------------------------------------------
# "refuse" synthetic numbers (production), "require" them (demo and tests), or "allow" both.
NATIONAL_ID_SYNTHETIC = env.str("NATIONAL_ID_SYNTHETIC", default="refuse" if PRODUCTION else "require")
# How many synthetic people a demo is filled with at its first start.
POPULATION = env.int("POPULATION", default=2000)
# A staff role that nobody has granted or reviewed for so long does not count.
STAFF_ROLE_REVIEW_DAYS = env.int("STAFF_ROLE_REVIEW_DAYS", default=365)
POPULATION_REGISTER = env.str(
    "POPULATION_REGISTER",
    default="kpr_portal.people.embedded_register.EmbeddedPopulationRegister",
)
# Whom to tell by e-mail that there is a message, and whom by letter (people/contact_register.py).
CONTACT_REGISTER = env.str(
    "CONTACT_REGISTER",
    default="kpr_portal.people.embedded_contacts.EmbeddedContactRegister",
)
CONTACT_DETAILS_URL = env.str("CONTACT_DETAILS_URL", default="https://minprofil.kontaktregisteret.no/")

# --- Owner and law: docs/settings.md explains each, with its default and the reason ---------------
OWNER_NAME = env.str("OWNER_NAME", default="Folkehelseinstituttet (FHI)")
OWNER_ORGANISATION_NUMBER = env.str("OWNER_ORGANISATION_NUMBER", default="983 744 516")
OWNER_ADDRESS = env.str("OWNER_ADDRESS", default="Postboks 222 Skøyen, 0213 Oslo")
# Where what is sent to us by post goes without a stamp; without one, forms and letters name OWNER_ADDRESS.
REPLY_ADDRESS = env.str("REPLY_ADDRESS", default="")
OWNER_PHONE = env.str("OWNER_PHONE", default="00 00 00 00")
OWNER_HOURS = env.str("OWNER_HOURS", default="") or _("hverdager kl. 9–15")
OWNER_EMAIL = env.str("OWNER_EMAIL", default="kpr@example.no")
OWNER_DPO_NAME = env.str("OWNER_DPO_NAME", default="") or _("Personvernombudet ved Folkehelseinstituttet")
OWNER_DPO_CONTACT = env.str("OWNER_DPO_CONTACT", default="personvernombud@example.no")
OWNER_SECURITY_CONTACT = env.str("OWNER_SECURITY_CONTACT", default="mailto:sikkerhet@example.no")
OWNER_ACCESSIBILITY_STATUS = env.str("OWNER_ACCESSIBILITY_STATUS", default="") or _(
    "Vi kjenner ikke til brudd på kravene. Tjenesten er testet av oss selv, og ikke av noen utenfra."
)
OWNER_COMPLAINT = env.str("OWNER_COMPLAINT", default="") or _(
    "Du kan klage til Datatilsynet hvis du mener at vi behandler opplysninger i strid med reglene. "
    "Adressen er Postboks 458 Sentrum, 0105 Oslo. De gir råd på telefon 22 39 69 00."
)
# Pages of other services that the front page and the privacy page lead to.
REGULATION_URL = env.str("REGULATION_URL", default="https://lovdata.no/forskrift/2017-08-25-1292")
DATA_APPLICATION_URL = env.str("DATA_APPLICATION_URL", default="https://helsedata.no/")
STATISTICS_URL = env.str("STATISTICS_URL", default="https://www.fhi.no/he/kpr/")
REPORTING_URL = env.str("REPORTING_URL", default="https://www.fhi.no/he/kpr/om-kpr/")
ACCESSIBILITY_STATEMENT_URL = env.str("ACCESSIBILITY_STATEMENT_URL", default="https://uustatus.no/")
ENFORCEMENT_URL = env.str("ENFORCEMENT_URL", default="https://www.uutilsynet.no/")
SUPERVISOR_URL = env.str("SUPERVISOR_URL", default="https://www.datatilsynet.no/")
# Told once more of a message that is unread after so long (eForvaltningsforskriften § 8).
NOTICE_REMIND_DAYS = env.int("NOTICE_REMIND_DAYS", default=7)
# What a reservation does where the law leaves it open (reservations/law.py). The defaults favour the person.
LAW_KJERNEJOURNAL_EXEMPT_KINDS = env.list("LAW_KJERNEJOURNAL_EXEMPT_KINDS", default=[])
# {"provision": ..., "reference": ...}: until then linkage respects reservations (hregl § 19 c)
LAW_LINKAGE_EXCEPTION = env.json("LAW_LINKAGE_EXCEPTION", default={})
# {provision: {"reference": ..., "exempt_kinds": [...]}}: a delivery by another provision is refused
LAW_DELIVERY_DECISIONS = env.json(
    "LAW_DELIVERY_DECISIONS",
    default={} if PRODUCTION else {"statistikkloven § 10": {"reference": "Demo: identifikatorer fjernes"}},
)
LAW_OWN_LIFT_ENDS_PARENTS_FROM_AGE = env.int("LAW_OWN_LIFT_ENDS_PARENTS_FROM_AGE", default=16)
# Acting for others (people/representation/rights.py). The defaults are the careful ones.
LAW_PARENTS_INSIGHT_UNTIL_AGE = env.int("LAW_PARENTS_INSIGHT_UNTIL_AGE", default=12)
LAW_DECIDES_ALONE_FROM_AGE = env.int("LAW_DECIDES_ALONE_FROM_AGE", default=16)
LAW_POWER_GIVER_FROM_AGE = env.int("LAW_POWER_GIVER_FROM_AGE", default=16)
LAW_POWER_RECEIVER_FROM_AGE = env.int("LAW_POWER_RECEIVER_FROM_AGE", default=18)
LAW_GUARDIAN_MAY_RESERVE = env.bool("LAW_GUARDIAN_MAY_RESERVE", default=True)
LAW_ONE_PARENT_MAY_LIFT_ANOTHERS = env.bool("LAW_ONE_PARENT_MAY_LIFT_ANOTHERS", default=False)
LAW_BLOCK_FROM_AGE = env.int("LAW_BLOCK_FROM_AGE", default=12)
# A power of attorney given here: how long unless chosen otherwise, and at most.
POWER_MONTHS = env.int("POWER_MONTHS", default=12)
POWER_MOST_MONTHS = env.int("POWER_MOST_MONTHS", default=60)
# How soon an enquiry is answered (GDPR art. 12(3)), and how many one may send in a day.
ENQUIRY_ANSWER_DAYS = env.int("ENQUIRY_ANSWER_DAYS", default=30)
ENQUIRIES_A_DAY = env.int("ENQUIRIES_A_DAY", default=20)
# The paper form: how its envelope is marked, how long the post takes, and what a blank form promises.
POSTAL_MARK = env.str("POSTAL_MARK", default="") or _("arkivet")
POSTAL_TRANSIT_DAYS = env.int("POSTAL_TRANSIT_DAYS", default=5)
POSTAL_ANSWER_PROMISE = env.str("POSTAL_ANSWER_PROMISE", default="") or _(
    "Du får svar innen én måned etter at vi har fått skjemaet."
)
LAW_POSTAL_COPY_OF_ID = env.bool("LAW_POSTAL_COPY_OF_ID", default=False)
# How many times in a day someone may name a receiver whom we cannot use, and how many powers they may give.
POWER_TRIES_A_DAY = env.int("POWER_TRIES_A_DAY", default=5)
POWERS_A_DAY = env.int("POWERS_A_DAY", default=10)
# Whether reservations from before this register are to be carried over: staff pages are red until they are.
RESERVATIONS_IMPORT_EXPECTED = env.bool("RESERVATIONS_IMPORT_EXPECTED", default=True)
# Where one objects to *registration* (KPR-forskriften § 2-2 first paragraph).
REGISTRATION_OBJECTION_URL = env.str(
    "REGISTRATION_OBJECTION_URL",
    default="https://www.helsenorge.no/helseregistre/",
)

# --- How long things are kept (the retention table of /personvern/ is made from these) ------------
ACCESS_LOG_KEPT_YEARS = env.int("ACCESS_LOG_KEPT_YEARS", default=10)
RELEASE_LOG_KEPT_YEARS = env.int("RELEASE_LOG_KEPT_YEARS", default=10)  # hregl § 19 h
CASES_KEPT_YEARS = env.int("CASES_KEPT_YEARS", default=10)
DOWNLOADS_KEPT_DAYS = env.int("DOWNLOADS_KEPT_DAYS", default=1)
KEPT_FORMS_MINUTES = env.int("KEPT_FORMS_MINUTES", default=120)
# A form made for somebody who rang, until it is posted; then, or after so long, it is erased.
POSTAL_ORDERED_DAYS = env.int("POSTAL_ORDERED_DAYS", default=90)
# What is typed in a form for printing, after the last page; and after the finished form was fetched.
POSTAL_FORM_MINUTES = env.int("POSTAL_FORM_MINUTES", default=60)
POSTAL_FETCHED_MINUTES = env.int("POSTAL_FETCHED_MINUTES", default=10)
POSTAL_FORM_MOST_HOURS = env.int("POSTAL_FORM_MOST_HOURS", default=4)  # from the first page, whatever comes
SERVER_LOGS_KEPT_DAYS = env.int("SERVER_LOGS_KEPT_DAYS", default=90)
BACKUPS_KEPT_DAYS = env.int("BACKUPS_KEPT_DAYS", default=30)
OWED_WORK_KEPT_DAYS = env.int("OWED_WORK_KEPT_DAYS", default=90)
MESSAGES_KEPT_YEARS = env.int("MESSAGES_KEPT_YEARS", default=10)
LETTERS_KEPT_YEARS = env.int("LETTERS_KEPT_YEARS", default=11)

# --- Mail: it says that there is a message, and nothing else (notices/mail.py) --------------------
# smtp+tls://login:password@host:587, or filemail:///folder for a file a mail. May hold a secret.
vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 10
MAIL_FROM = env.str("MAIL_FROM", default=OWNER_EMAIL)
# From the first failed attempt; then it becomes a letter.
NOTICE_MAIL_TRY_HOURS = env.int("NOTICE_MAIL_TRY_HOURS", default=72)

# --- Regular work --------------------------------------------------------------------------------
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "notices.sweep", "schedule": 30.0},
    "sessions-long-over": {"task": "login.end_sessions_long_over", "schedule": 3600.0},
    "kept-forms": {"task": "login.forget_kept_forms", "schedule": 600.0},
    "hand-over": {"task": "reservations.hand_over", "schedule": 3600.0},
    "months-ahead": {"task": "audit.make_months_ahead", "schedule": 6 * 3600.0},
    "old-months": {"task": "audit.drop_old_months", "schedule": 24 * 3600.0},
    "forget-done": {"task": "notices.forget_done", "schedule": 3600.0},
    "erase-expired": {"task": "documents.erase_expired", "schedule": 60.0},
    "remind": {"task": "notices.remind", "schedule": 3600.0},
    "forget-messages": {"task": "notices.forget_messages", "schedule": 24 * 3600.0},
    "forget-tries": {"task": "people.forget_tries", "schedule": 24 * 3600.0},
    "letters-due": {"task": "postal.make_letters_due", "schedule": 3600.0},
    "erase-posted": {"task": "postal.erase_posted", "schedule": 3600.0},
    "forget-letters": {"task": "postal.forget_letters", "schedule": 24 * 3600.0},
}
CELERY_TASK_ROUTES = {
    "audit.make_months_ahead": {"queue": "keeper"},
    "audit.drop_old_months": {"queue": "keeper"},
    "login.forget_kept_forms": {"queue": "keeper"},
    "notices.forget_done": {"queue": "keeper"},
    "documents.erase_expired": {"queue": "keeper"},
    "notices.forget_messages": {"queue": "keeper"},
    "people.forget_tries": {"queue": "keeper"},
    "postal.erase_posted": {"queue": "keeper"},
    "postal.forget_letters": {"queue": "keeper"},
    "postal.make_form": {"queue": "forms"},  # somebody waits for it: a worker of its own
}

# --- Releases ------------------------------------------------------------------------------------
# From this day on every release is in the log: an empty list says so.
RELEASE_LOG_COMPLETE_SINCE = env.str("RELEASE_LOG_COMPLETE_SINCE", default="2017-12-01")

# --- Who looked ----------------------------------------------------------------------------------
# The logs that answer who has seen data about a person (insight/accesses.py, AccessLogSource).
ACCESS_LOG_SOURCES = env.list("ACCESS_LOG_SOURCES", default=["insight.accesses.PortalLog"])
# The systems that none of them covers, said on the page.
ACCESS_LOG_NOT_COVERED = env.list("ACCESS_LOG_NOT_COVERED", default=[]) or [
    _("systemene der registeret blir driftet og statistikk blir laget"),
    _("journalen hos legen din, kommunen og sykehuset. Den ser du hos dem eller på Helsenorge"),
]
# "role" shows role and organisation; "name" the name too, save for those with a protected address.
WHO_LOOKED_SHOWN = env.str("WHO_LOOKED_SHOWN", default="role")
