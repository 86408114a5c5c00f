// What a service imports with this module: values, the command bus, and stores.
@_exported public import MinkCommands
@_exported public import MinkExpression
@_exported public import MinkStore
