"""Images that are no DICOM: PNG, JPEG, TIFF, BMP, GIF, WebP, JPEG 2000 and NIfTI."""
