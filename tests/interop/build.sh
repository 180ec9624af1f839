#!/usr/bin/env bash
# Compiles the Win32 programs of the interoperation tests into a folder: tests/interop/build.sh FOLDER. Needs the package gcc-mingw-w64-x86-64.
set -euo pipefail
out=${1:?into which folder?}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")"
for program in section mutex event semaphore several; do
    x86_64-w64-mingw32-gcc -O1 -Wall -Wextra -Werror -Wno-array-bounds -o "$out/$program.exe" "$program.c"
done
