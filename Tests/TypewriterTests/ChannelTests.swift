import Foundation
import Keyboard
import Synchronization
import Testing
@testable import Typewriter

@Suite("Between threads")
struct ChannelTests {
    @Test("Elements come in order, each once, from any thread")
    func order() {
        let channel = Channel<Int>()
        for thread in 0..<4 {
            Thread.detachNewThread { for index in 0..<1000 { channel.send(thread * 1000 + index) } }
        }
        var last = [-1, -1, -1, -1]
        for _ in 0..<4000 {
            let element = channel.receive()
            #expect(element % 1000 == last[element / 1000] + 1)
            last[element / 1000] = element % 1000
        }
        #expect(channel.isEmpty && channel.receiveNow() == nil)
    }

    @Test("Who waits for a while gets what comes meanwhile at once, and nothing when the time is over")
    func patience() {
        let channel = Channel<Int>()
        let start = monotonicNanoseconds()
        #expect(channel.receive(within: 30_000_000) == nil)
        #expect(monotonicNanoseconds() - start >= 30_000_000)
        #expect(channel.receive(within: 0) == nil)
        Thread.detachNewThread {
            usleep(20_000)
            channel.send(7)
        }
        #expect(channel.receive(within: 60_000_000_000) == 7)
        #expect(monotonicNanoseconds() - start < 30_000_000_000)
    }

    @Test("A thread that does not end is left behind")
    func leftBehind() throws {
        let mayEnd = Channel<Void>()
        let start = monotonicNanoseconds()
        let flag = Flag()
        let slow = try WorkerThread {
            mayEnd.receive()
            flag.set()
        }
        slow.join(within: 20_000_000)
        #expect(!flag.isSet)
        mayEnd.send(())
        for _ in 0..<10_000 where !flag.isSet { usleep(1000) }
        #expect(flag.isSet)
        try WorkerThread {}.join(within: 60_000_000_000)
        #expect(monotonicNanoseconds() - start < 30_000_000_000)
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }
}
