// The transfers of one client: those that wait for the addresses of their host, and those that
// libcurl works on. Lives in the client's thread.
import CCurl
import MinkStore

/// Begins and ends transfers.
struct TransferDesk {
    private let multi: UnsafeMutableRawPointer
    /// Transfers that wait for the addresses of their host, by host.
    private var waiting: [String: [HTTPTransfer]] = [:]
    /// Transfers that libcurl works on, by their handle.
    private var active: [UnsafeMutableRawPointer: HTTPTransfer] = [:]
    /// Handles that have no transfer now.
    private var idle: [UnsafeMutableRawPointer] = []

    init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    /// Begins a transfer.
    ///
    /// - Returns: The host whose addresses have to be looked up for it now; `nil` when they are
    ///   known, or already asked for.
    mutating func begin(_ transfer: HTTPTransfer) -> String? {
        let host = transfer.request.address.host
        if let address = NetworkAddress(host) {
            call(transfer, at: [address])
            return nil
        }
        // Also where nobody waits for the answer any more: it is under way, and comes.
        let isAsked = waiting[host] != nil
        waiting[host, default: []].append(transfer)
        return isAsked ? nil : host
    }

    /// Goes on with the transfers that waited for the addresses of a host.
    mutating func didLookUp(_ host: String, _ result: Result<[NetworkAddress], LookUpFailure>) {
        for transfer in waiting.removeValue(forKey: host) ?? [] {
            switch result {
            case .success(let addresses): call(transfer, at: addresses)
            case .failure(let failure):
                transfer.end(
                    .failure(.broken("the host \"\(host)\" is not found: \(failure.reason)")))
            }
        }
    }

    private mutating func call(_ transfer: HTTPTransfer, at addresses: [NetworkAddress]) {
        let request = transfer.request
        if let refusal = request.policy.refusal(of: request.address, at: addresses) {
            return transfer.end(.failure(.refused(refusal)))
        }
        guard let handle = idle.popLast() ?? curl_easy_init() else {
            return transfer.end(.failure(.broken("no memory is left")))
        }
        transfer.prepare(handle, addresses: addresses)
        guard curl_multi_add_handle(multi, handle) == CURLM_OK else {
            transfer.release()
            curl_easy_cleanup(handle)
            return transfer.end(.failure(.broken("no memory is left")))
        }
        active[handle] = transfer
    }

    /// Ends the transfers that libcurl is done with.
    mutating func endFinished() {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let handle = message.pointee.easy_handle
            else { continue }
            let code = message.pointee.data.result
            guard let transfer = active.removeValue(forKey: handle) else { continue }
            let result = transfer.result(of: handle, code)
            letGo(handle, of: transfer)
            transfer.end(result)
        }
    }

    /// Ends transfers whose look-up takes too long; libcurl watches the others.
    ///
    /// - Returns: How long until the next one may be due.
    mutating func endExpired() -> Duration {
        var rest = Duration.seconds(1)
        for (host, transfers) in waiting {
            // The entry stays: its look-up is under way, and others may join it.
            let left = transfers.filter { transfer in
                guard transfer.timeLeft <= .zero else { return true }
                transfer.end(.failure(.timedOut))
                return false
            }
            if left.count < transfers.count { waiting[host] = left }
            for transfer in left { rest = min(rest, transfer.timeLeft) }
        }
        return rest
    }

    mutating func cancel(_ number: UInt64) {
        for (handle, transfer) in active where transfer.number == number {
            active[handle] = nil
            letGo(handle, of: transfer)
            return transfer.end(.failure(.stopped))
        }
        for (host, transfers) in waiting {
            guard let place = transfers.firstIndex(where: { $0.number == number }) else { continue }
            waiting[host]?.remove(at: place)
            return transfers[place].end(.failure(.stopped))
        }
    }

    /// Ends everything, for good.
    mutating func endAll() {
        for (handle, transfer) in active {
            curl_multi_remove_handle(multi, handle)
            curl_easy_cleanup(handle)
            transfer.release()
            transfer.end(.failure(.stopped))
        }
        for transfer in waiting.values.joined() { transfer.end(.failure(.stopped)) }
        for handle in idle { curl_easy_cleanup(handle) }
        (active, waiting, idle) = ([:], [:], [])
    }

    /// Keeps a handle for the next transfer; its connection stays with the client.
    private mutating func letGo(_ handle: UnsafeMutableRawPointer, of transfer: HTTPTransfer) {
        curl_multi_remove_handle(multi, handle)
        transfer.release()
        curl_easy_reset(handle)
        idle.append(handle)
    }
}
