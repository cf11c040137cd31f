---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The console, as an XML stream.
---@class util.adminstream.library
local lib = {}

---The session of a console.
---@return table
function lib.client() end

---Connects to a server's console.
---@param path string
---@param listeners table
---@return table
function lib.connection(path, listeners) end

---Listeners that take consoles.
---@param sessions table
---@param handler fun(session: Session, stanza: Stanza)
---@return table
function lib.server(sessions, handler) end

return lib
