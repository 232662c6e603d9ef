#!/bin/sh
# From a fresh clone to a typewriter in this terminal: installs what is missing, builds, and starts a chat.
# usage: deploy/run.sh [MODEL.gguf]
set -eu
model=$(realpath -- "${1:-$(dirname "$0")/model/platen-tiny.gguf}")
cd "$(dirname "$0")/.."
deploy/setup.sh build
swift build -c release --product platen
exec .build/release/platen chat "$model"
