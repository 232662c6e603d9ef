import Testing

@testable import Tokenizer

struct ScalarClassTests {
    /// The standard library may know a newer Unicode: then it has characters that the table calls unassigned.
    @Test func tableAgreesWithTheStandardLibrary() {
        var compared = 0
        var differing: [String] = []
        for value in 0...0x10FFFF as ClosedRange<UInt32> {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let age = scalar.properties.age.map { ($0.major, $0.minor) } ?? (0, 0)
            let expected = age <= (15, 1) ? expectedClass(scalar) : .other
            compared += 1
            if ScalarClass(of: value) != expected { differing.append("U+\(String(value, radix: 16))") }
        }
        #expect(differing == [])
        #expect(compared == 0x110000 - 0x800)
    }

    private func expectedClass(_ scalar: Unicode.Scalar) -> ScalarClass {
        if scalar.properties.isWhitespace { return .whitespace }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: .letter
        case .decimalNumber, .letterNumber, .otherNumber: .number
        case .nonspacingMark, .spacingMark, .enclosingMark: .mark
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation: .punctuation
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol: .symbol
        default: .other
        }
    }
}
