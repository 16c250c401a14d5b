"""What kind of thing a file is, by the ending of its name."""

_ENDINGS = {
    "Pictures": "jpg jpeg png gif bmp tif tiff webp heic heif raw cr2 nef arw dng svg psd xcf ico avif",
    "Video": "mp4 mkv avi mov wmv flv webm m4v mpg mpeg ts m2ts vob 3gp",
    "Audio": "mp3 flac wav ogg opus m4a aac wma aiff mid midi",
    "Documents": "pdf doc docx odt rtf txt md rst tex epub mobi ppt pptx odp pages key org adoc",
    "Tables and data": "csv tsv xls xlsx ods json jsonl parquet sqlite sqlite3 db xml yaml yml feather h5 npy npz sav",
    "Archives": "zip tar gz tgz bz2 xz 7z rar zst lz4 deb rpm whl jar cab",
    "Disk images and backups": "iso img vmdk vdi qcow2 vhd vhdx bak dump dmg wim",
    "Programs and code": "py js ts tsx jsx c h cpp hpp cc rs go java kt rb php pl sh bash css scss html htm sql swift "
    "lua r ipynb exe dll so o a class pyc bin apk",
    "Mail": "eml mbox msg pst",
    "Logs": "log journal",
    "Models": "gguf safetensors onnx pt pth ckpt tflite",
}
_BY_ENDING = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings.split()}
_LONGEST = 12
NO_ENDING = "no ending"


def ending_of(name: bytes) -> str:
    """Give the ending of a file's name in small letters, without the dot; NO_ENDING where it has none or a number."""
    stem, dot, ending = name.rpartition(b".")
    if not dot or not stem or not ending or len(ending) > _LONGEST or not ending.isalnum() or ending.isdigit():
        return NO_ENDING
    return ending.decode("ascii").lower()


def kind_of(ending: str) -> str:
    """Give the kind of a file's ending, "Other" where it is not known."""
    return _BY_ENDING.get(ending, "Other")
