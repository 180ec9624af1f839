#!/usr/bin/env bash
# Breaks the library on purpose, one patch at a time, and sees that a test tells.
#   run.sh --check   every patch applies to the sources, and every test project is there: seconds
#   run.sh           all mutations: half an hour to an hour
#   run.sh NAME…     these mutations
# Works in a copy of the sources under the system's directory for temporary files. Ends with the line "N passed, N failed"; exits non-zero when a
# patch does not apply, does not build, or is caught by nothing.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
table="$here/mutations.txt"
bound=240
passed=0
failed=0

tell() { # tell ok|FAILED NAME TEXT
    printf '%-6s  %-32s %s\n' "$1" "$2" "$3"
    if [ "$1" = ok ]; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
}

rows() { # the table without comments: name, project, filter, what is left out; between them a byte that is in none
    grep -vE '^(#|$)' "$table" | sed -E 's/ +\| +/\x1f/g'
}

check() {
    cd "$top" || exit 1
    local name project rest
    while IFS=$'\x1f' read -r name project rest; do
        if [ "$project" != model ] && [ ! -f "tests/$project/$project.csproj" ]; then
            tell FAILED "$name" "there is no test project $project"
        elif error=$(git apply --check "$here/$name.patch" 2>&1); then
            tell ok "$name" "applies"
        else
            tell FAILED "$name" "$error"
        fi
    done < <(rows)
    for patch in "$here"/*.patch; do
        grep -qE "^$(basename "$patch" .patch) +\|" "$table" || tell FAILED "$(basename "$patch" .patch)" "is not in the table"
    done
}

scratch=""
clean() { [ -z "$scratch" ] || rm -rf "$scratch"; }
trap clean EXIT

prepare() { # a copy of what git knows of, as it lies there now
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/samepage-mutations.XXXXXX")
    (cd "$top" && git ls-files -z --cached --others --exclude-standard | tar --null -T - -c) | tar x -C "$scratch"
    cd "$scratch" || exit 1
}

declare -A built
build_tests() { # once for each project that is needed, with the library as it is
    [ -z "${built[$1]:-}" ] || return 0
    dotnet build -v q "tests/$1" >"$scratch/build.log" 2>&1 || return 1
    built[$1]=1
}

# Analysis is left out, and a warning is none: what a mutation leaves unused is no fault here.
build_library() {
    dotnet build -v q --no-restore -f net10.0 src/Samepage -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false >"$scratch/build.log" 2>&1 || return 1
    local copy
    for copy in tests/artifacts/bin/*/debug/Samepage.dll; do
        cp artifacts/bin/Samepage/debug_net10.0/Samepage.dll "$copy"
    done
}

by_model() { # by_model NAME MODEL FLAGS: the model's own mutation of the same step must be refuted
    local name=$1 model=$2 flags=$3 work="$scratch/model"
    rm -rf "$work"
    mkdir "$work"
    # shellcheck disable=SC2086 # the flags are several words
    if ! (cd "$work" && spin -a $flags "$scratch/tests/models/$model.pml" && gcc -O1 -w -DSAFETY -DNOREDUCE -o pan pan.c) >"$scratch/build.log" 2>&1; then
        cat "$scratch/build.log"
        tell FAILED "$name" "the model $model cannot be built"
        return
    fi
    (cd "$work" && timeout "$bound" ./pan -m20000) >"$scratch/build.log" 2>&1
    if grep -qE '^pan:1: (assertion violated|invalid end state)' "$scratch/build.log"; then
        tell ok "$name" "caught by the model $model $flags"
    else
        tell FAILED "$name" "NOT CAUGHT by the model $model $flags"
    fi
}

by_tests() { # by_tests NAME PROJECT FILTER
    local name=$1 project=$2 filter=$3 log="$scratch/test.log" status=0 caught
    timeout -k 10 "$bound" dotnet test "tests/artifacts/bin/$project/debug/$project.dll" --filter "$filter" -- xUnit.StopOnFail=true >"$log" 2>&1 || status=$?
    caught=$(sed -nE 's/^ *Failed (.+) \[.*\]$/\1/p' "$log" | head -n 1 | sed -E 's/^(Samepage\.)?[A-Za-z.]*\.([A-Za-z]+\.[A-Za-z0-9_]+)/\2/')
    if [ -n "$caught" ]; then
        tell ok "$name" "caught by $caught"
    elif [ "$status" -ge 124 ]; then
        tell ok "$name" "caught: hangs for more than $bound s ($filter)"
    elif grep -qE 'aborted|crashed' "$log"; then
        tell ok "$name" "caught: the test process dies ($filter)"
    elif grep -q 'Passed!' "$log"; then
        tell FAILED "$name" "NOT CAUGHT by $project, $filter"
    else
        tail -n 20 "$log"
        tell FAILED "$name" "no test of $project was run by $filter"
    fi
}

run() {
    prepare
    local name project filter rest
    while IFS=$'\x1f' read -r name project filter rest <&3; do
        [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
        if [ "$project" = model ]; then
            by_model "$name" "${filter%% *}" "${filter#* }"
            continue
        fi
        if ! build_tests "$project"; then
            tail -n 20 "$scratch/build.log"
            tell FAILED "$name" "$project does not build"
            continue
        fi
        if ! git apply "$here/$name.patch"; then
            tell FAILED "$name" "does not apply"
            continue
        fi
        if build_library; then
            by_tests "$name" "$project" "$filter"
        else
            grep -m 5 -E 'error' "$scratch/build.log"
            tell FAILED "$name" "does not build"
        fi
        git apply -R "$here/$name.patch"
    done 3< <(rows)
}

if [ "${1:-}" = --check ]; then check; else run "$@"; fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
