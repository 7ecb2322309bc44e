"""What a person may mean who writes more than the one word that ends consent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import keyword
from models.refusal import REFUSAL, STOP, meant

STOPS = [
    "Please stop the work",
    "stop the work!",
    "STOP. I need to talk to my insurance first",
    "I want you to stop right now",
    "Can you hold off until tomorrow?",
    "please cancel my appointment",
    "Don't start yet",
    "do not go ahead with the brakes",
    "Por favor paren el trabajo",
    "Detengan la reparación",
    "no sigan por favor",
    "quiero cancelar",
    "Stop alstublieft met de reparatie",
    "Kunt u stoppen?",
    "Graag nog niet beginnen",
    "ik wil annuleren",
]
REFUSALS = [
    "don't text me",
    "Dont text me anymore",
    "DO NOT MESSAGE THIS NUMBER",
    "no more messages please",
    "No more texts!",
    "please stop texting me",
    "stop sending me messages",
    "Quit messaging me.",
    "I don’t want these texts",
    "I do not want to get any messages",
    "never contact me again",
    "unsubscribe me please",
    "please opt me out",
    "take me off your list",
    "remove my number",
    "leave me alone",
    "Wrong number",
    "No me escriban más",
    "no me envíe mensajes",
    "no quiero más mensajes",
    "Dejen de mandarme mensajes",
    "deje de escribirme",
    "quiero darme de baja",
    "Número equivocado",
    "Geen sms'jes meer",
    "geen berichten meer aub",
    "stuur mij geen berichten",
    "Niet meer sms'en",
    "stop met berichten sturen",
    "Ik wil me afmelden",
    "Verkeerd nummer",
]
NOTHING = [
    "",
    "🚗",
    "ok thanks",
    "Is it ready?",
    "I'll stop by at 5",
    "Can I stop over after lunch?",
    "I am at the bus stop",
    "The brakes don't stop well",
    "The car won't stop squeaking",
    "It does not stop in the rain",
    "The start-stop does not work",
    "by the end of the week",
    "Can you text me when it is done?",
    "Please send me a message",
    "I did not get your text",
    "¿Está listo para el viernes?",
    "Mándeme un mensaje, por favor",
    "Voy para allá",
    "Is hij klaar?",
    "Stuur maar een berichtje als hij klaar is",
    "Ik kom om vijf uur",
    "Yes, do the brakes",
    "No, not the wipers",
    "No problem, text me anytime",
]


@pytest.mark.parametrize("text", STOPS)
def test_who_may_want_the_work_stopped_is_heard(text: str) -> None:
    assert meant(text) == STOP


@pytest.mark.parametrize("text", REFUSALS)
def test_who_may_want_no_more_texts_is_heard(text: str) -> None:
    assert meant(text) == REFUSAL


@pytest.mark.parametrize("text", NOTHING)
def test_who_means_neither_rings_no_alarm(text: str) -> None:
    assert meant(text) is None


@given(st.sampled_from(STOPS + REFUSALS + NOTHING), st.sampled_from(["", "!", " …", "\n", " 🙏", "."]), st.booleans())
def test_case_and_punctuation_around_it_do_not_matter(text: str, after: str, loud: bool) -> None:
    assert meant(f"  {text.upper() if loud else text}{after}") == meant(text)


@given(st.sampled_from(sorted(keyword.STOP)), st.sampled_from(["please {} the work", "I said {}, ok?", "{} {} {}"]))
def test_a_stop_word_in_a_sentence_is_never_taken_for_that_word_alone(word: str, sentence: str) -> None:
    text = sentence.format(word, word, word)
    assert keyword.meaning(text, "") is None


@given(st.text(max_size=300))
def test_no_text_is_too_odd_to_be_read(text: str) -> None:
    assert meant(text) in {None, STOP, REFUSAL}
