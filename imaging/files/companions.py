"""Files that lie beside images without being any: of systems, CD viewers, data sets."""

from __future__ import annotations

_NAMES = {
    *(
        ".ds_store",
        ".localized",
        "icon\r",
        "thumbs.db",
        "ehthumbs.db",
        "thumbs.db:encryptable",
        "desktop.ini",
    ),
    *("autorun.inf", "dicomdir.xml", "checksums", "license", "readme", "version", "lockfile"),
    *(".gitattributes", ".gitignore", ".gitkeep", ".nomedia", ".directory"),
}
_SUFFIXES = {
    *("inf", "ini", "cfg", "conf", "config", "properties", "manifest", "lnk", "url", "log"),
    *("exe", "dll", "ocx", "sys", "bat", "cmd", "com", "msi", "cab", "sh", "command"),
    *("so", "dylib", "jar", "class", "pdb", "ico", "icns", "cur", "ttf", "otf"),
    *("htm", "html", "xhtml", "css", "js", "xml", "xsl", "xslt", "dtd", "chm", "hlp"),
    *("txt", "md", "rtf", "pdf", "doc", "docx", "xls", "xlsx", "ods", "odt", "ppt", "pptx"),
    *("csv", "tsv", "json", "yaml", "yml", "bval", "bvec", "db", "sha256", "md5"),
}
_MAC = "._"
"""How macOS begins the name of a file's second half on a disk that is not its own."""


def is_companion(name: str) -> bool:
    """Whether a file of this name is no image, provided that its content is none either."""
    lower = name.lower()
    stem, dot, suffix = lower.rpartition(".")
    return lower in _NAMES or lower.startswith(_MAC) or bool(stem and dot and suffix in _SUFFIXES)
