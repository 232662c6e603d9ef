import Foundation
import Glibc
@testable import Paper
import Synchronization

/// A printer on a line that somebody pulls out and plugs in again: a pseudo-terminal behind a name that stays, as udev gives one.
///
/// What had been accepted arrives: a plug is pulled when the line is empty, at any byte, in the middle of sequences too.
final class UnpluggedLine: Sendable {
    private struct State {
        var accepted = 0
        var received = 0
        var wantsUnplug = false
        /// The writer stands still until the plug is in again.
        var isHeld = false
        var isOver = false
    }

    // TIOCSPTLCK and TIOCGPTN of <asm-generic/ioctls.h>.
    private static let (lockTerminal, terminalNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    private let state = Mutex(State())
    private let directory: String
    private let inner: DescriptorPort
    var path: String { directory + "/printer" }

    init() {
        directory = NSTemporaryDirectory() + "platen-line-\(UUID())"
        mkdir(directory, 0o700)
        inner = DescriptorPort(.path(directory + "/printer"))
    }

    deinit {
        unlink(path)
        rmdir(directory)
    }

    func end() { state.withLock { $0.isOver = true } }

    /// Plays the printer until `end`, pulling the plug so many times, each time after some bytes more.
    /// - Returns: how often it was pulled.
    func play(unplugs: Int, after bytes: () -> Int, read: (UInt8) -> Void) -> Int {
        var (pulled, received) = (0, 0)
        while true {
            // Not openpty: other tests start programs, which must not get the descriptors, not even for a moment.
            let master = Glibc.open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            var (unlock, number): (Int32, UInt32) = (0, 0)
            guard master >= 0, ioctl(master, Self.lockTerminal, &unlock) == 0, ioctl(master, Self.terminalNumber, &number) == 0 else { return pulled }
            let name = "/dev/pts/\(number)"
            // The slave stays open until the writer has opened it: else the line counts as hung up.
            let slave = Glibc.open(name, O_RDWR | O_NOCTTY | O_CLOEXEC)
            defer {
                Glibc.close(master)
                waitForHangUp(slave)
                Glibc.close(slave)
            }
            unlink(path)
            symlink(name, path)
            var left = bytes()
            state.withLock { $0.isHeld = false }
            while true {
                var query = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
                var buffer = [UInt8](repeating: 0, count: 64)
                let count = poll(&query, 1, 1) > 0 ? Glibc.read(master, &buffer, buffer.count) : 0
                for byte in buffer.prefix(max(0, count)) { read(byte) }
                (received, left) = (received + max(0, count), left - max(0, count))
                state.withLock { $0.received = received }
                let (isOver, accepted) = state.withLock { state in
                    if left <= 0, pulled < unplugs { state.wantsUnplug = true }
                    return (state.isOver, state.isHeld || state.isOver ? state.accepted : Int.max)
                }
                if isOver, received == accepted { return pulled }
                if received == accepted { break }
            }
            unlink(path)
            state.withLock { $0.wantsUnplug = false }
            pulled += 1
        }
    }

    /// A program that another test is just starting has all descriptors of this one until it runs: as long takes the pulled
    /// line what nobody will ever read.
    private func waitForHangUp(_ slave: Int32) {
        var query = pollfd(fd: slave, events: 0, revents: 0)
        while poll(&query, 1, -1) < 1 || query.revents & Int16(POLLHUP) == 0 {}
    }
}

extension UnpluggedLine: PrinterPort {
    var name: String { "line" }
    func open() throws(PaperError) -> String? { try inner.open() }
    func close() { inner.close() }

    func write(_ bytes: ArraySlice<UInt8>, stop: StopSignal?) -> PortWrite {
        var result = PortWrite(count: 0, end: .done)
        for byte in bytes {
            if state.withLock({ state in
                state.isHeld = state.wantsUnplug
                return state.isHeld
            }) {
                while state.withLock({ $0.isHeld }) { usleep(20) }
            }
            // A line that is never far ahead of the printer.
            while state.withLock({ $0.accepted > $0.received + 24 && !$0.wantsUnplug }) { usleep(20) }
            let one = inner.write([byte], stop: stop)
            state.withLock { $0.accepted += one.count }
            result = PortWrite(count: result.count + one.count, end: one.end)
            if one.end != .done { return result }
        }
        return result
    }
}
