import MinkExpression
import Testing

@Suite("A value")
struct ValueTests {
    @Test(arguments: [
        (Value.int(1), Value.double(1)),
        (.string("\u{e9}"), .string("e\u{301}")),
        (.double(0), .double(-0.0)),
        (.list([1, 2]), .list([2, 1])),
    ])
    func `differs from one in another form`(left: Value, right: Value) {
        #expect(left != right)
    }

    @Test func `of an object is the same whatever the order of its members`() {
        let one = Value.object(["a": 1, "b": 2])
        let other = Value.object(["b": 2, "a": 1])

        #expect(one == other)
        #expect(one.hashValue == other.hashValue)
    }

    @Test func `of an object finds each of many members, also after one is removed`() {
        var map = ValueMap()
        for number in 0..<100 { map["n\(number)"] = .int(Int64(number)) }

        map["n50"] = nil

        #expect(map["n50"] == nil)
        #expect(map["n99"] == .int(99))
        #expect(map.count == 99)
    }
}
