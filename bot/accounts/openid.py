"""
Single sign-on by OpenID Connect: the authorization code flow with PKCE (RFC 7636). Pure.

The provider vouches for somebody with an ID token. What is checked is what OpenID Connect Core 1.0
section 3.1.3.7 asks: the signature by one of its keys, who issued it, for whom, until when, and
that it answers the request that this browser began (nonce).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, Self
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.accounts import tokens
from bot.accounts.account import SINGLE_SIGN_ON
from bot.errors import SignOnFailed

# By a key that only the provider has: never "none", and no HS256, whose key would be our secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "ES256", "ES384", "EdDSA", "Ed25519")
LEEWAY_S: Final = 60  # between the provider's clock and ours
LONGEST_NAME: Final = 80  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """`claim` is what of the token names a member of the roster: "oidc:" and its value."""

    issuer: str
    client_id: str
    secret: str = field(default="", repr=False)
    claim: str = "sub"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """
    What of a sign-on the provider is told and tells again.

    All of it follows from the token that only the browser has which began it: any worker can
    finish it, and who reads the database cannot.
    """

    state: str = field(repr=False)
    nonce: str = field(repr=False)
    verifier: str = field(repr=False)

    @classmethod
    def of(cls, token: str) -> Self:
        return cls(
            state=tokens.derived(token, "state"),
            nonce=tokens.derived(token, "nonce"),
            verifier=tokens.derived(token, "verifier"),
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider vouches for."""

    subject: str  # who it is there, for good: issuer and sub
    member: str  # an id as in the roster
    name: str


def address(endpoint: str, provider: Provider, secrets: Secrets, *, back: str) -> str:
    """Where the browser is sent; `back` is where the provider sends it then."""
    query = {
        "response_type": "code",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "scope": "openid profile",
        "state": secrets.state,
        "nonce": secrets.nonce,
        "code_challenge": challenge(secrets.verifier),
        "code_challenge_method": "S256",
    }
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(query)}"


def challenge(verifier: str) -> str:
    """What of the verifier is told beforehand (S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def identity(
    token: str, keys: Mapping[str, Any], provider: Provider, *, nonce: str, at: datetime
) -> Identity:
    """Whom an ID token vouches for; `keys` is the provider's JWK set. Raise SignOnFailed."""
    try:
        found = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS)  # type: ignore[arg-type]  # a JWK set as it came
        rules = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=LEEWAY_S,
            iss={"essential": True, "value": provider.issuer},
            aud={"essential": True, "value": provider.client_id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        rules.validate(found.claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise SignOnFailed(f"the ID token is refused: {error!r}") from error
    return _identity(found.claims, provider)


def _identity(claims: Mapping[str, Any], provider: Provider) -> Identity:
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if several and claims.get("azp") != provider.client_id:
        raise SignOnFailed("the ID token was issued to another client")
    value = _plain(claims.get(provider.claim))
    if not value:
        raise SignOnFailed(f"the ID token has no {provider.claim!r}; see OIDC_CLAIM")
    if provider.claim == "email" and claims.get("email_verified") is not True:
        raise SignOnFailed(
            "the provider has not verified the address: anybody may have written it"
        )
    return Identity(
        subject=f"{claims['iss']} {claims['sub']}",
        member=f"{SINGLE_SIGN_ON}{value}",
        name=_plain(claims.get("name"))[:LONGEST_NAME] or value,
    )


def _plain(claim: object) -> str:
    """
    A text in one line. People write their names themselves: what turns the order of words, or
    moves the cursor of a terminal that lists accounts, is left out.
    """
    text = claim if isinstance(claim, str) else ""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
