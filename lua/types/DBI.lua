---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---LuaDBI for SQLite. A connection has prepare, commit, rollback, autocommit, ping, quote, last_id, close; a statement execute, rows, fetch, affected, rowcount, columns, close.
---@class DBI.library
local lib = {}

---Connects; an error with a driver that is not there.
---@param driver string
---@param database string
---@return table?
---@return string?
function lib.Connect(driver, database) end

---Prepares and executes; how many rows have changed.
---@param connection table
---@param sql string
---@param ... any
---@return number|false
---@return string?
function lib.Do(connection, sql, ...) end

---The drivers that there are.
---@return string[]
function lib.Drivers() end

return lib
