"""The wish to speak with a person, in any language and with typing errors (HND-002, HND-003)."""

from __future__ import annotations

import re

# A word that alone means "a person, please". Folded: lower case, katakana as hiragana.
_ALONE_JA = (
    "担当者|担当|担当の方|担当の人|担当さん|たんとうしゃ|たんとうしや|たんとう|たんとしゃ|単当者|担当舎|担等者|担当社|おぺれーたー?|おぺれたー?|おーぺれーたー?|おぺれーたあ|おぺ|有人|有人対応|有人ちゃっと|有人さぽーと|"
    "人間|にんげん|人|ひと|ヒト|生身の人間|すたっふ|係員|係の人|係の方|かかりの人|さぽーとの人|さぽーと担当|誰か|責任者|上司|店員|店員さん|中の人|えーじぇんと|おぺれーた対応|人の対応|人力|直接対応"
)
_ALONE_EN = (
    "human|humans|agent|agents|live agent|real agent|human agent|representative|rep|reps|live rep|customer service rep|customer service representative|customer service|customer care|customer support|service rep|"
    "operator|live operator|person|real person|live person|actual person|human being|real human|actual human|live chat|live support|live help|human support|human help|staff|manager|supervisor|advisor|adviser|somebody|someone|people|humano"
)
_ALONE_OTHER = (
    "人工|人工客服|人工服务|人工服務|转人工|轉人工|转接人工|轉接人工|真人|真人客服|客服|在线客服|線上客服|客服人员|客服人員|找客服|找人工|活人|"
    "有人吗|有人嗎|有人在吗|有人在嗎|来个人|來個人|人呢|客服呢|客服在吗|客服在嗎|客服在不在|接线员|接線員|专员|專員|专人|專人|客服专员|客服專員|真人在吗|真人在嗎|工作人员|工作人員|(?:人工)+|在线客服呢|"
    "상담|누구 ?(?:없어요|있나요|있어요)|사람 ?(?:있어요|있나요|없어요)|직원분|상담원|상담사|상담원 ?연결|상담 ?직원|사람|직원|상담원님|담당자|담당자 ?연결"
)
_POLITE = (
    r"(?:[\s、。,.!！?？~]|さん|様|の方|の人|を|に|へ|と|で|が|は(?=お|希)|お願い(?:します|いたします|致します|したいです|できますか|できませんか)?|おねがい(?:します)?|希望(?:です|します)?|きぼう|対応(?:で|を|希望)?|出して(?:ください|下さい)?|呼んで(?:ください|下さい)?|よんで(?:ください)?|早く|はやく|至急|今すぐ|です|いませんか|いないの|いますか|いる|いないですか|ください|下さい|"
    r"please|pls|plz|now|asap|hello|hi|hey|i said|a|an|the|to|need|want|get|give|me|i|thanks|thank you|real|請|请|我要|我想|谢谢|謝謝|부탁드려요|부탁드립니다|부탁해요|연결|연결해|주세요|바꿔|좀|요)"
)
_ALONE = re.compile(
    rf"(?:{_POLITE})*(?<![a-z])(?:{_ALONE_JA}|{_ALONE_EN}|{_ALONE_OTHER})(?![a-z])(?:{_POLITE}|{_ALONE_EN}|[\s]?(?:{_ALONE_JA})(?=$|お願い))*"
)

_SOMEBODY_JA = (
    r"(?:(?<!配送)(?<!配達)(?<!前の)(?<!運送)(?:担当者|担当(?:の(?:方|人|すたっふ))?(?!名|が|から)|たんとう(?:しゃ|しや|の(?:方|人|ひと))|たんとしゃ|単当者|担当舎)|おぺれーたー?|おぺれたー?|おーぺれーたー?|有人|(?:生身の|本物の|ちゃんとした)?(?:人間|にんげん)(?!関係)|(?<![\u4e00-\u9fff])人(?=と(?!の)|は(?:い)|に(?:つな|繋|代|替|変|か|対応|相談|聞|話)|へ|が(?:対応|出)|の(?:対応|声|さぽーと))|(?<![あこそどなのぁ-ん])ひと(?=と|に|へ)|"
    r"すたっふ|係(?:の(?:人|方|者)|員)|さぽーと(?:の(?:人|方|すたっふ)|せんたー|担当)?|責任者|上司|上の(?:人|方|者)|中の人|だれか|誰か|店員(?:さん)?|専門の(?:人|方)|窓口の(?:人|方)|詳しい(?:人|方))"
)
_JOIN_JA = (
    r"(?:つな(?:い|ぐ|げ|が(?!らな|りません|らず)|ぎ)|ツナ|繋(?:い|ぐ|げ|が(?!らな|りません|らず)|ぎ)|継(?:い|ぐ)|接続|切り?替え|きりかえ|切替|代わ(?:れ|(?:っ|り)(?:て|たい)?)|替わ(?:っ|り)|かわって|変わって|代えて|替えて|変えて|交代|話(?:し?(?:し?たい|させて|せ(?:ます|る|ない|ません)|がしたい|をさせ|をしたい|せますか)|を聞いて|がある)|はな(?:したい|させて|せ)|喋(?:りたい|ら)|しゃべ(?:りたい|ら)|"
    r"相談(?:したい|できますか|できません|させて|を希望)|対応(?:して(?:ほしい|欲しい|もらい|いただ|頂|くれ|ください|下さい)|を(?:希望|お願い|求)|お願い|希望|に(?:切|変)|させて)|出して|出せ|出てきて|だして|だせ|呼(?:んで|び|べ|ぶ)|よんで|お願い(?!した)|おねがい(?!した)|希望|要求|まわして|回して|転送|取り?次|とりつ|直接(?:話|聞|や|対応|相談|説明|お)|ちゃっと(?:したい|を希望|できますか|に切|で話)|やりとり(?:したい|を希望)|やり取り(?:したい|を希望)|"
    r"(?:は)?(?:い(?:ないの|ません(?:か)|ますか|らっしゃいますか))|連絡(?:したい|を?取りたい|とりたい|する方法|が?取れますか)|聞きたい|(?:さぽーと|対応)を受けたい|きいてほしい|聞いてほしい|質問したい|問い合わせたい|通話(?:したい|できますか)|電話(?:したい|で話))"
)
_WANT_JA = re.compile(rf"{_SOMEBODY_JA}[^。！!？?\n]{{0,9}}?{_JOIN_JA}")
_MACHINE_JA = re.compile(
    r"(?<![一-龥])人を(?:出して|呼んで)|有人の?(?:ちゃっと|窓口)|ひとと ?(?:お?はなし|話)|(?:ろぼっと|ai|えーあい|ぼっと|ちゃっとぼっと|機械|自動(?:応答|返信|回答|対応)?|きかい|人工知能)(?:の(?:返事|回答|対応|返信|相手))?(?:じゃ|では|で|は|と|に|相手(?:じゃ|では|に)?|だと|とは)?[^。！!？?\n]{0,6}?"
    r"(?:なく(?:て)?[、\s]?(?:人|有人|ちゃんと|おぺれ|担当)|いや|嫌|だめ|駄目|むり|無理|話にならな|らちがあか|埒|もういい|結構です|けっこう|話したくな|いらない|要らない|通じな|(?:は|では)?(?:解決|わから|分から|理解)(?:し|でき|な))"
)
_MACHINE_NOT = re.compile(r"返信(?:が|は)来|という(?:商品|本)|すぴーかー")

_VERB_EN = (
    r"(?:talk|speak|spk|chat|connect|transfer|put me (?:through|on|in touch)|patch me|hand me|pass me|escalate|switch|get (?:me|hold of|in touch with|through to|a hold of)|reach|give me|need|want|prefer|like to have|let me|bring|send me|find me|call|contact|request(?:ing)?|demand|looking for|"
    r"is there|are there|can i have|could i have|can i get|could i get|may i have|rather have|deal with|(?:be )?helped by|(?:get )?help from|assist(?:ance)? (?:from|by))"
)
_WHO_EN = (
    r"(?:(?:a |an |any |another |the |some |one of your |your )?(?:(?:real|live|actual|human|customer(?: service| support| care)?|support|service|sales|proper|living|breathing|flesh and blood|different|next available|available)\s+){0,3}"
    r"(?:human(?: being)?s?|agents?|representatives?|reps?|operators?|persons?|people|advis[eo]rs?|staff(?: member)?|team member|manager|supervisor|associate|specialist|employee|live chat))"
)
_SOMEONE_EN = r"(?:someone|somebody|anyone|anybody|customer (?:service|support|care)|support team|your team|support staff)"
_WANT_EN = re.compile(
    rf"(?<!previous )(?<!last )(?<!earlier )(?<!old )(?<!the )(?<!my )\b{_VERB_EN}\b(?:\s+(?:to|with|me|us|you|through|over|now|please|directly|just|for|back|in|touch|chat|this|straight|immediately|speak|talk|connected|transferred|on|the line|an actual)){{0,5}}\s+{_WHO_EN}\b(?!'s|\s+(?:name|number|id|fee|selling|making|that (?:sells|sold|made)|told|said|was|who (?:told|said|helped|was)|i (?:spoke|talked)|to (?:sign|receive|be home|lift)))"
)
_SPEAK_EN = re.compile(
    rf"(?<!previous )(?<!last )(?<!earlier )(?<!old )(?<!the )(?<!my )\b(?:talk|speak|spk|chat|connect(?: me)?|transfer(?: me)?|put me (?:through|on)|get (?:me )?through|(?:put|get) me in touch)(?:\s+(?:to|with|through|on|over|now|please|directly|the|me)){{1,4}}\s+{_SOMEONE_EN}\b"
)
_FETCH_EN = re.compile(
    r"\b(?:let|have|want|need|like|prefer|can|could|may) (?:me )?(?:an? |the |your )?(?:human|operator|agent|representative|person|one of your (?:staff|team|people))\b.{0,12}\b(?:take over|handle|look|help|talk|step in|assist|answer|deal|join)\b|\b(?:chance|way|possibility) of (?:talking|speaking|chatting) (?:to|with)\b|\b(?:be|get) (?:connected|transferred|put through) (?:to|with)\b|(?:not you|please),? an? (?:human|person)\b|\ba human\b.{0,10}\bplease\b|\b(?:get|give|find|send|bring|fetch|need|want|have)\b.{0,12}\b(?:someone|somebody|anyone)\b.{0,30}\b(?:to (?:talk|speak|chat|help) (?:to|with|me)|from (?:support|customer service|your team))\b|\b(?:someone|somebody|anyone) (?:i can|who can|to) (?:talk|speak|chat)\b"
)
_REAL_EN = re.compile(
    r"\b(?:living soul|(?:to|with|from) (?:a |one )?members? of (?:your |the )?(?:staff|team)|(?:somebody|someone) from (?:the|your) team|any(?:one|body) (?:human|real)|(?:real|live|actual|human) (?:person|human|agent|being|representative|rep|operator|support|help|assistance))\b(?!.{0,20}\b(?:called|told|said|named)\b)"
)
_MACHINE_EN = re.compile(
    r"\b(?:no|not|stop|sick of|tired of|hate|don'?t want(?: to (?:talk|speak|chat) (?:to|with))?|without|instead of|rather than|enough (?:of|with))\b.{0,18}\b(?:bots?|chat ?bots?|robots?|machines?|automated|ai|computer)\b(?!.{0,15}(?:vacuum|cleaner|lawn|mower|toy|arm))"
)
_ASKS_WHETHER_MACHINE = re.compile(
    r"\b(?:are you|is this|am i (?:talking|speaking|chatting) (?:to|with)|was i|were you)\b"
)
_PAST_EN = re.compile(
    r"\b(?:already|yesterday|last (?:week|time|night)|earlier) (?:talked|spoke|chatted)|\bi (?:did )?(?:spoke|talked|chatted)\b"
)

_WHO_ZH = r"(?:(?<!一)人工(?!费|費|智|作)|真人|活人|专员|專員|专人|專人|(?:在线|在線|線上)?客服(?:人员|人員|小姐|專員|专员)?(?!电话|電話|号|號|热线|熱線|邮|信箱|中心|态度|態度|回|说(?!话)|說(?!話)|講(?!話)|告|的|之|过|過|那边|那邊|记录|紀錄|接连|接連)|接线员|接線員|工作人员|工作人員|服务人员|服務人員|客戶服務員|话务员)"
_WANT_ZH = re.compile(
    rf"(?<!按)(?:转|轉|(?<!直)接|找|搵|叫|换(?!货)|換(?!貨)|要(?!是|不)|跟|和|与|與|同|联系(?:到)?|聯絡|聯繫|联络|呼叫|连线|連線|需要|安排|让|讓|给我|給我|派|来|來|有没有|有沒有|想)(?<!显示联系)[^，,。！!？?\n]{{0,5}}?{_WHO_ZH}|"
    r"(?:跟|和|与|與|同|对|對)(?:真?人|人类|人類|活人)(?:类|類)?(?:直接|好好)?(?:说话|講話|讲话|說話|说|說|聊|談|谈|沟通|溝通|對話|对话)|(?:来|來|派|接|换|換|找|叫)(?:个|個|一个|一個)?(?:真|活)?人(?:来|來|吧|啊|处理|處理|帮|幫|跟我|和我|$|[，,。！!])|要人(?:来|來|工)|人工(?:客服|服务|服務|帮|幫|处理|處理)|(?:不要|不想|别|別).{0,6}(?:机器人|機器人|自动回复|自動回覆|(?:跟|和)?ai)|跳過機器人|跳过机器人|接線生|(?:与|與|和|跟).{0,5}(?:职员|職員)(?:沟通|溝通|联系|聯絡|说话|說話)|\b(?:zhuan ?rengong|rengong kefu|kefu)\b"
)
_NOT_WANT_ZH = re.compile(
    r"(?:显示|顯示|只有|提示|写着|寫著|说要|說要|叫我|要我|让我|讓我)[^，,。]{0,12}(?:联系|聯絡|聯繫|找)?客服|按\s?\d[^，,。]{0,4}(?:转|轉)|(?:投诉|投訴|客诉|客訴)[^，,。]{0,6}客服|(?:移|转|轉|改|交)(?:给|給)|「[^」]{0,6}客服[^」]{0,4}」|“[^”]{0,6}客服[^”]{0,4}”|假客服|冒充|自称|自稱|微信客服|客服[^，,。]{0,6}(?:[几幾](?:点|點)|上班|下班|什么时候|什麼時候|营业|營業|休息|时间|時間)"
)
_WANT_KO = re.compile(
    r"(?:상담원|상담사|담당자|사람|직원|매니저)(?:님|분)?(?:이랑|하고|과|와|을|를|으로|에게|한테|이)?\s?(?:좀 |직접 |바로 |빨리 |지금 )?.{0,6}?(?:연결|바꿔|통화|대화|이야기|얘기|말하|말씀 ?나누|상담|불러|부탁|나와|원해|원합)|(?:상담원|상담사|직원|담당자)(?:님|분)?(?:은|이)? ?(?:있나요|있어요|계신가요|계세요|없나요|없어요|필요)|상담 ?(?:연결|받고 ?싶|원합니다|원해요|신청)|(?:봇|로봇|기계|ai|챗봇|자동 ?응답)(?:이?랑)? ?(?:말고|싫|말하기 ?싫|대화하기 ?싫)|(?:상담원|상담사)(?:님)?(?:을|를|이랑)? ?(?:좀(?:요)?(?:$|[\s.!])|달라|채팅|한 ?분이면)|사람 ?(?:좀|빨리요?)(?:$|[\s.!])|(?:에이전트|휴먼|라이브|상당원) ?(?:연결|상담)|sangdamwon"
)

_SOMEBODY_ANYWHERE = re.compile(
    rf"{_SOMEBODY_JA}|人間|有人|人による|\b(?:human|person|people|agents?|rep|representatives?|operator|staff|manager|supervisor|advis[eo]r|someone|somebody|anyone|member of|colleague|team)\b|人工|真人|活人|客服|专员|專員|专人|專人|人类|人類|员|員|人$|사람|상담|직원|담당|매니저"
)
_REACH_ANYWHERE = re.compile(
    rf"{_JOIN_JA}|対応|話|繋|つな|代わ|チャット|ちゃっと|\b(?:talk|speak|chat|connect|transfer|reach|get|put|help|contact|want|need|prefer|please|with|now)\b|.*[\u4e00-\u9fff가-힣]"
)
_ABOUT_JA = re.compile(
    r"(?:の(?:名前|なまえ|氏名|態度|対応が|連絡先|電話番号|いうとおり|言う)|って(?:誰|だれ|何|なに)|とは(?:何|なに|[?？])|が(?:言|いって|親切|優|来|決ま|間違)|から(?:の)?(?:連絡|返信|返事|電話|聞)|に(?:言われ|聞い(?:た|て)|伝えた)|は(?:誰|だれ)|さんに(?:は)?(?:お世話|感謝)|人間が(?:打|返|答|書|対応して(?:い)?(?:る|ます)|や))"
)

_NEAR_WORDS = ("human", "agent", "representative", "operator", "person", "おぺれーたー", "たんとうしゃ")


def wants_person(folded: str) -> bool:
    """Whether folded text asks for a person now. Talk *about* a person ("担当者の名前は?") is no such wish."""
    mended = _mended(folded)
    if _ALONE.fullmatch(folded) or _ALONE.fullmatch(mended) or _near_word(folded):
        return True
    if _WANT_KO.search(folded) or (_WANT_ZH.search(folded) and not _NOT_WANT_ZH.search(folded)):
        return True
    return _wants_in_japanese(folded) or _wants_in_english(mended)


def is_about_a_person(folded: str) -> bool:
    """Whether a person is a topic here ("the agent was rude", "担当者から連絡がない"), so that scores must not decide."""
    return bool(_ABOUT_JA.search(folded) or _PAST_EN.search(folded) or _ASKS_WHETHER_MACHINE.search(folded))


def may_be_a_wish(folded: str) -> bool:
    """Somebody and a way to reach them are both named, so that a high score may count as a wish."""
    if is_about_a_person(folded):
        return False
    return bool(_SOMEBODY_ANYWHERE.search(folded) and _REACH_ANYWHERE.search(folded))


def without_wish(folded: str) -> str:
    """The text with the wish itself cut out, so that what it is about can be read alone."""
    for pattern in (_WANT_JA, _WANT_EN, _SPEAK_EN, _REAL_EN, _WANT_ZH, _WANT_KO):
        folded = pattern.sub(" ", folded)
    return folded


def _wants_in_japanese(folded: str) -> bool:
    for m in _WANT_JA.finditer(folded):
        if not _ABOUT_JA.search(m[0]):
            return True
    return bool(_MACHINE_JA.search(folded)) and not _MACHINE_NOT.search(folded)


def _wants_in_english(folded: str) -> bool:
    if _WANT_EN.search(folded) or _SPEAK_EN.search(folded):
        return True
    if _ASKS_WHETHER_MACHINE.search(folded) or _PAST_EN.search(folded):
        return False
    return bool(_REAL_EN.search(folded) or _FETCH_EN.search(folded) or _MACHINE_EN.search(folded))


def _mended(folded: str) -> str:
    """Words one slip away from "human", "agent" … become them: "talk to a humna" is understood."""
    return re.sub(r"[a-z]{5,16}", lambda m: _mend(m[0]), folded)


def _mend(word: str) -> str:
    for right in ("human", "agent", "representative", "operator", "person"):
        if (
            word != right
            and word[0] in right[:2]
            and _distance(word, right, 2) <= (2 if len(right) > 9 else 1)
        ):
            return (
                word
                if word
                in (
                    "persons",
                    "agents",
                    "humans",
                    "argent",
                    "humane",
                    "operators",
                    "agency",
                    "operate",
                    "persona",
                )
                else right
            )
    return word


def _near_word(folded: str) -> bool:
    word = folded.strip(" 。、.!?！？")
    if not 4 <= len(word) <= 16 or word in (
        "humane",
        "argent",
        "operate",
        "urgent",
        "parent",
        "prison",
        "persona",
        "agenda",
    ):
        return False
    return any(_distance(word, right, 2) <= (2 if len(right) > 9 else 1) for right in _NEAR_WORDS)


def _distance(a: str, b: str, limit: int) -> int:
    """Damerau-Levenshtein (one swap of neighbours counts one); `limit` + 1 when it is more than `limit`."""
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        current = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, current[-1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            current.append(cost)
        before, previous = previous, current
    return previous[-1]
