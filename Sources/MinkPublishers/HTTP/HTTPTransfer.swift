// One request on its way through libcurl, and what has arrived of its answer.
import CCurl
import Glibc

/// A transfer.
///
/// It belongs to whoever made it until it is handed to the client, and to the client's thread from
/// then on; it ends once.
final class HTTPTransfer: @unchecked Sendable {
    let number: UInt64
    let request: HTTPRequest
    private let deadline: ContinuousClock.Instant
    private let finish: @Sendable (Result<HTTPAnswer, HTTPFailure>) -> Void

    private var headers: [String: String] = [:]
    private var headBytes = 0
    private var body: [UInt8] = []
    private var isTooLarge = false
    private var refusal: String?
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    init(
        number: UInt64, request: HTTPRequest,
        finish: @escaping @Sendable (Result<HTTPAnswer, HTTPFailure>) -> Void
    ) {
        self.number = number
        self.request = request
        self.finish = finish
        deadline = .now + request.timeLimit
    }

    var timeLeft: Duration { ContinuousClock.now.duration(to: deadline) }

    func end(_ result: Result<HTTPAnswer, HTTPFailure>) { finish(result) }

    /// Tells a handle what to send, and to call these addresses and no others.
    func prepare(_ handle: UnsafeMutableRawPointer, addresses: [NetworkAddress]) {
        let web = request.address
        set(handle, CURLOPT_URL, web.description)
        set(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        set(handle, CURLOPT_PROXY, "")  // Else the environment could name one.
        set(handle, CURLOPT_FOLLOWLOCATION, 0)
        set(handle, CURLOPT_NOSIGNAL, 1)
        set(handle, CURLOPT_TIMEOUT_MS, max(1, timeLeft.milliseconds))
        set(handle, CURLOPT_CONNECTTIMEOUT_MS, 10_000)
        set(handle, CURLOPT_MAXLIFETIME_CONN, 300)
        mink_curl_set_body(handle, request.body, curl_off_t(request.body.count))
        setList(handle, CURLOPT_HTTPHEADER, headerLines)
        if NetworkAddress(web.host) == nil {
            let places = addresses.map { $0.bytes.count == 4 ? "\($0)" : "[\($0)]" }
            let line = "+\(web.host):\(web.port):\(places.joined(separator: ","))"
            setList(handle, CURLOPT_RESOLVE, [line])
        }
        let this = Unmanaged.passUnretained(self).toOpaque()
        mink_curl_set_writers(handle, Self.takeBody, Self.takeHead, this)
        mink_curl_set_opener(handle, Self.open, this)
    }

    /// Frees what the handle was given.
    func release() {
        for list in lists { curl_slist_free_all(list) }
        lists = []
    }

    /// What came of the transfer.
    func result(
        of handle: UnsafeMutableRawPointer, _ code: CURLcode
    ) -> Result<HTTPAnswer, HTTPFailure> {
        if let refusal { return .failure(.refused(refusal)) }
        if isTooLarge { return .failure(.tooLarge) }
        if code == CURLE_OPERATION_TIMEDOUT { return .failure(.timedOut) }
        guard code == CURLE_OK else {
            let words = String(cString: curl_easy_strerror(code))
            return .failure(.broken("\"\(request.address.host)\" can not be called: \(words)"))
        }
        var status = 0
        mink_curl_get_number(handle, CURLINFO_RESPONSE_CODE, &status)
        return .success(HTTPAnswer(status: status, headers: headers, body: body))
    }

    private var headerLines: [String] {
        // Without the empty one libcurl would wait for a "go on" before it sends a large body.
        ["Expect:"] + request.headers.map { "\($0.name): \(HeaderText.encode($0.value))" }
    }

    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: String) {
        mink_curl_set_text(handle, option, value)
    }

    private func set(_ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ value: Int) {
        mink_curl_set_number(handle, option, value)
    }

    private func setList(
        _ handle: UnsafeMutableRawPointer, _ option: CURLoption, _ lines: [String]
    ) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines { list = curl_slist_append(list, line) ?? list }
        guard let list else { return }
        lists.append(list)
        mink_curl_set_list(handle, option, list)
    }
}

// MARK: - What libcurl calls, in the client's thread

extension HTTPTransfer {
    private static func this(_ raw: UnsafeMutableRawPointer?) -> HTTPTransfer? {
        raw.map { Unmanaged<HTTPTransfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static let takeBody: mink_curl_writer = { data, size, count, target in
        guard let data, let transfer = this(target) else { return 0 }
        let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
        guard transfer.body.count + bytes.count <= transfer.request.answerLimit else {
            transfer.isTooLarge = true
            return 0
        }
        transfer.body.append(contentsOf: bytes)
        return bytes.count
    }

    private static let takeHead: mink_curl_writer = { data, size, count, target in
        guard let data, let transfer = this(target) else { return 0 }
        let bytes = UnsafeRawBufferPointer(start: data, count: size * count)
        transfer.headBytes += bytes.count
        guard transfer.headBytes <= HTTPRequest.headLimit else {
            transfer.isTooLarge = true
            return 0
        }
        transfer.takeHeadLine(String(decoding: bytes, as: UTF8.self))
        return bytes.count
    }

    private func takeHeadLine(_ line: String) {
        if line.hasPrefix("HTTP/") { headers = [:] }  // The answer behind an interim one.
        let parts = line.split(separator: ":", maxSplits: 1)
        guard parts.count == 2 else { return }
        let value = parts[1].drop { $0 == " " || $0 == "\t" }
        headers[parts[0].lowercased()] = String(value.prefix { !$0.isNewline })
    }

    private static let open: curl_opensocket_callback = { target, _, address in
        guard let address, let transfer = this(target) else { return -1 }
        let place = UnsafeRawPointer(address)
            .advanced(by: MemoryLayout<curl_sockaddr>.offset(of: \.addr) ?? 0)
            .assumingMemoryBound(to: sockaddr.self)
        guard let called = NetworkAddress(place),
            transfer.request.policy.refusal(of: transfer.request.address, at: [called]) == nil
        else {
            transfer.refusal =
                "\"\(transfer.request.address.host)\" led to an address that may "
                + "not be called"
            return -1
        }
        let kind = address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue)
        return socket(address.pointee.family, kind, address.pointee.protocol)
    }
}
