// Finds the operator's file: the one that `--config` names, else the nearest above the current folder.
import MinkDefinition
import MinkWorkflow

/// What the operator's file says; `nil` when there is none.
func loadSettings(_ arguments: Arguments) throws(UsageError) -> SettingsReader.ReadResult? {
    guard let file = arguments.value("--config") ?? Project.settingsFile() else { return nil }
    switch FileSystem.read(file, limit: 4 << 20) {
    case .success(let bytes):
        return SettingsReader().read(DefinitionReader.Input(file: file, bytes: bytes))
    case .failure(let error): throw UsageError(message: error.message)
    }
}
