#!/bin/sh
# Fails if a function that the linker may merge into a slower kernel table uses a faster instruction set.
#
# The linker keeps one copy of each weak function, from whichever module comes first. So a weak function of a fast
# module must either be named after one of the module's own targets, which no other module has, or use no instruction
# that the baseline lacks. Run after `swift build -c release --target TensorKernels`.
set -eu
build="${1:-.build/release}"
leaks=0
for module in KernelsAVX2 KernelsAVX512; do
    for object in "$build/$module.build/"*.o; do
        for symbol in $(nm --defined-only "$object" | awk -v own="$module" '$2 ~ /^[WVu]$/ && $3 !~ own { print $3 }'); do
            if objdump -d --no-show-raw-insn --disassemble="$symbol" "$object" |
                grep -Eq '%[yz]mm|[[:space:]]v[a-z0-9]+ .*%xmm|(sarx|shlx|shrx|rorx|mulx|andn|bzhi|tzcnt|lzcnt|movbe)'; then
                echo "leak: $symbol in $object"
                leaks=1
            fi
        done
    done
done
exit $leaks
