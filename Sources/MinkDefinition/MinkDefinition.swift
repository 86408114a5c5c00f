// MinkDefinition
