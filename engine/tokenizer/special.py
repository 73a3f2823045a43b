"""The control tokens of vocabularies that are trained here, and the chat format made of them."""

PAD = "<pad>"
UNKNOWN = "<unk>"
END_OF_TEXT = "<|endoftext|>"
SYSTEM = "<|system|>"
USER = "<|user|>"
ASSISTANT = "<|assistant|>"
END_OF_TURN = "<|end|>"

#: In the order of their ids, which start at 0.
SPECIAL_TOKENS = (PAD, UNKNOWN, END_OF_TEXT, SYSTEM, USER, ASSISTANT, END_OF_TURN)

#: A text and a conversation both start with the end of the one before, so END_OF_TEXT serves as beginning of sequence too.
CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
