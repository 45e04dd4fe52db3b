"""Which websites may show the widget, and from which a conversation may be posted."""

from __future__ import annotations

from urllib.parse import urlsplit

from bot.words.directory import Directory


class Origins:
    """The exact origins of data/forces.yml, and this server's own."""

    def __init__(self, directory: Directory) -> None:
        self._of = {k: f.origins for k, f in directory.forces.items()}
        self._all = tuple(origin for found in self._of.values() for origin in found)

    def may_frame(self, force: str | None) -> tuple[str, ...]:
        """Who may show the widget of a force, as sources of `frame-ancestors`.

        Args:
            force: A key of data/forces.yml; None or unknown: the sites of all forces.
        """
        # 'self' is /embed-demo.
        return ("'self'", *self._of.get(force or "", self._all))

    def may_post(self, origin: str | None, host: str) -> bool:
        """Whether a conversation may come from a page.

        Args:
            origin: The header `Origin`; None when it is not sent, as by a program.
            host: This server's own host and port, as the request named it.
        """
        if origin is None or origin in self._all:
            return True
        try:
            return urlsplit(origin).netloc == host
        except ValueError:  # such as http://[
            return False

    def listed(self, origin: str | None) -> bool:
        """Whether an origin is one of those in data/forces.yml."""
        return origin in self._all
