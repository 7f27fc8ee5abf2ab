"""Words in messages and tables."""


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """Return a number with its noun, in the singular for one.

    Parameters
    ----------
    plural
        The plural if it is not the noun with an s.

    Examples
    --------
    >>> counted(1, "place"), counted(1200, "place"), counted(0, "city", "cities")
    ('1 place', '1,200 places', '0 cities')
    """
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"
