---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Connections to the first address that answers.
---@class net.connect.library
local lib = {}

---Connects to what a resolver finds; the listener's onattach has the data, onfail why not.
---@param resolver table
---@param listener table
---@param options? table
---@param data? any
function lib.connect(resolver, listener, options, data) end

return lib
