#!/usr/bin/env bash
# verify.sh fails when the tree is not what its generators, gofmt, go mod tidy and go vet would leave.
# It works on a copy, so it changes nothing; what git ignores is left out.
set -euo pipefail
cd "$(dirname "$0")/.."
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | xargs -0 -I{} sh -c 'test ! -e "$1" || printf "%s\0" "$1"' _ {} |
	tar --null -T - -cf - | tar -xf - -C "$copy"
cd "$copy"
unset $(git rev-parse --local-env-vars) # run by a git hook, these would name the real index
git init -q
git add -A

failed=0
step() {
	echo "== $1"
	shift
	"$@" || { failed=1; echo "FAILED: $*"; }
}
generated() {
	local skip=()
	if ! command -v npm >/dev/null; then
		echo "npm is missing: policy/catalog is not generated again, so it is not known to be fresh" >&2
		skip=(-skip hack/catalog)
	fi
	go generate "${skip[@]}" ./... && git add -A --intent-to-add && git --no-pager diff --exit-code
}
formatted() {
	local files
	files=$(git ls-files -z '*.go' | xargs -0 gofmt -s -l) && [[ -z $files ]] || { echo "$files"; return 1; }
}
module() {
	local bad=0
	go -C "$1" mod tidy -diff || bad=1
	[[ -z $(go -C "$1" list -tags e2e ./... 2>/dev/null) ]] || go -C "$1" vet -tags e2e ./... || bad=1
	return "$bad"
}
# A target that the documentation names runs in CI, by itself or inside another: generate here, e2e in test, sbom in image.
# What needs the internet, a registry or root cannot; the nightly workflow runs cluster.
targets() {
	local bad=0 target
	for target in $(git grep -hoE '(`|^|&& )make [a-z][a-z0-9 -]*' -- README.md CONTRIBUTING.md 'docs/*.md' 'hack/*.md' |
		sed -E 's/^[^m]*make //' | tr ' ' '\n' | sort -u); do
		grep -qE "^$target:" Makefile || { echo "make $target is named in the documentation, and does not exist"; bad=1; continue; }
		case $target in generate | e2e | sbom | controlplane | clean | vulncheck | image-push | cluster) continue ;; esac
		grep -qE "^	?run make $target( |\$)" .ci/run || { echo "make $target is named in the documentation, and .ci/run does not run it"; bad=1; }
	done
	return "$bad"
}

step "make targets" targets
step "gofmt -s" formatted
step "go generate" generated
for mod in $(git ls-files '*go.mod'); do
	step "go mod tidy and go vet in $(dirname "$mod")" module "$(dirname "$mod")"
done
exit "$failed"
