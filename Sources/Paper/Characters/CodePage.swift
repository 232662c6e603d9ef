/// What a printer prints for each byte while one of its code pages is selected.
public struct CodePage: Sendable, Equatable {
    /// As the C library knows it: `CP437`, `ISO-8859-1`.
    public let name: String
    /// The printer's number for it.
    public let number: UInt8
    public let bytes: [Character: UInt8]

    /// A page that the C library knows. Control characters have no place in it.
    /// - Throws: when the library does not know the name.
    public init(_ name: String, number: UInt8 = 0) throws(PaperError) {
        guard Self.isName(name), let converter = Converter(from: name, to: "UTF-8") else {
            throw PaperError("code page \(name) is unknown; `iconv --list` shows the names that are known")
        }
        var bytes: [Character: UInt8] = [:]
        for byte in 0x20...UInt8.max where byte != 0x7F {
            guard let text = converter.convert([byte]), let string = String(validating: text, as: UTF8.self),
                string.unicodeScalars.count == 1, let scalar = string.unicodeScalars.first, scalar.isPrinted
            else { continue }
            bytes[Character(scalar)] = bytes[Character(scalar)] ?? byte
        }
        self.init(name: name, number: number, bytes: bytes)
    }

    /// An empty name is the locale's own encoding, and a slash begins options.
    private static func isName(_ name: String) -> Bool {
        !name.isEmpty && name.unicodeScalars.allSatisfy { $0.isASCII && ($0.isLetterOrDigit || "-_.:".unicodeScalars.contains($0)) }
    }

    /// A page of its own.
    public init(name: String, number: UInt8 = 0, bytes: [Character: UInt8]) {
        self.name = name
        self.number = number
        self.bytes = bytes
    }

    public static let ascii = CodePage(
        name: "ASCII", bytes: Dictionary(uniqueKeysWithValues: (0x20..<0x7F as Range<UInt8>).map { (Character(Unicode.Scalar($0)), $0) }))
}

extension Unicode.Scalar {
    /// Leaves ink, or is the space.
    fileprivate var isPrinted: Bool {
        switch properties.generalCategory {
        case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator, .nonspacingMark: false
        case .spaceSeparator: self == " "
        default: true
        }
    }
}
