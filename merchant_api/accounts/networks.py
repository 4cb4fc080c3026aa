"""Networks where a login was right lately: who guesses it elsewhere can't lock out who comes from there again.

Of a login and a network together one keyed digest is kept, for 30 days: nothing tells which logins share a network.
"""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from merchant_api.accounts.sign_in_models import KnownNetwork
from merchant_api.core import clock
from merchant_api.core.db import session
from merchant_api.core.installed import seal
from merchant_api.core.network import network_of

KNOWN_FOR = timedelta(days=30)


def pair(login: str, address: str) -> list[bytes]:
    """The digests of a login at a network, by the newest secret key first."""
    return seal().digests("known networks", f"{login}\n{network_of(address)}")


def is_known(login: str, address: str) -> bool:
    """Whether this login was right there within 30 days."""
    lately = KnownNetwork.succeeded_at > clock.now() - KNOWN_FOR
    found = select(KnownNetwork.pair_hash).where(KnownNetwork.pair_hash.in_(pair(login, address)), lately).limit(1)
    return session().execute(found).scalar_one_or_none() is not None


def remember(login: str, address: str) -> None:
    """It was right there just now."""
    newest, *older = pair(login, address)
    row = insert(KnownNetwork).values(pair_hash=newest, succeeded_at=clock.now())
    again = row.on_conflict_do_update(index_elements=["pair_hash"], set_={"succeeded_at": row.excluded.succeeded_at})
    session().execute(again)
    if older:
        session().execute(delete(KnownNetwork).where(KnownNetwork.pair_hash.in_(older)))
