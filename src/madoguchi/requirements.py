"""The requirements catalogue (`requirements.toml`): its groups, its titles, and the id somebody meant."""

import difflib
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Catalogue:
    """`groups` and `titles` of requirements.toml, in its order."""

    groups: dict[str, str]
    titles: dict[str, str]

    def nearest(self, unknown: str) -> str:
        """The id most likely meant by `unknown`: of the most similar group, the closest number."""
        match = re.fullmatch(r"(.*?)[^A-Z0-9]*(\d+)", unknown.upper())
        prefix, number = (match[1], int(match[2])) if match else (unknown, 0)
        group = nearest_name(prefix, self.groups)
        members = [known for known in self.titles if group_of(known) == group]
        return min(members, key=lambda known: abs(int(known.removeprefix(f"{group}-")) - number))


@cache
def load_catalogue() -> Catalogue:
    """The catalogue that ships with this version of Madoguchi."""
    data = tomllib.loads(files("madoguchi").joinpath("requirements.toml").read_text(encoding="utf-8"))
    return Catalogue(groups=data["groups"], titles=data["titles"])


def group_of(requirement: str) -> str:
    """`RET` of `RET-005`."""
    return requirement.rpartition("-")[0]


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name that looks most like `name`, letter case aside."""
    return difflib.get_close_matches(name.upper(), list(known), n=1, cutoff=0.0)[0]
