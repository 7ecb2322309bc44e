"""Whether a partner's server takes a file from here, as it was found when somebody tried: logged in, a tiny file there and away again."""

from typing import TYPE_CHECKING

from flask_babel import gettext as _

from models.actor import Actor
from models.export_failure import words_for
from models.export_setup import ExportSetup
from models.setup_check import FTP, STEPS, Finding, SetupCheck
from models.setup_item import Mark, SetupItem

if TYPE_CHECKING:
    from models.export_partner import Partner
    from models.shop import Shop


class ExportTrial:
    def __init__(self, shop: "Shop", partner: "Partner") -> None:
        self.shop, self.kind, self.setup = shop, FTP[partner], ExportSetup.of(shop, partner)
        self.check = SetupCheck.newest(shop, self.kind)

    @property
    def missing(self) -> str:
        """Why there is nothing to try, as a sentence."""
        if not self.setup.goes_by_ftp:
            return _("Files are kept for download: there is no server to try.")
        if self.setup.missing_address:
            return _("To try it, first save: %(what)s.", what=", ".join(self.setup.missing_address))
        return ""

    @property
    def looking(self) -> str:
        return self.check.now_looking_at if self.check else ""

    @property
    def items(self) -> list[SetupItem]:
        """Up to where it went wrong."""
        found: list[SetupItem] = []
        for step in STEPS[self.kind]:
            found.append(self._item(step))
            if found[-1].mark is Mark.wrong:
                break
        return found

    def begin(self, *, by: Actor) -> None:
        """With the address that is saved; nothing where there is no server to try."""
        if not self.missing:
            SetupCheck.begin(self.shop, self.kind, by=by)

    def _item(self, step: str) -> SetupItem:
        finding = (self.check.found(step) if self.check else None) or Finding(step, "unchecked")
        title = self._title(step)
        if finding.code == "good":
            return SetupItem(step, Mark.good, title, self._went_well(finding))
        if finding.code == "unchecked":
            return SetupItem(step, Mark.unchecked, title, _("Nobody has tried it with what is saved now."))
        if finding.code == "silent" and step != "server":
            return SetupItem(step, Mark.unchecked, title, _("It was not tried, or did not answer."))
        said = f" “{finding.note}”" if finding.note else ""
        return SetupItem(step, Mark.wrong, title, f"{words_for(finding.code)}{said}")

    def _title(self, step: str) -> str:
        if step == "server":
            return _("Logs in at %(server)s", server=self.setup.server)
        if step == "directory":
            return _("Opens the directory %(name)s", name=self.setup.directory) if self.setup.directory else _("Opens the first directory")
        return _("Takes a file, names it, and removes it")

    def _went_well(self, finding: Finding) -> str:
        if finding.note == "in_clear":
            return _("User name and password are right. The server offers no TLS: they went unencrypted, and so will the file.")
        if finding.note == "left":
            return _("It takes files and names them, and lets this user remove none: a small file with “test” in its name is still there.")
        words = {
            "server": _("User name and password are right, and the connection is encrypted."),
            "directory": _("It is there."),
            "file": _("A small file arrived whole, got its name, and was taken away again."),
        }
        return words[finding.step]
