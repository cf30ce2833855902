from __future__ import annotations

import pickle

import pytest

from imaging.messages import Message, MessageCode, MessageError


class Said(MessageCode):
    """What the tests say."""

    WHOLE = "whole", "{name} is whole."
    PART = "part", "{count:.1f} of {whole}"


def test_a_message_is_formatted_with_its_values() -> None:
    message = Message(Said.PART, count=2.0, whole=Message(Said.WHOLE, name="{x}"))
    assert str(message) == "2.0 of {x} is whole."


def test_a_message_within_a_message_is_put_into_the_same_language() -> None:
    message = Message(Said.PART, count=2.0, whole=Message(Said.WHOLE, name="a"))
    german: dict[MessageCode, str] = {Said.PART: "{whole} {count:.0f}", Said.WHOLE: "{name} ganz"}
    assert message.text(german.__getitem__) == "a ganz 2"


def test_a_message_is_known_by_its_code_and_its_values() -> None:
    message = Message(Said.WHOLE, name="a")
    assert message == Message(Said.WHOLE, name="a")
    assert message != Message(Said.WHOLE, name="b")
    assert len({message, Message(Said.WHOLE, name="a")}) == 1
    assert str(Said.WHOLE) == "whole"


def test_messages_and_their_errors_survive_the_way_from_a_child_process() -> None:
    message = Message(Said.PART, count=2.0, whole=Message(Said.WHOLE, name="{count}"))
    error = pickle.loads(pickle.dumps(MessageError(message)))
    assert pickle.loads(pickle.dumps(message)) == message == error.message
    assert str(error) == str(message) == "2.0 of {count} is whole."


@pytest.mark.parametrize("values", [{}, {"other": "a"}])
def test_a_value_that_is_missing_is_an_error_and_no_sentence(values: dict[str, str]) -> None:
    with pytest.raises(KeyError):
        str(Message(Said.WHOLE, **values))
