---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Streams of clients on connections that modules have: the listener of the service c2s.
---@class core.clientstreams.library
local lib = {}

lib.listener = {}

---A callback for net.server.
---@param conn table
function lib.listener.onconnect(conn) end

---A callback for net.server.
---@param conn table
function lib.listener.ondetach(conn) end

---A callback for net.server.
---@param conn table
---@param why? string
function lib.listener.ondisconnect(conn, why) end

---A callback for net.server.
---@param conn table
---@return any
function lib.listener.ondrain(conn) end

---A callback for net.server.
---@param conn table
---@param data string
function lib.listener.onincoming(conn, data) end

---A callback for net.server.
---@param conn table
---@return any
function lib.listener.onreadtimeout(conn) end

---A session on a connection, with send and rawsend.
---@param conn table
---@return table
function lib.new_session(conn) end

return lib
