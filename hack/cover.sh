#!/usr/bin/env bash
# cover.sh MIN PATTERN prints the statement coverage of each package of PATTERN and fails if the total is under MIN percent.
set -euo pipefail
[[ $# == 2 ]] || { echo "usage: $0 MIN PATTERN" >&2; exit 2; }
cd "$(dirname "$0")/.."
mkdir -p bin

# A block counts when any package's tests reach it: policytest has no tests of its own and is run by those of others.
go test -coverpkg "$2" -coverprofile bin/cover.out "$2" >bin/cover.log || { cat bin/cover.log; exit 1; }

awk -v min="$1" '
	NR == 1 { next } # the mode
	{ stmts[$1] = $2; if ($3 > 0) hit[$1] = 1 }
	END {
		for (block in stmts) {
			pkg = block; sub(/\/[^\/]*$/, "", pkg)
			all[pkg] += stmts[block]; total += stmts[block]
			if (block in hit) { got[pkg] += stmts[block]; reached += stmts[block] }
		}
		if (total == 0) { print "no statements"; exit 1 }
		for (pkg in all) printf "%6.1f %% %s\n", 100 * got[pkg] / all[pkg], pkg | "sort -k3"
		close("sort -k3")
		percent = 100 * reached / total
		printf "%6.1f %% total, of %s %% asked\n", percent, min
		exit percent < min
	}' bin/cover.out
