"""predict.py FOLDER: converts and compiles the exported model in FOLDER with its own convert.py,
predicts input.bin (float64) and writes output.bin; shape.txt has the shape of the input."""
import pathlib
import sys

import numpy

folder = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(folder))
from convert import convert  # noqa: E402

shape = [int(word) for word in (folder / "shape.txt").read_text().split()]
inputs = numpy.fromfile(folder / "input.bin", dtype="<f8").reshape(shape)
outputs = convert().predict(numpy.ascontiguousarray(inputs))
numpy.asarray(outputs, dtype="<f8").tofile(folder / "output.bin")
