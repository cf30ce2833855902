"""Images that are no DICOM: PNG, JPEG, TIFF, BMP, GIF and WEBP."""
