"""Joining: who has no account yet makes one with the invited login, and is a member in the same moment.

As in `enter.py`, the attempt stays counted although the request is refused, and no password is hashed with a
transaction open; nor for who has no token that holds.
"""

from dataclasses import dataclass
from uuid import UUID

from merchant_api.accounts import attempts, invitations, password_rules, passwords, people, sign_in, tokens
from merchant_api.accounts.accept import take
from merchant_api.accounts.enter import Welcome
from merchant_api.accounts.errors import LoginTaken
from merchant_api.accounts.invitation_errors import OtherLogin, UnknownInvitation
from merchant_api.accounts.invitation_models import Invitation
from merchant_api.accounts.invitations import Invited
from merchant_api.accounts.lock import lock_members
from merchant_api.accounts.logins import Login, read_login
from merchant_api.accounts.people import Newcomer
from merchant_api.accounts.tokens import InvitationText
from merchant_api.core.db import in_transaction
from merchant_api.core.tenancy import of


@dataclass(frozen=True, slots=True)
class Joining:
    """What somebody who was invited types; the login goes without saying."""

    token: str
    password: str
    name: str
    login: str | None = None


def join(given: Joining, address: str) -> Welcome:
    """Add the person, make her a member and begin a sign-in.

    Raises UnknownInvitation, InvitationExpired, InvitationVoid, OtherLogin, BadLogin, WeakPassword, PasswordTooShort,
    TooManyAttempts, and LoginTaken: who signs in so accepts by `POST /v1/me/invitations/{m}/accept`.
    """
    named = None if given.login is None else read_login(given.login)
    text = tokens.invitation_of(given.token)
    if text is None:
        raise UnknownInvitation
    # Counted as an attempt of the address until it succeeds, as registering is.
    attempt_id = in_transaction(lambda: attempts.admit(None, address))
    login = in_transaction(lambda: _login(text, given.token), of(text.merchant_id))
    if named not in (None, login):
        raise OtherLogin(errors={"login": [OtherLogin().detail]})
    password_rules.check(given.password, str(login), given.name, is_member=True)
    newcomer = Newcomer(given.name, login, passwords.hash_password(given.password))
    return in_transaction(lambda: _welcome(text, given.token, newcomer, attempt_id), of(text.merchant_id))


def _login(text: InvitationText, token: str) -> Login:
    invited = _found(text, token)
    invited.check()
    if invited.row.login is None:
        raise LoginTaken("You have an account here: sign in, and accept the invitation.")
    return read_login(invited.row.login)


def _found(text: InvitationText, token: str) -> Invited:
    one = (Invitation.merchant_id == text.merchant_id, Invitation.id == text.invitation_id)
    for invited in invitations.locked(invitations.asked().where(*one)):
        if invited.is_shown_by(token):
            return invited
    raise UnknownInvitation


def _welcome(text: InvitationText, token: str, newcomer: Newcomer, attempt_id: UUID) -> Welcome:
    lock_members(text.merchant_id)
    invited = _found(text, token)
    person = people.add(newcomer)
    take(invited, person)
    attempts.forgive(attempt_id, None)
    return Welcome(person, sign_in.begin(person.id))
