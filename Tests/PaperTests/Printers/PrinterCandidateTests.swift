import Foundation
import Paper
import Testing

@Suite("Devices that could be printers")
struct PrinterCandidateTests {
    @Test("are found by name, and by what the kernel says of them")
    func found() throws {
        let root = NSTemporaryDirectory() + "platen-devices-\(UUID())"
        defer { try? FileManager.default.removeItem(atPath: root) }
        func make(_ path: String, _ content: String = "") throws {
            let url = URL(filePath: root).appending(path: path)
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try content.write(to: url, atomically: true, encoding: .utf8)
        }
        for name in ["usb/lp10", "usb/lp0", "usb/hiddev0", "lp1", "ttyUSB0", "ttyS0", "tty", "lpx"] { try make("dev/" + name) }
        try make("sys/class/usbmisc/lp0/idVendor", "04b8\n")
        try make("sys/class/usbmisc/lp0/idProduct", "0e15\n")
        try make("sys/class/usbmisc/lp0/device/ieee1284_id", "MFG:EPSON;CMD:ESC/POS, BDC;MDL:TM-T20II;CLS:PRINTER;\n")
        let found = PrinterCandidate.all(devices: root + "/dev", system: root + "/sys")
        #expect(found.map { $0.path.dropFirst(root.count + 5) } == ["usb/lp0", "usb/lp10", "lp1", "ttyUSB0"])
        let first = try #require(found.first)
        #expect(first.name == "EPSON TM-T20II")
        #expect(first.vendor == 0x04B8 && first.product == 0x0E15)
        #expect(first.commandSets == ["ESC/POS", "BDC"])
        #expect(found[1].vendor == nil && found[1].commandSets == [])
        #expect(PrinterCandidate.usbPrinters(devices: root + "/dev", system: root + "/sys") == Array(found[..<2]))
    }

    @Test("Where there are none, none are found")
    func none() {
        #expect(PrinterCandidate.all(devices: "/nowhere", system: "/nowhere").isEmpty)
    }
}
