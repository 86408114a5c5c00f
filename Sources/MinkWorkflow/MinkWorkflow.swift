// MinkWorkflow
