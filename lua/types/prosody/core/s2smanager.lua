---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The sessions of streams between servers, which modules open and read. Fields: incoming_s2s.
---@class core.s2smanager.library
local lib = {}

---Ends a session: what waits for it is bounced, events are fired.
---@param session table
---@param reason? any
---@param bounce_reason? any
---@return boolean?
function lib.destroy_session(session, reason, bounce_reason) end

---A session that another server has opened.
---@param conn table
---@return table
function lib.new_incoming(conn) end

---A session of a host of this server to another one.
---@param from_host string
---@param to_host string
---@return table
function lib.new_outgoing(from_host, to_host) end

---Makes a session one that discards what it is sent.
---@param session table
---@param reason? any
---@return table
function lib.retire_session(session, reason) end

return lib
