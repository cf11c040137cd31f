---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Streams between servers.
---@class core.s2smanager.library
local lib = {}

---Ends a stream; what waits for it comes back as errors.
---@param session Session
---@param reason? string|table
---@param bounce_reason? string|table
function lib.destroy_session(session, reason, bounce_reason) end

---Makes the session of a stream from another server.
---@param conn table
---@return Session
function lib.new_incoming(conn) end

---Makes the session of a stream to another server.
---@param from_host string
---@param to_host string
---@return Session
function lib.new_outgoing(from_host, to_host) end

---Leaves of a session only what may still be asked for.
---@param session Session
---@param reason? string
function lib.retire_session(session, reason) end

return lib
