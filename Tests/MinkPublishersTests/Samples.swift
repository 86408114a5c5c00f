// Messages and outcomes for tests, and brokers that may be left out.
import CCurl
import Foundation
import MinkStore
import Testing

@testable import MinkPublishers

extension OutboxMessage {
    static func sample(
        id: String = "0190a0b0-0000-7000-8000-000000000001", key: String = "o-1",
        body: String = "{\"type\":\"ReserveInventory\",\"data\":{\"orderId\":\"o-1\"}}",
        headers: [String: String] = [:]
    ) -> OutboxMessage {
        OutboxMessage(
            id: id, destination: "warehouse", key: key, type: "ReserveInventory",
            body: Array(body.utf8), headers: headers)
    }
}

extension PublishOutcome {
    var isFailure: Bool {
        guard case .failed = self else { return false }
        return true
    }

    var isRejection: Bool {
        guard case .rejected = self else { return false }
        return true
    }

    /// Why it was not taken.
    var reason: String? {
        switch self {
        case .failed(let reason, _), .rejected(let reason): reason
        default: nil
        }
    }
}

/// Calls an address past the check of what was looked up, so that only the check of the socket is
/// left.
struct SocketProbe {
    private let transfer: HTTPTransfer

    init(_ transfer: HTTPTransfer) { self.transfer = transfer }

    func call(pinnedTo address: String) {
        guard let handle = curl_easy_init(), let address = NetworkAddress(address) else { return }
        transfer.prepare(handle, addresses: [address])
        let code = curl_easy_perform(handle)
        transfer.end(transfer.result(of: handle, code))
        transfer.release()
        curl_easy_cleanup(handle)
    }
}

/// Waits until something holds, at most some seconds.
func eventually(
    within limit: Duration = .seconds(20), _ condition: () async -> Bool
) async -> Bool {
    let deadline = ContinuousClock.now + limit
    while ContinuousClock.now < deadline {
        if await condition() { return true }
        try? await Task.sleep(for: .milliseconds(20))
    }
    return await condition()
}
