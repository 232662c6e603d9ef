/// What a physical key of a matrix stands for.
public enum KeyBinding: Sendable, Hashable {
    /// A key of `linux/input-event-codes.h`, which a layout turns into text.
    case code(UInt16)
    /// The key itself, whatever the layout: a stop button, a page switch.
    case key(Key)
    /// A switch that stays where it is put: one key when it closes, another when it opens.
    case toggle(Key, Key)
}

/// Keys that mean something else when they are pressed together.
public struct Chord: Sendable, Hashable {
    public let positions: Set<MatrixPosition>
    public let binding: KeyBinding

    public init(_ positions: Set<MatrixPosition>, gives binding: KeyBinding) {
        self.positions = positions
        self.binding = binding
    }
}

/// What the keys of a matrix stand for.
public struct MatrixKeymap: Sendable {
    /// The direct lines are the row behind the last.
    public var bindings: [MatrixPosition: KeyBinding]
    public var chords: [Chord]

    public init(_ bindings: [MatrixPosition: KeyBinding] = [:], chords: [Chord] = []) {
        self.bindings = bindings
        self.chords = chords
    }
}
