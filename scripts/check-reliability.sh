#!/usr/bin/env bash
# The long form of what the suite does in short: 100,000 damaged checkpoints, a second for any file of a megabyte, 200 cuts, 300 kills, 10 trainings with
# each number of threads from the command line. The million damaged files of each format, which the suite has too, are timed here one format after the
# other. Takes about six minutes on 2 idle cores.
#   scripts/check-reliability.sh [CUTS [KILLS [REPEATS]]]
set -euo pipefail
cd "$(dirname "$0")/.."

cuts=${1:-200} kills=${2:-300} repeats=${3:-10}
for tests in Engram.Tests Engram.Data.Tests Engram.Tasks.Tests Engram.Cli.Tests; do
  dotnet build -c Release "tests/$tests" -v q -nologo
done
run() { dotnet run -c Release --no-build --project "tests/$1" -- -noColor "${@:2}"; }

echo "== a million damaged model files, four kinds of damage in turn"
run Engram.Tests -maxThreads 1 -diagnostics -method "Engram.Tests.Files.ModelFileMutationTests.Chains_*" -method "Engram.Tests.Files.ModelFileMutationTests.Graphs_*"

echo "== 100,000 damaged checkpoints"
ENGRAM_MUTATIONS=20 run Engram.Tests -diagnostics -method "Engram.Tests.Files.ModelFileMutationTests.Checkpoints_*"

echo "== a million damaged CSV files"
run Engram.Data.Tests -diagnostics -class Engram.Data.Tests.Csv.CsvMutationTests

echo "== a million damaged vocabularies, four tokenizers in turn"
run Engram.Data.Tests -maxThreads 1 -diagnostics -class Engram.Data.Tests.Text.TextEncoderMutationTests

echo "== a million damaged options files, four tasks in turn"
run Engram.Tasks.Tests -maxThreads 1 -diagnostics -method "*.Options_with_members_or_bytes_changed_are_read_or_refused"

echo "== files of a megabyte, a second for each"
ENGRAM_READ_SECONDS=1 run Engram.Tests -class Engram.Tests.Files.ModelFileBoundsTests

echo "== $cuts runs cut at random batches and resumed"
ENGRAM_RESUME_CUTS=$cuts run Engram.Tests -class Engram.Tests.Training.ExactResumeTests

echo "== $kills processes killed while saving, then the run to its end"
ENGRAM_KILLS=$kills run Engram.Cli.Tests -diagnostics -method "Engram.Cli.Tests.Verbs.SurvivalTests.A_run_killed_*"

echo "== $repeats trainings with each of 1, 2, 3, 4, 8, 16 threads, from the command line"
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
