"""Which device or service it is about: found among the customer's own by name, model or code, else among the shop's."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from madoguchi.assistant.questions import Heard, Option, choice
from madoguchi.assistant.talk import Talk
from madoguchi.assistant.troubleshooting import Tree
from madoguchi.counter.customers.holdings import Device, Service, in_language
from madoguchi.counter.orders.model import Product
from madoguchi.counter.orders.product_codes import codes_in
from madoguchi.kit.text import fold

Serves = Literal["device", "service", "any"]
_OTHER = "other"
_PRODUCT = "product "  # before a product's id: a device that is not on the customer's list
_MOST_KINDS = 7


@dataclass(frozen=True)
class Thing:
    """What it is about: a thing of the customer's own, one of its kind, or a product of the shop."""

    name: str
    tree: Tree | None
    model: str = ""
    device: Device | None = None
    service: Service | None = None


async def which_thing(talk: Talk, serves: Serves) -> Thing:
    """The customer's own things first; one that is named, or whose code is given, needs no question (PRM-011)."""
    trees = {kind: tree for kind, tree in talk.scene.trees.items() if serves in ("any", tree.serves)}
    things = _own(talk, serves, trees)
    owned = len(things)
    known = {thing.tree.kind for thing in things.values() if thing.tree is not None}
    for kind, tree in trees.items():
        if kind not in known:
            things[kind] = Thing(in_language(tree.name, talk.language), tree)
    options = [
        Option(key, thing.name, named_by=_named_by(thing))
        for key, thing in list(things.items())[: max(owned, _MOST_KINDS)]
    ]
    options.append(Option(_OTHER, talk.words("trouble.other_thing")))
    text = f"trouble.which_{serves}"
    question = choice("thing", talk.words(text), options, rephrased=talk.words(f"{text}_again"))
    if serves != "service":
        question = replace(question, read=_with_codes(talk, things, question.read))
    thing = _chosen(talk, await talk.ask(question), things)
    talk.fact("service_name" if thing.service else "device", thing.name)
    return thing


def _with_codes(
    talk: Talk, things: Mapping[str, Thing], otherwise: Callable[[Heard, bool], Any]
) -> Callable[[Heard, bool], Any]:
    """A code says more than a name: it is looked at first, the customer's own things before the catalogue."""

    def read(heard: Heard, direct: bool) -> str | None:
        codes = set(codes_in(heard.text))
        if codes:
            for key, thing in things.items():
                if thing.device is not None and codes & _codes(thing.device):
                    return key
            product = talk.scene.desk.product_named(heard.text)
            if product is not None:
                return f"{_PRODUCT}{product.id}"
        answer: str | None = otherwise(heard, direct)
        return answer

    return read


def _chosen(talk: Talk, answer: str, things: Mapping[str, Thing]) -> Thing:
    product = talk.scene.desk.product(answer.removeprefix(_PRODUCT)) if answer.startswith(_PRODUCT) else None
    if product is not None:
        return _of_product(talk, product)
    return things.get(answer) or Thing(talk.words("trouble.other_thing"), None)


def _of_product(talk: Talk, product: Product) -> Thing:
    name = _label(product.label(talk.language), product.model)
    return Thing(name, talk.scene.trees.get(product.device_kind), product.model or product.id)


def _own(talk: Talk, serves: Serves, trees: Mapping[str, Tree]) -> dict[str, Thing]:
    held = talk.scene.holdings()
    if held is None:
        return {}
    language = talk.language
    found: dict[str, Thing] = {}
    if serves in ("device", "any"):
        for each in held.devices:
            label = _label(in_language(each.name, language), each.model)
            found[each.id] = Thing(label, trees.get(each.kind), each.model, device=each)
    if serves in ("service", "any"):
        for service in held.services:
            label = in_language(service.name, language)
            found[service.id] = Thing(label, trees.get(service.kind), service=service)
    return found


def _label(name: str, model: str) -> str:
    return name if model in name else f"{name} {model}"


def _codes(device: Device) -> set[str]:
    return {code.lower() for code in (device.model, device.code) if code}


def _named_by(thing: Thing) -> str:
    """By its kind, or by its name in any language."""
    own = thing.device or thing.service
    names = [re.escape(fold(name)) for name in own.name.values()] if own is not None else []
    return "|".join([*([thing.tree.named_by] if thing.tree else []), *names])
