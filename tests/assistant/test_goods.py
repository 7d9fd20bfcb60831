"""Kinds of goods: a shop that names its goods in one language is understood in four, and no kind catches another's words."""

from __future__ import annotations

import re

import pytest

from madoguchi.assistant.steps.goods import _called, _kinds_of, kind_score
from madoguchi.connectors.embedded.demo.goods import products
from madoguchi.kit.text import fold

LANGUAGES = ("en", "ja", "zh", "ko")

# One good and how customers call it; each row is one kind, no word of which may mean a good of another row.
ROWS = [
    ("リュックサック 20L", "my backpack", "リュックの紐", "双肩包坏了", "배낭이 찢어졌어요"),
    ("オフィスチェア", "the chair", "椅子の脚", "办公椅", "의자가"),
    ("昇降式デスクテーブル", "a table", "机が", "书桌有划痕", "책상이"),
    ("シングルベッド", "the bed frame", "ベッドが", "床垫太硬", "침대가"),
    ("遮光カーテン", "the curtains", "カーテンが短い", "窗帘", "커튼이"),
    ("ウールラグ", "the rug", "絨毯", "地毯", "러그가"),
    ("低反発クッション", "the cushion", "座布団", "抱枕", "방석"),
    ("衣装たんす", "the wardrobe", "箪笥", "衣柜", "옷장"),
    ("全身ミラー", "the mirror", "鏡が割れた", "镜子碎了", "거울이"),
    ("扇風機", "the fan", "サーキュレーター", "电风扇", "선풍기"),
    ("セラミックヒーター", "the heater", "ストーブ", "取暖器", "난로"),
    ("窓用エアコン", "the air conditioner", "冷房", "空调", "에어컨"),
    ("小型冷蔵庫", "the fridge", "冷蔵庫が", "冰箱", "냉장고"),
    ("全自動洗濯機", "the washing machine", "洗濯機", "洗衣机", "세탁기"),
    ("電子レンジ", "the microwave", "レンジ台ではなく電子レンジ", "微波炉", "전자레인지"),
    ("ポップアップトースター", "the toaster", "トースターが", "烤面包机", "토스터"),
    ("ミキサー 1L", "the blender", "ジューサー", "榨汁机", "믹서기"),
    ("コーヒーメーカー", "the coffee machine", "コーヒーメーカー", "咖啡机", "커피머신"),
    ("衣類スチーマー", "the iron", "アイロンが", "熨斗", "다리미"),
    ("ミシン", "the sewing machine", "ミシン", "缝纫机", "재봉틀"),
    ("電気シェーバー", "the shaver", "髭剃り", "剃须刀", "면도기"),
    ("体組成計", "the scales", "体重計", "体重秤", "체중계"),
    ("ミラーレスカメラ", "the camera", "カメラ", "相机", "카메라"),
    ("ウェブカメラ", "the webcam", "ウェブカメラ", "摄像头", "웹캠"),
    ("スマートフォン", "the phone", "スマホが", "手机坏了", "휴대폰이"),
    ("スマホケース", "the phone case", "スマホケース", "手机壳", "휴대폰 케이스"),
    ("タブレット 10型", "the tablet", "タブレット", "平板", "태블릿"),
    ("ノートパソコン", "the laptop", "パソコン", "笔记本电脑", "노트북"),
    ("静音マウス", "the mouse", "マウス", "鼠标", "마우스"),
    ("4Kモニター", "the monitor", "モニターが", "显示器", "모니터"),
    ("インクジェットプリンター", "the printer", "プリンターが", "打印机", "프린터가"),
    ("モバイルバッテリー", "the power bank", "モバイルバッテリー", "充电宝", "보조배터리"),
    ("単3アルカリ電池", "the batteries", "電池が", "电池", "건전지"),
    ("LED懐中電灯", "the flashlight", "懐中電灯", "手电筒", "손전등"),
    ("LED電球", "the light bulb", "電球が切れた", "灯泡", "전구"),
    ("microSDメモリーカード", "the memory card", "メモリーカード", "内存卡", "메모리 카드"),
    ("ボクサーパンツ", "the boxers", "下着", "内裤", "팬티"),
    ("チノパンツ", "the trousers", "ズボン", "长裤", "바지"),
    ("カシミヤマフラー", "the scarf", "マフラー", "围巾", "목도리"),
    ("革手袋", "the gloves", "手袋", "手套", "장갑"),
    ("本革ベルト", "the belt", "ベルト", "皮带", "벨트"),
    ("サングラス", "the sunglasses", "眼鏡", "墨镜", "선글라스"),
    ("シルバーネックレス", "the necklace", "ネックレス", "项链", "목걸이"),
    ("綿パジャマ", "the pyjamas", "寝巻", "睡衣", "잠옷"),
    ("スーツケース 60L", "the suitcase", "スーツケース", "行李箱", "캐리어"),
    ("リキッドファンデーション", "the foundation", "化粧品", "粉底", "화장품"),
    ("香水 50ml", "the perfume", "香水", "香水", "향수"),
    ("日焼け止め", "the sunscreen", "日焼け止め", "防晒霜", "선크림"),
    ("ボディソープ", "the soap", "石鹸", "沐浴露", "비누"),
    ("不織布マスク", "the face masks", "マスク", "口罩", "마스크"),
    ("ティッシュ 5箱", "the tissues", "ティッシュ", "纸巾", "휴지"),
    ("マルチビタミン", "the vitamins", "サプリ", "维生素", "영양제"),
    ("赤ワイン", "the wine", "ワイン", "红酒", "와인"),
    ("即席ラーメン", "the noodles", "ラーメン", "泡面", "라면"),
    ("本醸造醤油", "the soy sauce", "醤油", "酱油", "간장"),
    ("青森りんご", "the apples", "りんご", "苹果", "사과가"),
    ("国産牛肉", "the beef", "牛肉", "牛肉", "소고기"),
    ("成猫用キャットフード", "the cat food", "キャットフード", "猫粮", "사료"),
    ("猫砂 5L", "the cat litter", "猫砂", "猫砂", "고양이 모래"),
    ("花束 バラ", "the bouquet", "花束", "鲜花", "꽃다발"),
    ("充電式芝刈り機", "the lawn mower", "芝刈り機", "割草机", "잔디깎이"),
    ("電動ドリル", "the electric drill", "ドリル", "电钻", "드릴"),
    ("水性ペンキ", "the paint", "ペンキ", "油漆", "페인트"),
    ("延長コード", "the extension lead", "電源タップ", "插线板", "멀티탭"),
    ("ヨガマット", "the yoga mat", "ヨガマット", "瑜伽垫", "요가매트"),
    ("ダンベル 5kg", "the dumbbells", "ダンベル", "哑铃", "아령"),
    ("サッカーボール", "the football", "サッカーボール", "足球", "축구공"),
    ("テニスラケット", "the racket", "ラケット", "球拍", "라켓"),
    ("釣り竿", "the fishing rod", "釣り竿", "鱼竿", "낚싯대"),
    ("寝袋", "the sleeping bag", "シュラフ", "睡袋", "침낭"),
    ("自転車用ヘルメット", "the helmet", "ヘルメット", "头盔", "헬멧"),
    ("ベビーカー", "the pram", "ベビーカー", "婴儿车", "유모차"),
    ("紙おむつ", "the nappies", "おむつ", "尿布", "기저귀"),
    ("チャイルドシート", "the child seat", "チャイルドシート", "安全座椅", "카시트"),
    ("ボードゲーム", "the board game", "トランプ", "桌游", "보드게임"),
    ("木のブロック", "the building blocks", "積み木", "积木", "블록"),
    ("コミック 全10巻", "the comics", "漫画", "漫画", "만화"),
    ("卓上カレンダー", "the calendar", "カレンダー", "日历", "달력"),
    ("ドライブレコーダー", "the dash cam", "ドライブレコーダー", "行车记录仪", "블랙박스"),
]


def test_there_are_kinds_enough_and_each_is_named_in_four_languages() -> None:
    assert len(_called()) >= 150
    assert len(ROWS) >= 78
    for kind, ways in _called().items():
        assert tuple(ways) == LANGUAGES, kind
        for way in ways.values():
            assert not re.search("[ァ-ヺA-Z]", way.pattern.replace(r"\B", "")), f"{kind}: {way.pattern}"


@pytest.mark.req("BOT-011", "LNG-007")
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_good_with_a_japanese_name_is_known_in_four_languages(row: tuple[str, ...]) -> None:
    name, *said = row
    assert [words for words in said if not kind_score({"ja": name}, fold(words))] == []


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_no_word_means_a_good_of_another_kind(row: tuple[str, ...]) -> None:
    caught = [
        (other[0], words)
        for other in ROWS
        for words in row[1:]
        if other is not row
        if kind_score({"ja": other[0]}, fold(words))
    ]
    assert caught == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ({"ja": "ボクサーパンツ"}, "ズボン"),
        ({"en": "Boxer shorts"}, "바지"),
        ({"zh-Hans": "牛仔裤"}, "内裤"),
        ({"zh-Hans": "手机壳"}, "手机"),
        ({"zh-Hans": "洗碗布"}, "盘子"),
        ({"zh-Hans": "自行车"}, "婴儿车"),
        ({"zh-Hans": "机车手套"}, "自行车"),
        ({"ja": "乾電池"}, "懐中電灯"),
        ({"ja": "懐中電灯"}, "電球"),
        ({"ja": "本棚"}, "本が届かない"),
        ({"ja": "小説『灯台の手紙』"}, "台灯"),
        ({"ja": "卓球台"}, "テーブル"),
        ({"ja": "スマホスタンド"}, "スマホ"),
        ({"en": "Coffee table"}, "咖啡"),
        ({"en": "Coffee maker"}, "원두"),
        ({"en": "Table lamp"}, "책상"),
        ({"en": "Suitcase"}, "양복"),
        ({"en": "Wine glasses"}, "와인"),
        ({"ko": "휴대폰 케이스"}, "手机"),
        ({"ko": "손목시계"}, "벽시계"),
        ({"ko": "프린터 잉크"}, "打印机"),
    ],
)
def test_false_friends_do_not_catch_each_other(name: dict[str, str], said: str) -> None:
    assert kind_score(name, fold(said)) == 0


@pytest.mark.parametrize(
    "words",
    [
        "注文した商品が届きません",
        "返品したいです",
        "where is my parcel",
        "please call me back, my phone number has changed",
        "我的订单还没到",
        "我要退货，请帮忙",
        "주문한 물건이 안 왔어요",
        "환불은 언제 되나요",
        "時間がありません",
        "ありがとうございます。本当に助かりました",
    ],
)
def test_words_of_every_enquiry_mean_no_good(words: str) -> None:
    said = fold(words)
    caught = [kind for kind, ways in _called().items() if any(way.search(said) for way in ways.values())]
    assert caught == []


@pytest.mark.parametrize("language", ["ja", "en", "zh-Hans", "zh-Hant", "ko"])
def test_every_good_of_the_demonstration_has_a_kind(language: str) -> None:
    without = [good.id for good in products() if not _kinds_of(((language, good.name[language]),))]
    assert without == []
