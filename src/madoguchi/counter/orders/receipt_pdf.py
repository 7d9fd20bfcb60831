"""The receipt (領収書) as PDF: addressee, order, tenders, tax by rate, qualified-invoice number (PAY-014).

The standard Japanese fonts of every PDF reader are named, none is embedded.
"""

from __future__ import annotations

import io
from datetime import datetime

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from madoguchi.counter.orders import pricing
from madoguchi.counter.orders.model import Order, Tender
from madoguchi.counter.orders.receipt import Issuer, amounts_by_rate
from madoguchi.counter.orders.rules import Rules
from madoguchi.kit.money import Money

_SANS = "HeiseiKakuGo-W5"
_SERIF = "HeiseiMin-W3"
_TENDERS: dict[Tender, str] = {
    "card": "クレジットカード",
    "gift_card": "ギフト券",
    "points": "ポイント",
    "convenience_store": "コンビニ払い",
    "bank_transfer": "銀行振込",
    "cash_on_delivery": "代金引換",
    "pay_later": "後払い",
}
_LEFT, _RIGHT = 25 * mm, A4[0] - 25 * mm
_ROWS_PER_PAGE = 28


def render(
    order: Order,
    rules: Rules,
    issuer: Issuer,
    *,
    now: datetime,
    addressee: str | None = None,
    reissue: bool = False,
) -> bytes:
    """One A4 page, or more for long orders. `addressee` None: the name on the order."""
    for font in (_SANS, _SERIF):
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=True)
    canvas.setTitle(f"領収書 {order.number}")
    canvas.setAuthor(issuer.name)
    y = _head(canvas, order, rules, now, addressee, reissue)
    y = _rows(canvas, order, y)
    y = _tax_and_tenders(canvas, order, rules, y)
    _foot(canvas, issuer, y)
    canvas.save()
    return buffer.getvalue()


def _head(
    canvas: Canvas, order: Order, rules: Rules, now: datetime, addressee: str | None, reissue: bool
) -> float:
    canvas.setFont(_SERIF, 24)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 35 * mm, "領収書")
    if reissue:
        canvas.setFont(_SANS, 12)
        canvas.drawRightString(_RIGHT, A4[1] - 35 * mm, "【再発行】")
    canvas.setFont(_SERIF, 14)
    canvas.drawString(_LEFT, A4[1] - 52 * mm, f"{_clean(addressee or order.address.name)} 様")
    canvas.setFont(_SANS, 9)
    issued = now.astimezone(rules.zone)
    placed = order.placed_at.astimezone(rules.zone)
    canvas.drawRightString(_RIGHT, A4[1] - 48 * mm, f"発行日 {issued:%Y年%m月%d日}")
    canvas.drawRightString(_RIGHT, A4[1] - 53 * mm, f"注文日 {placed:%Y年%m月%d日}")
    canvas.drawRightString(_RIGHT, A4[1] - 58 * mm, f"注文番号 {_clean(order.number)}")
    canvas.setFont(_SERIF, 20)
    received = Money(minor=max(0, order.captured - order.refunded), currency=order.currency)
    canvas.drawCentredString(A4[0] / 2, A4[1] - 74 * mm, f"{received.text('ja')}(税込)")
    canvas.line(_LEFT, A4[1] - 78 * mm, _RIGHT, A4[1] - 78 * mm)
    canvas.setFont(_SANS, 9)
    canvas.drawString(_LEFT, A4[1] - 85 * mm, "但し、商品代として。上記の金額を領収いたしました。")
    return A4[1] - 96 * mm


def _rows(canvas: Canvas, order: Order, y: float) -> float:
    rows = [
        (
            f"{_clean(line.label('ja'))} × {pricing.kept(order, line)}",
            pricing.pieces_value(order, line, pricing.kept(order, line)),
        )
        for line in order.lines
        if pricing.kept(order, line)
    ]
    rest = max(0, order.captured - order.refunded) - sum(amount for _, amount in rows)
    if rest:
        rows.append(("送料・手数料など" if rest > 0 else "未収・調整", rest))
    canvas.setFont(_SANS, 9)
    for number, (text, amount) in enumerate(rows):
        if number and number % _ROWS_PER_PAGE == 0:
            canvas.showPage()
            canvas.setFont(_SANS, 9)
            y = A4[1] - 30 * mm
        canvas.drawString(_LEFT, y, text if len(text) <= 48 else f"{text[:47]}…")
        canvas.drawRightString(_RIGHT, y, Money(minor=amount, currency=order.currency).text("ja"))
        y -= 6 * mm
    return _room_for_the_rest(canvas, y)


def _room_for_the_rest(canvas: Canvas, y: float) -> float:
    if y > 90 * mm:
        return y
    canvas.showPage()
    return A4[1] - 30 * mm


def _tax_and_tenders(canvas: Canvas, order: Order, rules: Rules, y: float) -> float:
    def text(amount: int) -> str:
        return Money(minor=amount, currency=order.currency).text("ja")

    y -= 3 * mm
    canvas.line(_LEFT, y, _RIGHT, y)
    canvas.setFont(_SANS, 9)
    for row in amounts_by_rate(order, rules):
        y -= 6 * mm
        canvas.drawString(_LEFT, y, f"{row.rate}%対象(税込)")
        canvas.drawRightString(_RIGHT, y, f"{text(row.gross)}(内消費税 {text(row.tax)})")
    y -= 3 * mm
    for payment in order.payments:
        kept = payment.captured - pricing.given_back(order, payment)
        if kept <= 0:
            continue
        y -= 6 * mm
        name = _TENDERS[payment.tender] + (f" {_clean(payment.label)}" if payment.label else "")
        canvas.drawString(_LEFT, y, f"お支払い方法:{name}")
        canvas.drawRightString(_RIGHT, y, text(kept))
    return y - 12 * mm


def _foot(canvas: Canvas, issuer: Issuer, y: float) -> None:
    canvas.setFont(_SANS, 10)
    canvas.drawRightString(_RIGHT, y, _clean(issuer.name))
    canvas.setFont(_SANS, 9)
    lines = [issuer.address, issuer.phone]
    if issuer.invoice_number:
        lines.append(f"登録番号 {issuer.invoice_number}")
    for text in filter(None, lines):
        y -= 5 * mm
        canvas.drawRightString(_RIGHT, y, _clean(text))


def _clean(text: str) -> str:
    """What the standard fonts can draw: one line without control characters."""
    return "".join(character for character in text if character.isprintable())[:120]
