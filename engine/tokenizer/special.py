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

#: Names by which llama.cpp knows what ends a reply, whatever a file says of them.
END_NAMES = (
    *("<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>", "<|calls|>", "<|flush|>", "<end_of_turn>"),
    *("<|endoftext|>", "<|eom_id|>", "<EOT>", "_<EOT>", "[EOT]", "[EOS]", "<|end_of_text|>", "<end_of_utterance>"),
    *("<eos>", "<turn|>", "<|tool_response>", "<｜end▁of▁sentence｜>", "<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
)

#: A text and a conversation both start with the end of the one before, so END_OF_TEXT serves as beginning of sequence too.
CHAT_TEMPLATE = (
    "{{ bos_token }}"
    "{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>' + message['content'] + '<|end|>' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}"
)
