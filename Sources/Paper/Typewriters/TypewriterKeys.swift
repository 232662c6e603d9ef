/// What the keys of a typewriter type, and which ones do what.
public struct TypewriterKeys: Sendable, Equatable {
    /// A key with what must be held with it.
    public struct Stroke: Sendable, Hashable {
        public let key: Contact
        public let isShifted: Bool

        public init(_ key: Contact, isShifted: Bool = false) {
            self.key = key
            self.isShifted = isShifted
        }
    }

    /// How a typewriter gets to its upper characters.
    public enum Shift: Sendable, Equatable {
        /// The key is held together with another.
        case hold(Contact)
        /// One key locks, another lets go; the machine does not tell which it was last.
        case lock(lock: Contact, release: Contact)
    }

    /// A style that a chord of the machine switches on and off in turn, without telling which it is now.
    public struct Toggle: Sendable, Equatable {
        /// Pressed in this order, released in the opposite one.
        public let chord: [Contact]

        public init(_ chord: [Contact]) { self.chord = chord }
    }

    public var strokes: [Character: Stroke]
    public var space: Contact
    public var carriageReturn: Contact
    /// Moves back without erasing; without it nothing is typed over another.
    public var backspace: Contact?
    public var shift: Shift?
    public var bold: Toggle?
    /// What brings the machine to a known state when the program starts, with nothing locked and no style on.
    public var start: [Contact]

    public init(
        strokes: [Character: Stroke], space: Contact, carriageReturn: Contact, backspace: Contact? = nil, shift: Shift? = nil,
        bold: Toggle? = nil, start: [Contact] = []
    ) {
        self.strokes = strokes
        self.space = space
        self.carriageReturn = carriageReturn
        self.backspace = backspace
        self.shift = shift
        self.bold = bold
        self.start = start
    }

    /// What can be typed: what needs Shift only where there is one.
    public var repertoire: Repertoire {
        Repertoire(strokes.filter { shift != nil || !$0.value.isShifted }.keys, canOverstrike: backspace != nil)
    }

    /// How many contacts are closed at once, at most.
    public var mostContacts: Int {
        var most = 1
        if case .hold = shift, strokes.values.contains(where: \.isShifted) { most = 2 }
        return max(most, bold?.chord.count ?? 0)
    }
}
