"""Every table, imported once, so that migrations and house tests see the whole schema."""

from merchant_api.accounts import invitation_models as invitations
from merchant_api.accounts import key_models as keys
from merchant_api.accounts import mark_models as marks
from merchant_api.accounts import models as accounts
from merchant_api.accounts import sign_in_models as sign_ins
from merchant_api.alerts import models as alerts
from merchant_api.carts import models as carts
from merchant_api.catalog import models as catalog
from merchant_api.channels import level_models as levels
from merchant_api.channels import models as channels
from merchant_api.channels import run_models as runs
from merchant_api.channels import sale_models as sales
from merchant_api.core import pulse, replay
from merchant_api.core.db import Model
from merchant_api.orders import dispute_models as disputes
from merchant_api.orders import models as orders
from merchant_api.orders import payment_models as money
from merchant_api.orders import return_models as returns
from merchant_api.outbox import models as outbox
from merchant_api.providers import models as payments
from merchant_api.stock import ledger_models as ledger
from merchant_api.stock import models as stock
from merchant_api.stock.sessions import models as sessions

FEATURES = (
    replay,
    pulse,
    accounts,
    keys,
    marks,
    invitations,
    sign_ins,
    catalog,
    stock,
    ledger,
    sessions,
    orders,
    money,
    disputes,
    returns,
    carts,
    payments,
    channels,
    levels,
    sales,
    runs,
    outbox,
    alerts,
)
METADATA = Model.metadata
