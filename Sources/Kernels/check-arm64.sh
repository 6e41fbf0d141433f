#!/bin/sh
# Compiles the kernels for arm64 and fails if their matrix products don't use its fused vector instructions.
#
# A Linux toolchain has no standard library for another processor, but it may have the embedded one for arm64 without
# an operating system. The kernels need no more than that. Nothing is run.
set -eu
sources="$(cd "$(dirname "$0")" && pwd)"
target=aarch64-none-none-elf
toolchain="$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')"
objdump="$toolchain/../../bin/llvm-objdump"
if ! [ -d "$toolchain/embedded/$target" ] || ! [ -x "$objdump" ]; then
    echo "arm64: skipped, this toolchain has no embedded standard library for $target or no llvm-objdump"
    exit 0
fi

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

embedded() {
    swiftc -target "$target" -enable-experimental-feature Embedded -swift-version 6 -wmo -parse-as-library -I . "$@"
}
for module in KernelTemplates KernelsBaseline; do
    find "$sources/$module" -name '*.swift' -exec sh -c 'printf "%s\n" "$@"' sh {} + >"$module.files"
    embedded -Ounchecked -Xcc -fno-math-errno -module-name "$module" -emit-module -emit-module-path "$module.swiftmodule" \
        -c "@$module.files" -o "$module.o"
done
# What chooses the table reads the environment, and there is none without an operating system.
echo 'func getenv(_ name: String) -> UnsafePointer<CChar>? { nil }' >environment.swift
embedded -typecheck -module-name TensorKernels "$sources/TensorKernels/"*.swift environment.swift

for lanes in 4s 2d; do
    count="$("$objdump" -d --no-show-raw-insn KernelsBaseline.o |
        awk -v lanes="$lanes" '/>:$/ { product = /multiply/ } product && $2 == "fmla" && $3 ~ lanes { count++ } END { print count + 0 }')"
    if [ "$count" -eq 0 ]; then
        echo "arm64: the matrix products have no fmla instruction on .$lanes"
        exit 1
    fi
    echo "arm64: compiled; the matrix products have $count fmla instructions on .$lanes"
done
