import Paper

/// The keys of a typewriter, from `[keys]` of its profile: `"aA"` is a key that types a, and A with Shift.
struct TypewriterKeyTable {
    let keys: TypewriterKeys
    /// The named keys, for the wiring: `shift` may have a line of its own.
    let named: [String: Contact]
    let rows: Int
    let columns: Int

    /// What a key that types nothing may be called.
    static let functions = ["space", "return", "backspace", "shift", "shift-lock", "code"]

    init(_ section: ProfileTable) throws(TypewriterError) {
        var section = section
        var strokes: [Character: TypewriterKeys.Stroke] = [:]
        var named: [String: Contact] = [:]
        func add(_ text: String, _ contact: Contact, _ list: String) throws(TypewriterError) {
            if Self.functions.contains(text) {
                guard named.updateValue(contact, forKey: text) == nil else { throw section.problem(list, "two keys are called \(text)") }
                return
            }
            guard text.count <= 2 else {
                throw section.problem(list, unknown("key", String(text.prefix(60)), among: Self.functions) + " (what a key types is one or two characters)")
            }
            for (index, character) in text.enumerated() where strokes[character] == nil {
                strokes[character] = TypewriterKeys.Stroke(contact, isShifted: index == 1)
            }
        }
        let matrix = try section.rows("matrix") ?? [], lines = try section.texts("lines") ?? []
        for (row, texts) in matrix.enumerated() {
            for (column, text) in texts.enumerated() { try add(text, .crossing(row: row, column: column), "matrix") }
        }
        for (line, text) in lines.enumerated() { try add(text, .line(line), "lines") }
        (rows, columns) = (matrix.count, matrix.map(\.count).max() ?? 0)
        guard rows <= 64, columns <= 64, lines.count <= 64 else {
            throw section.origin.problem("more than 64 rows, columns or lines: no keyboard has so many")
        }
        guard let space = named["space"], let carriageReturn = named["return"] else {
            throw section.origin.problem("no key is called \(named["space"] == nil ? "space" : "return")")
        }
        func contact(_ name: String, _ key: String) throws(TypewriterError) -> Contact {
            if let contact = named[name] { return contact }
            if name.count == 1, let character = name.first, let stroke = strokes[character], !stroke.isShifted { return stroke.key }
            throw section.problem(key, "no key is called \(ProfileText.quoted(name))")
        }
        var shift: TypewriterKeys.Shift?
        if let key = named["shift"] {
            shift = .hold(key)
            if try section.choice("shift", ["hold", "lock"]) == "lock" {
                shift = .lock(lock: try contact("shift-lock", "shift"), release: key)
            }
        } else {
            _ = try section.choice("shift", ["hold", "lock"])
        }
        var bold: TypewriterKeys.Toggle?
        if let names = try section.texts("bold") {
            guard 1...4 ~= names.count else { throw section.problem("bold", "a chord has 1 to 4 keys") }
            var chord: [Contact] = []
            for name in names { chord.append(try contact(name, "bold")) }
            bold = TypewriterKeys.Toggle(chord)
        }
        var start: [Contact] = []
        for name in try section.texts("start") ?? [] { start.append(try contact(name, "start")) }
        try section.refuseUnknown()
        self.named = named
        keys = TypewriterKeys(
            strokes: strokes, space: space, carriageReturn: carriageReturn, backspace: named["backspace"], shift: shift, bold: bold, start: start)
    }
}

/// How a profile's texts stand in errors.
enum ProfileText {
    static func quoted(_ text: String) -> String { String(reflecting: String(text.prefix(60))) }
}
