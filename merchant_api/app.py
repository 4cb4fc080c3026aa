"""The application: settings in, a Flask app out, with every blueprint, error renderer and hook in place.

`BLUEPRINTS` is the one list of what the API consists of, and where it lies.
"""

from pathlib import Path

from flask import Blueprint, Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from merchant_api import docs
from merchant_api.accounts import currency_routes, invitation_routes, me_routes, sign_in_routes
from merchant_api.accounts import routes as account_routes
from merchant_api.accounts.authenticate import authenticate
from merchant_api.alerts import routes as alert_routes
from merchant_api.carts.routes import carts
from merchant_api.catalog import routes as catalog_routes
from merchant_api.channels import merchant_routes as switch_routes
from merchant_api.channels import routes as channel_routes
from merchant_api.channels.levels.routes import channel_stack
from merchant_api.channels.listing_routes import channel_listings
from merchant_api.channels.runs.routes import runs as channel_runs
from merchant_api.channels.sales import routes as sale_routes
from merchant_api.core import access, db, forwarded, gate, limiter, problem
from merchant_api.core.seal import Seal
from merchant_api.core.settings import Settings
from merchant_api.health import routes as health
from merchant_api.orders.customer_routes import customers
from merchant_api.orders.figures.routes import explanations, stock_of_orders
from merchant_api.orders.money.dispute_routes import disputes
from merchant_api.orders.money.routes import order_payments, payments
from merchant_api.orders.place import routes as placing
from merchant_api.orders.routes import my_orders, orders
from merchant_api.orders.steps.routes import after_sale
from merchant_api.providers import routes as provider_routes
from merchant_api.shop import merchant_routes, preview_routes, product_routes
from merchant_api.stock import place_routes
from merchant_api.stock import routes as stock_routes
from merchant_api.stock.sessions import counting_routes, log_routes, move_routes
from merchant_api.stock.sessions import routes as session_routes

LARGEST_BODY = 256 * 1024

BLUEPRINTS: list[tuple[Blueprint, str]] = [
    (sign_in_routes.auth, "/v1/auth"),
    (me_routes.me, "/v1/me"),
    (currency_routes.currencies, "/v1/currencies"),
    (account_routes.accounts, "/v1/merchants"),
    (merchant_routes.opened, "/v1/merchants"),
    (catalog_routes.catalog, "/v1/merchants/<uuid:merchant_id>/categories"),
    (product_routes.products, "/v1/merchants/<uuid:merchant_id>/products"),
    (place_routes.places_of_stock, "/v1/merchants/<uuid:merchant_id>"),
    (stock_routes.stock, "/v1/merchants/<uuid:merchant_id>"),
    (session_routes.sessions, "/v1/merchants/<uuid:merchant_id>/sessions"),
    (counting_routes.counting, "/v1/merchants/<uuid:merchant_id>/sessions"),
    (preview_routes.previews, "/v1/merchants/<uuid:merchant_id>/sessions"),
    (orders, "/v1/merchants/<uuid:merchant_id>/orders"),
    (after_sale, "/v1/merchants/<uuid:merchant_id>/orders"),
    (customers, "/v1/merchants/<uuid:merchant_id>/customers"),
    (stock_of_orders, "/v1/merchants/<uuid:merchant_id>"),
    (carts, "/v1/merchants/<uuid:merchant_id>/carts"),
    (order_payments, "/v1/merchants/<uuid:merchant_id>/orders"),
    (payments, "/v1/merchants/<uuid:merchant_id>/payments"),
    (disputes, "/v1/merchants/<uuid:merchant_id>/disputes"),
    (provider_routes.refunds, "/v1/merchants/<uuid:merchant_id>/payments"),
    (provider_routes.providers, "/v1/merchants/<uuid:merchant_id>/payment-providers"),
    (provider_routes.events, "/v1/merchants/<uuid:merchant_id>/payment-events"),
    (provider_routes.incoming_events, "/v1/payment-events"),
    (channel_routes.channel_kinds, "/v1/channel-kinds"),
    (channel_routes.channels, "/v1/merchants/<uuid:merchant_id>/channels"),
    (channel_listings, "/v1/merchants/<uuid:merchant_id>/channels/<uuid:channel_id>"),
    (sale_routes.channel_orders, "/v1/merchants/<uuid:merchant_id>/channels"),
    (sale_routes.channel_events, "/v1/channel-events"),
    (channel_runs, "/v1/merchants/<uuid:merchant_id>/channels/<uuid:channel_id>"),
    (channel_stack, "/v1/merchants/<uuid:merchant_id>/channels/<uuid:channel_id>/stack"),
    (my_orders, "/v1/me"),
    (alert_routes.alerts, "/v1"),
    (log_routes.stock_log, "/v1/merchants/<uuid:merchant_id>"),
    (move_routes.moved_counts, "/v1/merchants/<uuid:merchant_id>/sessions"),
    (explanations, "/v1/merchants/<uuid:merchant_id>"),
]
# Endpoints that join a blueprint of the list, and are imported for it.
DECLARED_ELSEWHERE = (placing, invitation_routes, switch_routes)
OUTSIDE_THE_API = (health.health, docs.docs)


def create_app(settings: Settings, role: str = "api") -> Flask:
    """An app on a database whose schema is up to date; `role` chooses time-outs and the size of the pool."""
    app = Flask("orderbell", root_path=str(Path(__file__).parent), static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = db.engine_options(role, pool_size=settings.threads)
    app.extensions["orderbell.settings"] = settings
    app.extensions["orderbell.seal"] = Seal(settings.secret_keys)
    db.attach(app)
    gate.attach(app, [gate.bearer(authenticate)])
    problem.attach(app)
    access.attach(app)
    limiter.attach(app, settings.rates)
    if not settings.proxy_hops:
        forwarded.attach(app)
    else:  # only then is X-Forwarded-For believed, and only what our own proxies wrote
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxy_hops)  # type: ignore[method-assign]  # Flask's way
    for blueprint in OUTSIDE_THE_API:
        app.register_blueprint(blueprint)
    for blueprint, prefix in BLUEPRINTS:
        app.register_blueprint(blueprint, url_prefix=prefix)
    docs.describe(app, BLUEPRINTS)
    return app
