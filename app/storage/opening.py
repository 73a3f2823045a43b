"""Opening the database file: checks, backups, and what happens when it is damaged."""

import sqlite3
import time
from pathlib import Path

from app.storage.migrations import migrate

BACKUP_EVERY_S = 24 * 3600


class Opened:
    """A connection, and a sentence for the user if something had to be done to get it ("" if not)."""

    def __init__(self, connection: sqlite3.Connection, set_aside: Path | None, restored: bool) -> None:
        self.connection = connection
        self.set_aside = set_aside
        self.restored = restored


def open_database(path: Path) -> Opened:
    """Open, check and migrate the file at path, making it if there is none.

    A damaged file is never deleted: it is renamed, the newest backup takes its place where there is one, and the result says
    so. Raises UserError("database-newer"). One connection only may be open: SQLite before 3.51.3 can corrupt a WAL
    database that has several.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    set_aside, restored = None, False
    if path.exists() and not _is_sound(path):
        set_aside = _set_aside(path)
        backup = backup_path(path)
        if backup.exists() and _is_sound(backup):
            restored = True
            _copy(backup, path)
    connection = _connect(path)
    migrate(
        connection, lambda version: _backup_to(connection, path.with_name(f"{path.name}.before-schema-{version + 1}"))
    )
    return Opened(connection, set_aside, restored)


def backup_path(path: Path) -> Path:
    """Where the daily backup of a database lies."""
    return path.with_name(path.name + ".backup")


def backup_if_due(connection: sqlite3.Connection, path: Path) -> bool:
    """Make the daily backup with SQLite's own backup call, if the last is older than a day. True if one was made."""
    backup = backup_path(path)
    if backup.exists() and time.time() - backup.stat().st_mtime < BACKUP_EVERY_S:
        return False
    _backup_to(connection, backup)
    return True


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, check_same_thread=False)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _is_sound(path: Path) -> bool:
    connection = sqlite3.connect(path)
    try:
        return bool(connection.execute("PRAGMA integrity_check(1)").fetchone()[0] == "ok")
    except sqlite3.DatabaseError:
        return False
    finally:
        connection.close()


def _set_aside(path: Path) -> Path:
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.name}.damaged-{stamp}")
    path.rename(target)
    for suffix in ("-wal", "-shm"):
        side = path.with_name(path.name + suffix)
        if side.exists():
            side.rename(target.with_name(target.name + suffix))
    return target


def _copy(source: Path, target: Path) -> None:
    connection = sqlite3.connect(source)
    try:
        _backup_to(connection, target)
    finally:
        connection.close()


def _backup_to(connection: sqlite3.Connection, target: Path) -> None:
    temporary = target.with_name(target.name + ".part")
    temporary.unlink(missing_ok=True)
    copy = sqlite3.connect(temporary)
    try:
        connection.backup(copy)
    finally:
        copy.close()
    temporary.replace(target)
