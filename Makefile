# Short names for what people do; `make help` lists them. CMake presets do the building.

.DEFAULT_GOAL := help
FUZZ_S ?= 60
.PHONY: help setup build test unit sim db mq e2e lint format tidy asan memcheck fuzz coverage release \
	bench up down demo logs psql

help: ## this list
	@awk -F ':.*## ' '/^[a-z].*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## configure the dev build and install the pre-commit hook
	cmake --preset dev && git config core.hooksPath tests/lint/hooks

build: ## gcc, Debug, warnings are errors: build/dev
	cmake --preset dev && cmake --build --preset dev

release: ## the programs, optimised and hardened: build/release
	cmake --preset release && cmake --build --preset release

test: ## build, then every test
	cmake --workflow --preset test

unit: ## build, then the tests that need no server
	cmake --workflow --preset unit

sim: ## build, then the simulator; make sim SEED=... repeats a run
	cmake --workflow --preset sim

db: ## build, then the tests against PostgreSQL
	cmake --workflow --preset db

mq: ## build, then the tests against RabbitMQ
	cmake --workflow --preset mq

e2e: ## build, then the tests of whole programs
	cmake --workflow --preset e2e

lint: ## floors, style, format, shell, documents
	cmake --workflow --preset lint

format: ## rewrite every C file in the house format
	tests/lint/format.sh --fix

tidy: ## clang-tidy over everything
	cmake --workflow --preset tidy

asan: ## every test under the address and undefined behaviour sanitizers
	cmake --workflow --preset asan

memcheck: ## the tests that need no server under valgrind
	cmake --preset dev && cmake --build --preset dev && tests/support/memcheck build/dev

fuzz: ## each fuzz target for a minute, or make fuzz FUZZ_S=600
	cmake --preset fuzz && cmake --build --preset fuzz && tests/fuzz/run build/fuzz $(FUZZ_S)

coverage: ## executed lines of each part
	cmake --workflow --preset coverage && tests/lint/coverage.sh build/coverage

bench: ## measure a running installation
	cmake --preset release && cmake --build build/release && tests/bench/run build/release

up: ## start an installation (deploy/up --help)
	deploy/up

down: ## stop it
	deploy/down

demo: ## a tour through what it does
	deploy/demo

logs: ## follow the programs' logs
	deploy/logs

psql: ## a console on the database of the installation
	deploy/psql
