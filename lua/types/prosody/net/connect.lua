---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Connections to what a resolver finds.
---@class net.connect.library
local lib = {}

---Tries the addresses until one answers: listeners.onattach(conn, data), onconnect(conn); or onfail(data, why).
---@param resolver table
---@param listeners table
---@param options? table
---@param data? any
function lib.connect(resolver, listeners, options, data) end

return lib
