import TestSupport
import Testing

@testable import GGUF

struct RoundTripTests {
    @Test func metadataOfEveryTypeReadsBack() throws {
        let file = try GGUFFile(copying: smallFile(), path: "small")
        #expect(file.metadata.count == 25)
        #expect(file.metadata.first?.key == "general.architecture")
        #expect(file.metadata["a.uint64"] == .uint64(.max))
        #expect(file.metadata["a.int64"] == .int64(.min))
        #expect(file.metadata["a.float64"] == .float64(1e300))
        #expect(file.metadata["a.bool"] == .bool(true))
        #expect(file.metadata["missing"] == nil)
        #expect(try file.ints("b.int64") == [-1 << 40])
        #expect(try file.floats("b.float64") == [1.5, -2.5])
        #expect(try file.strings("b.string")?.map { String(decoding: $0, as: UTF8.self) } == ["▁the", "", "a"])
        let nested = MetadataArray([MetadataArray(["x"]), MetadataArray([1, 2] as [Int32])])
        #expect(file.metadata["b.array"] == .array(nested))
        #expect(nested.values() == [.array(MetadataArray(["x"])), .array(MetadataArray([1, 2] as [Int32]))])
    }

    @Test func tensorsReadBack() throws {
        let file = try GGUFFile(copying: smallFile(), path: "small")
        #expect(file.tensors.map(\.name) == ["f32", "q8_0", "q4_k"])
        let q8 = try #require(file.tensor("q8_0"))
        #expect(q8.shape == [32, 2, 1, 1] && q8.columns == 32 && q8.rows == 2)
        #expect(file.bytes(of: q8).elementsEqual([UInt8](repeating: 2, count: 68)))
        #expect(file.tensors.allSatisfy { $0.offset % 32 == 0 })
        #expect(file.tensor("missing") == nil)
    }

    @Test func version2ReadsLikeVersion3() throws {
        var bytes = try smallFile()
        bytes[4] = 2
        let file = try GGUFFile(copying: bytes, path: "v2")
        #expect(file.version == 2 && file.metadata.count == 25 && file.tensors.count == 3)
    }

    @Test(arguments: [8, 16, 64, 4096, 65536])
    func alignmentIsKept(alignment: Int) throws {
        var writer = GGUFWriter(alignment: alignment)
        writer.set("general.alignment", .uint32(32))
        writer.add(tensor: "a", shape: [1], type: .i8, data: [1])
        writer.add(tensor: "b", shape: [1], type: .i8, data: [2])
        let file = try GGUFFile(copying: writer.bytes(), path: "aligned")
        #expect(file.alignment == alignment)
        #expect(file.tensors[1].offset - file.tensors[0].offset == alignment)
        #expect(file.tensors.map { file.bytes(of: $0)[0] } == [1, 2])
    }

    /// Gemma 3's vocabulary is of this size.
    @Test func vocabularyOf262ThousandTokensOpensAtOnce() throws {
        let tokens = (0..<262_144).map { "token\($0)" }
        var writer = GGUFWriter()
        writer.set("tokenizer.ggml.tokens", .array(MetadataArray(tokens)))
        let bytes = try writer.bytes()
        let time = try ContinuousClock().measure {
            let file = try GGUFFile(copying: bytes, path: "large")
            let read = try #require(try file.strings("tokenizer.ggml.tokens"))
            #expect(read.count == tokens.count)
            #expect(read[262_143].elementsEqual("token262143".utf8))
        }
        #expect(time < .seconds(1))
    }

    /// Property: whatever is written is read back, key by key and byte by byte.
    @Test func randomFilesReadBack() throws {
        var random = SeededGenerator(seed: 1)
        for round in 0..<300 {
            var writer = GGUFWriter(alignment: 8 << Int.random(in: 0...4, using: &random))
            var metadata: [(String, MetadataValue)] = []
            for index in 0..<Int.random(in: 0...12, using: &random) {
                metadata.append(("key.\(index).\(randomText(&random))", randomValue(&random)))
            }
            var tensors: [(String, [Int], TensorType, [UInt8])] = []
            for index in 0..<Int.random(in: 0...5, using: &random) {
                let type = TensorType.allCases.randomElement(using: &random)!
                var shape = (0..<Int.random(in: 1...4, using: &random)).map { _ in Int.random(in: 1...3, using: &random) }
                shape[0] *= type.blockSize
                let size = shape.reduce(1, *) / type.blockSize * type.bytesPerBlock
                tensors.append(("tensor.\(index)", shape, type, (0..<size).map { _ in .random(in: 0...255, using: &random) }))
            }
            for (key, value) in metadata { writer.set(key, value) }
            for (name, shape, type, data) in tensors { writer.add(tensor: name, shape: shape, type: type, data: data) }

            let file = try GGUFFile(copying: writer.bytes(), path: "round \(round)")
            let read = file.metadata.filter { $0.key != "general.alignment" }
            #expect(read.map(\.key) == metadata.map(\.0))
            #expect(read.map { String(reflecting: $0.value) } == metadata.map { String(reflecting: $0.1) })
            #expect(zip(read, metadata).allSatisfy { encoded($0.0.value) == encoded($0.1.1) })
            #expect(file.tensors.map(\.name) == tensors.map(\.0))
            for (name, shape, type, data) in tensors {
                let tensor = try #require(file.tensor(name))
                #expect(tensor.shape == shape && tensor.type == type)
                #expect(file.bytes(of: tensor).elementsEqual(data))
            }
        }
    }

    private func encoded(_ value: MetadataValue) -> [UInt8] {
        var bytes: [UInt8] = []
        value.type.rawValue.encode(into: &bytes)
        value.encode(into: &bytes)
        return bytes
    }

    private func randomText(_ random: inout SeededGenerator) -> String {
        String((0..<Int.random(in: 0...12, using: &random)).map { _ in "ab_.é▁🦙\u{1B}\n".randomElement(using: &random)! })
    }

    private func randomValue(_ random: inout SeededGenerator) -> MetadataValue {
        switch ValueType.allCases.randomElement(using: &random)! {
        case .uint8: .uint8(.random(in: 0 ... .max, using: &random))
        case .int8: .int8(.random(in: .min ... .max, using: &random))
        case .uint16: .uint16(.random(in: 0 ... .max, using: &random))
        case .int16: .int16(.random(in: .min ... .max, using: &random))
        case .uint32: .uint32(.random(in: 0 ... .max, using: &random))
        case .int32: .int32(.random(in: .min ... .max, using: &random))
        case .uint64: .uint64(.random(in: 0 ... .max, using: &random))
        case .int64: .int64(.random(in: .min ... .max, using: &random))
        case .float32: .float32(Float(bitPattern: .random(in: 0 ... .max, using: &random)))
        case .float64: .float64(Double(bitPattern: .random(in: 0 ... .max, using: &random)))
        case .bool: .bool(.random(using: &random))
        case .string: .string(randomText(&random))
        case .array: .array(randomArray(&random, depth: 1))
        }
    }

    private func randomArray(_ random: inout SeededGenerator, depth: Int) -> MetadataArray {
        let count = Int.random(in: 0...5, using: &random)
        return switch Int.random(in: 0...(depth < 4 ? 5 : 4), using: &random) {
        case 0: MetadataArray((0..<count).map { _ in UInt8.random(in: 0...255, using: &random) })
        case 1: MetadataArray((0..<count).map { _ in Int32.random(in: .min ... .max, using: &random) })
        case 2: MetadataArray((0..<count).map { _ in Float.random(in: -1...1, using: &random) })
        case 3: MetadataArray((0..<count).map { _ in Bool.random(using: &random) })
        case 4: MetadataArray((0..<count).map { _ in randomText(&random) })
        default: MetadataArray((0..<count).map { _ in randomArray(&random, depth: depth + 1) })
        }
    }
}
