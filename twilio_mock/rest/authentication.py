"""Who asks: HTTP Basic credentials, and whether they open the path's account."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from hmac import compare_digest

from twilio_mock.errors import AuthenticationFailed
from twilio_mock.rest.routing import well_formed
from twilio_mock.state import Account, State


@dataclass(slots=True)
class Caller:
    """Whose credentials came with a request, and the account that it is about."""

    account: Account
    name: str


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
    exist was answered with 401 when it had no credentials (recorded in 2026).
    """
    user, password = read_basic(authorization)
    if not well_formed(user, "AC"):
        raise AuthenticationFailed("Authentication Error - invalid username")
    account = state.accounts.get(user)
    if account is None or not compare_digest(account.auth_token.encode(), password):
        raise AuthenticationFailed
    if path_account is not None and path_account != user:
        raise AuthenticationFailed
    return Caller(account, "auth_token")
