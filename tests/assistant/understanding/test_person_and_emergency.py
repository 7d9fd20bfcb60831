"""A wish for a person is never missed, nor an emergency; talk about either is neither."""

from __future__ import annotations

from datetime import date

import pytest

from madoguchi.assistant.understanding import SAFETY, SELF_HARM, Understander

TODAY = date(2026, 11, 21)
TAKEOVER = "account_security.account_takeover"
CARD = "account_security.card_fraud"
DISCLOSED = "phishing_impersonation.credentials_disclosed"
VICTIM = "phishing_impersonation.fraud_victim"
MISDELIVERY = "order_delivery.misdelivery"
UNRECOGNIZED = "account_security.unrecognized_order"

WISHES = """担当者|担当者と話したい|担当者につなぐ|担当者につないで|担当者お願いします|たんとうしゃ|タントウシャ|たんとうしゃにつないで|オペレーター|ｵﾍﾟﾚｰﾀｰ|オペレータ
オペレーターに繋ぐ|オペレーターにつなぐ|オペレーターへ接続|オペレーターに代わってください|オペレーター出して|オペレターにつないで|有人|有人対応|有人チャットに切り替えて|人と話したい|ひとと話したい
人間と話したい|人間に代わって|人に代われ|誰か人につないでください|スタッフと話せますか|係の人をお願いします|ロボットじゃなくて人がいい|AIでは話にならない|直接担当の方に相談したい|サポートの人とチャットしたい
担当者を呼んでください|責任者に代わってください|いいから人間を出せ|返品の件で担当者と話したい|注文番号がわからないので、担当者の方とお話しできますか|単当者と話したい
human|HUMAN!!|agent|representative|operator|real person please|talk to a human|I want to speak to a representative|can I talk to a person|connect me to an agent|speak to someone|live agent
let me talk to a real person|transfer me to a human|get me a manager|I don't want to talk to a bot|talk to a humna|agnet|represntative|where is my order, I need to speak with an agent|customer service rep
ｈｕｍａｎ　ｐｌｅａｓｅ|isn't there a human I can chat with|put me through to customer service|please hand me over to an operator
人工|客服|人工客服|转人工|我要找人工客服|轉接真人客服|我想跟真人說話|상담원|상담원 연결해 주세요|사람이랑 얘기하고 싶어요|상담사와 통화하고 싶습니다"""
NO_WISHES = """担当者の名前は?|担当者の名前を教えて|担当者から連絡がない|担当者の態度が悪かった|オペレーターの対応が最悪だった|前の担当者に言われた通りにしました|配送担当者が荷物を投げた|人気の商品はどれ
個人情報を変更したい|本人確認が必要ですか|電話番号を教えて|ロボット掃除機が動かない|AIスピーカーが壊れた|一人暮らし用の冷蔵庫|友人に贈った商品が届かない|大人用のLサイズ|人形が壊れていた|担当者とは?
the agent was rude|what was the agent's name|I spoke to an agent yesterday|are you a human?|is this a bot|my robot vacuum does not work|personal information|I need a refund|talk show dvd|agent said it would arrive today
someone stole my parcel|the delivery person left it outside|real leather shoes|human resources book arrived damaged|客服态度很差|담당자 이름이 뭐예요"""

EMERGENCIES = [
    *(
        (TAKEOVER, text)
        for text in """アカウントが乗っ取られました|のっとられた|乗っ取り|不正ログイン|不正アクセスされています|誰かが勝手に私のアカウントに入っている|パスワードが勝手に変わっています|知らない端末からログインされました|身に覚えのないログインの通知が来ました|ハッキングされたみたい
登録メールアドレスが知らないものに変えられている|my account has been hacked|hacked|someone logged in to my account|somebody changed my password and I can't get in|there was a login that wasn't me|unauthorised access to my account|account takeover|a hacker is using my account
我的账号被盗了|帳號被盜用了怎麼辦|계정이 해킹당했어요|계정을 도용당했습니다""".replace("\n", "|").split("|")
    ),
    *(
        (CARD, text)
        for text in """カードが不正に使われた|クレジットカードを不正利用されました|カードを勝手に使われています|クレカが誰かに悪用されている|カードが盗まれて買い物に使われた|カード会社から不正利用の連絡がありました|my credit card was used fraudulently|someone is using my card
my card was stolen and used here|fraudulent charges on my visa|unauthorized transactions on my card|card fraud|信用卡被盗刷了|信用卡遭盜刷|카드가 도용됐어요|누가 제 카드를 몰래 썼어요""".replace(
            "\n", "|"
        ).split("|")
    ),
    *(
        (SAFETY, text)
        for text in """充電器から煙が出ました|バッテリーが発火した|使っていたら火花が出て感電しました|子どもがけがをしました|やけどしました|スマホの電池が膨らんでいる|焦げ臭いにおいがします|化粧水で肌がかぶれて病院に行きました|配達員に脅されました|赤ちゃんが部品を飲み込んでしまいました
the charger caught fire|it exploded in my hand|the kettle burned my daughter|smoke is coming out of the heater|I got an electric shock|my son swallowed a part|the seller threatened me|the battery is swollen|充电器着火了|充電器起火|배터리가 폭발했어요""".replace(
            "\n", "|"
        ).split("|")
    ),
    *(
        (SELF_HARM, text)
        for text in [
            "もう死にたい",
            "自殺を考えています",
            "I want to kill myself",
            "i don't want to live anymore",
            "不想活了",
            "죽고 싶어요",
        ]
    ),
    *(
        (DISCLOSED, text)
        for text in [
            "偽メールのリンクを開いてカード番号を入力してしまいました",
            "電話でパスワードを教えてしまった",
            "I entered my password on a fake site",
            "I gave my card number to a scammer",
        ]
    ),
    *(
        (VICTIM, text)
        for text in [
            "詐欺に遭いました",
            "騙されて3万円振り込んでしまいました",
            "I was scammed",
            "I sent money to a fake shop",
        ]
    ),
    *(
        (UNRECOGNIZED, text)
        for text in [
            "身に覚えのない注文がある",
            "頼んでいない注文が履歴に入っています",
            "I don't recognise this order",
            "there is an order in my history that I never placed",
            "订单记录里有一笔我没下过的单",
            "訂單裡有我沒買過的東西",
            "주문한 적 없는 주문이 내역에 있어요",
        ]
    ),
    *(
        (MISDELIVERY, text)
        for text in [
            "他人の荷物が届きました",
            "別の人宛の荷物が来ている",
            "I received someone else's package",
            "the parcel is addressed to my neighbour, not me, I got my neighbor's package",
        ]
    ),
]
NO_EMERGENCIES = """乗っ取りを防ぐにはどうすればいいですか|不正利用の対策を教えて|アカウントが乗っ取られたというメールが来ました、本物ですか|パスワードを忘れた|パスワードを変更したい|ログインできない|カードが使えない|カードの有効期限を変更したい|二重に請求された
違う商品が届いた|商品が壊れていた|火曜日に届く予定|爆発的に人気のゲーム|電源が入らない|画面が割れていた|住所が変わりました|返金がまだです|死ぬほど待った|煙の出ないグリルはありますか|盗難防止用の鍵を買いたい
how do I protect my account from hackers|my fire tv stick is not working|my card was declined|update my card|I can't log in|I forgot my password|I was charged twice|the box was damaged|is this battery safe|I was shocked at the price|smoke detector not working
I got an email saying my account was hacked, is it real|the item is broken|you're fired lol|there is no smoke without fire tv remote|someone at the store told me to write here|my package was stolen from the porch|what if my card is stolen, am I covered"""


def lines(text: str) -> list[str]:
    return text.replace("\n", "|").split("|")


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander.load()


@pytest.mark.req("HND-003")
@pytest.mark.parametrize("text", lines(WISHES))
def test_every_way_of_asking_for_a_person_is_understood(understander: Understander, text: str) -> None:
    assert understander.understand(text, today=TODAY).wants_person


@pytest.mark.req("HND-003")
@pytest.mark.parametrize("text", lines(NO_WISHES))
def test_talk_about_a_person_is_no_wish_for_one(understander: Understander, text: str) -> None:
    assert not understander.understand(text, today=TODAY).wants_person


def test_there_are_forty_phrasings_and_more() -> None:
    assert len(set(lines(WISHES))) >= 40


@pytest.mark.parametrize(("kind", "text"), EMERGENCIES)
def test_an_emergency_is_never_missed(understander: Understander, kind: str, text: str) -> None:
    assert understander.understand(text, today=TODAY).emergency == kind


@pytest.mark.parametrize("text", lines(NO_EMERGENCIES))
def test_ordinary_trouble_and_prevention_are_no_emergency(understander: Understander, text: str) -> None:
    assert understander.understand(text, today=TODAY).emergency is None


def test_a_bare_wish_is_connect_to_agent_and_a_topic_keeps_its_kind(understander: Understander) -> None:
    bare = understander.understand("担当者につないでください", today=TODAY)
    assert [i.kind for i in bare.intents] == ["support_service.connect_to_agent"]
    topic = understander.understand("返品の件で担当者と話したい", today=TODAY)
    assert topic.wants_person
    assert topic.intents[0].kind == "return_exchange_cancel.return_request"


def test_a_stolen_account_leads_the_intents(understander: Understander) -> None:
    understood = understander.understand("アカウントが乗っ取られて知らない注文が入っています", today=TODAY)
    assert understood.intents[0].kind == TAKEOVER
