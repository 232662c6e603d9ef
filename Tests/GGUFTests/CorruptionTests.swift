import TestSupport
import Testing

@testable import GGUF

/// Damaged files, by the thousand: each either opens, and then all of it can be read, or gives an error of one line.
///
/// The bytes lie in a heap block of exactly their size, so that AddressSanitizer sees a read past the end.
struct CorruptionTests {
    @Test func fileCutAtEveryByte() throws {
        let whole = try smallFile()
        let dataEnd = try #require(GGUFFile(copying: whole, path: "whole").tensors.map { $0.offset + $0.byteCount }.max())
        let folder = try TemporaryFolder()
        for count in 0..<dataEnd {
            #expect(!opens(Array(whole[..<count])), "a file cut to \(count) of \(dataEnd) bytes opened")
            let path = try folder.file("cut.gguf", whole[..<count])
            #expect(throws: GGUFError.self) { try GGUFFile(path: path) }
        }
        print("GGUF: \(2 * dataEnd) truncated files, each refused")
    }

    @Test func everyByteWithSeveralValues() throws {
        let whole = try smallFile()
        var opened = 0
        var cases = 0
        for position in whole.indices {
            let old = whole[position]
            let values = Set([0, 1, 0x7F, 0x80, 0xFF, old &+ 1, old &- 1] + (0..<8).map { old ^ (1 << $0) })
            for value in values.subtracting([old]) {
                var damaged = whole
                damaged[position] = value
                opened += opens(damaged) ? 1 : 0
                cases += 1
            }
        }
        print("GGUF: \(cases) files with one changed byte, \(opened) of them still readable")
        #expect(opened > 0 && opened < cases)
    }

    @Test func extremeNumbersAtEveryPosition() throws {
        let whole = try smallFile()
        let numbers: [UInt64] = [
            0, 1, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 32, 1 << 40, 1 << 62, (1 << 63) - 1, 1 << 63,
            .max, .max - 7, .max - 31, UInt64(whole.count), UInt64(whole.count) - 1, 1 << 60,
        ]
        var cases = 0
        for position in 0...(whole.count - 8) {
            for number in numbers {
                var damaged = whole
                if let short = UInt32(exactly: number) {
                    damaged.replaceSubrange(position..<position + 4, with: encoded(short))
                } else {
                    damaged.replaceSubrange(position..<position + 8, with: encoded(number))
                }
                _ = opens(damaged)
                cases += 1
            }
        }
        print("GGUF: \(cases) files with an extreme number")
    }

    @Test func randomDamage() throws {
        let whole = try smallFile()
        var random = SeededGenerator(seed: 2)
        let cases = 20_000
        for _ in 0..<cases {
            var damaged = whole
            for _ in 0..<Int.random(in: 1...12, using: &random) {
                switch Int.random(in: 0..<4, using: &random) {
                case 0:
                    damaged[Int.random(in: damaged.indices, using: &random)] = .random(in: 0...255, using: &random)
                case 1:
                    damaged[Int.random(in: damaged.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2:  // bytes lost
                    let start = Int.random(in: 0..<damaged.count - 20, using: &random)
                    damaged.removeSubrange(start..<start + Int.random(in: 1...9, using: &random))
                default:  // bytes of another place
                    let from = Int.random(in: 0..<damaged.count - 20, using: &random)
                    let to = Int.random(in: 0..<damaged.count - 20, using: &random)
                    damaged.replaceSubrange(to..<to + 8, with: damaged[from..<from + 8])
                }
            }
            _ = opens(damaged)
        }
        print("GGUF: \(cases) files damaged at random")
    }

    /// True where the file opens; then everything in it is read, down to the last byte of each tensor.
    private func opens(_ bytes: [UInt8]) -> Bool {
        do throws(GGUFError) {
            let file = try GGUFFile(copying: bytes, path: "damaged.gguf")
            readEverything(file, size: bytes.count)
            return true
        } catch {
            let isOneLine = error.description.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F }
            if !isOneLine || !error.description.hasPrefix("damaged.gguf: ") {
                Issue.record("not an error of one line that names the file: \(error.description.debugDescription)")
            }
            return false
        }
    }

    private func readEverything(_ file: GGUFFile, size: Int) {
        for (key, value) in file.metadata {
            if value.description.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
                Issue.record("the description of \(key.debugDescription) holds a control character")
            }
            _ = try? file.int(key)
            _ = try? file.float(key)
            _ = try? file.bool(key)
            _ = try? file.string(key)
            _ = try? file.ints(key)
            _ = try? file.floats(key)
            for text in (try? file.strings(key)) ?? nil ?? StringArray.none { _ = text.reduce(0, &+) }
            if case .array(let array) = value, array.values().count != array.count {
                Issue.record("\(key.debugDescription) has \(array.count) elements, of which \(array.values().count) can be read")
            }
        }
        var end = 0
        for tensor in file.tensors.sorted(by: { $0.offset < $1.offset }) {
            let isInFile = tensor.offset >= end && tensor.byteCount > 0 && tensor.byteCount <= size - tensor.offset
            guard isInFile, tensor.offset % file.alignment == 0 else {
                Issue.record("\(tensor) is not in a place of its own in a file of \(size) bytes")
                return
            }
            end = tensor.offset + tensor.byteCount
            _ = file.bytes(of: tensor).reduce(0, &+)
        }
    }
}

extension StringArray {
    fileprivate static var none: StringArray { StringArray(MetadataArray([] as [String]))! }
}
