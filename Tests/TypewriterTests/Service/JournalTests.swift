import Foundation
import Glibc
import Logging
import TestSupport
import Testing

@testable import Typewriter

@Suite struct JournalTests {
    /// The fields of an entry, read as the protocol's description says.
    private static func fields(_ data: Data?) throws -> [String: String] {
        var rest = Array(try #require(data))[...]
        var fields: [String: String] = [:]
        while let end = rest.firstIndex(where: { $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "\n") }) {
            let name = String(decoding: rest[..<end], as: UTF8.self)
            let hasLength = rest[end] == UInt8(ascii: "\n")
            rest = rest[(end + 1)...]
            var count = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 - rest.startIndex } ?? rest.count
            if hasLength {
                count = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(8)
            }
            fields[name] = String(decoding: rest.prefix(count), as: UTF8.self)
            #expect(rest.dropFirst(count).first == UInt8(ascii: "\n"))
            rest = rest.dropFirst(count + 1)
        }
        #expect(rest.isEmpty)
        return fields
    }

    @Test func getsLevelsAndFields() throws {
        let name = "@platen-journal-\(UUID())"
        let receiver = try DatagramReceiver(name)
        let log = try SessionLog(Settings.LogSection(level: "trace"), sharesTerminal: false, journal: Journal(socket: name))
        let logger = log.logger("platen")
        let levels: [(Logger.Level, String)] = [
            (.trace, "7"), (.debug, "7"), (.info, "6"), (.notice, "5"), (.warning, "4"), (.error, "3"), (.critical, "2"),
        ]
        for (level, priority) in levels {
            logger.log(level: level, "it happened", metadata: ["answer_tokens": "12"])
            #expect(try Self.fields(receiver.receive(within: 1)) == [
                "PRIORITY": priority, "SYSLOG_IDENTIFIER": "platend", "MESSAGE": "it happened", "PLATEN_ANSWER_TOKENS": "12",
            ])
        }
    }

    @Test func keepsAMessageOfSeveralLinesTogether() throws {
        let name = "@platen-journal-\(UUID())"
        let receiver = try DatagramReceiver(name)
        let journal = try #require(Journal(socket: name))
        #expect(journal.write(.notice, "one\nPRIORITY=0\ntwo", [:]))
        let fields = try Self.fields(receiver.receive(within: 1))
        #expect(fields["MESSAGE"] == "one\nPRIORITY=0\ntwo")
        #expect(fields["PRIORITY"] == "5")
    }

    @Test func cutsWhatNoDatagramHolds() throws {
        let name = "@platen-journal-\(UUID())"
        let receiver = try DatagramReceiver(name)
        let journal = try #require(Journal(socket: name))
        #expect(journal.write(.notice, String(repeating: "é", count: 1 << 20), [:]))
        #expect(try Self.fields(receiver.receive(within: 1))["MESSAGE"]?.utf8.count == 32768)
    }

    @Test func saysWhenNobodyTakesAnEntry() throws {
        #expect(try #require(Journal(socket: "@platen-journal-\(UUID())")).write(.notice, "lost", [:]) == false)
    }
}
