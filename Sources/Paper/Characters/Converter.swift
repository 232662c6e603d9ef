import Glibc

/// The C library's conversion from one encoding to another.
struct Converter: ~Copyable {
    private let handle: iconv_t

    /// Nil where the library does not know an encoding.
    init?(from source: String, to target: String) {
        guard let handle = iconv_open(target, source), handle != iconv_t(bitPattern: -1) else { return nil }
        self.handle = handle
    }

    deinit { iconv_close(handle) }

    /// Nil where something has no place in the target.
    func convert(_ bytes: [UInt8]) -> [UInt8]? {
        var input = bytes.map(CChar.init(bitPattern:))
        // No character of any encoding gets longer than this, transliterated or not.
        var output = [CChar](repeating: 0, count: bytes.count * 16 + 16)
        var (inputLeft, outputLeft) = (input.count, output.count)
        input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                var (from, to) = (input.baseAddress, output.baseAddress)
                iconv(handle, nil, nil, nil, nil)
                _ = iconv(handle, &from, &inputLeft, &to, &outputLeft)
            }
        }
        guard inputLeft == 0 else { return nil }
        return output[..<(output.count - outputLeft)].map(UInt8.init(bitPattern:))
    }
}
