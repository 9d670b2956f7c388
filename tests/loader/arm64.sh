#!/bin/sh
# Packages for arm64, slimmed on this machine; tests/loader/arm64.py says how.
set -eu
cd "$(dirname "$0")/../.."
python=$(scripts/find-python 3.11) || {
	echo "1..0 # SKIP no Python 3.11, whose pip can tell wheels apart by hash"
	exit 0
}
exec "$python" -B tests/loader/arm64.py
