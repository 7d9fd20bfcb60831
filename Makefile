# The two commands that matter: `make run` (the counter with its demonstration shop) and `make test`.
.PHONY: run test check model web lock clean

PORT ?= 8310

run:
	@tools/bootstrap run
	@.venv/bin/madoguchi demo --port $(PORT)

test:
	@tools/bootstrap dev
	.venv/bin/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder --maxfail 30 -q $(ARGS)

check:
	@tools/bootstrap dev
	.venv/bin/ruff check src tests benchmarks
	.venv/bin/ruff format --check src tests benchmarks
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/madoguchi dev catalogue --check
	.venv/bin/madoguchi dev requirements | tail -n 1
	.venv/bin/madoguchi assistant accuracy tests/assistant/evaluation/second
	.venv/bin/madoguchi assistant accuracy tests/assistant/evaluation/third

# What the assistant understands, learnt anew from src/madoguchi/assistant/phrases. After every change there.
model:
	@tools/bootstrap dev
	.venv/bin/madoguchi assistant train --shipped

# Front end: needs Node 20 or newer. The built files are committed, so that nobody else needs it.
web:
	cd web && npm install --no-audit --no-fund && npm run check && npm test && npm run build

# Pin every library anew, none younger than a week. Needs uv.
lock:
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal --exclude-newer "1 week" -o requirements.lock -q
	uv pip compile pyproject.toml --extra dev --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal --exclude-newer "1 week" -o requirements-dev.lock -q

clean:
	rm -rf .venv data build dist artifacts .pytest_cache .mypy_cache .ruff_cache .hypothesis
