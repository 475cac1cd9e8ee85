SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)
IMAGE    ?= bucketwarden:$(VERSION)
FUZZTIME ?= 10s
BENCH    ?= .
COUNT    ?= 1
BENCHTIME ?= 1s
ORACLE_N ?= 100000
OLD      ?=

# The API server and etcd of KUBEBUILDER_ASSETS are used when it is set, those that hack/controlplane builds when it is not.
ifdef KUBEBUILDER_ASSETS
controlplane:
else
export KUBEBUILDER_ASSETS := $(CURDIR)/bin/k8s
controlplane:
	@hack/controlplane/build.sh bin/k8s
endif

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' Makefile

build: ## Build bin/bucketwarden, with what the tests have compiled already; the image's is static
	go build -tags grpcnotrace -ldflags '-X main.version=$(VERSION)' -o bin/bucketwarden ./cmd/bucketwarden

test: controlplane ## Run the unit tests, then the end-to-end tests against a real API server
	go test ./...
	go test -tags e2e -count 1 ./hack/e2e/...

e2e: controlplane ## Run the end-to-end tests alone
	go test -tags e2e -count 1 ./hack/e2e/...

lint: bin/.tools ## Run every linter of .golangci.yml
	bin/golangci-lint run ./...

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
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) ./... | tee bin/bench.txt
	$(if $(OLD),bin/benchstat $(OLD) bin/bench.txt)

demo: build controlplane ## Show a real API server refusing and patching bucket policies
	go run ./hack/demo

oracle: ## Compare ORACLE_N decisions of ours with those of other evaluators (needs npm)
	cd hack/oracle && go run . -n $(ORACLE_N) && go test -count 1 .

peers: ## Measure the same checks in Bucketwarden, OPA and CEL, each for BENCHTIME
	cd hack/bench && go test -count 1 -bench . -benchmem -benchtime $(BENCHTIME) .

image: ## Build the container image (needs docker)
	docker build -t $(IMAGE) .

clean: ## Remove everything that this Makefile made
	rm -rf bin dist

bin/.tools: hack/tools/go.mod hack/tools/go.sum
	@mkdir -p bin
	cd hack/tools && CGO_ENABLED=0 go build -trimpath -o ../../bin/ tool
	@touch $@

.PHONY: help controlplane build test e2e lint generate verify cover fuzz bench demo oracle peers image clean
