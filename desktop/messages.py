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
    CLUSTER = "command_cluster", "Assessed by {workers} workers on {machines} machines."
    KNOWN = "command_known", "{count} images were known from the journal {name}."
    WRITTEN = "command_written", "Written: {images}, {series}, {sidecar}"
    RESEARCH_USE = (
        "command_research_use",
        "Research use. Notification only, not for primary diagnosis.",
    )


class Summary(MessageCode):
    """What a run ends with on the terminal: two tables and the totals below them."""

    # Headings.
    IMAGE = "summary_image", "image"
    SERIES = "summary_series", "series"
    SCORE = "summary_score", "score"
    RESULT = "summary_result", "result"
    STATUS = "summary_status", "status"
    REASON = "summary_reason", "reason"
    FLAGGED = "summary_flagged", "flagged"
    RULE = "summary_rule", "rule"
    # Results of images and of series.
    IS_FLAGGED = "summary_is_flagged", "flagged"
    IS_UNCERTAIN = "summary_is_uncertain", "uncertain"
    IS_NOT_FLAGGED = "summary_is_not_flagged", "not flagged"
    IS_BOTH = "summary_is_both", "flagged, uncertain"
    AS_A_WHOLE = "summary_as_a_whole", "flagged as a whole"
    SLICES_ONLY = "summary_slices_only", "uncertain, slices only"
    NOT_ASSESSABLE = "summary_not_assessable", "not assessable"
    NO_RESULT = "summary_no_result", "no result"
    FLAGGED_OF = "summary_flagged_of", "{flagged} of {assessed}"
    # States of images.
    OK = "summary_ok", "ok"
    WARNING = "summary_warning", "warning"
    REFUSED = "summary_refused", "refused"
    FAILED = "summary_failed", "failed"
    SKIPPED = "summary_skipped", "skipped"
    COUNT_OF = "summary_count_of", "{count} {state}"
    AND = "summary_and", "{before}, {last}"
    NO_IMAGES = "summary_no_images", "none"
    # Totals.
    MORE_SCORED = "summary_more_scored", "... and {count} more with a score"
    MORE_WITHOUT = "summary_more_without", "... and {count} more without one"
    MORE_SERIES = "summary_more_series", "... and {count} more series"
    IMAGES = "summary_images", "{images} images of {files} files: {states}."
    STOPPED = "summary_stopped", "Stopped early: the rest was not assessed."
    IMAGES_FLAGGED = (
        "summary_images_flagged",
        "{count} of {total} assessed images are flagged (score ≥ {threshold:.1f} %).",
    )
    VALIDATION = (
        "summary_validation",
        "Validation images at this threshold: sensitivity {sensitivity}, specificity "
        "{specificity}. They were also used to choose model and threshold, so this is optimistic.",
    )
    TEST = (
        "summary_test",
        "Internal test images at the default threshold: sensitivity {sensitivity}, specificity "
        "{specificity}. Earlier models may have been tested on them, too.",
    )


class CardLine(MessageCode):
    """The lines of ``cranioscope card``; what the card itself says in words stays as it is."""

    MODEL = "card_model", "{title}, SHA-256 {sha256}"
    FINDING = "card_finding", "Finding: {name}"
    INTENDED_USE = "card_intended_use", "Intended use: {text}"
    LICENCE = "card_licence", "Licence: {text}"
    DATA = "card_data", "Data: {source}"
    CALIBRATION = "card_calibration", "Temperature {temperature:.4g}, intercept {intercept:.4g}"
    NOVELTY = "card_novelty", "Not assessable above novelty {cut:.4g}. {rule}"
    POINT = "card_point", "Operating point {name}, {threshold:.4f}: {rule}"
    OUT_OF_FOLD = (
        "card_out_of_fold",
        "    validation images (n = {total}; also used to choose, so optimistic): sensitivity "
        "{sensitivity}, specificity {specificity}",
    )
    SERIES_HEAD = "card_series_head", "Series head, for series of at least {least} assessed images"
    SERIES_POINT = (
        "card_series_point",
        "Operating point of series {name}, {threshold:.4f}: {rule}",
    )
    SERIES_EVIDENCE = "card_series_evidence", "    {evidence} {sources}"
    SERIES_FITTED = (
        "card_series_fitted",
        "    on the {total} examinations that it was fitted to, so optimistic: sensitivity "
        "{sensitivity}, specificity {specificity}",
    )
    SLICE_POINT = (
        "card_slice_point",
        "Operating point of slices in context {name}, {threshold:.4f}: {rule}",
    )
    SLICE_EVIDENCE = (
        "card_slice_evidence",
        "    {total} slices of {examinations} examinations, each without its own patient, CI of "
        "examinations: sensitivity {sensitivity}, specificity {specificity}",
    )
    AREA = "card_area", "{auc:.3f} (95 % CI {low:.3f}–{high:.3f})"
    AREA_ALONE = "card_area_alone", "{auc:.3f} (no CI in this card)"
    POOLED = (
        "card_pooled",
        "Cross-validation, {networks} networks pooled, at {threshold:.4f}: AUC {auc}, "
        "sensitivity {sensitivity}, specificity {specificity}. {note}",
    )
    TEST = (
        "card_test",
        "Internal test ({total} images) at the default threshold: sensitivity {sensitivity}, "
        "specificity {specificity}. {note}",
    )
    CHECKS = (
        "card_checks",
        "Measured when the file was made; of logit, probability, novelty and heat map the greatest "
        "difference:",
    )
    CHECKED = "card_checked", "    {name}: {value:.3g}"


class ProgressCode(MessageCode):
    """The line that says how far a run is."""

    HEADERS = "progress_headers", "{done} of {files} headers"
    IMAGES = "progress_images", "{done} of {found} images"
    IMAGES_LEFT = "progress_images_left", "{done} of {found} images, {seconds:.0f} s left"
