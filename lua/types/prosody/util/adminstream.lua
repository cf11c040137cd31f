---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The protocol between the server and its shell.
---@class util.adminstream.library
local lib = {}

---The other side, with events connected, disconnected, received/NAME and a field listeners.
---@return table
function lib.client() end

---{connect, disconnect} to a socket of the file system.
---@param path string
---@param listeners table
---@return table
function lib.connection(path, listeners) end

---{listeners}: for net.server. handler(session, stanza) is called for what a client sends.
---@param sessions table
---@param handler function
---@return table
function lib.server(sessions, handler) end

return lib
