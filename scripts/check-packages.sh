#!/usr/bin/env bash
# Packs everything into a temporary folder, installs the engram tool from there and uses it, uses the libraries from a project of
# their own, and looks at what the packages hold. Leaves nothing behind.
#
#   scripts/check-packages.sh [CONFIGURATION] [--no-build]        CONFIGURATION: Release by default
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD

configuration=Release
build=()
for argument in "$@"; do
  case $argument in
    --no-build) build=(--no-build) ;;
    *) configuration=$argument ;;
  esac
done

fail() { echo "check-packages: $*" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
packages=$work/packages

echo "Packing ($configuration)"
dotnet pack Engram.slnx -c "$configuration" "${build[@]}" -o "$packages" --nologo -v quiet

version=$(basename "$packages"/Engram.Cli.*.nupkg .nupkg)
version=${version#Engram.Cli.}

# What is restored for this check stays in its own folder; what the packages depend on is taken from the machine's.
cache=$(dotnet nuget locals global-packages --list | sed 's/^[^:]*: *//')
export NUGET_PACKAGES=$work/nuget

echo "Installing the tool, version $version"
dotnet tool install Engram.Cli --tool-path "$work/tool" --source "$packages" --version "$version" > "$work/log" || { cat "$work/log"; fail "the tool cannot be installed"; }
engram=$work/tool/engram
printed=$("$engram" --version)
[[ ${printed%%$'\n'*} == "$version" ]] || fail "engram --version is not $version"

cd "$work"
{
  echo "day,value"
  for ((i = 0; i < 80; i++)); do
    echo "$i,$((i % 7))"
  done
} > data.csv
"$engram" train forecast data.csv --target value --window 8 --units 4 --epochs 1 --output run --quiet > summary.txt
for file in model.safetensors report.json predictions.csv loss.png forecast.png; do
  [[ -s run/$file ]] || fail "training left no $file"
done
"$engram" predict run --horizon 3 --quiet > forecast.csv
[[ $(wc -l < forecast.csv) -eq 4 ]] || fail "predict --horizon 3 did not print three forecasts"

echo "Using the libraries"
mkdir library
cat > library/library.csproj << EOF
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <RestoreSources>$packages</RestoreSources>
    <RestoreFallbackFolders>$cache</RestoreFallbackFolders>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Engram.Tasks" Version="$version" />
    <PackageReference Include="Engram.Plots" Version="$version" />
  </ItemGroup>
</Project>
EOF
cat > library/Program.cs << 'EOF'
using Engram.Data;
using Engram.Plots;
using Engram.Tasks;

Forecaster forecaster = Forecaster.Load("run");
Charts.Loss([.. forecaster.Predict(Table.ReadCsv("data.csv"), 3).Values.Select(Math.Abs)]).Save("picture.png");
EOF
dotnet build library -v quiet --nologo > log || { cat log; fail "a project that uses the packages does not build"; }
dotnet exec library/bin/Debug/net10.0/library.dll
[[ -s picture.png ]] || fail "the libraries drew no picture"

echo "Looking into the packages"
for id in Engram Engram.Data Engram.Tasks Engram.Plots; do
  folder=$NUGET_PACKAGES/${id,,}/$version
  for file in README.md icon.png "lib/net10.0/$id.dll" "lib/net10.0/$id.xml"; do
    [[ -s $folder/$file ]] || fail "$id holds no $file"
  done
  cmp -s "$folder/README.md" "$root/assets/package.md" || fail "$id holds another README"
  grep -q '<license type="expression">MIT' "$folder/${id,,}.nuspec" || fail "$id names no licence"
  [[ -s $packages/$id.$version.snupkg ]] || fail "$id comes without symbols"
done
tool=$(dirname "$(find "$work/tool/.store" -name '*.nuspec' | head -n 1)")
for file in README.md icon.png; do
  [[ -s $tool/$file ]] || fail "Engram.Cli holds no $file"
done
grep -q '<license type="expression">MIT' "$tool"/*.nuspec || fail "Engram.Cli names no licence"
[[ -s $packages/Engram.Cli.$version.snupkg ]] || fail "Engram.Cli comes without symbols"

echo "The packages are fine: $(cd "$packages" && ls ./*.nupkg | xargs -n 1 basename | xargs)"
