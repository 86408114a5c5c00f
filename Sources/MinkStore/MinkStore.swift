// MinkStore
