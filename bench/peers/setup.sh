#!/usr/bin/env bash
# Installs the peers: Python's into bench/.venv, JavaScript's into bench/peers/js/node_modules.
#   bench/peers/setup.sh              all of them
#   bench/peers/setup.sh --no-torch   all except PyTorch, which is 5.2 GB with its dependencies
# PYTHON is the interpreter, 3.12 or newer. Default: the newest found. TORCH_INDEX is an index with
# PyTorch's CPU-only wheel (0.7 GB).
# Peers that cannot be installed are reported, and the bench lists them as absent.
set -uo pipefail
cd "$(dirname "$0")/.."

with_torch=1
[ "${1:-}" = --no-torch ] && with_torch=0
failed=()

recent() { "$1" -c 'import sys, venv; sys.exit(sys.version_info < (3, 12))' >/dev/null 2>&1; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-} python3.14 python3.13 python3.12 python3; do
    if recent "$candidate"; then echo "$candidate" && return; fi
  done
  if command -v pyenv >/dev/null; then
    for candidate in $(pyenv versions --bare | sort --version-sort --reverse); do
      candidate="$(pyenv prefix "$candidate")/bin/python"
      if recent "$candidate"; then echo "$candidate" && return; fi
    done
  fi
  return 1
}

if python=$(find_python); then
  echo "Python peers, with $("$python" --version) …"
  "$python" -m venv .venv || failed+=('the virtual environment')
  pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet "$@"; }
  pip install -r peers/requirements.txt || failed+=('NumPy and JAX')
  if [ "$with_torch" = 1 ]; then
    pip install ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r peers/requirements-torch.txt || failed+=('PyTorch')
  fi
else
  failed+=('Python peers: no Python 3.12 or newer was found; name one with PYTHON=…')
fi

echo 'JavaScript peers …'
npm ci --prefix peers/js --ignore-scripts --no-audit --no-fund --loglevel=error || failed+=('JavaScript peers')

for what in "${failed[@]+"${failed[@]}"}"; do echo "Not installed: $what" >&2; done
[ ${#failed[@]} = 0 ] && echo 'All peers are installed.'
