# Run and test do all of their own set-up; where make itself is not installed, call the two scripts.

PREFIX ?= /usr/local
BUILD ?= .build/release

.PHONY: run test build install package clean help

run: ## start the typewriter in this terminal (MODEL=... names another model)
	@deploy/run.sh "$(MODEL)"

test: ## run every test and count them
	@Tests/run-all.sh

build: ## install what the build needs and build the release
	@deploy/setup.sh build
	swift build -c release

install: ## after `make build`, as root: copy the programs and the included model and the profiles to PREFIX (/usr/local)
	@test -x $(BUILD)/platen -a -x $(BUILD)/platend || { echo "run 'make build' first"; exit 1; }
	install -D -m 755 $(BUILD)/platen $(DESTDIR)$(PREFIX)/bin/platen
	install -D -m 755 $(BUILD)/platend $(DESTDIR)$(PREFIX)/bin/platend
	install -D -m 644 deploy/model/platen-tiny.gguf $(DESTDIR)$(PREFIX)/share/platen/platen-tiny.gguf
	for profile in hardware/*/*.toml; do install -D -m 644 $$profile $(DESTDIR)$(PREFIX)/share/platen/$$profile || exit 1; done

package: ## build the Debian package for this machine (ARCH=arm64 on an amd64 machine: for a Raspberry Pi)
	@deploy/package.sh $(ARCH)

clean: ## remove everything that was built
	rm -rf .build .build-asan

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1 \t/p' Makefile | expand -t 10
