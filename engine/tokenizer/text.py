"""The one place where text that is no valid Unicode is made valid, before any tokenizer sees it."""


def clean(text: str) -> str:
    """Replace lone surrogates by U+FFFD and NUL by U+FFFD, since both have no byte sequence that every tokenizer agrees on."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\0", "\ufffd")


def clean_bytes(data: bytes) -> str:
    """Text of bytes that should be UTF-8; what is not becomes U+FFFD."""
    return clean(data.decode("utf-8", "replace"))
