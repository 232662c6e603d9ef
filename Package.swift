// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "platen",
    products: [
        .executable(name: "platen", targets: ["platen"]),
        .executable(name: "platend", targets: ["platend"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    ],
    targets: [
        // Fast in debug builds too; the compiler fuses no product with a sum of its own accord, so that all instruction sets agree to the bit.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off"])]),
        .target(name: "GGUF"),
        .target(name: "Tokenizer", dependencies: ["GGUF"]),
        .target(name: "Inference", dependencies: ["GGUF", "CKernels"]),
        .target(name: "Conversation", dependencies: [
            "Inference", "Tokenizer", .product(name: "Logging", package: "swift-log"),
        ]),
        .target(name: "CHardware", linkerSettings: [.linkedLibrary("gpiod"), .linkedLibrary("evdev"), .linkedLibrary("xkbcommon")]),
        .target(name: "Keyboard", dependencies: ["CHardware"]),
        // Its libraries are loaded at run time, where they are.
        .target(name: "CRaster"),
        .target(name: "Paper", dependencies: ["CHardware", "CRaster"]),
        .systemLibrary(name: "CSQLite"),
        .target(name: "Transcript", dependencies: ["CSQLite"]),
        .target(name: "Typewriter", dependencies: [
            "Conversation", "Keyboard", "Paper", "Transcript",
            .product(name: "Logging", package: "swift-log"),
            .product(name: "TOMLKit", package: "TOMLKit"),
        ]),
        .executableTarget(name: "platend", dependencies: [
            "Typewriter", .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
        .executableTarget(name: "platen", dependencies: [
            "Typewriter", "Conversation", "Inference", "Tokenizer", "GGUF", "Keyboard", "Paper", "Transcript",
            .product(name: "ArgumentParser", package: "swift-argument-parser"),
        ]),
        // What several rooms' tests share; no tests of its own.
        .target(name: "TestSupport", path: "Tests/TestSupport"),
        // A program of its own, because it replaces the C library's allocator.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        .executableTarget(
            name: "count-allocations", dependencies: ["Inference", "GGUF", "CAllocations"], path: "Tests/CountAllocations"),
        .testTarget(name: "GGUFTests", dependencies: ["GGUF", "TestSupport"]),
        .testTarget(name: "TokenizerTests", dependencies: ["Tokenizer", "GGUF", "TestSupport"], resources: [.copy("Data")]),
        .testTarget(name: "CKernelsTests", dependencies: ["CKernels"], exclude: ["c"]),
        .testTarget(name: "InferenceTests", dependencies: ["Inference", "Tokenizer", "TestSupport"]),
        .testTarget(name: "ConversationTests", dependencies: ["Conversation", "GGUF", "TestSupport"]),
        .testTarget(name: "KeyboardTests", dependencies: ["Keyboard", "TestSupport"], resources: [.copy("Cases")]),
        .testTarget(name: "PaperTests", dependencies: ["Paper", "TestSupport"], resources: [.copy("Cases")]),
        .testTarget(name: "TranscriptTests", dependencies: ["Transcript", "TestSupport"]),
        .testTarget(name: "TypewriterTests", dependencies: ["Typewriter", "TestSupport"], resources: [.copy("Cases")]),
        .testTarget(name: "EndToEndTests", dependencies: ["platen", "platend", "count-allocations", "TestSupport"]),
    ]
)
