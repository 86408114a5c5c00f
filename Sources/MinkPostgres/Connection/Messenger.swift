// Wakes the processes that share a database, and is woken by them. A message only says that it may
// be worth looking; whoever misses one looks a little later by himself.
//
// A NOTIFY inside the transaction of a batch would make all commits wait for each other. So messages
// go over a connection of their own, the first at once, those that follow at most every few
// milliseconds.
import CLibpq
import Glibc
import MinkStore
import Synchronization

/// Sends and hears messages in a thread of its own, which starts with the first use.
final class Messenger: Sendable {
    private struct State {
        var hear: (@Sendable (StoreSignal) -> Void)?
        var pending: Set<StoreSignal> = []
        var isStarted = false
        var isEnding = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())
    private let signal: Signal
    private let address: Address

    /// The wait between two messages, and the one while there are many.
    private static let gap = Duration.milliseconds(2)
    private static let gapUnderLoad = Duration.milliseconds(10)
    /// The wait before a lost connection is made again.
    private static let pause = Duration.seconds(1)

    init(_ address: Address) throws(StoreError) {
        self.address = address
        signal = try Signal()
    }

    /// Hears from now on what others tell.
    func listen(_ hear: @escaping @Sendable (StoreSignal) -> Void) {
        guard address.options.wakesOthers else { return }
        state.withLock { $0.hear = hear }
        start()
        signal.send()
    }

    /// Tells the others, soon.
    func tell(_ message: StoreSignal) {
        guard address.options.wakesOthers else { return }
        let isNew = state.withLock { $0.pending.insert(message).inserted }
        start()
        if isNew { signal.send() }
    }

    /// Ends the thread, after what is to be told.
    func end() {
        state.withLock { $0.isEnding = true }
        signal.send()
    }

    /// Waits until the thread has ended.
    func ended() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if state.isStarted { state.waiting.append(continuation) }
                return !state.isStarted
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func start() {
        let isFirst = state.withLock { state in
            defer { state.isStarted = true }
            return !state.isStarted
        }
        guard isFirst else { return }
        // Without a thread nobody is woken, and everybody looks by himself.
        do {
            try Thread.start { [self] in work() }
        } catch {
            didEnd()
        }
    }

    private func didEnd() {
        let waiting = state.withLock { state in
            state.isStarted = false
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}

// MARK: - In the thread

extension Messenger {
    private func work() {
        let session = Session(address)
        var isEnding = false
        while !isEnding {
            do throws(StoreError) {
                isEnding = try exchange(session)
            } catch {
                session.disconnect()
                isEnding = pausesUntilEnd()
            }
        }
        didEnd()
    }

    /// Waits before a new connection is made, whatever is to be told meanwhile.
    ///
    /// - Returns: Whether the end was asked for.
    private func pausesUntilEnd() -> Bool {
        let until = MonotonicTime.now + Self.pause
        while .now < until, !state.withLock(\.isEnding) {
            signal.wait(atMost: .milliseconds(100))
            usleep(1_000)
        }
        return state.withLock(\.isEnding)
    }

    /// Sends and hears over one connection; `true` when the end was asked for.
    private func exchange(_ session: Session) throws(StoreError) -> Bool {
        let connection = try session.connection()
        // Behind a pooler nothing of a session lasts: there one tells, and does not hear.
        if connection.pooled == nil {
            // What is told here can be lost: the next look finds the work all the same.
            try session.script("set synchronous_commit = off")
        }
        var isListening = false
        var gap = Self.gap
        while true {
            if !isListening, state.withLock({ $0.hear != nil }) {
                if connection.pooled == nil { try session.script("listen \(channel)") }
                isListening = true
                // What was told before.
                hear(.work)
                hear(.definitions)
            }
            let (pending, isEnding) = state.withLock { state in
                defer { state.pending = [] }
                return (state.pending, state.isEnding)
            }
            for message in pending {
                try session.run(
                    .notify, Parameters().add(channel).add(message.word))
            }
            guard !isEnding else { return true }
            try hearAll(connection)
            if pending.isEmpty {
                gap = Self.gap
                signal.wait(orReadable: PQsocket(connection.handle))
            } else {
                // A wait that is not cut short: what comes meanwhile goes out together.
                usleep(UInt32(clamping: gap.nanoseconds / 1_000))
                let isBusy = state.withLock { !$0.pending.isEmpty }
                gap = isBusy ? Self.gapUnderLoad : Self.gap
            }
        }
    }

    private func hearAll(_ connection: Connection) throws(StoreError) {
        guard PQconsumeInput(connection.handle) == 1 else {
            throw StoreError(connection.lost())
        }
        let own = connection.backend
        while let told = PQnotifies(connection.handle) {
            defer { PQfreemem(told) }
            guard told.pointee.be_pid != own else { continue }
            StoreSignal(word: String(cString: told.pointee.extra)).map(hear)
        }
    }

    private func hear(_ message: StoreSignal) {
        state.withLock(\.hear)?(message)
    }

    /// Told apart by the schema; its name may be too long for a channel.
    private var channel: String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in address.schema.name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return "mink_\(String(hash, radix: 16))"
    }
}

extension StoreSignal {
    fileprivate var word: String {
        switch self {
        case .work: "work"
        case .owners: "owners"
        case .definitions: "definitions"
        }
    }

    fileprivate init?(word: String) {
        switch word {
        case "work": self = .work
        case "owners": self = .owners
        case "definitions": self = .definitions
        default: return nil
        }
    }
}

extension Statement {
    static let notify = Statement("notify", "select pg_notify($1::text, $2::text)")
}
