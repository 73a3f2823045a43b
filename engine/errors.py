"""The two ways in which a job ends early without being a bug."""


class UserError(Exception):
    """Something that the user can understand and act on.

    code: stable machine-readable name such as ``file-not-found``; text: one sentence that says what is wrong;
    hint: one sentence that says what to do; detail: technical text to copy, may be long.
    """

    def __init__(self, code: str, text: str, hint: str = "", detail: str = "") -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.hint = hint
        self.detail = detail

    def __str__(self) -> str:
        return f"{self.text} {self.hint}".strip()


class Cancelled(Exception):  # noqa: N818 - it is no error: the user asked for it
    """The user stopped the job; what it had produced so far stays."""
