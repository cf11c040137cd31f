---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The parts that sessions of modules begin with.
---@class util.session.library
local lib = {}

---A session of the type KIND_unauthed.
---@param kind string
---@return table
function lib.new(kind) end

---Gives it a connection, and its ip.
---@param session table
---@param conn table
---@return table
function lib.set_conn(session, conn) end

---Gives it an id.
---@param session table
---@return table
function lib.set_id(session) end

---Gives it a log function.
---@param session table
---@return table
function lib.set_logger(session) end

---Gives it send, through its filters.
---@param session table
---@return table
function lib.set_send(session) end

return lib
