# Two commands matter: `make run` opens the program, `make test` checks everything.
# Both set up what they need on Debian with Python (3.11 or newer) and make.
#
#   make run PROCESSOR=gpu      with onnxruntime for CUDA
#   make run IMAGES=~/folder    opens that folder (without a display: scores it)
#   make package                builds dist/cranioscope, which needs no Python, and tries it
#   make docs                   builds the documentation into build/docs
#   make translations           brings the Chinese texts up to the code, and compiles them
#   make screenshots            takes the screenshots of the documentation
#   make sessions               goes through a reader's three sessions in a real window
#   make faults                 shows the first window's two safety faults on the old code, and gone
#   make fuzz FILES=2000        screens mutated files (50,000 without FILES, some 25 minutes)
#   make kill KILLS=20           kills runs, exports, trainings and the store; make leaks searches a hidden session
#   make lock UPGRADE=--upgrade takes newer versions into requirements/

PYTHON ?= python3
PROCESSOR ?= cpu
IMAGES ?=
UPGRADE ?=
export PYTHON

.PHONY: help run test package docs lock bench translations screenshots sessions faults fuzz kill leaks
help:
	@sed -n 's/^# \{0,1\}//p' Makefile | head -14

run:
	@setup/run "$(PROCESSOR)" "$(IMAGES)"

test:
	@setup/test

package:
	@setup/package

docs:
	@setup/docs

lock:
	@setup/lock $(UPGRADE)

bench:
	@setup/environment test
	.venv-test/bin/python -m tests.bench

translations:
	@setup/environment test
	.venv-test/bin/python -m setup.translations

screenshots:
	@setup/environment test
	@setup/libraries .venv-test screen
	.venv-test/bin/python -m tests.screenshots

sessions:
	@setup/environment test
	@setup/libraries .venv-test screen
	.venv-test/bin/python -m tests.sessions

faults:
	@setup/environment test
	.venv-test/bin/python -m tests.faults

fuzz:
	@setup/environment test
	.venv-test/bin/python -m tests.fuzz --files $(or $(FILES),50000)

kill:
	@setup/environment test
	.venv-test/bin/python -m tests.kill --kills $(or $(KILLS),20)

leaks:
	@setup/environment test
	.venv-test/bin/python -m tests.leaks
