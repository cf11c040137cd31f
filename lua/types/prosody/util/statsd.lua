---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Measurements sent to a StatsD server: the option statistics.
---@class util.statsd.library
local lib = {}

---A provider for core.statsmanager.
---@param config table
---@return table?
---@return string?
function lib.new(config) end

return lib
