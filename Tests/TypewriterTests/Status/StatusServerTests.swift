import Foundation
import Glibc
import Synchronization
import Testing

@testable import Typewriter

@Suite struct StatusServerTests {
    private static func withSocket(_ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "platen-status-\(UUID()).sock").path
        defer { unlink(path) }
        try body(path)
    }

    private static func connect(_ path: String) -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        let address = UnixAddress(path)
        #expect(address?.withPointer { Glibc.connect(descriptor, $0, $1) } == 0)
        return descriptor
    }

    @Test func answersUserAndGroupAlone() throws {
        try Self.withSocket { path in
            let server = try StatusServer(path: path) { "{}\nwell\n" }
            let answer = try StatusClient.ask(path)
            #expect(answer.json == "{}")
            #expect(answer.text == "well\n")
            var status = stat()
            #expect(lstat(path, &status) == 0)
            #expect(status.st_mode & 0o7777 == 0o660)
            withExtendedLifetime(server) {}
        }
    }

    @Test func isNotHeldUpByWhoeverStaysTalksOrLeaves() throws {
        try Self.withSocket { path in
            let server = try StatusServer(path: path) { "{}\n" + String(repeating: "x", count: 3000) }
            var clients: [Int32] = []
            defer { clients.forEach { close($0) } }
            for index in 0..<200 {
                let client = Self.connect(path)
                switch index % 3 {
                case 0: clients.append(client)  // Stays and reads nothing.
                case 1:
                    let noise = [UInt8](repeating: 0xFF, count: 65536)
                    _ = send(client, noise, noise.count, Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT))
                    clients.append(client)
                default: close(client)
                }
            }
            #expect(try StatusClient.ask(path).text.count == 3000)
            withExtendedLifetime(server) {}
        }
    }

    @Test func takesThePlaceOfADeadDaemonOnly() throws {
        try Self.withSocket { path in
            let dead = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            #expect(UnixAddress(path)?.withPointer { bind(dead, $0, $1) } == 0)
            close(dead)
            let server = try StatusServer(path: path) { "{}\nfirst" }
            #expect(throws: TypewriterError.self) { try StatusServer(path: path) { "{}\nsecond" } }
            #expect(try StatusClient.ask(path).text == "first")
            withExtendedLifetime(server) {}
        }
    }

    @Test func leavesAFileThatIsNoSocket() throws {
        try Self.withSocket { path in
            try "mine".write(toFile: path, atomically: true, encoding: .utf8)
            #expect(throws: TypewriterError.self) { try StatusServer(path: path) { "" } }
            #expect(try String(contentsOfFile: path, encoding: .utf8) == "mine")
        }
    }

    @Test func removesItsSocketWhenItEnds() throws {
        try Self.withSocket { path in
            do { _ = try StatusServer(path: path) { "{}\n" } }
            #expect(access(path, F_OK) != 0)
            let error = #expect(throws: TypewriterError.self) { try StatusClient.ask(path) }
            #expect(error?.status == .unavailable)
            #expect(error?.description.contains("no typewriter runs here") == true)
        }
    }

    @Test(arguments: ["", "no line end", String(repeating: "x", count: 100_000)])
    func clientRefusesWhatIsNoAnswer(text: String) throws {
        try Self.withSocket { path in
            let server = try StatusServer(path: path) { text }
            let error = #expect(throws: TypewriterError.self) { try StatusClient.ask(path) }
            #expect(error?.description == "\(path): what answers there is no typewriter")
            withExtendedLifetime(server) {}
        }
    }
}
