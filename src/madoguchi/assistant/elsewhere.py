"""The ways to reach us as the assistant names them: the same that pages show, from the same table (CH-059).

A matter that the shop does not serve in the chat is answered with where it is served; asking for a person always works.
"""

from __future__ import annotations

from madoguchi.assistant.talk import Scene
from madoguchi.assistant.wording import words
from madoguchi.counter.cases.ways import wording
from madoguchi.counter.cases.ways.advice import Advice, advise, in_order, profile_of
from madoguchi.counter.cases.ways.channels import serving
from madoguchi.counter.cases.ways.open_ways import Asking, People, Way, open_ways, shows_number
from madoguchi.counter.cases.wording import category_label
from madoguchi.engine.settings import Settings


def is_elsewhere(settings: Settings, kind: str) -> bool:
    """Whether the shop serves this kind, but not in the chat with the assistant."""
    return kind != "support_service.connect_to_agent" and "assistant" not in serving(settings, kind)


def says_where(scene: Scene, kind: str) -> list[str]:
    """That it is not handled here, and each way that is, with its number or hours."""
    asking = _asking(scene, kind)
    ways = in_order(_ways(scene, asking), profile_of(kind), asking)
    language = scene.language
    told = [_line(scene, way, asking) for way in ways if way.offered]
    return [words(language, "elsewhere.not_here", topic=category_label(kind, language)), *told]


def recommends(scene: Scene, kind: str) -> str:
    """The way that fits a kind best, and why; empty where it is this chat itself, or nothing is open."""
    asking = _asking(scene, kind)
    found: Advice | None = advise(_ways(scene, asking), profile_of(kind), asking)
    if found is None or found.way.channel.id == "assistant":
        return ""
    name = found.way.channel.text("name", scene.language)
    reason = wording.reason_text(found, asking)
    return words(scene.language, "elsewhere.best", way=name, reason=reason)


def page_of_ways(scene: Scene, kind: str = "") -> dict[str, str]:
    """A card that leads to the page that compares them."""
    topic = f"?topic={kind}" if kind else ""
    return {
        "kind": "link",
        "title": words(scene.language, "elsewhere.page"),
        "url": f"{scene.settings.base_url}/help/contact{topic}",
    }


def _ways(scene: Scene, asking: Asking) -> list[Way]:
    queue = scene.desk_of(asking.kind)
    hours = scene.hours_of(queue, "chat")
    opens_at = None if hours.is_open(scene.now) else hours.next_opening(scene.now)
    people = People(there=opens_at is None, opens_at=opens_at, crowded=scene.crowded, queue=queue)
    return open_ways(scene.settings, people, asking, scene.calendars)


def _asking(scene: Scene, kind: str) -> Asking:
    segments = tuple(scene.customer.segments) if scene.customer else ()
    known = scene.contact.customer_id is not None
    return Asking(
        scene.now, scene.language, kind, segments, known=known, order=tuple(scene.settings.ways.order)
    )


def _line(scene: Scene, way: Way, asking: Asking) -> str:
    shop, language = scene.settings.shop, scene.language
    address = {
        "phone": shop.phone if shows_number(scene.settings, asking) else "",
        "mail": shop.mail_address,
    }.get(way.channel.id, "")
    about = wording.why_text(way, asking) or wording.hours_text(way, language)
    return words(
        language, "elsewhere.way", way=way.channel.text("name", language), detail=f"{address} {about}".strip()
    )
