"""What a channel may be given, by its kind: address, credentials, options. Nobody is asked; refusals name the field."""

from collections.abc import Mapping
from typing import Any, NoReturn

from merchant_api.channels import connectors
from merchant_api.channels.connector import Connector
from merchant_api.channels.dial import reach
from merchant_api.channels.states import ChannelKind
from merchant_api.core.errors import Invalid
from merchant_api.core.installed import settings
from outside.guard import AddressFault, ForbiddenError

LONGEST_CREDENTIAL = 4_000
_NOT_PUBLIC = "A host on the public internet, or one that ORDERBELL_SHOP_HOSTS names."
_COMPLAINTS = {
    AddressFault.CHARACTERS: "Visible ASCII characters only.",
    AddressFault.UNREADABLE: "Not a URL.",
    AddressFault.USER: "An address without a user's name.",
    AddressFault.NOT_HTTPS: "An https address, or a host that ORDERBELL_SHOP_HOSTS names.",
    AddressFault.HOST: _NOT_PUBLIC,
    AddressFault.INSIDE: _NOT_PUBLIC,
    AddressFault.PORT: "A port other than 443 and 8443 only on a host that ORDERBELL_SHOP_HOSTS names.",
}


def connector(kind: ChannelKind) -> Connector:
    """The connector of a kind; raises Invalid where this version has none."""
    if kind not in connectors.kinds():
        _refuse("kind", "Shops of this kind can't be connected here.")
    return connectors.of(kind)


def address(of: Connector, text: str) -> str:
    """The address as it is kept; raises Invalid for what is none of the kind, or none that would be called."""
    try:
        kept = of.check_address(text)
        reach(settings()).look(kept)
    except ForbiddenError as error:
        _refuse("address", _COMPLAINTS.get(error.why, _NOT_PUBLIC))
    except ValueError as error:
        _refuse("address", str(error))
    return kept


def credentials(of: Connector, given: Mapping[str, str]) -> dict[str, str]:
    """All credentials of a channel, with those that may be left out empty ones left out; raises Invalid."""
    fields = {field.name: field for field in of.abilities.credentials}
    kept = {name: text.strip() for name, text in given.items() if text.strip()}
    wrong = {name: "There is no such credential." for name in given if name not in fields}
    wrong |= {name: "Too long." for name, text in kept.items() if len(text) > LONGEST_CREDENTIAL}
    wrong |= {
        name: "Missing data for required field."
        for name, field in fields.items()
        if not field.is_optional and name not in kept
    }
    if wrong:
        raise Invalid(errors={"credentials": {name: [complaint] for name, complaint in sorted(wrong.items())}})
    try:
        of.check_credentials(kept)
    except ValueError as error:
        _refuse("credentials", str(error))
    return kept


def options(of: Connector, stored: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The options of the kind with the given ones set, and those that are null taken away; raises Invalid."""
    unknown = {name: ["There is no such option."] for name in sorted(given) if name not in of.abilities.options}
    if unknown:
        raise Invalid(errors={"settings": {"options": unknown}})
    return {name: value for name, value in {**stored, **given}.items() if value is not None}


def _refuse(field: str, complaint: str) -> NoReturn:
    raise Invalid(errors={field: [complaint]})
