"""Which websites may show the widget, and whose page a request comes from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.chat.sessions import PAGE, PROGRAM
from bot.words.directory import Directory

# What a browser says about a request that no other website made: it is from a page of
# the same origin, or from none, as when somebody loads a page again.
SAME_SITE = ("same-origin", "none")


class Origins:
    """The exact origins of data/forces.yml, and this server's own."""

    def __init__(self, directory: Directory) -> None:
        self._of = {k: f.origins for k, f in directory.forces.items()}
        self._all = tuple(origin for found in self._of.values() for origin in found)

    def may_frame(self, force: str | None) -> tuple[str, ...]:
        """Which websites may show a force's widget, as sources for `frame-ancestors`.

        Args:
            force: A key of data/forces.yml; None or unknown: the sites of all forces.
        """
        # 'self' is /embed-demo.
        return ("'self'", *self._of.get(force or "", self._all))

    def sender(self, headers: Mapping[str, str], host: str) -> str | None:
        """Whose page sent a request, judged by what no page can make its browser say.

        An old browser that names no `Origin` with a form names the page as `Referer`,
        unless that page forbids it; those of this site do not.

        Args:
            headers: Those of the request.
            host: This server's own host and port, as the request named it.

        Returns:
            `PAGE`: one of this site. An origin of data/forces.yml: that website's.
            `PROGRAM`: nothing says that it was a page. None: another website's.
        """
        named = headers.get("origin")
        if named is None and (page := headers.get("referer")) is not None:
            named = _origin(page)
        if self.listed(named):
            return named
        relation = headers.get("sec-fetch-site")
        # It also tells http:// from https:// at the same host.
        if relation not in (None, *SAME_SITE):
            return None
        if named is not None:
            return PAGE if _netloc(named) == host else None
        return PAGE if relation == "same-origin" else PROGRAM

    def listed(self, origin: str | None) -> bool:
        """Whether an origin is one of those in data/forces.yml."""
        return origin in self._all


def _origin(address: str) -> str:
    """The origin of a page's address; empty if it is not an address."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as http://[
        return ""
    return f"{parts.scheme}://{parts.netloc}"


def _netloc(origin: str) -> str:
    return _origin(origin).partition("://")[2]
