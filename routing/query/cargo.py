"""Cargo: containers, weight, value, class, and the attributes used by rules of admissibility."""

import re
from dataclasses import dataclass
from numbers import Real
from typing import Final, Literal, get_args

from landbridge.networks.arguments import flag, instance, real_number, shown
from landbridge.networks.errors import QueryError
from landbridge.networks.graph.operations import CARGO_CLASSES, CargoClass
from landbridge.networks.units import TONNES_PER_TEU

CONTAINER_TEU: Final = 2.0
"""Size of the container that is sent where nothing else is said, one of 40 feet."""

USD_PER_TEU: Final = 50_000.0
"""Value of a TEU where none is given."""

ContainerFeet = Literal[20, 40, 45]
"""Length of a container."""

CONTAINER_FEET: Final[tuple[int, ...]] = get_args(ContainerFeet)
"""Container lengths in tariffs; a 45-foot container pays as a 40-foot one."""

MAX_CONTAINER_T: Final = 30.48
"""Largest gross mass of a container (ISO 668)."""

_LEAST_TEU = 0.01

_HS_CODE = re.compile("[0-9]{2,10}")

Equipment = Literal["carrier", "shipper"]
"""Owner of a container."""

EQUIPMENT: Final[tuple[str, ...]] = get_args(Equipment)
"""Owner of the container; the price of a carrier's container includes the empty return."""


@dataclass(frozen=True, kw_only=True)
class Cargo:  # numpydoc ignore=PR02
    """A consignment.

    Parameters
    ----------
    teu
        Size in TEU; a 40-foot container is 2.
    tonnes
        Gross weight of the cargo in t.
    value_usd
        Value in USD.
    cargo_class
        `block` (in block trains), `timetabled` (in trains on a fixed timetable), `loose` (waits for space on a train
        or ship), `road` or `bulk`.
    container_feet
        20, 40 or 45, which determines the tariffs and fees.
    equipment
        Owner of the container: `carrier` or `shipper`.
    reefer, dangerous, hs_chapter, shipper_country, consignee_country
        Attributes used by rules of admissibility; `hs_chapter` is an HS code of 2 to 10 digits, of which the rules
        look at the first two, the chapter.

    Raises
    ------
    QueryError
        If values are out of range; the message lists all of them.
    """

    teu: float = CONTAINER_TEU
    tonnes: float = CONTAINER_TEU * TONNES_PER_TEU
    value_usd: float = CONTAINER_TEU * USD_PER_TEU
    cargo_class: CargoClass = "block"
    container_feet: ContainerFeet = 40
    equipment: Equipment = "carrier"
    reefer: bool = False
    dangerous: bool = False
    hs_chapter: str | None = None
    shipper_country: str | None = None
    consignee_country: str | None = None

    def __post_init__(self) -> None:
        """Check the values, and convert country codes to upper case and numbers to those of Python."""
        self._check_types()
        for name in ("teu", "tonnes", "value_usd"):
            object.__setattr__(self, name, real_number(getattr(self, name), name))
        for name in ("reefer", "dangerous"):
            object.__setattr__(self, name, flag(getattr(self, name), name))
        for name in ("shipper_country", "consignee_country"):
            code = getattr(self, name)
            if code is not None:
                object.__setattr__(self, name, code.upper())
        wrong = [
            f"{name} is {value:g} and must be from {low:g} to {high:g}"
            for name, value, low, high in (
                ("teu", self.teu, _LEAST_TEU, 1e6),
                ("tonnes", self.tonnes, 0.0, 3e7),
                ("value_usd", self.value_usd, 0.0, 1e12),
            )
            if not low <= value <= high
        ]
        choices = {"cargo_class": CARGO_CLASSES, "container_feet": CONTAINER_FEET, "equipment": EQUIPMENT}
        # Arrays and frames are not compared.
        unknown = [
            name
            for name, allowed in choices.items()
            if not isinstance(value := getattr(self, name), str | Real) or value not in allowed
        ]
        wrong += [
            f"{name} is {shown(getattr(self, name))} and must be one of {', '.join(map(str, choices[name]))}"
            for name in unknown
        ]
        if (
            self.teu >= _LEAST_TEU
            and "container_feet" not in unknown
            and self.tonnes > MAX_CONTAINER_T * self.containers
        ):
            fits = self.container_feet != 20 and self.tonnes <= MAX_CONTAINER_T * self.teu
            shorter = ", or container_feet=20 (--container 20) for shorter ones" if fits else ""
            wrong.append(
                f"{self.tonnes:g} t in {self.containers:g} container{'s' * (self.containers != 1)} is more than the"
                f" {MAX_CONTAINER_T:g} t allowed for one; give more teu, since costs are per container{shorter}"
            )
        if self.hs_chapter is not None and not _HS_CODE.fullmatch(self.hs_chapter):
            wrong.append(f"hs_chapter is {self.hs_chapter!r} and must be 2 to 10 digits")
        wrong += [
            f"{name} is {code!r} and must be an ISO 3166 code of two letters"
            for name in ("shipper_country", "consignee_country")
            if (code := getattr(self, name)) is not None and not (len(code) == 2 and code.isascii() and code.isalpha())
        ]
        if wrong:
            raise QueryError("; ".join(wrong))

    def _check_types(self) -> None:
        import numpy as np

        wrong = [
            f"{name} is {shown(value)} and must be {wanted}"
            for names, kind, wanted in (
                (("teu", "tonnes", "value_usd"), Real, "a number"),
                (("reefer", "dangerous"), bool | np.bool_, "True or False"),
                (("hs_chapter", "shipper_country", "consignee_country"), str | None, "a text"),
            )
            for name in names
            if not isinstance(value := getattr(self, name), kind) or (kind is Real and isinstance(value, bool))
        ]
        if wrong:
            raise QueryError("; ".join(wrong))

    @property
    def containers(self) -> float:
        """Number of containers: TEU for 20-foot containers, half of it for longer ones."""
        return self.teu if self.container_feet == 20 else self.teu / 2

    @property
    def class_mask(self) -> int:
        """Bit of the class in the masks of the edges of the state graph."""
        return 1 << CARGO_CLASSES.index(self.cargo_class)


def cargo_given(given: object) -> Cargo:
    """Return an argument after checking that it is a cargo, or the default cargo for None.

    Raises
    ------
    QueryError
        If it is not.
    """
    return Cargo() if given is None else instance(given, Cargo, "cargo", "give Cargo(teu=2, tonnes=24)")
