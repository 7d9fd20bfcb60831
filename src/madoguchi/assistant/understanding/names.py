"""Who and what a message names: carriers, ways of paying, languages, services, devices, companies, sellers, agents."""

from __future__ import annotations

import re
from collections.abc import Mapping

# Written as customers write them; folded text has hiragana for katakana, hence both.
_CARRIER = re.compile(
    r"ヤマト(?:運輸)?|クロネコ(?:ヤマト)?|佐川(?:急便)?|日本郵便|ゆうパック|ゆうぱっく|郵便局|西濃(?:運輸)?|福山通運|セイノー|日通|赤帽|"
    r"(?<![a-z])(?:ups|fedex|dhl|usps|royal mail|hermes|evri|dpd|gls|tnt|ems|yamato|sagawa|japan post|ontrac|lasership)(?![a-z])|"
    r"顺丰|順豐|圆通|中通|申通|韵达|百世|极兔|極兔|京东物流|菜鸟|德邦|邮政|郵政|黑貓(?:宅急便)?|黑猫|新竹物流|新竹貨運|嘉里大榮|宅配通|中華郵政|順豐速運|"
    r"cj ?대한통운|대한통운|한진(?:택배)?|롯데 ?택배|우체국(?:택배)?|로젠(?:택배)?|경동택배",
    re.I,
)
_PAYMENTS: Mapping[str, str] = {
    "credit_card": r"クレジット|クレカ|(?:信用|貸記)卡|credit card|신용 ?카드|visa|ビザカード|master ?card|マスターカード|jcb|amex|アメックス",
    "debit_card": r"デビット|debit card|借记卡|借記卡|儲蓄卡|储蓄卡|金融卡|체크 ?카드|직불",
    "gift_card": r"ギフト(?:券|カード)|gift ?cards?|(?:礼品|禮品|礼物|禮物)卡|기프트 ?(?:카드|콘)|상품권|voucher",
    "points": r"ポイント(?:払|支払|で払)|(?:paid|pay|paying) with points|积分(?:支付|抵)|點數(?:折抵|支付)|포인트(?:로)? ?결제",
    "convenience_store": r"コンビニ(?:払|支払|決済|で払|で支払)?|convenience store|便利店|超商(?:付款|繳費|代收)|편의점",
    "cash_on_delivery": r"代引|代金引換|着払い|cash on delivery|\bcod\b|货到付款|貨到付款|착불|후불",
    "bank_transfer": r"銀行振込|振込|口座振替|bank transfer|wire transfer|转账|轉帳|汇款|匯款|계좌 ?이체|무통장|입금",
    "invoice": r"請求書払|後払い|あと払い|pay by invoice|on account|月结|月結|후불 ?결제",
    "e_wallet": r"paypay|ペイペイ|paypal|apple ?pay|google ?pay|楽天ペイ|line ?pay|电子钱包|電子錢包|支付宝|支付寶|alipay|微信支付|wechat ?pay|카카오 ?페이|네이버 ?페이|토스|삼성 ?페이|samsung pay|電子マネー|e-?wallet",
}
_LANGUAGES: Mapping[str, str] = {
    "zh-Hant": r"繁體|繁体|traditional chinese|번체|台湾語|臺語|粵語|粤语|cantonese|廣東話",
    "zh-Hans": r"简体|簡體|simplified chinese|간체|中国語|中文|漢語|汉语|普通话|華語|chinese|mandarin|중국어",
    "en": r"英語|英语|英文|english|영어",
    "ko": r"韓国語|韩语|韓語|韩文|韓文|korean|한국어|한국말",
    "ja": r"日本語|日语|日語|日文|japanese|일본어",
    "vi": r"ベトナム語|vietnamese|越南(?:语|語|文)|베트남어",
    "pt": r"ポルトガル語|portuguese|葡(?:萄牙)?(?:语|語|文)|포르투갈어",
    "es": r"スペイン語|spanish|西班牙(?:语|語|文)|스페인어",
    "fr": r"フランス語|french|法(?:语|語|文)|프랑스어",
    "de": r"ドイツ語|german|德(?:语|語|文)|독일어",
    "th": r"タイ語|\bthai\b|泰(?:语|語|文)|태국어",
    "id": r"インドネシア語|indonesian|印尼(?:语|語|文)|인도네시아어",
    "tl": r"タガログ語|tagalog|filipino|他加禄|타갈로그",
    "ne": r"ネパール語|nepali",
    "ru": r"ロシア語|russian|俄(?:语|語|文)|러시아어",
}
_COUNTRIES: Mapping[str, str] = {
    "US": r"アメリカ|米国|united states|\busa\b|\bthe us\b|美国|美國|미국",
    "CN": r"中国(?!語)|中國|china\b|mainland|大陆|大陸|중국(?!어)",
    "TW": r"台湾|台灣|臺灣|taiwan|대만",
    "HK": r"香港|hong ?kong|홍콩",
    "KR": r"韓国(?!語)|韩国|韓國|korea\b|한국(?!어|말)",
    "JP": r"日本(?!語|语|円|郵便)|japan\b(?! post)|일본(?!어)",
    "SG": r"シンガポール|singapore|新加坡|싱가포르",
    "AU": r"オーストラリア|豪州|australia|澳(?:洲|大利亚|大利亞)|호주",
    "CA": r"カナダ|canada|加拿大|캐나다",
    "GB": r"イギリス|英国(?!語)|\bthe uk\b|united kingdom|england|英國|영국",
    "DE": r"ドイツ(?!語)|germany|德国|德國|독일(?!어)",
    "FR": r"フランス(?!語)|france|法国|法國|프랑스(?!어)",
    "TH": r"タイ(?:国|へ|に(?:送|発))|thailand|泰国|泰國|태국",
    "VN": r"ベトナム(?!語)|vietnam|越南(?!语|語)|베트남(?!어)",
}
_DEVICE = re.compile(
    r"(?<![a-z])(?:(?:fire )?tv ?stick(?: 4k)?|fire tv|e-?(?:book )?reader|smart (?:speaker|plug|tv|watch|display)|tablet|kindle(?: paperwhite)?|echo(?: dot| show)?|iphone ?\d{0,2}(?: pro)?|ipad|android(?: phone)?|macbook|laptop|streaming stick|media player)(?![a-z])|"
    r"(?:スマート)?スピーカー|タブレット|スティック|電子書籍リーダー|スマートウォッチ|スマホ|ノートパソコン|电视棒|電視棒|电视盒子?|電視盒|智能音箱|音箱|智慧音箱|平板(?:电脑|電腦)?|阅读器|閱讀器|智能手表|스틱|스마트 ?스피커|스피커|태블릿|전자책 ?리더기?|스마트 ?워치",
    re.I,
)
_SERVICE = re.compile(
    r"(?<![a-z])(?:prime(?: video)?|music unlimited|kindle unlimited|audible|photos?(?= app)|video streaming|streaming service|e-?books?|audiobooks?|music service|cloud storage|app store)(?![a-z])|"
    r"プライム(?:ビデオ)?|ビデオ(?:サービス|配信)?|動画(?:配信|サービス)|音楽(?:配信|サービス)|電子書籍|オーディオブック|读书会员|视频会员|影音(?:會員|服務)|视频(?:服务|会员)|影片(?:服務)?|电子书|電子書|有声书|有聲書|音乐(?:会员|服务)|音樂(?:會員|服務)|동영상(?: 서비스)?|영상 ?서비스|전자책|오디오북|음악 ?(?:서비스|스트리밍)",
    re.I,
)
_BROWSER = re.compile(
    r"(?<![a-z])(?:chrome|safari|firefox|edge|internet explorer|opera)(?![a-z])|クローム|サファリ|谷歌浏览器|크롬|사파리|엣지",
    re.I,
)
_COMPANY = re.compile(
    r"(?:株式会社|有限会社|合同会社|一般社団法人|医療法人|学校法人|\(株\)|㈱)\s?[^\s、。,.!?！？「」『』のはがをにで]{1,20}|[^\s、。,.!?！？「」『』はがをにでの]{1,20}(?:株式会社|有限会社|合同会社|\(株\)|㈱)|"
    r"\b(?:[A-Z][\w&'-]*\s+){1,4}(?:Inc|Ltd|LLC|Corp|GmbH|Co|Company|Corporation|Limited|PLC|Group)\b\.?|[\u4e00-\u9fff]{2,16}(?:有限公司|股份公司|集团|集團|公司(?=的|要|想|需|，|,|名))|(?:주식회사|\(주\)|㈜)\s?[가-힣A-Za-z0-9]{1,15}|[가-힣A-Za-z0-9]{1,15}\s?(?:주식회사|\(주\)|㈜)"
)
_SELLER = re.compile(
    r"(?:出品者|販売元|ショップ名|セラー|店舗)(?:名)?(?:は|が|の|:|「|『|\s){0,2}[「『\"“](?P<q>[^」』\"”]{1,30})[」』\"”]|[「『\"“](?P<p>[^」』\"”]{1,30})[」』\"”]\s?(?:という|って(?:いう)?)?(?:出品者|ショップ|お?店|セラー|这家店|這家店|卖家|賣家|店铺|店家|판매자|셀러)|"
    r"\b(?:seller|shop|store|merchant|vendor)\s+(?:is\s+|was\s+|called\s+|named\s+|name\s+is\s+|:\s*)?[\"“'](?P<e>[^\"”']{1,30})[\"”']|\b(?:seller|merchant|vendor)\s+(?:called|named|is called)?\s*(?P<n>[A-Z][\w&'-]*(?:\s+[A-Z][\w&'-]*){0,3})|(?:bought (?:it )?from|sold by)\s+(?P<b>[A-Z][\w&'-]*(?:\s+[A-Z][\w&'-]*){0,3})|"
    r"(?:卖家|賣家|店铺|店家|店名)(?:名|叫|是|叫做|:){0,2}[「『\"“](?P<z>[^」』\"”]{1,30})[」』\"”]|판매자(?:명|는|가|\s)*['\"“‘](?P<k>[^'\"”’]{1,30})['\"”’]"
)
_AGENT = re.compile(
    r"(?:担当(?:者|の)?(?:は|が|だった|の)?\s?)(?P<j>[一-龥ァ-ヶ]{1,5})(?:さん|様|氏)|(?P<t>[一-龥ァ-ヶ]{1,5})(?:さん|様|氏)(?:という|に担当|が担当|とお?話|と話|から連絡|に対応)|"
    r"\b(?:agent|representative|rep|operator|advisor|adviser|colleague)\s+(?:called\s+|named\s+|was\s+)?(?P<e>[A-Z][a-z]{1,15})\b|\b(?:spoke|talked|chatted) (?:to|with)\s+(?P<s>[A-Z][a-z]{1,15})\b|(?:客服|专员|專員)(?:叫|是)?(?P<z>[\u4e00-\u9fff]{1,3})(?:小姐|先生|女士)|(?P<k>[가-힣]{2,4})\s?(?:상담원|상담사|매니저)(?:님|분)?(?:이|과|께|한테)"
)


def carrier(text: str) -> str | None:
    found = _CARRIER.search(text)
    return found[0] if found else None


def payment_method(text: str) -> str | None:
    return _first(_PAYMENTS, text)


def language_asked_for(text: str) -> str | None:
    return _first(_LANGUAGES, text)


def country(text: str) -> str | None:
    return _first(_COUNTRIES, text)


def device(text: str) -> str | None:
    found = _DEVICE.search(text)
    return found[0] if found else None


def service(text: str) -> str | None:
    found = _SERVICE.search(text)
    return found[0] if found else None


def browser(text: str) -> str | None:
    found = _BROWSER.search(text)
    return found[0] if found else None


def company(text: str) -> str | None:
    found = _COMPANY.search(text)
    return found[0].strip() if found else None


def seller(text: str) -> str | None:
    return _group(_SELLER, text)


def agent(text: str) -> str | None:
    return _group(_AGENT, text)


def _first(patterns: Mapping[str, str], text: str) -> str | None:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text, re.I)), None)


def _group(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return next((value for value in found.groups() if value), None) if found else None
