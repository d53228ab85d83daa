"""Runs the lessons' notebooks in Deno's Jupyter kernel, and compares outputs with the lessons'.

    python -m venv .venv && .venv/bin/pip install nbclient
    node packages/examples/scripts/notebooks.mjs
    .venv/bin/python packages/examples/scripts/run_notebooks.py /path/to/deno

Deno prints texts in arrays with double quotes, and Node with single ones: quotes are not compared.
Deno may send the end of an output after it reported the cell as done, when nbclient no longer reads
it: such a cell is counted as cut.
"""

import json
import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[3] / "notebooks"


def install_kernel(deno: str) -> None:
    data = Path(tempfile.mkdtemp())
    (data / "kernels/deno").mkdir(parents=True)
    argv = [deno, "jupyter", "--kernel", "--conn", "{connection_file}"]
    spec = {"argv": argv, "display_name": "Deno", "language": "typescript"}
    (data / "kernels/deno/kernel.json").write_text(json.dumps(spec))
    os.environ["JUPYTER_PATH"] = str(data)


def lines_of(cell) -> list[str]:
    printed = "".join(each.get("text", "") for each in cell.outputs)
    return [line.rstrip().replace("'", '"') for line in printed.strip("\n").split("\n")]


def main() -> int:
    install_kernel(os.path.abspath(sys.argv[1]))
    counts = {"cells": 0, "ran": 0, "equal": 0, "cut": 0}
    for path in sorted(FOLDER.glob("*.ipynb")):
        notebook = nbformat.read(path, 4)
        nbformat.validate(notebook)
        cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
        expected = [lines_of(cell) for cell in cells]
        where = {"metadata": {"path": str(FOLDER)}}
        NotebookClient(notebook, kernel_name="deno", resources=where, allow_errors=True).execute()
        for cell, wanted in zip(cells, expected):
            counts["cells"] += 1
            counts["ran"] += all(each.output_type != "error" for each in cell.outputs)
            got = lines_of(cell)
            if got == wanted:
                counts["equal"] += 1
            elif got == [""] or got == wanted[: len(got)]:
                counts["cut"] += 1
            else:
                print(f"{path.name}: expected", *wanted, "got", *got, sep="\n  ")
    print(", ".join(f"{key} {value}" for key, value in counts.items()))
    return 0 if counts["ran"] == counts["cells"] == counts["equal"] + counts["cut"] else 1


if __name__ == "__main__":
    sys.exit(main())
