/// Characters that were typed as something else, and how often.
public struct Substitutions: Sendable, CustomStringConvertible {
    private var counts: [Unicode.Scalar: (kind: Rendering.Kind, count: Int)] = [:]

    /// So many different characters are told apart.
    private static let most = 256

    public var isEmpty: Bool { counts.isEmpty }

    mutating func count(_ scalar: Unicode.Scalar, _ kind: Rendering.Kind) {
        guard counts[scalar] != nil || counts.count < Self.most else { return }
        counts[scalar, default: (kind, 0)].count += 1
    }

    /// Such as `“ alias 2, é composed 1`, the most frequent first.
    public var description: String {
        counts.sorted { ($1.value.count, $0.key.value) < ($0.value.count, $1.key.value) }
            .map { "\($0.key.columnWidth > 0 ? String($0.key) : "U+" + String($0.key.value, radix: 16)) \($0.value.kind) \($0.value.count)" }
            .joined(separator: ", ")
    }
}
