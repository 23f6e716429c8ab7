import math

import pytest

from ocr_core.correction.languages import language_of, log_frequency_anywhere

TEXTS = {
    "en": "the people who lived there would have received money from their government every year",
    "de": "sehr geehrte damen und herren wir haben ihre bestellung erhalten und werden sie senden",
    "fr": "nous avons reçu votre lettre dans laquelle vous nous demandez de faire une réponse",
    "es": "hemos recibido la carta en la que nos pide que le demos una respuesta para el lunes",
    "it": "abbiamo ricevuto la lettera con la quale ci chiede di dare una risposta per lunedì",
    "pt": "não recebemos a carta em que você nos pede uma resposta, mas já estamos a fazer isso",
    "nl": "wij hebben uw brief ontvangen en zullen het geld zo snel mogelijk naar u sturen",
    "sv": "vi har fått ert brev och kommer att skicka pengarna till er så snart som möjligt",
}


@pytest.mark.parametrize("language", TEXTS)
def test_common_words_tell_the_language(language):
    assert language_of(TEXTS[language].split()) == language


@pytest.mark.parametrize(
    "text",
    ["", "the", "xqzv brrt 7up", "total 12 34 56 tel fax no 9", "acme widget gmbh ltd foo bar"],
)
def test_a_few_words_or_codes_tell_none(text):
    assert language_of(text.split()) is None


def test_names_and_misread_words_do_not_matter():
    text = TEXTS["en"] + " mrs dashwood barton thcir rnoney wonld"
    assert language_of(text.split()) == "en"


def test_a_page_of_what_nobody_lists_has_no_language():
    noise = " ".join(f"zzq{number}" for number in range(80))
    assert language_of((TEXTS["en"] + " " + noise).split()) is None


def test_a_word_is_as_common_as_where_it_is_commonest():
    assert log_frequency_anywhere("sono") > log_frequency_anywhere("song") > -12
    assert log_frequency_anywhere("thcir") == -math.inf
