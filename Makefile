# Two commands matter: `make run` opens the program, `make test` checks everything.
# Both set up what they need on Debian with Python (3.11 or newer) and make.
#
#   make run PROCESSOR=gpu      with onnxruntime for CUDA
#   make run SCANS=~/scans      opens that folder (without a display: screens it)
#   make lock UPGRADE=--upgrade takes newer versions into requirements/

PYTHON ?= python3
PROCESSOR ?= cpu
SCANS ?=
UPGRADE ?=
export PYTHON

.PHONY: help run test package lock bench screenshots
help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -6

run:
	@setup/run "$(PROCESSOR)" "$(SCANS)"

test:
	@setup/test

package:
	@setup/package

lock:
	@setup/lock $(UPGRADE)

bench:
	@setup/environment test
	.venv-test/bin/python -m tests.bench

screenshots:
	@setup/environment test
	@setup/libraries .venv-test screen
	.venv-test/bin/python -m tests.screenshots
