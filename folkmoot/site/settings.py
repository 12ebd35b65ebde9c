"""Settings. Everything an organisation may change comes from the environment; see docs/settings.md."""

from urllib.parse import unquote, urlsplit

from environs import Env

from folkmoot.site.home import checkout, database_url_or_embedded, home, secret_key, static_root

env = Env()

SECRET_KEY = secret_key()
DEBUG = False
ROOT_URLCONF = "folkmoot.site.urls"
WSGI_APPLICATION = None
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BASE_DIR = checkout()

# The organisation's own choices.
FOLKMOOT_URL = env.str("FOLKMOOT_URL", "").rstrip("/")
FOLKMOOT_ADDRESS_FILE = str(home() / "address")
FOLKMOOT_ORGANISATION = env.str("FOLKMOOT_ORGANISATION", "")
FOLKMOOT_PUBLIC = env.bool("FOLKMOOT_PUBLIC", True)
_domains: list[str] = env.list("FOLKMOOT_DOMAINS", [])
FOLKMOOT_DOMAINS = [name.lower().lstrip("@") for name in _domains]
TIME_ZONE = env.str("FOLKMOOT_TIME_ZONE", "Europe/London")
USE_TZ = True
LANGUAGE_CODE = "en-gb"
# Pages speak British English, the language of the source; a catalogue of another one will turn this on.
USE_I18N = False

ALLOWED_HOSTS = env.list("FOLKMOOT_HOSTS", ["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [FOLKMOOT_URL] if FOLKMOOT_URL else []
_https = FOLKMOOT_URL.startswith("https:")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = _https
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _https else None
SESSION_COOKIE_NAME = "folkmoot"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
CSRF_COOKIE_NAME = "folkmoot_csrf"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

INSTALLED_APPS = [
    "folkmoot.site",
    "folkmoot.demo",
    "folkmoot.portal",
    "folkmoot.exchange",
    "folkmoot.health",
    "folkmoot.events",
    "folkmoot.meetings",
    "folkmoot.discussions",
    "folkmoot.channels",
    "folkmoot.communities",
    "folkmoot.charter",
    "folkmoot.notifications",
    "folkmoot.calendar",
    "folkmoot.people",
    "folkmoot.activity",
    "folkmoot.ui",
    "folkmoot.core",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "folkmoot.site.compression.CompressionMiddleware",
    "folkmoot.people.privacy.PrivateAnswers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "manifest-src": ["'self'"],
    }
}

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "folkmoot.site.context.site",
            ],
        },
    }
]
FORM_RENDERER = "folkmoot.ui.forms.Renderer"

DATABASES = {"default": database_url_or_embedded()}
# Room for the counters of sign-in's rate limits, which are dropped when the cache is full.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
SESSION_ENGINE = "folkmoot.people.sessions"
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

# What goes wrong is said on standard error, where `folkmoot up` and every service manager keep it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        # That something is not ready yet is an answer, not a mistake.
        "mistakes": {
            "()": "django.utils.log.CallbackFilter",
            "callback": lambda record: "/readyz" not in record.getMessage(),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["mistakes"]}},
    "loggers": {"django": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

STATIC_URL = "/static/"
STATIC_ROOT = static_root()
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": home() / "uploads"},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "folkmoot.ui.finders.BundleFinder",
]
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
DATA_UPLOAD_MAX_MEMORY_SIZE = 32 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# Mail. Without a server it is kept in the home's `mail` folder, and the doctor says that nothing is sent.
_mail = urlsplit(env.str("FOLKMOOT_MAIL_URL", ""))
EMAIL_BACKEND = (
    "django.core.mail.backends.smtp.EmailBackend"
    if _mail.hostname
    else "django.core.mail.backends.filebased.EmailBackend"
)
EMAIL_FILE_PATH = str(home() / "mail")
EMAIL_HOST = _mail.hostname or ""
EMAIL_PORT = _mail.port or (465 if _mail.scheme == "smtps" else 587 if _mail.scheme == "smtp+tls" else 25)
EMAIL_HOST_USER = unquote(_mail.username or "")
EMAIL_HOST_PASSWORD = unquote(_mail.password or "")
EMAIL_USE_SSL = _mail.scheme == "smtps"
EMAIL_USE_TLS = _mail.scheme == "smtp+tls"
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = env.str("FOLKMOOT_MAIL_FROM", "Folkmoot <folkmoot@localhost>")

# Sign-in: people of the directory, by password or by a code sent to their address. See folkmoot/people/sign_in.py.
AUTHENTICATION_BACKENDS = ["folkmoot.people.sign_in.Backend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "folkmoot.people.passwords.MoreThanTheirName"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "folkmoot.people.sign_in.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
# An address is shown to be somebody's by a code before they are let in, and otherwise comes from the directory.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "folkmoot.people.sign_in.ResetTokens"  # noqa: S105
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_FORMS = {
    "login": "folkmoot.people.sign_in_forms.LoginForm",
    "request_login_code": "folkmoot.people.sign_in_forms.CodeForm",
    "confirm_login_code": "folkmoot.people.sign_in_forms.ConfirmCodeForm",
    "reset_password": "folkmoot.people.sign_in_forms.ForgottenForm",
    "reset_password_from_key": "folkmoot.people.sign_in_forms.ResetKeyForm",
    "change_password": "folkmoot.people.sign_in_forms.ChangePasswordForm",
    "set_password": "folkmoot.people.sign_in_forms.SetPasswordForm",
    "reauthenticate": "folkmoot.people.sign_in_forms.ReauthenticateForm",
}
MFA_FORMS = {
    "authenticate": "folkmoot.people.sign_in_forms.AuthenticateForm",
    "reauthenticate": "folkmoot.people.sign_in_forms.MfaReauthenticateForm",
    "activate_totp": "folkmoot.people.sign_in_forms.ActivateTotpForm",
}
MFA_ADAPTER = "folkmoot.people.sign_in.MfaAdapter"
MFA_TOTP_ISSUER = "Folkmoot"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
# Behind one proxy that ends TLS, guessing is limited by the visitor's address, not by the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("FOLKMOOT_PROXIES", 1 if _https else 0)
