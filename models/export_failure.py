"""Why a file did not arrive, in plain words with what to do. Codes are those of ``jobs.gateways.ftp``."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "no_such_host": _l("No server has this name. Look at the server address."),
    "inside": _l("The server's name leads into a private network, where nothing is sent. Look at the server address."),
    "silent": _l("The server does not answer. It may be down, or the port may be wrong."),
    "refused": _l("Nobody answers at this port. Look at server address and port."),
    "certificate": _l("The server's certificate is not one for this name, or has run out. Ask the partner; the password was not sent."),
    "tls": _l("The encrypted connection could not be made. The password was not sent."),
    "no_tls": _l("The server spoke TLS before and does not any more, or it must. Nothing was sent in the clear. Ask the partner."),
    "login": _l("The server refused user name or password. Look at both."),
    "directory": _l("The directory is not there, or may not be opened. Look at it, or leave it blank."),
    "full": _l("The partner's disk is full, or the shop's share of it. Tell the partner."),
    "denied": _l("The server does not let this user store files here. Tell the partner, or look at the directory."),
    "data": _l("The server could not be reached for the file itself. Try passive mode on, or off."),
    "cut": _l("The connection broke. It goes on where it stopped."),
    "size": _l("What arrived is not as long as what was sent. It is sent anew."),
    "rename": _l("The file arrived under its temporary name, and the server would not rename it. Tell the partner."),
    "later": _l("The server asks to come later."),
    "protocol": _l("The server answered something that makes no sense."),
    "password": _l("The password that is kept can't be read any more, since DATA_KEY was changed. Type it again."),
    "lost": _l("The worker that sent it was ended. It goes on where it stopped."),
    "erased": _l("A customer in it was erased on request meanwhile. It is made anew without them."),
    "ours": _l("Making or sending it went wrong here, and it has been noted. The operator should look at the log."),
}


def words_for(code: str) -> str:
    return str(WORDS.get(code, WORDS["ours"])) if code else ""
