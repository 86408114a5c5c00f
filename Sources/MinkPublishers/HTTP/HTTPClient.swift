// HTTP requests over libcurl, all in one thread of its own.
//
//   await send ──▶ inbox ──▶ thread: look-up ▸ check ▸ call ▸ answer ──▶ result
//                              └─ a look-up of names waits in a thread of its own
//
// Nothing of a destination holds up another one: a look-up, a connection and an answer that take
// their time wait side by side.
import CCurl
public import MinkStore
import Synchronization

/// Sends requests for webhooks and SNS; several publishers may share one.
public final class HTTPClient: Sendable {
    private let loop: HTTPLoop

    /// Starts the thread.
    ///
    /// - Throws: ``MinkStore/PublisherError`` if the system has no thread left.
    public init() throws(PublisherError) {
        loop = try HTTPLoop()
        try OwnThread.start { [loop] in loop.run() }
    }

    deinit { loop.stop() }

    /// Ends what is under way and lets the thread end; later requests fail.
    public func stop() { loop.stop() }

    /// Sends a request.
    ///
    /// A cancelled task ends its request.
    func send(_ request: HTTPRequest) async throws(HTTPFailure) -> HTTPAnswer {
        let number = loop.nextNumber()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (waiting: CheckedContinuation<Outcome, Never>) in
                loop.submit(
                    HTTPTransfer(number: number, request: request) { waiting.resume(returning: $0) }
                )
                // The word of the cancellation may have come before the request.
                if Task.isCancelled { loop.cancel(number) }
            }
        } onCancel: {
            loop.cancel(number)
        }
        return try result.get()
    }

    fileprivate typealias Outcome = Result<HTTPAnswer, HTTPFailure>
}

/// What the thread of a client does, and how others reach it.
private final class HTTPLoop: Sendable {
    private struct Inbox {
        var letters: [Letter] = []
        var isStopped = false
        var number: UInt64 = 0
    }

    private enum Letter {
        case request(HTTPTransfer)
        case found(host: String, Result<[NetworkAddress], LookUpFailure>)
        case cancel(UInt64)
    }

    private let inbox = Mutex(Inbox())
    /// libcurl says that other threads may wake it, and this is all that they do; it is freed
    /// once no thread holds the loop.
    private nonisolated(unsafe) let multi: UnsafeMutableRawPointer

    /// libcurl's own beginnings, made once in a process.
    private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init() throws(PublisherError) {
        guard Self.isReady, let multi = curl_multi_init() else {
            throw PublisherError("libcurl can not be started; free some memory")
        }
        self.multi = multi
        // More connections to one host wait for each other, and nobody else waits for them.
        _ = mink_curl_multi_set_number(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 64)
    }

    deinit { curl_multi_cleanup(multi) }

    func nextNumber() -> UInt64 {
        inbox.withLock { inbox in
            inbox.number += 1
            return inbox.number
        }
    }

    func submit(_ transfer: HTTPTransfer) {
        if !post(.request(transfer)) { transfer.end(.failure(.stopped)) }
    }

    func cancel(_ number: UInt64) { _ = post(.cancel(number)) }

    func stop() {
        inbox.withLock { $0.isStopped = true }
        curl_multi_wakeup(multi)
    }

    private func post(_ letter: Letter) -> Bool {
        let isTaken = inbox.withLock { inbox in
            if !inbox.isStopped { inbox.letters.append(letter) }
            return !inbox.isStopped
        }
        if isTaken { curl_multi_wakeup(multi) }
        return isTaken
    }

    /// Works until it is stopped.
    func run() {
        var desk = TransferDesk(multi: multi)
        while true {
            let (letters, isStopped) = inbox.withLock { inbox in
                defer { inbox.letters = [] }
                return (inbox.letters, inbox.isStopped)
            }
            for letter in letters { take(letter, &desk) }
            if isStopped { return desk.endAll() }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            desk.endFinished()
            let rest = desk.endExpired()
            curl_multi_poll(multi, nil, 0, Int32(clamping: min(rest.milliseconds, 1_000)), nil)
        }
    }

    private func take(_ letter: Letter, _ desk: inout TransferDesk) {
        switch letter {
        case .request(let transfer):
            guard let host = desk.begin(transfer) else { return }
            do throws(PublisherError) {
                try OwnThread.start { [self] in
                    _ = post(.found(host: host, NetworkAddress.lookUp(host)))
                }
            } catch {
                desk.didLookUp(host, .failure(LookUpFailure(reason: error.message)))
            }
        case .found(let host, let result): desk.didLookUp(host, result)
        case .cancel(let number): desk.cancel(number)
        }
    }
}
