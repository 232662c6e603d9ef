import Testing

@testable import GGUF

struct ValueTests {
    private func file(_ value: MetadataValue) throws -> GGUFFile {
        var writer = GGUFWriter()
        writer.set("k", value)
        return try GGUFFile(copying: writer.bytes(), path: "f")
    }

    @Test(arguments: [
        (.uint8(3), 3), (.int8(-3), -3), (.uint16(3), 3), (.int16(-3), -3), (.uint32(.max), 4_294_967_295), (.int32(-3), -3),
        (.uint64(3), 3), (.int64(.min), .min),
    ] as [(MetadataValue, Int)])
    func everyIntegerTypeIsAnInt(value: MetadataValue, expected: Int) throws {
        #expect(try file(value).int("k") == expected)
        #expect(try file(value).float("k") == Float(expected))
    }

    @Test(arguments: [.uint64(1 << 63), .float32(1), .bool(true), .string("1"), .array(MetadataArray([1] as [Int32]))]
        as [MetadataValue])
    func whatIsNoIntIsRefused(value: MetadataValue) throws {
        let error = #expect(throws: GGUFError.self) { try file(value).int("k") }
        #expect(error?.description == "f: key 'k' is \(value.type.name) \(value), not an integer that fits 64 bits")
    }

    @Test func floatsAreNarrowedOnlyWhereTheyFit() throws {
        #expect(try file(.float64(0.1)).float("k") == Float(0.1))
        #expect(try file(.float64(.infinity)).float("k") == .infinity)
        #expect(try file(.float64(.nan)).float("k")?.isNaN == true)
        #expect(try file(.uint64(.max)).float("k") == 0x1p64)
        #expect(throws: GGUFError.self) { try file(.float64(1e300)).float("k") }
        #expect(throws: GGUFError.self) { try file(.string("0.1")).float("k") }
    }

    @Test func arraysAreReadByTheirElementType() throws {
        #expect(try file(.array(MetadataArray([-1, 2] as [Int16]))).ints("k") == [-1, 2])
        #expect(try file(.array(MetadataArray([-1, 2] as [Int16]))).floats("k") == [-1, 2])
        #expect(try file(.array(MetadataArray([0.5] as [Double]))).floats("k") == [0.5])
        #expect(try file(.array(MetadataArray([] as [Float]))).floats("k") == [])
        #expect(try file(.array(MetadataArray([] as [String]))).strings("k")?.isEmpty == true)
        #expect(try file(.array(MetadataArray([true, false]))).bools("k") == [true, false])
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray([1, 0] as [UInt8]))).bools("k") }
        #expect(throws: GGUFError.self) { try file(.bool(true)).bools("k") }
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray([.max] as [UInt64]))).ints("k") }
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray([1e300]))).floats("k") }
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray([0.5] as [Float]))).ints("k") }
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray([0.5] as [Float]))).strings("k") }
        #expect(throws: GGUFError.self) { try file(.array(MetadataArray(["1"]))).ints("k") }
        #expect(throws: GGUFError.self) { try file(.uint32(1)).ints("k") }
    }

    @Test func absentKeyIsNil() throws {
        let file = try file(.bool(false))
        #expect(try file.int("x") == nil && file.float("x") == nil && file.bool("x") == nil && file.string("x") == nil)
        #expect(try file.strings("x") == nil && file.ints("x") == nil && file.floats("x") == nil)
        #expect(try file.bool("k") == false)
    }

    @Test func textThatIsNotUTF8IsMended() throws {
        let raw = RawFile(metadata: [.init("k", type: 8, encoded(UInt64(3)) + [0x61, 0xFF, 0x62])])
        #expect(try GGUFFile(copying: raw.bytes, path: "f").string("k") == "a\u{FFFD}b")
    }

    @Test func longValuesAreAbbreviated() throws {
        #expect(MetadataValue.array(MetadataArray([UInt8](0..<200))).description == "200 UINT8 [0, 1, 2, 3, 4, 5, …]")
        #expect(MetadataValue.array(MetadataArray(["a", "\u{1B}"])).description == "2 STRING [\"a\", \"\\u{1B}\"]")
        #expect(MetadataValue.string(String(repeating: "x", count: 101)).description.count == 103)
        #expect(MetadataValue.float32(0.1).description == "0.1")
    }

    /// Named by its printable form: the runner would send the text itself to the terminal.
    struct Text: CustomTestStringConvertible {
        let text: String
        let printed: String
        var testDescription: String { printed }
    }

    @Test(arguments: [
        Text(text: "plain text, é 中 🦙", printed: "plain text, é 中 🦙"),
        Text(text: "\u{1B}[31mred", printed: "\\u{1B}[31mred"),
        Text(text: "a\nb\tc\r\\", printed: "a\\nb\\tc\\r\\\\"),
        Text(text: "\u{9B}2J", printed: "\\u{9B}2J"),
        Text(text: "\u{7F}\0", printed: "\\u{7F}\\u{0}"),
        Text(text: "abc\u{202E}fdp", printed: "abc\\u{202E}fdp"),
        Text(text: "line\u{2028}", printed: "line\\u{2028}"),
    ])
    func textFromAFileCannotSteerATerminal(text: Text) {
        #expect(printable(text.text) == text.printed)
    }

    @Test func printableTextIsCut() {
        #expect(printable("abcdef", limit: 3) == "abc…")
        #expect(printable("abc", limit: 3) == "abc")
    }
}
