"""Who asks: HTTP Basic credentials, and whether they open the path's account."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from functools import lru_cache
from hmac import compare_digest

from twilio_mock.errors import AuthenticationFailed, TwilioError
from twilio_mock.resources.schema import Resource
from twilio_mock.resources.verbs import READING, Verb
from twilio_mock.rest.routing import well_formed
from twilio_mock.settings import Settings
from twilio_mock.state import Account, State
from twilio_mock.state.records import Record


@dataclass(slots=True, eq=False)
class Caller:
    """Whose credentials came with a request, and the account that it is about.

    `owner` is the account that the credentials belong to; `account` is the one in the path, or
    the owner where the path names none. `name` says which credentials they were, without
    telling them: `auth_token`, `secondary_auth_token` or the SID of an API key; `key` is what is
    stored of that.
    """

    owner: Account
    account: Account
    name: str
    key: Record | None = None

    @property
    def secrets(self) -> tuple[Record, ...]:
        """What holds the secrets of these credentials, as they are now."""
        record = self.owner.record
        return (record, self.key) if self.key else (record,)

    @property
    def by_parent(self) -> bool:
        """Whether a parent acts on its subaccount."""
        return self.owner is not self.account


@lru_cache(maxsize=64)  # clients say the same one again and again
def basic(user: str, password: str) -> str:
    """The Authorization header of these credentials."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


@lru_cache(maxsize=64)
def read_basic(authorization: str | None) -> tuple[str, bytes]:
    """The user name and the password of an Authorization header.

    Raises `AuthenticationFailed`, in the words that Twilio has for a missing header and for a
    header that names no user.
    """
    if authorization is None:
        raise AuthenticationFailed("Authentication Error - No credentials provided")
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        if not colon:
            raise ValueError(user)
        return user.decode("ascii"), password
    except (ValueError, binascii.Error) as problem:
        raise AuthenticationFailed("Authentication Error - invalid username") from problem


def authenticate(state: State, authorization: str | None, path_account: str | None) -> Caller:
    """The caller of a request; raises `AuthenticationFailed`.

    This comes before path and parameters are looked at: a request to an account that does not
    exist was answered with 401 when it had no credentials (recorded in 2026). An auth token
    opens its account and the subaccounts, a key its own account alone (error dictionary, 21100).
    """
    user, password = read_basic(authorization)
    owner = state.accounts.get(user)
    if owner is not None:
        caller = Caller(owner, owner, with_token(owner, password))
    elif well_formed(user, "AC"):
        raise AuthenticationFailed
    else:
        caller = with_key(state, user, password)
    if path_account is not None and path_account != caller.account.sid:
        account = state.accounts.get(path_account)
        if account is None or account.owner is not caller.owner or caller.key is not None:
            raise AuthenticationFailed
        caller.account = account
    return caller


def with_token(owner: Account, password: bytes) -> str:
    """Which token of the account this is; raises `AuthenticationFailed`."""
    record = owner.record
    for name in ("auth_token", "secondary_auth_token"):
        token = record[name]
        if isinstance(token, str) and compare_digest(token.encode(), password):
            return name
    raise AuthenticationFailed


def with_key(state: State, user: str, password: bytes) -> Caller:
    """The caller who uses an API key; raises `AuthenticationFailed`."""
    owner = state.accounts.get(state.opened_by.get(user, ""))
    if owner is None:
        raise AuthenticationFailed("Authentication Error - invalid username")
    key = owner.table(state.credentials).records[user]
    if not compare_digest(str(key["secret"]).encode(), password):
        raise AuthenticationFailed
    return Caller(owner, owner, user, key)


def check_rights(caller: Caller, resource: Resource, verb: Verb, settings: Settings) -> None:
    """Refuse what these credentials do not open here, and what an inactive account may not do.

    Standard keys: https://www.twilio.com/docs/iam/api-keys. Test credentials: recorded in 2021.
    """
    if resource.for_main_credentials and caller.key is not None and not caller.key["main"]:
        raise AuthenticationFailed
    if caller.owner.record["test_credentials"] and verb not in resource.with_test_credentials:
        raise TwilioError(20008, "Resource not accessible with Test Account Credentials")
    if caller.account.active:
        return
    # A parent may read what an inactive subaccount has, and change the subaccount itself; the
    # declaration of the account says what becomes of that.
    if caller.by_parent and resource.is_account and verb is Verb.UPDATE:
        return
    if caller.by_parent and caller.owner.active and verb in READING:
        return
    raise refusal_of_inactive(settings)


def refusal_of_inactive(settings: Settings) -> TwilioError:
    """How credentials that belong to a suspended or closed account are refused."""
    if "inactive_account_is_unknown" in settings.enforce:
        return AuthenticationFailed()
    return TwilioError(20403)
