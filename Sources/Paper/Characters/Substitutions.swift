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

    /// Such as `“ (2), ” (2) as what looks like it; é without its accent`, the most frequent first.
    public var description: String {
        let kinds = Dictionary(grouping: counts, by: \.value.kind)
        return Rendering.Kind.allCases.compactMap { kind in
            guard let counts = kinds[kind] else { return nil }
            let characters = counts.sorted { ($1.value.count, $0.key.value) < ($0.value.count, $1.key.value) }.map { scalar, entry in
                let name = scalar.columnWidth > 0 ? String(scalar) : "U+" + String(scalar.value, radix: 16, uppercase: true)
                return entry.count == 1 ? name : "\(name) (\(entry.count))"
            }
            return "\(characters.joined(separator: ", ")) \(kind)"
        }.joined(separator: "; ")
    }
}
