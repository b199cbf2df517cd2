#!/usr/bin/env bash
# The long form of what the suite does in short: a million damaged files of each format, a second for any file of a megabyte, 200 cuts, 300 kills,
# 10 trainings with each number of threads. Takes about half an hour on 2 cores.
#   scripts/check-reliability.sh [CUTS [KILLS [REPEATS]]]
set -euo pipefail
cd "$(dirname "$0")/.."

cuts=${1:-200} kills=${2:-300} repeats=${3:-10}
for tests in Engram.Tests Engram.Data.Tests Engram.Tasks.Tests Engram.Cli.Tests; do
  dotnet build -c Release "tests/$tests" -v q -nologo
done
run() { dotnet run -c Release --no-build --project "tests/$1" -- -noColor "${@:2}"; }

echo "== a million damaged model files, 100,000 checkpoints"
ENGRAM_MUTATIONS=84 run Engram.Tests -diagnostics -method "Engram.Tests.Files.ModelFileMutationTests.Chains_*" -method "Engram.Tests.Files.ModelFileMutationTests.Graphs_*"
ENGRAM_MUTATIONS=25 run Engram.Tests -diagnostics -method "Engram.Tests.Files.ModelFileMutationTests.Checkpoints_*"

echo "== a million damaged CSV files"
ENGRAM_MUTATIONS=200 run Engram.Data.Tests -diagnostics -method "Engram.Data.Tests.Csv.CsvDefectTests.A_file_with_bytes_*"

echo "== a million damaged options files"
ENGRAM_MUTATIONS=250 run Engram.Tasks.Tests -diagnostics -method "*.Options_with_members_or_bytes_changed_are_read_or_refused"

echo "== files of a megabyte, a second for each"
ENGRAM_READ_SECONDS=1 run Engram.Tests -class Engram.Tests.Files.ModelFileBoundsTests

echo "== $cuts runs cut at random batches and resumed"
ENGRAM_RESUME_CUTS=$cuts run Engram.Tests -class Engram.Tests.Training.ExactResumeTests

echo "== $kills processes killed while saving, then the run to its end"
ENGRAM_KILLS=$kills run Engram.Cli.Tests -diagnostics -method "Engram.Cli.Tests.Verbs.SurvivalTests.A_run_killed_*"

echo "== $repeats trainings with each of 1, 2, 3, 4, 8, 16 threads, from the library"
ENGRAM_REPEATS=$repeats run Engram.Tests -method "Engram.Tests.Backends.ThreadTests.Trained_weights_*"

echo "== and from the command line"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
engram() { dotnet exec tests/Engram.Cli.Tests/bin/Release/net10.0/Engram.Cli.dll "$@"; }
for threads in 1 2 3 4 8 16; do
  for ((i = 0; i < repeats; i++)); do
    engram train forecast samples/data/sp500.csv --target close --window 20 --units 12 --epochs 2 --batch-size 256 \
      --threads "$threads" --output "$folder/run" --overwrite --quiet >/dev/null
    engram inspect "$folder/run" --json | grep -o '"weightsSha256": *"[0-9a-f]*"' >>"$folder/sums"
  done
done
[[ $(wc -l <"$folder/sums") == $((6 * repeats)) && $(sort -u "$folder/sums" | wc -l) == 1 ]] || { sort "$folder/sums" | uniq -c; exit 1; }
echo "$((6 * repeats)) trainings, one $(sort -u "$folder/sums")"
