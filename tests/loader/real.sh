#!/bin/sh
# slim's loader against the real one, libtree and lddtree, on real wheels; tests/loader/real.py says how.
set -eu
cd "$(dirname "$0")/../.."
python=$(scripts/find-python 3.11) || {
	echo "1..0 # SKIP no Python 3.11, for which the wheels are pinned"
	exit 0
}
exec "$python" -B tests/loader/real.py "$@"
