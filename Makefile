SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
REGISTRY ?= ghcr.io/bucketwarden
FUZZTIME ?= 10s
BENCH    ?= .
COUNT    ?= 1
BENCHTIME ?= 1s
ORACLE_N ?= 100000
OLD      ?=
DURATION ?= 30s
SCENARIO ?= all
SIZES    ?= 1000,10000,50000
PROVIDER ?= ack
REQUESTS ?= 2000
PICTURE  ?= docs/load.svg
CNI_BIN  ?= /usr/lib/cni
ATTACKS  ?= TestBypass|TestRatchet|TestAdoption|TestMemory

# How long the tests of one package may take, many times what they do: a machine may be slow, and have other work.
UNIT     := -timeout 30m
E2E      := -p 1 -tags e2e -count 1 -timeout 60m
E2E_DIRS := ./hack/e2e/... ./hack/chart/... ./hack/chaos/... ./hack/scale/...

# What is released is of the last commit, in all its times too.
REVISION := $(shell git rev-parse HEAD 2>/dev/null)
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

# The API server and etcd of KUBEBUILDER_ASSETS are used when it is set, those that hack/controlplane builds when it is not.
ifdef KUBEBUILDER_ASSETS
controlplane:
else
export KUBEBUILDER_ASSETS := $(CURDIR)/bin/k8s
controlplane:
	@hack/controlplane/build.sh bin/k8s
endif

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

build: ## Build bin/bucketwarden and bin/bucketwarden-webhook, with what the tests have compiled; the image's are static
	go build -tags grpcnotrace -ldflags '-s -w -X main.version=$(VERSION)' -o bin/bucketwarden ./cmd/bucketwarden
	go build -tags grpcnotrace -ldflags '-s -w -X main.version=$(VERSION)' -o bin/bucketwarden-webhook ./cmd/webhook

# What tests start is built before they do: it takes minutes on a fresh machine, which no test's time has room for.
prepared: controlplane
	go -C hack/pins/helm tool -n helm >/dev/null
	go build -tags grpcnotrace ./cmd/...
	go build ./cmd/... ./hack/demo

test: prepared ## Run the unit tests, those of the alerts, and the end-to-end tests against a real API server
	go test $(UNIT) ./...
	cd hack/monitoring && go test $(UNIT) -count 1 .
	go test $(E2E) $(E2E_DIRS)

e2e: prepared ## Run the end-to-end tests alone
	go test $(E2E) $(E2E_DIRS)

attack: prepared ## Try everything that once got past the gate, or should not: hostile objects, updates, work, text
	go test $(UNIT) ./policy/space -run 'TestEveryCaller|TestTraps|TestRelations|TestWitnesses|TestBudget'
	go test $(UNIT) ./webhook/... ./cmd/... -run 'Hostile|Ratchet|Adopt|Work|Memory|Idle'
	go test $(E2E) -v -run '$(ATTACKS)' ./hack/e2e/... | grep -v '^ *=== '

lint: bin/.tools ## Run every linter of .golangci.yml, and actionlint on the workflows
	bin/golangci-lint run ./...
	bin/actionlint
	bin/actionlint docs/examples/gitops/workflow.yaml

generate: ## Write every _gen.go file and generated page again
	go generate ./...

verify: ## Fail if a generated file, a go.mod or the formatting is stale
	hack/verify.sh

cover: ## Print the coverage of policy/..., fail under 95 %
	hack/cover.sh 95 ./policy/...

fuzz: ## Run every fuzz target for FUZZTIME each
	hack/fuzz.sh $(FUZZTIME)

bench: $(if $(OLD),bin/.tools) ## Run the benchmarks into bin/bench.txt; OLD=FILE compares (give both COUNT=10)
	@mkdir -p bin
	go test $(UNIT) -run '^$$' -bench '$(BENCH)' -benchmem -benchtime $(BENCHTIME) -count $(COUNT) ./... | tee bin/bench.txt
	$(if $(OLD),bin/benchstat $(OLD) bin/bench.txt)

demo: build controlplane ## Show a real API server refusing and patching bucket policies
	go run ./hack/demo

chaos: build controlplane ## Restart, kill and flood the gate, each SCENARIO for DURATION, and count the answers
	go run ./hack/chaos -duration $(DURATION) -scenario $(SCENARIO)

load: build controlplane ## Measure what the webhook adds to REQUESTS of each kind to a real API server, into PICTURE too
	go build -o bin/noop ./hack/load/noop
	go run ./hack/load -requests $(REQUESTS) -svg '$(PICTURE)'

scale: build controlplane ## Measure memory, audit and admission with SIZES buckets of PROVIDER (ack or upbound)
	go run ./hack/scale -sizes $(SIZES) -provider $(PROVIDER)

oracle: ## Compare ORACLE_N decisions of ours with those of other evaluators (needs npm)
	cd hack/oracle && go run . -n $(ORACLE_N) && go test $(UNIT) -count 1 .

peers: ## Measure the same checks in Bucketwarden, OPA and CEL, each for BENCHTIME
	cd hack/bench && go test $(UNIT) -count 1 -bench . -benchmem -benchtime $(BENCHTIME) .

argocd: prepared ## Compare patched objects as Argo CD and Flux do, by their own code, on a real API server
	cd hack/argocd && go test $(UNIT) -tags grpcnotrace -count 1 .

cluster: image ## Start a real node on this machine, install the image in it, and try what clusters do (root)
	hack/controlplane/build.sh bin/k8s node
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o bin/pause ./hack/node/pause
	go build -o bin/node ./hack/node
	bin/node -image 'dist/bucketwarden_$(VERSION)_image.tar' -cni '$(CNI_BIN)' -scenario '$(SCENARIO)' \
		-helm "$$(go -C hack/pins/helm3 tool -n helm)" -helm "$$(go -C hack/pins/helm tool -n helm)"

image: ## Build the image, without Docker, and the bill of materials of each binary into dist
	cd hack/image && go run . -version '$(VERSION)' -revision '$(REVISION)' -name '$(REGISTRY)/bucketwarden:$(VERSION)'

sbom: image ## The same: what is in a binary is written down when it is built

image-push: ## Build the image and push it to REGISTRY, with the credentials of docker login
	cd hack/image && go run . -version '$(VERSION)' -revision '$(REVISION)' -name '$(REGISTRY)/bucketwarden:$(VERSION)' -push

supply: ## Check every module's licence, and that the image is complete and the same when built again
	cd hack/licences && go run . && go test $(UNIT) -count 1 .
	cd hack/image && go test $(UNIT) -count 1 .

vulncheck: bin/.tools ## Look for known vulnerabilities in what the binaries call (asks vuln.go.dev)
	bin/govulncheck -tags grpcnotrace ./cmd/bucketwarden ./cmd/webhook

clean: ## Remove everything that this Makefile made
	rm -rf bin dist

bin/.tools: $(wildcard hack/pins/tools/go.* hack/pins/actionlint/go.*)
	@mkdir -p bin
	cd hack/pins/tools && CGO_ENABLED=0 go build -trimpath -o ../../../bin/ tool
	cd hack/pins/actionlint && CGO_ENABLED=0 go build -trimpath -o ../../../bin/ tool
	@touch $@

.PHONY: help controlplane prepared build test e2e attack lint generate verify cover fuzz bench demo chaos load scale oracle peers argocd cluster image sbom image-push supply vulncheck clean
