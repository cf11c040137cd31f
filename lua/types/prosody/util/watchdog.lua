---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A timer that is put off again and again.
---@class util.watchdog.library
local lib = {}

---A timer with methods reset and cancel.
---@param timeout number
---@param callback fun(watchdog: table): any
---@return table
function lib.new(timeout, callback) end

return lib
