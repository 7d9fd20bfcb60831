"""Which language a message is in: script first, then telling characters and words (LNG-002).

Statistical detectors fail on short kanji-only Japanese ("返品希望"); characters that only one of
Japanese, simplified or traditional Chinese uses, and a few words of trade, do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from madoguchi.kit import text as kit_text

LANGUAGES = ("ja", "en", "zh-Hans", "zh-Hant", "ko")

# Characters that in running text are Chinese grammar, though Japan knows some of them in compounds.
_CHINESE_GRAMMAR = frozenset(
    "我你妳您他她它吗嗎呢吧啊啦咧喔欸们們这這那哪么麼怎没沒很跟让讓给給咱啥别還还咗嘅唔係冇點嗰也都被把"
)
_CHINESE_GRAMMAR_WEAK = frozenset("的了是在不要想到可以和去从對从请請再已就能会會說说")
_JAPANESE_WORDS = re.compile(
    "返品|注文|返金|配送状況|領収書|請求書|未着|不着|希望|不良品|住所|再配達|発送|会員|解約|至急|問合|担当者|荷物|納期|二重請求|"
    "不正利用|不正請求|乗取|残高|手続|破損|初期不良|誤配|誤発送|品違|色違|状況|出荷|支払|変更|追跡|在住|在宅|不在票|"
    "完了|不可|画面|起動|電源|退会|登録|宛名|番号|写真|到着|受取|振込|対応|依頼|早急|本人確認|勝手|無料|有料|何故|連絡"
)
_CHINESE_WORDS = re.compile(
    "退款|退货|退貨|换货|換貨|订单|訂單|快递|快遞|物流|客服|人工|什么|什麼|怎么|怎麼|没有|沒有|收到|可以|包裹|付款|密码|密碼|"
    "账号|帳號|帳戶|登录|登錄|登入|盗刷|盜刷|盗号|盜號|收据|收據|发票|發票|多久|哪里|哪裡|现在|已经|已經|为什么|為什麼|真人|发货|發貨|收货|收貨|東西|东西|"
    "手机|手機|扣款|刷卡|卡片|快点|快一点|快一點|急急|不对|不對|看不清|打不开|打不開|打不通|超商|宅配|取貨|取货|出貨|寄到|寄错|寄錯|少寄|个资|個資|如何|是否|"
    "会员费|會員費|上去|登不上|忘记|忘了|(?<!交)[换換]|点数|點數|谢谢|謝謝|麻烦|麻煩|帮忙|幫忙|投诉|客訴|卖家|賣家|买家|買家|主管|修改|資料|资料|請款|送貨|送货|運費|运费|進度|进度|司機|司机|幾[天日個公]|几[天日个]|需要|預購|预购|律師|律师|支付|多少|今天|明天|昨天|上周|上週|下周|下週|回覆|回复"
)
_TAIWAN_WORDS = re.compile(
    "登入|帳號|超商|宅配|真人|收件|取貨|客訴|卡片|包裹|超取|門市|人家|刷爆|偷刷|冒用|個資"
)
_ROMAJI = re.compile(
    r"\b(?:desu|desuka|masu|masen|masuka|mashita|deshita|shitai|kudasai|onegai\w*|arigatou?|sumimasen|shimasu|dekima\w+|todok\w+|hoshii|henpin|henkin|koukan|chuu?mon|kyanseru|nimotsu|itsu|doko|doushitara|"
    r"konai|kimasen|kita|ryou?shuu?sho|haisou|juu?sho|henkou|tantou\w*|kaiyaku|saizu|hayaku|mada|shouhin|wo|kara|made|nani|dou|tsuna\w+|naoshite|kowareta|chigau|wakar\w+|pasuwaado|roguin|shite|hai|iie)\b"
)
_PINYIN = re.compile(
    r"\b(?:wo|ni|nin|yao|xiang|tuihuo|tui|huo|huan|tuikuan|kuan|dingdan|kuaidi|wuliu|kefu|rengong|zhuan|mei|meiyou|shoudao|shou|bu|dao|le|de|ma|qing|qingwen|shenme|zenme|shihou|zhanghao|mima|denglu|"
    r"wangle|beidao|yanzhengma|dizhi|xiugai|gai|fahuo|fapiao|kaifapiao|zhifu|shibai|quxiao|buliao|huanhuo|xiexie|nihao|women|nali|duojiu|jiaru|huiyuan|dianhua|chaxun|cha|bang|bangwo)\b"
)
_ROMAN_KOREAN = re.compile(
    r"\b(?:\w*(?:haeyo|eoyo|ayo|hamnida|seumnida|hago|sipeoyo|juseyo|jwoyo|nayo|anayo|oneyo|wasseoyo|gayo|deuryeoyo|kkayo)|baesong|jumun|hwanbul|banpum|gyohwan|chwiso|eonje|eodi|taekbae|juso|byeongyeong|gyeolje|sangdam\w*|jaebaedal|"
    r"eotteoke|wae|an|mool|mulgeon|geon|ige|jeo|naui|je|gisa|gwanse|eolma|annyeong\w*|gamsa\w*|ne|aniyo|singo|hoewon|talttoe|sincheong)\b"
)
_STRIP = re.compile(
    r"https?://\S+|www\.\S+|(?<![A-Za-z0-9._+-])[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9.-]{1,255}|\d+"
)
_LATIN_WORD = re.compile(r"[A-Za-z\u00C0-\u024F']{2,}")
_QUOTED = re.compile(r"「[^」]{1,20}」|『[^』]{1,20}』|“[^”]{1,30}”|\"[^\"]{1,30}\"")


@dataclass(frozen=True)
class Identified:
    language: str
    confidence: float


def identify(text: str, hint: str | None = None, default: str = "ja") -> Identified:
    """One of `LANGUAGES` and how sure (0 to 1). Never raises.

    `hint` (the customer's stored language) decides only where the text itself does not tell.
    """
    whole = _STRIP.sub(" ", kit_text.normalise(text))
    unquoted = _QUOTED.sub(" ", whole)
    stripped = unquoted if any(c.isalpha() for c in unquoted) else whole
    fallback = hint if hint in LANGUAGES else default
    counts = _count_scripts(stripped)
    letters = sum(counts.values())
    if letters == 0:
        return Identified(fallback, 0.1)
    english = len(_LATIN_WORD.findall(stripped))
    if english >= 4 and (letters - counts["latin"]) * 4 < counts["latin"]:
        return _latin(stripped, english)
    if counts["hangul"] and counts["hangul"] >= counts["kana"]:
        return Identified("ko", _sure(counts["hangul"], letters))
    if counts["kana"] and not _kana_is_decoration(stripped, counts):
        return Identified("ja", _sure(counts["kana"] + counts["han"], letters))
    if counts["han"]:
        return _han_only(stripped, fallback)
    if counts["latin"]:
        return _latin(stripped, english)
    return Identified(fallback, 0.2)


def _count_scripts(text: str) -> dict[str, int]:
    counts = {"kana": 0, "hangul": 0, "han": 0, "latin": 0, "other": 0}
    for character in text:
        if character.isalpha() or character == "ー":
            counts[_script(ord(character))] += 1
    return counts


def _script(code: int) -> str:
    if code < 0x250:
        return "latin"
    if 0x3040 <= code <= 0x30FF:
        return "kana"
    if 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF or code == 0x3005:
        return "han"
    if 0xAC00 <= code <= 0xD7AF or 0x1100 <= code <= 0x11FF or 0x3130 <= code <= 0x318F:
        return "hangul"
    return "other"


def _sure(mine: int, all_letters: int) -> float:
    return min(0.99, 0.7 + 0.3 * mine / all_letters)


def _kana_is_decoration(text: str, counts: dict[str, int]) -> bool:
    """Chinese shoppers use a lone の, and quote what they see in Japanese; grammar words give Chinese away."""
    only_chinese = sum(c in "怎嗎吗呢吧沒没这這哪么麼们們给给" or _sign(c) == "simplified" for c in text)
    if any("ぁ" <= c <= "ん" and c != "の" for c in text):
        return only_chinese >= 3 or (only_chinese >= 2 and counts["kana"] <= counts["han"])
    chinese = only_chinese + sum(c in _CHINESE_GRAMMAR for c in text) + 2 * len(_CHINESE_WORDS.findall(text))
    return chinese >= 2 and counts["kana"] <= counts["han"] * 2


def _latin(text: str, words: int) -> Identified:
    """English, unless most of it is another language in Latin letters ("henpin shitai desu")."""
    lower = text.lower()
    romanised = {
        "ja": len(_ROMAJI.findall(lower)),
        "zh-Hans": len(_PINYIN.findall(lower)),
        "ko": len(_ROMAN_KOREAN.findall(lower)),
    }
    best = max(romanised, key=lambda language: romanised[language])
    if romanised[best] * 2 >= max(words, 2):
        return Identified(best, 0.8)
    return Identified("en", 0.9 if words > 1 else 0.7)


def _han_only(text: str, fallback: str) -> Identified:
    signs = [_sign(c) for c in text]
    weak = sum(c in _CHINESE_GRAMMAR_WEAK for c in text)
    japanese = 2.5 * signs.count("ja") + 2.5 * len(_JAPANESE_WORDS.findall(text))
    chinese = (
        1.5 * sum(c in _CHINESE_GRAMMAR for c in text)
        + 2.5 * len(_CHINESE_WORDS.findall(text))
        + 1.5 * (signs.count("simplified") + signs.count("traditional") + signs.count("chinese"))
    )
    if chinese or weak > 1:
        chinese += 0.6 * weak
    if japanese == chinese:
        language = fallback if fallback in ("ja", "zh-Hans", "zh-Hant") else "ja"
        return Identified(language, 0.5)
    margin = abs(japanese - chinese) / (japanese + chinese)
    if japanese > chinese:
        return Identified("ja", 0.55 + 0.4 * margin)
    return Identified(_chinese_script(text, fallback), 0.55 + 0.4 * margin)


@lru_cache(maxsize=8192)
def _sign(character: str) -> str:
    """Whose a character is, by the national character sets that hold it: `ja`, `simplified`, `traditional`, `chinese`
    (either script, not in everyday Japanese) or empty (shared).
    """
    if _script(ord(character)) != "han":
        return ""
    mainland, taiwan = _in(character, "gb2312"), _in(character, "big5")
    if not mainland and not taiwan:
        return "ja" if _in(character, "shift_jis") else ""
    if _everyday_japanese(character):
        return ""
    if mainland and taiwan:
        return "chinese"
    return "simplified" if mainland else "traditional"


def _everyday_japanese(character: str) -> bool:
    """JIS X 0208 keeps the characters of everyday use in its first level."""
    try:
        code = character.encode("shift_jis")
    except UnicodeEncodeError:
        return False
    return b"\x88\x9f" <= code <= b"\x98\x72"


def _in(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _chinese_script(text: str, fallback: str) -> str:
    han = [c for c in text if _script(ord(c)) == "han"]
    simplified = sum(_in(c, "gb2312") and not _in(c, "big5") for c in han)
    traditional = sum(_in(c, "big5") and not _in(c, "gb2312") for c in han)
    if simplified == traditional:
        if fallback in ("zh-Hans", "zh-Hant"):
            return fallback
        return "zh-Hant" if _TAIWAN_WORDS.search(text) else "zh-Hans"
    return "zh-Hant" if traditional > simplified else "zh-Hans"
