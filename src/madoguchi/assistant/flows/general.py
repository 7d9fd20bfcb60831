"""Not about an order: the limits of the assistant, other desks, languages, reading aids; and what goes to a person."""

from __future__ import annotations

import re

from madoguchi.assistant.flows import flow
from madoguchi.assistant.questions import Heard, Option
from madoguchi.assistant.steps.articles import tell_article
from madoguchi.assistant.steps.deeds import ways_out
from madoguchi.assistant.steps.told import has_said, pattern
from madoguchi.assistant.steps.topics import topic_options
from madoguchi.assistant.talk import Outcome, Talk
from madoguchi.assistant.wording import LANGUAGES, words
from madoguchi.kit.languages import NAMES

_TONGUES = {
    "ja": r"日本語|にほんご|japanese|일본어|日[语語文]",
    "en": r"英語|えいご|english|영어|英[语語文]",
    "zh-Hans": r"簡[体體]|简体|中[国國][語语話话]|(?<![繁體体])中文|(?<!traditional )chinese|mandarin|普通[话話]|(?<!번체 )중국어|간체",
    "zh-Hant": r"繁体|繁體|正體|台湾|台灣|臺灣|香港|traditional chinese|cantonese|國語|번체",
    "ko": r"韓国語|韓[國语語文]|韩[国语文]|한국|korean",
}
_OTHER_TONGUES = (
    r"(?:べとなむ|すぺいん|ぽるとがる|ふらんす|どいつ|たい|いんどねしあ|ろしあ|あらびあ|ねぱーる|たがろぐ|ひんでぃー|いたりあ|みゃんまー|もんごる|くめーる|かんぼじあ|うくらいな|とるこ|ぺるしゃ|べんがる|うるどぅー?|しんはら|らお|まれー|ぽーらんど|おらんだ|ぎりしゃ|へぶらい|うずべく|ちべっと)(?:語|ご(?![ぁ-ん]*ざ))|手話|"
    r"vietnamese|spanish|portuguese|french|german|\bthai\b|indonesian|russian|arabic|nepali|tagalog|filipino|hindi|italian|burmese|mongolian|khmer|ukrainian|turkish|persian|farsi|bengali|urdu|sinhala|lao|malay|polish|dutch|greek|hebrew|swedish|uzbek|tamil|sign language|"
    r"(?:越南|西班牙|葡萄牙|法|德|泰|印尼|俄|阿拉伯|尼泊[尔爾]|印地|意大利|[缅緬]甸|蒙古|高棉|柬埔寨|[乌烏]克[兰蘭]|土耳其|波斯|孟加拉|[马馬][来來]|荷[兰蘭]|波[兰蘭]|希[腊臘]|菲律[宾賓])[语語文][话話]?|印尼[话話]|客家[话話]?|[闽閩]南|台[语語]|手[语語]|"
    r"(?:베트남|스페인|포르투갈|프랑스|독일|태국|인도네시아|러시아|아랍|네팔|타갈로그|힌디|이탈리아|미얀마|몽골|크메르|캄보디아|우크라이나|튀르키예|터키|페르시아|벵골|우르두|라오스|말레이|폴란드|네덜란드|그리스|히브리|우즈베크)어|수어|수화"
)


@flow("general.out_of_scope")
async def out_of_scope(talk: Talk) -> Outcome:
    """Short limits, the list of what it can do, and how to reach a person (BOT-029)."""
    talk.say("scope.limits")
    talk.say("scope.can_do")
    return await ways_out(talk, topic_options(talk.language), "scope", "what_next")


@flow("general.legal", queue="supervisor")
async def legal(talk: Talk) -> Outcome:
    """Never answered here: the form of the compliance desk, or its people where the shop has none (BOT-052)."""
    form = talk.scene.settings.shop.legal_form_url
    if not form:
        talk.say("legal.person")
        return talk.hand_over("legal", queue="supervisor", priority=2)
    talk.say("legal.form")
    talk.show({"kind": "link", "title": talk.words("legal.link"), "url": form})
    talk.has_tried("linked", page=talk.words("legal.link"))
    return Outcome("other_channel", "compliance_form")


@flow("general.site_usage")
async def site_usage(talk: Talk) -> Outcome:
    """Where things are: orders, history, the help pages; else a person (HLP-012)."""
    if not tell_article(talk, talk.kind):
        talk.say("site.where")
        talk.show(
            {"kind": "link", "title": talk.words("site.help"), "url": f"{talk.scene.settings.base_url}/help"}
        )
    return await ways_out(talk, topic_options(talk.language), "site", "what_next")


@flow("support_service.accessibility")
async def accessibility(talk: Talk) -> Outcome:
    """Larger letters, contrast, keyboard, reading aloud: where it is set, and what can be done by voice (A11Y)."""
    talk.say("accessibility.how")
    page = {"title": talk.words("accessibility.page"), "url": f"{talk.scene.settings.base_url}/accessibility"}
    talk.show({"kind": "link", **page})
    talk.has_tried("linked", page=page["title"])
    return talk.answered()


@flow("support_service.language_support", queue="interpreter")
async def language_support(talk: Talk) -> Outcome:
    """Which language; ours are spoken at once, for others an interpreter is asked (LNG-002, LNG-004)."""
    options = [Option(code, NAMES[code], named_by=named) for code, named in _TONGUES.items()]
    if has_said(talk) and (meant := _tongue_meant(talk)):
        talk.given.setdefault("language", meant)
    wanted = await talk.choose(
        "language",
        "language.which",
        [*options, Option("other", talk.words("button.other_language"), named_by=_OTHER_TONGUES)],
    )
    if wanted in LANGUAGES:
        talk.tell(words(wanted, "language.speaks"))
        return Outcome("action", "switch_language", language=wanted)
    talk.fact("language", talk.words("button.other_language"))
    talk.say("language.interpreter")
    return talk.hand_over("language", queue="interpreter")


def _tongue_meant(talk: Talk) -> str:
    """The language asked for: not the one that they say they do not speak; theirs, where they name no other."""
    for heard in reversed(talk.said):
        if not heard.text or heard.key:
            continue
        not_spoken = pattern("language.not_spoken", heard.understanding.language)
        found = _named_in(not_spoken.sub(" ", heard.folded))
        if found or not not_spoken.search(heard.folded):
            return found
        return _written_in(heard, talk)
    return ""


def _named_in(folded: str) -> str:
    ours = [code for code, named in _TONGUES.items() if re.search(named, folded)]
    if "zh-Hant" in ours and "zh-Hans" in ours:
        ours.remove("zh-Hans")  # "traditional Chinese" is both
    if len(ours) == 1:
        return ours[0]
    return "other" if not ours and re.search(_OTHER_TONGUES, folded) else ""


def _written_in(heard: Heard, talk: Talk) -> str:
    """Whoever writes "I don't read Japanese" in English wants English."""
    language = heard.understanding.language
    return language if language in LANGUAGES and language != talk.scene.settings.shop.languages[0] else ""


async def for_a_person(talk: Talk) -> Outcome:
    """A kind without a script: its article where there is one; else a person, with the customer's words kept."""
    if tell_article(talk, talk.kind):
        return talk.answered()
    talk.say("no_script.understood")
    detail = await talk.own_words("detail", "no_script.detail", ("person", "leave"))
    if detail == "leave":
        talk.say("nothing.left_as_is")
        return Outcome("nothing")
    if detail != "person":
        talk.fact("detail", detail)
    return talk.hand_over("no_script")
