---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What the server and plugins in Go measure; core.statsmanager shows it.
---@class core.metrics.library
local lib = {}

---Families: name, type, unit, description, labels, series().
---@return table[]
function lib.families() end

return lib
