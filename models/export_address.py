"""Where a partner's file goes: kept for somebody to download, or to the partner's FTP server."""

import re
from datetime import datetime
from ipaddress import ip_address
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import false, true
from sqlalchemy.orm import Mapped, mapped_column

from models import sealed
from models.refused import Refused

KEEP, FTP = "keep", "ftp"
PORT = 21
LONGEST = {"server": 253, "user_name": 100, "directory": 200, "password": 200}  # characters
_LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")


class ExportAddress:
    delivery: Mapped[str] = mapped_column(default=KEEP, server_default=KEEP)
    server: Mapped[str] = mapped_column(default="", server_default="")
    port: Mapped[int] = mapped_column(default=PORT, server_default=str(PORT))
    user_name: Mapped[str] = mapped_column(default="", server_default="")
    sealed_password: Mapped[str] = mapped_column(default="", server_default="")  # never shown again
    directory: Mapped[str] = mapped_column(default="", server_default="")
    passive: Mapped[bool] = mapped_column(default=True, server_default=true())
    needs_tls: Mapped[bool] = mapped_column(default=False, server_default=false())
    tls_seen_at: Mapped[datetime | None] = mapped_column(default=None)  # from then on nothing goes there in the clear

    def begin_without_address(self) -> None:
        self.delivery, self.server, self.port, self.user_name, self.sealed_password, self.directory = KEEP, "", PORT, "", "", ""
        self.passive, self.needs_tls, self.tls_seen_at = True, False, None

    @property
    def goes_by_ftp(self) -> bool:
        return self.delivery == FTP

    @property
    def wants_tls(self) -> bool:
        """A server that once spoke TLS and suddenly does not may be another's."""
        return self.needs_tls or self.tls_seen_at is not None

    @property
    def where(self) -> str:
        """``ftp.example.com:2121/in``, for people."""
        return f"{self.server}{'' if self.port == PORT else f':{self.port}'}/{self.directory.strip('/')}".rstrip("/")

    @property
    def missing_address(self) -> list[str]:
        """What an upload needs and is not there, in words."""
        needed = {_("Server address"): self.server, _("User name"): self.user_name, _("Password"): self.sealed_password}
        return [words for words, value in needed.items() if not value] if self.goes_by_ftp else []

    def write(self, typed: dict[str, Any], *, on: bool) -> None:
        """``delivery``, ``server``, ``port``, ``user_name``, ``password`` (empty: the one that is kept stays), ``directory``, ``passive``,
        ``needs_tls``. Raises Refused with every fault; while it is ``on``, nothing may be missing."""
        words = {name: str(typed[name]).strip() for name in ("server", "user_name", "directory")}
        words["password"] = str(typed["password"])
        errors = {name: _too_long(name) for name, text in words.items() if len(text) > LONGEST[name] or not text.isprintable()}
        if words["server"] and not _is_host(words["server"]):
            errors["server"] = _("Give the server's name alone, like ftp.example.com: without ftp://, a port or a path.")
        if not typed["port"] or not 0 < typed["port"] < 65536:
            errors["port"] = _("Give a port from 1 to 65535; 21 is usual.")
        if typed["delivery"] not in {KEEP, FTP}:
            errors["delivery"] = _("Choose one of these.")
        if on and typed["delivery"] == FTP:
            have = {**words, "password": words["password"] or self.sealed_password}
            for name in ("server", "user_name", "password"):
                if not have[name]:
                    errors.setdefault(name, _("It is on and needs this. Switch it off first, or give it."))
        moved = (self.server, self.port) != (words["server"].lower(), typed["port"])
        # else an administrator, or who has taken a session of one, could have it sent to a machine of their own and read it there
        if moved and words["server"] and typed["port"] and self.sealed_password and not words["password"]:
            errors.setdefault("password", _("Another server: give its password again."))
        if errors:
            raise Refused.at(**errors)
        if moved:
            self.tls_seen_at, self.sealed_password = None, ""
        self.server, self.user_name, self.directory = words["server"].lower(), words["user_name"], words["directory"]
        self.port, self.delivery, self.passive, self.needs_tls = typed["port"], typed["delivery"], typed["passive"], typed["needs_tls"]
        if words["password"]:
            self.sealed_password = sealed.seal(words["password"])


def _too_long(name: str) -> Any:
    return _("Please keep it under %(count)s characters, on one line.", count=LONGEST[name])


def _is_host(text: str) -> bool:
    try:
        return ip_address(text) is not None
    except ValueError:
        return all(map(_LABEL.fullmatch, text.split(".")))
