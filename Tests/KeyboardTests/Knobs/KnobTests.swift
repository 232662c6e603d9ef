import CHardware
import Foundation
import Keyboard
import Testing

@Suite struct KnobTests {
    /// A path that is free again afterwards.
    private func withPath(_ body: (String) throws -> Void) rethrows {
        let path = NSTemporaryDirectory() + "platen-knob-\(UUID())"
        defer { unlink(path) }
        try body(path)
    }

    @Test(arguments: [("0\n", 0.0), ("2048\n", 0.5), ("4096", 1.0), ("9999\n", 1.0), ("-3\n", 0.0)])
    func anAnalogueValueIsScaled(_ text: String, _ position: Double) throws {
        try withPath { path in
            try text.write(toFile: path, atomically: true, encoding: .utf8)
            #expect(try ADCKnob(path: path, low: 0, high: 4096).position == position)
            #expect(try ADCKnob(path: path, low: 4096, high: 0).position == 1 - position)
        }
    }

    @Test func whatIsNoAnalogueValueIsRefused() throws {
        try withPath { path in
            let missing = #expect(throws: KeyboardError.self) { try ADCKnob(path: path, low: 0, high: 1) }
            #expect(missing?.description == "cannot read a knob's value from \(path): No such file or directory")
            try "full\n".write(toFile: path, atomically: true, encoding: .utf8)
            let wrong = #expect(throws: KeyboardError.self) { try ADCKnob(path: path, low: 0, high: 1) }
            #expect(wrong?.description == "cannot read a knob's value from \(path): it is no number")
        }
    }

    @Test func anAnalogueValueThatIsGoneHasNoPosition() throws {
        try withPath { path in
            try "7".write(toFile: path, atomically: true, encoding: .utf8)
            let knob = try ADCKnob(path: path, low: 0, high: 14)
            #expect(knob.position == 0.5)
            unlink(path)
            #expect(knob.position == nil)
        }
    }

    @Test func anEncoderCountsItsTurns() throws {
        try withPath { path in
            try #require(mkfifo(path, 0o600) == 0)
            let knob = try EncoderKnob(path: path, steps: 20)
            let writer = open(path, O_WRONLY)
            func turn(_ values: [Int32], type: Int32 = EV_REL) {
                for value in values {
                    var report = input_event()
                    (report.type, report.value) = (UInt16(type), value)
                    _ = withUnsafeBytes(of: &report) { write(writer, $0.baseAddress, $0.count) }
                }
                var events: [KeyEvent] = []
                knob.read(at: 0, into: &events)
                #expect(events.isEmpty)
            }
            turn([5], type: EV_SYN)
            #expect(knob.position == nil, "before it was turned")
            turn([1, 1, 3])
            #expect(knob.position == 0.75)
            turn([100, -5])
            #expect(knob.position == 0.75, "it stops at its end")
            turn([Int32.min])
            #expect(knob.position == 0)
            #expect(knob.descriptor != nil)
            close(writer)
            turn([])
            #expect(knob.descriptor == nil)
            #expect(knob.position == 0)
        }
    }
}
