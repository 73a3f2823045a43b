"""What is held out: whole documents of many, ends of few or large ones, and never what is learnt."""

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from engine.corpus.document import Document
from engine.corpus.splitting import FEW_CONVERSATIONS, SMALL_DOCUMENTS, SMALL_SHARE, VALIDATION_ONE_IN, split
from engine.records import Message


def parts(documents: Iterable[Document]) -> tuple[list[str], list[str]]:
    """Texts that are learnt, texts that are held out."""
    found = [(where, document.text or document.messages[-1].content) for where, document in split(documents)]
    return [text for where, text in found if where == "train"], [text for where, text in found if where == "validation"]


def talk(number: int) -> Document:
    return Document(messages=(Message("user", "?"), Message("assistant", f"answer {number:3}")))


TEXT = st.text("ab ", min_size=1, max_size=30)
DOCUMENTS = st.lists(st.one_of(TEXT.map(Document), st.integers(0, 99).map(talk)), max_size=60)


@given(DOCUMENTS)
def test_nothing_is_lost_and_nothing_stands_on_both_sides(documents):
    found = list(split(documents))
    place = 0
    sides: dict[tuple, set[str]] = {}
    for document in documents:
        where, part = found[place]
        place += 1
        if part == document:
            sides.setdefault((document.text, document.messages), set()).add(where)
        else:  # its end is held out
            assert where == "train" and found[place][0] == "validation"
            assert part.text + found[place][1].text == document.text
            place += 1
    assert place == len(found)
    assert all(len(side) == 1 for side in sides.values())


def test_of_few_the_end_of_each_text_and_one_conversation_of_eight():
    train, validation = parts([Document("abcdefghij"), talk(1), Document("x")])
    assert train == ["abcdefghi", "answer   1", "x"] and validation == ["j"]
    talks = [talk(number) for number in range(FEW_CONVERSATIONS)]
    assert parts([*talks[1:], talks[1]]) == ([*(f"answer {number:3}" for number in range(1, 8)), "answer   1"], [])
    train, validation = parts([*talks, *talks])
    assert len(validation) == 2 and validation[0] == validation[1] not in train and len(train) == 14
    assert parts(reversed(talks))[1] == validation[:1], "by the text alone, wherever it stands"


def test_of_many_about_one_in_a_hundred_whatever_stands_beside_it():
    documents = [Document(f"text number {number}") for number in range(5000)]
    train, validation = parts(documents)
    assert 25 <= len(validation) <= 80 and len(train) + len(validation) == 5000 and VALIDATION_ONE_IN == 100
    assert sorted(parts([documents[0], *reversed(documents[1:])])[1]) == sorted(validation)


def test_a_large_text_among_small_documents_is_learnt_but_for_its_end():
    tale = "".join(f"{n} and so on. " for n in range(400))
    train, validation = parts([Document(tale), *map(talk, range(80))])
    assert train[0] == tale[: len(tale) - len(tale) // 10] and validation[0] == tale[-(len(tale) // 10) :]
    held_out = sum(len(text) for text in validation[1:])
    assert 0 < held_out <= SMALL_SHARE * (len(tale) + 80 * 11) and len(validation) > 4


def test_of_a_small_source_a_share_of_the_characters():
    train, validation = parts(map(talk, range(200)))
    assert len(validation) == 10 and len(train) == 190
    assert set(validation) == set(parts(map(talk, reversed(range(200))))[1])


def test_of_a_score_of_documents_one_is_held_out_and_whatever_repeats_it():
    documents = [Document("twice"), Document("twice"), *[Document(f"text {n:03}") for n in range(SMALL_DOCUMENTS)]]
    train, validation = parts([*documents, Document("text 000")])
    assert validation.count("text 000") == 2 and "text 000" not in train
    assert train.count("twice") == 2, "what is there often is no choice: too much would go"
