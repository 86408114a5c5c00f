// MinkEngine
