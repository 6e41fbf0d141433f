// swift-tools-version: 6.1
import PackageDescription

// Kernels run in tests as well as in releases, so they are optimized in every configuration.
// A faster instruction set is a module of its own with flags of its own; the table is chosen at run time.
// Without `errno` a square root is one instruction for a whole vector, not one for each element.
let optimized = ["-Ounchecked", "-Xcc", "-fno-math-errno"]
#if arch(x86_64)
    let avx2: [String] = ["-Xcc", "-march=haswell"]
    let avx512: [String] = ["-Xcc", "-march=skylake-avx512"]
    let native: [String] = ["-Xcc", "-march=native"]
#else
    let avx2: [String] = []
    let avx512: [String] = []
    let native: [String] = []
#endif

// What trials spend their time in: tests run many of them, and count what they allocate.
let fast: [SwiftSetting] = [.unsafeFlags(["-O"])]

func kernels(_ name: String, flags: [String] = [], dependencies: [Target.Dependency] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "Sources/Kernels/\(name)",
        swiftSettings: [.unsafeFlags(optimized + flags)])
}

let package = Package(
    name: "journal",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "journal", targets: ["journal"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .systemLibrary(
            name: "CZlib", path: "Sources/System/CZlib", pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
        .systemLibrary(
            name: "CPNG", path: "Sources/System/CPNG", pkgConfig: "libpng",
            providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
        .systemLibrary(
            name: "CTurboJPEG", path: "Sources/System/CTurboJPEG", pkgConfig: "libturbojpeg",
            providers: [.apt(["libturbojpeg0-dev"]), .brew(["jpeg-turbo"])]),
        .systemLibrary(
            name: "CCrypto", path: "Sources/System/CCrypto", pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"]), .brew(["openssl"])]),
        .systemLibrary(name: "CPrefetch", path: "Sources/System/CPrefetch"),

        kernels("KernelTemplates"),
        kernels("KernelsBaseline", dependencies: ["KernelTemplates"]),
        kernels("KernelsAVX2", flags: avx2, dependencies: ["KernelTemplates"]),
        kernels("KernelsAVX512", flags: avx512, dependencies: ["KernelTemplates"]),
        kernels(
            "TensorKernels",
            dependencies: ["KernelTemplates", "KernelsBaseline", "KernelsAVX2", "KernelsAVX512"]),

        .target(name: "Locking"),
        .target(name: "Wording"),
        .target(name: "Nouns", dependencies: ["CCrypto"]),
        .target(name: "Formats", dependencies: ["Nouns"]),
        .target(name: "TensorEngine", dependencies: ["TensorKernels"], swiftSettings: fast),
        .target(
            name: "Datasets",
            dependencies: [
                "TensorEngine", "TensorKernels", "CPrefetch", "CZlib", "CPNG", "CTurboJPEG", "Locking", "Nouns",
                "Wording",
            ],
            swiftSettings: fast),
        .target(
            name: "Problems", dependencies: ["TensorEngine", "Datasets", "Formats", "Nouns", "Wording"],
            swiftSettings: fast),
        .target(name: "Optimizers", dependencies: ["TensorEngine", "Formats", "Nouns"]),
        .target(
            name: "MetaTraining", dependencies: ["Problems", "Optimizers", "Locking", "Nouns"], swiftSettings: fast),
        .target(name: "ExperimentSpec", dependencies: ["Formats", "Nouns", "Wording"]),
        .target(
            name: "Registry", dependencies: ["MetaTraining", "ExperimentSpec", "Formats", "Nouns", "Wording"]),
        .target(
            name: "JournalStore",
            dependencies: [.product(name: "GRDB", package: "GRDB.swift"), "Locking", "Nouns", "Wording"]),
        .target(
            name: "TrialKinds",
            dependencies: [
                "Registry", "MetaTraining", "ExperimentSpec", "Problems", "Formats", "Locking", "Nouns", "Wording",
            ]),
        .target(
            name: "Scheduler",
            dependencies: [
                "TrialKinds", "Registry", "MetaTraining", "ExperimentSpec", "JournalStore", "Locking", "Nouns",
                "Wording",
            ]),
        .target(
            name: "Cluster",
            dependencies: [
                "Scheduler", "TrialKinds", "Registry", "ExperimentSpec", "JournalStore", "Datasets", "Locking", "Nouns",
                "Wording",
            ]),
        .target(
            name: "Interchange",
            dependencies: [.product(name: "GRDB", package: "GRDB.swift"), "JournalStore", "Nouns"]),
        .target(name: "Analysis", dependencies: ["JournalStore", "Nouns", "Wording"]),
        .target(name: "Report", dependencies: ["Analysis", "JournalStore", "Nouns", "Wording"]),
        .target(
            name: "Page",
            dependencies: [
                "Report", "Analysis", "JournalStore", "Nouns", "Wording", "Locking",
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ]),
        .executableTarget(
            name: "journal",
            dependencies: [
                "Cluster", "Scheduler", "TrialKinds", "Registry", "ExperimentSpec", "JournalStore", "Nouns", "Datasets",
                "Analysis", "Report", "Page", "Interchange", "TensorEngine", "TensorKernels", "Locking", "Wording",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),

        .executableTarget(
            name: "benchmark",
            dependencies: [
                "Cluster", "Scheduler", "TrialKinds", "Registry", "MetaTraining", "ExperimentSpec", "Datasets",
                "JournalStore", "Nouns", "Wording",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/benchmark"),
        // Measures the processor's peak itself, so it is compiled for the machine it is built on.
        .executableTarget(
            name: "Layers", dependencies: ["Problems", "TensorEngine", "TensorKernels"], path: "Benchmarks/Layers",
            swiftSettings: [.unsafeFlags(native)]),

        .target(name: "TestSupport", path: "Tests/TestSupport"),
        .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
        .testTarget(name: "TensorKernelsTests", dependencies: ["TensorKernels"]),
        .testTarget(name: "TensorEngineTests", dependencies: ["TensorEngine"]),
        .testTarget(name: "NounsTests", dependencies: ["Nouns"]),
        .testTarget(name: "DatasetsTests", dependencies: ["Datasets", "Locking", "Nouns"]),
        .testTarget(
            name: "ProblemsTests", dependencies: ["Problems", "TestSupport"], resources: [.copy("Reference")]),
        .testTarget(
            name: "OptimizersTests", dependencies: ["Optimizers", "TestSupport"], resources: [.copy("Reference")]),
        .testTarget(
            name: "MetaTrainingTests",
            dependencies: ["MetaTraining", "TestSupport", "AllocationCounter", "Locking", "Nouns"],
            resources: [.copy("Reference")]),
        .testTarget(
            name: "ExperimentSpecTests",
            dependencies: ["ExperimentSpec", "Registry", "TrialKinds", "Problems", "Formats", "Nouns"]),
        .testTarget(
            name: "RegistryTests",
            dependencies: [
                "Registry", "TrialKinds", "ExperimentSpec", "Optimizers", "Problems", "Datasets", "MetaTraining",
                "Nouns",
            ]),
        .testTarget(
            name: "JournalStoreTests",
            dependencies: ["JournalStore", "Locking", "Nouns", .product(name: "GRDB", package: "GRDB.swift")],
            exclude: ["Journals"]),
        .testTarget(
            name: "SchedulerTests",
            dependencies: ["Scheduler", "TrialKinds", "Registry", "Analysis", "Locking", "Nouns", "TensorKernels"],
            exclude: ["Fixtures"]),
        .testTarget(
            name: "ClusterTests",
            dependencies: ["Cluster", "Scheduler", "TrialKinds", "Registry", "ExperimentSpec", "JournalStore", "Nouns"]),
        .testTarget(
            name: "ExtensionTests",
            dependencies: [
                "Scheduler", "TrialKinds", "Registry", "MetaTraining", "Optimizers", "Problems", "ExperimentSpec",
                "Formats", "JournalStore", "Analysis", "Datasets", "TensorEngine", "Nouns",
            ]),
        .testTarget(
            name: "AnalysisTests", dependencies: ["Analysis", "JournalStore", "Nouns", "TestSupport"],
            resources: [.copy("Reference")]),
        .testTarget(name: "WordingTests", dependencies: ["Wording"]),
        .testTarget(
            name: "InterchangeTests", dependencies: ["Interchange", "JournalStore", "Nouns"], exclude: ["Fixtures"]),
        .testTarget(name: "ReportTests", dependencies: ["Report", "JournalStore", "Nouns"]),
        .testTarget(name: "PageTests", dependencies: ["Page"]),
        .testTarget(name: "JournalTests", dependencies: ["journal", "TensorKernels"]),
        .testTarget(name: "BenchmarkTests", dependencies: ["benchmark", "JournalStore"]),
    ],
    swiftLanguageModes: [.v6]
)

// A build for a few tests alone, as a sanitizer's: `Tests/sanitize.sh` says which.
if let names = Context.environment["JOURNAL_TEST_TARGETS"]?.split(separator: " ").map(String.init) {
    let targets = Dictionary(uniqueKeysWithValues: package.targets.map { ($0.name, $0) })
    var needed: Set<String> = []
    var packages: Set<String> = []
    var waiting = names
    while let name = waiting.popLast() {
        guard needed.insert(name).inserted else { continue }
        for dependency in targets[name]?.dependencies ?? [] {
            switch dependency {
            case .byNameItem(let name, _), .targetItem(let name, _): waiting.append(name)
            case .productItem(_, let package?, _, _): packages.insert(package)
            default: break
            }
        }
    }
    package.targets.removeAll { !needed.contains($0.name) }
    package.products = []
    package.dependencies.removeAll { dependency in
        guard case .sourceControl(_, let location, _) = dependency.kind else { return true }
        return !packages.contains { location.hasSuffix("/\($0)") }
    }
}
