---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Statistics in memory.
---@class util.statistics.library
local lib = {}

---A backend of metrics.
---@return table
function lib.new() end

return lib
