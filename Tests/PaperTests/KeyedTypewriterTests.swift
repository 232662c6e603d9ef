import Synchronization
import Testing
@testable import Paper

/// The electronics of a typewriter: reads contacts with the rules of real machines, and types what it takes for keys.
private final class Machine: KeyPresser {
    struct Rules {
        var press: UInt64 = 38, gap: UInt64 = 45, sameKey: UInt64 = 24, shift: UInt64 = 30
        var returnBase: UInt64 = 200, returnPerColumn: UInt64 = 5
    }
    struct State {
        var closed: Set<Contact> = []
        var since: UInt64 = 0
        var opened: UInt64 = 0
        var last: Contact?
        var isLocked = false
        var busyUntil: UInt64 = 0
        var sheet = Sheet()
        var mistakes: [String] = []
        var presses = 0
    }

    let state = Mutex(State())
    let keys: TypewriterKeys
    let clock: FakeClock
    let rules = Rules()

    init(_ keys: TypewriterKeys, _ clock: FakeClock) {
        self.keys = keys
        self.clock = clock
    }

    var text: String { state.withLock { $0.sheet.text } }
    var mistakes: [String] { state.withLock(\.mistakes) }
    var closed: Set<Contact> { state.withLock(\.closed) }

    func close(_ contacts: Set<Contact>) throws(PaperError) {
        let now = clock.now()
        state.withLock { state in
            defer { (state.closed, state.since) = (contacts, now) }
            var modifier: Contact?
            if case .hold(let shift) = keys.shift { modifier = shift }
            let before = state.closed.subtracting([modifier].compactMap(\.self)), after = contacts.subtracting([modifier].compactMap(\.self))
            if let key = after.subtracting(before).first {
                if now < state.opened + rules.gap { state.mistakes.append("\(key) \(now - state.opened) after the last key") }
                if key == state.last, now < state.opened + rules.gap + rules.sameKey { state.mistakes.append("\(key) again, too soon") }
                if now < state.busyUntil { state.mistakes.append("\(key) while the carriage returned") }
                if !after.isEmpty, let modifier, contacts.contains(modifier), state.closed.contains(modifier), now < state.since + rules.shift {
                    state.mistakes.append("\(key) before Shift was down")
                }
            }
            if let key = before.subtracting(after).first {
                if now < state.since + rules.press { state.mistakes.append("\(key) held for \(now - state.since)") }
                let isShifted = modifier.map(state.closed.contains) ?? state.isLocked
                if let modifier, state.closed.contains(modifier), !contacts.contains(modifier) { state.mistakes.append("Shift went up with \(key)") }
                act(key, isShifted, &state, now)
                (state.last, state.opened) = (key, now)
                state.presses += 1
            }
        }
    }

    private func act(_ key: Contact, _ isShifted: Bool, _ state: inout State, _ now: UInt64) {
        if case .lock(let lock, let release) = keys.shift, key == lock || key == release {
            state.isLocked = key == lock
        } else if key == keys.carriageReturn {
            state.busyUntil = now + rules.returnBase + rules.returnPerColumn * UInt64(state.sheet.column)
            state.sheet.apply([.newLine])
        } else if key == keys.space {
            state.sheet.move(1)
        } else if key == keys.backspace {
            state.sheet.move(-1)
        } else if let stroke = keys.strokes.first(where: { $0.value == .init(key, isShifted: isShifted) }) {
            state.sheet.overstrike(stroke.key)
        } else {
            state.mistakes.append("\(key) types nothing")
        }
    }
}

/// An 8 by 11 keyboard with the printing characters of ASCII but two.
private func keyboard(_ shift: TypewriterKeys.Shift? = .hold(.crossing(row: 7, column: 8)), backspace: Bool = true) -> TypewriterKeys {
    let pairs = Array("aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRsStTuUvVwWxXyYzZ1!2@3#4$5%6&7'8*9(0)-_=+;:,\"/?")
    var strokes: [Character: TypewriterKeys.Stroke] = [".": .init(.crossing(row: 6, column: 9))]
    for index in stride(from: 0, to: pairs.count, by: 2) {
        let key = Contact.crossing(row: index / 2 / 9, column: index / 2 % 9)
        strokes[pairs[index]] = .init(key)
        strokes[pairs[index + 1]] = .init(key, isShifted: true)
    }
    return TypewriterKeys(
        strokes: strokes, space: .crossing(row: 7, column: 7), carriageReturn: .crossing(row: 5, column: 10),
        backspace: backspace ? .crossing(row: 6, column: 10) : nil, shift: shift)
}

private let timing = TypewriterTiming(press: 38, gap: 45, sameKey: 24, shift: 30, carriageReturn: 200, returnPerColumn: 5)
private let lock = TypewriterKeys.Shift.lock(lock: .crossing(row: 7, column: 9), release: .crossing(row: 7, column: 10))

@Suite("Typewriters typed on through their keyboard")
struct KeyedTypewriterTests {
    private func typewriter(_ keys: TypewriterKeys, _ clock: FakeClock = FakeClock()) throws -> (KeyedTypewriter, Machine) {
        let machine = Machine(keys, clock)
        return (try KeyedTypewriter(keys, timing, columns: 80, presser: machine, clock: clock), machine)
    }

    @Test("A page comes out as it was laid out, and every key has its time", arguments: [keyboard(), keyboard(lock)])
    func page(_ keys: TypewriterKeys) throws {
        let (device, machine) = try typewriter(keys)
        var page = try Page(PageSettings(columns: 30, markdown: false), for: device.capabilities)
        let text = "All balls roll: BOOKKEEPER & \"Mississippi\"?\nYes (9 of 10), aa AA.\n"
        let strikes = page.write(text) + page.flush()
        var expected = Sheet()
        expected.apply(strikes)
        #expect(try device.print(strikes, stop: StopSignal()))
        #expect(machine.text == expected.text)
        #expect(machine.mistakes == [])
        #expect(machine.closed.isEmpty)
        #expect(machine.state.withLock { !$0.isLocked })
    }

    @Test("What the wheel lacks is struck of two; bold is struck twice, and underlined with a line")
    func overstrikes() throws {
        let (device, machine) = try typewriter(keyboard())
        let stop = try StopSignal()
        #expect(try device.print([.text("é", []), .text("b c", .bold), .text("u", .underline), .text("ß", [])], stop: stop))
        #expect(machine.text == "[e']" + "[bb] [cc]" + "[u_]" + "ss")
        #expect(machine.mistakes == [])
    }

    @Test("Without a backspace nothing is typed over another, and no key is missing")
    func noBackspace() throws {
        let (device, machine) = try typewriter(keyboard(backspace: false))
        #expect(!device.capabilities.bold && !device.capabilities.underline)
        #expect(try device.print([.text("éx", [.bold, .underline])], stop: StopSignal()))
        #expect(machine.text == "ex")
    }

    @Test("A stop comes between keys: nothing stays down, and Shift is let go")
    func stop() throws {
        let strikes: [Strike] = [.text("AbcDEfGhIJ", []), .newLine, .text("K", [])]
        let whole = FakeClock()
        #expect(try typewriter(keyboard(lock), whole).0.print(strikes, stop: StopSignal()))
        for waits in 1...whole.waits {
            let stop = try StopSignal()
            let clock = FakeClock(stopAfter: waits, raising: stop)
            let (device, machine) = try typewriter(keyboard(lock), clock)
            let isPrinted = try device.print(strikes, stop: stop)
            #expect(!isPrinted || machine.text == "AbcDEfGhIJ\nK")
            #expect(waits > 1 || machine.text.count <= 1)
            #expect(machine.closed.isEmpty && machine.mistakes == [])
            #expect(machine.state.withLock { !$0.isLocked })
            #expect("AbcDEfGhIJ\nK".hasPrefix(machine.text))
        }
    }

    @Test("The known state is reached when the first letter is typed, once")
    func start() throws {
        var keys = keyboard(lock)
        keys.start = [.crossing(row: 7, column: 10)]
        let (device, machine) = try typewriter(keys)
        machine.state.withLock { $0.isLocked = true }
        for _ in 0..<2 { _ = try device.print([.text("a", [])], stop: StopSignal()) }
        #expect(machine.text == "aa")
        #expect(machine.state.withLock(\.presses) == 3)
    }

    @Test("A style that is switched is switched off again, also by a stop")
    func toggle() throws {
        var keys = keyboard()
        keys.bold = TypewriterKeys.Toggle([.crossing(row: 1, column: 9), .crossing(row: 0, column: 1)])
        let stop = try StopSignal()
        let clock = FakeClock(stopAfter: 9, raising: stop)
        let presser = Recorder()
        let device = try KeyedTypewriter(keys, timing, columns: 80, presser: presser, clock: clock)
        #expect(try !device.print([.text("xyz", .bold)], stop: stop))
        let chord = Set(keys.bold?.chord ?? [])
        #expect(presser.closings.withLock { $0.filter { $0 == chord }.count } == 2)
    }
}

private final class Recorder: KeyPresser {
    let closings = Mutex<[Set<Contact>]>([])
    func close(_ contacts: Set<Contact>) throws(PaperError) { closings.withLock { $0.append(contacts) } }
}

extension Sheet {
    /// Types on what stands there: `[e']`.
    fileprivate mutating func overstrike(_ glyph: Character) {
        if column < lines[line].count, let mark = lines[line][column], mark.character != " " {
            let inner = mark.character.hasPrefix("[") && mark.character.count > 1 ? String(mark.character.dropFirst().dropLast()) : mark.character
            replace("[\(inner)\(glyph)]")
        } else {
            apply([.text(String(glyph), [])])
        }
    }
}
