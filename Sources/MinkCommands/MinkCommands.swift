// MinkCommands
