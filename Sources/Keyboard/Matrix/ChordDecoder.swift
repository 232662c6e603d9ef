/// Tells chords from single keys. Pure.
///
/// Keys that are part of a chord are held back until the first of them goes up: what was down together then is a chord if there is
/// one of exactly these keys, else each counts for itself. All other keys pass at once.
struct ChordDecoder {
    enum Output: Hashable {
        case change(Debouncer.Change)
        case chord(KeyBinding)
    }

    private let chords: [Set<MatrixPosition>: KeyBinding]
    private let members: Set<MatrixPosition>
    /// In the order of their presses; until the first release.
    private var held: [MatrixPosition] = []
    /// Still down from a decided set.
    private var spent: Set<MatrixPosition> = []

    init(_ chords: [Chord]) {
        self.chords = Dictionary(chords.map { ($0.positions, $0.binding) }) { first, _ in first }
        members = chords.reduce(into: []) { $0.formUnion($1.positions) }
    }

    mutating func outputs(for change: Debouncer.Change) -> [Output] {
        guard members.contains(change.position) else { return [.change(change)] }
        if change.isPressed {
            held.append(change.position)
            return []
        }
        if spent.remove(change.position) != nil { return [] }
        guard held.contains(change.position) else { return [] }
        let decided = held
        held = []
        spent.formUnion(decided)
        spent.remove(change.position)
        if let binding = chords[Set(decided)] { return [.chord(binding)] }
        return decided.flatMap { position in
            [true, false].map { .change(Debouncer.Change(position: position, isPressed: $0)) }
        }
    }
}
