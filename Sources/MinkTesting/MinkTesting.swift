// MinkTesting
