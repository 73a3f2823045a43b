"""Whether we may go on-line at all, and the access token of the person's account.

The token comes from HF_TOKEN, from the system's keyring, or, where there is no keyring, from a file that only its owner may read.
It is never printed and never logged.
"""

import contextlib
import os
import threading
from pathlib import Path
from typing import Any, Literal

from huggingface_hub import constants

from engine.errors import UserError

_SERVICE, _ACCOUNT = "proxima", "huggingface.co"
_VARIABLE = "HF_TOKEN"
_KEYRING_PATIENCE_S = 20.0
Place = Literal["environment", "keyring", "file", ""]


def check_online(offline: bool = False) -> None:
    """Raises UserError where the person, or HF_HUB_OFFLINE, says that nothing is to be fetched."""
    if constants.is_offline_mode():
        raise UserError(
            "offline-mode",
            "HF_HUB_OFFLINE is set, so nothing is fetched.",
            "Start without it to go on-line; models that are here work as ever.",
        )
    if offline:
        raise UserError(
            "offline-mode",
            "Off-line mode is on, so nothing is fetched.",
            "Turn it off in the settings; models that are here work as ever.",
        )


def gated_error(page: str, token_sent: bool = False) -> UserError:
    """How to get into a repository that is not open to all. page: its address; token_sent: whether a token was refused."""
    if token_sent:
        return UserError(
            "hub-token",
            "The owner of this repository gives it only to those who were admitted, and the access token in use was refused: "
            "it is wrong, or its account is not admitted.",
            f"See on {page} whether you are admitted, or give another token (Models, Access token; or proxima token; "
            "HF_TOKEN comes before both).",
        )
    return UserError(
        "hub-gated",
        "The owner of this repository gives it only to those who were admitted.",
        f"Ask on {page}; when you are admitted, give an access token of your account (Models, Access token; or proxima token).",
    )


def unknown_token_error() -> UserError:
    """What was sent is no token of any account."""
    return UserError("hub-token", "The Hub does not know this access token.", "Give another one, or none.")


class TokenStore:
    """The token of the person's account. folder: where the file goes on a system without a keyring."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "hub-token"

    def find(self) -> tuple[str, Place]:
        """The token and where it was found; ("", "") where there is none."""
        if token := os.environ.get(_VARIABLE, "").strip():
            return token, "environment"
        if token := _ask_keyring("get_password") or "":
            return token, "keyring"
        with contextlib.suppress(OSError, ValueError):
            if token := self._file.read_text(encoding="utf-8").strip():
                return token, "file"
        return "", ""

    def keep(self, token: str) -> Place:
        """Keep it for the next time; returns where. Raises UserError where that cannot be done so that others do not see it."""
        token = token.strip()
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            raise UserError("hub-token", "This is no access token.", "Copy it from your account's page as it is.")
        with contextlib.suppress(_NoKeyringError):
            _keyring("set_password", token)
            self._file.unlink(missing_ok=True)
            return "keyring"
        if os.name != "posix":
            raise UserError(
                "hub-token", "This system has no keyring to keep the token in.", f"Set {_VARIABLE} instead."
            )
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.unlink(missing_ok=True)
            # Made with its rights, not given them afterwards: there is no moment in which others could read it.
            with os.fdopen(os.open(self._file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
                file.write(token)
        except OSError as error:
            raise UserError(
                "hub-token", "The token could not be kept.", f"Set {_VARIABLE} instead.", str(error)
            ) from error
        return "file"

    def forget(self) -> None:
        """Remove it from keyring and file."""
        _ask_keyring("delete_password")
        self._file.unlink(missing_ok=True)


class _NoKeyringError(Exception):
    """There is none, or it does not answer."""


def _ask_keyring(action: str) -> str | None:
    try:
        return _keyring(action)
    except _NoKeyringError:
        return None


def _keyring(action: str, *more: str) -> str | None:
    """One call into the system's keyring, which may ask the person for a password and then never be answered."""
    answers: list[Any] = []

    def call() -> None:
        try:
            import keyring

            answers.append(getattr(keyring, action)(_SERVICE, _ACCOUNT, *more))
        except Exception as error:  # each system's keyring fails in a way of its own
            answers.append(_NoKeyringError(type(error).__name__))

    thread = threading.Thread(target=call, name="keyring", daemon=True)
    thread.start()
    thread.join(_KEYRING_PATIENCE_S)
    answer = answers[0] if answers else _NoKeyringError("no answer")
    if isinstance(answer, _NoKeyringError):
        raise answer
    return answer if isinstance(answer, str) else None
