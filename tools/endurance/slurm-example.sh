#!/usr/bin/env bash
# Runs examples/cluster/slurm for real, on a Slurm of one node that it starts here: an array of three tasks, one of them
# requeued while it works, then the job that collects. The table must have the bytes of what one process leaves.
# Needs root, Debian's packages slurm-wlm and munge, and `npm run build` before. Usage: tools/endurance/slurm-example.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
ddad="node $repository/packages/ddad/dist/bin.js"
work=$(mktemp -d)
chmod 755 "$work"
daemons=()
finish() {
  local status=$?
  ((status == 0)) || tail -n 20 "$work"/*.log "$work"/jobs/*.log 2>/dev/null || true
  ((${#daemons[@]} == 0)) || kill "${daemons[@]}" 2>/dev/null || true
  wait
  rm -rf "$work"
}
trap finish EXIT

mkdir -p "$work"/{munge,state,spool,jobs}
chown -R munge: "$work/munge"
chmod 700 "$work/munge"
(umask 077 && head -c 1024 /dev/urandom > "$work/munge.key")
chown munge: "$work/munge.key"
chmod 755 "$work/munge"
# munged runs as its own user, and slurm finds it by AuthInfo
setpriv --reuid=munge --regid=munge --clear-groups munged --foreground --key-file="$work/munge.key" \
  --socket="$work/munge/socket" --pid-file="$work/munge/pid" --log-file="$work/munge/log" \
  --seed-file="$work/munge/seed" --num-threads=2 &
daemons+=($!)

host=$(hostname -s)
cpus=$(nproc)
cat > "$work/slurm.conf" <<CONF
ClusterName=example
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
CredType=cred/munge
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool
SlurmctldPidFile=$work/slurmctld.pid
SlurmdPidFile=$work/slurmd.pid
SlurmctldLogFile=$work/slurmctld.log
SlurmdLogFile=$work/slurmd.log
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=sched_interval=2
KillWait=5
MinJobAge=3600
NodeName=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=20000 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES OverSubscribe=FORCE:4 State=UP
CONF
export SLURM_CONF=$work/slurm.conf
slurmctld -D -i 2> "$work/slurmctld.err.log" &
daemons+=($!)
slurmd -D 2> "$work/slurmd.err.log" &
daemons+=($!)
for _ in $(seq 60); do
  [[ $(sinfo --noheader --format=%t 2>/dev/null) == idle* ]] && break
  sleep 1
done
sinfo

settings=(--categories weave,gear,tiles --seeds 1 --preset small --image-size 32 --steps 30 --weights embedded
  --engine ort --set 'model.channelMultipliers=[1]' --set 'model.attentionResolutions=[]' --set model.start=100
  --set model.skip=50 --set training.batchSize=4 --set adaptation.epochs=1 --set adaptation.batchSize=4)
for category in weave gear tiles; do
  $ddad synth --out "$work/data" --category "$category" --size 32 --seed 3 --train 12 --good 4 --anomalous 6 > /dev/null
done

export DDAD="$ddad" DDAD_ROOT=$work/data DDAD_OUT=$work/shared
cd "$work/jobs"
array=$(sbatch --parsable --array=1-3 --cpus-per-task=1 --mem=0 "$repository/examples/cluster/slurm/reproduce.sbatch" "${settings[@]}")
collect=$(sbatch --parsable --dependency="afterany:$array" "$repository/examples/cluster/slurm/collect.sbatch")
echo "array $array, collected by $collect"
state() { scontrol show job "$1" 2>/dev/null | sed -n 's/.*JobState=\([A-Z]*\).*/\1/p' | head -n 1; }

# once the second task works on its run
until [[ -d $work/shared/gear/seed-42/checkpoints && $(state "${array}_2") == RUNNING ]]; do sleep 0.2; done
scontrol requeue "${array}_2"
echo "task 2 requeued while it ran"
until [[ $(state "$collect") =~ COMPLETED|FAILED|CANCELLED ]]; do sleep 2; done
for task in 1 2 3; do
  scontrol show job "${array}_$task" | grep -oE 'JobState=[A-Z]+|Restarts=[0-9]+|ExitCode=[0-9:]+' | tr '\n' ' '
  echo "(task $task)"
done
[[ $(state "$collect") == COMPLETED ]]
[[ $(scontrol show job "${array}_2" | grep -oE 'Restarts=[0-9]+') == Restarts=1 ]]

$ddad reproduce --dataset mvtec --root "$work/data" --out "$work/whole" --set threads=1 "${settings[@]}" > /dev/null 2> "$work/whole.log"
for name in table.md table.csv table.json index.html; do
  cmp "$work/whole/$name" "$work/shared/$name"
  echo "equal $name"
done
cat "$work/shared/table.md"
