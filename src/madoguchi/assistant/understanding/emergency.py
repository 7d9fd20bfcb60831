"""Messages that must not wait: a stolen account, an abused card, danger to a person (ACC, BOT-050, HND-011).

Patterns, not scores, in five languages: a missed emergency costs more than a rule that is long.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from madoguchi.assistant.understanding import emergency_chinese_korean as zh_ko
from madoguchi.assistant.understanding.chinese import simplified

SELF_HARM = "self_harm"
SAFETY = "safety"
ACCOUNT_TAKEOVER = "account_security.account_takeover"
CARD_FRAUD = "account_security.card_fraud"
CREDENTIALS_DISCLOSED = "phishing_impersonation.credentials_disclosed"
FRAUD_VICTIM = "phishing_impersonation.fraud_victim"
MISDELIVERY = "order_delivery.misdelivery"
UNRECOGNIZED_ORDER = "account_security.unrecognized_order"
KINDS = frozenset(
    (ACCOUNT_TAKEOVER, CARD_FRAUD, CREDENTIALS_DISCLOSED, FRAUD_VICTIM, MISDELIVERY, UNRECOGNIZED_ORDER)
)

_STRANGER = r"(?:誰か|だれか|第三者|他人|(?:他|ほか|別)の(?:人|ひと)|自分(?:では|じゃ)ない(?:人|誰か|端末)?|知らない(?:人|ひと|誰か|やつ|端末|場所|国|所|ところ|機器)|見知らぬ(?:人|端末|場所)|何者か|別人|別の(?:人|誰か)|身に覚えのない(?:人|端末|場所)|犯人|外国|海外)"
_SOMEONE = r"(?:some(?:one|body)(?: else)?|an? (?:stranger|hacker|thief|intruder|criminal|fraudster|crook|unknown (?:person|device)|person i don'?t know)|hackers?|strangers?|another person|a third party|people i don'?t know|my ex|thieves)"

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        SELF_HARM,
        re.compile(
            r"死にたい|死のう(?:と|か)|しにたい|自殺(?:したい|する|しよう|します|を考)|消えてしまいたい|生きて(?:い)?(?:たくな|るのがつら|られな)|命を絶|もう生きられ|リスカ|りすか|自傷|"
            r"\b(?:kill(?:ing)? myself|suicid(?:e|al)|end(?:ing)? my (?:own )?life|want to die|wanna die|(?:don'?t|do not) want to (?:live|be alive)|hurt(?:ing)? myself|self[- ]harm|no reason to live)\b|"
            + zh_ko.SELF_HARM
        ),
    ),
    (
        SAFETY,
        re.compile(
            r"発火|出火|火が(?:出|つい|付い|噴|ふい|あが|上が)|火を(?:噴|吹|ふ)|煙が(?:出|で|あが|上が|立)(?!ない)|けむりが(?:出|で)|発煙|白煙|黒煙|燃え(?:た|まし|て|そう|ちゃ|だし|上が|移)|爆発(?!的)|破裂(?:し|音)|焦げ臭|焦げくさ|こげくさ|焦げた(?:におい|匂い|臭い)|感電|ばち(?:ばち|っ)と.{0,6}(?:火花|電気)|火花が|漏電|"
            r"(?:火傷|やけど|ヤケド)(?:し|を(?:し|負)|した|です|しま|にな)|(?:怪我|けが)(?:し|を(?:し|負)|人|させ|が)(?!ないように|そう|なく|にくい)|流血|出血(?:し|が)|血が(?:出|止ま)|切れて血|誤飲|飲み込(?:んで|みま|んだ)|"
            r"(?:ばってりー|電池|すまほ|ばっくぱねる|本体).{0,8}(?:膨張|膨ら|ふくらん|膨れ)|(?:異常に|触れないほど|触れないくらい|持てないほど)(?:熱|発熱)|ガス漏れ|がす漏れ|(?:食中毒|アレルギー|あれるぎー)(?:に|を|が|反応|症状)(?!なら|対応)|じんましん|蕁麻疹|救急(?:車|搬送)|病院に(?:運|行き|行く|搬)|入院し|窒息|"
            r"殺(?:す|して(?:やる|やり)|され|しに)|脅(?:され|迫|し)|(?:配達員|ドライバー|どらいばー|業者|出品者|男).{0,12}(?:殴|暴力|襲|触られ|つきまと|すとーかー|押し入|怒鳴り込)|爆破|"
            r"\b(?:caught (?:on )?fire|on fire\b(?! tv)|burst(?:ing)? into flames|(?:started|start|starts|starting) (?:a )?(?:fire|smoking|to smoke|sparking|burning)|set (?:my|our|the) .{1,20} on fire|flames?\b|smoke (?:is |was |came |coming |started |pouring )|smoking(?! (?:accessor|pipe|jacket|area|cessation))|sparks?\b(?! joy)|sparking|explod(?:ed|es?|ing)|explosion|blew up|electric(?:al)? shock|electrocut\w+|shocked (?:me|my)|got (?:a )?shock|"
            r"burn(?:t|ed|s|ing)? (?:my|her|his|our|me|him|their) (?:hand|finger|face|arm|leg|skin|daughter|son|child|baby|wife|husband|house|table|floor|carpet|mouth|desk)\w*|(?:got|have|suffered|with) (?:a )?(?:\w+ )?burns?\b(?! (?:rate|cd))|burning smell|smells? (?:like (?:it'?s )?)?burn\w*|"
            r"injur(?:ed|y|ies)|bleeding|cut (?:my|his|her) (?:hand|finger|arm|leg|face)|hurt (?:my|his|her|our) (?:hand|finger|child|daughter|son|kid|baby|eye|back|foot)|swallowed|chok(?:ed|ing)|poison\w*|allergic reaction|rash (?:all|on|from)|(?:went|rushed|taken) to (?:the )?(?:hospital|er|emergency room)|ambulance|hospitali[sz]ed|"
            r"(?:battery|phone|laptop|pack) .{0,15}(?:swollen|swelled|bulging|swelling|overheat\w*)|(?:swollen|bulging) battery|too hot to (?:touch|hold)|gas leak|"
            r"kill (?:you|me|him|her|them)|threaten(?:ed|ing|s)?(?: to (?:hurt|kill|harm|beat))? (?:me|us|my|him|her)|death threat|(?:driver|courier|seller|delivery (?:man|guy|person)) .{0,20}(?:hit|punched|assaulted|attacked|grabbed|harass\w+|followed|stalk\w+)|stalking me|bomb threat)\b|"
            + zh_ko.SAFETY
        ),
    ),
    (
        CREDENTIALS_DISCLOSED,
        re.compile(
            r"(?:かーど(?:番号|情報|の番号)?|暗証番号|ぱすわーど|口座(?:番号|情報)?|個人情報|住所|認証こーど|確認こーど|ろぐいん情報|せきゅりてぃこーど|id)[^。！？!?\n]{0,18}(?:入力|入れ|打ち込|打っ|教え|伝え|送(?:っ|信)|記入|登録)(?:し|て)?(?:て)?(?:しま(?:った|いました)|ちゃ(?:った|いました)|じゃ(?:った|いました))|"
            r"(?:偽|にせ|ふぃっしんぐ|詐欺|怪しい|不審な|迷惑)[^。！？!?\n]{0,14}(?:り?んく|url|めーる|さいと|ぺーじ)[^。！？!?\n]{0,14}(?:入力|開い|くりっく|押し|たっぷ|登録|あくせす)[^。！？!?\n]{0,4}(?:しま(?:った|いました)|ちゃ(?:った|いました))|"
            r"\b(?:entered|typed|gave|put|submitted|shared|filled)\b.{0,30}\b(?:password|card (?:details|number|info\w*)|credit card|pin|bank details|details|login|one[- ]time code|verification code|info\w*)\b.{0,50}\b(?:fake|phishing|scam\w*|suspicious|fraud\w*|wasn'?t (?:you|real|genuine|legit)|not (?:you|real|genuine|legit)|impostor|imposter)\b|"
            r"\b(?:fake|phishing|scam|suspicious|fraudulent)\b.{0,40}\b(?:and i (?:entered|typed|gave|put|submitted|clicked|logged in)|i (?:entered|typed|gave|clicked))|\bi (?:clicked|opened|tapped)\b.{0,20}\b(?:phishing|fake|scam|suspicious|dodgy)\b|\bi (?:fell for|got phished)\b|\bgave (?:my|them my|him my|the caller my|her my) (?:password|card|pin|code|bank|one[- ]time)\b|"
            + zh_ko.CREDENTIALS_DISCLOSED
        ),
    ),
    (
        CARD_FRAUD,
        re.compile(
            r"(?:かーど|くれか|くれじっと)[^。！？!?\n]{0,16}(?:不正(?:に)?(?:利用|使用|使|請求|決済|被害)|勝手に(?:使|決済|買|引|利用)|悪用|盗用|盗まれ|盗難|すきみんぐ|抜かれ|"
            rf"{_STRANGER}(?:に|が)(?:使|利用|買|決済)|知らないうちに(?:使|決済)|使われ(?:た|て|ま))|(?:不正(?:利用|使用|決済)|悪用|盗難|盗まれた)[^。！？!?\n]{{0,10}}(?:かーど|くれか)|(?:かーど|くれか)を(?:盗|なくし|失くし|紛失|落とし|すられ)|かーど会社から.{{0,8}}不正|{_STRANGER}(?:に|が)(?:私の|わたしの|僕の|自分の|うちの)?(?:くれじっと)?かーど(?:を|で)|"
            rf"\b(?:card|visa|mastercard|amex|debit)\b.{{0,45}}\b(?:stolen|fraud\w*|used without|without my (?:permission|knowledge|consent|authori[sz]ation)|unauthori[sz]ed|skimmed|cloned|misused|hacked|compromised|used by (?:{_SOMEONE}|someone))\b|"
            r"\b(?:stolen|stole|cloned|compromised|skimmed|lost)\b.{0,15}\b(?:credit card|debit card|bank card|card(?:'s)? (?:details|number|info\w*)|my card|visa|mastercard)\b|\bfraud\b.{0,12}\b(?:my )?(?:credit |debit )?card\b|\b(?:stolen|cloned|skimmed) card\b|\b(?:i )?(?:never|didn'?t|did not) authori[sz]ed? (?:this|these|those|that|any|the)? ?(?:card|charge|payment|transaction)|\bfraud\w* (?:charges?|transactions?|purchases?|payments?|use|activity|on my (?:credit |debit )?card)\b|\b(?:credit|debit|bank) ?card fraud\b|\bcard fraud\b|"
            rf"\b{_SOMEONE}\b.{{0,30}}\b(?:us(?:ed|es|ing)|stole|stolen|charg(?:ed|ing)|has|got|shopping with|spent|spending|buying|bought|paid)\b.{{0,25}}\b(?:my|our|his|her) (?:\w+'?s? )?(?:\w+ )?(?:card|visa|mastercard|amex|credit card)\b|\bunauthori[sz]ed (?:charges?|transactions?|purchases?|payments?|use of my)\b(?!.{{0,15}}policy)|\b(?:charges?|purchases?|transactions?)\b.{{0,15}}\bi (?:didn'?t|did not|never) authori[sz]e\b|"
            + zh_ko.CARD_FRAUD
        ),
    ),
    (
        FRAUD_VICTIM,
        re.compile(
            r"詐欺に(?:あ(?:った|いました|って)|遭|引っ?掛か|ひっかか)|(?:だま|騙)(?:されて|され(?:た|まし)).{0,20}(?:振り?込|払|支払|送金|ぎふとかーど|買|お金|\d円)|(?:振り込|送金し|払っ)(?:んで|てしま|ちゃ).{0,20}(?:詐欺|騙|だま|偽)|(?:偽|詐欺|にせ)(?:の)?(?:さいと|電話|しょっぷ|店|業者|めーる)?[^。！？!?\n]{0,14}(?:振り込|送金|払|支払)(?:んで|って|い|ん|し|っ)|"
            r"\b(?:i (?:was|got|have been|'ve been)|been) scammed\b|\bscammed (?:out of|me (?:out of|into))\b|\b(?:sent|transferred|paid|wired|lost)\b.{0,30}\b(?:to|by|through|in) (?:a |an |the )?(?:scam\w*|fraudsters?|fake (?:site|website|shop|store|seller|agent|support))\b|\bbought gift cards? for (?:a )?(?:scammer|caller|someone (?:claiming|pretending|who said))|"
            + zh_ko.FRAUD_VICTIM
        ),
    ),
    (
        ACCOUNT_TAKEOVER,
        re.compile(
            rf"乗っ取(?:ら|り(?:被害|に|か|を(?:受|さ)|です|の(?:疑|可能|恐|被害))|られ|った)|乗っとら|のっと(?:られ|り(?:被害|かも|です|に))|乗取|^乗っ取り$|^(?:不正|ふせい)(?:ろぐいん|あくせす|利用)(?:です|か?も|被害|されま|され|さ)?|不正(?:な)?(?:ろぐいん|あくせす|しんにゅう|侵入)(?:が(?:あ|見|発|検|疑)|を(?:さ|受|検)|され|さ|の(?:疑|形跡|痕跡|可能|被害|恐|通知)|被害|か|に(?:あ|遭)|ありま|があった|$)|"
            rf"(?:あかうんと|垢|まいぺーじ|会員情報|いd)[^。！？!?\n]{{0,14}}(?:不正(?:に)?(?:利用|使|あくせす|ろぐいん)|勝手に(?:使|ろぐいん|入|変|操作|書き換)|はっく|はっきんぐ|乗っ|侵入|悪用|盗ま|書き換えられ|(?:誰か|他人|第三者)(?:に|が)(?:使|入|ろぐいん|操作|見))|はっきんぐ(?:され|被害|を(?:受|さ))|はっくされ|^はっきんぐ$|"
            rf"{_STRANGER}(?:に|が|から|で|の)[^。！？!?\n]{{0,12}}(?:ろぐいん|さいんいん|あかうんと(?!を(?:作|持|使い方))|入(?:ら|って(?:い|る|ま|き)|り込)|あくせす|ぱすわーど|侵入)|(?:覚え|心当たり|記憶)の(?:ない|無い)[^。！？!?\n]{{0,6}}(?:ろぐいん|さいんいん|あくせす|端末|ぱすわーど変更|めーるあどれす(?:の)?変更|変更)|"
            r"(?:誰か|だれか|他人|別人)[^。！？!?\n]{0,12}(?:id|いd|あかうんと)(?:で|に|を使って)(?:入った|入られ|買い物|注文)|登録(?:して|した覚えの)(?:い)?な[^。]{0,10}勝手に(?:追加|登録)|(?:勝手に|知らない(?:うち|間)に|いつの間にか)[^。！？!?\n]{0,10}(?:ろぐいん|さいんいん|(?:ぱすわーど|めーる(?:あどれす)?|めあど|電話番号|登録情報|名前|住所|届け先|配送先|連絡先)(?:が|を|も)?(?:勝手に)?(?:変え|変わ|変更|書き換|追加|登録))|(?:ぱすわーど|めーるあどれす|めあど|登録情報|登録(?:めーる|電話番号))[^。！？!?\n]{0,10}(?:勝手に|知らない(?:うち|間)に|知らない(?:もの|あどれす|番号)に|いつの間にか|他人に)(?:変|書|別)|"
            r"\b(?:account|profile|login)\b.{0,30}\b(?:hacked|hijack\w*|compromised|taken over|took over|stolen|breached|broken into|hax+ed|used without|accessed by|someone else)\b|\b(?:hacked|hijacked|compromised|stolen) (?:my |our )?account\b|\b(?:hacked|hijacked|broke|breaking|hacking) ?(?:in(?:to)?)? (?:to )?my account\b|\b(?:they|he|she|who|has|have|had|is|was|been) (?:got|gotten|getting|logged|logging|signed|signing|broken) (?:in(?:to)?|on ?to) (?:to )?my account\b(?<!i have logged into my account)|"
            rf"\b{_SOMEONE}\b(?:(?!order|bought|buy|purchas).){{0,30}}\b(?:logged|log|logging|entered|reset|altered|took over|signed|signing|broke|breaking|got|gets|getting|hacked|accessed|accessing|access to|took|taken|stole|changed|changing|is in|been in|is using|used|using|has|controls|added)\b.{{0,25}}\b(?:account|password|passcode|email|e-mail|phone number|login|profile|my name|as me|delivery address|shipping address)\b|"
            r"\b(?:i'?ve been|i was|i got|been|was|got) hacked\b|\bhacked\b$|\b(?:unauthori[sz]ed|suspicious|unknown|unrecogni[sz]ed|strange) (?:log ?-?ins?|sign ?-?ins?|access|device)\b|\baccount (?:takeover|hijack\w*|theft)\b|\b(?:log-?ins?|sign[- ]?ins?|logged in|signed in)\b.{0,30}\b(?:wasn'?t me|was not me|isn'?t me|not mine|i don'?t recogni[sz]e|from (?:another|a different|a foreign|some other) (?:country|city|place)|from (?:russia|china|brazil|nigeria|vietnam))\b|"
            r"\b(?:password|email|e-mail|phone number|address)\b.{0,25}\b(?:was|were|got|has been|have been|been|is) changed\b(?!.{0,12}by me).{0,30}(?:wasn'?t me|not by me|without|i didn'?t|i did not|not me|by someone|on its own)|\bnot me\b.{0,20}\b(?:log|sign)|"
            + zh_ko.ACCOUNT_TAKEOVER
        ),
    ),
    (
        MISDELIVERY,
        re.compile(
            r"(?:他人|別(?:の)?人|違う人|ちがう人|知らない人|隣の人|隣人|よそ(?:の|様)|他(?:の)?(?:人|方|家|お宅|お客)|別(?:の)?(?:方|お宅|家)|近所の人)(?:様)?(?:の|宛て?の|あての|宛)(?:名前の)?(?:荷物|商品|箱|もの|小包|伝票|注文|パック)(?!を受け取るには).{0,14}(?:届|来|入|置|配達|受け取)|(?:宛名|宛先|名前)が(?:別人|他人|違う人|知らない人|自分じゃない|私じゃない)|(?:荷物|商品).{0,8}(?:隣(?:の家|人|家)?|他人|別(?:の)?(?:人|家)|近所|違う(?:家|人|住所))(?:に|へ)(?:届|配達|置|渡)|誤配(?:送|達)?(?:された|で|です)?.{0,12}(?:隣|他人|別人|別の家|違う家)|"
            r"\b(?:someone else'?s|somebody else'?s|(?:my )?neighbou?r'?s|another (?:person|customer)'?s|a stranger'?s|other people'?s) (?:package|parcel|order|delivery|mail|box|item)\b(?!.{0,10}review)|\b(?:package|parcel|box) (?:addressed|meant|intended|labell?ed|made out) (?:to|for) (?:someone|somebody|another|a different|my neighbou?r|a stranger)|\b(?:delivered|left|dropped|given|handed)\b.{0,20}\b(?:to|at|with) (?:the |a |my )?(?:wrong (?:house|address|person|door|apartment|building|home)|neighbou?r'?s? (?:house|door|by mistake)|someone else|different address|stranger)\b|"
            + zh_ko.MISDELIVERY
        ),
    ),
)

# Talking about a danger, a policy or somebody's mail is not being in it.
_PREVENTION = re.compile(
    r"(?:(?:けが|怪我|骨折|手首|指|腱鞘炎)[^。]{0,20}(?:打(?:て|ち|つ)|入力|文字|たいぴんぐ|まうす|操作|きーぼーど|片手|音声)|防(?:ぐ|止|ぎ|ご)|対策(?!し(?:て|たの))|予防|ならないよう|されないよう|ないように(?:する)?(?:に)?は|恐れは(?:あり|な)|(?:された|あった|した|盗まれた|なった)場合(?:は|の|どう|に備え)|もし(?!か)[^。]{0,20}(?:たら|場合)|保険|という(?:めーる|sms|しょーとめっせーじ|電話|内容|題名|件名)|との(?:めーる|sms)|って(?:いう)?めーる|(?:発火|燃え|爆発|煙)(?:の)?(?:しない|る心配|しにく|にくい|の恐れ|危険性(?:は|が)|しません(?:か)|すること(?:は|が)あ)|難燃|防火|消火|火災報知|煙感知|(?:買い|購入し|探し)たい|おすすめ|ありますか|大丈夫ですか|安全ですか)|"
    r"\bin the news\b|\bnews (?:about|of)\b|\b(?:hurt|broke|broken|injured|sprained|bad)\b.{0,60}\b(?:type|typing|keyboard|mouse|click|one[- ]handed|screen reader|voice|dictat\w+)\b|\b(?:is (?:this|it|the \w+) (?:safe|dangerous)|does (?:it|this)|will (?:it|this)|can (?:it|this)|could (?:it|this)|how (?:do|can|to|should) (?:i |you |we )?(?:prevent|protect|avoid|stop|secure|keep)|prevent\w*|protect(?:ion|ed)? (?:from|against)|avoid (?:getting|being)|what (?:if|happens if|should i do if)|in case|if (?:my|someone|somebody|i)\b.{0,30}\b(?:gets?|is|were|steals?|hacks?)|e-?mails? (?:saying|claiming|that says|telling|says)|text (?:saying|claiming)|message (?:saying|claiming|that says)|(?:mail|message|text|sms|letter|it) (?:says|said) (?:that )?my|fire ?(?:stick|tv|place|proof|extinguisher|alarm|pit|hydrant|works?)|smoke (?:detector|alarm)|flame ?(?:resistant|retardant)|first aid|do you (?:sell|have|carry)|looking for a|recommend)\b|"
    + zh_ko.PREVENTION
)


_KANA = re.compile("[ぁ-んァ-ヶ]")

# A refused card or a closed door looks to the model like an abused or stolen one.
_REFUSED = re.compile(
    r"あくせすでき|ろぐいんでき|入れな|入れませ|\b(?:can'?t|cannot|unable to|trouble|problems?|issues?) (?:log|sign|access|get in)|登不上|登录不了|登入不了|로그인이? ?안|使えな|使えませ|拒否|通らな|はじかれ|\b(?:declined|rejected|refused|not accepted|won'?t go through)\b|被拒|刷不过|刷不過|用不了|不能用|거절|안 ?되|안 ?돼"
)


def find_emergency(folded: str) -> str | None:
    """The taxonomy id of the most urgent thing that folded text reports, `safety`, `self_harm`, or None.

    Most urgent first: life, danger, what was disclosed, money, account, somebody else's parcel. A question
    about prevention or a mail that merely claims something is none; self-harm words always are one.
    """
    return _most_urgent(folded) or (None if _KANA.search(folded) else _most_urgent(simplified(folded)))


def _most_urgent(folded: str) -> str | None:
    for kind, pattern in _PATTERNS:
        if not pattern.search(folded):
            continue
        if kind == SELF_HARM or _happened(folded, pattern.search):
            return kind
    return None


def is_doubtful(folded: str) -> bool:
    """Talk about prevention, an insurance, a mail that merely claims something, or a means of payment refused: here a
    score alone makes no emergency.
    """
    return _PREVENTION.search(folded) is not None or _REFUSED.search(folded) is not None


def _happened(folded: str, search: Callable[[str], re.Match[str] | None]) -> bool:
    """Whether a sentence reports it without merely talking about it."""
    sentences = [s for s in re.split(r"(?<=[。！!？?\n])|(?<=\.)\s", folded) if s]
    hits = [s for s in sentences if search(s)] or [folded]
    return any(not _PREVENTION.search(s) for s in hits)
