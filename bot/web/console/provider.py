"""What a single sign-on is asked over HTTP: where its parts are, its keys, a token for a code."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote_plus, urlsplit

import aiohttp

from bot.accounts.openid import Provider
from bot.errors import SignOnFailed

TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
MOST_BYTES: Final = 256 * 1024
PARTS: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The addresses of a provider, as it tells them itself."""

    authorization: str
    token: str
    keys: str
    posts_secret: bool  # it takes our secret as a field of the form only


async def places(provider: Provider) -> Places:
    """OpenID Connect Discovery 1.0. Raise SignOnFailed."""
    told = await _asked("GET", f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise SignOnFailed(f"the provider calls itself {told.get('issuer')!r}; see OIDC_ISSUER")
    authorization, token, keys = (_safe(told.get(part), part) for part in PARTS)
    ways = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
    posts = isinstance(ways, list) and "client_secret_basic" not in ways
    return Places(authorization=authorization, token=token, keys=keys, posts_secret=posts)


async def keys(of: Places) -> Mapping[str, Any]:
    """Its JWK set as it is now. Raise SignOnFailed."""
    return await _asked("GET", of.keys)


async def id_token(of: Places, provider: Provider, code: str, verifier: str, back: str) -> str:
    """The token that a code is good for, once. Raise SignOnFailed."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": provider.client_id,
        "code_verifier": verifier,
    }
    headers = {}
    if provider.secret and of.posts_secret:
        form["client_secret"] = provider.secret
    elif provider.secret:  # each of them encoded first, as RFC 6749 section 2.3.1 asks
        login = (quote_plus(provider.client_id), quote_plus(provider.secret))
        headers["Authorization"] = aiohttp.encode_basic_auth(*login)
    told = await _asked("POST", of.token, form=form, headers=headers)
    token = told.get("id_token")
    if not isinstance(token, str):
        raise SignOnFailed("the provider gave no ID token")
    return token


def _safe(address: object, part: str) -> str:
    """Raise SignOnFailed for an address whose answers anybody on the way could change."""
    found = urlsplit(address if isinstance(address, str) else "")
    if found.scheme == "https" or (found.scheme == "http" and found.hostname in LOOPBACK):
        return found.geturl()
    raise SignOnFailed(f"{part} of the provider is {address!r}; it must begin with https://")


async def _asked(
    method: str,
    address: str,
    *,
    form: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Mapping[str, Any]:
    """Its answer, a JSON object. Nothing of a request is told: it may hold our secret."""
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as http,
            http.request(
                method,
                _safe(address, "an address"),
                data=form,
                headers=headers,
                allow_redirects=False,
            ) as response,
        ):
            if response.status != 200 or (response.content_length or 0) > MOST_BYTES:  # noqa: PLR2004 - OK
                raise SignOnFailed(f"{urlsplit(address).path} answered {response.status}")
            told = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise SignOnFailed(f"{urlsplit(address).netloc}: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise SignOnFailed(f"{urlsplit(address).path} gave no JSON object")
    return told
