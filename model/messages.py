"""What the program has to say of a model file, and of what computes its scores."""

from __future__ import annotations

from imaging.messages import MessageCode


class ModelCode(MessageCode):
    """Why a model file is not used, or what is to be known of its use."""

    # The card.
    NO_CARD = "no_card", "The model file carries no Cranioscope card."
    CARD_DAMAGED = "card_damaged", "The model file's card is damaged."
    CARD_FIELD = "card_field", "The model file's card is damaged: {detail}"
    CARD_CHANGED = (
        "card_changed",
        "The model file's card was changed after export: its checksum differs.",
    )
    CARD_VERSION = (
        "card_version",
        "The model file's card has version {found}; this program reads up to version {known}.",
    )
    KNOWN_ANSWER_DAMAGED = "known_answer_damaged", "The card's known-answer input is damaged."
    KNOWN_ANSWER_SIZE = (
        "known_answer_size",
        "The size of the card's known-answer input differs from its recipe.",
    )
    KNOWN_ANSWER_LOOSE = (
        "known_answer_loose",
        "The card's known answer proves nothing: its tolerance is too large.",
    )
    CARD_TOO_LONG = "card_too_long", "The model file's card is longer than any run makes it."
    BAD_NAME = "bad_name", "The card's name or finding cannot be shown."
    POINT_TWICE = "point_twice", "The card has an operating point twice."
    NO_DEFAULT_POINT = "no_default_point", "The card has no default operating point."
    THRESHOLD_RANGE = "threshold_range", "The card has a threshold outside 0 to 1."
    BAD_TEMPERATURE = "bad_temperature", "The card's temperature is outside 0.001 to 1000."
    BAD_INTERCEPT = "bad_intercept", "The card's intercept is not a number."
    BAD_NOVELTY_CUT = "bad_novelty_cut", "The card's novelty cut is not a positive number."
    OUT_OF_FOLD_COUNT = (
        "out_of_fold_count",
        "The card's out-of-fold labels and logits differ in number.",
    )
    OUT_OF_FOLD_LABELS = "out_of_fold_labels", "The card's out-of-fold labels are not 0 and 1."
    OUT_OF_FOLD_LOGITS = "out_of_fold_logits", "The card's out-of-fold logits are not all finite."
    USED_DAMAGED = "used_damaged", "The card's list of used images is damaged."
    NEGATIVE_COUNTS = "negative_counts", "The card's counts of images are negative."
    # The file around it.
    NO_ONNX = "no_onnx", "The file is not an ONNX model."
    MODEL_DAMAGED = "model_damaged", "The model file is damaged or cut short."
    TWO_GRAPHS = "two_graphs", "The model file holds two graphs."
    SAID_TWICE = "said_twice", "The model file defines something twice."
    FUNCTIONS = "functions", "The model file holds functions or training steps."
    SPARSE = "sparse", "The model file holds sparse weights."
    LOOPS = "loops", "The model file holds loops or branches."
    EXTERNAL_DATA = "external_data", "The model file keeps data in other files."
    FOREIGN_OPERATOR = (
        "foreign_operator",
        "The model file needs operators that this program does not have.",
    )
    NO_TENSOR = "no_tensor", "An input or output of the model file is not a tensor."
    NO_SHAPE = "no_shape", "An input or output of the model file has no shape."
    WRONG_INPUT = (
        "wrong_input",
        "The model file's input is not uint8 [N, {shape}] named scan.",
    )
    WRONG_OUTPUTS = "wrong_outputs", "The model file does not have the expected outputs."
    WRONG_OUTPUT = "wrong_output", "The model file's output {name} has another type or shape."
    GRAPH_TOO_LONG = (
        "graph_too_long",
        "The model file has more parts than any network of this program.",
    )
    GRAPH_SIZE = (
        "graph_size",
        "The model file may need too much memory, or an unknown amount ({detail}).",
    )
    # Opening and running it.
    NO_MODEL_FILE = "no_model_file", "There is no model file {name}."
    MODEL_UNREADABLE = "model_unreadable", "The model file {name} cannot be read."
    MODEL_NOT_REGULAR = "model_not_regular", "The model file is not a regular file."
    MODEL_TOO_LARGE = "model_too_large", "The model file is larger than 200 MB."
    MODEL_UNEXPECTED = "model_unexpected", "The model file is not the one that was expected."
    NOT_BUILT_IN = (
        "not_built_in",
        "Not the built-in model: its results are its author's, SHA-256 {sha256}.",
    )
    NOT_OPENED = "not_opened", "The model was not opened: {why}"
    NOT_SHIPPED = "not_shipped", "The program came without a model; name a model file."
    DOES_NOT_RUN = "does_not_run", "The model file does not run on {device}."
    OTHER_ANSWER = (
        "other_answer",
        "The model file's result on {device} differs from its card.",
    )
    SESSION_FAILED = "session_failed", "The model failed."
    NO_HEAT_MAP = "no_heat_map", "The model gave no valid heat map."
    # What it runs on.
    CPU_AS_ASKED = "cpu_as_asked", "Running on the CPU, as asked."
    CUDA_IN_USE = "cuda_in_use", "Running on the GPU with CUDA."
    CUDA_REFUSED = "cuda_refused", "CUDA was asked for, but {why}; running on the CPU."
    CPU_BECAUSE = "cpu_because", "Running on the CPU: {why}."
    CPU_INSTEAD = "cpu_instead", "{why} Running on the CPU instead."
    CUDA_LOST = (
        "cuda_lost",
        "CUDA failed in the middle of the work; running on the CPU from there on.",
    )
    NO_CUDA = "no_cuda", "this installation has no CUDA"
    CUDA_DOES_NOT_START = "cuda_does_not_start", "CUDA does not start on this computer"
    CUDA_LIBRARIES = (
        "cuda_libraries",
        "the libraries or the driver of CUDA are missing or too old",
    )
    ON_CPU = "on_cpu", "the CPU"
    ON_CUDA = "on_cuda", "CUDA"


class SeriesNote(MessageCode):
    """What stands beside the number of a series."""

    SERIES_THRESHOLD = (
        "series_threshold",
        "{images} images assessed. The series is flagged when at least {counted} score "
        "≥ {threshold:.2f} %.",
    )
    SERIES_THRESHOLD_OF_IMAGES = (
        "series_threshold_of_images",
        "{images} images assessed. The series is flagged when at least {counted} score "
        "≥ {threshold:.2f} %, the threshold of single images.",
    )
    ONE_IMAGE = "one_image", "A series with one assessed image has the result of that image."
    SHARE_KEPT = (
        "share_kept",
        "At most {share:.0f} % of series with this number of images and without the finding are "
        "expected to be flagged, if their images resemble the validation images.",
    )
    TOO_FEW_NEGATIVES = (
        "too_few_negatives",
        "Too few negatives to say whether at most {share:.0f} % of series without the finding are "
        "flagged: {there}, where {needed} are needed.",
    )
    ABOVE_ALL_NEGATIVES = (
        "above_all_negatives",
        "Too few negatives to say whether at most {share:.0f} % of series without the finding are "
        "flagged: {there}, where {needed} are needed; the threshold is just above the highest.",
    )
    FALSE_ALARMS = (
        "false_alarms",
        "Expected false alarms: at most {share:.1f} % of series without the finding (95 % CI "
        "{low:.1f}–{high:.1f}; {reached} of {negatives} validation images without it reach the "
        "threshold).",
    )
    COST = (
        "cost",
        "Of single validation images with the finding, {share} reach it. They were also used to "
        "choose the model, so this is optimistic.",
    )
    COST_UNKNOWN = (
        "cost_unknown",
        "How many single images with the finding reach it is not known.",
    )
    RULE_OF_IMAGES = (
        "rule_of_images",
        "A series counts as the probability that one in {one_in} of its assessed images reaches: "
        "the highest of up to {one_in}, the second highest of up to {twice}, and so on. Its "
        "threshold is the lowest that at most {share:.0f} % of series without the finding are "
        "expected to reach, by the out-of-fold negatives and however much the images of a series "
        "resemble each other; never below the threshold of single images. A series of one assessed "
        "image counts as that image.",
    )
    NO_SUCH_IMAGES = "no_such_images", "unknown (no such images)"
    NO_LABELLED_SERIES = (
        "no_labelled_series",
        "This rule knows no labelled series: how many series with the finding it flags is not "
        "known.",
    )
    HEAD_THRESHOLD = (
        "head_threshold",
        "The series is flagged when its own probability, made of its {images} assessed images "
        "together, is ≥ {threshold:.1f} %. The threshold of single images does not change that.",
    )
    HEAD_EVIDENCE = (
        "head_evidence",
        "Per examination: sensitivity {sensitivity}, specificity {specificity}.",
    )
    HEAD_SOURCES = (
        "head_sources",
        "These are {count} examinations ({sources}) of hospitals that the model learnt from, each "
        "scored without its own patient. Choices made with them in view make the figures "
        "optimistic. The CI do not tell how far another training would differ. How it fares in a "
        "hospital that gave none is not known.",
    )
    HEAD_REPEAT = (
        "head_repeat",
        "A repeat of the training gave other figures: sensitivity {sensitivity}, specificity "
        "{specificity}, of {count} examinations. Take the less favourable ones.",
    )
    HEAD_FULL_PRECISION = (
        "head_full_precision",
        "Measured with the model in full precision, not with the INT8 model that is in use.",
    )
    HEAD_BALANCE = (
        "head_balance",
        "The probability assumes that half of all series show the finding.",
    )
    SLICE_IN_CONTEXT = (
        "slice_in_context",
        "Score in context of this slice: {score} (threshold {threshold}).",
    )
    SLICE_CONTEXT = (
        "slice_context",
        "That is made of this slice's score and those of the slices around it, the nearer ones "
        "counting more. It flags no slice and takes no flag away. The result of the series does "
        "not depend on it.",
    )
    SLICE_EVIDENCE = (
        "slice_evidence",
        "Per slice, in {examinations} examinations, score and threshold each made without the "
        "patient: sensitivity {sensitivity}, specificity {specificity}. The CI count examinations "
        "as independent, not slices.",
    )
    NETWORKS_ALIKE = (
        "networks_alike",
        "Measured with networks trained like the one in use, not with that one ({sources}). "
        "That one was not measured and may fare worse. Choices made with these examinations in "
        "view make the figures optimistic.",
    )
    ALIKE_FULL_PRECISION = (
        "alike_full_precision",
        "Those networks were in full precision; the model in use is INT8.",
    )
    SLICE_BALANCE = (
        "slice_balance",
        "The score in context assumes that half of all slices show the finding.",
    )
    SERIES_ALONE = (
        "series_alone",
        "The series is flagged as a whole although none of its {total} images is.",
    )
    IMAGES_ALONE = (
        "images_alone",
        "{flagged} of its {total} images are flagged, the series as a whole is not.",
    )
    IMAGES_UNREADABLE = (
        "images_unread",
        "{count} of its images could not be read: the series is not called not flagged.",
    )
    NO_SERIES_HEAD = (
        "no_series_head",
        "The model has no series head, so the rule of single images applies.",
    )
    TOO_FEW_FOR_HEAD = (
        "too_few_for_head",
        "Fewer than {least} images assessed, so the series has no probability of its own and the "
        "rule of single images applies.",
    )
