"""DICOM files: header, pixel data and the values that they mean."""
