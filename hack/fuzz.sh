#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of this module for TIME, one after the other, and stops at the first finding.
set -euo pipefail
[[ $# == 1 ]] || { echo "usage: $0 TIME" >&2; exit 2; }
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# "go test -list" names a package after its targets.
targets=$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ { names[n++] = $1 } /^ok/ { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }')
[[ -n $targets ]] || { echo "no fuzz target found" >&2; exit 1; }

# Before Go 1.27 the end of the time may be reported as a failure of the target (https://go.dev/issue/75804).
time_ran_out() {
	grep -qx '    context deadline exceeded' "$log" && ! grep -q 'Failing input written' "$log"
}
while read -r pkg name; do
	echo "== $pkg $name"
	if ! go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" "$pkg" </dev/null | tee "$log"; then
		time_ran_out || exit 1
		echo "$name: the time ran out while an input was tried; nothing was found"
	fi
done <<<"$targets"
