#!/usr/bin/env bash
# Lets afl++ look for a file that one of our readers does not bear: anything but a typed error, or more than 5 seconds for a file.
#
#   scripts/fuzz.sh TARGET [SECONDS]        TARGET: csv, model, options, vocabulary; SECONDS: 300 by default
#
# Installs afl++ (Debian's, where it is missing) and, as a local tool, the instrumenter of SharpFuzz. What is found lies in artifacts/fuzz/TARGET:
# read it again with 'dotnet run --project tests/Engram.Fuzz TARGET FILE', and make it a named test. Looking goes on where the last time ended.
set -euo pipefail
cd "$(dirname "$0")/.."

target=${1:?name a target: csv, model, options, vocabulary} seconds=${2:-300}
seeds=tests/Engram.Fuzz/Seeds/$target out=artifacts/fuzz/$target program=artifacts/fuzz/program-$target
[[ -d $seeds ]] || { echo "fuzz: there are no seeds for $target in $seeds" >&2; exit 2; }

if ! command -v afl-fuzz >/dev/null; then
  apt-get install -y -q afl++ >/dev/null || { echo "fuzz: afl-fuzz is missing and cannot be installed. Install the package afl++." >&2; exit 1; }
fi
dotnet tool restore >/dev/null
dotnet build tests/Engram.Fuzz -c Release -v quiet --nologo
rm -rf "$program"
mkdir -p "$out"
cp -r tests/Engram.Fuzz/bin/Release/net10.0 "$program"
for library in Engram Engram.Data Engram.Tasks; do
  dotnet sharpfuzz "$program/$library.dll"
done

[[ -d $out/default/queue ]] && seeds=-
AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 DOTNET_TieredPGO=0 \
  afl-fuzz -i "$seeds" -o "$out" -V "$seconds" -t 5000 -m none -- dotnet "$program/Engram.Fuzz.dll" "$target" >"$out/log" 2>&1 || { tail -n 20 "$out/log"; exit 1; }

stat() { sed -n "s/^$1 *: *//p" "$out/default/fuzzer_stats"; }
echo "$target: $(stat execs_done) files in $(stat run_time) s, $(stat corpus_count) kept as new ways through the code; $(stat saved_crashes) crashes, $(stat saved_hangs) hangs"
[[ $(stat saved_crashes) == 0 && $(stat saved_hangs) == 0 ]] || { ls "$out"/default/{crashes,hangs}/id* 2>/dev/null; exit 1; }
