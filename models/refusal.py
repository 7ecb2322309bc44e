"""What a person may mean who writes more than the one word that ends consent: stop the work, or stop the texts. Judged by a person."""

import re

from models.customer_key import fold

STOP, REFUSAL = "stop", "refusal"

_TEXTS = r"(?:text|texts|txt|txts|message|messages|msg|msgs|sms|smses|smsjes|appjes|berichten|berichtjes|mensajes|mensajitos|textos)"
_WRITING = r"(?:text|texting|txt|message|messaging|msg|sms|contact|contacting|writ|send|spam|bother)\w*"
_REFUSALS = (
    # English
    rf"(?:dont|do not|never|please no|cant you not) (?:you )?(?:ever |keep |want you to )?{_WRITING}",
    rf"(?:stop|quit|cease|no) {_WRITING}",
    rf"(?:stop|end|cancel|quit|no|without) (?:(?:all|any|the|these|those|this|your|with|more|further|automatic|me|sending) )*{_TEXTS}",
    rf"(?:dont|do not|no longer|not) (?:\w+ ){{0,2}}(?:want|need|wish|like) (?:\w+ ){{0,4}}{_TEXTS}",
    r"(?:unsubscribe|optout|opt (?:me )?out|revoke|stopall|leave me alone|lose (?:my|this) number)",
    r"(?:take|remove|delete) (?:me|us|my number|this number|my phone|my phone number)(?: (?:off|from|out)|$)",
    r"wrong (?:number|person)",
    # Spanish
    r"no (?:me|nos|le) (?:vuelva\w* a )?(?:envi|mand|escrib|mensaj|text|contact|molest)\w*",
    rf"(?:no|sin|basta de|cancel\w+|par\w+ de|dej\w+ de) (?:(?:mas|enviar\w*|mandar\w*|recibir|quiero|quisiera|los|estos|sus) )*{_TEXTS}",
    r"dej\w+ de (?:envi|mand|escrib|mensaj|text|contact|molest)\w*",
    r"(?:dar|darme|deme|denme|dame) de baja|quit\w+ mi numero|borr\w+ mi numero|numero equivocado|dejenme en paz",
    # Dutch
    r"(?:geen|stop\w* met(?: het)?|zonder) (?:(?:de|die|deze|meer|verdere|sturen|automatische|van) )*"
    r"(?:sms\w*|berichten|berichtjes|appjes|texts?|appen|texten|sturen)",
    r"(?:sms|stuur|app|text|benader|bericht)\w* (?:\w+ ){0,3}(?:niet|niets|geen|niks)",
    r"(?:niet|niets|niks) (?:meer )?(?:sms\w*|sturen|appen|texten|berichten|benaderen|lastigvallen)",
    r"(?:wil|wens|wensen|willen) (?:\w+ ){0,3}(?:sms\w*|berichten|berichtjes) (?:meer )?(?:niet|ontvangen niet)",
    r"afmelden|uitschrijven|meld (?:me|mij) af|schrijf (?:me|mij) uit|verkeerd(?:e)? nummer|laat (?:me|mij) met rust",
)
_STOPS = (
    r"stop|stopp|halt|quit|cancel|hold off|dont (?:start|continue|begin)|do not (?:start|continue|begin|proceed|go ahead|do)"
    r"|end (?:the|this|all|my) \w+",
    r"pare|paren|parar|parad|deten\w*|deteng\w*|cancel(?:ar|e|en|a|enlo|elo)|suspend\w*|no (?:sigan?|continuen?|empiecen?|hagan?)",
    r"stoppen|stopt|ophouden|houd? op|annuleer|annuleren|niet (?:verder|doorgaan|beginnen|repareren)|nog niet beginnen",
)
# what a customer of a garage writes with that word in it and means nothing by
_HARMLESS = (
    r"(?:dont|do not|wont|will not|doesnt|does not|didnt|did not|cant|cannot|can not|never|not|hard to|slow to|to a full|full) stop",
    r"stop (?:by|in|over|off|at|round|around|there|here|sign|light|lights|lamp|and go|start|after work|tomorrow|today|on my way)",
    r"(?:bus|pit|non|truck|rest|whistle|door|start|one|next|last) stop",
    r"(?:brakes?|car|truck|van|auto|it|wheels?) (?:\w+ )?stop(?:s|ped)?",
)


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(patterns)})\b")


_REFUSED, _STOPPED, _SPARED = _any(_REFUSALS), _any(_STOPS), _any(_HARMLESS)


def meant(text: str) -> str | None:
    """``refusal`` where somebody may want no more texts, ``stop`` where they may want the work stopped, else None.

    Case, accents and punctuation don't matter; English, Spanish and Dutch. Rather once too often than once too little.
    """
    letters = "".join(character for character in fold(text) if character not in "'’‘`")
    words = " ".join("".join(character if character.isalnum() else " " for character in letters).split())
    if _REFUSED.search(words):
        return REFUSAL
    return STOP if _STOPPED.search(_SPARED.sub(" ", words)) else None
