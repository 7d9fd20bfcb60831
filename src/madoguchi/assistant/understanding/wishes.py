"""What a customer wants done, why goods come back, in which state they are: the slots that have a fixed vocabulary."""

from __future__ import annotations

import re
from collections.abc import Mapping

_RESOLUTION: Mapping[str, str] = {
    "reship": r"再送|送り直|再発送|もう一度送|もう一回送|resen[dt]|sent again|re-?ship|send (?:it |me )?(?:another|again|a new)|补发|補發|补寄|補寄|重新(?:发货|發貨|寄|发|寄送)|再寄|재발송|다시 ?보내",
    "exchange": r"交換(?!でき(?:ない|ません))|取り替え|取り換え|替えて|代替品|exchange|swap|replacement|replace (?:it|this|them)|换货|換貨|换(?:一个|一件|个|成|新)|換(?:一個|一件|個|成|新)|更换|更換|교환|바꿔 ?주|새 ?(?:제품|상품)(?:으로|을)",
    "refund": r"返金(?:して|を(?:希望|お願い|求)|希望|が?(?:いい|良い|ほしい|欲しい)|で)|お?金を返|払い戻し|refund (?:me|please|it|my)|(?:want|like|need|get|prefer) (?:a |my |the )?(?:full |partial )?(?:refund|money back)|money back|退款(?!.{0,6}(?:没|沒|未|还|還|多久|什么时候|什麼時候))|退钱|退錢|환불(?:해|을 ?원|받고|요청|부탁|로)",
    "return": r"返品(?:し(?:たい|ます)|を?(?:希望|お願い)|で)|送り返したい|return (?:it|this|them|these|my|the)|send (?:it|them|this) back|退货(?!款)|退貨(?!款)|반품(?:하고|할|해|요청|신청|부탁|으로)",
    "cancel": r"キャンセル(?:し(?:たい|て)|を?(?:希望|お願い)|で)|取り?消し(?:たい|て)|解約(?:し|を)|cancel|取消(?:订单|訂單|掉|吧|这|這|会员|會員)?|취소(?:해|하고|할|요청|부탁)|해지(?:해|하고|할)",
    "suspension": r"(?:利用|アカウント|カード)(?:を)?(?:停止|一時停止|ロック|凍結)(?:し(?:て|たい))|止めて(?:ください|ほしい)|(?:lock|suspend|freeze|block) (?:my|the|this) (?:account|card)|冻结|凍結|锁定|鎖定|停用(?:账|帳|我)|(?:계정|카드).{0,6}(?:정지|잠가|잠궈|잠금)",
    "investigation": r"調査|調べて|確認して(?:ほしい|ください).{0,10}(?:原因|経緯)|investigat\w+|look into|查一?下|調查|调查|查清|核实|核實|조사|알아봐|확인해 ?(?:주세요|주실)",
    "explanation": r"説明(?:して|を(?:求|お願い|してほしい))|なぜ.{0,20}か(?:教えて|説明)|explain|explanation|解释|解釋|说明|說明(?!書)|설명(?:해|을|좀)",
}
_REASON: Mapping[str, str] = {
    "wrong_item": r"違う(?:商品|もの|物|色|サイズ|品)が|別の(?:商品|物|もの)が|間違った(?:商品|物)が|wrong (?:item|product|colou?r|size|one|thing)|not what i ordered|发错|發錯|寄错|寄錯|送错货|送錯貨|잘못 ?(?:왔|배송|보내)|다른 ?(?:상품|제품|물건|색)이? ?(?:왔|도착)|오배송",
    "damaged": r"破損|割れ|壊れて(?:届|い)|へこ|凹|潰れ|つぶれ|破れ|傷(?:が|だらけ)|damaged|broken (?:on|when)|arrived broken|crack\w*|smash\w*|shatter\w*|dent\w*|torn|破损|破損|碎了|裂了|压坏|壓壞|摔坏|摔壞|파손|깨졌|깨져|깨진|찌그러|부서",
    "defective": r"不良|動かな|動きませ|作動しな|起動しな|電源が入ら|故障|壊れた|使えない|defect\w*|faulty|not work\w*|n't work|stopped working|won'?t (?:turn|start|charge|switch|power)|dead on arrival|坏了|壞了|故障|不能用|没反应|沒反應|开不了机|開不了機|瑕疵|고장|작동(?:이|을)? ?안|불량|안 ?켜|먹통|하자",
    "does_not_fit": r"サイズ(?:が|を)?.{0,6}(?:合わ|小さ|大き|間違)|(?:小さ|大き|きつ|ゆる|長|短)(?:すぎ|い|かった)|(?:too|a bit|bit too) (?:small|big|large|tight|loose|long|short|wide|narrow)|(?:doesn'?t|does not|didn'?t|don'?t|not) fit|尺(?:码|寸|碼).{0,6}(?:不|太|大|小)|太(?:大|小|紧|緊|松|鬆|长|長|短)|사이즈가?.{0,6}(?:안 ?맞|작|크|커)|너무 ?(?:작|커|크|길|짧|꽉|헐렁)",
    "ordered_by_mistake": r"間違(?:って|えて)(?:注文|購入|買)|誤って注文|二重に注文|2つ注文|(?:ordered|bought) (?:it |this |them )?(?:by mistake|by accident|twice)|accidentally (?:ordered|bought)|wrong order by me|买错|買錯|下错单|下錯單|订错|訂錯|点错|點錯|按错|按錯|重复下单|重複下單|잘못 ?(?:주문|시켰|샀|골랐)|실수로 ?(?:주문|시켰|샀)",
    "not_as_imagined": r"イメージ(?:と|が)違|思って(?:い)?たのと|写真と違|想像と|説明と違|not (?:as|like) (?:described|expected|pictured|in the (?:photo|picture))|different from the (?:photo|picture|description)|和(?:图片|圖片|描述|照片|想象|想像).{0,6}(?:不|差)|跟(?:图片|圖片|描述|照片|想像).{0,6}(?:不|差)|与描述不符|사진(?:이랑|과|하고).{0,4}(?:달라|다르|다른)|생각(?:했던|한) ?(?:것|거)(?:랑|과|이랑|하고)",
    "late": r"遅(?:い|く|れ|すぎ)|間に合わな|too late|arrived late|took too long|太慢|太晚|迟到|遲到|来不及|來不及|너무 ?늦|늦게 ?(?:와|왔|도착)",
    "no_longer_wanted": r"いらなくな|要らなくな|不要にな|必要なくな|気が変わ|使わな(?:い|く)|don'?t (?:want|need) (?:it|this|them) any ?more|no longer (?:want|need)|changed my mind|不想要了|不需要了|用不到|用不着|不要了|필요 ?없어|마음이 ?바뀌|변심|안 ?쓰게",
}
_CONDITION: Mapping[str, str] = {
    "unopened": r"未開封|開けて(?:い)?(?:ない|ません)|封を切って(?:い)?ない|unopened|(?:haven'?t|not|never) (?:been )?opened|still sealed|sealed|未拆封|没拆|沒拆|未拆|未开封|미개봉|개봉 ?안|안 ?뜯|뜯지 ?않",
    "opened_unused": r"未使用|使って(?:い)?(?:ない|ません)|使用して(?:い)?(?:ない|ません)|開封(?:した|済み?).{0,12}(?:未使用|使って(?:い)?ない)|unused|(?:haven'?t|not|never) (?:been )?(?:used|worn)|tags? (?:still )?(?:on|attached)|opened but|没用过|沒用過|未使用|没穿过|沒穿過|吊牌(?:还|還|未|没|沒)|미사용|사용 ?안|안 ?썼|안 ?입|택 ?(?:안|그대로)",
    "used": r"使用済|一度(?:使|着)|(?:1|一)回(?:使|着)|使ってしま|used (?:it )?(?:once|twice|a few)|i(?:'ve| have) (?:used|worn)|already (?:used|worn)|用过|用過|穿过|穿過|使用过|使用過|사용했|한 ?번 ?(?:썼|입|사용)|썼는데|입었는데",
    "defective": _REASON["defective"],
}
_DELIVERY_STATUS: Mapping[str, str] = {
    "delivered": r"配達(?:完了|済)|(?:届|着)いたことにな|受け取ったことにな|(?:says|shows?|marked|shown|status).{0,20}delivered|显示.{0,6}(?:已签收|签收|已送达|送达|妥投)|顯示.{0,6}(?:已簽收|簽收|已送達|送達|已取貨)|배송 ?완료|배달 ?완료",
    "out_for_delivery": r"持ち出し中|配達中|out for delivery|派送中|派件中|配送中|배달 ?중",
    "in_transit": r"輸送中|配送中|in transit|on (?:its|the) way|运输中|運輸中|運送中|在途|배송 ?중|이동 ?중",
    "preparing": r"準備中|出荷準備|発送準備|preparing|processing|not (?:yet )?(?:shipped|dispatched)|未発送|待发货|未发货|备货|備貨|處理中|未出貨|상품 ?준비|배송 ?준비|미발송",
    "shipped": r"発送済|出荷済|shipped|dispatched|已发货|已出貨|발송 ?(?:됨|완료)",
    "returned_to_sender": r"返送|持ち戻|returned to (?:the )?sender|sent back to (?:you|sender)|退回(?!.{0,4}款)|반송",
}
_AUTH_METHOD: Mapping[str, str] = {
    "sms": r"sms|ショートメッセージ|ショートメール|text message|短信|簡訊|문자",
    "app": r"認証アプリ|authenticator|auth(?:entication)? app|验证器|驗證器|身份验证应用|인증 ?앱|otp ?앱",
    "email": r"メール(?:で|に|の|が)|e-?mail|邮箱|郵箱|邮件|信箱|이메일|메일",
    "phone": r"電話(?:で|番号|に)|phone|电话|電話|전화",
}
_CHANNEL: Mapping[str, str] = {
    "phone": r"電話|でんわ|phone|\bcall(?:ed|ing)?\b|电话|打客服|전화",
    "chat": r"チャット|ちゃっと|\bchat\b|聊天|对话|對話|在线客服|線上客服|채팅|챗",
    "email": r"メール|めーる|e-?mail|邮件|郵件|이메일|메일",
}
_DISCLOSED: Mapping[str, str] = {
    "verification_code": r"認証(?:コード|番号)|確認コード|ワンタイム|verification code|one[- ]time|security code|\botp\b|验证码|驗證碼|인증 ?(?:번호|코드)",
    "card_number": r"カード(?:番号|情報|の)|クレカ|クレジット|card|卡号|卡號|信用卡|银行卡|카드",
    "password": r"パスワード|暗証番号|\bpass(?:word|code)?\b|\bpin\b|log-?in|ログイン|密码|密碼|帳密|비밀 ?번호|비번",
    "bank_account": r"口座|銀行|bank|银行账|銀行帳|계좌",
    "personal_information": r"個人情報|住所|氏名|電話番号|personal|address|身份证|身分證|个人信息|個資|地址|개인 ?정보|주민 ?번호|주소",
}
_PHOTO = re.compile(
    r"写真(?!と(?:違|異|全然))(?:を|も|は|が)?.{0,10}(?:あり|ある|撮|添付|送|付)|画像(?:を|も|は|が)?.{0,8}(?:あり|添付|送|撮)|(?:撮影|スクショ|スクリーンショット).{0,8}(?:し|あり|ある|添付|送)|\b(?:i have|i'?ve got|got|attached|attaching|took|taken|can send|sending|see|here'?s|here are)\b.{0,16}\b(?:photos?|pictures?|pics?|images?|screenshots?|video)\b|\b(?:photos?|pictures?|pics?|screenshots?) (?:attached|available|below|included|taken)|"
    r"(?:有|拍了|附上|附了|可以发|可以傳|已拍|拍好|上传|上傳|已附|留了|存了).{0,6}(?:照片|图片|圖片|相片|截图|截圖|视频|影片)|(?:照片|图片|圖片|截图|截圖).{0,6}(?:拍了|有|附上|附|可以发|可以傳|在这|在這|已)|사진(?:도|은|을|이)? ?.{0,6}(?:있|찍|첨부|보내|올)|(?:캡처|스크린샷|동영상).{0,6}(?:있|했|첨부|보내)",
    re.I,
)


def resolution(text: str) -> str | None:
    return _first(_RESOLUTION, text)


def return_reason(text: str) -> str | None:
    return _first(_REASON, text)


def item_condition(text: str) -> str | None:
    return _first(_CONDITION, text)


def delivery_status(text: str) -> str | None:
    return _first(_DELIVERY_STATUS, text)


def auth_method(text: str) -> str | None:
    return _first(_AUTH_METHOD, text)


def channel(text: str) -> str | None:
    return _first(_CHANNEL, text)


def disclosed(text: str) -> str | None:
    return _first(_DISCLOSED, text)


def has_photo(text: str) -> bool:
    return _PHOTO.search(text) is not None


def _first(patterns: Mapping[str, str], text: str) -> str | None:
    return next((name for name, pattern in patterns.items() if re.search(pattern, text, re.I)), None)
