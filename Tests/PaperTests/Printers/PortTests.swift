import Foundation
import Glibc
@testable import Paper
import Synchronization
import TestSupport
import Testing

// One after another: a program that is started meanwhile would hold the lines open.
@Suite("Printers' ports", .serialized)
struct PortTests {
    private static func withDirectory(_ body: (String) throws -> Void) throws {
        let path = NSTemporaryDirectory() + "platen-port-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    @Test("A line that is unplugged a thousand times gives the whole page, in order", arguments: ["plain", "receipts", "USTTY, does not"])
    func unplugged(_ name: String) throws {
        let printer = try #require(try printersUnderTest().first { $0.profile.name == name })
        try unplug(printer, printer.reader())
    }

    private func unplug<Reader: PrinterReader & Sendable>(_ printer: PrinterUnderTest, _ reader: Reader) throws {
        var profile = printer.profile
        profile.features.remove(.status)
        let forgetsItsLine = profile.language == .escpos
        let unplugs = forgetsItsLine ? 160 : 420
        var random = SeededGenerator(seed: 1340)
        // Enough text for all. A printer that forgets its line gets it again, and must have the time for it.
        let most = forgetsItsLine ? 500 : 30
        let strikes = printer.strikes(&random, lines: forgetsItsLine ? 900 : 600)
        let line = UnpluggedLine()
        let device = PrinterDevice(profile, port: line, retryMilliseconds: 1)
        let isPrinted = Mutex<Bool?>(nil)
        let thread = Thread {
            let result = try? device.print(strikes, stop: StopSignal())
            isPrinted.withLock { $0 = result ?? false }
            line.end()
        }
        thread.start()
        var paper = reader
        let pulled = line.play(unplugs: unplugs, after: { Int.random(in: 0..<most, using: &random) }, read: { paper.read($0) })
        #expect(isPrinted.withLock { $0 } == true)
        #expect(pulled == unplugs)
        #expect(paper.page.outlines == printer.expected(strikes).outlines)
        // A cut that was cut off is ended by what ends all sequences, and comes again: twice at one place.
        #expect(Set(paper.page.cuts) == Set(printer.expected(strikes).cuts))
    }

    @Test("A file is made, and added to")
    func file() throws {
        try Self.withDirectory { directory in
            let profile = PrinterProfile(name: "plain", language: .plain)
            for text in ["one", "two"] {
                let device = try PrinterDevice(profile, at: PrinterAddress("\(directory)/page"))
                #expect(try device.print([.text(text, []), .newLine], stop: StopSignal()))
            }
            #expect(try String(contentsOfFile: "\(directory)/page", encoding: .utf8) == "one\r\ntwo\r\n")
            let error = #expect(throws: PaperError.self) { try PrinterDevice(profile, at: PrinterAddress(directory)) }
            #expect(error?.description == "\(directory) is a directory; name a device or a file")
            #expect(throws: PaperError.self) { try PrinterDevice(profile, at: PrinterAddress("/proc/nobody/page")) }
        }
    }

    @Test("A socket of this machine is printed on, once somebody listens")
    func network() throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) == 0 && getsockname(listener, $0, &size) == 0 }
        }
        try #require(isBound)
        let port = UInt16(bigEndian: address.sin_port)
        let device = PrinterDevice(PrinterProfile(name: "plain", language: .plain), port: DescriptorPort(.network(port: port)), retryMilliseconds: 1) { report in
            // It is refused first.
            if report.obstacle != nil { listen(listener, 1) }
        }
        #expect(try device.print([.text("hello", [])], stop: StopSignal()))
        let connection = accept(listener, nil, nil)
        defer { close(connection) }
        var bytes = [UInt8](repeating: 0, count: 16)
        #expect(read(connection, &bytes, bytes.count) == 5)
        #expect(bytes.prefix(5) == Array("hello".utf8)[...])
    }

    @Test("Addresses", arguments: [
        ("/dev/usb/lp0", .path("/dev/usb/lp0")), ("tcp:9100", .network(port: 9100)), ("tcp:localhost:9100", .network(port: 9100)),
        ("tcp:127.0.0.1:1", .network(port: 1)), ("lp:", .spooler("")), ("lp:office", .spooler("office")), ("./page", .path("./page")),
    ] as [(String, PrinterAddress)])
    func address(_ text: String, _ address: PrinterAddress) throws {
        #expect(try PrinterAddress(text) == address)
    }

    @Test("What is no address is one line", arguments: ["", "printer", "tcp:", "tcp:0", "tcp:70000", "tcp:10.0.0.1:9100", "lp:-x", "lp:a b", "lp:\n"])
    func noAddress(_ text: String) {
        #expect(throws: PaperError.self) { try PrinterAddress(text) }
    }
}
