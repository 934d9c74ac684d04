#!/usr/bin/env bash
# Shards of `ddad reproduce` on this machine, or on those named in DDAD_HOSTS (as `parallel -S` takes them, with a file
# system that all see). Run it again after any interruption.
#   DDAD_ROOT=/data/mvtec DDAD_OUT=/shared/mvtec ./reproduce.sh 8 [more options of ddad reproduce]
set -euo pipefail
shards=${1:?needs the number of shards}
shift
: "${DDAD_ROOT:?needs the folder of the data set}" "${DDAD_OUT:?needs a folder for everything}"
ddad=${DDAD:-npx ddad}
export PARALLEL_SHELL=/bin/bash

where=(--jobs "${DDAD_JOBS:-50%}")
[[ -z ${DDAD_HOSTS:-} ]] || where=(--jobs 1 --sshlogin "$DDAD_HOSTS")

# three tries: what is finished is not done again
command=$(printf '%q ' reproduce --dataset "${DDAD_DATASET:-mvtec}" --root "$DDAD_ROOT" --out "$DDAD_OUT" "$@")
parallel "${where[@]}" --workdir "$PWD" --retries 3 --tag --line-buffer \
  "$ddad $command --shard {}/$shards" ::: $(seq "$shards") || echo "$? shards failed; the table says which runs" >&2

exec $ddad reproduce --collect --out "$DDAD_OUT"
