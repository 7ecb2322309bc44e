"""Many cases on one ground, for what leaves no trace: a refusal, a look, a question to a rule.

Like ``pytest.mark.parametrize``, but the fixtures are made once: a shop and somebody signed in cost twenty times what the question does.
The first case that fails ends the test and is named below its error.
"""

import inspect
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """The decorated test is run for each of the cases, one after the other; ``names`` are those of its arguments that a case gives."""
    one = (names,) if isinstance(names, str) else names
    listed = [(case,) if isinstance(names, str) else case for case in cases]

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def all_of_them(**fixtures: Any) -> None:
            for case in listed:
                try:
                    test(**fixtures, **dict(zip(one, case, strict=True)))
                except Exception as error:
                    error.add_note(f"The case was {case!r:.500}")
                    raise

        asked = inspect.signature(test)
        kept = [parameter for name, parameter in asked.parameters.items() if name not in one]
        all_of_them.__signature__ = asked.replace(parameters=kept)  # type: ignore[attr-defined]
        del all_of_them.__wrapped__  # type: ignore[attr-defined]  # pytest would ask it for its fixtures
        return all_of_them

    return decorate
