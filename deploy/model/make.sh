#!/bin/sh
# Makes platen-tiny.gguf from nothing, in build/: about an hour and a quarter on one core of a desktop processor.
# The same versions of the packages on the same kind of processor give the same file.
set -eu
cd "$(dirname "$0")"
[ -d build/venv ] || python3 -m venv build/venv
build/venv/bin/pip install --quiet -r requirements.txt
python=build/venv/bin/python
[ -f build/tokenizer.model ] || $python tokenizer.py build/tokenizer.model
$python train.py build/tokenizer.model build/checkpoint.npz
$python export.py build/tokenizer.model build/checkpoint.npz build/platen-tiny.gguf
