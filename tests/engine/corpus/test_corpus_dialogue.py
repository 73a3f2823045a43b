"""Plays as conversations, in both layouts that editions have."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.dialogue import LONGEST, LONGEST_SPEECH, dialogues

COLON = """First Citizen:
Before we proceed, hear me:
Speak.

All:
Speak, speak.

First Citizen:
You are resolved?

All:
Resolved.
"""
TABBED = """HAMLET

\tDRAMATIS PERSONAE

CLAUDIUS\tking of Denmark.

ACT I

SCENE I\tElsinore. A platform.

\t[Enter BERNARDO]

BERNARDO\tWho's there?

FRANCISCO\tNay, answer me: stand,
\tand unfold yourself.

BERNARDO\t[Aside] Long live the king!

SCENE II\tA room of state.

KING\tThough yet of Hamlet

HAMLET\t[Exit]

QUEEN\tGood Hamlet.
"""


def told(play: str) -> list[list[tuple[str, str]]]:
    return [[(message.role, message.content) for message in talk] for talk in dialogues(play)]


def test_names_on_lines_of_their_own():
    assert told(COLON) == [
        [
            ("user", "Before we proceed, hear me:\nSpeak."),
            ("assistant", "Speak, speak."),
            ("user", "You are resolved?"),
            ("assistant", "Resolved."),
        ]
    ]


def test_names_before_a_tab():
    """Who is who, directions and who says nothing are left out; the last speech of a scene has no answer in the next one."""
    assert told(TABBED) == [
        [("user", "Who's there?"), ("assistant", "Nay, answer me: stand,\nand unfold yourself.")],
        [("user", "Though yet of Hamlet"), ("assistant", "Good Hamlet.")],
    ]


def test_who_goes_on_after_a_direction_says_one_speech():
    assert told("LEAR\tHowl!\n\n\t[Enter]\n\nLEAR\tHowl!\nKENT\tO.")[0][0] == ("user", "Howl!\nHowl!")


def test_a_long_speech_ends_with_a_sentence():
    sentence = "a" * 99 + "."
    speech = " ".join([sentence] * 9)
    (question, answer) = told(f"A:\n{speech}\nB:\nNo.")[0]
    # Three sentences with a blank after each and the fourth make 4 * 100 + 3 characters: three are kept.
    assert question[1] == " ".join([sentence] * 3) and answer[1] == "No."


@pytest.mark.parametrize("text", ["", "A novel. No speaker in it.", "A:\nAlone.", "ACT I\nSCENE I"])
def test_no_conversation(text):
    assert told(text) == []


@given(st.lists(st.sampled_from(["A:", "BERT\tyes", "C:", "no. ", "", "ACT II", "\t[Exit]", "x" * 500]), max_size=40))
def test_every_conversation_can_be_learnt_from(lines):
    for talk in dialogues("\n".join(lines)):
        assert [message.role for message in talk] == ["user", "assistant"] * (len(talk) // 2)
        assert 2 <= len(talk) <= LONGEST
        assert all(message.content.strip() and len(message.content) <= LONGEST_SPEECH for message in talk)
