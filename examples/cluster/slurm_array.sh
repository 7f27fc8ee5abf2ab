#!/bin/bash
# A study as a Slurm array: each task runs a share of the rows; no scheduler of ours runs anywhere.
#   sbatch --array=1-16 slurm_array.sh study.toml /scratch/$USER/middle-corridor
# When all have ended, this shows the whole, and runs what a task did not finish:
#   landbridge sweep study.toml --store /scratch/$USER/middle-corridor --out result
#SBATCH --job-name=landbridge
#SBATCH --cpus-per-task=4
#SBATCH --mem=8G
#SBATCH --time=01:00:00
#SBATCH --requeue
set -euo pipefail
study=$1
store=$2
# A requeued task goes on where it stopped: what is done is in the store.
landbridge sweep "$study" --store "$store" --workers "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT"
