---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sessions that modules make.
---@class util.session.library
local lib = {}

---Makes one.
---@param type string
---@return Session
function lib.new(type) end

---Puts it on a connection.
---@param session Session
---@param conn table
---@return Session
function lib.set_conn(session, conn) end

---Gives it an id.
---@param session Session
---@return Session
function lib.set_id(session) end

---Gives it a log.
---@param session Session
---@return Session
function lib.set_logger(session) end

---Gives it send.
---@param session Session
---@return Session
function lib.set_send(session) end

return lib
