// The layout of a file does not change its meaning, for workflows that nobody wrote by hand.
import MinkDefinition
import Testing

@Suite("The layout of a drawn workflow")
struct LayoutPropertyTests {
    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `keeps the fingerprint, and changes nothing at the second time`(start: UInt64) throws {
        for seed in (start * 1_000)..<(start * 1_000 + 25) {
            let text = RandomWorkflow.text(seed: seed)
            let layout = FileLayout(file: "drawn", bytes: Array(text.utf8))
            let once = try #require(layout.text, "seed \(seed)")
            let twice = FileLayout(file: "drawn", bytes: Array(once.utf8)).text

            #expect(layout.isFaithful, "seed \(seed)")
            #expect(twice == once, "seed \(seed)")
            #expect(fingerprint(once) == fingerprint(text), "seed \(seed)")
        }
    }

    private func fingerprint(_ text: String) -> String? {
        DefinitionReader().read(file: "drawn", bytes: Array(text.utf8)).identity?.fingerprint
    }
}
