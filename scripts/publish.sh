#!/usr/bin/env bash
# Publishes the engram command as native executables (NativeAOT), one for processors with AVX2 (x86-64-v3) and one for those with
# AVX-512 (x86-64-v4), and uses each: the instruction tier that is live, a training, a forecast beside that of the managed build,
# the time it takes to start.
#
#   scripts/publish.sh [FOLDER]        FOLDER: artifacts/publish by default; receives engram-linux-x64-v3 and engram-linux-x64-v4
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
folder=$(realpath -m "${1:-artifacts/publish}")

readonly runs=20 most_help=100 most_predict=200 # milliseconds, medians of so many runs

fail() { echo "publish: $*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# --- what native compilation needs

linker=
for candidate in clang gcc; do
  if command -v "$candidate" > /dev/null; then
    linker=$candidate
    break
  fi
done
install="Install both: 'apt-get install clang zlib1g-dev' on Debian and Ubuntu, 'dnf install clang zlib-devel' on Fedora."
[[ -n $linker ]] || fail "neither clang nor gcc is there to link with. $install"
echo 'int main(void) { return 0; }' > "$work/zlib.c"
"$linker" "$work/zlib.c" -lz -o "$work/zlib" 2> "$work/log" || { cat "$work/log" >&2; fail "$linker cannot link with zlib. $install"; }
[[ $(uname -sm) == "Linux x86_64" ]] || fail "this script makes executables for Linux on x86-64, on such a machine; this is $(uname -sm)."

# --- measuring

# median COMMAND …: the median of its wall-clock times, in milliseconds.
median() {
  local i begin end
  for ((i = 0; i < runs; i++)); do
    begin=${EPOCHREALTIME/./}
    "$@" > /dev/null 2>&1
    end=${EPOCHREALTIME/./}
    echo $((end - begin))
  done | sort -n | awk '{ time[NR] = $1 } END { printf "%.1f", (time[int((NR + 1) / 2)] + time[int(NR / 2) + 1]) / 2000 }'
}

below() { awk -v a="$1" -v b="$2" 'BEGIN { exit !(a < b) }'; }

# --- the managed build, which the others are held against

echo "Building the managed command"
dotnet build src/Engram.Cli -c Release -v quiet --nologo > "$work/log" || { cat "$work/log"; fail "it does not build"; }
# managed VARIABLE ARGUMENT …: the managed command with a switch of the runtime off.
managed() {
  local without=$1
  shift
  env "$without=0" dotnet exec "$root/src/Engram.Cli/bin/Release/net10.0/Engram.Cli.dll" "$@"
}

sample=(samples/data/sp500.csv --target close --window 20 --horizon 3 --units 16,16 --epochs 2 --quiet)

# try LEVEL TIER WITHOUT: uses the executable of an instruction level whose tier should be live. The managed build computes in the
# same tier with the runtime's switch WITHOUT off.
try() {
  local level=$1 tier=$2 without=$3 engram=$folder/engram-linux-x64-${1##*-}/engram
  local version
  version=$("$engram" --version)
  [[ $version == *"native code (NativeAOT) for linux-x64, $level"* ]] || fail "$level: --version names another build: $version"
  [[ $version == *"$tier"* ]] || fail "$level: $tier is not live: $version"

  "$engram" train forecast "${sample[@]}" --output "$work/$level" > "$work/$level.txt" || fail "$level: training failed"
  for file in model.safetensors report.json predictions.csv loss.png forecast.png; do
    [[ -s $work/$level/$file ]] || fail "$level: training left no $file"
  done
  managed "$without" train forecast "${sample[@]}" --output "$work/$level-managed" > "$work/log"
  for run in "$level" "$level-managed"; do
    "$engram" predict "$work/$run" samples/data/sp500.csv --rolling --quiet > "$work/$run-native.csv"
    managed "$without" predict "$work/$run" samples/data/sp500.csv --rolling --quiet > "$work/$run-jit.csv"
    cmp "$work/$run-native.csv" "$work/$run-jit.csv" || fail "$level: native and managed forecasts of $run differ"
  done
  cmp "$work/$level-native.csv" "$work/$level-managed-native.csv" || fail "$level: what the native build trained forecasts something else than what the managed build trained"

  # What draws is large and a forecast needs none of it.
  if LD_DEBUG=files "$engram" predict "$work/$level" --quiet 2>&1 | grep -q 'calling init.*libSkiaSharp'; then
    fail "$level: predict loads the drawing library"
  fi

  local help predict
  help=$(median "$engram" --help)
  predict=$(median "$engram" predict "$work/$level")
  echo "$level: ${version##*processor  }; $(wc -l < "$work/$level-native.csv") lines of forecasts as of the managed build; --help $help ms, predict $predict ms (medians of $runs); $(du -sh "$folder/engram-linux-x64-${level##*-}" | cut -f 1)"
  below "$help" $most_help || fail "$level: --help takes $help ms, more than $most_help"
  below "$predict" $most_predict || fail "$level: predict takes $predict ms, more than $most_predict"
}

for level in x86-64-v3 x86-64-v4; do
  target=$folder/engram-linux-x64-${level##*-}
  echo "Publishing for $level with $linker"
  rm -rf "$target"
  dotnet publish src/Engram.Cli -c Release -r linux-x64 -v quiet --nologo --artifacts-path "$work/build-$level" -o "$target" \
    -p:PublishAot=true -p:IlcInstructionSet="$level" -p:CppCompilerAndLinker="$linker" \
    -p:DebugType=none -p:CopyOutputSymbolsToPublishDirectory=false -p:PublishDocumentationFiles=false -p:PublishReferencesDocumentationFiles=false > "$work/log" || { cat "$work/log"; fail "$level: it does not publish"; }
  rm -f "$target"/*.dbg
  mv "$target/Engram.Cli" "$target/engram"
done

# try_where FLAG …: what this processor cannot run is built all the same.
try_where() {
  if grep -qw "$1" /proc/cpuinfo; then
    try "${@:2}"
  else
    echo "$2: built, but not tried: this processor has no $1"
  fi
}
try_where avx2 x86-64-v3 "AVX2 (256-bit lanes)" DOTNET_EnableAVX512
try_where avx512f x86-64-v4 "AVX-512 (512-bit lanes)" DOTNET_NothingOff

echo "managed build beside them: --help $(median managed DOTNET_NothingOff --help) ms, predict $(median managed DOTNET_NothingOff predict "$(ls -d "$work"/x86-64-v[34] | head -n 1)") ms"
echo "Published to $folder"
