# `make` prints help. CI calls these targets and nothing else.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS  := -s -w -X main.version=$(VERSION)
WEB_SRC  := $(shell find web/src web/public web/vite web/index.html web/vite.config.ts web/tsconfig.json web/package.json -type f 2>/dev/null)
WEB_DIST := web/dist/index.html
export npm_config_loglevel ?= error
export npm_config_fund ?= false
export npm_config_audit ?= false

.PHONY: help run build web web-modules test check bench mutate generate verify dev e2e screenshots clean

help: ## this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: build ## build everything and start the demo practice on http://127.0.0.1:8080
	bin/hearth demo $(ARGS)

build: web ## bin/hearth, one static binary with the web app inside
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -o bin/hearth ./cmd/hearth

web: $(WEB_DIST) ## the web app, into web/dist

web-modules: web/node_modules/.stamp

# npm ci takes a while, so only when the lock changed since.
web/node_modules/.stamp: web/package-lock.json
	cd web && npm ci
	@touch $@

$(WEB_DIST): web/node_modules/.stamp $(WEB_SRC)
	cd web && npm run --silent build
	@touch $@

test: ## every check and test: both engines with the race detector, web, browser (installs what is missing)
	scripts/test

check: web-modules ## the fast ones, about a minute: format, vet, architecture, types, unit tests
	@unformatted="$$(gofmt -l cmd internal)"; [ -z "$$unformatted" ] || { echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; }
	go vet ./...
	npm --prefix web run --silent check
	npm --prefix web exec -- vitest run --root web
	go test -short ./internal/archtest ./internal/care ./internal/access

bench: build ## sends, reading, message blasts and pushes on both engines, with the CPU time of each and the disk's own floor
	scripts/bench $(ARGS)

mutate: ## turn every condition of the rules into its opposite: a test must notice (minutes to hours)
	go run ./internal/testkit/mutate ./internal/access -- ./internal/access
	go run ./internal/testkit/pgcluster -- go run ./internal/testkit/mutate ./internal/chataccess -- ./internal/chataccess ./internal/httpapi

generate: web-modules ## rewrite the generated files: api/openapi.json, the web app's types, NOTICE
	scripts/generate

verify: web-modules ## fail when a generated file is not fresh
	scripts/verify

dev: web-modules ## the web app with hot reload on http://127.0.0.1:5173, beside a demo server on 8080
	scripts/dev

e2e: build ## the browser tests alone (ARGS="e2e/chat.test.mjs" for one file)
	scripts/bootstrap
	node scripts/e2e.mjs $(ARGS)

screenshots: build ## the browser tests, and renew the pictures in docs/images
	UPDATE_SCREENSHOTS=1 node scripts/e2e.mjs e2e/screens.test.mjs

clean: ## remove what the build and the tests made
	rm -rf bin web/node_modules e2e/out
	find web/dist -mindepth 1 ! -name .gitkeep -delete 2>/dev/null || true
