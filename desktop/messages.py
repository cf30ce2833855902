"""What the command line says besides tables, as codes and values."""

from __future__ import annotations

from imaging.messages import MessageCode


class CommandCode(MessageCode):
    """Sentences of the command line."""

    STOPPED = "command_stopped", "Stopped."
    NOTHING_WRITTEN = "command_nothing_written", "Stopped; nothing was written."
    UNEXPECTED = "command_unexpected", "Ended unexpectedly ({error}). The log says where."
    NO_SAMPLES = "command_no_samples", "The samples cannot be written: {reason}."
    NO_SUCH_PATH = "command_no_such_path", "{path} does not exist."
    NO_FILES = "command_no_files", "No files were found."
    OVERWRITE = "command_overwrite", "{refusal} --overwrite replaces it."
    BROKEN_OFF = "command_broken_off", "Broken off. {reason}"
    RESCUED = "command_rescued", "The table is in {path}."
    NO_OUTPUT = "command_no_output", "The output cannot be written: {reason}."
    GROUPED = (
        "command_grouped",
        "Grouped by file name ({pattern}): {groups} series; {without} images are in none and have "
        "no series result.",
    )
    COULD_GROUP = (
        "command_could_group",
        "Some images do not say whose they are. If their names do, "
        "--group-by-name '{pattern}' makes a series of each patient.",
    )
    WRITTEN = "command_written", "Written: {images}, {series}, {sidecar}"
