// MinkSQLite
