"""Why the system did not do what it was asked for, as a code: for the middle of a sentence."""

from __future__ import annotations

import errno
import sqlite3

from imaging.messages import Message, MessageCode, MessageError


class SystemCode(MessageCode):
    """What the system says, without a full stop."""

    DISK_FULL = "system_disk_full", "the disk is full"
    NO_PERMISSION = "system_no_permission", "this user has no permission there"
    READ_ONLY = "system_read_only", "that place is read-only"
    NOT_THERE = "system_not_there", "there is no such file or folder"
    IN_USE = "system_in_use", "another program is using it"
    NO_HOME = "system_no_home", "the system names no home folder (HOME)"
    OTHER = "system_other", "{said}"
    AT = "system_at", "{path}: {reason}."
    NOT_DONE = "system_not_done", "This could not be done: {reason}."


_OF_SYSTEM = {
    errno.ENOSPC: SystemCode.DISK_FULL,
    getattr(errno, "EDQUOT", errno.ENOSPC): SystemCode.DISK_FULL,
    errno.EACCES: SystemCode.NO_PERMISSION,
    errno.EPERM: SystemCode.NO_PERMISSION,
    errno.EROFS: SystemCode.READ_ONLY,
    errno.ENOENT: SystemCode.NOT_THERE,
    errno.EBUSY: SystemCode.IN_USE,
}
_OF_SQLITE = {
    sqlite3.SQLITE_FULL: SystemCode.DISK_FULL,
    sqlite3.SQLITE_READONLY: SystemCode.READ_ONLY,
    sqlite3.SQLITE_BUSY: SystemCode.IN_USE,
    sqlite3.SQLITE_LOCKED: SystemCode.IN_USE,
}
_PRIMARY = 0xFF
"""The bits of an SQLite error that say which it is; those above say where it arose."""


def reason_of(error: BaseException) -> Message:
    """Why something was not done; what has no code here is told as the system says it."""
    if isinstance(error, MessageError):
        return error.message
    known: SystemCode | None = None
    if isinstance(error, OSError):
        known = _OF_SYSTEM.get(error.errno or 0)
    elif isinstance(error, sqlite3.Error):
        known = _OF_SQLITE.get(getattr(error, "sqlite_errorcode", 0) & _PRIMARY)
    if known is not None:
        return Message(known)
    own = error.strerror if isinstance(error, OSError) else None
    said = own or str(error).partition("\n")[0] or type(error).__name__
    return Message(SystemCode.OTHER, said=said.rstrip("."))


def sentence_of(error: Exception) -> Message:
    """The same as a sentence of its own, with the file that it is about where one is known."""
    if isinstance(error, MessageError):
        return error.message
    reason = reason_of(error)
    if isinstance(error, OSError) and error.filename:
        return Message(SystemCode.AT, path=str(error.filename), reason=reason)
    return Message(SystemCode.NOT_DONE, reason=reason)
