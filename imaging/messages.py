"""Messages: what the program has to say, as a code and values; put into words where it is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class MessageCode(StrEnum):
    """A code with its English template; a room lists its own in a subclass.

    A member is declared as ``NAME = "code", "Sentence with {value}."``; its own value is the code.
    """

    template: str

    def __new__(cls, code: str, template: str) -> Self:
        """Make a member of the code, with the template as an attribute."""
        member = str.__new__(cls, code)
        member._value_ = code
        member.template = template
        return member


@dataclass(frozen=True, init=False)
class Message:
    """A code and its values. ``str`` gives the English text. Survives pickling."""

    code: MessageCode
    values: tuple[tuple[str, str | int | float | Message], ...]

    def __init__(self, code: MessageCode, **values: str | int | float | Message) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "values", tuple(values.items()))

    def text(self, template_of: Callable[[MessageCode], str] | None = None) -> str:
        """The message in words, by the templates of a language; in English without one."""
        template = self.code.template if template_of is None else template_of(self.code)
        values = {
            name: value.text(template_of) if isinstance(value, Message) else value
            for name, value in self.values
        }
        return template.format(**values)

    def __str__(self) -> str:
        return self.text()


class MessageError(Exception):
    """An error that a reader is told of: its ``message`` can be put into the reader's language."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
