"""What a message does to the talk: yes, no, back, stop, a correction, a greeting, thanks, anger."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from madoguchi.assistant.understanding import answers_chinese_korean as zh_ko
from madoguchi.kit.text import fold

# All patterns meet folded text: lower case, katakana as hiragana, single spaces.
_FILLER = (
    r"[\s、。,.!！~〜…ー・\-;:)(*'\"^_]|えっと|えーと|あの+|ええと|あ[っ、ー]|うん?と|すみません|すいません|恐れ入りますが|では|じゃあ?|それでは|"
    r"please|pls|plz|thanks?(?: you)?|thx|ty|ありがとう(?:ございます)?|ありがと|どうも|感謝|well|oh|ok then|um+|uh+|hmm+|kindly|です|ます|ね|よ|👍|🙏|🙇|😊|🙂|☺|️|"
    + zh_ko.FILLER
)
_YES = (
    r"はい|はーい|ええ|うん|そう(?:です|だ|なんです)?(?:ね|よ)?|その通り(?:です)?|そのとおり(?:です)?|合って(?:い)?ます|あってます|あってる|合ってる|正しいです|間違いありません|間違いないです|"
    r"了解(?:です|しました|致しました|いたしました)?|納得(?:です|しました|できました|いきました)|承知(?:です|しました|いたしました|致しました)?|わかりました|分かりました|おけ|おっけー?|おーけー|いえす|もちろん(?:です)?|ぜひ|是非|"
    r"(?:それで|これで|そのまま|その内容で|この内容で|それを|その条件で|そちらで|こちらで|以上で)?(?:よろしく)?(?:お願い|おねがい)(?:します|いたします|致します|したいです|したい|しまーす)|よろしく(?:です)?|宜しくお願い(?:します|いたします|致します)|"
    r"(?:それで|これで)(?:いい|良い|よい|大丈夫|問題ない|構わない|結構|おっけー?|ok)(?:です)?(?:よ)?|いいですよ|良いですよ|いいよ|いいとも|問題ありません|問題ないです|構いません|かまいません|大丈夫ですよ|"
    r"進めて(?:ください|下さい|もらえますか)?|すすめてください|続けて(?:ください|下さい)|実行して(?:ください|下さい)?|確定(?:します|してください|で)?|同意(?:します|する)|やって(?:ください|下さい)|そうして(?:ください|下さい)|そうします|"
    r"yes|yess+|yeah|yea|yep|yup|ya|y|yh|sure(?: thing)?|ok|okay|okey|k|okie|alright|all right|right|correct|exactly|absolutely|definitely|of course|certainly|affirmative|confirm(?:ed)?|i confirm|agreed?|i agree|"
    r"that'?s (?:right|correct|it|fine|ok|okay|good|great|perfect)|that is (?:right|correct|fine)|this is (?:right|correct)|it is|i do|that works|works for me|sounds (?:good|great|fine)|(?:go|do) ahead|go for it|go on|do it|do that|proceed|please do|"
    r"(?:yes )?that one|perfect|looks? (?:good|right|correct)|"
    r"👍|🙆(?:‍♀️|‍♂️|‍♀|‍♂)?|⭕|○|◯|✅|👌|" + zh_ko.YES
)
_NO = (
    r"いいえ|いえ|いや|いやいや|いえいえ|ううん|のー|いやです|嫌です|だめ(?:です)?|駄目(?:です)?|違います|ちがいます|違う|ちがう|違いました|そうじゃ(?:ない|ありません)(?:です)?|そうではありません|間違って(?:い)?ます|"
    r"(?:もう)?(?:いり|要り|必要あり)ません|いらない(?:です)?|要らない(?:です)?|不要(?:です)?|必要ない(?:です)?|けっこうです(?=$)|遠慮(?:します|しておきます)|しません|しない(?:です)?|望みません|希望しません|"
    r"(?:やっぱり?|やはり)?(?:やめます|やめる|やめて(?:おきます|おく|おこう|ください|下さい|)|止めます|止めておきます|辞めます|取りやめます|見送ります)|同意しません|お断りします|断ります|"
    r"no+|nope|nah|n|no way|not? really|negative|never|don'?t|do not|i don'?t(?: want (?:that|it|to))?|please don'?t|don'?t do (?:it|that)|not (?:that|this)(?: one)?|wrong|incorrect|that'?s (?:not right|not correct|wrong|not it|incorrect)|it'?s not|it isn'?t|i disagree|decline|rather not|i'?d rather not|not now|stop|"
    r"👎|🙅(?:‍♀️|‍♂️|‍♀|‍♂)?|❌|✕|×|" + zh_ko.NO
)
# A yes or no of their own only beside an explicit one: alone they mean either in Japanese and English.
_EITHER = (
    r"大丈夫(?:です)?|結構です|けっこうです|いいです|no problem|fine|i'?m good|all good|good|" + zh_ko.EITHER
)

_ALL_YES = re.compile(
    rf"(?:{_FILLER})*(?:(?:{_YES})(?:{_FILLER}|(?=[^a-z]|$)))(?:{_YES}|{_EITHER}|{_FILLER})*"
)
_ALL_NO = re.compile(rf"(?:{_FILLER})*(?:(?:{_NO})(?:{_FILLER}|(?=[^a-z]|$)))(?:{_NO}|{_EITHER}|{_FILLER})*")
_JUST_EITHER = re.compile(
    r"(?:no|n) problem.*|(?:ok|okay|right|good|alright)\s*(?:so|but|what|then what)\b.*"
)
_ASKS = re.compile(r"[?？]|(?:です|ます|でしょう|ません)か(?:ね|な)?[。.]*$|(?<!か)かな[。.]*$|" + zh_ko.ASKS)

_TAIL = r"(?:吧|了|啊|呀|谢谢|謝謝|요|감사합니다|です|ます|ください|下さい|お願いします|おねがいします|たい(?:です)?|ね|よ|ましょう|please|pls|もらえますか|いいですか|[\s。、.,!！])*"
_LEAD = r"(?:那就?|我(?:想|要)|还是|還是|그럼|그냥|아|저|えっと|えーと|あ|ああ|すみません|すいません|ごめん(?:なさい)?|やっぱり?|やはり|ちょっと|一旦|いったん|もう|sorry|oh|wait|please|ok|okay|actually|no|いや|いえ|いいえ|[\s、,.。!])*"
_BACK = re.compile(
    rf"{_LEAD}(?:(?:一つ|ひとつ|1つ|一個|1個)?(?:前|まえ|手前|最初|はじめ|初め|元|もと)(?:の(?:画面|質問|ところ|選択肢?|めにゅー|すてっぷ|状態))?(?:に|へ|から)?(?:戻|もど|やり直|やりなお)(?:る|って|り|して|し|したい|す|せます?か?)?|"
    rf"戻る|もどる|戻って|戻り|戻りたい|戻します|戻せますか|やり直(?:す|し|して|したい|します)|やりなお(?:す|し|して|したい)|選び直(?:す|し|して|したい|します)|最初から(?:お願いします|もう一度)?|もう一度最初から|りせっと|"
    rf"(?:go |going |take me |get |let'?s go |can (?:i|we) go |i want to go |i'?d like to go |step |move )?back(?: (?:to )?(?:the )?(?:start|beginning|menu|main menu|previous(?: (?:step|question|screen|page|menu))?|one step|one|a step|last (?:step|question)))?|"
    rf"previous(?: (?:step|question|screen|page|menu))?|undo|start (?:over|again)|restart|begin again|redo|return to (?:the )?(?:previous|main|start).*|main menu|めにゅーに戻る|とっぷに戻る|{zh_ko.BACK}){_TAIL}[?？]?"
)
_STOP = re.compile(
    rf"{_LEAD}(?:(?:それは|この手続きは?|手続きを?|今回は|とりあえず)?(?:やめる|やめます|やめて(?:おきます|おく|おこう(?:かな)?|おこうと思います)?|やめとく|やめときます|止めます|止めておきます|辞めます|取りやめます|中止(?:します|して)?|中断(?:します|して)?|終了(?:します|して)?|見送ります|考え直します|"
    rf"きゃんせる(?:で|します|して)?|取り?消し(?:で|ます)?|取消|なし(?:で|にします|にして)|なかったことに(?:して)?|もういい|もういいや|もう大丈夫|もう結構|もうけっこう|必要なくなりました|いらなくなりました|また今度(?:にします)?|また後で(?:にします)?|あとにします|気が変わりました)|"
    rf"never ?mind(?: (?:then|that|it))?|nvm|forget (?:it|about it|that)|cancel(?: (?:this|that|it))?|stop(?: (?:this|it|that|here))?|quit|exit|abort|end(?: (?:this|chat|the chat))?|i changed my mind|changed my mind|don'?t bother|(?:no,? (?:thanks?|thank you)?,? ?)?(?:just |let'?s )?leave it(?: then| as it is| at that)?|no longer needed|not anymore|scrap that|i don'?t want to (?:continue|do this)(?: anymore)?|let'?s stop|maybe later|not now|another time|{zh_ko.STOP}){_TAIL}(?:then|anymore|thanks|thank you|ありがとう(?:ございます|ございました)?|[\s.,!。、])*"
)
_CORRECTION = re.compile(
    r"^(?:[\s、,。.]|いいえ|いえ|いや|あ[っ、]|ああ|えっと|すみません|すいません|ごめん(?:なさい)?|申し訳(?:ありません|ない)|no+|nope|sorry|oh|wait|hmm+|ah)*"
    r"(?:(?:それ|そこ|そっち|そちら|これ|その注文|その商品|番号|住所|さっきの)?(?:は|が|では?|じゃ)?\s*(?:違います|違う|違った|違いました|ちがいます|ちがう|ちがった)(?:よ|ね|って|です|んです|ので|くて|けど)*(?:[\s、。,.!！]|$)|"
    r"(?:さっきの|先ほどの|今の)(?:は|を|のは)?.{0,12}(?:間違|訂正|違|取り消)|間違え(?:ました|た|てました|ちゃった)(?:[、。,.!\s]|$)|訂正(?:します|です|させて|:|、|$)|正しくは|[^。!?？]{1,14}の間違い(?:です|でした)(?:[。、!\s]|$)|そうじゃな(?:くて|い)|そうではな(?:く|い)|そっちじゃな|それじゃな|それではな|そちらではな|"
    r"not (?:that|this|the)(?: (?:one|order|item|address|first|second|last)(?: one)?)?(?:[\s,.!;:-]|$)|that'?s (?:not (?:right|it|correct|the one|what i (?:meant|said|want))|wrong|incorrect|the wrong (?:one|order|item))|(?:i )?(?:meant|mean)\b|wrong (?:one|order|number|item)(?:[\s,.!;:-]|$)|"
    r"correction\b|actually,? (?:it'?s|i meant|no|the|make (?:it|that))|i (?:made a mistake|mistyped|misspoke|typed (?:it|that) wrong)|no,? (?:it'?s|it is|i meant|i said|the|my|make)\b|it'?s not (?:that|this)|scratch that|let me correct|i said\b|"
    + zh_ko.CORRECTION_START
    + r")|"
    r"(?:じゃなくて|ではなくて|ではなく、|じゃなく、|でなくて)(?!は)|\bnot .{1,30}?,? but\b|"
    + zh_ko.CORRECTION_ANYWHERE
)
_GREETING = re.compile(
    r"^(?:[\s、。!,.]|あの|すみません)*(?:こんにち[はわ]|こんばん[はわ]|おはよう|はじめまして|初めまして|お世話に(?:なり|なって)|おせわに|お疲れ様|もしもし|やあ|どうも(?!ありがと)|"
    r"h(?:i|ello|ey|iya|ullo)(?:\b|(?=[!,.~]))|good (?:morning|afternoon|evening|day)|greetings|dear (?:sir|support|team|customer)|howdy|yo\b|你好|您好|안녕|"
    + zh_ko.GREETING
    + ")"
)
_THANKS = re.compile(
    r"ありがと|有難う|有り難う|あざ(?:っす|ます)|感謝|助かり(?:ました|ます)|助かった|どうもです|サンクス|さんくす|\bthank(?:s| you|ful)|\bthx\b|\btysm\b|\bty\b|\bcheers\b|much appreciated|"
    + zh_ko.THANKS
)
# Of a thing these only tell what is wrong with it; of us they are anger.
_BAD_EN = r"(?:pathetic|shameful|worst|terrible|horrible|awful|useless|joke|damn|crap|shit\w*|stupid)"
_OURS_EN = r"(?:service|support|company|shop|store|people|staff|team|treatment|customer|you(?:r| guys| lot| people)?)"
_STRONG = re.compile(
    r"ふざけ(?:る|ん|て)|いい加減に|いいかげんに|最悪(?!、|の場合|でも|きゃんせる|返品)|最低(?!限|気温|でも|\d|価格|金額|注文|利用|契約|購入|期間|数|ろっと|何|いく)|ありえない|有り得ない|あり得ない|信じられない|許せ(?:ない|ません)|許さない|なめて(?:る|ん)|舐めて|馬鹿に|ばかに|ばか(?:か|や|じゃ)|"
    r"(?<!や)(?<!む)くそ(?!く)|話にならない|怒って|頭に(?:きて|きた|来た|来る)|腹が?立|激怒|むかつ|いらいら|うんざり|詐欺(?:だ|じゃ|かよ|会社|師)|訴え(?:る|ます)|何(?:回|度)(?:も)?(?:言わ(?:せ|れ|な)|言っ(?:て|た)|連絡(?:し(?!た(?:か|件))|さ)|同じ(?:こと|話|説明)を?(?:言|説明|書か|話さ|聞かせ))|どうなって(?:んだ|んの[!！]|い?る(?:の|ん)?(?:だよ|だ(?=[^ぁ-んろ]|$)|[!！]))|どういうつもり|責任(?:を)?(?:取|と)(?:れ|って)|二度と(?:使|買|利用)|(?<!料)金(?:を)?返せ|早くしろ|しろよ|ぼったくり|泣き寝入り|誠意|(?:対応|扱い|態度|説明|会社|店|さーびす|さぽーと|仕打ち|やり方|あまりに|本当に)[^。]{0,6}(?:ひど|酷)(?!い傷)|(?:ひど|酷)(?:い|すぎる)(?:対応|店|会社|話|扱い|さーびす|です|じゃ|よ)|(?:ひど|酷)すぎ|呆れ|"
    r"\b(?:ridiculous|unacceptable|outrageous|disgust(?:ed|ing)|furious|livid|appalling|infuriating|atrocious|disgraceful|angry|pissed|fed up|sick of|had enough|incompetent|rip ?off|ripped off|thieves|liars?|bullshit|bs|fuck\w*|wtf|ffs|idiots?|lawyer|sue|never (?:again|buying|shopping|ordering))\b|"
    rf"\b{_BAD_EN}\b.{{0,24}}\b{_OURS_EN}\b|\b{_OURS_EN}\b(?: \w+){{0,3}} (?:a )?{_BAD_EN}\b|"
    r"" + zh_ko.STRONG
)
_OTHER = re.compile(
    r"もう(?:一つ|ひとつ|1つ|片方|一方)|(?:別|ほか|他)の(?:方|ほう|やつ|注文|商品)|\b(?:the other|another|other) (?:one|order|item)\b|"
    + zh_ko.OTHER
)
_EARLIER = re.compile(
    r"(?:さっき|先ほど|さきほど|前回|この前|その前)の|\b(?:the )?(?:previous|earlier|last|first) one\b|\b(?:that|the) (?:one|order|item) (?:from )?(?:before|earlier)\b|\bsame one\b|"
    + zh_ko.EARLIER
)
_ALSO = re.compile(
    r"(?:それ|これ|あれ|そちら|こちら|そっち|もう一つ)も(?!う)|\b(?:that|this|it|them|those) (?:one )?(?:too|as well|also)\b|\bsame (?:for|with) (?:that|the other|it)\b|"
    + zh_ko.ALSO
)


@dataclass(frozen=True)
class Moves:
    """What the message does to the talk, apart from what it is about. `refers`: to what was spoken of before, as in
    "the other one", "上一个", "それも".
    """

    answer: Literal["yes", "no"] | None
    wants_back: bool
    wants_cancel_talk: bool
    correction: bool
    greeting: bool
    thanks: bool
    strong_words: bool
    refers: Literal["other", "earlier", "also"] | None


def read_moves(folded: str) -> Moves:
    """Signals in folded text. An answer is given only when the whole message is a yes or a no."""
    return Moves(
        answer=_answer(folded),
        wants_back=len(folded) <= 60 and _BACK.fullmatch(folded) is not None,
        wants_cancel_talk=len(folded) <= 60 and _STOP.fullmatch(folded) is not None,
        correction=_CORRECTION.search(folded) is not None,
        greeting=_GREETING.search(folded) is not None,
        thanks=_THANKS.search(folded) is not None,
        strong_words=_STRONG.search(folded) is not None,
        refers=_refers(folded),
    )


def has_strong_words(text: str) -> bool:
    """Anger or threats, as a listener would hear them."""
    return _STRONG.search(fold(text)) is not None


def _refers(folded: str) -> Literal["other", "earlier", "also"] | None:
    if _OTHER.search(folded):
        return "other"
    if _EARLIER.search(folded):
        return "earlier"
    return "also" if _ALSO.search(folded) else None


def _answer(folded: str) -> Literal["yes", "no"] | None:
    if not folded or len(folded) > 60 or _ASKS.search(folded) or _JUST_EITHER.fullmatch(folded):
        return None
    yes = _ALL_YES.fullmatch(folded) is not None
    no = _ALL_NO.fullmatch(folded) is not None
    if yes == no:
        return None
    return "yes" if yes else "no"
