"""Details: what is said of a file beside the code of its problem, as codes and values."""

from __future__ import annotations

from imaging.messages import MessageCode


class Detail(MessageCode):
    """Parts of sentences; names of attributes and kinds of files stand in them as they are."""

    ABSENT = "detail_absent", "{name}: absent"
    NO_ATTRIBUTES = "detail_no_attributes", "no attributes"
    NO_PIXEL_DATA = "detail_no_pixel_data", "no pixel data"
    NO_GROUPS = "detail_no_groups", "no functional groups of {frame}"
    NO_FRAME = "detail_no_frame", "no frame {frame} of {frames}"
    NO_PAGE = "detail_no_page", "no page {page} of {pages}"
    NO_SLICE = "detail_no_slice", "no slice {slice} of {slices}"
    SECONDARY_CAPTURE = "detail_secondary_capture", "secondary capture"
    CORONAL = "detail_coronal", "coronal"
    SAGITTAL = "detail_sagittal", "sagittal"

    FRAMES = "detail_frames", "{count} frames"
    PAGES = "detail_pages", "more than {most} pages"
    PIXELS = "detail_pixels", "{columns}×{rows} pixels"
    MILLION_PIXELS = "detail_million_pixels", "over {millions:.0f} million pixels"
    DEFLATED = "detail_deflated", "deflated, over {megabytes} MB"
    NIFTI = "detail_nifti", "NIfTI, over {megabytes} MB"

    DEFLATED_CUT_SHORT = "detail_deflated_cut_short", "deflated data cut short"
    FRAME_CUT_SHORT = "detail_frame_cut_short", "compressed frame cut short"
    NO_FRAME_HEADER = "detail_no_frame_header", "compressed frame without a header"
    NO_END = "detail_no_end", "{kind} without an end"
    NOT_WHOLE = "detail_not_whole", "not a whole {kind}"
    CHECKSUM = "detail_checksum", "PNG checksum of {name}"
    SEGMENTS = "detail_segments", "{count} RLE segments instead of {planes}"
    CUT_PIXEL_DATA = "detail_cut_pixel_data", "{there} of {declared} bytes of pixel data"
    OTHER_PIXEL_DATA = (
        "detail_other_pixel_data",
        "{there} bytes of pixel data instead of {expected}",
    )
    OTHER_LENGTH = "detail_other_length", "{there} bytes instead of {needed:.0f}"
    OTHER_FRAMES = "detail_other_frames", "{said} frames, {there} in the data"
    OTHER_PAGES = "detail_other_pages", "{announced} frames announced, {there} in the file"
    OTHER_DECODED = "detail_other_decoded", "decoded {decoded}, header {said}"
    OTHER_COMPRESSED = "detail_other_compressed", "compressed {compressed}, header {said}"

    SAMPLES = "detail_samples", "{name}: {said}, {samples} samples"
    NOT_FINITE = "detail_not_finite", "values that are no finite numbers"
    VALUES = "detail_values", "values from {low:g} to {high:g}"
    PIXEL_FORMAT = "detail_pixel_format", "pixel format {mode}"
    RARE_TIFF = "detail_rare_tiff", "TIFF of a rare pixel format"
    ONE_BIT = "detail_one_bit", "1 bit"
    BITS = "detail_bits", "{bits} bits"
    RANGE = "detail_range", "{low:g} to {high:g}"
    NO_WINDOW = "detail_no_window", "{low:g} to {high:g}, without a window"
    OFFSET = "detail_offset", "offset {offset}"
    ORIENTATION = "detail_orientation", "orientation {turn}"
    RATIO = "detail_ratio", "ratio {ratio:g}"

    REPEATED = "detail_repeated", "{repeated} of {images}"
    DISTANCES = "detail_distances", "{least:.1f} to {most:.1f} mm"
    PIPE = "detail_pipe", "pipe"
    SOCKET = "detail_socket", "socket"
    DEVICE = "detail_device", "device"
    EXIT_CODE = "detail_exit_code", "exit code {number}"
