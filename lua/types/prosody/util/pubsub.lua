---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Publish and subscribe (XEP-0060).
---@class util.pubsub.library
local lib = {}

---A service.
---@param config table
---@return table
function lib.new(config) end

return lib
