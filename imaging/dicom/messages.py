"""What is said of DICOM files, beside the codes of all files; free of pydicom."""

from __future__ import annotations

from imaging.messages import MessageCode


class Value(MessageCode):
    """What is said of values that are no Hounsfield units, or were repaired."""

    RESCALED = (
        "doubt_rescaled",
        "{doubt}; RescaleSlope (0028,1053) {slope:g}, RescaleIntercept (0028,1052) {intercept:g}",
    )
    FEW_BITS = "few_bits", "BitsStored (0028,0101): {bits}"
    SIGNED_SAID_UNSIGNED = "signed_said_unsigned", "signed data marked unsigned: repaired"
    UNSIGNED_SAID_SIGNED = "unsigned_said_signed", "unsigned data marked signed: repaired"
    FEWER_BITS = "fewer_bits", "signed data of {bits} bits marked as {said}: repaired"
    MORE_BITS = "more_bits", "values of {bits} bits marked as {said}: repaired"
    PADDING = "bright_padding", "padding of {level} HU around the image, read as air"
    LOW_BITS = "low_bits", "HighBit (0028,0102) {said}, values in the lowest {bits} bits: repaired"
    VIRTUAL = "virtual_image", "computed from two energies: {kind}"
    OTHER_SYNTAX = "other_syntax", "the pixels are not in the transfer syntax {said}"


class Turned(MessageCode):
    """How an image was stored that stands upright now."""

    MIRRORED = "stored_mirrored", "stored as a mirror image"
    UPSIDE_DOWN = "stored_upside_down", "stored upside down"
    SIDEWAYS = "stored_sideways", "stored sideways"
