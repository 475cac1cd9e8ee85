#!/usr/bin/env bash
# build.sh DIR [node] builds kube-apiserver, etcd and kubectl into DIR, with "node" also what a cluster with a kubelet
# needs, unless DIR already holds those that this module pins.
set -euo pipefail
[[ $# == 1 || ($# == 2 && $2 == node) ]] || { echo "usage: $0 DIR [node]" >&2; exit 2; }
programs=(etcd kube-apiserver kubectl)
[[ $# == 1 ]] || programs+=(kube-controller-manager kube-scheduler kube-proxy kubelet)
mkdir -p "$1"
out=$(cd "$1" && pwd)
cd "$(dirname "$0")"

# The key is what decides the binaries: the modules, these flags, the compiler.
key=$(cat go.mod go.sum build.sh <(go env GOVERSION GOOS GOARCH) | git hash-object --stdin)
[[ $(cat "$out/.key" 2>/dev/null) == "$key" ]] || rm -f "$out/.key" "${programs[@]/#/$out/}"

version=$(go list -m -f '{{.Version}}' k8s.io/kubernetes)
IFS=. read -r major minor _ <<<"${version#v}"
ldflags='-s -w'
# Unstamped, kube-apiserver says v0.0.0 and clients that compare versions misbehave.
for pkg in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
	ldflags+=" -X $pkg.gitVersion=$version -X $pkg.gitMajor=$major -X $pkg.gitMinor=$minor -X $pkg.gitTreeState=clean"
done

for program in "${programs[@]}"; do
	[[ -x $out/$program ]] && continue
	case $program in etcd) pkg=go.etcd.io/etcd/server/v3 ;; *) pkg=k8s.io/kubernetes/cmd/$program ;; esac
	echo "building $program into $out" >&2
	CGO_ENABLED=0 go build -trimpath -buildvcs=false -ldflags "$ldflags" -o "$out/$program" "$pkg"
done
echo "$key" >"$out/.key"
