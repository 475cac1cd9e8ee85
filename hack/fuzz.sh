#!/usr/bin/env bash
# fuzz.sh TIME runs every fuzz target of this module for TIME, one after the other.
set -euo pipefail
[[ $# == 1 ]] || { echo "usage: $0 TIME" >&2; exit 2; }
cd "$(dirname "$0")/.."

# "go test -list" names a package after its targets.
targets=$(go test -list '^Fuzz' ./... | awk '/^Fuzz/ { names[n++] = $1 } /^ok/ { for (i = 0; i < n; i++) print $2, names[i]; n = 0 }')
[[ -n $targets ]] || { echo "no fuzz target found" >&2; exit 1; }
while read -r pkg name; do
	echo "== $pkg $name"
	go test -run '^$' -fuzz "^$name\$" -fuzztime "$1" "$pkg"
done <<<"$targets"
