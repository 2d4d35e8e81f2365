"""The application: configuration, database, packages, error pages, commands. No rule, no SQL."""

from __future__ import annotations

import logging

from flask import Flask
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

import accounts.bell.notices
import accounts.bell.views
import admin.mail_notices
import admin.mail_views
import admin.policy_views
import admin.quote_views
import admin.views
import conditions.views
import contact.bell_words
import contact.calls.desk
import contact.calls.notices
import contact.calls.words
import contact.chat.desk
import contact.chat.notices
import contact.chat.pace_views
import contact.chat.views
import contact.views
import home.commands
import home.navigation
import home.setup
import home.views
import kb.commands
import kb.desk
import kb.exporting.desk
import kb.feeds.views
import kb.images.desk
import kb.importing.desk
import kb.importing.notices
import kb.learning.desk
import kb.learning.notices
import kb.links.desk
import kb.needs.desk
import kb.notices
import kb.searches.desk
import kb.searches.views
import kb.synonyms.desk
import kb.timetable.notices
import kb.trials.commands
import kb.trials.desk
import kb.trials.notices
import kb.views
import kb.votes.desk
import kb.writing.desk
import quotes.answers.notices
import quotes.answers.own_views
import quotes.answers.views
import quotes.bell_words
import quotes.catalogue.desk
import quotes.desk
import quotes.notices
import quotes.pricing.desk
import quotes.pricing.edit_desk
import quotes.pricing.list_desk
import quotes.views
import quotes.words
import tickets.bell_words
import tickets.canned.desk
import tickets.desk
import tickets.diary.desk
import tickets.finding.desk
import tickets.finding.notices
import tickets.inbound.commands
import tickets.inbound.desk
import tickets.inbound.notices
import tickets.mentions.desk
import tickets.mentions.notices
import tickets.news.notices
import tickets.notices
import tickets.outages.desk
import tickets.outages.views
import tickets.outcomes.desk
import tickets.participants.desk
import tickets.participants.notices
import tickets.participants.views
import tickets.previews.notices
import tickets.previews.views
import tickets.proof.commands
import tickets.proof.notices
import tickets.proof.views
import tickets.proof.words
import tickets.teaching.notices
import tickets.vault.desk
import tickets.vault.views
import tickets.views
import tickets.workbench.desk
from accounts import access
from accounts import commands as accounts_commands
from accounts import notices as accounts_notices
from accounts import views as accounts_views
from core import (
    config,
    errors,
    mail,
    pagecache,
    presentation,
    protection,
    ratelimit,
    visits,
    web,
)
from core.db import configure_engine, db, engine_options

BLUEPRINTS = (
    home.views.blueprint,
    accounts_views.blueprint,
    accounts.bell.views.blueprint,
    conditions.views.blueprint,
    kb.views.blueprint,
    kb.desk.blueprint,
    kb.feeds.views.blueprint,
    kb.importing.desk.blueprint,
    kb.exporting.desk.blueprint,
    kb.images.desk.blueprint,
    kb.links.desk.blueprint,
    kb.writing.desk.blueprint,
    kb.learning.desk.blueprint,
    kb.trials.desk.blueprint,
    kb.searches.desk.blueprint,
    kb.votes.desk.blueprint,
    kb.needs.desk.blueprint,
    kb.synonyms.desk.blueprint,
    tickets.views.blueprint,
    tickets.desk.blueprint,
    tickets.canned.desk.blueprint,
    tickets.proof.views.blueprint,
    tickets.outcomes.desk.blueprint,
    tickets.outages.views.blueprint,
    tickets.outages.desk.blueprint,
    tickets.vault.views.blueprint,
    tickets.vault.desk.blueprint,
    tickets.previews.views.blueprint,
    tickets.diary.desk.blueprint,
    tickets.finding.desk.blueprint,
    tickets.inbound.desk.blueprint,
    tickets.mentions.desk.blueprint,
    tickets.participants.desk.blueprint,
    tickets.participants.views.blueprint,
    tickets.workbench.desk.blueprint,
    quotes.views.blueprint,
    quotes.desk.blueprint,
    quotes.catalogue.desk.blueprint,
    quotes.pricing.list_desk.blueprint,
    quotes.pricing.edit_desk.blueprint,
    quotes.answers.views.blueprint,
    quotes.answers.own_views.blueprint,
    contact.views.blueprint,
    contact.calls.desk.blueprint,
    contact.chat.views.blueprint,
    contact.chat.desk.blueprint,
    admin.views.blueprint,
    admin.mail_views.blueprint,
    admin.policy_views.blueprint,
    admin.quote_views.blueprint,
)
COMMANDS = (
    home.commands,
    accounts_commands,
    kb.commands,
    kb.trials.commands,
    tickets.proof.commands,
    tickets.inbound.commands,
)
#: Modules whose import registers handlers of outbox jobs.
NOTICES = (
    accounts_notices,
    admin.mail_notices,
    accounts.bell.notices,
    kb.notices,
    kb.importing.notices,
    kb.timetable.notices,
    kb.learning.notices,
    kb.trials.notices,
    contact.calls.notices,
    contact.chat.notices,
    quotes.notices,
    quotes.answers.notices,
    tickets.notices,
    tickets.news.notices,
    tickets.proof.notices,
    tickets.previews.notices,
    tickets.finding.notices,
    tickets.inbound.notices,
    tickets.mentions.notices,
    tickets.participants.notices,
    tickets.teaching.notices,
)
#: Modules whose import says how notices of the bell read.
BELL_WORDS = (contact.bell_words, quotes.bell_words, tickets.bell_words)


def create_app(site: config.Config | None = None) -> Flask:
    """The whole site. Raises ConfigurationError when it cannot work as asked."""
    site = site or config.load()
    app = Flask(__name__, instance_path=str(site.instance_dir))
    _configure(app, site)
    db.init_app(app)
    with app.app_context():
        configure_engine(db.engine)
    Babel(app, default_locale="es", locale_selector=web.current_locale)
    app.extensions["mail_sender"] = mail.sender_for(site.mail_url)
    web.register(app)
    presentation.register(app)
    protection.register(app)
    access.register(app)
    accounts.bell.views.register(app)
    contact.chat.pace_views.register(app)
    ratelimit.register(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    tickets.views.register(app)
    tickets.proof.words.register(app)
    tickets.inbound.desk.register(app)
    tickets.outages.views.register(app)
    contact.calls.words.register(app)
    kb.views.register(app)
    kb.searches.views.register(app)
    kb.feeds.views.register(app)
    quotes.words.register(app)
    quotes.answers.views.register(app)
    home.navigation.register(app)
    home.setup.register(app)
    errors.register(app)
    for commands in COMMANDS:
        commands.register(app)
    return app


def _configure(app: Flask, site: config.Config) -> None:
    app.config.update(
        SITE=site,
        TESTING=site.testing,
        SECRET_KEY=site.secret_key,
        SQLALCHEMY_DATABASE_URI=site.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(site.database_url),
        SESSION_COOKIE_NAME="__Host-session" if site.https else "session",
        SESSION_COOKIE_SECURE=site.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        RATELIMIT_ENABLED=site.rate_limits,
        RATELIMIT_STORAGE_URI=site.ratelimit_storage_uri,
        TRUSTED_HOSTS=site.trusted_hosts,
        BABEL_DEFAULT_TIMEZONE="America/Lima",
        BABEL_TRANSLATION_DIRECTORIES="translations",
        MAX_FORM_PARTS=600,
        **site.extra,
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    pagecache.register(app)
    visits.register(app)
    if site.trusted_proxies:
        hops = site.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    if not site.testing:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        logging.getLogger("alembic").setLevel(logging.WARNING)
