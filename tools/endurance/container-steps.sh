#!/usr/bin/env bash
# Where there is no container engine: the steps of examples/cluster/kubernetes/Containerfile in a bare Debian by debootstrap,
# with Node taken from this machine and this repository's packages in place of the published ones; then the command of
# job.yaml, as the user it names, on two tiny categories.
# Needs root, Debian's package debootstrap, the npm registry, and `npm run build` before. Usage: tools/endurance/container-steps.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
example=examples/cluster/kubernetes
root=$(mktemp -d)
finish() {
  umount "$root/proc" 2>/dev/null || true
  rm -rf --one-file-system "$root"
}
trap finish EXIT

suite=$(sed -n 's/^FROM node:[0-9]*-\([a-z]*\)-slim$/\1/p' $example/Containerfile)
# mktemp's folder is its owner's alone, and as / it is every user's
chmod 755 "$root"
debootstrap --variant=minbase --include=ca-certificates "$suite" "$root" > /dev/null
mount -t proc proc "$root/proc"
# what the base image has besides
cp "$(readlink -f "$(command -v node)")" "$root/usr/local/bin/node"
mkdir -p "$root/usr/local/lib/node_modules"
cp -rL "$(dirname "$(readlink -f "$(command -v npm)")")/.." "$root/usr/local/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
chroot "$root" useradd --uid 1000 --create-home node
echo "a bare $suite, node $(chroot "$root" node --version)"
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
[[ -z ${NODE_EXTRA_CA_CERTS:-} ]] || cp "$NODE_EXTRA_CA_CERTS" "$root/etc/ssl/own.pem"

mkdir "$root/packed"
for package in packages/*/; do (cd "$package" && npm pack --silent --pack-destination "$root/packed" > /dev/null); done
packed=$(cd "$root" && echo packed/*.tgz | sed 's#packed/#/packed/#g')
workdir=$(sed -n 's/^WORKDIR //p' $example/Containerfile | head -n 1)
step=$(sed -n 's/^RUN //p' $example/Containerfile)
mkdir -p "$root$workdir"
echo "RUN $step"
chroot "$root" env -i HOME=/root PATH=/usr/local/bin:/usr/bin:/bin npm_config_registry="$(npm config get registry)" \
  ${NODE_EXTRA_CA_CERTS:+NODE_EXTRA_CA_CERTS=/etc/ssl/own.pem} sh -c "cd $workdir && PACKAGES='$packed @tensorflow/tfjs' && $step"

as_node() {
  chroot --userspec=1000:1000 "$root" env -i HOME=/home/node PATH="$workdir/node_modules/.bin:/usr/local/bin:/usr/bin:/bin" \
    JOB_COMPLETION_INDEX="${index:-0}" sh -c "cd /work && $1"
}
install -d -o 1000 -g 1000 "$root/work" "$root/data" "$root/shared"
for category in weave gear; do
  as_node "ddad synth --out /data --category $category --size 32 --train 6 --good 2 --anomalous 2" > /dev/null
done
command=$(sed -n '/- >-/,/resources:/p' $example/job.yaml | sed '1d;$d' | tr -s ' \n' ' ')
tiny="--seeds 1 --preset small --image-size 16 --steps 3 --weights embedded --set model.channelMultipliers=[1] \
  --set model.attentionResolutions=[] --set model.start=50 --set model.skip=50 --set training.batchSize=4 \
  --set adaptation.epochs=0 --set scoring.sigma=0.5"
for index in 0 1; do as_node "${command//\/8/\/2} $tiny"; done
args=$(sed -n 's/^ *args: \[\(.*\)\]$/\1/p' $example/collect.yaml | tr -d ',')
as_node "ddad $args"
