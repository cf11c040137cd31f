---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Limits of what happens in a time.
---@class util.throttle.library
local lib = {}

---A limit with methods poll, update, peek.
---@param max number
---@param period number
---@return table
function lib.create(max, period) end

return lib
